"""What a session remembers of parts: their answers, and the programs from which similar ones start."""

from __future__ import annotations

import copy
import math
from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from models.enforcement import prepare
from optimizer.programs.amount_update import update_amounts
from optimizer.programs.data_update import update_data
from optimizer.programs.decomposition import Decomposition
from optimizer.programs.incumbent import WarmStart
from optimizer.programs.level_update import update_levels
from optimizer.programs.price_update import at_prices_of, update_prices
from optimizer.programs.program import Program
from optimizer.programs.restriction import is_restriction_of
from optimizer.results.account import Account

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from models.enforcement import EnforcedInstance
    from optimizer.programs.decomposition import Name
    from optimizer.results.plan import Plan
    from optimizer.solver.arrays import Ceiling
    from optimizer.solver.outcome import Outcome

_REMEMBERED = 64
"""Answers that are kept for each part."""

Materials = tuple[str, ...]
"""By what parts are remembered: those of the same materials are similar."""


@dataclass(frozen=True, eq=False)
class PartSolution:
    """What was found for a part."""

    part: EnforcedInstance
    plan: Plan
    cost: float
    """By the plan's own account [currency]."""
    bound: float
    """No plan of the part costs less [currency]."""
    sizes: dict[str, int]
    """Of its program; empty when none was built."""
    quick: bool = False
    """Whether it took little effort, as the time was over."""

    @classmethod
    def of_idle(cls, part: EnforcedInstance, plan: Plan, bound: float, sizes: dict[str, int]) -> PartSolution:
        """Return the solution of a part of which nothing is bought."""
        cost = Account(prepare(part), part.limits, plan).total
        return cls(part, plan, cost, min(bound, cost), sizes, quick=True)

    @property
    def gap(self) -> float:
        """Distance of cost and bound [currency]."""
        return max(0.0, self.cost - self.bound)


@dataclass(frozen=True, eq=False)
class Learned:
    """What was found for a part, as plain data: whoever has the part goes on from it as if it had solved it."""

    values: NDArray[np.float64] | None = None
    """Of its program; None where it has no plan."""
    bound: float = -math.inf
    """No plan of the part costs less [currency]."""
    is_answer: bool = False
    """Whether the plan is within the gap that was asked for."""
    told: str = ""
    """Why there is no plan."""
    tangents: list[tuple[int, float]] = field(default_factory=list)
    cuts: list[Ceiling] = field(default_factory=list)
    """Of its recourse."""
    prices: dict[Name, float] = field(default_factory=dict)
    """Of its coupling rows [currency per unit]."""
    pieces: dict[bytes, Outcome] = field(default_factory=dict)
    """What was found for its pieces, by their digests."""
    solves: int = 0
    """How many programs were solved for it."""


class Memory:
    """Answers and programs of parts, by their materials."""

    def __init__(self) -> None:
        """Start knowing nothing."""
        self._answers: dict[Materials, deque[PartSolution]] = defaultdict(partial(deque, maxlen=_REMEMBERED))
        self._first: dict[Materials, WarmStart] = {}
        self._last: dict[Materials, WarmStart] = {}
        self._holders: dict[Materials, Program] = {}
        """The last programs that were built or have taken over a model."""
        self._bases: dict[Materials, Any] = {}
        """The bases of the last linear relaxations."""
        self._decompositions: dict[Materials, Decomposition] = {}
        self._impossible: dict[Materials, tuple[Program, str]] = {}
        """The last program of some materials that was proven to have no plan, and how that was told."""

    def __getstate__(self) -> dict[str, Any]:
        """Return all but models and bases, which stay in their process."""
        return self.__dict__ | {"_bases": {}, "_holders": {}}

    def recall(self, part: EnforcedInstance) -> PartSolution | None:
        """Return what is known of a part that was solved as it is."""
        return next((answer for answer in self._answers[_materials(part)] if answer.part == part), None)

    def keep(self, answer: PartSolution) -> None:
        """Remember the answer of a part."""
        self._answers[_materials(answer.part)].appendleft(answer)

    def keep_program(self, solved: WarmStart) -> None:
        """Remember the program of a part with the values that were found for it, for similar ones to start from."""
        materials = _materials(solved.program.part)
        self._last[materials] = solved
        self._first.setdefault(materials, solved)

    def keep_infeasible(self, program: Program, told: str) -> None:
        """Remember that a program has no plan, and the message that said so."""
        self._impossible[_materials(program.part)] = program, told

    @property
    def impossible(self) -> dict[Materials, str]:
        """The materials of which some program was proven to have no plan, and how that was told."""
        return {materials: told for materials, (_, told) in self._impossible.items()}

    def why_infeasible(self, program: Program) -> str | None:
        """Return how it was told that a program has no plan, if it restricts one that has none."""
        known = self._impossible.get(_materials(program.part))
        return known[1] if known is not None and is_restriction_of(known[0], program) else None

    def last_of(self, part: EnforcedInstance) -> WarmStart | None:
        """Return the last program of the materials of a part, with the values that were found for it."""
        return self._last.get(_materials(part))

    def similar(self, part: EnforcedInstance) -> list[WarmStart]:
        """Return the last and the first program of the same materials."""
        materials = _materials(part)
        found = [self._last.get(materials), self._first.get(materials)]
        return [solved for solved in dict.fromkeys(found) if solved is not None]

    def program_of(self, part: EnforcedInstance, look: Callable[[], None]) -> Program:
        """Return the program of a part: that of a similar one with some numbers changed, or else built.

        `look` is called while it is built; what it raises ends the work.
        """
        for solved in self.similar(part):
            for update in (update_levels, update_prices, update_data):
                program = update(solved.program, part)
                if program is not None:
                    return program
        return self._restated(part, look) or self._built(part, look)

    def _restated(self, part: EnforcedInstance, look: Callable[[], None]) -> Program | None:
        """Return the program of a part that differs in amounts, levels and prices from one whose model is held."""
        holder = self._holders.get(_materials(part))
        if holder is None:
            return None
        as_priced = at_prices_of(holder.part, part)
        if as_priced is None:
            return None
        program = update_amounts(holder, as_priced, look)
        if program is None:
            return None
        self._holders[_materials(part)] = program
        return program if as_priced is part else update_prices(program, part)

    def _built(self, part: EnforcedInstance, look: Callable[[], None]) -> Program:
        program = Program(part, look=look)
        self._holders[_materials(part)] = program
        return program

    def basis_of(self, part: EnforcedInstance) -> Any:
        """Return the optimal basis of a similar program, if one is known."""
        bases = (self._bases.get(_materials(part)), *(solved.basis for solved in self.similar(part)))
        return next((basis for basis in bases if basis is not None), None)

    def keep_basis(self, part: EnforcedInstance, basis: Any) -> None:
        """Remember the basis of the linear relaxation of a part, which may never be solved to its end."""
        self._bases[_materials(part)] = basis

    def decomposition_of(self, part: EnforcedInstance, gap: float) -> Decomposition:
        """Return the decomposition of programs of the same materials, which remembers duals and pieces."""
        return self._decompositions.setdefault(_materials(part), Decomposition(gap))

    def learned_of(self, part: EnforcedInstance, solves: int) -> Learned:
        """Return what is remembered of a part, for which so many programs were solved."""
        materials = _materials(part)
        if materials in self._impossible:
            return Learned(told=self._impossible[materials][1], solves=solves)
        last, known = self._last.get(materials), self._decompositions.get(materials)
        if last is None:
            return Learned(solves=solves)
        return Learned(
            values=last.values,
            bound=last.bound,
            is_answer=self.recall(part) is not None,
            tangents=[*last.program.matrix.squares.tangents.at],
            cuts=[] if last.program.matrix.recourse is None else [*last.program.matrix.recourse.cuts],
            prices={} if known is None else {**known.prices},
            pieces={} if known is None else {**known.known},
            solves=solves,
        )

    def learn(self, program: Program, learned: Learned, gap: float) -> None:
        """Take over what was found elsewhere for the part of a program, to a gap of the whole."""
        program.matrix.squares.tangents.at[:] = learned.tangents
        if program.matrix.recourse is not None:
            program.matrix.recourse.cuts[:] = learned.cuts
        if learned.told:
            self.keep_infeasible(program, learned.told)
        if learned.values is None:
            return
        part, plan = program.part, program.plan(learned.values)
        self.keep_program(WarmStart(program, learned.values, learned.bound))
        if learned.is_answer:
            beyond = float(program.matrix.cost @ learned.values) - program.plan_cost(learned.values)
            cost = Account(prepare(part), part.limits, plan).total + beyond
            self.keep(PartSolution(part, plan, cost, learned.bound, program.sizes))
        if learned.prices:
            self._decompositions[_materials(part)] = Decomposition(gap, {**learned.prices}, {**learned.pieces})

    def branch(self) -> Memory:
        """Return a memory that goes on from this one, which does not learn of it."""
        other = Memory()
        apart = {solved: _apart(solved) for some in (self._first, self._last) for solved in some.values()}
        for materials, answers in self._answers.items():
            other._answers[materials].extend(answers)
        other._first = {materials: apart[solved] for materials, solved in self._first.items()}
        other._last = {materials: apart[solved] for materials, solved in self._last.items()}
        other._decompositions = {materials: known.copy() for materials, known in self._decompositions.items()}
        other._impossible = {**self._impossible}
        return other


def _apart(solved: WarmStart) -> WarmStart:
    """Return the same with cuts of its own, which is all of a program that solving a similar one changes."""
    matrix = solved.program.matrix
    if matrix.is_linear:
        return solved
    tangents = replace(matrix.squares.tangents, at=[*matrix.squares.tangents.at])
    program = copy.copy(solved.program)
    recourse = None if matrix.recourse is None else matrix.recourse.apart()
    program.matrix = replace(matrix, squares=replace(matrix.squares, tangents=tangents), recourse=recourse)
    return replace(solved, program=program)


def _materials(part: EnforcedInstance) -> Materials:
    return tuple(part.market.material)

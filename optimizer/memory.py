"""What a session remembers of parts: their answers, and the programs from which similar ones start."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from models.enforcement import prepare
from optimizer.programs.data_update import update_data
from optimizer.programs.decomposition import Decomposition
from optimizer.programs.level_update import update_levels
from optimizer.programs.program import Program
from optimizer.programs.restriction import is_restriction_of
from optimizer.results.account import Account

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.enforcement import EnforcedInstance
    from optimizer.programs.incumbent import WarmStart
    from optimizer.results.plan import Plan

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


class Memory:
    """Answers and programs of parts, by their materials."""

    def __init__(self) -> None:
        """Start knowing nothing."""
        self._answers: dict[Materials, deque[PartSolution]] = defaultdict(partial(deque, maxlen=_REMEMBERED))
        self._first: dict[Materials, WarmStart] = {}
        self._last: dict[Materials, WarmStart] = {}
        self._decompositions: dict[Materials, Decomposition] = {}
        self._impossible: dict[Materials, tuple[Program, str]] = {}
        """The last program of some materials that was proven to have no plan, and how that was told."""

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
            program = update_levels(solved.program, part) or update_data(solved.program, part)
            if program is not None:
                return program
        return Program(part, look=look)

    def basis_of(self, part: EnforcedInstance) -> Any:
        """Return the optimal basis of a similar program, if one is known."""
        bases = (solved.basis for solved in self.similar(part))
        return next((basis for basis in bases if basis is not None), None)

    def decomposition_of(self, part: EnforcedInstance, gap: float) -> Decomposition:
        """Return the decomposition of programs of the same materials, which remembers duals and pieces."""
        return self._decompositions.setdefault(_materials(part), Decomposition(gap))

    def learn(self, other: Memory) -> None:
        """Take over what another remembers."""
        for materials, answers in other._answers.items():
            self._answers[materials].extendleft(reversed(answers))
        self._first = other._first | self._first
        self._last |= other._last
        self._decompositions |= other._decompositions


def _materials(part: EnforcedInstance) -> Materials:
    return tuple(part.market.material)

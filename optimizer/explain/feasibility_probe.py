"""A part of an instance, built once, in which limits are relaxed and levels moved to see what makes it feasible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.formulation.components import limits_in_responses
from models.limits import Key
from models.records.tolerances import RECOUNTED
from optimizer.programs.answering import PlanAnswers
from optimizer.programs.level_update import update_levels
from optimizer.programs.program import Program
from optimizer.results.account import Account
from optimizer.results.plan import Plan
from optimizer.solver.outer_approximation.minimise import minimise

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from numpy.typing import NDArray

    from models.enforcement import EnforcedInstance
    from models.limits import Limit, Reading
    from optimizer.solver.arrays import Matrix
    from optimizer.solver.deadline import Deadline
    from optimizer.solver.outcome import Outcome

_NEAR = 1e-3
"""Relative gap at which a least violation is near enough: whether there is one at all is exact."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A plan that breaks a limit: the level that would allow it, and the rows that need that level."""

    level: float
    rows: tuple[Key, ...]


class FeasibilityProbe:
    """Tests which limits of a part leave a plan; an answer may be None, not known within the deadline."""

    def __init__(self, part: EnforcedInstance, deadline: Deadline) -> None:
        """Build the part."""
        self.part = part
        self.deadline = deadline
        self.hard: tuple[Limit, ...] = tuple(limit for limit in part.limits if limit.hard)
        self.program = Program(part, elastic=True)
        place = {id(variable): i for i, variable in enumerate(self.program.matrix.variables)}
        self._excess: dict[str, dict[Key, int]] = {limit.name: {} for limit in self.hard}
        for (name, *key), variable in self.program.m.excess.items():
            self._excess.setdefault(name, {})[Key(*key)] = place[id(variable)]

    def has_plan(self, held: Collection[str]) -> bool | None:
        """Return whether there is a plan that holds the hard limits named; the others are relaxed."""
        matrix, loose = self.program.matrix, {limit.name for limit in self.hard} - set(held)
        recourse = matrix.recourse.without(loose) if isinstance(matrix.recourse, PlanAnswers) else None
        upper = self._let_go(matrix, loose)
        outcome = self._minimise(replace(matrix, cost=np.zeros_like(matrix.cost), upper=upper, recourse=recourse))
        return None if outcome is None else outcome.values is not None

    def violation(self, limit: Limit, level: float) -> Violation | None:
        """Return the plan that breaks one limit least, as if its level were another, and holds all others.

        None when it is not known, or when not even that gives a plan (`has_plan` tells the two apart).
        """
        moved = limit.model_copy(update={limit.LEVEL: level})
        limits = tuple(moved if other is limit else other for other in self.part.limits)
        part = self.part.model_copy(update={"limits": limits})
        program = update_levels(self.program, part) or Program(part, elastic=True)
        program.copy_cuts(self.program)
        matrix = replace(
            program.matrix, squares=self.program.matrix.squares
        )  # the same, with the tangents known so far
        values = self._breaking_least(matrix, [limit])
        return None if values is None else self._violation_of(limit, values)

    def violations(self, held: Collection[str]) -> list[tuple[Limit, Violation]]:
        """Return the plan that holds the hard limits named and breaks all others together least: what it breaks.

        Nothing when there is no such plan, or none is known.
        """
        loose = [limit for limit in self.hard if limit.name not in held]
        values = self._breaking_least(self.program.matrix, loose)
        if values is None:
            return []
        broken = [(limit, self._violation_of(limit, values)) for limit in loose]
        return [(limit, violation) for limit, violation in broken if violation.rows]

    def _breaking_least(self, matrix: Matrix, limits: Iterable[Limit]) -> NDArray[np.float64] | None:
        """Return the plan that breaks some limits least, every row relative to its size, and holds all others."""
        cost, market = np.zeros_like(matrix.cost), self.program.m.market
        for limit in limits:
            for key, place in self._excess[limit.name].items():
                cost[place] = 1.0 / limit.size(key, market)
        upper = self._let_go(matrix, [limit.name for limit in limits])
        outcome = self._minimise(replace(matrix, cost=cost, upper=upper))
        return None if outcome is None else outcome.values

    def _violation_of(self, limit: Limit, values: NDArray[np.float64]) -> Violation:
        """Return what a plan breaks of a limit, and its responses where it holds there; no rows mean no excess."""
        account = Account(self.program.m.market, self.part.limits, self.program.plan(values))
        readings = [*limit.recount(account)]
        if limit.in_responses:
            readings += self._readings_in_responses(limit, values)
        broken = [r for r in readings if r.excess > 0 and abs(r.used - r.allowed) > RECOUNTED * max(r.used, r.allowed)]
        outermost = max if limit.SENSE == "at most" else min
        level = outermost((reading.used for reading in broken), default=limit.level)
        return Violation(level, tuple(reading.key for reading in broken))

    def _readings_in_responses(self, limit: Limit, values: NDArray[np.float64]) -> Iterator[Reading]:
        """Yield what a limit measures in each response, from the beginning of its scenario on."""
        for name, scenario in self.program.answered.items():
            market = scenario.market
            late = list(market.years)[scenario.begins :]
            books = Account(market, (), Plan(self.program.flows_of(name, values)))
            for mine in limits_in_responses([limit], market):
                yield from (reading for reading in mine.recount(books) if reading.key.period in late)

    def _let_go(self, matrix: Matrix, names: Iterable[str]) -> NDArray[np.float64]:
        upper = matrix.upper.copy()
        for name in names:
            upper[list(self._excess[name].values())] = np.inf
        return upper

    def _minimise(self, matrix: Matrix) -> Outcome | None:
        """Return what was found, without values when there is no plan; None when that is not known."""
        if self.deadline.is_over(has_plan=True):
            return None
        outcome = minimise(matrix, gap=_NEAR, deadline=self.deadline)
        return outcome if outcome.values is not None or outcome.verdict == "infeasible" else None

"""What plans of related instances cost, asked of one session within one deadline."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from optimizer.errors import NoPlan
from optimizer.results.caveats import unmet_of
from optimizer.results.interval import Interval
from optimizer.session import Session

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from optimizer.results.caveats import Unmet
    from optimizer.results.interval import Progress
    from optimizer.results.solution import Settings, Solution
    from optimizer.solver.deadline import Deadline

UNKNOWN = Interval(-math.inf, math.inf)
"""The cost of a plan of which nothing is known."""


class Costs:
    """Solves one instance after another; once the deadline is over, nothing more is known."""

    def __init__(self, settings: Settings, deadline: Deadline) -> None:
        """Ask a new session; its settings are these, but for the time."""
        self._settings = settings
        self._deadline = deadline
        self._stopped = False
        self.session = Session(settings)

    @property
    def is_over(self) -> bool:
        """Whether the deadline is over, or Ctrl-C was pressed."""
        return self._stopped or self._deadline.is_over(has_plan=True)

    def solve(self, instance: EnforcedInstance) -> Solution:
        """Return the best plan.

        Raises:
            NoPlan: there is none, or it is not known within the deadline.
            SolverFailure, AuditFailure, KeyboardInterrupt: as `Session.solve`.
        """
        if self.is_over:
            msg = "the time was over before this was asked; give it more with --time-limit"
            raise NoPlan(msg, proven=False)
        left = self._deadline.left
        self.session.settings = replace(
            self._settings, time_limit=left if math.isfinite(left) else None, watch=self._watch
        )
        return self.session.solve(instance)

    def of(self, instance: EnforcedInstance) -> Interval | None:
        """Return in which interval the cheapest plan's cost lies, None when it is proven that there is no plan."""
        return self.with_unmet(instance)[0]

    def with_unmet(self, instance: EnforcedInstance) -> tuple[Interval | None, tuple[Unmet, ...]]:
        """Return that interval, and the demand that the plan leaves unmet."""
        try:
            solution = self.solve(instance)
        except NoPlan as none:
            return None if none.proven else UNKNOWN, ()
        return interval(solution), unmet_of(solution.account)

    def _watch(self, progress: Progress) -> None:
        """Note that Ctrl-C was pressed, which ends a solve, and is meant to end all that follow."""
        self._stopped = self._stopped or progress.stopping
        if self._settings.watch is not None:
            self._settings.watch(progress)


def interval(solution: Solution) -> Interval:
    """Return the interval in which the least cost lies."""
    return Interval(min(solution.bound, solution.cost), solution.cost)


def more(one: Interval, other: Interval) -> Interval:
    """Return in which interval the difference of two costs lies."""
    return Interval(one.bound - other.cost, one.cost - other.bound)

"""Solve the points of a sweep: the loosest first, the others from its session, and report each in order."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from models.enforcement import prepare
from models.records.tolerances import SAME_COST
from optimizer.audit import audit
from optimizer.errors import AuditFailure, SolverFailure
from optimizer.results.account import Account
from optimizer.results.solution import EMBEDDED, Solution
from optimizer.session import Session
from optimizer.sweep.found import Found, Result, concentration
from optimizer.sweep.shares import answer_together
from optimizer.sweep.workers import Watch, Workers, answer, processors, run_in_parallel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from models.changes.selection import Cell
    from optimizer.results.plan import Plan
    from optimizer.results.solution import Settings
    from optimizer.sweep.found import Status
    from optimizer.sweep.points import Point
    from optimizer.sweep.workers import Reply

_WORTH_A_PROCESS = 10.0
"""Seconds of work from which more processes are started unasked: each takes a second or two to start."""


@dataclass
class Sweep:
    """The points of a sweep, and what is found of them so far."""

    points: Sequence[Point]
    cells: Sequence[Cell]
    """The (material, stage) pairs whose concentration is reported."""
    settings: Settings
    found: dict[int, Found] = field(default_factory=dict)
    """By number of the point; what is there already is not solved again."""
    plan_of: Callable[[int], Plan] | None = None
    """Returns the plan of a point that was found in an earlier run."""
    keep: Callable[[Result], None] | None = None
    """Called for each point found, in their order but for what comes last when a sweep is stopped."""
    solves: int = 0
    """Programs that were solved."""
    _plans: dict[int, Plan] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every point is known."""
        return len(self.found) == len(self.points)

    def run(self, jobs: int | None = None) -> None:
        """Solve what is not known yet, in as many processes as are asked for, or as pay.

        Raises:
            KeyboardInterrupt: stopped; what was found by then is kept.
            SolverFailure, AuditFailure: a point failed; likewise.
        """
        arrived: dict[int, Reply] = {}
        try:
            for reply in self._replies(jobs):
                arrived[reply.number] = reply
                self._settle(arrived, only_in_order=True)
        except (KeyboardInterrupt, SolverFailure, AuditFailure):
            self._settle(arrived, only_in_order=False)
            raise

    def plan(self, number: int) -> Plan | None:
        """Return the plan of a point that was found; None where it has none."""
        if number not in self._plans and self.plan_of is not None:
            self._plans[number] = self.plan_of(number)
        return self._plans.get(number)

    def _replies(self, jobs: int | None) -> Iterator[Reply]:
        rest = [point for point in self.points if point.number not in self.found]
        if not rest:
            return
        watch = Watch()
        session = Session(replace(self.settings, watch=watch))
        with ExitStack() as stack:
            workers = self._start_workers(stack, 1 if jobs is None else min(jobs, len(rest) - 1))
            start = time.perf_counter()
            one_clock = self.settings.time_limit is not None  # of all parts, which they would have to share
            if workers is None or one_clock or self.settings.solver != EMBEDDED:
                yield answer(session, rest[0], watch)
            else:
                yield answer_together(workers, session, rest[0], watch)
            if jobs is None and (time.perf_counter() - start) * (len(rest) - 1) > _WORTH_A_PROCESS:
                workers = self._start_workers(stack, min(processors(), len(rest) - 1))
            if workers is not None:
                yield from run_in_parallel(workers, session, rest[1:], watch)
                return
            for point in rest[1:]:
                yield answer(session, point, watch)

    def _start_workers(self, stack: ExitStack, jobs: int) -> Workers | None:
        """Return workers beside this process, shut down in the end; None when this one does it alone."""
        if jobs <= 1:
            return None
        workers = Workers.start(jobs - 1)
        stack.callback(workers.shutdown)
        return workers

    def _settle(self, arrived: dict[int, Reply], *, only_in_order: bool) -> None:
        """Record replies in order; a point keeps the plan of the one before it when that costs the same."""
        for point in self.points:
            if point.number in self.found:
                continue
            if point.number in arrived:
                result = self._result(point, arrived.pop(point.number))
                self.found[point.number] = result.found
                if result.plan is not None:
                    self._plans[point.number] = result.plan
                if self.keep is not None:
                    self.keep(result)
            elif only_in_order:
                return

    def _result(self, point: Point, reply: Reply) -> Result:
        self.solves += reply.solves
        if reply.plan is None:
            status: Status = "no plan" if reply.impossible else "none found"
            return Result(Found(point.number, status, reply.solves > 0, reply.reason), None, None)
        account = Account(prepare(point.instance), point.instance.limits, reply.plan)
        solution = Solution(instance=point.instance, account=account, **reply.proof)
        before = self._plan_before(point, solution.cost)
        same_plan = before is not None and (before == reply.plan or self._costs_no_more(before, solution))
        if before is not None and same_plan:
            solution = replace(solution, account=Account(account.market, account.limits, before))
        found = Found(
            number=point.number,
            status="proven" if solution.proven else "stopped",
            solved=reply.solves > 0,
            cost=solution.cost,
            bound=min(solution.bound, solution.cost),
            same_plan=same_plan,
            place=concentration(solution.account, "place", self.cells),
            control=concentration(solution.account, "control", self.cells),
            caveats=solution.caveats,
        )
        return Result(found, solution.account.plan, solution)

    @staticmethod
    def _costs_no_more(before: Plan, solution: Solution) -> bool:
        """Whether another plan holds as well, and costs no more."""
        account = Account(solution.account.market, solution.account.limits, before)
        return account.total <= solution.cost + SAME_COST * abs(solution.cost) and not audit(account)

    def _plan_before(self, point: Point, cost: float) -> Plan | None:
        """Return the plan of the point before in the same line, when it costs the same."""
        number = point.number - 1
        if number not in self.found or self.points[number].line != point.line:
            return None
        if not abs(self.found[number].cost - cost) <= SAME_COST * abs(cost):
            return None
        return self.plan(number)

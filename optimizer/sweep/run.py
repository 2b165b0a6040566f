"""Solve the points of a sweep: the loosest first, the others from its session, and report each in order."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from models.records.tolerances import SAME_COST
from optimizer.audit import audit
from optimizer.base.reply import Question, solve_from
from optimizer.base.solve import solve_base
from optimizer.errors import AuditFailure, SolverFailure
from optimizer.results.account import Account
from optimizer.sweep.found import Found, Result, concentration
from optimizer.work.processes import ProcessExecutor
from optimizer.work.task import Task
from optimizer.work.workers import processors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from models.changes.selection import Cell
    from models.enforcement import EnforcedInstance
    from optimizer.base.reply import Reply
    from optimizer.base.solve import Base
    from optimizer.results.plan import Plan
    from optimizer.results.solution import Settings, Solution
    from optimizer.sweep.axis import Level
    from optimizer.sweep.found import Status
    from optimizer.sweep.points import Point
    from optimizer.work.runner import TaskRunner

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
    _arrived: dict[int, tuple[Question, Reply]] = field(default_factory=dict)
    """What was asked of points, and found, that are not recorded yet as one before them is not known."""
    _without: dict[tuple[Level, ...], tuple[EnforcedInstance, Reply]] = field(default_factory=dict)
    """The first point of each line that has no plan."""

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The number of each point, by the title of its instance."""
        return {point.instance.title: point.number for point in self.points}

    @property
    def complete(self) -> bool:
        """Whether every point is known."""
        return len(self.found) == len(self.points)

    def run(self, runner: TaskRunner) -> None:
        """Solve what is not known yet, by a runner; one that nobody asked for is made larger where that pays.

        Raises:
            KeyboardInterrupt: stopped; what was found by then is kept.
            SolverFailure, AuditFailure: a point failed; likewise.
        """
        try:
            for number, asked, reply in self._replies(runner):
                self._arrived[number] = asked, reply
                self._settle(only_in_order=True)
        except (KeyboardInterrupt, SolverFailure, AuditFailure):
            self._settle(only_in_order=False)
            raise

    def plan(self, number: int) -> Plan | None:
        """Return the plan of a point that was found; None where it has none."""
        if number not in self._plans and self.plan_of is not None:
            self._plans[number] = self.plan_of(number)
        return self._plans.get(number)

    def _replies(self, runner: TaskRunner) -> Iterator[tuple[int, Question, Reply]]:
        """Yield the number of each point that is not known, what was asked and what is found, as it comes.

        The loosest point is the base, solved anew where no journal has it. Every other is solved from there by itself,
        so it does not matter who solves which, and when.
        """
        if self.complete:
            return
        start = time.perf_counter()
        with ExitStack() as stack:
            base = solve_base(self.points[0].instance, self.settings, runner)
            left = len(self._list_rest())
            if not runner.asked_for and (time.perf_counter() - start) * (left - 1) > _WORTH_A_PROCESS:
                runner = replace(runner, workers=stack.enter_context(ProcessExecutor(min(processors(), left))))
            while rest := self._list_rest():
                for task, reply in runner.answers(solve_from, base.shared, self._tasks(rest, base)):
                    number = self._numbers[task.own.instance.title]
                    solves = reply.solves + (base.solves if number == 0 else 0)
                    yield number, task.own, replace(reply, solves=solves)

    def _list_rest(self) -> list[Point]:
        """Return the points of which nothing is known."""
        return [point for point in self.points if point.number not in self.found | self._arrived]

    def _tasks(self, rest: Sequence[Point], base: Base) -> Iterator[Task[Question]]:
        """Yield what is to be asked of each point, when somebody is free for it."""
        for point in rest:
            asked = Question(point.instance, self._without.get(point.line))
            named = [one.digest for one in (asked.instance, *(asked.before or ())[:1])]
            yield Task(asked, base.key_of("solve", *named), point.instance.title)

    def _settle(self, *, only_in_order: bool) -> None:
        """Record replies in order; a point keeps the plan of the one before it when that costs the same.

        A point without a plan behind another one of its line is asked again, unless it was asked with that in mind: so
        what is said of it does not depend on who was quicker.
        """
        for point in self.points:
            if point.number in self.found:
                continue
            if point.number in self._arrived:
                asked, reply = self._arrived.pop(point.number)
                if only_in_order and reply.impossible and asked.before is not self._without.get(point.line):
                    return
                self._record(point, reply)
            elif only_in_order:
                return

    def _record(self, point: Point, reply: Reply) -> None:
        result = self._result(point, reply)
        self.found[point.number] = result.found
        if reply.impossible:
            self._without.setdefault(point.line, (point.instance, reply))
        if result.plan is not None:
            self._plans[point.number] = result.plan
        if self.keep is not None:
            self.keep(result)

    def _result(self, point: Point, reply: Reply) -> Result:
        self.solves += reply.solves
        if reply.plan is None:
            status: Status = "no plan" if reply.impossible else "none found"
            return Result(Found(point.number, status, reply.solves > 0, reply.reason), None, None)
        solution = reply.solution(point.instance)
        before = self._plan_before(point, solution.cost)
        same_plan = before is not None and (before == reply.plan or self._costs_no_more(before, solution))
        if before is not None and same_plan:
            solution = replace(solution, account=Account(solution.account.market, solution.account.limits, before))
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
            expected=None if solution.risk is None else solution.risk.expected,
            measured=None if solution.risk is None else solution.risk.measured,
        )
        return Result(found, solution.account.plan, solution)

    @staticmethod
    def _costs_no_more(before: Plan, solution: Solution) -> bool:
        """Whether another plan holds as well, and costs no more; of what is expected its own cost does not say so."""
        if solution.risk is not None:
            return False
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

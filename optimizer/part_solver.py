"""One part of an instance: built, started from what similar ones are known to cost, solved as well as is asked.

What is known of a part before branch and bound (a quick plan, its relaxation, what similar programs tell) stands in
`optimizer.programs.incumbent`, and what is kept of it in `optimizer.memory`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from models.records.tolerances import RECOUNTED
from optimizer.claims import describe_fault, describe_none_found, no_plan, recount
from optimizer.errors import NoPlan
from optimizer.memory import Memory, PartSolution
from optimizer.programs.incumbent import Incumbent, WarmStart
from optimizer.programs.program import Program
from optimizer.programs.quick import plan_without_purchases
from optimizer.results.interval import Interval
from optimizer.results.solution import EMBEDDED
from optimizer.solver.outer_approximation.minimise import minimise

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.enforcement import EnforcedInstance
    from optimizer.results.account import Account
    from optimizer.results.plan import Plan
    from optimizer.results.solution import Settings
    from optimizer.results.total import Watch
    from optimizer.solver.deadline import Deadline
    from optimizer.solver.outcome import Outcome, Relaxation
    from optimizer.work.runner import TaskRunner


class PartSolver:
    """Solves parts under a deadline, and remembers what it learns of each."""

    def __init__(self, settings: Settings) -> None:
        """Start knowing nothing."""
        self.settings = settings
        self.solves = 0
        """Programs that went through branch and bound or a cold linear solve so far."""
        self.memory = Memory()
        self.accounts: dict[PartSolution, Account] = {}
        """The books that the audit opened for what the last solve found anew."""
        self.runner: TaskRunner | None = None
        """Who solves what follows a plan in scenarios; None = this process."""
        self._hear: Callable[[Watch | None], Watch] | None = None
        """Makes of what watches a part what also tells of the whole, while somebody listens to that."""

    def _incumbent(self, part: EnforcedInstance, deadline: Deadline) -> Incumbent:
        """Build a part, and learn what similar ones tell of it: also that a relaxation of it has no plan."""
        embedded = self.settings.solver == EMBEDDED
        incumbent = Incumbent(
            self.memory.program_of(part, deadline.look) if embedded else Program(part, look=deadline.look)
        )
        if incumbent.program.matrix.second_stage is not None:
            incumbent.program.matrix.second_stage.runner = self.runner
        told = self.memory.why_infeasible(incumbent.program)
        if told is not None:
            raise NoPlan(told, proven=True)
        if embedded:
            incumbent.learn_from(self.memory.similar(part), deadline)
        return incumbent

    def _relax(self, incumbent: Incumbent, deadline: Deadline) -> Relaxation:
        """Return the linear relaxation of a program, found from the basis of a similar one."""
        part = incumbent.program.part
        relaxation = incumbent.relax(deadline, self.memory.basis_of(part))
        if relaxation.basis is not None:
            self.memory.keep_basis(part, relaxation.basis)
        return relaxation

    def _hurry(self, incumbent: Incumbent, deadline: Deadline) -> None:
        """Make a quick plan of a part without any; the first that is found where not even buying nothing is one."""
        if not incumbent.has_plan:
            incumbent.hurry(deadline, self.memory.basis_of(incumbent.program.part))
        if not incumbent.has_plan and plan_without_purchases(incumbent.program.part) is None:
            incumbent.find_any(deadline)

    def _fall_back(self, incumbent: Incumbent, deadline: Deadline, label: str) -> Plan | None:
        """Take the quick plan of a part without one, made now if need be; return that of buying nothing for want of it.

        Raises:
            NoPlan: there is none, or none was found.
        """
        incumbent.fall_back()
        return None if incumbent.has_plan else self._hurry_late(incumbent, deadline, label)

    def _hurry_late(self, incumbent: Incumbent, deadline: Deadline, label: str) -> Plan | None:
        """Make a quick plan though the time is over.

        There is a little more time for all parts together; each gets as much by itself where buying nothing is no plan.
        """
        idle = plan_without_purchases(incumbent.program.part)
        with deadline.late(anew=idle is None):
            incumbent.hurry(deadline, self.memory.basis_of(incumbent.program.part))
            if idle is None and not incumbent.has_plan:
                incumbent.find_any(deadline)
        incumbent.fall_back()
        if incumbent.bound == math.inf:
            raise self._none_for(incumbent, label)
        if idle is None and not incumbent.has_plan:
            raise describe_none_found(incumbent.program.part, incumbent.bound, self.settings, named=bool(label))
        return None if incumbent.has_plan else idle

    def _answer(
        self, incumbent: Incumbent, gap: float, allowance: float, deadline: Deadline, label: str
    ) -> PartSolution:
        """Solve a program unless it is known well enough, and remember the answer."""
        deadline.look()
        program = incumbent.program
        if incumbent.values is not None and not incumbent.is_good(gap, allowance):
            incumbent.complete(incumbent.values, deadline)
        self.solves += incumbent.solved
        if not (incumbent.is_good(gap, allowance) or deadline.is_over(has_plan=True)):
            self._improve(incumbent, gap, allowance, deadline, label)
        if not incumbent.is_good(gap, allowance):
            idle = self._fall_back(incumbent, deadline, label)
            if idle is not None:
                return PartSolution.of_idle(program.part, idle, incumbent.bound, program.sizes)
        assert incumbent.values is not None  # noqa: S101 (without values it is good for nothing, and there is a complaint)
        self.memory.keep_program(WarmStart(program, incumbent.values, incumbent.bound, incumbent.basis))
        deadline.look()
        account, cost = recount(program, incumbent.values, incumbent.bound, deadline.look)
        quick = incumbent.values is incumbent.quick
        answer = PartSolution(program.part, account.plan, cost, incumbent.bound, program.sizes, quick=quick)
        self.accounts[answer] = account
        if answer.gap <= max(allowance, gap * abs(answer.cost)) + RECOUNTED * abs(answer.cost):
            self.memory.keep(answer)
        return answer

    def _improve(self, incumbent: Incumbent, gap: float, allowance: float, deadline: Deadline, label: str) -> None:
        """Solve a program; a plan at hand that costs the same is kept, so that plans do not flicker."""
        self.solves += 1
        if self.settings.solver == EMBEDDED and self._decompose(incumbent, gap, allowance, deadline, label):
            return
        outcome = self._minimise(incumbent, gap, allowance, deadline, label)
        if outcome.verdict == "infeasible":
            raise self._none_for(incumbent, label)
        if outcome.verdict == "unbounded" or (outcome.verdict == "failed" and not incumbent.has_plan):
            raise describe_fault(outcome, incumbent.program.part, self.settings, named=bool(label))
        if outcome.values is not None:
            incumbent.offer(outcome.values)
        incumbent.bound = max(incumbent.bound, outcome.bound)

    def _none_for(self, incumbent: Incumbent, label: str) -> NoPlan:
        """Remember that a program has no plan, and return what to raise."""
        none = no_plan(incumbent.program.part, named=bool(label))
        self.memory.keep_infeasible(incumbent.program, str(none))
        return none

    def _decompose(self, incumbent: Incumbent, gap: float, allowance: float, deadline: Deadline, label: str) -> bool:
        """Solve a part by Lagrangean decomposition over its coupling limits; return whether that closed the gap."""
        program = incumbent.program
        matrix = program.matrix
        if not program.coupling_rows or matrix.recourse is not None or matrix.second_stage is not None:
            return False  # (a response may tie what the pieces of a decomposition do not)
        decomposition = self.memory.decomposition_of(program.part, self.settings.gap)
        relaxed = partial(self._relax, incumbent, deadline)
        for priced in decomposition.solve(
            program.matrix, program.coupling_rows, relaxed, deadline, self.watch_of(label)
        ):
            incumbent.bound = max(incumbent.bound, priced.bound)
            if priced.values is not None:
                incumbent.offer(priced.values)
            if incumbent.is_good(gap, allowance):
                return True
        return False

    def watch_of(self, label: str) -> Watch | None:
        """Return the callback that reports the progress of a part."""
        watch = self.settings.watch
        return None if watch is None else lambda progress: watch(replace(progress, part=label))

    def _minimise(self, incumbent: Incumbent, gap: float, allowance: float, deadline: Deadline, label: str) -> Outcome:
        program = incumbent.program
        if self.settings.solver != EMBEDDED:
            from optimizer.solver.others import minimise_with

            limit = deadline.left if math.isfinite(deadline.ends_at) else None
            return minimise_with(self.settings.solver, program.m, program.matrix, gap=gap, time_limit=limit)
        return minimise(
            program.matrix,
            gap=gap,
            allowance=allowance,
            known=Interval(incumbent.bound, incumbent.cost),
            deadline=deadline,
            watch=self.watch_of(label) if self._hear is None else self._hear(self.watch_of(label)),
        )

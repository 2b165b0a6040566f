"""A session: instances solved one after another that have much in common.

An instance is solved part by part (`models.formulation.components`), with one gap over their sum. What was found for a
part is kept: an instance that differs in one material is solved again in that material only, and
there it starts from what a similar part is known to cost (`optimizer.programs.incumbent`).
"""

from __future__ import annotations

import math
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from models.enforcement import prepare
from models.formulation.components import parts
from models.records.tolerances import RECOUNTED, SAME_COST
from optimizer import __version__
from optimizer.claims import describe_fault, describe_none_found, no_plan, recount
from optimizer.errors import NoPlan
from optimizer.memory import Memory, PartSolution
from optimizer.programs.incumbent import Incumbent, WarmStart
from optimizer.programs.program import Program
from optimizer.programs.quick import plan_without_purchases
from optimizer.results.account import Account
from optimizer.results.interval import Interval, relative_gap
from optimizer.results.plan import Plan
from optimizer.results.solution import EMBEDDED, Solution, Unfinished
from optimizer.results.total import Total
from optimizer.scenarios.evaluate import evaluate
from optimizer.solver.deadline import Deadline
from optimizer.solver.outer_approximation.minimise import minimise
from optimizer.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from optimizer.memory import Learned, Materials
    from optimizer.results.solution import Settings
    from optimizer.results.total import Watch
    from optimizer.solver.effort import Effort
    from optimizer.solver.outcome import Outcome, Relaxation
    from optimizer.work.runner import TaskRunner


class Session:
    """Solves instances, and remembers what it learns of their parts."""

    def __init__(self, settings: Settings) -> None:
        """Start knowing nothing; the settings hold for every solve, the time limit for each by itself."""
        self.settings = settings
        self.solves = 0
        """Programs that went through branch and bound or a cold linear solve so far."""
        self.memory = Memory()
        self.answers: list[PartSolution] = []
        """What the last solve found of each part; of one that was known, the same object as before."""
        self.accounts: dict[PartSolution, Account] = {}
        """The books that the audit opened for what the last solve found anew."""
        self.runner: TaskRunner | None = None
        """Who solves what follows a plan in scenarios; None = this process."""
        self._deadline = Deadline()
        self._hear: Callable[[Watch | None], Watch] | None = None
        """Makes of what watches a part what also tells of the whole, while somebody listens to that."""

    def __getstate__(self) -> dict[str, Any]:
        """Return what a session in another process goes on from: all that this one learned."""
        return self.__dict__ | {
            "settings": replace(self.settings, watch=None, stop=None),
            "accounts": {},
            "runner": None,
        }

    def solve(self, instance: Instance, tell: Callable[[Interval], None] | None = None) -> Solution:
        """Return the best audited plan of an instance.

        `tell` is called with the interval in which the least cost lies once that is known from the parts
        at hand, their linear relaxations and the contracts of similar ones, before the exact solve; and again when a
        part makes it narrower. A linear program is its own relaxation, so of nothing but those there is nothing to
        tell.

        Raises:
            NoPlan: no plan holds all limits, or none was found in time.
            SolverFailure: the solver is not there or broke down.
            AuditFailure: the solver's answer does not hold when it is recomputed.
            KeyboardInterrupt: interrupted twice.
            Stopped: the `stop` of the settings was set; the session knows what it knew before.

        """
        start = time.perf_counter()
        enforced = self.settings.enforce(instance)
        self._solve_parts(enforced, tell)
        return self._solution(enforced, self.answers, time.perf_counter() - start)

    def learn(self, instance: Instance) -> bool:
        """Solve an instance as `solve` does, but put no plan of the whole together; return whether it was proven."""
        self._solve_parts(self.settings.enforce(instance))
        cost, bound = (sum(getattr(answer, name) for answer in self.answers) for name in ("cost", "bound"))
        return self._is_proven(cost, bound)

    def _solve_parts(self, enforced: EnforcedInstance, tell: Callable[[Interval], None] | None = None) -> None:
        """Find the answer of each part."""
        self.accounts = {}
        pieces = parts(enforced)
        with Deadline(self.settings.time_limit, self.settings.stop) as self._deadline:
            deadline = self._deadline
            done = {i: known for i, part in enumerate(pieces) if (known := self.memory.recall(part)) is not None}
            incumbents = self._incumbents(pieces, done, deadline)
            total = None
            if tell is not None and any(incumbent.program.matrix.integer.any() for incumbent in incumbents.values()):
                total = Total(self._intervals(done, incumbents, deadline), tell)
            self._solve_all(incumbents, done, deadline, total)
            self._close_the_gap(pieces, done, deadline)
        self.answers = [done[i] for i in range(len(pieces))]

    def solve_part(self, program: Program, allowance: float) -> Learned:
        """Solve one part of several by itself to a gap [currency], and return what to remember of it.

        Raises:
            SolverFailure, AuditFailure: as `solve`.
            KeyboardInterrupt: interrupted before its proof.

        """
        before = self.solves
        with (
            Deadline(self.settings.time_limit, self.settings.stop) as self._deadline,
            suppress(NoPlan),  # it is remembered
        ):
            self._answer(Incumbent(program), 0.0, allowance, self._deadline, program.part.name)
        if self.interrupted:
            raise KeyboardInterrupt
        return self.memory.learned_of(program.part, self.solves - before)

    def learn_impossible(self, instance: EnforcedInstance, materials: Materials, told: str) -> None:
        """Remember that the part of an instance with some materials is proven to have no plan, and what was told."""
        for part in parts(instance):
            if tuple(part.market.material) == materials:
                self.memory.keep_infeasible(self.memory.program_of(part, self._deadline.look), told)

    def branch(self) -> Session:
        """Return a session that goes on from this one, which does not learn of it."""
        other = Session(self.settings)
        other.memory = self.memory.branch()
        return other

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended the last solve."""
        return self._deadline.stopping

    @property
    def spent(self) -> Effort:
        """What the last solve took."""
        return self._deadline.spent

    def known_of(self, part: EnforcedInstance) -> Interval | None:
        """Return the remembered solution of a part that was solved exactly as it is."""
        answer = self.memory.recall(part)
        return None if answer is None else Interval(min(answer.bound, answer.cost), answer.cost)

    def last_of(self, part: EnforcedInstance) -> WarmStart | None:
        """Return the last program of the materials of a part, with the values that were found for it."""
        return self.memory.last_of(part)

    def _incumbents(
        self, pieces: list[EnforcedInstance], done: dict[int, PartSolution], deadline: Deadline
    ) -> dict[int, Incumbent]:
        """Build what is not done; under a deadline each gets a quick plan at once, the small ones first.

        Once the time is over, what is not built is done by buying nothing, where that is a plan.
        """
        incumbents: dict[int, Incumbent] = {}
        left = [i for i in range(len(pieces)) if i not in done]
        for i in sorted(left, key=lambda i: _records(pieces[i])) if deadline.is_limited else left:
            deadline.look()
            idle = plan_without_purchases(pieces[i]) if deadline.is_over(has_plan=True) else None
            if idle is not None:
                done[i] = PartSolution.of_idle(pieces[i], idle, -math.inf, {})
                continue
            incumbents[i] = self._incumbent(pieces[i], deadline)
            if deadline.is_limited and not deadline.is_over(has_plan=True):
                self._hurry(incumbents[i], deadline)
        return incumbents

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

    def _intervals(
        self, done: Mapping[int, PartSolution], incumbents: Mapping[int, Incumbent], deadline: Deadline
    ) -> dict[int, Interval]:
        """Return what is known of the least cost of each part."""
        for incumbent in incumbents.values():
            if not incumbent.is_good(self.settings.gap, 0.0):
                self._relax(incumbent, deadline)
        solved = {i: Interval(answer.bound, answer.cost) for i, answer in done.items()}
        return solved | {i: Interval(incumbent.bound, incumbent.cost) for i, incumbent in incumbents.items()}

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

    def _solve_all(
        self,
        incumbents: dict[int, Incumbent],
        done: dict[int, PartSolution],
        deadline: Deadline,
        total: Total | None,
    ) -> None:
        """Solve what is not known, the small ones first; what they leave of the gap goes to the large ones."""
        order = sorted(incumbents, key=lambda i: incumbents[i].program.matrix.A.nnz)
        pieces = len(incumbents) + len(done)
        work = [1.0 + incumbents[i].program.matrix.A.nnz for i in order]
        for position, i in enumerate(order):
            allowance = max(0.0, self._allowed(done.values()) - sum(answer.gap for answer in done.values()))
            of_how_many = f", {position + 1} of {len(order)}" if len(order) > 1 else ""
            label = f"{incumbents[i].program.part.name}{of_how_many}" if pieces > 1 else ""
            with (
                deadline.share(work[position] / sum(work[position:]), has_plan=incumbents[i].has_plan),
                self._telling(total, i),
            ):
                done[i] = self._answer(incumbents[i], self.settings.gap, allowance, deadline, label)
            if total is not None:
                total.narrow(i, Interval(done[i].bound, done[i].cost))

    @contextmanager
    def _telling(self, total: Total | None, number: int) -> Iterator[None]:
        """Let the progress of a part be told as one of the whole."""
        self._hear = None if total is None else partial(total.listen, number)
        try:
            yield
        finally:
            self._hear = None

    def _allowed(self, answers: Iterable[PartSolution]) -> float:
        """Return the gap that the settings, and rounding, allow for a sum of answers [currency]."""
        return max(self.settings.gap, SAME_COST) * abs(sum(answer.cost for answer in answers))

    def _close_the_gap(self, pieces: list[EnforcedInstance], done: dict[int, PartSolution], deadline: Deadline) -> None:
        """Solve again the parts that keep the gap of the sum too wide, which costs of both signs may do."""
        allowed = self._allowed(done.values())
        if sum(answer.gap for answer in done.values()) <= allowed or deadline.stopping or deadline.left <= 0:
            return
        each = allowed / len(done)
        for i, answer in done.items():
            if each < answer.gap < math.inf:
                with suppress(NoPlan):  # stopped before it found one: the plan at hand stays
                    done[i] = self._answer(self._incumbent(pieces[i], deadline), 0.0, each, deadline, pieces[i].name)

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

    def _is_proven(self, cost: float, bound: float) -> bool:
        return relative_gap(cost, min(bound, cost)) <= self.settings.gap + RECOUNTED

    def _solution(self, instance: EnforcedInstance, answers: list[PartSolution], seconds: float) -> Solution:
        """Put the plans of all parts together; each was audited when it was found."""
        account = Account(prepare(instance), instance.limits, _joined(answer.plan for answer in answers))
        risk = evaluate(instance, account, self._deadline.look, runner=self.runner) if instance.foreseen else None
        cost, bound = sum(answer.cost for answer in answers), sum(answer.bound for answer in answers)
        if risk is not None and risk.measure == "expected":
            cost, bound = risk.expected, min(bound, risk.expected)
        proven, allowed = self._is_proven(cost, bound), self.settings.gap + RECOUNTED
        wide = [answer for answer in answers if not proven and answer.gap > allowed * abs(answer.cost)]
        names = dict.fromkeys(name for answer in answers for name in answer.sizes)
        sizes = {name: sum(answer.sizes.get(name, 0) for answer in answers) for name in names}
        return Solution(
            instance=instance,
            account=account,
            cost=cost,
            proven=proven,
            bound=bound,
            seconds=seconds,
            sizes=sizes | {"parts": len(answers)},
            solver=self.settings.solver,
            versions={"lodeplan": __version__} | {name: version_of(name) for name in ("highspy", "pyomo")},
            unfinished=tuple(Unfinished(one.part.name, one.cost, one.bound, one.quick) for one in wide),
            risk=risk,
        )


def _records(part: EnforcedInstance) -> int:
    """Return how large a part is, before it is built."""
    return len(part.market.lanes) + len(part.market.offers)


def _joined(plans: Iterable[Plan]) -> Plan:
    whole = Plan(flow={})
    for plan in plans:
        whole.flow.update(plan.flow)
        whole.signed.update(plan.signed)
        whole.unmet.update(plan.unmet)
        whole.stock.update(plan.stock)
        whole.reserved.update(plan.reserved)
    return whole

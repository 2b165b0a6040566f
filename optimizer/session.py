"""A session: instances solved one after another that have much in common.

An instance is solved part by part (`models.formulation.components`), with one gap over their sum. What was found for a
part is kept: an instance that differs in one material is solved again in that material only, and
there it starts from what a similar part is known to cost (`optimizer.part_solver`).
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
from optimizer.errors import NoPlan
from optimizer.memory import PartSolution
from optimizer.part_solver import PartSolver
from optimizer.programs.incumbent import Incumbent, WarmStart
from optimizer.programs.quick import plan_without_purchases
from optimizer.results.account import Account
from optimizer.results.interval import Interval, relative_gap
from optimizer.results.plan import Plan
from optimizer.results.solution import Solution, Unfinished
from optimizer.results.total import Total
from optimizer.scenarios.evaluate import evaluate
from optimizer.solver.deadline import Deadline
from optimizer.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from optimizer.memory import Learned, Materials
    from optimizer.programs.program import Program
    from optimizer.results.solution import Settings
    from optimizer.solver.effort import Effort


class Session(PartSolver):
    """Solves instances, and remembers what it learns of their parts."""

    def __init__(self, settings: Settings) -> None:
        """Start knowing nothing; the settings hold for every solve, the time limit for each by itself."""
        super().__init__(settings)
        self.answers: list[PartSolution] = []
        """What the last solve found of each part; of one that was known, the same object as before."""
        self._deadline = Deadline()

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
            deadline.look()
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

    def _intervals(
        self, done: Mapping[int, PartSolution], incumbents: Mapping[int, Incumbent], deadline: Deadline
    ) -> dict[int, Interval]:
        """Return what is known of the least cost of each part."""
        for incumbent in incumbents.values():
            if not incumbent.is_good(self.settings.gap, 0.0):
                self._relax(incumbent, deadline)
        solved = {i: Interval(answer.bound, answer.cost) for i, answer in done.items()}
        return solved | {i: Interval(incumbent.bound, incumbent.cost) for i, incumbent in incumbents.items()}

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

"""An instance solved from a base: what comes of it, as plain data that travels and is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from models.enforcement import prepare
from optimizer.claims import check_solution
from optimizer.errors import AuditFailure, NoPlan, SolverFailure
from optimizer.memory import Learned
from optimizer.results.account import Account
from optimizer.results.caveats import Unmet
from optimizer.results.interval import Interval
from optimizer.results.plan import Plan
from optimizer.results.price import Saving
from optimizer.results.risk_profile import MaterialOutcome, ResponseAction, RiskProfile, ScenarioOutcome
from optimizer.results.solution import Solution, Unfinished
from optimizer.scenarios.outcome import PartOutcome
from optimizer.solver.arrays import Basis, Ceiling
from optimizer.solver.benders.subproblems import Followed
from optimizer.solver.outcome import Outcome

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from optimizer.session import Session

_SOLVED = ("cost", "proven", "bound", "seconds", "sizes", "solver", "versions", "unfinished", "risk")
"""What a reply holds of a solution, beside its plan."""


@dataclass(frozen=True, eq=False)
class Reply:
    """What a solve gave."""

    solves: int
    """Programs that were solved for it; 0 when its answer was known already."""
    plan: Plan | None = None
    proof: dict[str, Any] = field(default_factory=dict)
    """The other fields of the solution."""
    reason: str = ""
    """Why there is no plan."""
    impossible: bool = False
    """Whether it is proven that there is none."""
    without: tuple[str, ...] = ()
    """Of which materials it is proven."""

    def solution(self, instance: EnforcedInstance) -> Solution:
        """Return the solution of the instance that was solved, audited here, wherever it comes from.

        Raises:
            NoPlan: there is none.
            AuditFailure: the plan does not hold, or is none of the instance.
        """
        if self.plan is None:
            raise NoPlan(self.reason, proven=self.impossible)
        try:
            account = Account(prepare(instance), instance.limits, self.plan)
            solution = Solution(instance=instance, account=account, **self.proof)
            check_solution(solution)
        except (KeyError, TypeError, ValueError, AttributeError):
            msg = "a plan that was kept or sent is none of this instance; remove the journal that it stands in"
            raise AuditFailure(msg) from None
        return solution


RECORDS = (
    Basis,
    Ceiling,
    Followed,
    Interval,
    ResponseAction,
    Learned,
    MaterialOutcome,
    Outcome,
    PartOutcome,
    Plan,
    Reply,
    RiskProfile,
    Saving,
    ScenarioOutcome,
    Unfinished,
    Unmet,
)
"""What stands in a journal."""


class Question(NamedTuple):
    """What is asked of a base: an instance to be solved."""

    instance: EnforcedInstance
    before: tuple[EnforcedInstance, Reply] | None = None
    """Another instance that has no plan: where this one only asks more, it has none either, without a solve."""


def solve_from(base: Session, question: Question) -> Reply:
    """Solve an instance from a base; a task.

    Raises:
        KeyboardInterrupt: stopped before its proof; what was found so far is no answer.
        SolverFailure, AuditFailure: as of a solve, with the instance's title.
    """
    session, instance = base.branch(), question.instance
    if question.before is not None:
        session.learn_impossible(question.before[0], question.before[1].without, question.before[1].reason)
    known = session.memory.impossible
    try:
        solution = session.solve(instance)
    except NoPlan as none:
        if session.interrupted and not none.proven:
            raise KeyboardInterrupt from None
        new = next((one for one in session.memory.impossible if one not in known), ())
        return Reply(session.solves, reason=str(none), impossible=none.proven, without=new)
    except (SolverFailure, AuditFailure) as error:
        msg = f"{instance.title}: {error}"
        raise type(error)(msg) from None
    if session.interrupted and not solution.proven:
        raise KeyboardInterrupt
    return reply_of(solution, session.solves)


def reply_of(solution: Solution, solves: int) -> Reply:
    """Return a solution as it travels."""
    return Reply(solves, solution.account.plan, {name: getattr(solution, name) for name in _SOLVED})

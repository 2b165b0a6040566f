"""What it is worth to plan for scenarios: the plan beside one that knows which comes, and one that expects none."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from models.enforcement import EnforcedInstance, prepare
from models.scenarios import NoMeanError, mean_of
from optimizer.audit import audit
from optimizer.base.reply import reply_of
from optimizer.base.solve import key_of_base
from optimizer.errors import NoPlan
from optimizer.results.account import Account
from optimizer.results.planning_value import PlanningValue
from optimizer.scenarios.evaluate import evaluate
from optimizer.scenarios.least_costs import list_least_costs
from optimizer.work.journal import key_of
from optimizer.work.runner import TaskRunner

if TYPE_CHECKING:
    from collections.abc import Collection

    from optimizer.base.reply import Reply
    from optimizer.results.risk_profile import RiskProfile
    from optimizer.results.solution import Solution
    from optimizer.session import Session


def find_value(solution: Solution, session: Session) -> PlanningValue | None:
    """Return what a plan for scenarios is worth; None of one that is planned for none.

    It takes the plan for the calm alone, that of the caps alone where it is another, and that for the mean, and a small
    program for each scenario and part that it hits.

    Raises:
        NoPlan: where there is no plan for the calm alone, which a limit on its time may be why.
        SolverFailure, KeyboardInterrupt: as `Session.solve`.
    """
    if solution.risk is None:
        return None
    instance = solution.instance
    unforeseen = EnforcedInstance(instance.foreseeing(()))
    calm = _judge_calm(unforeseen, instance, session)
    prepares = tuple(limit.name for limit in instance.limits if limit.PREPARES and not limit.watch)
    caps = _judge_calm(_without(unforeseen, prepares), instance, session) if prepares else calm
    mean, why = _judge_mean(instance, session)
    bound = solution.bound if solution.risk.measure == "expected" else -math.inf
    least = tuple(list_least_costs(instance, session.settings.gap, session.runner))
    return PlanningValue(bound, solution.risk, least, calm, mean, why, caps, prepares)


def _without(instance: EnforcedInstance, names: Collection[str]) -> EnforcedInstance:
    """Return an instance without some limits."""
    return instance.model_copy(update={"limits": tuple(one for one in instance.limits if one.name not in names)})


def _judge(instance: EnforcedInstance, account: Account, session: Session) -> RiskProfile:
    """Return what a plan costs in each scenario, or lacks of what has no shortage cost."""
    return evaluate(instance, account, may_lack=True, runner=session.runner)


def _judge_calm(unforeseen: EnforcedInstance, instance: EnforcedInstance, session: Session) -> RiskProfile:
    """Return what the plan of an instance in which nothing may happen costs in each scenario of another."""
    return _judge(instance, _solve_calm(unforeseen, session, instance).account, session)


def _solve_calm(instance: EnforcedInstance, session: Session, solved: EnforcedInstance) -> Solution:
    """Return the plan of an instance in which nothing may happen, from what a session knows of one that it `solved`."""
    branch, runner = session.branch(), session.runner or TaskRunner()
    branch.settings = replace(session.settings, calm=True)
    key = key_of(key_of_base(solved, session.settings), "calm", instance.digest)
    known = runner.recall(key)
    if known is not None:
        return cast("Reply", known).solution(instance)
    solution = branch.solve(instance)
    if not branch.interrupted:
        runner.keep(key, reply_of(solution, branch.solves))
    return solution


def _judge_mean(instance: EnforcedInstance, session: Session) -> tuple[RiskProfile | None, str]:
    """Return what the plan that is best for the mean of what may happen costs in each scenario, or why it has none."""
    try:
        plan = _solve_calm(mean_of(instance), session, instance).account.plan
    except NoMeanError as why:
        return None, str(why)
    except NoPlan:
        return None, "no plan holds for the mean of what may happen"
    account = Account(prepare(instance), instance.limits, plan)
    findings = audit(account)
    if findings:
        return None, f"the plan for the mean does not hold if nothing happens: {findings[0]}"
    return _judge(instance, account, session), ""

"""A plan judged: the best response of it to each scenario, from a linear program of its own.

Inside an extensive form a response weighs no more than its probability, and below some 1e-4 the solver no longer sees
it. So what is told of a scenario is solved again at the fixed plan, as a stress test does. No response hangs on
another, so they are tasks.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.formulation.components import parts
from optimizer.errors import SolverFailure
from optimizer.plan_key import key_of_plan
from optimizer.results.plan_figures import PlanFigures
from optimizer.results.risk_profile import RiskProfile, ScenarioOutcome
from optimizer.scenarios.judge import JudgedPlan, list_alike, list_tasks, respond_to
from optimizer.scenarios.outcome import rounded
from optimizer.work.journal import key_of
from optimizer.work.runner import TaskRunner
from optimizer.work.task import SharedState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.enforcement import EnforcedInstance
    from optimizer.results.account import Account
    from optimizer.scenarios.outcome import PartOutcome


def evaluate(  # noqa: PLR0913 (one of each kind)
    instance: EnforcedInstance,
    account: Account,
    look: Callable[[], None] = lambda: None,
    *,
    unmet_price: float | None = None,
    may_lack: bool = False,
    runner: TaskRunner | None = None,
) -> RiskProfile:
    """Return what a plan costs and leaves unmet in each scenario that its instance foresees.

    Demand without a shortage cost is covered first, as far as a unit costs no more than `unmet_price` [currency], and
    what stays unmet of it costs nothing. Without that price none may be left unmet, unless the plan `may_lack` some:
    then each scenario says how much. `look` is called again and again; what it raises ends the work. Responses are
    found by a runner, or in this process.

    Raises:
        SolverFailure: the solver finds no response, or none that leaves no more unmet than there may be; or a task
            ended its process again and again, or a cluster was lost.
        AuditFailure: a response does not hold when it is recomputed.
        KeyboardInterrupt: interrupted; the journal of the runner holds what was found by then.
    """
    look()
    pieces = [part for part in parts(instance) if part.foreseen]
    found = _respond(instance, pieces, account, look, unmet_price, runner or TaskRunner())
    periods, risk = list(instance.market.years), instance.risk
    outcomes = [
        ScenarioOutcome(
            scenario=scenario.name,
            probability=scenario.probability,
            begins=periods[scenario.begins],
            extra_cost=rounded(sum(one.extra_cost for one in found[scenario.name])),
            materials=tuple(material for one in found[scenario.name] for material in one.materials),
            actions=tuple(action for one in found[scenario.name] for action in one.actions),
            lacking=sum(one.lacking for one in found[scenario.name]),
        )
        for scenario in {one.name: one for one in instance.foreseen}.values()  # a part may hold one by its materials
    ]
    short = next((one.scenario for one in outcomes if one.lacking and not may_lack), None)
    if short is not None:
        msg = f"scenario {short}: the plan leaves demand unmet in it that has no shortage_cost"
        raise SolverFailure(msg)
    measure, weight = ("expected", 0.0) if risk is None else (risk.measure, risk.weight or 0.0)
    level = 0.0 if risk is None else risk.tail_from
    return RiskProfile(measure, level, weight, account.total, tuple(outcomes))


def _respond(  # noqa: PLR0913 (one of each kind)
    instance: EnforcedInstance,
    pieces: Sequence[EnforcedInstance],
    account: Account,
    look: Callable[[], None],
    unmet_price: float | None,
    runner: TaskRunner,
) -> dict[str, list[PartOutcome]]:
    """Return what each scenario does, by name, to one part after another."""
    groups = list_alike(pieces)
    if not groups:
        return defaultdict(list)
    key = "" if runner.journal is None else key_of("scenarios", key_of_plan(instance, account.plan), unmet_price)
    shared = SharedState(JudgedPlan(pieces, account.plan, PlanFigures(account), unmet_price))
    answers: dict[tuple[int, int], PartOutcome] = {}
    for task, outcomes in runner.answers(respond_to, shared, list_tasks(pieces, groups, key)):
        look()
        answers |= zip(((task.own.part, place) for place in task.own.places), outcomes, strict=True)
    found: dict[str, list[PartOutcome]] = defaultdict(list)
    for part, places in groups:
        for place in places:
            found[pieces[part].foreseen[place].name].append(answers[part, places[0]])
    return found

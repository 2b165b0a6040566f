"""A plan tested against scenarios of its instance, whether it was planned for them or not.

A plan that was not planned for a scenario may not cover all demand in it. So demand without a shortage cost may be left
unmet here as in any stress test: it is covered first, whatever that costs, and what stays unmet costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.changes.selection import list_first, match_names
from models.records.wording import suggest
from models.scenarios import ScenarioError, list_scenarios
from optimizer.errors import InputError
from optimizer.scenarios.evaluate import evaluate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.enforcement import EnforcedInstance
    from models.market.scenario import Scenario
    from optimizer.results.account import Account
    from optimizer.results.risk_profile import RiskProfile
    from optimizer.work.runner import TaskRunner


def respond_to_scenarios(
    instance: EnforcedInstance,
    account: Account,
    names: Sequence[str],
    unmet_price: float,
    runner: TaskRunner | None = None,
) -> RiskProfile:
    """Return what a plan does in scenarios of its instance, by their names or wildcards.

    `unmet_price` is above all that covering a unit can cost [currency per unit]. Responses are found by a runner, or in
    this process.

    Raises:
        InputError: no scenario has such a name, or scenarios of the instance cannot be worked out.
        SolverFailure: the solver finds no response.
    """
    return evaluate(instance.foreseeing(_choose(instance, names)), account, unmet_price=unmet_price, runner=runner)


def _choose(instance: EnforcedInstance, names: Sequence[str]) -> list[Scenario]:
    """Return the scenarios that are meant, in the order of the instance."""
    try:
        there = list_scenarios(instance)
    except ScenarioError as error:
        raise InputError(error.problems) from None
    known = [scenario.name for scenario in there]
    meant = {name: match_names(name, known) for name in names}
    why = f"; use one of {list_first(known)}" if known else "; the instance has none"
    faults = [name for name, found in meant.items() if not found]
    if faults:
        raise InputError([f"--scenario {n}: is no scenario of the instance{suggest(n, known) or why}" for n in faults])
    return [one for one in there if any(one.name in found for found in meant.values())]

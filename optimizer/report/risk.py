"""What a plan costs and leaves unmet in its scenarios, in words: a sentence and a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from models.records.tolerances import RECOUNTED
from models.records.wording import format_count, format_share, format_whole, list_some
from optimizer.report.answer import format_money
from optimizer.report.layout import format_table
from optimizer.results.risk_profile import risk_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.results.account import Account
    from optimizer.results.planning_value import PlanningValue
    from optimizer.results.risk_profile import RiskProfile, ScenarioOutcome
    from optimizer.results.solution import Solution

_SHOWN = 10
"""Scenarios that are told one by one."""
_SURE = 1 - RECOUNTED
"""Share from which a demand counts as covered."""
NOT_COUNTED = (
    "Not counted: limits once a scenario begins, but for those that say in_responses; two scenarios in turn; and that "
    "nobody knows how long one lasts."
)


def format_risk(solution: Solution) -> str:
    """Return what scenarios do to a plan; nothing where it is planned for none."""
    if solution.risk is None:
        return ""
    risk, currency = solution.risk, solution.instance.currency
    worth = [] if solution.value is None else describe_value(solution.value, currency)
    return "\n".join([format_scenarios(risk, currency), "", *describe_risk(risk, currency), *worth, NOT_COUNTED])


def format_recounted(account: Account, currency: str) -> str:
    """Return what a plan costs that was recounted; where there are scenarios, that this is not what they cost."""
    cost, market = format_money(account.total, currency), account.market
    unsaid = "lodeplan stress with --scenario '*' says what it costs in its scenarios"
    return f"{cost} if nothing happens ({unsaid})" if market.scenarios or market.hazards else cost


def format_scenarios(risk: RiskProfile, currency: str) -> str:
    """Return a table of the calm and of scenarios, the worst first."""
    ranked = rank(risk)
    whole = all(one.covered >= _SURE for one in ranked)  # a sentence below the table says so
    rows = [["if nothing happens", "", format_share(risk.calm_probability), format_whole(risk.calm_cost), "", ""]]
    for one in ranked[:_SHOWN]:
        cost, more = format_whole(risk.cost_of(one)), format_whole(one.extra_cost, sign="+")
        rows.append([one.scenario, one.begins, format_share(one.probability), cost, more, describe_covered(one)])
    if len(ranked) > _SHOWN:
        left = ranked[_SHOWN:]
        chance = format_share(sum(one.probability for one in left))
        rows.append([f"and {len(left)} more", "", chance, "", "", ""])
    heading = ["scenario", "begins", "chance", f"cost [{currency}]", "more", "covered"]
    return format_table(heading[:-1] if whole else heading, rows, left=2)


def describe_covered(outcome: ScenarioOutcome) -> str:
    """Say how much of the worst-off material stays covered."""
    worst = outcome.worst
    if worst is None or worst.covered >= _SURE:
        return "all"
    return f"{format_share(worst.covered)} {worst.material}"


def rank(risk: RiskProfile) -> list[ScenarioOutcome]:
    """Return scenarios that may happen: first what leaves least covered, and of what leaves as much the dearest."""
    may_happen = [one for one in risk.outcomes if one.probability > 0]
    return sorted(may_happen, key=lambda one: (one.covered, -one.extra_cost, one.scenario))


def describe_risk(risk: RiskProfile, currency: str) -> list[str]:
    """Return sentences: the expected cost and the dearest outcome, and with which chance all is covered."""
    said = f"Expected cost {format_money(risk.expected, currency)}"
    ranked = rank(risk)
    dearest = max(ranked, key=lambda one: one.extra_cost, default=None)
    if dearest is not None and dearest.extra_cost > 0:
        said += f"; at the worst {format_money(risk.worst, currency)} ({dearest.scenario})"
    if risk.measure == "cvar":
        share = format_share(1 - risk.level)
        said += f"; {format_money(risk.tail_mean(risk.level), currency)} in the dearest {share} of cases"
    lines = [f"{said}."]
    if risk.redrawn is not None:
        lines.append(f"Hazards are drawn; on a second set of draws {_describe_redrawn(risk.redrawn, currency)}.")
    short = [one for one in ranked if one.covered < _SURE]
    chance = 1.0 - sum(one.probability for one in short)
    if not short:
        return [*lines, f"All demand is covered in {_all_of(len(ranked))}."] if ranked else lines
    worst = ranked[0]
    assert worst.worst is not None  # noqa: S101 (it leaves something uncovered)
    lines.append(
        f"With a chance of {format_share(chance)} nothing more is left unmet; at the worst {worst.scenario} leaves "
        f"{format_share(worst.covered)} of {worst.worst.material} covered."
    )
    return lines


def _describe_redrawn(redrawn: float, currency: str) -> str:
    if math.isinf(redrawn):
        return "the plan leaves demand unmet that has no shortage_cost"
    return f"the plan is expected to cost {format_money(redrawn, currency)}"


def describe_value(value: PlanningValue, currency: str) -> list[str]:
    """Return sentences: what knowing what comes would save, and what planning for scenarios saves."""
    return _describe_worth(value.as_data(), value.risk.expected, currency)


def describe_risk_in(summary: Mapping[str, Any]) -> list[str]:
    """Return the sentences on scenarios that the summary of a plan holds; none where it is planned for none.

    Raises KeyError, TypeError, ValueError or AttributeError when it is no summary.
    """
    if summary.get("risk") is None:
        return []
    return describe_risk(risk_in(summary["risk"]), summary["currency"])


def describe_value_in(summary: Mapping[str, Any]) -> list[str]:
    """Return the sentences on what planning for scenarios is worth that a summary holds; none where nobody asked.

    Raises KeyError, TypeError, ValueError or AttributeError when it is no summary.
    """
    if summary.get("risk") is None or summary.get("value") is None:
        return []
    return _describe_worth(summary["value"], float(summary["risk"]["expected"]), summary["currency"])


def _describe_worth(worth: Mapping[str, Any], expected: float, currency: str) -> list[str]:
    knowing = _between(worth["perfect_information"], currency)
    lines = [f"Knowing beforehand which of them comes would save {knowing} on average (EVPI)."]
    others = [*_describe_caps(worth, currency), *_describe_mean(worth, currency)]
    return [*lines, _describe_saved(worth, expected, currency), *others]


def _describe_saved(worth: Mapping[str, Any], expected: float, currency: str) -> str:
    saved, calm = worth["stochastic_solution"], worth["expected_cost_of_calm_plan"]
    if saved is None:
        return (
            f"The plan that is best if nothing happens {_describe_lacking(worth.get('calm_plan_lacks_in'))} (no VSS)."
        )
    if calm is not None and calm < expected:
        return "The plan that is best if nothing happens is no dearer on average: VSS is within the gap."
    said = f"Planning for them saves {_between(saved, currency)} on average, beside the plan that is best if nothing"
    return f"{said} happens (VSS)."


def _describe_caps(worth: Mapping[str, Any], currency: str) -> list[str]:
    """Say what the plan of the caps alone is expected to cost, and what it leaves out; earlier versions lack it."""
    left_out, cost = worth.get("left_out_of_caps_plan"), worth.get("expected_cost_of_caps_plan")
    if left_out is None:
        return []
    if not left_out:
        same = "is that same plan, as no limit asks for stock or for what stays covered after a loss"
        return [f"The plan of the caps alone {same}."]
    said = f"The plan of the caps alone, without {list_some(left_out)},"
    if cost is None:
        return [f"{said} {_describe_lacking(worth.get('caps_plan_lacks_in'))}."]
    return [f"{said} costs {format_money(float(cost), currency)} on average."]


def _describe_mean(worth: Mapping[str, Any], currency: str) -> list[str]:
    """Say what the plan for the mean is expected to cost, or why there is none; plans of earlier versions lack it."""
    why, cost = worth.get("no_mean_plan"), worth.get("expected_cost_of_mean_plan")
    if cost is not None:
        said = f"The plan that is best for the mean of what may happen costs {format_money(float(cost), currency)}"
        return [f"{said} on average."]
    if why:
        return [f"The plan for the mean of what may happen is left out: {why}."]
    lacks = worth.get("mean_plan_lacks_in")
    return [f"The plan that is best for the mean of what may happen {_describe_lacking(lacks)}."] if lacks else []


def _describe_lacking(scenarios: Sequence[str] | None) -> str:
    """Say where another plan leaves unmet what has no price; earlier versions did not say in which scenarios."""
    if not scenarios:
        return "has no response to some of them"
    return f"leaves demand unmet that has no shortage_cost in {list_some(scenarios)}, so that it has no expected cost"


def _between(ends: Mapping[str, float | None], currency: str) -> str:
    """Say between what an amount lies."""
    least = format_money(float(ends["least"] or 0.0), currency)
    if ends["most"] is None:
        return f"at least {least}"
    most = format_money(float(ends["most"]), currency)
    return most if least == most else f"{least} to {most}"


def _all_of(count: int) -> str:
    return "the scenario" if count == 1 else f"all {format_count(count, 'scenarios')}"

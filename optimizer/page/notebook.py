"""The drawings of each kind of result as HTML: a plan's are the same as in its report."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from models.policies import choose_measures, days_of
from models.records.countries import country_name
from models.records.tolerances import RECOUNTED
from models.records.wording import format_percent
from optimizer.charts.amounts import Amount, draw_amounts
from optimizer.charts.cases import draw_cases
from optimizer.charts.compared import draw_compared
from optimizer.charts.frontier import draw_frontier
from optimizer.charts.palette import assign
from optimizer.charts.shown import ShownPlan
from optimizer.charts.shown_cases import ShownCase, ShownCases
from optimizer.charts.spans import Held, draw_spans
from optimizer.charts.stressed import draw_stressed
from optimizer.explain.no_plan import NoPlanExplained
from optimizer.explain.offer import OfferExplained
from optimizer.folders.shown_solved import show_solved, show_tables
from optimizer.folders.shown_stress import show_stress
from optimizer.folders.shown_sweep import show_record
from optimizer.page.left_unsaid import draw_left_unsaid
from optimizer.page.snippet import Drawing, draw_limits, join_drawings, list_drawings
from optimizer.report import alternatives as alternatives_report
from optimizer.report import cases as cases_report
from optimizer.report.caveats import format_unmet
from optimizer.report.explanation import describe_step
from optimizer.report.law_by_period import list_law
from optimizer.report.standing import describe_standing

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    from models.enforcement import EnforcedInstance
    from models.policies import Policy
    from optimizer.alternatives.search import Alternatives
    from optimizer.explain.answer import Explained
    from optimizer.explain.repairs import Repair
    from optimizer.folders.audited import Audited
    from optimizer.price import Prices
    from optimizer.results.losses import Stress
    from optimizer.results.solution import Solution
    from optimizer.whatif import Outcome


_MOST_AMOUNTS = 12
"""Shares that are drawn; the tables have all."""


def draw_plan(solution: Solution) -> str:
    """Return what a plan leaves unsaid, who it hangs on, what limits do, and landed costs."""
    plan = show_solved(solution)
    return draw_left_unsaid(plan) + join_drawings(list_drawings(plan))


def draw_audited(audited: Audited) -> str:
    """Return the same of a plan that was recounted and holds, without what only a solve knows."""
    instance = audited.instance
    plan = ShownPlan(
        title=instance.title,
        currency=instance.currency,
        mass_unit=instance.mass_unit,
        summary={"sites": {site.site: site.country for site in instance.market.sites}},
        tables=show_tables(audited),
    )
    return join_drawings(list_drawings(plan))


def draw_tested(stress: Stress) -> str:
    """Return what stays covered after each loss, and the extra cost of its best response."""
    return join_drawings([Drawing("If it stopped, as it was tested", draw_stressed(show_stress(stress), {}))])


def draw_priced(prices: Prices) -> str:
    """Return what each limit costs that was asked about."""
    return join_drawings([draw_limits(show_solved(replace(prices.base, prices=prices.prices)))])


def draw_difference(before: ShownPlan, after: ShownPlan) -> str:
    """Return what a plan leaves unsaid, and what is different in it from the one before."""
    title = "What changed: hollow is before, solid is after"
    drawn = Drawing(title, draw_compared(after, before, assign(after, before), ("before", "after")))
    return draw_left_unsaid(after) + join_drawings([drawn])


def draw_sourcing(dependencies: Sequence[Mapping[str, Any]]) -> str:
    """Return what hangs most on whom as bought today, and on whom more may hang than is declared."""
    amounts = [
        Amount(_who(row), 100 * row["share"], f"{row['stage']} {row['material']}, by {row['basis']}{_most(row)}")
        for row in sorted(dependencies, key=lambda row: -row["share"])[:_MOST_AMOUNTS]
    ]
    drawn = draw_amounts("share", "%", amounts)
    return join_drawings([Drawing("What hangs on whom as bought today, the largest shares first", drawn)])


def _who(row: Mapping[str, Any]) -> str:
    return str(row["who"]) if row["basis"] == "company" else country_name(str(row["who"]))


def _most(row: Mapping[str, Any]) -> str:
    """Say how much it is at most, where what is undisclosed may be of the same country or company."""
    more = row["at_most"] > row["share"] + RECOUNTED
    return f", at most {format_percent(row['at_most'], -1)}" if more else ""


def draw_supply(supply: Sequence[Mapping[str, Any]]) -> str:
    """Return the largest shares of what reference data say is mined or refined, at each stage in its last year."""
    last: dict[str, int] = {}
    for row in supply:
        last[row["stage"]] = max(last.get(row["stage"], 0), int(row["year"]))
    of_a_material = "country" in next(iter(supply), {})
    drawings = []
    for stage, year in last.items():
        rows = [row for row in supply if row["stage"] == stage and (not of_a_material or int(row["year"]) == year)]
        amounts = [
            Amount(country_name(row["country"]), 100 * row["share"])
            if of_a_material
            else Amount(str(row["material"]), 100 * row["share"], str(row["year"]))
            for row in sorted(rows, key=lambda row: -row["share"])[:_MOST_AMOUNTS]
        ]
        title = f"{stage} {year}, of the world" if of_a_material else f"{stage}, of the world, in the last year known"
        drawings.append(Drawing(title[:1].upper() + title[1:], draw_amounts("share", "%", amounts)))
    return join_drawings(drawings)


def draw_several(outcomes: Sequence[Outcome]) -> str:
    """Return what each case costs beside the instance as it is."""
    rows = cases_report.list_cases(outcomes).to_dict("records")
    shown = ShownCases(outcomes[0].instance.currency, [_show_case(row) for row in rows])
    return join_drawings([Drawing("What each case costs, beside the instance as it is", draw_cases(shown))])


def _show_case(row: Mapping[Any, Any]) -> ShownCase:
    """Return a row of the table of cases as charts see it."""
    return ShownCase(
        name=str(row["case"]),
        status=str(row["status"]),
        cost=_known(row["cost"]),
        change=_known(row["change"]),
        unmet=_known(row["unmet_share"]) or 0.0,
        unmet_of=row["unmet_of"] or "",
        why=row["why"] or "",
        plan="",
    )


def _known(cell: float) -> float | None:
    return None if math.isnan(cell) else float(cell)


def draw_alternatives(found: Alternatives) -> str:
    """Return what each plan costs more than the best, and who the best hangs on."""
    amounts = [
        Amount(name, solution.cost, alternatives_report.describe_plan(found, name))
        for name, solution in alternatives_report.list_plans(found).items()
    ]
    drawn = draw_amounts("cost", found.best.instance.currency, amounts, first_is_base=True)
    return join_drawings([Drawing("What each plan costs, beside the best", drawn)])


def draw_swept(record: Mapping[str, Any]) -> str:
    """Return cost against the change that was moved, of a sweep as plain data."""
    drawn = draw_frontier(show_record(record))
    title = "Cost against the change; filled points are proven, open ones stopped, a cross has no plan"
    return join_drawings([Drawing(title, drawn)])


def draw_explained(explained: Explained) -> str:
    """Return what repairs cost, at which price an offer turns, and which limits bind."""
    return join_drawings(_list_explained(explained))


def _list_explained(explained: Explained) -> Iterator[Drawing]:
    match explained:
        case NoPlanExplained():
            yield Drawing("What the plan costs with each repair", _repairs(explained))
        case OfferExplained():
            yield Drawing("At which price it turns", _threshold(explained))
            yield draw_limits(show_solved(explained.solution))
        case solution:
            yield draw_limits(show_solved(solution))


def _repairs(explained: NoPlanExplained) -> str:
    instance, parts = explained.instance, explained.infeasibilities
    amounts = [_repair(repair, instance) for part in parts for repair in part.repairs]
    if explained.together is not None:
        whole = _repair(explained.together, instance)
        amounts = [replace(one, said=" ".join(filter(None, ["(of its part alone)", one.said]))) for one in amounts]
        amounts.append(replace(whole, name="the cheapest of each part together"))
    return draw_amounts("cost", instance.currency, amounts)


def _repair(repair: Repair, instance: EnforcedInstance) -> Amount:
    words = "; and ".join(describe_step(step, instance) for step in repair.steps)
    cost = math.inf if repair.cost is None else repair.cost.cost
    return Amount(words, cost if math.isfinite(cost) else None, format_unmet(repair.unmet, instance.mass_unit))


def _threshold(explained: OfferExplained) -> str:
    turn, offer, instance = explained.threshold, explained.offer, explained.solution.instance
    if turn is None:
        return ""
    amounts = [Amount("its price", offer.price), Amount("turns at", turn.price)]
    return draw_amounts(
        "price", f"{offer.currency or instance.currency} per {offer.priced_per or instance.mass_unit}", amounts
    )


def draw_measures(policies: Sequence[Policy], day: datetime.date, speaking: Sequence[tuple[str, str]]) -> str:
    """Return on which days measures hold, as known on a day; `speaking` names the policy and measure of those meant."""
    rows = [
        Held(
            f"{policy.name}:{measure.name}",
            describe_standing(measure, day),
            days_of(measure, day),
            sure=measure.evidence == "seen",
        )
        for policy in policies
        for measure in choose_measures(policy)
        if (policy.name, measure.name) in speaking
    ]
    return join_drawings(
        [Drawing(f"Days on which each measure holds, as known on {day}", draw_spans("how it stands", rows, day))]
    )


def draw_law(instance: EnforcedInstance, policy: str | None) -> str:
    """Return on which days the law of an instance holds, up to its last period."""
    day = instance.market.as_of
    until = max((days.last for days in instance.market.law_days.values()), default=day)
    rows = [
        Held(law.name, "; ".join(law.becomes), law.spans, sure=law.said.get("evidence", "seen") == "seen")
        for law in list_law(instance, policy)
        if law.goods
    ]
    return join_drawings(
        [Drawing(f"Days on which each law holds, as known on {day}", draw_spans("what it becomes", rows, day, until))]
    )

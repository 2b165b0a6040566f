"""The figures of several plans that a workbook sets beside each other, line by line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from models.records.countries import country_name
from optimizer.book.sheets import EXACT, SHARE, amount_form
from optimizer.charts.shown import figure, said
from optimizer.charts.stages import WHOLE, stages_of
from optimizer.report.answer import answer_in
from optimizer.report.unsaid import list_lapsed, most_undisclosed
from optimizer.results.caveats import caveats_in
from optimizer.results.interval import finite_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from optimizer.charts.shown import Row, ShownPlan

BY_NAME = "cost by name"
MOST_ROWS = 1_000
"""Offers, shares of countries, and rows of limits that are compared: the largest of any plan, or the first."""
_LARGEST = 1e300
"""The largest number that stands in a cell here, so that differences stay numbers."""
_SMALL = 0.0005
"""Shares below this in every plan are not compared."""


@dataclass(frozen=True)
class Line:
    """A figure of every plan."""

    about: str
    item: str
    form: str
    figures: Sequence[float | None]
    """None where a plan has no such thing, which is not the same as none of it: a limit of 0 is a ban."""


def list_lines(plans: Sequence[ShownPlan]) -> Iterator[Line]:
    """Yield the figures that are compared, each within what a cell holds."""
    for line in _all_lines(plans):
        figures = [None if one is None else min(max(one, -_LARGEST), _LARGEST) for one in line.figures]
        yield replace(line, figures=figures)


def _all_lines(plans: Sequence[ShownPlan]) -> Iterator[Line]:
    """Yield the figures that are compared: sums, costs by name and material, what is bought of whom, and shares."""
    currency, mass = plans[0].currency, plans[0].mass_unit
    answers = [answer_in(plan.summary) for plan in plans]
    yield Line("cost", f"of the plan [{currency}]", "#,##0", [answer.cost for answer in answers])
    if any(answer.risk for answer in answers):
        calm = [answer.cost if answer.risk is None else answer.risk.calm for answer in answers]
        yield Line("cost", f"if nothing happens [{currency}]", "#,##0", calm)
        beyond = [answer.cost - one for answer, one in zip(answers, calm, strict=True)]
        yield Line("cost", f"of it for scenarios [{currency}]", "#,##0", beyond)
    unmet = [sum(short.quantity for short in caveats_in(plan.summary).unmet) for plan in plans]
    yield Line("unmet demand", f"over all periods [{mass}]", amount_form(unmet), unmet)
    yield from _list_unsaid(plans)
    yield from _spread(BY_NAME, [_sums(plan, "costs", "cost", "amount") for plan in plans])
    yield from _spread("cost of material", [plan.cost_of for plan in plans])
    yield from _spread("landed cost a unit", [_landed(plan) for plan in plans], EXACT)
    yield from _spread(
        f"bought of [{mass}]", [_sums(plan, "purchases", "offer", "quantity") for plan in plans], most=True
    )
    yield from _spread("share by control", [_shares(plan) for plan in plans], SHARE, most=True)
    yield from _list_limits(plans)


def _list_unsaid(plans: Sequence[ShownPlan]) -> Iterator[Line]:
    """Yield what else the cost of a plan does not say: how far it is proven, what is assumed, undisclosed or lapsed."""
    answers = [answer_in(plan.summary) for plan in plans]
    gaps = [0.0 if answer.proven else answer.gap for answer in answers]
    assumed = [caveats_in(plan.summary).assumed for plan in plans]
    about = "left unsaid"
    yield Line(about, "cost above what is proven to be the least", SHARE, [finite_or_none(gap) for gap in gaps])
    yield Line(about, "assumed rows", "#,##0", [float(one.rows) for one in assumed])
    yield Line(about, "part of the cost at assumed figures", SHARE, [one.share for one in assumed])
    yield Line(about, "undisclosed, most of any stage", SHARE, [most_undisclosed(plan) for plan in plans])
    yield Line(about, "measures of law that lapsed", "#,##0", [float(len(list_lapsed(plan))) for plan in plans])


def _spread(about: str, found: Sequence[Mapping[str, float]], form: str = "", *, most: bool = False) -> Iterator[Line]:
    """Yield a line for each thing that any plan has; with `most` the largest first, and no more than are read."""
    names = list(dict.fromkeys(name for one in found for name in one))
    if most:
        largest = {name: max(one.get(name, 0.0) for one in found) for name in names}
        names = sorted(names, key=lambda name: (-largest[name], name))[:MOST_ROWS]
    rows = [[one.get(name, 0.0) for one in found] for name in names]
    own = form or amount_form([cell for row in rows for cell in row])
    for name, row in zip(names, rows, strict=True):
        yield Line(about, name or "none in particular", own, row)


def _sums(plan: ShownPlan, table: str, by: str, of: str) -> dict[str, float]:
    sums: dict[str, float] = {}
    for row in plan.rows(table):
        sums[said(row, by)] = sums.get(said(row, by), 0.0) + figure(row, of)
    return sums


def _landed(plan: ShownPlan) -> dict[str, float]:
    return {
        str(record["material"]): float(record["unit_cost"])
        for record in plan.summary.get("landed", [])
        if "material" in record and isinstance(record.get("unit_cost"), (int, float))
    }


def _shares(plan: ShownPlan) -> dict[str, float]:
    """Return the share of each country by control at each stage, over all periods."""
    found: dict[str, float] = {}
    for stage in stages_of(plan):
        period = WHOLE if ("control", WHOLE) in stage.by else stage.worst("control")
        for country, one in stage.shares("control", period).items():
            if one.share > _SMALL:
                found[f"{stage.stage} {stage.material}: {country_name(country)}"] = one.share
    return found


def _list_limits(plans: Sequence[ShownPlan]) -> Iterator[Line]:
    """Yield in how many rows each limit binds in any plan, what is used in these rows, and levels that differ."""
    tables = [{_name_row(row): row for row in plan.rows("limits")} for plan in plans]
    binding = [[row for row in table.values() if said(row, "binding") == "yes"] for table in tables]
    counts = [Counter(said(row, "limit") for row in rows) for rows in binding]
    yield from _spread(
        "limit binds, rows", [{name: float(count) for name, count in one.items()} for one in counts], "#,##0"
    )
    names = list(dict.fromkeys(_name_row(row) for rows in binding for row in rows))[:MOST_ROWS]
    for column, about in (("used", "used of limit"), ("allowed", "level of limit")):
        for name in names:
            figures = [figure(table[name], column) if name in table else None for table in tables]
            if column == "used" or len(set(figures)) > 1:
                is_share = any(name in table and said(table[name], "unit") == "share" for table in tables)
                yield Line(about, name, SHARE if is_share else amount_form(figures), figures)


def _name_row(row: Row) -> str:
    """Return what tells a row of a limit from others: ``china-cobalt: mined cobalt CN 2027 [t]``."""
    where = " ".join(filter(None, (said(row, column) for column in ("stage", "material", "who", "period"))))
    unit = "" if said(row, "unit") == "share" else f" [{said(row, 'unit')}]"
    return f"{said(row, 'limit')}{': ' if where else ''}{where}{unit}"

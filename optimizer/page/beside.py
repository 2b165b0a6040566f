"""What stands beside the plan of a page: another plan, other cases, or a sweep that it is a point of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.tolerances import SAME_COST
from optimizer.charts.frontier import draw_frontier
from optimizer.charts.markup import name, percent, text, typeset
from optimizer.errors import InputError
from optimizer.page.table import Heading, PageTable, draw_table, show
from optimizer.report.answer import answer_in, format_money
from optimizer.report.headline import write_headline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.charts.alternatives import ShownAlternatives
    from optimizer.charts.shown import Cell, ShownPlan
    from optimizer.charts.shown_cases import ShownCases
    from optimizer.charts.shown_sweep import ShownPoint, ShownSweep

_SHORT = 10
"""Signs of a digest that tell it from others at a glance."""


def must_count_alike(plan: ShownPlan, other: ShownPlan | None, sweep: ShownSweep | None) -> None:
    """Raise InputError unless what stands beside a plan is in its money and mass."""
    faults = []
    for what, there in (("other plan", other), ("sweep", sweep)):
        if there is not None and there.currency != plan.currency:
            faults.append(f"the {what} is in {there.currency} and this plan in {plan.currency}; convert one of them")
    if other is not None and other.mass_unit != plan.mass_unit:
        said = f"the other plan is in {other.mass_unit} and this plan in {plan.mass_unit}"
        faults.append(f"{said}; convert one of them")
    if faults:
        raise InputError(faults)


def describe_other(plan: ShownPlan, other: ShownPlan) -> str:
    """Say which plan the other one is, and by how much this one costs more or less; as HTML."""
    cost, before = answer_in(plan.summary).cost, answer_in(other.summary).cost
    change = cost - before
    share = f" ({percent(abs(change) / before, 2)})" if before > 0 else ""
    said = f"{typeset(text(format_money(abs(change), plan.currency)))}{share} {'more' if change > 0 else 'less'} than"
    if abs(change) <= SAME_COST * max(abs(cost), abs(before)):
        said = "the same as"
    digest = str(other.summary["digest"])[:_SHORT]
    return (
        f"This plan costs {said} the other, <b>{name(other.title)}</b> (instance <code>{text(digest)}</code>)"
        f"{_alarm(other)}. "
        "Hollow bar: the other plan. Solid bar: this one."
    )


def _alarm(other: ShownPlan) -> str:
    """Return what nobody may read past of the other plan; as HTML, nothing where there is nothing of the kind."""
    alarm = write_headline(other.summary).alarm
    return f', which <b class="alarm">{typeset(text(alarm))}</b>' if alarm else ""


def describe_sweep(plan: ShownPlan, sweep: ShownSweep) -> str:
    """Say what the points of a sweep are, and whether it is one of the plan's own instance; as HTML."""
    own = sweep.own or sweep.digest == plan.summary["digest"]
    other = "" if own else " <b>The sweep is of another state of the instance than this plan.</b>"
    part = "" if sweep.complete else " <b>The sweep was stopped before its end.</b>"
    moved = " and ".join(f"<code>{text(axis)}</code>" for axis in sweep.axes)
    return (
        f"Each point is a plan of its own with another level of {moved}. Filled points are proven, open ones were "
        f"stopped before. The diamond is a point that costs what this plan does; a cross has no plan.{other}{part}"
    )


def draw_sweep(plan: ShownPlan, sweep: ShownSweep) -> str:
    """Return the drawing of a sweep, and its points as a table."""
    cost = answer_in(plan.summary).cost
    where = f"This plan costs {format_money(cost, plan.currency)}."
    return f"{draw_frontier(sweep, cost, where)}{draw_table(_table(sweep))}"


def describe_cases(cases: ShownCases) -> str:
    """Say which plan of all cases the page shows; as HTML."""
    drawn, first = cases.drawn, cases.cases[0]
    shown = "the plan as it is" if drawn == first else f"that of <b>{name(drawn.name if drawn else '')}</b>"
    return (
        "Each is a whole plan with the changes of that case; the bar says how much more or less it costs than the plan "
        f"as it is. This page shows {shown}: <code>lodeplan report</code> draws another by its folder."
    )


def draw_alternatives(alternatives: ShownAlternatives) -> str:
    """Return the table of alternatives, with columns left out that say nothing."""
    columns = list(zip(*alternatives.rows, strict=True)) or [()] * len(alternatives.headings)
    kinds = {
        place: "text" if any(isinstance(cell, str) and cell for cell in column) or not place else "number"
        for place, column in enumerate(columns)
    }
    kept = [place for place, column in enumerate(columns) if any(cell not in {"", 0.0} for cell in column)]
    kept.sort(key=lambda place: kinds[place] != "text")
    return draw_table(
        PageTable(
            key="alternatives",
            title="Best plan and alternatives",
            file="alternatives.csv",
            headings=[_heading(alternatives.headings[place], text=kinds[place] == "text") for place in kept],
            rows=[[_known(row[place], text=kinds[place] == "text") for place in kept] for row in alternatives.rows],
        ),
        opened=True,
    )


def _heading(said: str, *, text: bool) -> Heading:
    if text:
        return Heading(said, "text")
    words = said.removesuffix(" [share]")
    return Heading(words, "share" if words != said else "number")


def _known(cell: Cell, *, text: bool) -> Cell:
    if text:
        return cell if isinstance(cell, str) else show(cell, "number")
    return cell if isinstance(cell, float) else None


def _table(sweep: ShownSweep) -> PageTable:
    spread = [f"{what} by {basis}" for basis in ("place", "control") for what in ("largest", "share")]
    return PageTable(
        key="frontier",
        title="Points of the sweep",
        file="frontier.csv",
        headings=[
            *(Heading(words, "text") for words in sweep.words),
            Heading("status", "text"),
            Heading("knee", "text"),
            Heading(spread[0], "text"),
            Heading(spread[2], "text"),
            Heading(f"cost [{sweep.currency}]", "number"),
            Heading("unmet, most of any material", "share"),
            Heading(spread[1], "share"),
            Heading(spread[3], "share"),
        ],
        rows=[list(_cells(point, len(sweep.axes))) for point in sweep.points],
    )


def _cells(point: ShownPoint, axes: int) -> Iterator[Cell]:
    yield from (point.level, point.line)[:axes]
    yield point.status
    yield "knee" if point.knee else ""
    for most in (point.place, point.control):
        yield most.of if most else ""
    yield point.cost
    yield point.unmet if point.cost is not None else None
    for most in (point.place, point.control):
        yield most.share if most else None

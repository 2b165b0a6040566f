"""The first sheet: the answer, what it leaves unsaid, key figures, and two charts of the office suite."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.records.countries import UNDISCLOSED, country_name
from optimizer.book.sheets import SHARE, amount_form
from optimizer.book.tables import costs_of_materials
from optimizer.book.words import plain, sentence
from optimizer.charts.costs import GROUPS
from optimizer.charts.palette import HUES, LIGHT, assign
from optimizer.charts.shown import said
from optimizer.charts.stages import WHOLE, stages_of
from optimizer.charts.world import first_basis
from optimizer.report.agreement import describe_edited
from optimizer.report.answer import answer_in, describe_cost
from optimizer.report.risk import describe_risk_in, describe_value_in
from optimizer.report.survival import describe_survival_in
from optimizer.report.unsaid import list_unsaid
from optimizer.tables import PLAN_TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from optimizer.book.sheets import Book, Sheet
    from optimizer.charts.shown import ShownPlan
    from optimizer.charts.stages import Basis
    from optimizer.report.answer import Answer

NAME = "Summary"
_LABEL, _LAST = 0, 8
"""Column of labels, and the last one over which sentences run."""
_SIGNS = 118
"""Signs of a line of a sentence, at the width of those columns."""
FIGURES = "Chart figures"
_WIDE, _TALL, _ROW = 452, 400, 26
"""Pixels of a chart, and of each of its rows where those are many: with less an office suite leaves out their names."""
_AROUND = 150
"""Pixels of a chart above and below its rows."""
_MOST = 20
"""Materials and stages that are drawn; the sheets behind them have all."""
LARGE = 1e7
"""Amounts from which on an axis counts in millions."""
_OTHERS = "others"
_SHARED: dict[Basis, str] = {"control": "Who controls each stage", "place": "Where each stage is made"}


class _Grid(NamedTuple):
    """Figures of a chart: rows by name, columns by name, each with its colour."""

    title: str
    top: int
    """The row of the names of its columns on their sheet."""
    unit: str
    """What all of its cells are in; nothing for shares."""
    rows: Sequence[str]
    columns: Sequence[str]
    colours: Sequence[str]
    cells: Sequence[Sequence[float]]
    form: str


def add_summary(book: Book, plan: ShownPlan, others: Sequence[str]) -> None:
    """Add the sheet; `others` are the names of the plans with which this one is compared."""
    sheet = book.sheet(NAME, plan.title)
    sheet.own.fit_to_pages(1, 1)
    sheet.own.set_column(_LABEL, _LABEL, 25)
    sheet.own.set_column(_LABEL + 1, _LAST, 12.5)
    sheet.row = 1
    _add_sentence(sheet, sentence(describe_cost(answer_in(plan.summary))), size=14, bold=True)
    sheet.row += 1
    if told := describe_edited(plan):
        _add_sentence(sheet, told, label="Edited")
    for field in list_unsaid(plan):
        _add_sentence(sheet, " ".join(map(sentence, (field.said, *field.because))), label=field.term)
    if told := describe_survival_in(plan.summary):
        _add_sentence(sheet, told, label="If a country stops")
    if told := " ".join([*describe_risk_in(plan.summary), *describe_value_in(plan.summary)]):
        _add_sentence(sheet, told, label="What may happen")
    for term, words in _rests_on(plan, others).items():
        _add_sentence(sheet, words, label=term)
    sheet.row += 1
    _add_figures(sheet, plan)
    grids = _grids(plan)
    tall = max(_TALL, *(_AROUND + _ROW * len(grid.rows) for grid in grids))
    for column, grid in zip((0, 4), grids, strict=True):
        if grid.rows:
            chart = {"object_position": 3, "description": grid.title}
            sheet.own.insert_chart(sheet.row, column, _draw(book, grid, tall), chart)


def add_figures(book: Book, plan: ShownPlan) -> None:
    """Add the sheet with the figures of the charts, one below the other."""
    sheet = book.sheet(FIGURES, "Figures of the charts of the summary")
    sheet.own.set_column(0, 0, 30)
    sheet.own.set_column(1, _LAST + 1, 15)
    heading = {"bold": True, "align": "right", "text_wrap": True, "bottom": 1, "bottom_color": LIGHT["ink"]}
    for grid in _grids(plan):
        sheet.text(grid.top - 1, 0, grid.title, bold=True)
        sheet.text(grid.top, 0, grid.unit, bottom=1, bottom_color=LIGHT["ink"])
        for place, name in enumerate(grid.columns, start=1):
            sheet.text(grid.top, place, name, **heading)
        for row, (name, cells) in enumerate(zip(grid.rows, grid.cells, strict=True), start=grid.top + 1):
            sheet.text(row, 0, name)
            for place, cell in enumerate(cells, start=1):
                sheet.number(row, place, cell, grid.form)


def _add_sentence(sheet: Sheet, words: str, *, label: str = "", size: int = 11, bold: bool = False) -> None:
    """Write a sentence over several columns, as high as it needs, with what it is about at its left."""
    first = _LABEL + bool(label)
    if label:
        sheet.text(sheet.row, _LABEL, label, bold=True)
    said_whole = plain(words)
    style = sheet.book.style(text_wrap=True, font_size=size, bold=bold)
    sheet.own.merge_range(sheet.row, first, sheet.row, _LAST, "", style)
    sheet.own.write_string(sheet.row, first, said_whole, style)
    lines = 1 + len(said_whole) * size // (11 * (_SIGNS if label else _SIGNS + 15))
    sheet.own.set_row(sheet.row, min(400, lines * size * 1.4))
    sheet.row += 1


def _rests_on(plan: ShownPlan, others: Sequence[str]) -> dict[str, str]:
    """Return what the workbook was made of, and what it lacks."""
    versions = ", ".join(f"{key} {version}" for key, version in plan.summary.get("versions", {}).items())
    made = f"instance {plan.summary.get('instance', '')}, digest {plan.summary['digest']}, {versions}"
    found = {"Made of": plain(made)}
    lacking = [t.name for t in PLAN_TABLES if t.name not in plan.tables and not t.is_optional]
    if lacking:
        names = ", ".join(f"{name}.csv" for name in lacking)
        found["Missing"] = f"The plan has no {names}; lodeplan solve writes it anew."
    if others:
        found["Compared"] = plain(f"With {', '.join(others)}: see the sheet Compare.")
    return found


def _name_cost(answer: Answer) -> str:
    """Say what the cost is that is the least."""
    if answer.risk is None:
        return "Cost"
    return "Expected cost" if answer.risk.measure == "expected" else f"Cost, its {answer.risk.measure} weighed in"


def _add_figures(sheet: Sheet, plan: ShownPlan) -> None:
    """Write the key figures, two in a row."""
    answer, limits = answer_in(plan.summary), answer_in(plan.summary).limits_cost
    periods = plan.periods
    money: list[tuple[str, float | None]] = [
        (f"{_name_cost(answer)} [{plan.currency}]", answer.cost),
        (f"Least that any plan costs [{plan.currency}]", answer.bound),
        (f"Cost without limits [{plan.currency}]", answer.without_limits.cost if answer.without_limits else None),
        (f"Cost of all limits [{plan.currency}]", limits.cost if limits else None),
    ]
    buys = plan.rows("purchases")
    binding = {said(row, "limit") for row in plan.rows("limits") if said(row, "binding") == "yes"}
    counts: list[tuple[str, float | None]] = [
        (f"Periods ({periods[0]} to {periods[-1]})" if len(periods) > 1 else "Periods", float(len(periods))),
        ("Offers bought of", float(len({said(row, "offer") for row in buys}))),
        ("Countries bought in", float(len({said(row, "country") for row in buys}))),
        ("Limits that bind", float(len(binding))),
    ]
    for (left, amount), (right, count) in zip(money, counts, strict=True):
        sheet.own.merge_range(sheet.row, 0, sheet.row, 1, "", sheet.book.style())
        sheet.text(sheet.row, 0, left)
        sheet.own.merge_range(sheet.row, 5, sheet.row, 7, "", sheet.book.style())
        sheet.text(sheet.row, 5, right)
        sheet.own.merge_range(sheet.row, 2, sheet.row, 3, "", sheet.book.style(bold=True))
        if amount is None:
            sheet.text(sheet.row, 2, "not known", align="right")
        else:
            sheet.number(sheet.row, 2, amount, "#,##0", bold=True)
        sheet.number(sheet.row, 8, count or 0.0, "0", bold=True)
        sheet.row += 1
    sheet.row += 1


def _grids(plan: ShownPlan) -> list[_Grid]:
    costs = _costs(plan)
    return [costs, _shares(plan, costs.top + len(costs.rows) + 3)]


def _costs(plan: ShownPlan) -> _Grid:
    """Return what each material costs, by group of costs."""
    found = costs_of_materials(plan)
    used = [group for group in GROUPS if any(amounts[group] for amounts in found.values())]
    rows = list(found)[:_MOST]
    large = sum(plan.cost_of.values()) >= LARGE
    cells = [[found[material][group] / (1e6 if large else 1.0) for group in used] for material in rows]
    return _Grid(
        "Cost of each material",
        3,
        plain(f"million {plan.currency}" if large else plan.currency, 60),
        [material or "none in particular" for material in rows],
        [GROUPS[group][0] for group in used],
        [LIGHT[group] for group in used],
        cells,
        amount_form([cell for row in cells for cell in row]),
    )


def _shares(plan: ShownPlan, top: int) -> _Grid:
    """Return the shares of the countries that have a hue, by stage, of what costs most; on the basis of the report."""
    hues = {country: LIGHT[colour] for country, colour in assign(plan).items() if colour in HUES}
    place = {material: at for at, material in enumerate(costs_of_materials(plan))}
    stages = sorted(stages_of(plan), key=lambda one: place.get(one.material, len(place)))[:_MOST]
    basis = first_basis(plan)
    shares = [one.shares(basis, WHOLE if (basis, WHOLE) in one.by else one.worst(basis)) for one in stages]
    named = [country for country in hues if any(country in found for found in shares)]
    cells = []
    for found in shares:
        own = [found[country].share if country in found else 0.0 for country in named]
        hidden = found[UNDISCLOSED].share if UNDISCLOSED in found else 0.0
        rest = sum(one.share for one in found.values()) - sum(own) - hidden
        cells.append([*own, max(rest, 0.0), hidden])
    return _Grid(
        f"{_SHARED[basis]}, over all periods",
        top,
        "",
        [f"{one.stage} {one.material}" for one in stages],
        [*map(country_name, named), _OTHERS, country_name(UNDISCLOSED)],
        [*(hues[country] for country in named), LIGHT["pale"], LIGHT["hatching"]],
        cells,
        SHARE,
    )


def _draw(book: Book, grid: _Grid, tall: int) -> Any:
    """Return a chart of figures that stand on their sheet, so many pixels tall."""
    chart = book.file.add_chart({"type": "bar", "subtype": "stacked"})
    first, last = grid.top + 1, grid.top + len(grid.rows)
    for place, colour in enumerate(grid.colours, start=1):
        chart.add_series(
            {
                "name": [FIGURES, grid.top, place],
                "categories": [FIGURES, first, 0, last, 0],
                "values": [FIGURES, first, place, last, place],
                **_filled(colour),
                "gap": 45,
            }
        )
    small = {"size": 9, "color": LIGHT["second"]}
    chart.set_x_axis(_values(grid, small))
    chart.set_y_axis(
        {
            "reverse": True,
            "num_font": {"size": 8, "color": LIGHT["ink"]},
            "line": {"color": LIGHT["rule"]},
            "crossing": "max",
            "interval_unit": 1,
        }
    )
    chart.set_title({"name": grid.title, "name_font": {"size": 12, "bold": True, "color": LIGHT["ink"]}})
    chart.set_legend({"position": "bottom", "font": small})
    chart.set_size({"width": _WIDE, "height": tall})
    chart.set_chartarea({"border": {"none": True}})
    return chart


def _filled(colour: str) -> dict[str, Any]:
    """Return how a bar is filled: hatched what nobody declared, as in the report."""
    if colour != LIGHT["hatching"]:
        return {"fill": {"color": colour}}
    return {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": colour, "bg_color": LIGHT["hatch"]}}


def _values(grid: _Grid, small: dict[str, Any]) -> dict[str, Any]:
    """Return how the axis of the values is drawn."""
    axis: dict[str, Any] = {
        "num_font": small,
        "major_gridlines": {"visible": True, "line": {"color": LIGHT["rule"], "width": 0.75}},
        "line": {"none": True},
    }
    if not grid.unit:
        return axis | {"num_format": "0%", "min": 0, "max": 1, "major_unit": 0.25}
    # The name of an axis is looked up in a cell: XlsxWriter takes some texts, such as "a!A1", for a place.
    return axis | {"num_format": "#,##0", "name": [FIGURES, grid.top, 0], "name_font": small | {"bold": False}}

"""A sheet on plans that were found together: the points of a sweep, alternatives, or cases, one a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optimizer.book.sheets import Column
from optimizer.book.tables import BAR
from optimizer.charts.palette import LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optimizer.book.sheets import Book, Kind
    from optimizer.charts.alternatives import ShownAlternatives
    from optimizer.charts.shown import Cell
    from optimizer.charts.shown_cases import ShownCases
    from optimizer.charts.shown_sweep import ShownSweep

_SHARE = " [share]"


@dataclass(frozen=True)
class Found:
    """A table of plans that were found together."""

    name: str
    """What the sheet is called."""
    notes: Sequence[str]
    columns: Sequence[Column]
    drawn: tuple[int, int] | None = None
    """Columns of the levels and of the costs that are drawn against each other; None where nothing is."""


def add_found(book: Book, found: Found) -> None:
    """Add the sheet."""
    sheet = book.sheet(found.name, found.name, found.notes)
    first, last = sheet.table(found.name.casefold(), found.columns)
    if found.drawn is not None:
        sheet.own.insert_chart(sheet.row, 0, _chart(book, found, found.drawn, (first, last)), {"object_position": 3})


def _chart(book: Book, found: Found, drawn: tuple[int, int], rows: tuple[int, int]) -> Any:
    """Return what the plans cost, by level, one a column of the chart."""
    level, cost = drawn
    small = {"size": 9, "color": LIGHT["second"]}
    chart = book.file.add_chart({"type": "line"})
    chart.add_series(
        {
            "name": found.columns[cost].heading,
            "categories": [found.name, rows[0], level, rows[1], level],
            "values": [found.name, rows[0], cost, rows[1], cost],
            "line": {"color": BAR, "width": 1.5},
            "marker": {"type": "circle", "size": 5, "fill": {"color": BAR}, "border": {"color": BAR}},
        }
    )
    chart.set_title({"name": found.columns[cost].heading, "name_font": {"size": 12, "bold": True}})
    chart.set_x_axis({"num_font": small})
    chart.set_y_axis(
        {
            "num_font": small,
            "num_format": "#,##0",
            "major_gridlines": {"visible": True, "line": {"color": LIGHT["rule"]}},
        }
    )
    chart.show_na_as_empty_cell()
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": 760, "height": 320})
    return chart


def of_sweep(sweep: ShownSweep) -> Found:
    """Return the points of a sweep; those of several lines are not drawn, as one line has them all."""
    points = sweep.points
    levels = [[point.level, point.line][: len(sweep.axes)] for point in points]
    columns = [
        *(Column(axis, [row[place] for row in levels]) for place, axis in enumerate(sweep.axes)),
        Column("status", [point.status for point in points]),
        Column("knee", ["knee" if point.knee else "" for point in points]),
        Column(f"cost [{sweep.currency}]", [point.cost for point in points], "amount"),
        Column("unmet, most of any material", [None if p.cost is None else p.unmet for p in points], "share"),
    ]
    for basis in ("place", "control"):
        most = [point.place if basis == "place" else point.control for point in points]
        columns.append(Column(f"largest by {basis}", [one.of if one else "" for one in most]))
        columns.append(Column(f"share by {basis}", [one.share if one else None for one in most], "share"))
    stopped = [] if sweep.complete else ["The sweep was stopped before its end."]
    notes = [
        "Each row is a plan of its own with that change. The rest of the workbook shows that at the knee.",
        *stopped,
    ]
    return Found("Sweep", notes, columns, (0, 3) if len(sweep.axes) == 1 else None)


def of_cases(cases: ShownCases) -> Found:
    """Return the cases of a what-if, the instance as it is first."""
    rows = cases.cases
    columns = [
        Column("case", [case.name for case in rows]),
        Column("status", [case.status for case in rows]),
        Column(f"cost [{cases.currency}]", [case.cost for case in rows], "amount"),
        Column(f"more than as it is [{cases.currency}]", [case.change for case in rows], "amount"),
        Column("unmet, most of any material", [None if c.cost is None else c.unmet for c in rows], "share"),
        Column("unmet of", [case.unmet_of for case in rows]),
        Column("why there is no plan", [case.why for case in rows]),
    ]
    drawn = cases.drawn
    shown = drawn.name if drawn is not None else ""
    return Found("Cases", [f"Each row is a plan of its own. The rest of the workbook shows that of: {shown}."], columns)


def of_alternatives(alternatives: ShownAlternatives) -> Found:
    """Return the best plan and those beside it, without columns that say nothing."""
    columns = list(zip(*alternatives.rows, strict=True)) or [()] * len(alternatives.headings)
    notes = ["Each row is a plan of its own. The rest of the workbook shows the best."]
    return Found("Alternatives", notes, list(_list_columns(alternatives.headings, columns)))


def _list_columns(headings: Sequence[str], columns: Sequence[Sequence[Cell]]) -> Iterator[Column]:
    for place, (heading, cells) in enumerate(zip(headings, columns, strict=True)):
        if place == 0 or any(isinstance(cell, str) and cell for cell in cells):
            yield Column(heading, [cell if isinstance(cell, str) else str(cell) for cell in cells])
        elif any(cell not in {"", 0.0} for cell in cells):
            numbers = [cell if isinstance(cell, float) else None for cell in cells]
            yield Column(heading.removesuffix(_SHARE), numbers, _kind(heading))


def _kind(heading: str) -> Kind:
    """Return what the numbers below a heading are: without a unit they count something."""
    return "share" if heading.endswith(_SHARE) else "amount" if "[" in heading else "count"

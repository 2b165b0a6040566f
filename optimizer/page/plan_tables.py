"""Which tables of a plan stand on its page, in which order, and which of their columns and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from optimizer.charts.shown import figure, said
from optimizer.page.table import Heading, PageTable
from optimizer.tables import PLAN_TABLES
from optimizer.tables.table import CURRENCY, MASS, UnitOf, Units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optimizer.charts.shown import Row, ShownPlan
    from optimizer.tables.table import Column, Table


class _Shown(NamedTuple):
    """How a table is shown."""

    title: str
    order: Callable[[Row], float] | None = None
    """What sorts the rows, the largest first; None keeps the order of the file."""
    keep: Callable[[Row], bool] | None = None
    """Which rows are shown; None shows all."""
    dropped: tuple[str, ...] = ()
    """Columns that say nothing here."""
    note: str = ""
    """What of the file is not shown."""


def _paid(row: Row) -> float:
    return sum(figure(row, column) for column in ("purchase", "processing", "freight", "duty"))


_SHOWN = {
    "purchases": _Shown("Purchases", order=_paid, dropped=("basis",), note="largest first"),
    "orders": _Shown("Orders, in the units of the offers"),
    "contracts": _Shown("Contracts", order=lambda row: figure(row, "quantity"), note="largest first"),
    "limits": _Shown(
        "Limits",
        keep=lambda row: said(row, "binding") == "yes" or figure(row, "used") != 0,
        note="without those that concern nothing that is bought",
    ),
    "exposure": _Shown(
        "Shares", keep=lambda row: figure(row, "share") > 0, dropped=("quantity",), note="without those that are 0"
    ),
    "content": _Shown("Content of products"),
    "stock": _Shown("Demand and stock"),
    "under_way": _Shown("Goods under way when the horizon begins"),
    "costs": _Shown("Costs"),
    "risk": _Shown("Scenarios"),
    "responses": _Shown("Responses to scenarios"),
    "regret": _Shown("Regret"),
    "sources": _Shown("Sources and assumptions"),
}


def list_plan_tables(plan: ShownPlan) -> list[tuple[PageTable, str]]:
    """Return the tables of a plan as they stand on a page, each with a note on what of it is shown."""
    units = Units(plan.mass_unit, plan.currency)
    found = []
    declared = {table.name: table for table in PLAN_TABLES}
    for table, how in _SHOWN.items():
        rows = [row for row in plan.rows(table) if how.keep is None or how.keep(row)]
        if how.order is not None:
            rows.sort(key=how.order, reverse=True)
        if rows:
            found.append((_page_table(declared[table], how, rows, units), how.note))
    return found


def _page_table(table: Table[Any], how: _Shown, rows: Sequence[Row], units: Units) -> PageTable:
    columns = [column for column in table.columns if column.name not in how.dropped and _says(column, rows)]
    columns.sort(key=lambda column: column.kind == "number")
    return PageTable(
        key=table.name,
        title=how.title,
        file=f"{table.name}.csv",
        headings=[Heading(column.heading(units), _kind(column), column.unit in {MASS, CURRENCY}) for column in columns],
        rows=[[row.get(column.name) for column in columns] for row in rows],
    )


def _says(column: Column, rows: Sequence[Row]) -> bool:
    """Whether a column says anything: some cell is filled, and it does not only repeat the period."""
    if column.name == "arrives":
        return any(said(row, "arrives") != said(row, "period") for row in rows)
    return any(row.get(column.name) not in {None, ""} for row in rows)


def _kind(column: Column) -> Literal["text", "number", "share", "year"]:
    if column.kind != "number":
        return "text"
    if column.name == "year":
        return "year"
    own = "" if column.unit is None or isinstance(column.unit, UnitOf) else column.unit.words
    return "share" if own == "share" else "number"


def list_assumed(plan: ShownPlan) -> PageTable | None:
    """Return the assumed rows of the instance that a plan rests on, as the summary of an earlier plan tells them."""
    if plan.rows("sources"):
        return None
    records = plan.summary.get("assumed_rows", [])
    columns = ("table", "row", "source", "assumed")
    if not records:
        return None
    return PageTable(
        key="assumed",
        title="Assumptions",
        file="summary.json",
        headings=[Heading(column if column != "assumed" else "columns", "text") for column in columns],
        rows=[[str(record.get(column, "")) for column in columns] for record in records],
    )


def list_policies(plan: ShownPlan) -> PageTable | None:
    """Return how the measures of policies stood when they were looked up."""
    records = plan.summary.get("policies", [])
    columns = ("policy", "measure", "standing", "becomes", "partly")
    if not records:
        return None
    headings = {"partly": "what it leaves out"}
    return PageTable(
        key="policies",
        title="Law",
        file="summary.json",
        headings=[Heading(headings.get(column, column), "text") for column in columns],
        rows=[[str(record.get(column) or "") for column in columns] for record in records],
    )

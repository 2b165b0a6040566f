"""The sheets that are tables of a plan: purchases, landed cost, shares, limits, costs, and what all that rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.records.countries import country_name
from models.records.tolerances import RECOUNTED
from optimizer.book.sheets import LINE, MOST_ROWS, Column, lines_of
from optimizer.charts.costs import GROUP_OF, GROUPS
from optimizer.charts.landed import list_notes, list_routes
from optimizer.charts.palette import LIGHT
from optimizer.charts.shown import figure, known, said
from optimizer.report.risk import NOT_COUNTED
from optimizer.tables import (
    CONTRACTS,
    COSTS,
    EXPOSURE,
    LIMITS,
    ORDERS,
    PRICES,
    PURCHASES,
    REGRET,
    RESPONSES,
    RISK,
    SOURCES,
    STOCK,
    UNDER_WAY,
)
from optimizer.tables.table import SHARE, UnitOf, Units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.book.sheets import Book, Kind, Sheet
    from optimizer.charts.shown import Row, ShownPlan
    from optimizer.tables import table as declared

_EMPTY = (None, "")
_LINE_OF_NOTES, _MOST_LINES = 120, 20
"""Signs of a line of a note, and lines of it that are shown at once."""
BAR, PALE_BAR = LIGHT["step3"], LIGHT["step2"]


def add_tables(book: Book, plan: ShownPlan) -> None:
    """Add the sheets."""
    _add(book, plan, PURCHASES, "Purchases", ["What is bought of whom, where it goes, and what that costs."])
    if plan.rows("orders"):
        _add(book, plan, ORDERS, "Orders", ["What is bought of each offer, in the unit and currency that it states."])
    _add_landed(book, plan)
    _add_shares(book, plan)
    _add_limits(book, plan)
    if plan.rows("prices"):
        note = "What the plan would save without each limit, and with its level one notch looser. They do not add up."
        _add(book, plan, PRICES, "Prices of limits", [note])
    _add_costs(book, plan)
    if plan.rows("contracts"):
        _add(book, plan, CONTRACTS, "Contracts", ["Who is bought of or signed, over all periods."])
    _add(
        book,
        plan,
        STOCK,
        "Demand and stock",
        ["What stands at each site, what comes, what is needed, and what is left."],
    )
    if plan.rows("under_way"):
        note = (
            "What arrives though the plan does not buy it. It costs nothing, and counts in no share of its own stage."
        )
        _add(book, plan, UNDER_WAY, "Goods under way", [note])
    _add_scenarios(book, plan)
    _add_assumptions(book, plan)
    _add_law(book, plan)
    _add_notes(book, plan)


def _add_scenarios(book: Book, plan: ShownPlan) -> None:
    """Add what follows in each scenario, what is done then, and what a plan costs more that did not know of it."""
    if plan.rows("risk"):
        notes = [
            "What the plan costs in each scenario and leaves unmet, with its best response. The first row is the calm."
        ]
        _add(book, plan, RISK, "Scenarios", [*notes, NOT_COUNTED])
    if plan.rows("responses"):
        note = "What the best response to each scenario does otherwise than the plan; the rest is left out."
        _add(book, plan, RESPONSES, "Responses", [note])
    if plan.rows("regret"):
        note = (
            "What plans cost more than one that had known: this one, that of the caps alone, and those that are best "
            "if nothing happens and for the mean of what may."
        )
        _add(book, plan, REGRET, "Regret", [note])


def _add(book: Book, plan: ShownPlan, table: declared.Table[Any], name: str, notes: Sequence[str]) -> None:
    """Add a table as its file has it."""
    rows = plan.rows(table.name)
    sheet = book.sheet(name, name, _noted(notes, rows))
    sheet.table(table.name, _columns(plan, table, rows))


def _noted(notes: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Return the notes of a sheet, with a word on what it does not hold."""
    if len(rows) > MOST_ROWS:
        return [*notes, f"The first {MOST_ROWS:,} rows of {len(rows):,}; all of them are in the CSV file of the plan."]
    return [*notes, "There are none."] if not rows else list(notes)


def _columns(
    plan: ShownPlan, table: declared.Table[Any], rows: Sequence[Row], names: Sequence[str] = ()
) -> list[Column]:
    """Return the columns of a table, all of them or those of some names, as far as any row says something in them."""
    units = Units(plan.mass_unit, plan.currency)
    there = [column for column in table.columns if not rows or any(row.get(column.name) not in _EMPTY for row in rows)]
    return [
        Column(
            column.heading(units),
            [row.get(column.name) for row in rows],
            _kind(column),
            [said(row, column.unit.column) for row in rows] if isinstance(column.unit, UnitOf) else (),
        )
        for column in there
        if not names or column.name in names
    ]


def _kind(column: declared.Column) -> Kind:
    if column.kind != "number":
        return "text"
    if column.name == "year":
        return "year"
    if isinstance(column.unit, UnitOf):
        return "level"
    return "share" if column.unit is not None and column.unit.words == SHARE.words else "amount"


def _add_landed(book: Book, plan: ShownPlan) -> None:
    routes = list_routes(plan)
    sheet = book.sheet(
        "Landed cost",
        "Landed cost a unit, by route",
        [
            "From mine to site, for each offer that sells to a site, the cheapest first of each material.",
            "Ore, freight and duty of what a refinery is fed count at its yield: its fee is not a price a tonne.",
            "Fixed: what is paid for signing, opening and running, whatever the quantity.",
            *list_notes(plan),
        ],
    )
    unit = f"[{plan.currency}\N{NO-BREAK SPACE}a\N{NO-BREAK SPACE}unit]"
    parts = [
        Column(f"{words} {unit}", [route.costs[group] / route.units for route in routes], "exact")
        for group, words in (("ore", "ore or metal"), *((g, g) for g in ("processing", "freight", "duty", "fixed")))
    ]
    sheet.table(
        "landed",
        [
            Column("last offer", [route.offer for route in routes]),
            Column("material", [route.material for route in routes]),
            Column("country", [route.country for route in routes]),
            Column("name of country", [country_name(route.country) for route in routes]),
            Column("unit", [plan.units.get(route.material, plan.mass_unit) for route in routes]),
            Column(f"sold to sites [{plan.mass_unit}]", [route.units for route in routes], "amount"),
            Column(
                f"landed cost {unit}",
                [route.unit_cost for route in routes],
                "exact",
                bar=PALE_BAR,
                by=[route.material for route in routes],
            ),
            *parts,
        ],
    )


def _add_shares(book: Book, plan: ShownPlan) -> None:
    rows = [row for row in plan.rows("exposure") if figure(row, "share") > 0 or figure(row, "counted") > 0]
    notes = [
        "Share of each country in what passes a stage: by place, where it is made; by control, who owns that.",
        "Rows without a period are over all of them; shares that are 0 are left out.",
        "More may count against a cap than the share: what nobody declared may count against everybody.",
    ]
    sheet = book.sheet("Shares", "Shares by country", _noted(notes, rows))
    texts = _columns(plan, EXPOSURE, rows, ("material", "stage", "period", "basis", "country"))
    figures = {column.heading: column for column in _columns(plan, EXPOSURE, rows, ("share", "cap", "counted"))}
    share = Column("share", [row.get("share") for row in rows], "share", bar=PALE_BAR)
    caps = [Column(name, figures[name].cells, "share") for name in ("cap", "counted") if name in figures]
    states = [state(known(row, "cap"), known(row, "counted")) for row in rows]
    names = Column("name of country", [country_name(said(row, "country")) for row in rows])
    columns = [*texts, names, share, *caps, Column("against its cap", states)]
    first, last = sheet.table("shares", columns)
    _colour_states(sheet, first, last, len(columns) - 1)


def _colour_states(sheet: Sheet, first: int, last: int, place: int) -> None:
    """Write in bold who is at a cap, and in red who is over it; the words say so without."""
    for word, style in (("at cap", {"bold": True}), ("over", {"bold": True, "font_color": LIGHT["alarm"]})):
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": sheet.book.file.add_format(style)}
        sheet.own.conditional_format(first, place, last, place, rule)


def state(cap: float | None, counted: float | None) -> str:
    """Say how a share stands to its cap: nothing where there is none.

    >>> state(0.35, 0.3), state(0.35, 0.35), state(0.35, 0.4), state(None, None)
    ('ok', 'at cap', 'over', '')
    """
    if cap is None or counted is None:
        return ""
    if counted > cap + RECOUNTED:
        return "over"
    return "at cap" if counted >= cap - RECOUNTED else "ok"


def _add_limits(book: Book, plan: ShownPlan) -> None:
    rows = sorted(plan.rows("limits"), key=lambda row: said(row, "binding") != "yes")
    prices = {said(row, "limit"): row for row in plan.rows("prices")}
    notes = ["What each limit allows, what the plan uses of it, and what is left; first what binds."]
    if prices:
        notes.append(
            "Saved without it: what the plan would cost less without the whole limit, the same in all of its rows. "
            "Savings do not add up."
        )
    else:
        notes.append("What each limit costs was not asked for: lodeplan solve --report works it out.")
    columns = _columns(plan, LIMITS, rows)
    for end in ("least", "most") if prices else ():
        found = [known(prices.get(said(row, "limit"), {}), f"saved without {end}") for row in rows]
        columns.append(Column(f"saved without it, at {end} [{plan.currency}]", found, "amount"))
    sheet = book.sheet("Limits", "Limits", _noted(notes, rows))
    sheet.table("limits", columns)


def _add_costs(book: Book, plan: ShownPlan) -> None:
    rows = plan.rows("costs")
    total = sum(figure(row, "amount") for row in rows)
    share = Column("share", [figure(row, "amount") / total if total else 0.0 for row in rows], "share", bar=PALE_BAR)
    sheet = book.sheet("Costs", "Costs", _noted(["By name of cost and material, over all periods."], rows))
    sheet.table("costs", [*_columns(plan, COSTS, rows), share])


def costs_of_materials(plan: ShownPlan) -> dict[str, dict[str, float]]:
    """Return what each material costs by group of costs, the dearest first [currency]."""
    found: dict[str, dict[str, float]] = {}
    for row in plan.rows("costs"):
        amounts = found.setdefault(said(row, "material"), dict.fromkeys(GROUPS, 0.0))
        amounts[GROUP_OF.get(said(row, "cost"), "fixed")] += figure(row, "amount")
    return dict(sorted(found.items(), key=lambda one: (-sum(one[1].values()), one[0])))


def _add_assumptions(book: Book, plan: ShownPlan) -> None:
    rows, title = plan.rows("sources"), "Sources and assumptions"
    if rows:
        note = "Every row of the instance that the plan uses: how well it is known, what is assumed, and where from."
        sheet = book.sheet("Assumptions", title, _noted([note], rows))
        sheet.table("sources", _columns(plan, SOURCES, rows))
        return
    records = [record for record in plan.summary.get("assumed_rows", []) if isinstance(record, dict)]
    notes = [
        "The plan has no sources.csv, as an earlier version wrote it: here are the assumed rows that it uses alone.",
        "lodeplan solve writes it anew, with the source and year of every row.",
    ]
    sheet = book.sheet("Assumptions", title, notes if records else [*notes, "There are none."])
    sheet.table("assumed", _of_records(records, ("table", "row", "source", "assumed")))


def _add_law(book: Book, plan: ShownPlan) -> None:
    records = plan.summary.get("policies", [])
    if records:
        sheet = book.sheet("Law", "Law", ["How each measure of a policy stood when the plan was made."])
        sheet.table("law", _of_records(records, ("policy", "measure", "standing", "becomes", "partly")))


def _of_records(records: Sequence[dict[str, object]], keys: Sequence[str]) -> list[Column]:
    headings = {"partly": "what it leaves out", "assumed": "assumed columns"}
    return [Column(headings.get(key, key), [str(record.get(key) or "") for record in records]) for key in keys]


def _add_notes(book: Book, plan: ShownPlan) -> None:
    notes = plan.summary.get("notes", [])
    if notes:
        sheet = book.sheet("Notes", "Notes", ["What was noted of the instance when the plan was made."])
        for note in notes:
            sheet.text(sheet.row, 0, note, text_wrap=True)
            sheet.own.set_row(sheet.row, LINE * min(lines_of(str(note), _LINE_OF_NOTES), _MOST_LINES))
            sheet.row += 1
        sheet.own.set_column(0, 0, _LINE_OF_NOTES)

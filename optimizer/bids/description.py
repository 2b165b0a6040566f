"""What was taken of a bid sheet and what was left, as text and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.records.wording import format_amount, format_count
from optimizer.report.layout import format_table, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.bids.header import MappedColumn
    from optimizer.bids.read import Bids

_IN_COLUMN = 44
"""Signs of a heading that are shown in the table."""


def describe_bids(bids: Bids) -> str:
    """Return what was taken and left, for people."""
    return "\n".join(_paragraphs(bids)) + "\n"


def _paragraphs(bids: Bids) -> Iterator[str]:
    sheet, header = bids.sheet, bids.header
    yield wrap(f"{sheet.whole}: the heading ends in row {header.row}; {format_count(bids.bids, 'bids')} below it.")
    for name in bids.others:
        yield wrap(f"Sheet {name}: not read.", later=2)
    yield ""
    rows = [
        [sheet.column(one.at), _cut(one.heading), one.field, _tell_unit(bids, one), _tell_guess(one)]
        for one in header.taken
    ]
    yield format_table(["column", "heading", "taken as", "unit", ""], rows, left=5).rstrip()
    yield ""
    yield from (wrap(line, later=2) for line in _lines(bids))


def _lines(bids: Bids) -> Iterator[str]:
    sheet = bids.sheet
    for name, value in bids.mapping.set.items():
        yield f"In every row: {name} = {value}."
    for bare, whole in bids.units.taken_as:
        yield f"Taken for granted: each {bare} is {whole}."
    for one in bids.units.converted:
        yield f"{one.field}: 1 {one.of} is written as {format_amount(one.factor, finer=2)} {one.to}."
    if not bids.offers.are_named and bids.offers.rows:
        yield "No column names the offers: each is called after its company and material, and what else tells it apart."
    left = [f"{sheet.column(at)} {_cut(name)}" for at, name in bids.header.left]
    yield f"Columns not taken: {'; '.join(left)}." if left else "Every column is taken."
    yield f"Rows not taken: {format_count(len(bids.left), 'rows')}." if bids.left else "Every row is taken."
    for row, why in bids.left:
        yield f"  row {row} {why}"


def _tell_unit(bids: Bids, taken: MappedColumn) -> str:
    unit = bids.units.unit_of(taken.field)
    paced = {1: "", 4: " a quarter", 12: " a month"}[unit.times]
    return " per ".join(filter(None, (unit.currency, unit.basis))) + paced


def _tell_guess(taken: MappedColumn) -> str:
    return "by its name" if taken.guessed else "as mapped"


def _cut(text: str) -> str:
    return text if len(text) <= _IN_COLUMN else f"{text[: _IN_COLUMN - 1]}…"


def bids_data(bids: Bids) -> dict[str, Any]:
    """Return the same as data, with the rows that offers become."""
    sheet = bids.sheet
    return {
        "file": sheet.file,
        "sheet": sheet.name,
        "sheets_left": bids.others,
        "header_row": bids.header.row,
        "columns": [
            {
                "column": sheet.column(one.at),
                "heading": one.heading,
                "field": one.field,
                "currency": bids.units.unit_of(one.field).currency,
                "basis": bids.units.unit_of(one.field).basis,
                "times_a_year": bids.units.unit_of(one.field).times,
                "guessed": one.guessed,
            }
            for one in bids.header.taken
        ],
        "columns_left": [{"column": sheet.column(at), "heading": name} for at, name in bids.header.left],
        "set": dict(bids.mapping.set),
        "taken_for_granted": [{"unit": bare, "basis": whole} for bare, whole in bids.units.taken_as],
        "converted": [one._asdict() for one in bids.units.converted],
        "rows_left": [{"row": row, "reason": why} for row, why in bids.left],
        "tables": {
            table: [row.model_dump(mode="json", by_alias=True, exclude_defaults=True) for row in rows]
            for table, rows in bids.offers.records.items()
        },
        "faults": list(bids.faults),
    }

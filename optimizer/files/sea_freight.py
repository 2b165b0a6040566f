"""Lanes whose freight is ``sea``: worked out as an instance is read, so that from then on rows say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.market.bases import Bases
from models.market.sea_freight import estimate_freight
from optimizer.files.columns import RANK
from optimizer.files.grid import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from models.market import Lane
    from optimizer.files.draft import Draft
    from optimizer.files.faults import Faults
    from optimizer.files.grid import TextLine
    from optimizer.files.rows import Rows

_TABLE = "lanes"
_COLUMN = "freight"
_WORD = "sea"


def take_sea_freight(draft: Draft) -> list[int]:
    """Take the word out of the cells that say it, and return which rows of the table of lanes these are."""
    lines = draft.grids[_TABLE].lines if _TABLE in draft.grids else []
    asking = [at for at, cell in enumerate(_freights(lines)) if isinstance(cell, str) and _is_word(cell)]
    for at in asking:
        cells = {column: cell for column, cell in lines[at].cells.items() if column != _COLUMN}
        lines[at] = Line(lines[at].number, cells, lines[at].sound)
    return asking


def _freights(lines: Sequence[Line | TextLine]) -> Iterator[object]:
    """Yield the freight that each row says; of a row of texts its other cells are not looked at."""
    heading, place = None, None
    for line in lines:
        if isinstance(line, Line):
            yield line.cells.get(_COLUMN)
            continue
        if line.columns.heading is not heading:
            heading = line.columns.heading
            place = heading.names.index(_COLUMN) if _COLUMN in heading.names else None
        yield None if place is None else line.texts[place]


def _is_word(cell: str) -> bool:
    return cell.strip().casefold() == _WORD


def add_sea_freight(draft: Draft, rows: Rows, header: Mapping[str, object], asking: list[int], faults: Faults) -> None:
    """Put an estimate into the lanes that ask for one; what cannot be had is noted in `faults`."""
    if not asking:
        return
    materials = [row for row in rows.records.get("materials", ()) if row is not None]
    bases = Bases(materials, filter(None, rows.records.get("conversions", ())))
    offers = {row.offer: row for row in rows.records.get("offers", ()) if row is not None}
    grid, rate, currency = draft.grids[_TABLE], header.get("sea_rate"), header.get("currency")
    for at in asking:
        lane: Lane | None = rows.records[_TABLE][at]
        offer = offers.get(lane.origin) if lane is not None else None
        if lane is None or offer is None or offer.material not in bases.own or not isinstance(currency, str):
            continue  # told elsewhere
        column, why = _find_lack(lane, rate)
        if not why and isinstance(rate, float):
            try:
                rows.records[_TABLE][at] = estimate_freight(lane, offer, rate, currency, bases)
            except ValueError as error:
                column, why = "freight", f"sea cannot be had: {error}"
        if why:
            faults.add(grid.place(grid.numbers[at], column), why, RANK[_TABLE], grid.numbers[at])


def _find_lack(lane: Lane, rate: object) -> tuple[str, str]:
    """Return in which column of a lane what it needs for an estimate is missing, and what; nothing where it is not."""
    if rate is None:
        return "freight", "sea needs a rate per tonne and 1000 nautical miles; write sea_rate in instance.toml"
    for column in ("from_port", "to_port"):
        if getattr(lane, column) is None:
            return column, "is empty, and freight by sea is from port to port; write one such as USHOU or Houston"
    if lane.currency is not None:
        return "currency", "the rate of freight by sea is in the currency of the instance; leave it empty"
    return "freight", ""

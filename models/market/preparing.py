"""The rows of a market as a program takes them: figures in their materials' own bases, in order."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.market import Market
    from models.market.tables.record import Record


def list_prepared(market: Market, table: str, record: type[Record]) -> Collection[Record]:
    """Return the rows of a table in their materials' own bases, in the order of their keys unless theirs counts."""
    rows: Collection[Record] = getattr(market, table)
    if rows and (record.AMOUNTS or record.UNIT_PRICES):
        factor = market.bases.factor
        rows = [row.in_basis(factor(*_stated_in(market, row)), market.scores) for row in rows]
    return _in_order(rows) if record.SORTED else rows


def _stated_in(market: Market, row: Record) -> tuple[str, str | None]:
    """Return the material that a row belongs to, and the basis of its figures: its own, or that of its offer."""
    column = row.PART[0]
    name, basis = getattr(row, column), getattr(row, "basis", None)
    if row.REFERS[column] == "materials":
        return name, basis
    offer = market.offer[name]
    return offer.material, basis or offer.basis


def _in_order(rows: Collection[Record]) -> list[Record]:
    record = next(iter(rows), None)
    if record is not None and all(type(record).model_fields[column].annotation is str for column in record.KEY):
        return sorted(rows, key=attrgetter(*record.KEY))
    return sorted(rows, key=lambda row: [str(part or "") for part in row.key])

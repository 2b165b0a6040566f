"""The rows of a market as a program takes them: figures in their materials' own bases, in order."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.market import Market
    from models.market.tables.record import Record


def list_prepared(market: Market, table: str, record: type[Record]) -> Collection[Record]:
    """Return the rows of a table in their materials' own bases, in the order of their keys unless theirs counts."""
    rows: Collection[Record] = getattr(market, table)
    if rows and (record.AMOUNTS or record.UNIT_PRICES):
        rows = _restate(market, rows, record)
    return _in_order(rows) if record.SORTED else rows


def _restate(market: Market, rows: Collection[Any], record: type[Record]) -> list[Record]:
    """Return rows in their materials' own bases, out of the basis of each row or else that of its offer."""
    factor, of_offers = market.bases.factor, record.REFERS[record.PART[0]] == "offers"
    has_basis = "basis" in record.REFERS
    has_prices = bool(record.UNIT_PRICES) and (of_offers or "price_basis" in record.REFERS)
    restated = []
    for row in rows:
        stated = market.offer[row.offer] if of_offers else row
        held = factor(stated.material, (row.basis if has_basis else None) or (stated.basis if of_offers else None))
        priced_per = stated.price_basis if has_prices else None
        in_price = held if priced_per is None else factor(stated.material, priced_per)
        restated.append(row.in_basis(held, market.scores, in_price))
    return restated


def _in_order(rows: Collection[Record]) -> list[Record]:
    record = next(iter(rows), None)
    if record is not None and all(type(record).model_fields[column].annotation is str for column in record.KEY):
        return sorted(rows, key=attrgetter(*record.KEY))
    return sorted(rows, key=lambda row: [str(part or "") for part in row.key])

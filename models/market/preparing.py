"""The rows of a market as a program takes them: figures in their materials' own bases and in one currency, in order."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from models.market.tables.lane_terms import LaneTerms
from models.market.tables.rate import Rate
from models.market.tables.terms import Terms
from models.market.tables.tier import Tier

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.market import Market
    from models.market.tables.record import Record


def list_prepared(market: Market, table: str, record: type[Record]) -> Collection[Record]:
    """Return the rows of a table in their materials' own bases, in currency, in the order of their keys."""
    rows: Collection[Record] = getattr(market, table)
    if rows and (record.AMOUNTS or record.UNIT_PRICES):
        factor = market.bases.factor
        rows = [row.in_basis(factor(*_stated_in(market, row)), market.scores) for row in rows]
    if market.rates and record.MONEY:
        rows = _in_currency(market, rows)
    if record is Rate:
        rows = _against_first(market)
    return _in_order(rows) if record.SORTED else rows


def _stated_in(market: Market, row: Record) -> tuple[str, str | None]:
    """Return the material that a row belongs to, and the basis of its figures: its own, or that of its offer."""
    column = row.PART[0]
    name, basis = getattr(row, column), getattr(row, "basis", None)
    if row.REFERS[column] == "materials":
        return name, basis
    offer = market.offer[name]
    return offer.material, basis or offer.basis


def _in_currency(market: Market, rows: Collection[Record]) -> list[Record]:
    """Return rows with money at the rates of the first period; where rates move, with the name of their currency."""
    first, moving = market.exchange.first, market.exchange.moving
    of_lanes = {(lane.origin, lane.destination): lane.currency for lane in market.lanes}

    def currency_of(row: Record) -> str | None:
        match row:
            case Tier() | Terms():
                return market.offer[row.offer].currency
            case LaneTerms():
                return of_lanes.get((row.origin or "", row.destination or ""))
            case _:
                own: str | None = getattr(row, "currency", None)
                return own

    named = [(row, currency_of(row)) for row in rows]
    return [
        row if currency is None else row.in_currency(first(currency), kept=currency in moving)
        for row, currency in named
    ]


def _against_first(market: Market) -> list[Rate]:
    """Return the rates of currencies that move, against what they are worth in the first period."""
    first, moving = market.exchange.first, market.exchange.moving
    return [
        row.model_copy(update={"rate": row.rate / first(row.currency)})
        for row in market.rates
        if row.currency in moving
    ]


def _in_order(rows: Collection[Record]) -> list[Record]:
    record = next(iter(rows), None)
    if record is not None and all(type(record).model_fields[column].annotation is str for column in record.KEY):
        return sorted(rows, key=attrgetter(*record.KEY))
    return sorted(rows, key=lambda row: [str(part or "") for part in row.key])

"""A market that is another one but for offers that have less to sell in some periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from models.market.bounds import Sale
    from models.market.market import PreparedMarket
    from models.market.tables.terms import Terms


def list_less_to_sell(market: PreparedMarket, other: PreparedMarket) -> Mapping[Sale, float] | None:
    """Return what offers have to sell where that is less than in another market, by offer and period [units].

    None where the markets differ in anything else, or where an offer has more.
    """
    if market is other:
        return {}
    for name in type(market).model_fields:
        mine, theirs = getattr(market, name), getattr(other, name)
        if name != "terms" and mine is not theirs and mine != theirs:
            return None
    known, own = set(map(id, other.terms)), set(map(id, market.terms))
    new = [row for row in market.terms if id(row) not in known]
    gone = [row for row in other.terms if id(row) not in own]
    if _but_for_capacities(new) != _but_for_capacities(gone):
        return None
    less: dict[Sale, float] = {}
    for row in (*new, *gone):
        sale = row.offer, row.period
        before, now = other.capacity(*sale), market.capacity(*sale)
        if now > before:
            return None
        if now < before and row.period in other.full_years[row.offer]:
            less[sale] = now * other.full_years[row.offer][row.period]
    return less


def _but_for_capacities(rows: Iterable[Terms]) -> dict[Sale, list[float | None]]:
    """Return what rows say beside a capacity, by offer and period."""
    said = {(row.offer, row.period): [getattr(row, name) for name in row.DIFFERS if name != "capacity"] for row in rows}
    return {sale: terms for sale, terms in said.items() if any(term is not None for term in terms)}

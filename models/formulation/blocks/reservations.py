r"""Reservations: capacity that a plan pays for and does not use, so that a response may call it.

    q_{it} + R_i * years_{it}  <=  capacity_{it}          R_i >= 0, units a year, in every period of sale
    R_i  <=  U_i z_i                                      only where the offer needs signing
    cost += reservation_price_i * R_i * sum_t years_{it}

years_{it} are years of full capacity (less while it ramps up), U_i the most that it has in any period. A plan for
no scenario, of which no limit loses anything, has no use for it, and reserves nothing. In a response what is reserved
may be called at the plain price, without notice, as far as a loss leaves it (`calls`).
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from pyomo.core import NonNegativeReals

from models.algebra.constraints import LinearRows
from models.algebra.variables import declare
from models.formulation.blocks.block import MarketBlock
from models.records.tolerances import slight
from models.records.wording import format_amount, format_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyomo.core import ConcreteModel

    from models.formulation.blocks.block import Books
    from models.market import PreparedMarket


_FAR_ABOVE = 10.0


def add(m: ConcreteModel) -> None:
    """Let a plan that responses hang on reserve capacity of the offers that have a price for it."""
    offers = [offer.offer for offer in m.market.offers if offer.reservation_price is not None]
    if m.response is not None or not (m.reserves and offers):
        return
    market = m.market
    declare(m, "reserved", offers, NonNegativeReals, "capacity reserved [quantity per year]")
    rows = m.rows["reserved"] = LinearRows("quantity + reserved * years <= capacity, reserved <= capacity * signed")
    for name, reserved in m.reserved.items():
        years, rate = market.full_years[name], _most(m, name)
        reserved.setub(rate)
        m.costs["reservation"].append((market.reservation_price(name) * sum(years.values()), reserved))
        for period, full in years.items():
            most, key = market.available[name, period], (name, period)
            if most < inf:
                bought = [(1.0, m.quantities[key])] if key in m.quantities else []
                rows.at_most(key, [*bought, (full, reserved)], most)
        if name in m.signed:
            rows.at_most((name, "signed"), [(1.0, reserved), (-rate, m.signed[name])], 0.0)


def _most(m: ConcreteModel, name: str) -> float:
    """Return more than anybody would reserve of an offer [units per year]: what it has, or far above all demand."""
    market: PreparedMarket = m.market
    most = max(market.capacity(name, period) for period in market.years)
    if most < inf:
        return most
    return _FAR_ABOVE * market.demand_of(market.offer[name].material, market.years) / min(market.years.values())


def violations(books: Books) -> Iterator[str]:
    """Yield what is reserved of offers that reserve nothing, without a contract, or beyond what there is."""
    for name, rate in books.reserved.items():
        offer = books.market.offer.get(name)
        if not rate:
            continue
        if offer is None or offer.reservation_price is None:
            yield f"{name}: {format_amount(rate)} a year are reserved, and it states no reservation_price"
            continue
        if books.market.needs_signing(offer) and not books.signed.get(name, False):
            yield f"{name}: {format_amount(rate)} a year are reserved without a signed contract"
        for period, years in books.market.full_years[name].items():
            units, most = books.quantity[name, period] + rate * years, books.market.available[name, period]
            if units > most + slight(most):
                taken, allowed = format_apart(units, most)
                yield f"{name}: {taken} bought and reserved in {period} is above the capacity of {allowed}"


BLOCK = MarketBlock(add, violations)

"""orders.csv: what is bought of each offer in the unit and the currency in which the offer is stated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from optimizer.tables.table import KEY, Row, Table, UnitOf, Units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Market
    from optimizer.tables.table import PlannedInstance


@dataclass(frozen=True, slots=True)
class Order(Row):
    """What is bought of an offer in a period, as its supplier states it: for bids, orders and contracts."""

    offer: Annotated[str, KEY]
    """What is bought."""
    period: Annotated[str, KEY]
    """When it leaves."""
    company: str
    """Who sells it."""
    material: str
    """Of which material it is."""
    stage: str
    """Stage at which it is sold."""
    quantity: Annotated[float, UnitOf("basis")]
    """What leaves the offer, to all destinations."""
    basis: str
    """The unit and the substance of the quantity, as the offer states it."""
    paid: Annotated[float, UnitOf("currency")]
    """What is paid for it; freight, duty and fixed costs apart."""
    currency: str
    """The currency of the offer."""
    price: Annotated[float, UnitOf("unit of price")]
    """What a unit costs, as the offer states it, on the mean of the tiers that are reached."""
    unit_of_price: str
    """Currency per unit of the price."""


def states_otherwise(market: Market) -> bool:
    """Whether any offer has a basis or a currency of its own."""
    return any((offer.basis or offer.price_basis or offer.currency) is not None for offer in market.offers)


def list_orders(planned: PlannedInstance, units: Units) -> Iterator[Order]:
    """Yield what is bought of each offer in each period, in order."""
    market = planned.instance.market
    for name, by_period in sorted(planned.account.spent.items()):
        offer = market.offer[name]
        basis, currency = offer.basis or market.material[offer.material].basis, offer.currency or units.currency
        held = market.bases.factor(offer.material, offer.basis)
        per = held / market.bases.factor(offer.material, offer.priced_per)
        for period, terms in by_period.items():
            bought = sum(amount for _, amount in terms) / held
            if bought > 0:
                paid = sum(price * amount for price, amount in terms) / market.exchange.rate(offer.currency, period)
                yield Order(
                    offer=name,
                    period=period,
                    company=offer.company,
                    material=offer.material,
                    stage=offer.stage,
                    quantity=bought,
                    basis=basis,
                    paid=paid,
                    currency=currency,
                    price=paid / (bought * per),
                    unit_of_price=f"{currency} per {offer.priced_per or basis}",
                )


ORDERS = Table(
    "orders",
    Order,
    list_orders,
    only="Only where an offer has a `basis`, a `price_basis` or a `currency` of its own.",
    is_there=lambda planned: states_otherwise(planned.instance.market),
)

"""purchases.csv: what is bought of whom, where it goes, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from optimizer.tables.table import COMPARED, CURRENCY, KEY, MASS, READ, Row, Table, Units, of_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.results.account import Account


@dataclass(frozen=True, slots=True)
class Purchase(Row):
    """What goes from an offer to a destination in a period; the costs are its part of the offer's, fixed ones apart."""

    offer: Annotated[str, KEY]
    """What is bought."""
    company: Annotated[str, COMPARED]
    """Who sells it."""
    material: Annotated[str, COMPARED]
    """Of which material it is."""
    basis: Annotated[str, COMPARED]
    """What a unit of the material is counted in, as in t LCE."""
    stage: Annotated[str, COMPARED]
    """Stage at which it is sold."""
    country: Annotated[str, COMPARED]
    """Country of the place where it is made."""
    destination: Annotated[str, KEY]
    """Site, or offer of the next stage, to which it goes."""
    period: Annotated[str, KEY]
    """When it leaves."""
    arrives: str
    """Period in which it arrives."""
    quantity: Annotated[float, MASS, READ, COMPARED]
    """What leaves the offer."""
    purchase: Annotated[float, CURRENCY]
    """Price of what is bought; 0 where the offer processes what was bought before."""
    processing: Annotated[float, CURRENCY]
    """Charge for processing; 0 where the offer sells the material itself."""
    freight: Annotated[float, CURRENCY]
    """What the way costs."""
    duty: Annotated[float, CURRENCY]
    """What the way is charged at a border."""
    licence: str
    """Licences that the way needs on any day of the period, with semicolons between them."""


def list_purchases(account: Account, _: Units) -> Iterator[Purchase]:
    """Yield what goes from an offer to a destination, by offer, destination and period."""
    tiered = {tier.offer for tier in account.market.tiers}
    for (origin, destination, period), units in sorted(account.plan.flow.items()):
        offer = account.market.offer[origin]
        price = account.market.price(origin, period)
        if origin in tiered:
            terms = account.spent[origin][period]
            price = sum(price * units for price, units in terms) / (account.quantity[origin, period] or 1.0)
        yield Purchase(
            offer=origin,
            company=offer.company,
            material=offer.material,
            basis=account.market.material[offer.material].basis,
            stage=offer.stage,
            country=offer.country,
            destination=destination,
            period=period,
            arrives=account.network.arrival.get((origin, destination, period), period),
            quantity=units,
            purchase=price * units if offer.yield_ is None else 0.0,
            processing=0.0 if offer.yield_ is None else price * units,
            freight=account.market.passage.freight(origin, destination, period) * units,
            duty=units
            * account.network.duty(origin, destination, period, account.network.arrives(origin, destination, period)),
            licence="; ".join(account.network.borders.licences.get((origin, destination), {}).get(period, ())),
        )


PURCHASES = Table("purchases", Purchase, of_account(list_purchases))

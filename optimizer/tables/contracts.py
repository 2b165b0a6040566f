"""contracts.csv: who is bought of or signed, on which terms, over the whole horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from optimizer.tables.table import CURRENCY, KEY, MASS, READ, SHARE, Row, Table, Unit, Units, of_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.results.account import Account


@dataclass(frozen=True, slots=True)
class Contract(Row):
    """An offer that is signed or bought, over the horizon."""

    offer: Annotated[str, KEY]
    """What is signed or bought."""
    company: str
    """Who sells it."""
    material: str
    """Of which material it is."""
    stage: str
    """Stage at which it is sold."""
    country: str
    """Country of the place where it is made."""
    signed: Annotated[bool, READ]
    """Whether the contract is signed."""
    quantity: Annotated[float, MASS]
    """What is bought of it."""
    reserved: Annotated[float, Unit("{mass} per year")]
    """Capacity of it that is reserved for responses; an audit reads that where it stands there."""
    minimum_take: Annotated[float, MASS]
    """What a contract that is signed must at least take."""
    capacity: Annotated[float | None, MASS]
    """The most that it can sell; empty where that is not stated."""
    capacity_used: Annotated[float | None, SHARE]
    """Part of the capacity that is bought; empty where that is not stated."""
    fixed_cost: Annotated[float, CURRENCY]
    """What it costs to sign, and to buy in a period, whatever the quantity."""
    opening_cost: Annotated[float, CURRENCY]
    """What it costs to open a plant that is not there yet."""


def list_contracts(account: Account, _: Units) -> Iterator[Contract]:
    """Yield the offers that are signed or bought, in the order of the market."""
    takes = account.network.minimum_takes
    for offer in account.market.offers:
        window = account.market.window(offer)
        bought = sum(account.quantity[offer.offer, period] for period in window)
        signed = account.plan.signed.get(offer.offer, bought > 0)
        reserved = account.reserved.get(offer.offer, 0.0)
        if not (signed or bought > 0 or reserved):
            continue
        least = sum(takes.by_period.get((offer.offer, period), 0.0) for period in window)
        least += sum(units for (name, _), (_, units) in takes.by_year.items() if name == offer.offer)
        capacity = None
        if account.market.is_limited(offer.offer):
            capacity = sum(account.network.available[offer.offer, period] for period in window)
        running = [period for period in window if account.quantity[offer.offer, period] > 0]
        repeated = sum(account.market.fixed_cost_per_period(offer.offer, period) for period in running)
        yield Contract(
            offer=offer.offer,
            company=offer.company,
            material=offer.material,
            stage=offer.stage,
            country=offer.country,
            signed=signed,
            quantity=bought,
            reserved=reserved,
            minimum_take=least,
            capacity=capacity,
            capacity_used=None if capacity is None else bought / capacity if capacity else 0.0,
            fixed_cost=account.market.fixed_cost(offer.offer) * signed + repeated,
            opening_cost=account.market.opening_cost(offer.offer) * signed,
        )


CONTRACTS = Table("contracts", Contract, of_account(list_contracts))

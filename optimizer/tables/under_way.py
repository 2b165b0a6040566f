"""under_way.csv: what was on its way when the horizon began, and what processors make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from optimizer.tables.table import KEY, MASS, Row, Table, Units, of_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.results.account import Account


@dataclass(frozen=True, slots=True)
class Arrival(Row):
    """What arrives without being bought: it costs nothing, and counts in no share of its own stage."""

    destination: Annotated[str, KEY]
    """Site, or offer that takes it as feed."""
    material: Annotated[str, KEY]
    """Of which material."""
    basis: str
    """What a unit of the material is counted in, as in t LCE."""
    stage: str
    """Stage at which it was bought: the last at a site, the one before its own at a processor."""
    period: Annotated[str, KEY]
    """In which period it arrives."""
    quantity: Annotated[float, MASS]
    """What arrives."""
    made: Annotated[float | None, MASS]
    """What the processor makes of it, which is part of what is bought of it; empty at a site."""


def list_arrivals(account: Account, _: Units) -> Iterator[Arrival]:
    """Yield what arrives though the plan does not buy it, by destination, material and period."""
    market = account.market
    place = {period: number for number, period in enumerate(market.years)}
    coming = sorted(market.arriving_anyway.items(), key=lambda node: (*node[0][:2], place[node[0][2]]))
    for (destination, material, period), units in coming:
        taker, chain = market.offer.get(destination), market.material[material].stages
        yield Arrival(
            destination=destination,
            material=material,
            basis=market.material[material].basis,
            stage=chain[-1] if taker is None else chain[chain.index(taker.stage) - 1],
            period=period,
            quantity=units,
            made=None if taker is None or taker.yield_ is None else taker.yield_ * units,
        )


UNDER_WAY = Table(
    "under_way",
    Arrival,
    of_account(list_arrivals),
    only="Only where the instance has goods `under_way`.",
    is_there=lambda planned: any(row.quantity for row in planned.instance.market.under_way),
)

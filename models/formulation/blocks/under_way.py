r"""Goods under way when the horizon begins: they arrive whatever is bought, and are used or stored.

supply_{smt} += w_{smt}        of which a response may write off what it cannot use (`sourcing`)

What is under way to a processor is feed, and runs it (`refining`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.formulation.blocks.block import MarketBlock
from models.records.tolerances import ROUNDING
from models.records.wording import format_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyomo.core import ConcreteModel

    from models.formulation.blocks.block import MarketBounds


def add(m: ConcreteModel) -> None:
    """Take what arrives at sites anyway off what is needed."""
    for node, units in m.market.arriving_at_sites.items():
        m.need[node] -= units


def impossible(most: MarketBounds) -> Iterator[str]:
    """Yield where more arrives than can be processed, used or stored, though nothing is bought."""
    yield from _too_much_feed(most)
    rooms = {(stock.site, stock.material): stock for stock in most.market.stock}
    coming = most.market.arriving_at_sites
    for site, material in dict.fromkeys((site, material) for site, material, _ in coming):
        room = rooms.get((site, material))
        left, capacity = (room.opening, room.capacity) if room else (0.0, 0.0)
        for period in most.market.years:
            node = site, material, period
            need = most.network.nodes.get(node, 0.0)
            had, left = left + coming.get(node, 0.0), max(0.0, left + coming.get(node, 0.0) - need)
            if left > capacity * (1 + ROUNDING):
                much, can = format_apart(had, need + capacity)
                said = f"{much} {most.mass_unit} are there or under way and at most {can} can be used or stored"
                yield f"{material} at {site} in {period}: {said}"
                break


def _too_much_feed(most: MarketBounds) -> Iterator[str]:
    """Yield where more feed arrives than a processor can turn into what is used or stored."""
    for (name, period), units in most.market.arriving_feed.items():
        offer = most.market.offer[name]
        can = most.network.quantities.get((name, period), 0.0) / (offer.yield_ or 1.0)
        if units > can * (1 + ROUNDING):
            ways = [(pair, period) for pair in most.network.borders.closures if pair[0] == name]
            much, most_of_it = format_apart(units, can)
            said = f"{much} {most.mass_unit} of feed are under way and at most {most_of_it} can be processed and used"
            yield f"{name} in {period}: {said}{most.network.borders.describe_closed(ways)}"


BLOCK = MarketBlock(add, impossible=impossible)

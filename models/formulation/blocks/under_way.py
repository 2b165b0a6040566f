r"""Goods under way when the horizon begins: they arrive whatever is bought, and are used or stored.

supply_{smt} += w_{smt}        of which a response may write off what it cannot use (`sourcing`)
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
    """Take what arrives anyway off what is needed."""
    for node, units in m.market.arriving_anyway.items():
        m.need[node] -= units


def impossible(most: MarketBounds) -> Iterator[str]:
    """Yield where more arrives than can be used or stored, though nothing is bought."""
    rooms = {(stock.site, stock.material): stock for stock in most.market.stock}
    coming = most.market.arriving_anyway
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


BLOCK = MarketBlock(add, impossible=impossible)

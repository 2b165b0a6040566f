r"""Commitments: what is bought whatever else is, because it is agreed already.

    q_{it} >= committed_{it},   z_i = 1,   a_{it} = 1

z_i is `signed` and a_{it} `running`, where the terms of the offer have them. In a response what is committed may stay
untaken, as anything else that was planned (`calls`).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.algebra.constraints import LinearRows
from models.formulation.blocks.block import MarketBlock
from models.records.tolerances import ROUNDING, slight
from models.records.wording import format_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyomo.core import ConcreteModel

    from models.formulation.blocks.block import Books, MarketBounds


def add(m: ConcreteModel) -> None:
    """Buy what is committed, and sign the contracts behind it."""
    if not m.market.commitments or m.response is not None:
        return
    rows = m.rows["commitment"] = LinearRows("quantity >= committed")
    running = m.running if hasattr(m, "running") else ()
    for key, units in m.network.committed.items():
        rows.at_least(key, [(1.0, m.quantities[key])], units)
        if key[0] in m.signed:
            m.signed[key[0]].setlb(1.0)
        if key in running:
            m.running[key].setlb(1.0)


def violations(books: Books) -> Iterator[str]:
    """Yield what is bought less of than is committed."""
    for (name, period), units in books.network.committed.items():
        bought = books.quantity[name, period]
        if bought < units - slight(units):
            little, fixed = format_apart(bought, units)
            yield f"{name}: {little} bought in {period} is below the {fixed} committed"


def impossible(most: MarketBounds) -> Iterator[str]:
    """Yield where more is committed than can be bought, or than its material needs and can store."""
    committed: dict[tuple[str, str], float] = defaultdict(float)
    for (name, period), units in most.network.committed.items():
        had, offer = most.quantity[name, period], most.market.offer[name]
        if units > had * (1 + ROUNDING):
            ways = [(pair, period) for pair in most.network.borders.closures if pair[0] == name]
            fixed, most_of_it = format_apart(units, had)
            said = f"{fixed} {most.mass_unit} are committed and at most {most_of_it} can be bought"
            yield f"{name} in {period}: {said}{most.network.borders.describe_closed(ways)}"
        elif offer.stage == most.market.material[offer.material].stages[-1]:
            committed[offer.material, period] += units
    lanes = most.network.lanes.items() if committed else ()
    late = {most.market.offer[origin].material for (origin, _), way in lanes if way.lead_time}
    for material in dict.fromkeys(material for material, _ in committed):
        room = [s.capacity - s.opening for s in most.market.stock if s.material == material]
        bought, wanted = 0.0, sum(room)
        for period in most.market.years:
            bought += committed[material, period]
            wanted += sum(need for (_, m, p), need in most.network.nodes.items() if (m, p) == (material, period))
            if bought > wanted * (1 + ROUNDING) and material not in late:
                fixed, most_of_it = format_apart(bought, wanted)
                said = f"{fixed} {most.mass_unit} are committed and at most {most_of_it} can be used or stored"
                yield f"{material} in {period}: {said}"
                break
            if not room:
                bought = wanted = 0.0


BLOCK = MarketBlock(add, violations, impossible=impossible)

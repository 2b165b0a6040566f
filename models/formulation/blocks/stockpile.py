r"""Stockpile: what a site keeps of a material from one period to the next.

0 <= k_{smt} <= what can be kept (models.market.bounds),   k_{sm,last} >= closing minimum,   k_{sm,0} = opening
supply_{smt} += k_{sm,t-1} - k_{smt},        cost += holding_cost_t * years_t * k_{smt}

A response may close with less than the closing minimum, and pays for what is missing: k_{sm,last} + f_{sm} >= minimum,
cost += replacement_cost_m * f_{sm}. Hard, it would starve demand to fill the store again; without a price, it would eat
the store for nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyomo.core import NonNegativeReals, SetOf

from models.algebra.constraints import LinearRows
from models.algebra.variables import declare
from models.formulation.blocks.block import MarketBlock
from models.records.tolerances import slight
from models.records.wording import format_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyomo.core import ConcreteModel

    from models.formulation.blocks.block import Books


def add(m: ConcreteModel) -> None:
    """Add a closing stock for every period, and let it carry units to the next."""
    if not m.market.stock:
        return
    periods = list(m.market.years)
    ends = [(s.site, s.material, period) for s in m.market.stock for period in periods]
    declare(m, "stock", SetOf(ends), NonNegativeReals, "units in stock at the end of the period [quantity]")
    for record in m.market.stock:
        where = (record.site, record.material)
        m.need[(*where, periods[0])] -= record.opening
        for position, period in enumerate(periods):
            closing = m.stock[(*where, period)]
            closing.setub(m.network.kept[(*where, period)])
            m.supply[(*where, period)].append((-1.0, closing))
            if position:
                m.supply[(*where, period)].append((1.0, m.stock[(*where, periods[position - 1])]))
            if cost := m.market.holding_cost(record, period):
                m.costs["holding"].append((cost * m.market.years[period], closing))
        if m.response is None:
            closing.setlb(record.closing_minimum)
    if m.response is not None:
        _replace(m, periods[-1])


def _replace(m: ConcreteModel, last: str) -> None:
    """Let a response close with less than the closing minimum, at a price."""
    asked = {(s.site, s.material, last): s.closing_minimum for s in m.market.stock if s.closing_minimum}
    declare(m, "missing", SetOf(list(asked)), NonNegativeReals, "closing stock below its minimum [quantity]")
    rows = m.rows["closing"] = LinearRows("closing stock + missing >= closing minimum")
    for key, units in asked.items():
        rows.at_least(key, [(1.0, m.stock[key]), (1.0, m.missing[key])], units)
        m.costs["replacement"].append((m.response.replacement_costs[key[1]], m.missing[key]))


def violations(books: Books) -> Iterator[str]:
    """Yield stock for which there is no room, and closing stock below its minimum."""
    rooms = {(s.site, s.material): s for s in books.market.stock}
    last = list(books.market.years)[-1]
    for (site, material, period), units in books.stock.items():
        room = rooms.get((site, material))
        capacity = 0.0 if room is None else room.capacity
        if units > capacity + slight(capacity):
            kept, most = format_apart(units, capacity)
            yield f"{site}: {kept} of {material} in stock in {period} is above the room of {most}"
    for (site, material), room in rooms.items():
        closing = books.stock.get((site, material, last), 0.0)
        if closing < room.closing_minimum - slight(room.closing_minimum):
            kept, asked = format_apart(closing, room.closing_minimum)
            yield f"{site}: closing stock of {material} is {kept}, below {asked}"


BLOCK = MarketBlock(add, violations)

r"""Terms of lanes and corridors: shared capacity, a fixed cost and a minimum in periods of use.

    x_{ijt} <= X_{ijt} o_{ijt},   x_{ijt} >= minimum_{ij} years_t e_{ijt} o_{ijt}  a lane of its own
    sum_{ij in c} x_{ijt} <= capacity_c years_t                                    a corridor's room
    x_{ijt} <= X_{ijt} o_{ct},    sum_{ij in c} x_{ijt} <= capacity_c years_t o_{ct}
    sum_{ij in c} x_{ijt} >= minimum_c years_t o_{ct}                              and its terms

o in {0, 1} is `used`, only for lanes and corridors with a fixed cost or a minimum. The capacity of a
lane of its own is a bound of its flow. e_{ijt} is the share of the period's days on which no control closes the
lane (`models.market.borders`): so much is kept of its minimum and of its own capacity (of its offer's: `open_days`).
Where the minimum is all that can move, both rows are one equality: a lane that is used wholly or not at all. A
corridor whose lanes cannot fill it needs no row for its room. Periods are those in which units leave.

In a plan for scenarios something moves wherever o is 1, a millionth of what can: a response may use what the plan
uses, and what is only paid for would not stand in the plan. In a response o is what the plan made of it, and a
minimum is none: x_{ijt} <= X_{ijt} o, with o a figure of the plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyomo.core import Binary, SetOf

from models.algebra.constraints import LinearRows
from models.algebra.variables import declare
from models.formulation.blocks.block import MarketBlock
from models.formulation.response import Link
from models.records.tolerances import STRICTLY, slight
from models.records.wording import format_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyomo.core import ConcreteModel

    from models.algebra.expressions import Terms
    from models.formulation.blocks.block import Books
    from models.market import Corridor, Market


def add(m: ConcreteModel) -> None:
    """Add the terms of lanes and corridors where there are any."""
    ways = m.network.lanes
    special = {pair for pair, way in ways.items() if _has_terms(way)}
    with_terms = [key for key in m.flows if key[:2] in special] if special else []
    shared: dict[tuple[str, str], Terms] = {}
    for key, flow in m.flows.items() if m.market.corridors else ():
        corridor = ways[key[:2]].corridor
        if corridor is not None:
            shared.setdefault((corridor, key[2]), []).append((1.0, flow))
    if not with_terms and not shared:
        return
    if m.response is not None:
        _follow(m, with_terms, shared)
        return
    corridors = [("corridor", *key) for key in shared if _has_terms(m.network.corridors[key[0]])]
    doc = "the lane or corridor is used in the period [0/1]"
    declare(m, "used", SetOf([*with_terms, *corridors]), Binary, doc)
    _lane_terms(m, with_terms)
    _corridor_terms(m, shared)


def _has_terms(terms: Any) -> bool:
    return bool(terms.fixed_cost or terms.minimum)


def _follow(m: ConcreteModel, with_terms: list[tuple[str, str, str]], shared: dict[tuple[str, str], Terms]) -> None:
    """Let a response use the lanes and corridors that the plan uses in a period, and no others that have terms."""
    for way in with_terms:
        m.response.bound(Link(("flow", way), [(m.flow[way].ub, ("used", way))]))
    rows = m.rows["corridor"] = LinearRows("sum of flows <= capacity")
    for key, flows in shared.items():
        corridor: Corridor = m.network.corridors[key[0]]
        capacity = m.market.passage.corridor_capacity(*key) * m.market.years[key[1]]
        if capacity < sum(flow.ub for _, flow in flows):
            rows.at_most(("most", *key), flows, capacity)
        for _, flow in flows if _has_terms(corridor) else ():
            figure = ("used", ("corridor", *key))
            m.response.bound(Link(("flow", flow.index()), [(min(flow.ub, capacity), figure)]))


def _lane_terms(m: ConcreteModel, lanes: list[tuple[str, str, str]]) -> None:
    rows = m.rows["lane"] = LinearRows("minimum * used <= flow <= upper bound * used")
    for key in lanes:
        way, flow, used = m.network.lanes[key[:2]], m.flow[key], m.used[key]
        least = max(m.network.least_of_lane(*key), _something(m, flow.ub))
        rows.link_switch(key, [(1.0, flow)], least, flow.ub, used)
        if way.fixed_cost:
            m.costs["fixed"].append((m.market.passage.fixed_cost(*key), used))


def _something(m: ConcreteModel, most: float) -> float:
    """Return what moves at least where a plan for scenarios uses a way: one that carries nothing is not recorded."""
    return STRICTLY * most if m.foresees else 0.0


def _corridor_terms(m: ConcreteModel, shared: dict[tuple[str, str], Terms]) -> None:
    rows = m.rows["corridor"] = LinearRows("minimum * used <= sum of flows <= capacity * used")
    for key, flows in shared.items():
        corridor: Corridor = m.network.corridors[key[0]]
        years = m.market.years[key[1]]
        most = sum(flow.ub for _, flow in flows)
        rate = m.market.passage.corridor_capacity(*key)
        capacity = min(most, rate * years)
        if ("corridor", *key) not in m.used:
            if capacity < most:
                rows.at_most(("most", *key), flows, capacity)
            continue
        used = m.used["corridor", *key]
        least = max(min(corridor.minimum, rate) * years, _something(m, capacity))
        rows.link_switch(key, flows, least, capacity, used, implied=capacity >= most)
        if corridor.fixed_cost:
            m.costs["fixed"].append((m.market.passage.corridor_fixed_cost(*key), used))
        for number, (_, flow) in enumerate(flows):
            rows.at_most(("link", *key, str(number)), [(1.0, flow), (-min(flow.ub, capacity), used)], 0.0)


def violations(books: Books) -> Iterator[str]:
    """Yield lanes and corridors whose use lies above their capacity, or below their minimum when used."""
    yield from _of_lanes(books)
    yield from _of_corridors(books)


def _of_lanes(books: Books) -> Iterator[str]:
    for key, units in books.flow.items():
        if not units:
            continue
        origin, destination, period = key
        room, least = books.network.room(*key), books.network.least_of_lane(*key)
        for said in _outside(f"lane {origin} to {destination}", units, period, room, least):
            yield f"{said}{books.network.borders.describe_closed([((origin, destination), period)])}"


def _of_corridors(books: Books) -> Iterator[str]:
    totals: dict[tuple[str, str], float] = {}
    for (origin, destination, period), units in books.flow.items():
        if not units:
            continue
        name = books.network.lanes[origin, destination].corridor
        if name is not None:
            totals[name, period] = totals.get((name, period), 0.0) + units
    for (name, period), units in totals.items():
        terms, years = books.network.corridors[name], books.market.years[period]
        rate = books.market.passage.corridor_capacity(name, period)
        yield from _outside(f"corridor {name}", units, period, rate * years, min(terms.minimum, rate) * years)


def _outside(what: str, units: float, period: str, most: float, least: float) -> Iterator[str]:
    """Yield where the use of a lane or corridor lies above its capacity, or below its minimum when used."""
    if units > most + slight(most):
        used, allowed = format_apart(units, most)
        yield f"{what}: {used} in {period} is above its capacity of {allowed}"
    if 0 < units < least - slight(least):
        used, asked = format_apart(units, least)
        yield f"{what}: {used} in {period} is below its minimum of {asked}"


def couples(market: Market) -> Iterator[tuple[str, ...]]:
    """Yield the materials that share a corridor, and those without any lane beside one that has some."""
    material = {offer.offer: offer.material for offer in market.offers}
    shared: dict[str, dict[str, None]] = {}
    for lane in market.lanes:
        if lane.corridor is not None:
            shared.setdefault(lane.corridor, {})[material[lane.origin]] = None
    yield from map(tuple, shared.values())
    with_lanes = dict.fromkeys(material[lane.origin] for lane in market.lanes)
    if with_lanes:
        # A market without lanes leaves every way open, so a material that has none goes with one that has some.
        yield (next(iter(with_lanes)), *(name for name in market.material if name not in with_lanes))


BLOCK = MarketBlock(add, violations, couples)

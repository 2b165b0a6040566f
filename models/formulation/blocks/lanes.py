r"""Terms of lanes and corridors: shared capacity, a fixed cost and a minimum in periods of use.

    x_{ijt} <= X_{ijt} o_{ijt},   x_{ijt} >= minimum_{ij} years_t o_{ijt}          a lane of its own
    sum_{ij in c} x_{ijt} <= capacity_c years_t                                    a corridor's room
    x_{ijt} <= X_{ijt} o_{ct},    sum_{ij in c} x_{ijt} <= capacity_c years_t o_{ct}
    sum_{ij in c} x_{ijt} >= minimum_c years_t o_{ct}                              and its terms

o in {0, 1} is `used`, only for lanes and corridors with a fixed cost or a minimum. The capacity of a
lane of its own is a bound of its flow. Where the minimum is all that can move, both rows are one equality:
a lane that is used wholly or not at all. A corridor whose lanes cannot fill it needs no row for its room.
Periods are those in which units leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyomo.environ import Binary, Var

from models.algebra.constraints import LinearRows

if TYPE_CHECKING:
    from pyomo.environ import ConcreteModel

    from models.algebra.expressions import Terms
    from models.market import Corridor


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
    m.used = Var(
        with_terms + [("corridor", *key) for key in shared if _has_terms(m.network.corridors[key[0]])],
        domain=Binary,
        doc="the lane or corridor is used in the period [0/1]",
    )
    _lane_terms(m, with_terms)
    _corridor_terms(m, shared)


def _has_terms(terms: Any) -> bool:
    return bool(terms.fixed_cost or terms.minimum)


def _lane_terms(m: ConcreteModel, lanes: list[tuple[str, str, str]]) -> None:
    rows = m.rows["lane"] = LinearRows("minimum * used <= flow <= upper bound * used")
    for key in lanes:
        way, flow, used = m.network.lanes[key[:2]], m.flow[key], m.used[key]
        rows.switched(key, [(1.0, flow)], way.minimum * m.market.years[key[2]], flow.ub, used)
        if way.fixed_cost:
            m.costs["fixed"].append((way.fixed_cost, used))


def _corridor_terms(m: ConcreteModel, shared: dict[tuple[str, str], Terms]) -> None:
    rows = m.rows["corridor"] = LinearRows("minimum * used <= sum of flows <= capacity * used")
    for key, flows in shared.items():
        corridor: Corridor = m.network.corridors[key[0]]
        years = m.market.years[key[1]]
        most = sum(flow.ub for _, flow in flows)
        capacity = most if corridor.capacity is None else min(most, corridor.capacity * years)
        if ("corridor", *key) not in m.used:
            if capacity < most:
                rows.at_most(("most", *key), flows, capacity)
            continue
        used = m.used["corridor", *key]
        rows.switched(key, flows, corridor.minimum * years, capacity, used, implied=capacity >= most)
        if corridor.fixed_cost:
            m.costs["fixed"].append((corridor.fixed_cost, used))
        for number, (_, flow) in enumerate(flows):
            rows.at_most(("link", *key, str(number)), [(1.0, flow), (-min(flow.ub, capacity), used)], 0.0)

r"""The core of the program: what is bought of whom, where it goes, and what that costs.

Words: cover the demand of every site exactly, from offers over lanes, at least cost.

Mathematics, for offer i, node j (an offer of the next stage, or a site), period t:

    minimise    sum of all named costs
    x_{ijt} >= 0                     flow           sum_j x_{ijt} = q_{it}            (ship)
    0 <= q_{it} <= capacity_i        quantity       S_{mst} = sum of q passing (m,s)  (supplied)
    z_i in {0, 1}                    signed         only where a term of the contract needs it
    0 <= u_{smt} <= demand           unmet          only where a shortage cost is stated

    sum_i x_{i,s,t - lead} + u_{smt} + (what blocks supply) = demand_{smt}            (balance)

The balance is an equality, so that a share limit cannot be diluted by buying surplus. Blocks add to
`m.costs` (terms by name of cost), `m.supply` (terms by site, material and period) and `m.need` (the
right-hand side), and families of rows to `m.rows`; `close` turns them into balances and objective.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyomo.environ import Binary, ConcreteModel, NonNegativeReals, Objective, Var, minimize

from models.exposure import Exposure
from models.network import Network
from models.rows import LinearRows, Terms, linear, merged

if TYPE_CHECKING:
    from models.market import Market

COSTS = (
    "purchases",
    "processing",
    "freight",
    "duty",
    "fixed",
    "switching",
    "holding",
    "shortage",
    "penalty",
)
"""Every name under which money is reported."""


def sourcing(market: Market) -> ConcreteModel:
    """Return the core model of a market whose figures are in its materials' own bases."""
    m = ConcreteModel(name="sourcing")
    m.market = market
    m.exposure = Exposure(market)
    m.network = Network(market)
    m.rows: dict[str, LinearRows] = {}
    m.costs: dict[str, Terms] = {name: [] for name in COSTS}
    m.supply: dict[tuple[str, str, str], Terms] = {node: [] for node in m.network.nodes}
    m.need: dict[tuple[str, str, str], float] = dict(m.network.nodes)
    _decide(m)
    _ship(m)
    _price(m)
    return m


def close(m: ConcreteModel) -> None:
    """Add the balance of every site and the objective, once all blocks and limits have been added."""
    balance = m.rows["balance"] = LinearRows("arrivals + unmet + from stock == demand + to stock")
    for node, terms in m.supply.items():
        balance.equal(node, terms, m.need[node])
    m.cost = Objective(expr=linear(merged(m.costs)), sense=minimize, doc="total cost [currency]")


def _decide(m: ConcreteModel) -> None:
    """Declare the core decisions with their tightest simple bounds."""
    network: Network = m.network
    m.flow = Var(list(network.flows), domain=NonNegativeReals, doc="units moved [quantity]")
    for variable, most in zip(m.flow.values(), network.flows.values(), strict=True):
        variable.setub(most)
    m.quantity = Var(list(network.quantities), domain=NonNegativeReals, doc="units bought [quantity]")
    for variable, most in zip(m.quantity.values(), network.quantities.values(), strict=True):
        variable.setub(most)
    m.signed = Var(
        [o.offer for o in m.market.offers if o.fixed_cost or o.minimum_take or o.switching_cost],
        domain=Binary,
        doc="the contract of an offer is signed [0/1]",
    )
    short = {m_.material: m_.shortage_cost for m_ in m.market.materials if m_.shortage_cost is not None}
    m.unmet = Var(
        [node for node, need in network.nodes.items() if node[1] in short and need > 0],
        bounds=lambda _, *node: (0.0, network.nodes[node]),
        doc="demand left unmet [quantity]",
    )
    stages = [(record.material, stage) for record in m.market.materials for stage in record.stages]
    m.supplied = Var(
        [(material, stage, period) for material, stage in stages for period in m.market.years],
        domain=NonNegativeReals,
        doc="all that passes a stage [quantity]",
    )


def _ship(m: ConcreteModel) -> None:
    """What is bought of an offer leaves it over its lanes; what arrives at a site supplies it."""
    leaving: dict[tuple[str, str], Terms] = {key: [] for key in m.network.quantities}
    arrival = m.network.arrival
    for (origin, destination, period), variable in m.flow.items():
        leaving[origin, period].append((1.0, variable))
        node = (destination, m.market.offer[origin].material, arrival[origin, destination, period])
        if node in m.supply:
            m.supply[node].append((1.0, variable))
    ship = m.rows["ship"] = LinearRows("sum over destinations of flow == quantity")
    for key, terms in leaving.items():
        ship.equal(key, [*terms, (-1.0, m.quantity[key])], 0.0)
    supplied = m.rows["supplied"] = LinearRows("sum of quantity passing a stage == supplied")
    for (material, stage), offers in m.exposure.passing.items():
        for period in m.market.years:
            terms = [(1.0, m.quantity[o.offer, period]) for o in offers if (o.offer, period) in m.quantity]
            key = (material, stage, period)
            supplied.equal(key, [*terms, (-1.0, m.supplied[key])], 0.0)


def _price(m: ConcreteModel) -> None:
    """Name the costs that follow from the core decisions."""
    tiered = {tier.offer for tier in m.market.tiers}
    for (name, _), variable in m.quantity.items():
        offer = m.market.offer[name]
        if name not in tiered and offer.price:
            m.costs["processing" if offer.yield_ is not None else "purchases"].append((offer.price, variable))
    for (origin, destination, _), variable in m.flow.items():
        lane = m.network.lanes[origin, destination]
        if lane.freight:
            m.costs["freight"].append((lane.freight, variable))
        if lane.duty:
            m.costs["duty"].append((lane.duty, variable))
    for (_, material, _), variable in m.unmet.items():
        m.costs["shortage"].append((m.market.material[material].shortage_cost, variable))
    for node, variable in m.unmet.items():
        m.supply[node].append((1.0, variable))

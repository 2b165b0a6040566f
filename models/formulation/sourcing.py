r"""The core of the program: what is bought of whom, where it goes, and what that costs.

Words: cover the demand of every site exactly, from offers over lanes, at least cost.

Mathematics, for offer i, node j (an offer of the next stage, or a site), period t:

    minimise    sum of all named costs
    x_{ijt} >= 0                     flow           sum_j x_{ijt} = q_{it}            (ship)
    0 <= q_{it} <= what i has        quantity
    z_i in {0, 1}                    signed         only where a term of the contract needs it
    0 <= u_{smt} <= demand           unmet          only where a shortage cost is stated

    sum_i x_{i,s,t - lead} + u_{smt} + (what blocks supply) = demand_{smt}            (balance)

The balance is an equality, so that a share limit cannot be diluted by buying surplus. Blocks add to
`m.costs` (terms by name of cost), `m.supply` (terms by site, material and period) and `m.need` (the
right-hand side), and families of rows to `m.rows`; `close` turns supply and need into balances.
What units themselves cost, tier by tier, also stands in `m.spent`, by offer and period.
`m.leaving` has the destinations and the flows of what leaves an offer, by offer and period.
`m.flows`, `m.quantities`, `m.arrivals` and `m.supplies` are the variables of `m.flow`, `m.quantity`, `m.arriving`
and `m.supplied` as plain dicts, because loops over Pyomo's indexed variables cost several times more.
`m.bounded_by_rows` are variables whose upper bound rows imply as well: a solver that is not told the bound may put the
row's sum in their place.

`m.foresees` says that the plan is one for scenarios: a program of their responses stands behind its own. `m.reserves`
says that it has responses to answer for, those of scenarios or of limits that lose something.

`m.response` is None in a plan. In a response (`models.formulation.response`) nothing is signed, whatever is needed may
be left unmet where that has a price, and what was under way and cannot be used is written off where it arrives:

    sum_i x_{i,s,t - lead} + u_{smt} - w_{smt} + (what blocks supply) = demand_{smt}

Limits that are `in_responses` have their rows in it too, over its own q_{it}, x_{ijt} and what arrives of them
(docs/decisions/0042).
"""

from __future__ import annotations

from collections import defaultdict
from itertools import repeat
from typing import TYPE_CHECKING, Any

from pyomo.core import Binary, ConcreteModel, NonNegativeReals, SetOf

from models.algebra.constraints import LinearRows
from models.algebra.variables import declare
from models.formulation.response import Link
from models.formulation.unit_costs import UnitCosts
from models.market.costs import COSTS
from models.market.exposure import Exposure
from models.market.network import Network

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.formulation.response import Response, Sum
    from models.market import PreparedMarket

Stage = tuple[str, str]
"""(material, stage)"""


def sourcing(market: PreparedMarket, thrifty: Collection[str] = (), response: Response | None = None) -> ConcreteModel:
    """Return the core model of a market whose figures are in its materials' own bases; of a `response` where given.

    Of `thrifty` materials no more is stored than is needed later.
    """
    m = ConcreteModel(name="sourcing")
    m.market = market
    m.response = response
    m.foresees = m.reserves = False
    m.exposure = Exposure(market)
    m.network = Network(market, thrifty)
    m.rows = {}
    m.costs = {name: [] for name in (*COSTS, *([] if response is None else ["replacement"]))}
    m.spent = {offer.offer: defaultdict(list) for offer in market.offers}
    m.supply = {node: [] for node in m.network.nodes}
    m.need = dict(m.network.nodes)
    m.bounded_by_rows = []
    decide(m)
    if response is not None:
        _write_off(m)
    _ship(m)
    _price(m)
    return m


def close(m: ConcreteModel) -> None:
    """Add the balance of every site, once all blocks have added what they supply."""
    balance = m.rows["balance"] = LinearRows("arrivals + unmet + from stock == demand + to stock")
    for node, terms in m.supply.items():
        balance.equal(node, terms, m.need[node])


def count(m: ConcreteModel, arriving: Collection[Stage], supplied: Collection[Stage]) -> None:
    """Add what limits count of some stages: what arrives of an offer, and all that arrives of what passes.

        a_{it} = sum_j v_j x_{ijt}       arriving      of offers for which v differs over j (see `worth`)
        S_{mst} = sum of a, or of v q    supplied      where it is not settled: there it is the demand

    Args:
        m: the model, with all that its market asks for.
        arriving: each (material, stage) of which limits count what arrives.
        supplied: those of which they ask how much that is in all.
    """
    exposure, worth = m.exposure, m.exposure.worth
    known = () if m.response is not None else supplied  # a response may leave unmet what a plan must cover
    m.settled = frozenset(stage for stage in known if exposure.is_settled(*stage))
    passing = {stage: offers for stage, offers in exposure.passing.items() if stage in arriving}
    split = {o.offer for offers in passing.values() for o in offers if worth.of_offer(o) is None}
    sales = [key for key in m.quantities if key[0] in split]
    amounts = declare(m, "arriving", SetOf(sales), NonNegativeReals, "what arrives [quantity]")
    m.arrivals = counted = dict(zip(sales, amounts.values(), strict=True))
    if counted:
        _arrive(m, split)
    asked = [stage for stage in passing if stage in supplied and stage not in m.settled]
    stages = [(*stage, period) for stage in asked for period in m.market.years]
    doc = "all that arrives of what passes a stage [quantity]"
    m.supplies = dict(zip(stages, declare(m, "supplied", SetOf(stages), NonNegativeReals, doc).values(), strict=True))
    rows = LinearRows("sum of what arrives of what passes a stage == supplied")
    numbers, variables = [], []
    for stage in asked:
        units = {offer.offer: worth.of_offer(offer) for offer in passing[stage]}
        unit_of = {name: 1.0 if unit is None else unit for name, unit in units.items()}
        for amounts in exposure.list_arriving(m, *stage):
            numbers.append(list(map(unit_of.__getitem__, amounts)))
            variables.append(list(amounts.values()))
    rows.define_totals(stages, numbers, variables, m.supplies.values())
    m.rows |= {"supplied": rows} if rows else {}


def _arrive(m: ConcreteModel, split: Collection[str]) -> None:
    """Add up what arrives of some offers over their lanes."""
    worth = m.exposure.worth
    at = {end: worth.at(end) for offer in split for end in worth.destinations(m.market.offer[offer])}
    rows = m.rows["arriving"] = LinearRows("sum over destinations of worth * flow == arriving")
    bound_arriving(m)
    leaving = [m.leaving[key] for key in m.arrivals]
    worths = [list(map(at.__getitem__, destinations)) for destinations, _ in leaving]
    rows.define_totals(m.arrivals.keys(), worths, [flows for _, flows in leaving], m.arrivals.values())


def bound_arriving(m: ConcreteModel) -> None:
    """Bound what arrives of offers by what can be bought of them."""
    best = {offer: m.exposure.worth.best(m.market.offer[offer]) for offer, _ in m.arrivals}
    for key, variable in m.arrivals.items():
        variable.setub(best[key[0]] * m.network.quantities[key])


def pay(m: ConcreteModel, offer: str, period: str, term: tuple[float, Any]) -> None:
    """Charge a term of price and units for what is bought of an offer: a purchase, or the processing of a feed."""
    m.costs["purchases" if m.market.offer[offer].yield_ is None else "processing"].append(term)
    m.spent[offer][period].append(term)


def decide(m: ConcreteModel) -> None:
    """Declare the core decisions with their tightest simple bounds; those that are there get the bounds of now."""
    network: Network = m.network
    flow = declare(m, "flow", SetOf(list(network.flows)), NonNegativeReals, "units moved [quantity]")
    quantity = declare(m, "quantity", SetOf(list(network.quantities)), NonNegativeReals, "units bought [quantity]")
    m.flows = dict(zip(network.flows, flow.values(), strict=True))
    m.quantities = dict(zip(network.quantities, quantity.values(), strict=True))
    for variable, most in zip(m.flows.values(), network.flows.values(), strict=True):
        variable.setub(most)
    for key, variable in m.quantities.items():
        variable.setub(network.quantities[key])
    signing = [o.offer for o in m.market.offers if m.market.needs_signing(o) and m.response is None]
    declare(m, "signed", SetOf(signing), Binary, "the contract of an offer is signed [0/1]")
    any_short = m.response is not None and m.response.unmet_price is not None
    short = [
        node
        for node, need in network.nodes.items()
        if need > 0 and (any_short or m.market.shortage_cost(*node) is not None)
    ]
    unmet = declare(m, "unmet", SetOf(short), NonNegativeReals, "demand left unmet [quantity]")
    for node, variable in unmet.items():
        variable.setub(network.nodes[node])


def _write_off(m: ConcreteModel) -> None:
    """Let a response write off, where it arrives, what was under way and cannot be used."""
    material = {offer.offer: offer.material for offer in m.market.offers}
    late = [key for key, arrives in m.network.arrival.items() if arrives != key[2]]
    under_way: dict[tuple[str, str, str], list[tuple[str, str, str]]] = {}
    for key in late:
        under_way.setdefault((key[1], material[key[0]], m.network.arrival[key]), []).append(key)
    coming = m.market.arriving_anyway
    under_way |= {key: [] for key in coming if key not in under_way}
    declare(m, "written_off", SetOf(list(under_way)), NonNegativeReals, "arrives and is not used [quantity]")
    for key, flows in under_way.items():
        left_then: Sum = [(1.0, ("flow", flow)) for flow in flows]
        m.response.bound(Link(("written_off", key), left_then, constant=coming.get(key, 0.0)))
        if key in m.supply:
            m.supply[key].append((-1.0, m.written_off[key]))


def _ship(m: ConcreteModel) -> None:
    """What is bought of an offer leaves it over its lanes; what arrives at a site supplies it."""
    leaving: dict[tuple[str, str], tuple[list[str], list[Any]]] = {key: ([], []) for key in m.quantities}
    material = {offer.offer: offer.material for offer in m.market.offers}
    arrival, supply = m.network.arrival, m.supply
    for key, variable in m.flows.items():
        origin, destination, period = key
        ends, flows = leaving[origin, period]
        ends.append(destination)
        flows.append(variable)
        node = (destination, material[origin], arrival[key])
        if node in supply:
            supply[node].append((1.0, variable))
    for node, variable in m.unmet.items():
        supply[node].append((1.0, variable))
    ship = m.rows["ship"] = LinearRows("sum over destinations of flow == quantity")
    for pair, (_, flows) in leaving.items():
        ship.define_total(pair, repeat(1.0, len(flows)), flows, m.quantities[pair])
    m.leaving = leaving


def _price(m: ConcreteModel) -> None:
    """Name the costs that follow from the core decisions."""
    unit = UnitCosts(m.market, m.network)
    for (name, period), variable in m.quantities.items() if m.response is None else ():
        price = unit.bought(name, period)
        if price:
            pay(m, name, period, (price, variable))
    freights, duties = m.costs["freight"], m.costs["duty"]
    for key, variable in m.flows.items():
        freight, duty = unit.moved(key)
        if freight:
            freights.append((freight, variable))
        if duty:
            duties.append((duty, variable))
    for node, variable in m.unmet.items():
        stated = m.market.shortage_cost(*node)
        m.costs["shortage"].append((m.response.unmet_price if stated is None else stated, variable))

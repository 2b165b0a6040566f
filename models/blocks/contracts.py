r"""Contracts: what is bought only when signed, at least the minimum take, and fixed costs.

    q_{it} <= Q_{it} z_i,   x_{ijt} <= X_{ijt} z_i        nothing without a contract; one link a lane,
                                                          which is tighter than one for their sum
    q_{it} >= minimum_take_i * years_t * z_i              once signed, in every period in which units
                                                          can leave and arrive within the horizon
    q_{it} <= Q_{it} a_{it},  x_{ijt} <= X_{ijt} a_{it}   a fixed cost per period is due when it is

z_i is `signed`, a_{it} in {0, 1} `running`; Q and X are the upper bounds of the network.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pyomo.environ import Binary, Var

from models.rows import LinearRows

if TYPE_CHECKING:
    from pyomo.environ import ConcreteModel


def add(m: ConcreteModel) -> None:
    """Link quantities and flows to contracts, and charge what is fixed."""
    repeated = {o.offer: o.fixed_cost_per_period for o in m.market.offers if o.fixed_cost_per_period}
    if not len(m.signed) and not repeated:
        return
    m.running = Var(
        [key for key in m.quantities if key[0] in repeated],
        domain=Binary,
        doc="something is bought in the period [0/1]",
    )
    _link(m)
    take = m.rows["minimum_take"] = LinearRows("quantity >= minimum take * signed")
    for key, quantity in m.quantities.items():
        offer = m.market.offer[key[0]]
        if offer.minimum_take and key in m.network.deliverable:
            least = offer.minimum_take * m.market.years[key[1]]
            take.at_least(key, [(1.0, quantity), (-least, m.signed[offer.offer])], 0.0)
    once = {o.offer: o.fixed_cost for o in m.market.offers if o.fixed_cost}
    m.costs["fixed"] += [(cost, m.signed[name]) for name, cost in once.items()]
    m.costs["fixed"] += [(repeated[name], running) for (name, _), running in m.running.items()]


def _link(m: ConcreteModel) -> None:
    links = m.rows["link"] = LinearRows("quantity and flow <= upper bound * (signed or running)")
    signed, running = dict(m.signed.items()), dict(m.running.items())
    bound = m.network.quantities | m.network.flows
    for key, amount in chain(m.quantities.items(), m.flows.items()):
        offer, period = key[0], key[-1]
        if offer in signed:
            links.at_most(("signed", *key), [(1.0, amount), (-bound[key], signed[offer])], 0.0)
        if (offer, period) in running:
            links.at_most(("running", *key), [(1.0, amount), (-bound[key], running[offer, period])], 0.0)

r"""Contracts: what is bought only when signed, at least the minimum take, and fixed costs.

    q_{it} <= Q_{it} z_i,   x_{ijt} <= X_{ijt} z_i        nothing without a contract; one link a lane,
                                                          which is tighter than one for their sum
    q_{it} >= min(minimum_take_i * years_t, C_{it}) z_i   once signed, in every period in which units
                                                          can leave and arrive within the horizon
    q_{it} <= Q_{it} a_{it},  x_{ijt} <= X_{ijt} a_{it}   a fixed cost per period is due when it is

z_i is `signed`, a_{it} in {0, 1} `running`; Q and X are the upper bounds of the network, and C what the
offer has to sell. Opening new capacity is a cost of z_i and a C that starts late and grows. No timing is
decided: nothing is discounted, so opening at once is never worse (docs/decisions/0010).
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
    for key, least in m.network.least.items():
        take.at_least(key, [(1.0, m.quantities[key]), (-least, m.signed[key[0]])], 0.0)
    m.costs["fixed"] += [(o.fixed_cost, m.signed[o.offer]) for o in m.market.offers if o.fixed_cost]
    m.costs["opening"] += [(o.opening_cost, m.signed[o.offer]) for o in m.market.offers if o.opening_cost]
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

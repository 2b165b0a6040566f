r"""Refining: what a processor sells is what its feed yields.

yield_j * sum_i x_{i,j,t - lead}  ==  q_{jt}        for every offer j with a yield, in every period
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.algebra.constraints import LinearRows

if TYPE_CHECKING:
    from pyomo.environ import ConcreteModel

    from models.algebra.expressions import Terms


def add(m: ConcreteModel) -> None:
    """Tie the quantity of every processor to what arrives there."""
    yields = {o.offer: o.yield_ for o in m.market.offers if o.yield_ is not None}
    if not yields:
        return
    feed: dict[tuple[str, str], Terms] = {key: [] for key in m.quantities if key[0] in yields}
    arrival = m.network.arrival
    for key, variable in m.flows.items():
        destination = key[1]
        if destination in yields:
            feed[destination, arrival[key]].append((yields[destination], variable))
    rows = m.rows["refine"] = LinearRows("yield * sum over origins of flow == quantity")
    for key, terms in feed.items():
        rows.equal(key, [*terms, (-1.0, m.quantities[key])], 0.0)

r"""Switching: the cost of signing a newcomer or dropping an incumbent.

cost += switching_cost_i * z_i               for a newcomer (no incumbent quantity)
cost += switching_cost_i * d_i,  d_i + z_i == 1      for an incumbent, d_i: it is dropped

A response changes no standing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyomo.core import Binary

from models.algebra.constraints import LinearRows
from models.algebra.variables import declare
from models.formulation.blocks.block import MarketBlock

if TYPE_CHECKING:
    from pyomo.core import ConcreteModel


def add(m: ConcreteModel) -> None:
    """Charge every change of standing that an offer puts a cost on."""
    switching = [offer for offer in m.market.offers if offer.switching_cost]
    if not switching or m.response is not None:
        return
    incumbents = [offer.offer for offer in switching if offer.incumbent_quantity]
    declare(m, "dropped", incumbents, Binary, "an incumbent is no longer signed [0/1]")
    rows = m.rows["dropped"] = LinearRows("dropped + signed == 1")
    for offer in switching:
        name = offer.offer
        if name in m.dropped:
            rows.equal((name,), [(1.0, m.dropped[name]), (1.0, m.signed[name])], 1.0)
        changed = m.dropped[name] if name in m.dropped else m.signed[name]
        m.costs["switching"].append((m.market.switching_cost(offer.offer), changed))


BLOCK = MarketBlock(add, reads_amounts=False)

r"""Calls: what a response takes of what was planned, and calls on top of it; nothing in a plan.

    q_{it} = r_{it} + c_{it}
    0 <= r_{it} <= left_{it} Q_{it}                    taken
    0 <= c_{it} <= left_{it} surge_i Q_{it}            called, from `notice_i` periods after the loss began

Q_{it} is what was planned, a figure of the plan, and left_{it} the share of it that a loss leaves. Where nothing was
planned nothing can be taken or called, so that contracts that are not signed and periods that are not paid for give
nothing. What is planned is paid for in the plan. A response adds

    - refund_{it} (Q_{it} - r_{it})                    what is not taken is not paid
    + take_or_pay_i refund_{it} (left_{it} Q_{it} - r_{it})     but for a share of what could have been taken;
                                                       nothing is owed where the loss hits the supplier itself
    + (1 + premium_i) last_{it} c_{it}                 what is called is dearer

with the lowest price of a tier that the plan reached as refund, and the last one as price of what is called. There is
one price for an offer and a period: with two, supply would be cancelled and bought again out of nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyomo.core import NonNegativeReals, Var

from models.algebra.constraints import LinearRows
from models.formulation.blocks.block import MarketBlock
from models.formulation.sourcing import pay

if TYPE_CHECKING:
    from pyomo.core import ConcreteModel


def add(m: ConcreteModel) -> None:
    """Say what a response takes and calls, at which price; a plan has nothing of this."""
    response = m.response
    if response is None:
        return
    called = [key for key in m.quantities if response.terms[key[0]].surge > 0]
    m.taken = Var(list(m.quantities), domain=NonNegativeReals, doc="taken of what was planned [quantity]")
    m.called = Var(called, domain=NonNegativeReals, doc="called on top of what was planned [quantity]")
    rows = m.rows["calls"] = LinearRows("taken + called == quantity")
    for key, quantity in m.quantities.items():
        terms, price, taken = response.terms[key[0]], response.prices[key], m.taken[key]
        owed = terms.take_or_pay * max(0.0, price.refund)
        response.bound(("taken", key), [(1.0, ("quantity", key))], owed=owed)
        pay(m, key[0], key[1], (price.refund - owed, taken))
        parts = [(1.0, taken)]
        if key in m.called:
            response.bound(("called", key), [(terms.surge, ("quantity", key))], notice=terms.notice)
            pay(m, key[0], key[1], (price.last + terms.surge_premium * abs(price.last), m.called[key]))
            parts.append((1.0, m.called[key]))
        rows.equal(key, [*parts, (-1.0, quantity)], 0.0)


BLOCK = MarketBlock(add)

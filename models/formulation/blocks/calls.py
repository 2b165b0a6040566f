r"""Calls: what a response takes of what was planned, and calls on top of it; nothing in a plan.

    q_{it} = r_{it} + c_{it} + e_{it}
    0 <= r_{it} <= left_{it} Q_{it}                    taken
    0 <= c_{it} <= left_{it} surge_i Q_{it}            called, from `notice_i` periods after the loss began
    0 <= e_{it} <= left_{it} R_i years_{it}            called of what was reserved (`reservations`), at the plain price

Q_{it} is what was planned, a figure of the plan, and left_{it} the share of it that a loss leaves. Where nothing was
planned nothing can be taken or called, so that contracts that are not signed and periods that are not paid for give
nothing; where a period has a fixed cost, nothing that was reserved either. What is planned is paid for in the plan. A
response adds

    - refund_{it} (Q_{it} - r_{it})                    what is not taken is not paid
    + owed_{it} (left_{it} Q_{it} - r_{it})            but for what is owed of what could have been taken
    + (1 + premium_i) last_{it} c_{it}                 what is called is dearer

with the lowest price of a tier that the plan reached as refund, and the last one as price of what is called. There is
one price for an offer and a period: with two, supply would be cancelled and bought again out of nothing. owed_{it} is a
share `take_or_pay_i` of the refund, and nothing where a loss hits the supplier itself; of a firm order it is the refund
in any case, so that what a loss takes of it is refunded and nothing else.

In a program with scenarios the plan decides which tier k it reaches, by z_k in {0, 1} (`tiers`), and U_k is what it can
buy at the most then. What it pays for its tiers it pays in a response too. What is not taken and owed is settled as
above, at the lowest refund of any tier; what another tier refunds beyond that, and what is owed of it, by

    r_{it} + sum_k n_{itk} <= Q_{it}                   not taken, at what is refunded and not owed beyond that
    sum_k l_{itk} <= l_{it} <= (1 - left_{it}) Q_{it}  lost of a firm order, at what is owed beyond that
    c_{it} = sum_k c_{itk}                             called, at the price of k

    n_{itk} <= U_k (z_k - z_{k+1}),   l_{itk} <= (1 - left_{it}) U_k (z_k - z_{k+1}),
    c_{itk} <= left_{it} surge_i U_k (z_k - z_{k+1})

one of them each, of the last tier reached. Where prices only rise there is one refund, that of the first tier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pyomo.core import NonNegativeReals, Var

from models.algebra.constraints import LinearRows
from models.formulation.blocks.block import MarketBlock
from models.formulation.response import Link
from models.formulation.sourcing import pay

if TYPE_CHECKING:
    from pyomo.core import ConcreteModel

    from models.formulation.response import Sum, Tiered
    from models.market.bounds import Sale

Part = tuple[str, str, str]


class _More(NamedTuple):
    """What a last tier has beyond the lowest of all, as long as the plan reaches no other."""

    refund: float
    """What a unit that is not taken is worth [currency]."""
    owed: float
    """What of that is owed though it is not taken."""
    most: Sum
    """Units that can be planned then: a sum of figures of the plan."""
    constant: float


def add(m: ConcreteModel) -> None:
    """Say what a response takes and calls, at which price; a plan has nothing of this."""
    response = m.response
    if response is None:
        return
    called = [key for key in m.quantities if response.terms[key[0]].surge > 0]
    reserving = [key for key in m.quantities if m.market.offer[key[0]].reservation_price is not None]
    m.drawn = Var(reserving, domain=NonNegativeReals, doc="called of what was reserved [quantity]")
    m.taken = Var(list(m.quantities), domain=NonNegativeReals, doc="taken of what was planned [quantity]")
    m.called = Var(called, domain=NonNegativeReals, doc="called on top of what was planned [quantity]")
    rows = m.rows["calls"] = LinearRows("taken + called == quantity")
    for key, quantity in m.quantities.items():
        terms, taken = response.terms[key[0]], [(1.0, m.taken[key])]
        called_too = [(1.0, m.called[key])] if key in m.called else []
        if key in m.drawn:
            called_too.append((1.0, m.drawn[key]))
            _draw(m, key)
        rows.equal(key, [*taken, *called_too, (-1.0, quantity)], 0.0)
        if key in m.called:
            response.bound(Link(("called", key), [(terms.surge, ("quantity", key))], "left", notice=terms.notice))
        if key not in response.tiers:
            _price(m, key)
    if response.tiers:
        _price_by_tier(m, {key: tiered for key, tiered in response.tiers.items() if key in m.quantities})


def _draw(m: ConcreteModel, key: Sale) -> None:
    """Let what is reserved be called, at the price without any tier, in periods that the plan pays for."""
    years = m.market.full_years[key[0]].get(key[1], 0.0)
    m.response.bound(Link(("drawn", key), [(years, ("reserved", key[:1]))], "left"))
    if m.market.offer[key[0]].fixed_cost_per_period:
        m.response.bound(Link(("drawn", key), [(m.quantities[key].ub, ("running", key))]))
    pay(m, key[0], key[1], (m.market.price(*key), m.drawn[key]))


def _price(m: ConcreteModel, key: Sale) -> None:
    """Charge what is taken and called at the one price of an offer and period."""
    price = m.response.prices[key]
    _settle(m, key, price.refund)
    if key in m.called:
        pay(m, key[0], key[1], (_dearer(m, key[0], price.last), m.called[key]))


def _settle(m: ConcreteModel, key: Sale, refund: float) -> None:
    """Charge what is taken, and what is owed though it is not, of what has one refund."""
    firm, owed = m.market.offer[key[0]].firm, _owed(m, key[0], refund)
    m.response.bound(Link(("taken", key), [(1.0, ("quantity", key))], "left", owed=0.0 if firm else owed))
    m.response.charge(("quantity", key), owed, "left" if firm else "nothing")
    pay(m, key[0], key[1], (refund - owed, m.taken[key]))


def _owed(m: ConcreteModel, offer: str, refund: float) -> float:
    """Return what is owed for a unit that could have been taken and is not [currency]."""
    share = 1.0 if m.market.offer[offer].firm else float(m.response.terms[offer].take_or_pay)
    return share * max(0.0, refund)


def _dearer(m: ConcreteModel, offer: str, price: float) -> float:
    """Return what a unit costs that is called [currency]."""
    return price + float(m.response.terms[offer].surge_premium) * abs(price)


def _price_by_tier(m: ConcreteModel, tiers: dict[Sale, Tiered]) -> None:
    """Pay what the plan pays for its tiers, less what is not taken, and what is called by the last tier reached."""
    steps = {(*key, str(k)): tiered for key, tiered in tiers.items() for k in range(len(tiered.ends))}
    for part, tiered in steps.items():
        m.response.charge(("tier", part), tiered.schedule.prices[int(part[2])], "all")
    more: dict[Part, _More] = {}
    for key, tiered in tiers.items():
        refunds = [tiered.schedule.refund(k) for k in range(len(tiered.ends))]
        lowest = min(refunds)
        m.response.charge(("quantity", key), -lowest, "all")
        _settle(m, key, lowest)
        for k, refund in enumerate(refunds):
            if refund > lowest:
                owed = _owed(m, key[0], refund) - _owed(m, key[0], lowest)
                more[*key, str(k)] = _More(refund - lowest, owed, *_while_last((*key, str(k)), tiered, 1.0))
    firm = {part: one for part, one in more.items() if m.market.offer[part[0]].firm}
    _refuse(m, {part: one for part, one in more.items() if part not in firm or one.refund > one.owed})
    _lose(m, firm)
    _call(m, {part: tiered for part, tiered in steps.items() if part[:2] in m.called})


def _refuse(m: ConcreteModel, more: dict[Part, _More]) -> None:
    """Pay back what is not taken, but for what is owed: where a loss hits the supplier only firm orders are."""
    m.refused = Var(list(more), domain=NonNegativeReals, doc="not taken, by last tier [quantity]")
    rows = m.rows["refused"] = LinearRows("taken + sum of refused <= planned")
    for key, refused in _by_sale(m.refused).items():
        rows.at_most(key, [(1.0, m.taken[key]), *refused], 0.0)
        m.response.move("refused", key, [(1.0, ("quantity", key))])
    for part, one in more.items():
        hit = 0.0 if m.market.offer[part[0]].firm else -one.owed
        pay(m, part[0], part[1], (one.owed - one.refund, m.refused[part]))
        m.response.bound(Link(("refused", part), one.most, owed=hit, constant=one.constant))


def _lose(m: ConcreteModel, more: dict[Part, _More]) -> None:
    """Pay back what would be owed of what a loss takes of firm orders."""
    m.undelivered_at = Var(list(more), domain=NonNegativeReals, doc="lost of a firm order, by last tier [quantity]")
    lost = _by_sale(m.undelivered_at)
    m.undelivered = Var(list(lost), domain=NonNegativeReals, doc="lost of a firm order [quantity]")
    rows = m.rows["undelivered"] = LinearRows("sum over last tiers of undelivered <= undelivered")
    for key, by_tier in lost.items():
        rows.at_most(key, [*by_tier, (-1.0, m.undelivered[key])], 0.0)
        m.response.bound(Link(("undelivered", key), [(1.0, ("quantity", key))], "lost"))
    for part, one in more.items():
        pay(m, part[0], part[1], (-one.owed, m.undelivered_at[part]))
        m.response.bound(Link(("undelivered_at", part), one.most, "lost", constant=one.constant))


def _call(m: ConcreteModel, parts: dict[Part, Tiered]) -> None:
    """Pay what is called at the price of the last tier that the plan reaches."""
    m.called_at = Var(list(parts), domain=NonNegativeReals, doc="called, by last tier [quantity]")
    rows = m.rows["called"] = LinearRows("sum over last tiers of called == called")
    for key, called in _by_sale(m.called_at).items():
        rows.equal(key, [*called, (-1.0, m.called[key])], 0.0)
    for part, tiered in parts.items():
        pay(m, part[0], part[1], (_dearer(m, part[0], tiered.schedule.prices[int(part[2])]), m.called_at[part]))
        figures, constant = _while_last(part, tiered, m.response.terms[part[0]].surge)
        m.response.bound(Link(("called_at", part), figures, "left", constant=constant))


def _by_sale(variables: Any) -> dict[Sale, list[tuple[float, Any]]]:
    """Return variables by tier as terms, by offer and period."""
    terms: dict[Sale, list[tuple[float, Any]]] = {}
    for (offer, period, _), variable in variables.items():
        terms.setdefault((offer, period), []).append((1.0, variable))
    return terms


def _while_last(part: Part, tiered: Tiered, share: float) -> tuple[Sum, float]:
    """Return a share of what can be bought at the most while a tier is the last that the plan reaches, and 0 else."""
    k = int(part[2])
    most = share * tiered.ends[k]
    if tiered.schedule.kind == "all-units":
        return [(most, ("tier_chosen", part))], 0.0
    full, before = ("tier_chosen", part), ("tier_chosen", (*part[:2], str(k - 1)))
    figures: Sum = [(-most, full)] if k + 1 < len(tiered.ends) else []
    return ([(most, before), *figures], 0.0) if k else (figures, most)


BLOCK = MarketBlock(add)

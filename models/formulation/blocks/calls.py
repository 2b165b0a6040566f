r"""Calls: what a response takes of what was planned, and calls on top of it; nothing in a plan.

    q_{it} = r_{it} + c_{it} + e_{it}
    0 <= r_{it} <= left_{it} Q_{it}                    taken
    0 <= c_{it} <= left_{it} surge_i Q_{it}            called, from `notice_i` periods after the loss began
    0 <= e_{it} <= left_{it} R_i years_{it}            called of what was reserved (`reservations`), at the plain price

Q_{it} is what was planned, a figure of the plan, and left_{it} the share of it that a loss leaves. Where nothing was
planned nothing can be taken or called, so that contracts that are not signed and periods that are not paid for give
nothing. What is planned is paid for in the plan. A response adds

    - refund_{it} (Q_{it} - r_{it})                    what is not taken is not paid
    + take_or_pay_i refund_{it} (left_{it} Q_{it} - r_{it})     but for a share of what could have been taken;
                                                       nothing is owed where the loss hits the supplier itself
    + (1 + premium_i) last_{it} c_{it}                 what is called is dearer

with the lowest price of a tier that the plan reached as refund, and the last one as price of what is called. There is
one price for an offer and a period: with two, supply would be cancelled and bought again out of nothing. A firm order
is owed in full, as far as a loss leaves it.

In a program with scenarios the plan decides which tier k it reaches, by z_k in {0, 1} (`tiers`), and U_k is what it can
buy at the most then. What it pays for its tiers it pays in a response too, and

    r_{it} + sum_k n_{itk} <= Q_{it},    c_{it} = sum_k c_{itk}
    n_{itk} <= U_k (z_k - z_{k+1}),      c_{itk} <= surge_i U_k (z_k - z_{k+1})

are not taken, at minus the lowest price up to k, and called, at that of k: one of them each, of the last tier reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyomo.core import NonNegativeReals, Var

from models.algebra.constraints import LinearRows
from models.formulation.blocks.block import MarketBlock
from models.formulation.sourcing import pay

if TYPE_CHECKING:
    from pyomo.core import ConcreteModel

    from models.formulation.response import Response, Sum, Tiered
    from models.market.bounds import Sale

Part = tuple[str, str, str]


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
            response.bound(("called", key), [(terms.surge, ("quantity", key))], notice=terms.notice)
        if key not in response.tiers:
            _price(m, key)
    if response.tiers:
        _price_by_tier(m, {key: tiered for key, tiered in response.tiers.items() if key in m.quantities})


def _draw(m: ConcreteModel, key: Sale) -> None:
    """Let what is reserved be called, at the price without any tier."""
    years = m.market.full_years[key[0]].get(key[1], 0.0)
    m.response.bound(("drawn", key), [(years, ("reserved", key[:1]))])
    pay(m, key[0], key[1], (m.market.price(*key), m.drawn[key]))


def _price(m: ConcreteModel, key: Sale) -> None:
    """Charge what is taken and called at the one price of an offer and period, and what is owed in any case."""
    response: Response = m.response
    price, terms, firm = response.prices[key], response.terms[key[0]], m.market.offer[key[0]].firm
    owed = _owed_share(m, key[0]) * max(0.0, price.refund)
    response.bound(("taken", key), [(1.0, ("quantity", key))], owed=0.0 if firm else owed)
    response.charge(("quantity", key), owed, "left" if firm else "nothing")
    pay(m, key[0], key[1], (price.refund - owed, m.taken[key]))
    if key in m.called:
        pay(m, key[0], key[1], (price.last + terms.surge_premium * abs(price.last), m.called[key]))


def _owed_share(m: ConcreteModel, offer: str) -> float:
    """Return the share of the price of what was planned that is owed though it is not taken."""
    return 1.0 if m.market.offer[offer].firm else float(m.response.terms[offer].take_or_pay)


def _price_by_tier(m: ConcreteModel, tiers: dict[Sale, Tiered]) -> None:
    """Pay what the plan pays for its tiers, less what is not taken, and what is called by the last tier reached."""
    steps = [((*key, str(k)), tiered) for key, tiered in tiers.items() for k in range(len(tiered.ends))]
    refused = {part: tiered for key, tiered in tiers.items() for part in _refunds(key, tiered)}
    called = {part: tiered for part, tiered in steps if part[:2] in m.called}
    m.refused = Var(list(refused), domain=NonNegativeReals, doc="not taken, by last tier [quantity]")
    m.called_at = Var(list(called), domain=NonNegativeReals, doc="called, by last tier [quantity]")
    for key in tiers:
        m.response.bound(("taken", key), [(1.0, ("quantity", key))])
    for part, tiered in steps:
        m.response.charge(("tier", part), tiered.schedule.prices[int(part[2])], "all")
    _refund(m, refused)
    _call(m, called)


def _refunds(key: Sale, tiered: Tiered) -> list[Part]:
    """Return by which last tiers a refund may differ: where prices only rise, it is the first one's in any case."""
    tiers = len(tiered.ends) if tiered.schedule.needs_binaries else 1
    return [(*key, str(k)) for k in range(tiers)]


def _refund(m: ConcreteModel, parts: dict[Part, Tiered]) -> None:
    """Pay back what is not taken, but for what is owed; all of it where a loss hits the supplier."""
    rows = m.rows["refused"] = LinearRows("taken + sum of refused <= planned")
    for key, refused in _by_sale(m.refused).items():
        rows.at_most(key, [(1.0, m.taken[key]), *refused], 0.0)
        m.response.move("refused", key, [(1.0, ("quantity", key))])
    for part, tiered in parts.items():
        k, prices = int(part[2]), tiered.schedule.prices
        refund = prices[k] if tiered.schedule.kind == "all-units" else min(prices[: k + 1])
        owed = _owed_share(m, part[0]) * max(0.0, refund)
        pay(m, part[0], part[1], (owed - refund, m.refused[part]))
        if tiered.schedule.needs_binaries:
            figures, constant = _while_last(part, tiered, 1.0)
            m.response.bound(("refused", part), figures, owed=-owed, constant=constant)
        else:
            m.response.bound(("refused", part), [(1.0, ("quantity", part[:2]))], owed=-owed)


def _call(m: ConcreteModel, parts: dict[Part, Tiered]) -> None:
    """Pay what is called at the price of the last tier that the plan reaches."""
    rows = m.rows["called"] = LinearRows("sum over last tiers of called == called")
    for key, called in _by_sale(m.called_at).items():
        rows.equal(key, [*called, (-1.0, m.called[key])], 0.0)
    for part, tiered in parts.items():
        price, terms = tiered.schedule.prices[int(part[2])], m.response.terms[part[0]]
        pay(m, part[0], part[1], (price + terms.surge_premium * abs(price), m.called_at[part]))
        figures, constant = _while_last(part, tiered, terms.surge)
        m.response.bound(("called_at", part), figures, constant=constant)


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

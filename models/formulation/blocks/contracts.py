r"""Contracts: what is bought only when signed, at least the minimum take, and fixed costs.

    x_{ijt} <= X_{ijt} z_i                                nothing without a contract; one link a lane,
                                                          which is tighter than one for their sum
    q_{it} <= Q_{it} z_i                                  only where sum_j X_{ijt} > Q_{it}: else the links of
                                                          the lanes imply it, and HiGHS pays for it dearly
    q_{it} >= min(minimum_take_{it} * years_t, C_{it}) z_i   once signed, in every period in which units
                                                          can leave and arrive within the horizon; one
                                                          equality where that is all of Q_{it}
    sum_{t in Y} q_{it} >= sum_{t in Y} min(...) z_i         in place of that, per calendar year Y, where the minimum
                                                          take counts over years: as much as its periods ask
    x_{ijt} <= X_{ijt} a_{it},  q_{it} <= Q_{it} a_{it}   a fixed cost per period is due when it is

z_i is `signed`, a_{it} in {0, 1} `running`; Q and X are the upper bounds of the network, and C what the
offer has to sell. Opening new capacity is a cost of z_i and a C that starts late and grows. No timing is
decided: nothing is discounted, so opening at once is never worse (docs/decisions/0010).

A response has no contracts of its own: those of the plan stand, and bound what may be taken (`calls`). What is reserved
it calls in periods of a fixed cost only where a_{it} is 1, as the plan pays for no others; so that this stands in the
plan, something is bought there, a millionth of what can.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pyomo.core import Binary, SetOf

from models.algebra.constraints import LinearRows
from models.algebra.variables import declare
from models.formulation.blocks.block import MarketBlock
from models.records.tolerances import STRICTLY, slight
from models.records.wording import format_amount, format_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyomo.core import ConcreteModel

    from models.formulation.blocks.block import Books
    from models.market.bounds import Sale


def add(m: ConcreteModel) -> None:
    """Link quantities and flows to contracts, and charge what is fixed."""
    repeated = {o.offer for o in m.market.offers if o.fixed_cost_per_period}
    if m.response is not None or (not len(m.signed) and not repeated):
        return
    periods = [key for key in m.quantities if key[0] in repeated]
    declare(m, "running", SetOf(periods), Binary, "something is bought in the period [0/1]")
    _link(m)
    m.costs["fixed"] += [(m.market.fixed_cost(o.offer), m.signed[o.offer]) for o in m.market.offers if o.fixed_cost]
    m.costs["opening"] += [
        (m.market.opening_cost(o.offer), m.signed[o.offer]) for o in m.market.offers if o.opening_cost
    ]
    m.costs["fixed"] += [(m.market.fixed_cost_per_period(*key), running) for key, running in m.running.items()]


def _link(m: ConcreteModel) -> None:
    """Let nothing be bought or moved without its switches, and no less than the minimum take with a contract."""
    links = m.rows["link"] = LinearRows("minimum take * signed <= quantity, flow <= upper bound * (signed or running)")
    signed, running = dict(m.signed.items()), dict(m.running.items())
    carried: dict[tuple[str, str], float] = defaultdict(float)
    for (offer, _, period), most in m.network.flows.items():
        carried[offer, period] += most
    for key, quantity in m.quantities.items():
        most, least = m.network.quantities[key], m.network.minimum_takes.by_period.get(key, 0.0)
        implied, terms = carried[key] <= most, [(1.0, quantity)]
        if key[0] in signed:
            links.link_switch(("signed", *key), terms, least, most, signed[key[0]], implied=implied)
        if key in running:
            links.link_switch(("running", *key), terms, _something(m, key), most, running[key], implied=implied)
        if key[0] in signed or key in running:
            m.bounded_by_rows.append(quantity)
    for key, flow in m.flows.items():
        offer, _, period = key
        term, most = (1.0, flow), m.network.flows[key]
        if offer in signed:
            links.at_most(("signed", *key), [term, (-most, signed[offer])], 0.0)
        if (offer, period) in running:
            links.at_most(("running", *key), [term, (-most, running[offer, period])], 0.0)

    _take_over_years(m, signed)


def _something(m: ConcreteModel, key: Sale) -> float:
    """Return what is bought at least where a response may call what is reserved: what is only paid for is no record."""
    calls = m.reserves and m.market.offer[key[0]].reservation_price is not None
    return STRICTLY * float(m.network.quantities[key]) if calls else 0.0


def _take_over_years(m: ConcreteModel, signed: dict[str, Any]) -> None:
    """Let as much be taken over a year of a signed offer as its periods ask together."""
    rows = LinearRows("minimum take of a year * signed <= sum of quantities")
    for key, (periods, units) in m.network.minimum_takes.by_year.items():
        if units:
            taken = [(1.0, m.quantities[key[0], period]) for period in periods if (key[0], period) in m.quantities]
            rows.at_least(key, [*taken, (-units, signed[key[0]])], 0.0)
    m.rows |= {"yearly_take": rows} if rows else {}


def violations(books: Books) -> Iterator[str]:
    """Yield what is bought without a contract, and less than the minimum take with one."""
    for offer in books.market.offers:
        if not books.market.needs_signing(offer):
            continue
        signed = books.signed.get(offer.offer, False)
        for period in books.market.window(offer):
            units = books.quantity[offer.offer, period]
            least = books.network.minimum_takes.by_period.get((offer.offer, period), 0.0)
            if units > 0 and not signed:
                yield f"{offer.offer}: {format_amount(units)} bought in {period} without a signed contract"
            if signed and units < least - slight(least):
                little, asked = format_apart(units, least)
                yield f"{offer.offer}: {little} bought in {period} is below the minimum take of {asked}"
    for (name, year), (periods, least) in books.network.minimum_takes.by_year.items():
        units = sum(books.quantity[name, period] for period in periods)
        if books.signed.get(name, False) and units < least - slight(least):
            little, asked = format_apart(units, least)
            yield f"{name}: {little} bought in {year} is below the minimum take of {asked} over the year"


BLOCK = MarketBlock(add, violations)

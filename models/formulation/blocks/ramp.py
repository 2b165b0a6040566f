r"""Ramps: how fast the yearly rate of an offer may grow.

q_{it} / years_t  <=  q_{i,t-1} / years_{t-1}  +  ramp_i        for t after the offer's first period
q_{it} / years_t  <=  incumbent_quantity_i  +  ramp_i           in its first period, when stated

In a response only for what is called (c) on top of what was planned (Q, figures of the plan), so that a supplier who
comes back after a loss brings what was planned:

(Q_{it} + c_{it}) / years_t  <=  (Q_{i,t-1} + c_{i,t-1}) / years_{t-1}  +  ramp_i
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from models.algebra.constraints import LinearRows
from models.formulation.blocks.block import MarketBlock
from models.records.tolerances import slight
from models.records.wording import format_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyomo.core import ConcreteModel

    from models.formulation.blocks.block import Books
    from models.market import Offer


def add(m: ConcreteModel) -> None:
    """Bound the growth of every offer that states a ramp."""
    ramping = [offer for offer in m.market.offers if offer.ramp is not None]
    if not ramping:
        return
    if m.response is not None:
        _ramp_calls(m, ramping)
        return
    years = m.market.years
    rows = m.rows["ramp"] = LinearRows("yearly rate <= yearly rate of the period before + ramp")
    for offer in ramping:
        window = m.market.window(offer)
        first = m.quantity[offer.offer, window[0]]
        if offer.incumbent_quantity is not None:
            most = offer.incumbent_quantity + offer.ramp
            rows.at_most((offer.offer, window[0]), [(1.0 / years[window[0]], first)], most)
        for before, period in pairwise(window):
            now, then = m.quantity[offer.offer, period], m.quantity[offer.offer, before]
            rows.at_most((offer.offer, period), [(1.0 / years[period], now), (-1.0 / years[before], then)], offer.ramp)


def _ramp_calls(m: ConcreteModel, ramping: list[Offer]) -> None:
    """Bound the growth of what is called of an offer on top of what was planned."""
    years, called = m.market.years, m.called
    rows = m.rows["ramp"] = LinearRows("yearly rate called <= that called before + ramp - growth planned")
    for offer in ramping:
        window, ramp = m.market.window(offer), offer.ramp or 0.0
        first = (offer.offer, window[0])
        if offer.incumbent_quantity is not None and first in called:
            rows.at_most(first, [(1.0 / years[window[0]], called[first])], offer.incumbent_quantity + ramp)
            m.response.move("ramp", first, [(-1.0 / years[window[0]], ("quantity", first))])
        for before, period in pairwise(window):
            then, now = (offer.offer, before), (offer.offer, period)
            if now not in called:
                continue
            more = [(-1.0 / years[before], called[then])] if then in called else []
            rows.at_most(now, [(1.0 / years[period], called[now]), *more], ramp)
            grown = [(1.0 / years[before], ("quantity", then)), (-1.0 / years[period], ("quantity", now))]
            m.response.move("ramp", now, grown)


def violations(books: Books) -> Iterator[str]:
    """Yield rates that grow faster than the ramp."""
    for offer in books.market.offers:
        if offer.ramp is None:
            continue
        for rate, most, period in _rates(books, offer):
            if rate > most + slight(rate, most):
                grown, allowed = format_apart(rate, most)
                yield f"{offer.offer}: {grown} a year in {period} grows beyond the ramp to {allowed}"


def _rates(books: Books, offer: Offer) -> Iterator[tuple[float, float, str]]:
    ramp = offer.ramp or 0.0
    window = books.market.window(offer)
    rates = {p: books.quantity[offer.offer, p] / books.market.years[p] for p in window}
    if offer.incumbent_quantity is not None:
        yield rates[window[0]], offer.incumbent_quantity + ramp, window[0]
    for before, period in pairwise(window):
        yield rates[period], rates[before] + ramp, period


BLOCK = MarketBlock(add, violations, reads_amounts=False)

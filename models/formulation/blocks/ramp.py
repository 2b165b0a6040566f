r"""Ramps: how fast the yearly rate of an offer may grow.

q_{it} / years_t  <=  q_{i,t-1} / years_{t-1}  +  ramp_i        for t after the offer's first period
q_{it} / years_t  <=  incumbent_quantity_i  +  ramp_i           in its first period, when stated
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from models.algebra.constraints import LinearRows

if TYPE_CHECKING:
    from pyomo.environ import ConcreteModel


def add(m: ConcreteModel) -> None:
    """Bound the growth of every offer that states a ramp."""
    ramping = [offer for offer in m.market.offers if offer.ramp is not None]
    if not ramping:
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

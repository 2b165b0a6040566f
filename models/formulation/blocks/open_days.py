r"""Open days: lanes of an offer that law closes on the same days share what it has on the others.

    sum_{j in J} x_{ijt} <= open_{iJt} * C_{it}      for lanes J of offer i that are closed together

open_{iJt} is the share of the days of period t on which any lane of J is open (`models.market.borders`), and C_{it}
what the offer has to sell, at an even pace. Of a lane alone this is a bound of its flow, beside the same share of its
own capacity. Periods are those in which units leave. So a ban is the quota of 0 on its days (`models.limits.quota`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.algebra.constraints import LinearRows
from models.formulation.blocks.block import MarketBlock
from models.records.tolerances import slight
from models.records.wording import format_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyomo.core import ConcreteModel

    from models.formulation.blocks.block import Books
    from models.market.borders import Pair
    from models.market.network import Network


def add(m: ConcreteModel) -> None:
    """Bound what moves together over lanes that are closed together."""
    rows = LinearRows("sum of flows over lanes closed together <= open share * what the offer has")
    for number, (offer, period, lanes, most) in enumerate(_rooms(m.network)):
        flows = [(*lane, period) for lane in lanes if (*lane, period) in m.flows]
        if len(flows) > 1 and sum(m.network.flows[flow] for flow in flows) > most:
            rows.at_most((offer, period, str(number)), [(1.0, m.flows[flow]) for flow in flows], most)
    m.rows |= {"open": rows} if rows else {}


def _rooms(network: Network) -> Iterator[tuple[str, str, tuple[Pair, ...], float]]:
    """Yield each offer and period with two or more lanes that are closed together, and what they can carry in all."""
    for (offer, period), groups in network.borders.groups.items():
        has = network.available.get((offer, period), 0.0)
        for group in groups:
            if len(group.lanes) > 1 and has < math.inf:
                yield offer, period, group.lanes, group.share * has


def violations(books: Books) -> Iterator[str]:
    """Yield what leaves over lanes that are closed together beyond what their offer has on the other days."""
    for offer, period, lanes, most in _rooms(books.network):
        units = sum(books.flow.get((*lane, period), 0.0) for lane in lanes)
        if units > most + slight(most):
            left, allowed = format_apart(units, most)
            why = books.network.borders.describe_closed([(lane, period) for lane in lanes])
            yield f"{offer}: {left} leaves in {period} where {allowed} can leave on open days{why}"


BLOCK = MarketBlock(add, violations)

r"""Refining: what a processor sells is what its feed yields.

yield_j * (F_{jt} + sum_i x_{i,j,t - lead})  ==  q_{jt}        for every offer j with a yield, in every period

F_{jt} is feed that was under way when the horizon began: it runs the processor whatever is bought. In a response, the
feed that was under way and is written off makes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.algebra.constraints import LinearRows
from models.formulation.blocks.block import MarketBlock
from models.limits.contract.limit import throughput
from models.records.tolerances import slight
from models.records.wording import format_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyomo.core import ConcreteModel

    from models.algebra.expressions import Terms
    from models.formulation.blocks.block import Books


_LEFT = 1e-3
"""Part of all that flows of a material that stands for it in a rounding: what is bought may be next to nothing."""


def add(m: ConcreteModel) -> None:
    """Tie the quantity of every processor to what arrives there."""
    yields = {o.offer: o.yield_ for o in m.market.offers if o.yield_ is not None}
    if not yields:
        return
    coming, arrival = m.market.arriving_feed, m.network.arrival
    feed: dict[tuple[str, str], Terms] = {key: [] for key in (*m.quantities, *coming) if key[0] in yields}
    for key, variable in m.flows.items():
        destination = key[1]
        if destination in yields:
            feed[destination, arrival[key]].append((yields[destination], variable))
    written_off = m.written_off if m.response is not None else {}
    for (destination, _, period), variable in written_off.items():
        if destination in yields:
            feed[destination, period].append((-yields[destination], variable))
    rows = m.rows["refine"] = LinearRows("yield * (feed under way + sum over origins of flow) == quantity")
    for key, terms in feed.items():
        sold = [(-1.0, m.quantities[key])] if key in m.quantities else []
        rows.equal(key, [*terms, *sold], -yields[key[0]] * coming[key] if key in coming else 0.0)


def violations(books: Books) -> Iterator[str]:
    """Yield every processor that does not sell what its feed yields."""
    flowing = {
        record.material: throughput(books, record.material, record.stages[-1], books.market.years)
        for record in books.market.materials
    }
    for name, period in {**books.quantity, **books.market.arriving_feed}:
        units, offer = books.quantity.get((name, period), 0.0), books.market.offer[name]
        if offer.yield_ is None:
            continue
        fed = offer.yield_ * books.arrived.get((name, offer.material, period), 0.0)
        if not units and not fed:
            continue
        rounding = slight(units, fed, _LEFT * flowing[offer.material])
        if abs(units - fed) > rounding:
            sold, made = format_apart(units, fed)
            yield f"{name}: sells {sold} in {period} but its feed yields {made}"


BLOCK = MarketBlock(add, violations, reads_amounts=False)

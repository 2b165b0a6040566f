"""What products need of materials: demand, beside what is stated."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.market.tables.demand import Demand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.market.market import Market
    from models.market.tables.product import BillOfMaterials, Product
    from models.market.tables.record import Record

_Node = tuple[str, str, str]
"""Site, material and period."""


def with_products(market: Market) -> Market:
    """Return a market in whose demand stands what its products need; itself where it stands there already.

    Each row remembers how much of it products need (`Demand.of_products`), so that only what that has become more or
    less is added. Rows that do not fit the others add nothing: they are refused where rows are checked.
    """
    if not market.products and not any(row.of_products for row in market.demand):
        return market
    needed = _add_up(market)
    rows = {(row.site, row.material, row.period): row for row in market.demand}
    for node in dict.fromkeys((*needed, *rows)):
        units, assumed = needed.get(node, (0.0, False))
        stated = rows.get(node)
        if stated is None:
            site, material, period = node
            own = Demand(site=site, material=material, period=period, quantity=0.0)
            stated = own.model_copy(update={"quality": "assumed" if assumed else "derived"})
        else:
            units /= market.bases.factor(stated.material, stated.basis)
        before = stated.of_products or 0.0
        if units != before:
            quantity = max(0.0, stated.quantity + units - before) if before else stated.quantity + units
            rows[node] = stated.model_copy(update={"quantity": quantity, "of_products": units})
    demand = tuple(rows.values())
    return market if demand == market.demand else market.model_copy(update={"demand": demand})


def _add_up(market: Market) -> dict[_Node, tuple[float, bool]]:
    """Return what products need, in the material's own basis where the market is, and whether any of it is assumed."""
    found: dict[_Node, tuple[float, bool]] = {}
    for made, row in made_of(market.products, market.bill_of_materials):
        if row.material in market.material and market.bases.fault(row.material, row.basis) is None:
            node = made.site, row.material, made.period
            before, assumed = found.get(node, (0.0, False))
            units = made.quantity * row.needed * market.bases.factor(row.material, row.basis)
            found[node] = before + units, assumed or _is_assumed(made) or _is_assumed(row)
    return {node: need for node, need in found.items() if need[0] > 0}


def made_of(
    products: Iterable[Product], bill_of_materials: Iterable[BillOfMaterials]
) -> Iterator[tuple[Product, BillOfMaterials]]:
    """Yield each quantity that is made of a product with each material in it."""
    holds: dict[str, list[BillOfMaterials]] = defaultdict(list)
    for row in bill_of_materials:
        if row.scrap < 1:
            holds[row.product].append(row)
    for made in products:
        for row in holds.get(made.product, ()):
            yield made, row


def _is_assumed(record: Record) -> bool:
    return record.assumes("quantity")

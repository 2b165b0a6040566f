"""National offers put behind the rows of an instance as it is read, where its materials ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.market.bases import Bases
from models.market.national_offers import national_offers
from optimizer.files.columns import RANK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Material
    from optimizer.files.draft import Draft
    from optimizer.files.faults import Faults
    from optimizer.files.rows import Rows

_TABLE = "materials"
_ADDED = ("offers", "owners", "lanes")


def add_national_offers(draft: Draft, rows: Rows, currency: object, faults: Faults) -> None:
    """Add what materials with ``offers = world`` ask for, and take the word away: from then on rows say it.

    An offer of the instance under the same name goes before. What cannot be had is noted in `faults`.
    """
    asking = [(at, row) for at, row in enumerate(rows.records.get(_TABLE, ())) if row is not None and row.offers]
    if not asking or not isinstance(currency, str):
        return
    currencies = [currency, *(row.currency for row in rows.records.get("rates", ()) if row is not None)]
    bases = Bases((row for _, row in asking), filter(None, rows.records.get("conversions", ())))
    grid = draft.grids[_TABLE]
    own = {table: [row for row in rows.records.get(table, ()) if row is not None] for table in _ADDED}
    for at, material in asking:
        number = grid.numbers[at]
        rows.records[_TABLE][at] = material.model_copy(update={"offers": None, "world_freight": None})
        try:
            added = national_offers(material, currencies, bases, _list_sites(rows, material.material))
        except ValueError as error:
            faults.add(grid.place(number, "offers"), f"world cannot be had: {error}", RANK[_TABLE], number)
            continue
        if (why := _find_lack_of_ways(material, [row for _, row in asking], own)) is not None:
            faults.add(grid.place(number, "world_freight"), why, RANK[_TABLE], number)
            continue
        stated = {row.offer for row in own["offers"]}
        fresh = {offer.offer for offer in added.offers} - stated
        lanes = {(row.origin, row.destination) for row in own["lanes"]}
        rows.records.setdefault("offers", []).extend(row for row in added.offers if row.offer in fresh)
        rows.records.setdefault("owners", []).extend(row for row in added.owners if row.offer in fresh)
        ways = [row for row in added.lanes if (row.origin, row.destination) not in lanes]
        rows.records.setdefault("lanes", []).extend(ways)


def _find_lack_of_ways(material: Material, asking: list[Material], own: dict[str, list[Any]]) -> str | None:
    """Return why national offers of a material could reach no site, or other offers would no more; None if they can."""
    stated = material.world_freight is not None
    if stated and own["offers"] and not own["lanes"]:
        return (
            "the instance has no lanes, so that its own offers reach every site free of freight, and would not beside "
            "lanes of others; leave it empty, or state the lanes"
        )
    has_lanes = own["lanes"] or any(row.world_freight is not None for row in asking)
    begin = f"world-{material.material}-"
    if has_lanes and not stated and not any(row.origin.startswith(begin) for row in own["lanes"]):
        has = "has lanes" if own["lanes"] else "has lanes, by the world_freight of others"
        return (
            f"the instance {has}, and none leads from its national offers; write what a unit pays to a site, or "
            f"lanes from {begin}CN and others"
        )
    return None


def _list_sites(rows: Rows, material: str) -> list[str]:
    """Return the sites that need a material, each once."""
    return list(dict.fromkeys(_needing(rows, material)))


def _needing(rows: Rows, material: str) -> Iterator[str]:
    for need in rows.records.get("demand", ()):
        if need is not None and need.material == material and need.quantity > 0:
            yield need.site
    holds = [row for row in rows.records.get("bill_of_materials", ()) if row is not None]
    for made in rows.records.get("products", ()):
        if made is not None and made.quantity > 0 and (made.product, material) in {row.key for row in holds}:
            yield made.site

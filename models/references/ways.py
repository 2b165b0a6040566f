"""Ways: owners, declared origins, lanes, goods under way and stock, as far as several rows can break them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.records.tolerances import ROUNDING
from models.records.wording import format_exactly
from models.references.tables import Problem, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Lane, Material, Offer


def share_problems(tables: Tables) -> Iterator[Problem]:
    """Yield shares that add up to more than the whole."""
    totals: dict[tuple[str, ...], float] = defaultdict(float)
    for row, owner in tables.table("owners"):
        if (owner.company is None) == (owner.offer is None):
            continue
        kind, whom = ("company", owner.company) if owner.company is not None else ("offer", owner.offer)
        yield from _too_much(totals, ("owners", kind, whom), owner.share, row, f"the owners of {whom}")
    for row, origin in tables.table("origins"):
        where = f"the {origin.stage} origins of {origin.offer}"
        yield from _too_much(totals, ("origins", origin.offer, origin.stage), origin.share or 0.0, row, where)
    for row, origin in tables.table("origins"):
        if origin.share is None and totals["origins", origin.offer, origin.stage] >= 1 - ROUNDING:
            message = (
                f"the stated {origin.stage} origins of {origin.offer} are all of it, so nothing is left for "
                f"{origin.country}; state its share, or remove the row"
            )
            yield Problem("origins", row, "share", message)


def _too_much(
    totals: dict[tuple[str, ...], float], key: tuple[str, ...], share: float, row: int, what: str
) -> Iterator[Problem]:
    totals[key] += share
    if totals[key] > 1 + ROUNDING:
        yield Problem(key[0], row, "share", f"{what} add up to {format_exactly(totals[key])}; they may not exceed 1")


def origin_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every declared origin at a stage that does not come before its offer's."""
    offers: dict[str, Offer] = {o.offer: o for _, o in tables.table("offers")}
    materials: dict[str, Material] = {m.material: m for _, m in tables.table("materials")}
    for row, origin in tables.table("origins"):
        offer = offers.get(origin.offer)
        material = materials.get(offer.material) if offer else None
        if not offer or not material or offer.stage not in material.stages:
            continue
        before = material.stages[: material.stages.index(offer.stage)]
        if origin.stage in material.stages and origin.stage not in before:
            message = (
                f"{origin.stage!r} does not come before {offer.stage!r}, the stage of {offer.offer}; "
                "declare earlier stages only"
            )
            yield Problem("origins", row, "stage", message)
        elif offer.yield_ is not None:
            message = (
                f"{offer.offer} has a yield, so its feed is bought over lanes and cannot be declared as well; "
                "remove one"
            )
            yield Problem("origins", row, "offer", message)


def lane_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every lane that leads nowhere."""
    offers: dict[str, Offer] = {o.offer: o for _, o in tables.table("offers")}
    materials: dict[str, Material] = {m.material: m for _, m in tables.table("materials")}
    sites = tables.names("sites", "site")
    kinds = {name: (offer.material, offer.stage, offer.yield_ is None) for name, offer in offers.items()}
    ends = kinds | dict(zip(sites, sites, strict=True))

    def fault_of(lane: Lane) -> str | None:
        origin = offers.get(lane.origin)
        material = materials.get(origin.material) if origin else None
        if not origin or not material or origin.stage not in material.stages:
            return None
        return _misled(lane, origin, offers.get(lane.destination), material, lane.destination in sites)

    pairs = [
        (kinds.get(origin), ends.get(to, to)) for origin, to in tables.list_values("lanes", "origin", "destination")
    ]
    one_of_each = dict(zip(pairs, tables.records("lanes"), strict=True))
    misled = {ends for ends, lane in one_of_each.items() if fault_of(lane)}
    if tables.start is None and any(tables.list_values("lanes", "lead_time_days")):
        yield from _without_days(tables)
    for (row, lane), pair in zip(tables.table("lanes"), pairs, strict=True) if misled else ():
        fault = fault_of(lane) if pair in misled else None
        if fault:
            yield Problem("lanes", row, "destination", fault)


def _without_days(tables: Tables) -> Iterator[Problem]:
    """Yield lead times in days of an instance whose periods have none."""
    for row, lane in tables.table("lanes"):
        if lane.lead_time_days:
            message = "days count from those of a period, and periods have none; write start = YYYY-MM-DD, or lead_time"
            yield Problem("lanes", row, "lead_time_days", message)


def lane_term_problems(tables: Tables) -> Iterator[Problem]:
    """Yield terms of lanes that are not there."""
    lanes = {(lane.origin, lane.destination) for lane in tables.records("lanes")}
    if len(tables.rows.get("lanes", ())) > len(list(tables.records("lanes"))):
        return  # a row that could not be read may be the lane that is meant
    ends = tables.names("offers", "offer"), tables.names("offers", "offer") | tables.names("sites", "site")
    for row, terms in tables.table("lane_terms"):
        pair = terms.origin, terms.destination
        known = terms.origin in ends[0] and terms.destination in ends[1]
        if known and pair not in lanes:
            cure = "add it to lanes" if lanes else "without a table of lanes every way is open; state the lanes"
            message = f"no lane leads from {terms.origin} to {terms.destination}; {cure}"
            yield Problem("lane_terms", row, "destination", message)


def under_way_problems(tables: Tables) -> Iterator[Problem]:
    """Yield goods under way to an offer that takes none of them."""
    offers: dict[str, Offer] = {o.offer: o for _, o in tables.table("offers")}
    for row, coming in tables.table("under_way"):
        taker = offers.get(coming.destination)
        if taker is None:
            continue
        if taker.yield_ is None:
            message = (
                f"{taker.offer!r} has no yield, so it takes no feed; state its yield, or name a processor or a site"
            )
            yield Problem("under_way", row, "destination", message)
        elif taker.material != coming.material:
            message = f"{taker.offer!r} handles {taker.material}, not {coming.material}; write {taker.material}"
            yield Problem("under_way", row, "material", message)


def stock_term_problems(tables: Tables) -> Iterator[Problem]:
    """Yield terms of stock that is not there."""
    stored = {(stock.site, stock.material) for stock in tables.records("stock")}
    if len(tables.rows.get("stock", ())) > len(list(tables.records("stock"))):
        return  # a row that could not be read may be the stock that is meant
    known = tables.names("sites", "site"), tables.names("materials", "material")
    for row, terms in tables.table("stock_terms"):
        if terms.site in known[0] and terms.material in known[1] and (terms.site, terms.material) not in stored:
            message = f"no stock of {terms.material} is kept at {terms.site}; add it to stock"
            yield Problem("stock_terms", row, "material", message)


def _misled(lane: Lane, origin: Offer, target: Offer | None, material: Material, to_site: bool) -> str | None:  # noqa: FBT001
    position = material.stages.index(origin.stage)
    last = position == len(material.stages) - 1
    if to_site:
        if last:
            return None
        return (
            f"{lane.destination!r} is a site and {lane.origin} sells {origin.stage} {material.material}, so the lane "
            f"skips a stage; sites take {material.stages[-1]}"
        )
    if target is None:
        return None
    if target.material != origin.material:
        return f"{lane.destination!r} handles {target.material}, not {origin.material}; lanes stay within a material"
    following = None if last else material.stages[position + 1]
    if target.stage != following:
        cure = f"the next stage is {following}" if following else "the last stage goes to sites"
        return f"{lane.destination!r} is at {target.stage}, so the lane skips a stage or turns back; {cure}"
    if target.yield_ is None:
        return f"{lane.destination!r} has no yield, so it takes no feed; state its yield or remove the lane"
    return None

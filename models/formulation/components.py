"""The parts of an instance: groups of materials that no limit and no corridor ties together.

Each part is an instance of its own, and the sum of their cheapest plans is the cheapest plan of the
whole. They are solved apart, and a change to one leaves what is known of the others (decision 6).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from models.enforcement import enforce
from models.instance import SolveSettings
from models.records.validity import DATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.instance import Instance
    from models.limits import AnyLimit
    from models.market import Market

_ALWAYS = datetime.date.min
"""The day on which a part looks up its duties and controls: it holds only those that are in force."""


def parts(instance: Instance) -> list[Instance]:
    """Return the parts, in the order of their first materials.

    A part keeps the records that concern its materials (the same objects, so that comparing two parts
    is quick) and no others, and limits say of it what they say of it alone: two instances that differ in
    one material have all other parts equal. The parts are taken as valid and not validated again.
    """
    instance = enforce(instance)
    groups = _groups(instance)
    market = instance.market
    split = _Split(market, {material: group for group in groups for material in group})
    return [
        instance.model_copy(
            update={
                "name": " + ".join(group),
                "title": "",
                "market": split.market_of(group),
                "limits": limits_of(group, instance),
                "policies": (),
                "cases": {},
                "solve": SolveSettings(),
            }
        )
        for group in groups
    ]


def limits_of(materials: tuple[str, ...], instance: Instance) -> tuple[AnyLimit, ...]:
    """Return what the limits of an instance say of some of its materials alone."""
    market = instance.market
    some = [limit for limit in instance.limits if any(limit.speaks_of(material, market) for material in materials)]
    return tuple(one for limit in some if (one := limit.within(materials)) is not None)


def _groups(instance: Instance) -> list[tuple[str, ...]]:
    """Return the materials of each part."""
    head = {material: material for material in instance.market.material}

    def find(material: str) -> str:
        while head[material] != material:
            material = head[material]
        return material

    for group in _ties(instance):
        for one, other in pairwise(group):
            head[find(other)] = find(one)
    members: dict[str, list[str]] = defaultdict(list)
    for material in head:
        members[find(material)].append(material)
    return sorted(map(tuple, members.values()), key=lambda group: list(head).index(group[0]))


def _ties(instance: Instance) -> Iterator[tuple[str, ...]]:
    """Yield groups of materials that have something in common."""
    market = instance.market
    for limit in instance.limits:
        if not limit.watch:
            yield from limit.couples(market)
    shared: dict[str, list[str]] = defaultdict(list)
    with_lanes = dict.fromkeys(market.offer[lane.origin].material for lane in market.lanes)
    for lane in market.lanes:
        if lane.corridor is not None:
            shared[lane.corridor].append(market.offer[lane.origin].material)
    yield from (tuple(dict.fromkeys(materials)) for materials in shared.values())
    if with_lanes:
        # A market without lanes leaves every way open, so a material that has none goes with one that has some.
        yield (next(iter(with_lanes)), *(material for material in market.material if material not in with_lanes))


class _Split:
    """The rows of every table of a market, by the part that they belong to."""

    def __init__(self, market: Market, group: dict[str, tuple[str, ...]]) -> None:
        self._market = market
        self._of_offer = of_offer = {offer.offer: group[offer.material] for offer in market.offers}
        self._sellers: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for offer in market.offers:
            self._sellers[group[offer.material]].add(offer.company)
        by_material = ("materials", "conversions", "demand", "offers", "stock")
        self._rows = {table: _grouped(getattr(market, table), "material", group) for table in by_material}
        for table in ("duties", "controls"):
            self._rows[table] = _grouped(_in_force(getattr(market, table), market.as_of), "material", group)
        self._rows["lanes"] = _grouped(market.lanes, "origin", of_offer)
        for table in ("tiers", "commitments", "origins", "earlier"):
            self._rows[table] = _grouped(getattr(market, table), "offer", of_offer)

    def market_of(self, group: tuple[str, ...]) -> Market:
        rows = {table: tuple(by_group.get(group, ())) for table, by_group in self._rows.items()}
        sellers, of_offer = self._sellers[group], self._of_offer
        rows["owners"] = tuple(
            owner
            for owner in self._market.owners
            if (of_offer[owner.offer] == group if owner.offer is not None else owner.company in sellers)
        )
        used = {lane.corridor for lane in rows["lanes"]}
        rows["corridors"] = tuple(corridor for corridor in self._market.corridors if corridor.corridor in used)
        return self._market.model_copy(update={**rows, "as_of": _ALWAYS})


def _grouped(rows: Iterable[Any], column: str, group: dict[str, tuple[str, ...]]) -> dict[tuple[str, ...], list[Any]]:
    """Return rows by the group of what they name in a column."""
    by_group: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in rows:
        by_group[group[getattr(row, column)]].append(row)
    return by_group


def _in_force(rows: Iterable[Any], day: datetime.date) -> Iterator[Any]:
    """Yield the duties or controls that are in force on a day, as if they always were."""
    for row in rows:
        if row.holds(day):
            dated = any(getattr(row, date) is not None for date in DATES)
            yield row.model_copy(update=dict.fromkeys(DATES)) if dated else row

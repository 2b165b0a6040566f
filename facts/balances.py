"""Balances of the world: what the offers of a country could sell, against what it makes; and all against the world's.

What countries make stands in the reference data (`models/data`), found by the name of the material.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from facts.findings import Finding
from facts.freight import IN_TONNES
from models.data import find_material, supplies_of
from models.records.countries import UNDISCLOSED
from models.records.wording import format_amount, format_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.instance import Instance

_MORE = 1.02
"""From which part on more is on offer than is made; figures are rounded."""
_TIMES = 10
"""From how many times on a part is not told in percent."""
Scope = tuple[str, str]


class Made(NamedTuple):
    """What a country makes of a mineral at a stage, and the world."""

    tonnes: float
    world: float
    year: str


def find_supply(scope: Scope) -> dict[str, Made]:
    """Return what countries make of a material at a stage, by country; nothing where it is not known."""
    material, stage = scope
    supplies = supplies_of(find_material(material) or "", stage)
    if not supplies:
        return {}
    newest = supplies[0]
    year = str(newest.year)
    return {country: Made(tonnes, newest.world, year) for country, tonnes in newest.countries.items()}


def check_balances(instance: Instance) -> Iterator[Finding]:
    """Yield where more is on offer than a country, or the world, makes, and the stages of which no table is here."""
    market, unit = instance.market, IN_TONNES[instance.mass_unit]
    unknown = []
    for scope, offers in market.sold.items():
        material, stage = scope
        made = find_supply(scope)
        if not made:
            unknown += [f"{stage} {material}"] if offers else []
            continue
        offered: dict[str, float] = defaultdict(float)
        for offer in offers:
            offered[offer.country] += max(market.capacity(offer.offer, period) for period in market.years) * unit
        world = next(iter(made.values()))
        for country, tonnes in sorted(offered.items()):
            yield from _compare(f"{stage} {material} of {country}", tonnes, made.get(country), country)
        total = sum(offered.values())
        if total > world.world * _MORE:
            said = (
                f"{format_amount(total)} t on offer, and the world made {format_amount(world.world)} t in {world.year}"
            )
            yield Finding("flag", "world", f"{stage} {material}: {said}")
    if unknown:
        yield Finding("not checked", "world", f"no table of what countries make is here for {', '.join(unknown)}")


def _compare(what: str, tonnes: float, made: Made | None, country: str) -> Iterator[Finding]:
    said = f"{what}: {format_amount(tonnes)} t on offer"
    if made is None:
        if country != UNDISCLOSED and tonnes:
            yield Finding("flag", "country", f"{said}, and no output is known")
    elif tonnes > made.tonnes * _MORE:
        part = tonnes / made.tonnes
        times = f"{part:.3g} times" if part > _TIMES else f"{format_percent(part, -1)} of"
        more = f"{times} the {format_amount(made.tonnes)} t made in {made.year}"
        yield Finding("flag", "country", f"{said}, {more}")

"""Who supplies a material: shares of countries by place and by control, and how concentrated they are.

What a country is not named for is left in `others`: as many sources as nobody knows. The index of Herfindahl and
Hirschman counts those that are named, so it is the least that it can be.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from models.data.tables import WORLD, Control, Governance, Naming, Price, Production, Stage, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_ANOTHER = {"NC": "FR"}
"""Territories that the governance indicators leave out, and the state whose figure is taken for them."""


@dataclass(frozen=True)
class Supply:
    """What the world supplies of a material at a stage in a year, by country."""

    material: str
    stage: str
    year: int
    basis: str
    world: float
    """Tonnes: the total as published, or the sum of the countries where that is more, as totals are rounded."""
    countries: Mapping[str, float]
    """Tonnes by country, the largest first."""
    source: str

    @cached_property
    def shares(self) -> dict[str, float]:
        """Share of the world by country, from 0 to 1, the largest first."""
        return {country: quantity / self.world for country, quantity in self.countries.items()}

    @property
    def others(self) -> float:
        """Share of the world that no country is named for."""
        return max(0.0, 1.0 - sum(self.shares.values()))

    @property
    def hhi(self) -> float:
        """Sum of squared shares of the countries that are named, from 0 to 1."""
        return sum(share**2 for share in self.shares.values())

    @property
    def effective(self) -> float:
        """How many countries of equal shares would be as concentrated: one over the HHI."""
        return 1.0 / self.hhi

    @property
    def risk_weighted(self) -> float:
        """Sum of squared shares times the risk of each country, from 0 to 10."""
        risks = governance_risks()
        return sum(share**2 * risks[country] for country, share in self.shares.items())


@cache
def list_supplies() -> tuple[Supply, ...]:
    """Return every supply that is known: by material and stage, the newest year first."""
    made: dict[tuple[str, str, int, str], dict[str, float]] = defaultdict(dict)
    for row in read_rows(Production):
        made[row.material, row.stage, row.year, row.source][row.country] = row.quantity
    supplies = []
    for row in read_rows(Stage):
        of = made[row.material, row.stage, row.year, row.source]
        ranked = dict(sorted(of.items(), key=lambda one: (-one[1], one[0])))
        world = max(row.world, sum(of.values()))
        supplies.append(Supply(row.material, row.stage, row.year, row.basis, world, ranked, row.source))
    return tuple(supplies)


def supplies_of(material: str, stage: str | None = None) -> tuple[Supply, ...]:
    """Return the supplies of a material, at one stage or at all, the newest year first."""
    return tuple(one for one in list_supplies() if one.material == material and stage in {None, one.stage})


def controls_of(material: str, stage: str) -> tuple[Control, ...]:
    """Return what is known of who controls what a material's stage produces."""
    return tuple(row for row in read_rows(Control) if (row.material, row.stage) == (material, stage))


def shares_by_control(supply: Supply) -> dict[str, float] | None:
    """Return the share of a supply by controlling country, the largest first, or None where nothing is known of it.

    What a known owner controls in a host country is taken from the host; all else counts for the country where it
    stands, which is the most that can be said and may be wrong.
    """
    known = [row for row in controls_of(supply.material, supply.stage) if row.host != WORLD]
    if not known:
        return None
    shares = dict(supply.shares)
    for row in known:
        moved = supply.shares.get(row.host, 0.0) * row.share
        shares[row.host] = shares.get(row.host, 0.0) - moved
        shares[row.owner] = shares.get(row.owner, 0.0) + moved
    return dict(sorted(shares.items(), key=lambda one: (-one[1], one[0])))


def latest_price(material: str, stage: str) -> Price | None:
    """Return the price of the newest year of a material at a stage, or None where none is known."""
    known = [row for row in read_rows(Price) if (row.material, row.stage) == (material, stage)]
    return max(known, key=lambda row: row.year, default=None)


@cache
def governance_risks() -> dict[str, float]:
    """Return the risk of each country, from 0 (best governed) to 10: (2.5 - mean of the six estimates) x 2."""
    risks = {row.country: risk_of(row.estimate) for row in read_rows(Governance)}
    return risks | {country: risks[state] for country, state in AS_ANOTHER.items()}


def risk_of(estimate: float) -> float:
    """Turn an estimate of governance into a risk from 0 (best) to 10.

    >>> risk_of(2.5), risk_of(-0.3333), risk_of(-2.6)
    (0.0, 5.667, 10.0)
    """
    return round(min(max((2.5 - estimate) * 2, 0.0), 10.0), 3)


@cache
def material_names() -> dict[str, str]:
    """Return the material by every name that it is known by, as `fold_name` gives them."""
    return {
        fold_name(name): row.material
        for row in read_rows(Naming)
        for name in (row.material, *filter(None, row.known_as.split("; ")))
    }


def find_material(name: str) -> str | None:
    """Return the material of the reference data that a name means, or None.

    >>> find_material("Natural_Graphite"), find_material("granite")
    ('graphite', None)
    """
    return material_names().get(fold_name(name))


def fold_name(name: str) -> str:
    """Return a name as names are compared: without case, and with a hyphen for a blank or an underscore."""
    return "-".join(name.casefold().replace("_", " ").replace("-", " ").split())

r"""Stock covers at least a number of days of demand at the end of each period.

Words: at the end of every year the plants keep graphite for 60 days (Japan's reserve, and the aim of the
United States' Project Vault, are stated in such days).

Mathematics, for each material m and period t, over the sites in scope in total, or for each by itself:

    level * D_{mt} / (365 * years_t)  <=  sum_{sites s} k_{smt}

| symbol    | meaning                                                   | unit     |
|-----------|-----------------------------------------------------------|----------|
| level     | days of the period's own demand                           | day      |
| D_{mt}    | demand of the sites within period t                       | quantity |
| years_t   | length of the period; a year counts 365 days              | year     |
| k_{smt}   | stock of the site at the end of the period                | quantity |

Where nothing is needed nothing must be kept. What is kept is of the last stage.

>>> CoverFloor(name="sixty-days", min_days=60, group="total", hard=True).level
60.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import model_validator

from models.limits.contract.limit import Reading, Row, in_period
from models.limits.contract.scoped import ScopedLimit
from models.records.fields import Quantity
from models.records.tolerances import ROUNDING
from models.records.wording import format_amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.limits.contract.limit import Key
    from models.market import Market
    from models.market.exposure import Ledger, UpperBounds

_DAYS_IN_YEAR = 365


class CoverFloor(ScopedLimit):
    """Closing stocks cover at least `min_days` of demand."""

    LEVEL: ClassVar[str] = "min_days"
    UNIT: ClassVar[Literal["figure"]] = "figure"
    SENSE: ClassVar[Literal["at least"]] = "at least"
    PREPARES: ClassVar[bool] = True

    kind: Literal["cover_floor"] = "cover_floor"
    min_days: Quantity
    """Days of the demand of the period that ends."""
    group: Literal["each", "total"]
    """Each site in scope by itself, or all of them in total."""

    @model_validator(mode="after")
    def _at_the_end_of_periods(self) -> Self:
        if self.per == "horizon":
            msg = 'looks at the end of each period, so per = "horizon" says nothing here; remove it'
            raise ValueError(msg)
        if self.stages is not None:
            msg = "stages says nothing here, for what is kept is of the last stage; remove it"
            raise ValueError(msg)
        return self

    @property
    def about(self) -> str:
        """Whose stock it is: ``each site``, ``all sites``."""
        return "each site" if self.group == "each" else "all sites"

    def unit(self, mass: str, currency: str) -> str:  # noqa: ARG002 (days whatever is kept)
        """Return the unit of the level in words."""
        return "days"

    def excess_unit(self, mass: str, currency: str) -> str:  # noqa: ARG002 (what lacks is material)
        """Return the unit of the rows, in words."""
        return mass

    def size(self, key: Key, market: Market) -> float:
        """Return the demand of the period, in units."""
        return market.demand_of(key.material, [key.period]) or 1.0

    def problems(self, market: Market) -> Iterator[str]:
        """Yield also which material, or which site of it, has no room for stock."""
        yield from super().problems(market)
        keeping = {(stock.site, stock.material) for stock in market.stock}
        for material in filter(self.concerns, market.material):
            needing = [s for s in self.sites or market.site if market.demand_of(material, market.years, [s]) > 0]
            bare = [site for site in needing if (site, material) not in keeping]
            if bare and not any((site, material) in keeping for site in self.sites or market.site):
                yield f"materials: no site has room for {material}; add it to stock or name the materials with room"
            elif bare and self.group == "each":
                yield f"sites: {bare[0]} has no room for {material}; add it to stock or name the sites that have some"

    def stages_of(self, market: Market) -> Iterator[tuple[str, str]]:
        """Yield each material with its last stage."""
        for material, stage in super().stages_of(market):
            if stage == market.material[material].stages[-1]:
                yield material, stage

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``level * demand of a day <= stock``, in quantity."""
        for key, sites, demand in self._rooms(m.market):
            kept = [m.stock[site, key.material, key.period] for site in sites]
            yield Row(key, here.level * (demand / (_DAYS_IN_YEAR * m.market.years[key.period])), sum(kept))

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the days that the stocks of a plan last."""
        market = plan.exposure.market
        for key, sites, demand in self._rooms(market):
            days = 365.0 * market.years[key.period]
            kept = sum(plan.stock[site, key.material, key.period] for site in sites)
            yield Reading(key, kept * days / demand, self.min_days, max(0.0, self.min_days * demand / days - kept))

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that there is no room for so much."""
        market = most.exposure.market
        for key, sites, demand in self._rooms(market):
            least = self.min_days * demand / (_DAYS_IN_YEAR * market.years[key.period])
            room = sum(most.stock[site, key.material, key.period] for site in sites)
            if room < least * (1 - ROUNDING):
                where = key.who or "all sites together"
                asked, most_kept = most.format_quantities(least, room)
                yield (
                    f"{format_amount(self.min_days)} days of {key.material}{in_period(key)} are {asked}, and there is "
                    f"room for {most_kept} at {where}"
                )

    def _rooms(self, market: Market) -> Iterator[tuple[Key, list[str], float]]:
        """Yield the key of each row, the sites that keep stock, and the demand that it must cover."""
        keeping = {(stock.site, stock.material) for stock in market.stock}
        scope = self.sites or tuple(market.site)
        for key, _ in self.cells(market):
            groups = {"": scope} if self.group == "total" else {site: (site,) for site in scope}
            for who, sites in groups.items():
                demand = market.demand_of(key.material, [key.period], sites)
                if demand > 0:
                    yield key.of(who), [s for s in sites if (s, key.material) in keeping], demand

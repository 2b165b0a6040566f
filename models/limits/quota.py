r"""At most a country's export quota may leave it, less what others already hold of that quota.

Words: the DRC lets 96 600 t of cobalt leave in a year, and other buyers hold contracts for 70 000 t of it.

Mathematics, for each material m and stage s and period (or horizon) T:

    sum_{i in O_c, j not in c, t in T} x_{ijt}  <=  (level - committed) * sum_{t in T} years_t

| symbol    | meaning                                                              | unit          |
|-----------|----------------------------------------------------------------------|---------------|
| x_{ijt}   | units that leave offer i for site or offer j in period t             | quantity      |
| O_c       | offers of m that stand in the country and are sold at stage s        |               |
| committed | what others hold of the quota                                        | quantity/year |
| years_t   | length of period t                                                   | years         |

What leaves is what is bought in the country, whoever owns it; what is used there does not count, and
neither do declared origins, for what left another country under another name is in that one's quota.
Units count in the period in which they leave.

>>> Quota(name="drc", country="DRC", max_quantity=96600, committed=70000, hard=True).level
96600.0
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import model_validator

from models.algebra.expressions import linear
from models.limits.contract.limit import Reading, Row, in_period, must_buy, unknown_names
from models.limits.contract.scoped import ScopedLimit
from models.records.fields import Country, Name, Quantity, Room
from models.records.tolerances import ROUNDING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Market
    from models.market.exposure import Ledger, UpperBounds


class Quota(ScopedLimit):
    """At most `max_quantity` a year leaves the country, `committed` included."""

    LEVEL: ClassVar[str] = "max_quantity"
    UNIT: ClassVar[Literal["quantity"]] = "quantity"
    SENSE: ClassVar[Literal["at most"]] = "at most"

    kind: Literal["quota"] = "quota"
    country: Country
    """The country whose quota it is."""
    max_quantity: Room
    """Units per year that may leave the country, for all buyers together."""
    committed: Quantity = 0.0
    """Units per year of it that others hold."""
    to_country: Country | None = None
    """Only what leaves for this country counts; absent = for any other."""
    to_bloc: Name | None = None
    """Only what leaves for the countries of this bloc counts."""

    @model_validator(mode="after")
    def _one_destination(self) -> Self:
        if self.to_country is not None and self.to_bloc is not None:
            msg = "says to_country and to_bloc; write one of them, or a bloc with that country"
            raise ValueError(msg)
        return self

    @property
    def about(self) -> str:
        """Whose quota it is: ``leaving CD``, ``leaving CD for CN``."""
        to = self.to_country or self.to_bloc
        return f"leaving {self.country} for {to}" if to else f"leaving {self.country}"

    def unit(self, mass: str, currency: str) -> str:  # noqa: ARG002 (a quota is no money)
        """Return the unit of the level, which is stated per year."""
        return f"{mass} a year"

    def excess_unit(self, mass: str, currency: str) -> str:  # noqa: ARG002 (as above)
        """Return the unit of the rows: what leaves within the period or the horizon."""
        return mass

    @property
    def holds_with_less(self) -> bool:
        """Yes: it counts units."""
        return True

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``what leaves <= (level - committed) * years``, in quantity."""
        leaving = self._leaving(m)
        for key, periods in self.cells(m.market):
            units = [units for period in periods for units in leaving[key.material, key.stage, period]]
            years = sum(m.market.years[period] for period in periods)
            if units:
                free = (here.level - self.committed) * years
                yield Row(key.of(self.country), linear([(1.0, one) for one in units]), free)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield what leaves the country in a year of a plan, with what others hold."""
        leaving, years = self._leaving(plan), plan.exposure.market.years
        for key, periods in self.cells(plan.exposure.market):
            flows = [leaving[key.material, key.stage, period] for period in periods]
            if not any(flows):
                continue
            length = left = 0.0
            for period, units in zip(periods, flows, strict=True):
                length += years[period]
                left += sum(units)
            used = self.committed + left / length
            excess = max(0.0, (used - self.max_quantity) * length)
            yield Reading(key.of(self.country), used, self.max_quantity, excess)

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that others hold more than the quota, or that too little can come from elsewhere."""
        market, leaving = most.exposure.market, self._leaving(most)
        abroad = tuple(site for site in self.sites or market.site if self.counts_at(market, site))
        for key, periods in self.cells(market):
            if not any(leaving[key.material, key.stage, period] for period in periods):
                continue
            if self.committed > self.max_quantity:
                others, allowed = most.format_quantities(self.committed, self.max_quantity)
                yield f"others hold {others} a year of what may leave {self.country}, and its quota is {allowed} a year"
                return
            need = must_buy(most, key, periods, abroad) if abroad else 0.0
            elsewhere = sum(
                units
                for (name, period), units in most.quantity.items()
                if period in periods
                and (market.offer[name].material, market.offer[name].stage) == (key.material, key.stage)
                and market.offer[name].country != self.country
            )
            free = (self.max_quantity - self.committed) * sum(market.years[period] for period in periods)
            if elsewhere + free < need * (1 - ROUNDING):
                most_bought, left, needed = most.format_quantities(elsewhere, free, need)
                yield (
                    f"outside {self.country} at most {most_bought} of {key.stage} {key.material} can be bought"
                    f"{in_period(key)}, its quota leaves {left}, and {needed} is needed"
                )

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for every name that the market does not know."""
        yield from super().problems(market)
        if self.to_bloc is not None:
            yield from unknown_names("to_bloc", (self.to_bloc,), market.blocs)

    def _leaving(self, book: Ledger) -> dict[tuple[str, str, str], list[Any]]:
        """Return the flows of `book` that leave the country, by (material, stage, period of leaving)."""
        market = book.exposure.market
        sellers = {o.offer: o for o in market.offers if o.country == self.country and self.concerns(o.material)}
        ends = {name for name in (*market.site, *market.offer) if self.counts_at(market, name)}
        flows: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
        for way in book.flow:
            origin, destination, period = way
            if origin in sellers and destination in ends:
                flows[sellers[origin].material, sellers[origin].stage, period].append(book.flow[way])
        return flows

    def counts_at(self, market: Market, destination: str) -> bool:
        """Whether what goes from the country to a site or offer leaves it, and counts."""
        end = market.site.get(destination) or market.offer[destination]
        if end.country == self.country or (self.sites is not None and destination not in self.sites):
            return False
        if self.to_bloc is not None:
            return end.country in market.blocs[self.to_bloc]
        return self.to_country is None or end.country == self.to_country

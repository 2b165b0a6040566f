r"""At most a country's export quota may leave it, less what others already hold of that quota.

Words: the DRC lets 96 600 t of cobalt leave in a year, and other buyers hold contracts for 70 000 t of it.

Mathematics, for each material m and stage s and period (or horizon) T:

    sum_{i in O_c, j not in c, t in T} u_{ijt}  <=  (level - committed) * sum_{t in T} a_t years_t

where u is all that leaves, u_{ijt} = x_{ijt}, in a period that the quota holds throughout (a_t = 1). In one of which it
holds on a share of the days, u is what leaves on these days: at least what cannot have left on the others.

    u_{ijt}        >=  x_{ijt} - (1 - a_t) c_{ij} years_t        for a lane with a capacity of its own   (defining)
    sum_j u_{ijt}  >=  sum_j x_{ijt} - (1 - a_t) s_{it}          for each offer i                        (defining)

| symbol    | meaning                                                              | unit          |
|-----------|----------------------------------------------------------------------|---------------|
| x_{ijt}   | units that leave offer i for site or offer j in period t             | quantity      |
| u_{ijt}   | those of them that leave on days of the quota, 0 or more             | quantity      |
| O_c       | offers of m that stand in the country and are sold at stage s        |               |
| committed | what others hold of the quota                                        | quantity/year |
| years_t   | length of period t                                                   | years         |
| a_t       | share of the days of t on which the quota holds (`share_of_days`)    | share         |
| c_{ij}    | capacity of the lane from i to j                                     | quantity/year |
| s_{it}    | what offer i has to sell in t                                        | quantity      |

What leaves is what is bought in the country, whoever owns it; what is used there does not count, and
neither do declared origins, for what left another country under another name is in that one's quota.
Units count in the period in which they leave. On days without the quota a lane carries as on every other day: with a
quota of 0 on half of the days, half of what an offer has to sell may leave. Periods in which it holds on no day do not
count. A share of days does not say which: where a control, or a second quota, closes other days than these, what passes
on them is counted as if they were open, so that both together bind less than they would day by day.

>>> Quota(name="drc", country="DRC", max_quantity=96600, committed=70000, hard=True).level
96600.0
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import model_validator
from pyomo.core import NonNegativeReals

from models.algebra.expressions import linear
from models.algebra.variables import declare
from models.limits.contract.limit import Key, Reading, Row, in_period, index_of, least_bought, unknown_names
from models.limits.contract.scoped import ScopedLimit
from models.records.fields import Country, Name, Quantity, Room, Share
from models.records.tolerances import ROUNDING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.market import Market
    from models.market.bounds import FlowKey
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
    share_of_days: dict[Name, Share] | None = None
    """Share of the days of a period on which it holds, by period: ``{ 2027 = 0.5 }``; a period that is not named: all.
    On the other days what lanes, or else offers, can carry passes as well."""

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

    def counts_in(self, period: str) -> bool:
        """Whether the quota holds on any day of a period."""
        return super().counts_in(period) and self._share(period) > 0

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``what leaves <= (level - committed) * years``, in quantity, and what leaves on days of the quota."""
        leaving = self._leaving(m)
        partly = dict.fromkeys(way for ways in leaving.values() for way in ways if self._share(way[2]) < 1)
        if partly:
            doc = "units that leave on days of the quota [quantity]"
            declare(here, "bound", index_of(partly), NonNegativeReals, doc)
        for key, periods in self.cells(m.market):
            ways = [way for period in periods for way in leaving[key.material, key.stage, period]]
            if ways:
                used = linear([(1.0, here.bound[way] if way in partly else m.flow[way]) for way in ways])
                free = (here.level - self.committed) * self._years(m.market, periods)
                yield Row(key.of(self.country), used, free)
                yield from self._defining(m, here, key, [way for way in ways if way in partly])

    def _defining(self, m: Any, here: Any, key: Key, ways: list[FlowKey]) -> Iterator[Row]:
        """Yield that what leaves on days of the quota is at least what cannot leave on others."""
        quota = key.of(self.country)
        for (origin, period), mine in _by_offer(ways).items():
            at, room = key._replace(period=period), self._free(m.market, origin, period)
            for way in mine:
                other = self._free(m.market, origin, period, way[1])
                if other < math.inf:
                    who = at.of(f"{origin} to {way[1]}")
                    units, bound = linear([(1.0, m.flow[way])]), linear([(1.0, here.bound[way])])
                    yield Row(who, units - other, bound, defining=True, reading=quota)
            if room < math.inf:
                units = linear([(1.0, m.flow[way]) for way in mine])
                bound = linear([(1.0, here.bound[way]) for way in mine])
                yield Row(at.of(origin), units - room, bound, defining=True, reading=quota)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield what leaves the country in a year of a plan, with what others hold."""
        market, leaving = plan.exposure.market, self._leaving(plan)
        for key, periods in self.cells(market):
            ways = [way for period in periods for way in leaving[key.material, key.stage, period]]
            if not ways:
                continue
            years = self._years(market, periods)
            left = sum(self._left(plan, way, mine) for way, mine in _by_offer(ways).items())
            used = self.committed + left / years
            yield Reading(key.of(self.country), used, self.max_quantity, max(0.0, (used - self.max_quantity) * years))

    def _left(self, plan: Ledger, sale: tuple[str, str], ways: list[FlowKey]) -> float:
        """Return what must have left an offer on days of the quota."""
        units = {way: plan.flow[way] for way in ways}
        if self._share(sale[1]) == 1:
            return float(sum(units.values()))
        market = plan.exposure.market
        by_lane = sum(max(0.0, most - self._free(market, *sale, way[1])) for way, most in units.items())
        return float(max(by_lane, sum(units.values()) - self._free(market, *sale)))

    def _years(self, market: Market, periods: Iterable[str]) -> float:
        """Return the years on whose days the quota holds."""
        return sum(market.years[period] * self._share(period) for period in periods)

    def _share(self, period: str) -> float:
        """Return the share of the days of a period on which the quota holds."""
        return (self.share_of_days or {}).get(period, 1.0)

    def other_days(self, period: str) -> float:
        """Return the share of the days of a period on which the quota does not hold."""
        return 1.0 - self._share(period)

    def _free(self, market: Market, origin: str, period: str, destination: str | None = None) -> float:
        """Return what an offer has to sell on the days without the quota, or what one of its lanes can carry then."""
        other = self.other_days(period)
        if destination is not None:
            rate = market.passage.capacity(origin, destination, period)
            return math.inf if rate == math.inf else other * rate * market.years[period]
        return other * market.available[origin, period]

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
            need = least_bought(most, key, periods, abroad) if abroad else 0.0
            elsewhere = sum(
                units
                for (name, period), units in most.quantity.items()
                if period in periods
                and (market.offer[name].material, market.offer[name].stage) == (key.material, key.stage)
                and market.offer[name].country != self.country
            )
            free = (self.max_quantity - self.committed) * self._years(market, periods)
            ways = [way for period in periods for way in leaving[key.material, key.stage, period]]
            free += sum(self._passing(market, sale, mine) for sale, mine in _by_offer(ways).items())
            if elsewhere + free < need * (1 - ROUNDING):
                most_bought, left, needed = most.format_quantities(elsewhere, free, need)
                yield (
                    f"outside {self.country} at most {most_bought} of {key.stage} {key.material} can be bought"
                    f"{in_period(key)}, its quota leaves {left}, and {needed} is needed"
                )

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for every name that the market does not know."""
        yield from super().problems(market)
        yield from unknown_names("share_of_days", tuple(self.share_of_days or ()), market.years)
        if self.to_bloc is not None:
            yield from unknown_names("to_bloc", (self.to_bloc,), market.blocs)

    def _passing(self, market: Market, sale: tuple[str, str], ways: list[FlowKey]) -> float:
        """Return the most that can leave an offer on the days of a period without the quota."""
        if self._share(sale[1]) == 1:
            return 0.0
        return min(self._free(market, *sale), sum(self._free(market, *sale, way[1]) for way in ways))

    def _leaving(self, book: Ledger) -> dict[tuple[str, str, str], list[FlowKey]]:
        """Return the flows of `book` that leave the country, by (material, stage, period of leaving)."""
        market = book.exposure.market
        sellers = {o.offer: o for o in market.offers if o.country == self.country and self.concerns(o.material)}
        ends = {name for name in (*market.site, *market.offer) if self.counts_at(market, name)}
        flows: dict[tuple[str, str, str], list[FlowKey]] = defaultdict(list)
        for way in book.flow:
            origin, destination, period = way
            if origin in sellers and destination in ends:
                flows[sellers[origin].material, sellers[origin].stage, period].append(way)
        return flows

    def counts_at(self, market: Market, destination: str) -> bool:
        """Whether what goes from the country to a site or offer leaves it, and counts."""
        end = market.site.get(destination) or market.offer[destination]
        if end.country == self.country or (self.sites is not None and destination not in self.sites):
            return False
        if self.to_bloc is not None:
            return end.country in market.blocs[self.to_bloc]
        return self.to_country is None or end.country == self.to_country


def _by_offer(ways: Iterable[FlowKey]) -> dict[tuple[str, str], list[FlowKey]]:
    """Return flows by (offer, period of leaving)."""
    found: dict[tuple[str, str], list[FlowKey]] = defaultdict(list)
    for way in ways:
        found[way[0], way[2]].append(way)
    return found

r"""From one period to the next, a share may change by so many points at most.

Words: the share of China in our refined graphite may fall or rise by 10 points a year, and no faster.

Mathematics, for each material m, stage s, subject k and two periods t-1, t in scope that follow each
other, both with some demand:

    h_{kt} = sum_i w_{iks} a_{it}
    c_{kt}  >=  h_{kt} - h_{k,t-1} * D_t / D_{t-1},   c_{kt}  >=  h_{k,t-1} * D_t / D_{t-1} - h_{kt}     (defining)
    c_{kt}  <=  level * D_t

| symbol          | meaning                                                                         | unit     |
|-----------------|---------------------------------------------------------------------------------|----------|
| h_{kt}          | what is attributed to the subject of what arrives of what is bought in period t | quantity |
| D_t             | demand of the sites in scope in period t                                        | quantity |
| c_{kt}          | by how much its share has changed, in units of period t                         | quantity |
| w_{iks}, a_{it} | as in `share_cap`                                                               |          |

The share is one of the demand, which is constant, so the rows are linear. What nobody declared hangs
on nobody here. (The column `ramp` of offers is a fact of a plant; this is a wish.)

>>> RampCap(name="slowly", country="China", basis="place", max_change="10%", hard=True).level
0.1
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import model_validator
from pyomo.core import NonNegativeReals

from models.algebra.expressions import linear
from models.algebra.variables import declare
from models.limits.contract.limit import Key, Reading, Row, index_of
from models.limits.contract.subject import SubjectLimit
from models.records.fields import Share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.limits.contract.subject import Terms
    from models.market import Market
    from models.market.exposure import Ledger


class _Step(NamedTuple):
    """Two periods that follow each other, for one subject: demand and what is attributed to it, before and now."""

    key: Key
    demand_before: float
    before: Terms
    demand: float
    now: Terms


class RampCap(SubjectLimit):
    """The share of the subject in the demand changes by at most `max_change` between periods."""

    LEVEL: ClassVar[str] = "max_change"
    UNIT: ClassVar[Literal["share"]] = "share"
    SENSE: ClassVar[Literal["at most"]] = "at most"
    ARRIVING: ClassVar[bool] = True
    REPAIR: ClassVar[str] = "allow the share of {who} in {what} to change by {new} instead of {old}"

    kind: Literal["ramp_cap"] = "ramp_cap"
    max_change: Share
    """Points of the share, up or down: 0.1 lets 30 % become 20 % or 40 %."""

    @model_validator(mode="after")
    def _between_periods(self) -> Self:
        if self.per == "horizon":
            msg = 'compares each period with the one before, so per = "horizon" says nothing here; remove it'
            raise ValueError(msg)
        return self

    def problems(self, market: Market) -> Iterator[str]:
        """Yield also that there are no two periods to compare."""
        yield from super().problems(market)
        if sum(map(self.counts_in, market.years)) == 1:
            yield "periods: one period has none to be compared with; name two or more"

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``change <= level * demand``, and the defining rows that say what the change is."""
        steps = list(self._steps(m))
        keys = index_of(step.key for step in steps)
        declare(here, "change", keys, NonNegativeReals, "change of the share [quantity]")
        for key, demand_before, before, demand, now in steps:
            ratio, change, who = demand / demand_before, here.change[key], key.who
            for name, sign in ((who, 1.0), (f"{who}, falling", -1.0)):
                moved = [*((sign * w, u) for w, u in now), *((-sign * ratio * w, u) for w, u in before)]
                yield Row(key.of(name), linear(moved), change, defining=True)
            yield Row(key, change, here.level * demand)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield by how much the share of each subject changes in a plan."""
        for key, demand_before, before, demand, now in self._steps(plan):
            share_before = sum(weight * units for weight, units in before) / demand_before
            change = abs(sum(weight * units for weight, units in now) / demand - share_before)
            yield Reading(key, change, self.max_change, max(0.0, change - self.max_change) * demand)

    def _steps(self, book: Ledger) -> Iterator[_Step]:
        """Yield two periods that follow each other with what is attributed to each subject in them."""
        market = book.exposure.market
        inside = list(filter(self.counts_in, market.years))
        for material, stage in dict.fromkeys((key.material, key.stage) for key, _ in self.cells(market)):
            for earlier, period in pairwise(inside):
                demands = [market.demand_of(material, [p], self.sites) for p in (earlier, period)]
                if min(demands) <= 0:
                    continue
                where = Key(material=material, stage=stage)
                pair = ((earlier,), (period,))
                before, now = (self.subjects(book, where, p, with_undisclosed=False) for p in pair)
                for who in sorted({*before, *now}):
                    key = where._replace(who=who, period=period)
                    yield _Step(key, demands[0], before.get(who, []), demands[1], now.get(who, []))

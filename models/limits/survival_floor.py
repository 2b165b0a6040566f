r"""A share of demand stays covered after the loss of any one country, company, offer, lane or corridor (N-1).

Words: without what any one country controls, for two quarters from any period, three quarters of the demand for
graphite are still covered until goods ordered afterwards arrive.

Mathematics, for each subject k, each period b in which a loss may begin, and each material m:

    u_{kbm}  <=  (1 - level) * D_{mb}
    u_{kb.} in the set of what can stay unmet in some response to the loss of k from b on        (answer)

A response is the core and the blocks of the market from period b on, from the state that the plan is in then: with
its stock, the goods under way, its contracts, a share left of what it had planned, and calls (docs/decisions/0027).
One response covers all materials. What can stay unmet is convex in the plan, and the least of it has a dual; so the set
is held by cuts over the columns of the plan, which are taken only where a plan breaks them.

| symbol    | meaning                                                                                     | unit     |
|-----------|---------------------------------------------------------------------------------------------|----------|
| D_{mb}    | demand from b to the end of the loss plus the longest lead time, no further than the horizon| quantity |
| u_{kbm}   | what stays unmet of it                                                                      | quantity |

>>> floor = SurvivalFloor(name="n1", each="country", basis="control", lasts=2, min_covered="75%", hard=True)
>>> floor.level, floor.about
(0.75, 'each country by control')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from models.limits.contract.limit import Reading
from models.limits.contract.losing import LosingLimit
from models.records.fields import Count, Share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Market
    from models.market.exposure import Ledger


class SurvivalFloor(LosingLimit):
    """At least `min_covered` of demand stays covered after the loss of any one subject."""

    LEVEL: ClassVar[str] = "min_covered"
    UNIT: ClassVar[Literal["share"]] = "share"
    KEEPS: ClassVar[tuple[str, ...]] = ("tried", "unmet")
    SENSE: ClassVar[Literal["at least"]] = "at least"
    REPAIR: ClassVar[str] = "ask that {new} of {what} stay covered without {who} instead of {old}"

    kind: Literal["survival_floor"] = "survival_floor"
    min_covered: Share
    """Share of demand, from the beginning of the loss to its end plus the longest lead time."""
    lasts: Count
    """Periods that a loss lasts."""

    def problems(self, market: Market) -> Iterator[str]:
        """Yield also that a loss does not fit into the horizon."""
        yield from super().problems(market)
        yield from self.fit_problems(self.lasts, market)

    def windows(self, market: Market) -> Iterator[tuple[int, int]]:
        """Yield every beginning in which a loss fits into the horizon."""
        for begins in self.beginnings(market):
            if begins + self.lasts <= len(market.years):
                yield begins, self.lasts

    def ends_with(self, begins: int, lasts: int, lead_time: int) -> int:
        """Return when goods ordered after the loss have arrived."""
        return begins + lasts + lead_time

    def unmet_at_most(self, level: float, demand: float) -> float:
        """Return the share of a demand that is not asked for."""
        return (1 - level) * demand

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the share that stays covered of each material after each loss."""
        market = plan.exposure.market
        for one, most, unmet in self.answer(plan):
            for material, key in one.keys.items():
                covered = max(0.0, 1 - unmet[material] / one.trial.demand(market, material))
                yield Reading(key, covered, self.min_covered, max(0.0, unmet[material] - most[material]))

r"""At most a share of what incumbents sell today may be moved to others.

Words: no more than a quarter of what today's refiners sell us may go elsewhere in a year.

Mathematics, for each material m, stage s and period (or horizon) T, over incumbents i:

    moved_i  >=  I_i * years_T - sum_{t in T} q_{it},    moved_i >= 0      (defining)
    sum_i moved_i  <=  level * sum_i I_i * years_T

| symbol  | meaning                                                     | unit              |
|---------|-------------------------------------------------------------|-------------------|
| I_i     | incumbent quantity of offer i, what is bought of it today   | quantity per year |
| moved_i | what is bought less of offer i than today                   | quantity          |

More of one incumbent does not make up for less of another. A demand that falls below today's moves
quantity as well.

>>> MovedCap(name="gently", max_share="25%", hard=True).level
0.25
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pyomo.core import NonNegativeReals

from models.algebra.expressions import linear
from models.algebra.variables import declare
from models.limits.contract.incumbents import IncumbentsLimit
from models.limits.contract.limit import Reading, Row, in_period, index_of
from models.limits.contract.subject import total_units
from models.records.fields import Share
from models.records.tolerances import ROUNDING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.limits.contract.limit import Key
    from models.market import Market
    from models.market.exposure import Ledger, UpperBounds


class MovedCap(IncumbentsLimit):
    """At most `max_share` of what incumbents sell today is moved."""

    LEVEL: ClassVar[str] = "max_share"
    UNIT: ClassVar[Literal["share"]] = "share"
    SENSE: ClassVar[Literal["at most"]] = "at most"
    REPAIR: ClassVar[str] = "allow {new} of what incumbents sell today ({what}) to be moved instead of {old}"

    kind: Literal["moved_cap"] = "moved_cap"
    max_share: Share
    """Share of all incumbent quantities together, from 0 to 1."""

    @property
    def about(self) -> str:
        """What is measured: ``moved from incumbents``."""
        return "moved from incumbents"

    def size(self, key: Key, market: Market) -> float:
        """Return what incumbents sell today within the period, or over the periods counted, in units."""
        periods = [key.period] if key.period else list(filter(self.counts_in, market.years))
        years = sum(market.years[period] for period in periods)
        here = (o for o in market.offers if (o.material, o.stage) == (key.material, key.stage))
        return years * sum(o.incumbent_quantity or 0.0 for o in here) or 1.0

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``moved <= level * today's``, and the defining rows that say what is moved."""
        cells = [
            (key, [s for s in self.standings(m, key, periods) if s.today]) for key, periods in self.cells(m.market)
        ]
        keys = index_of(key.of(s.offer.offer) for key, known in cells for s in known)
        declare(here, "moved", keys, NonNegativeReals, "bought less of the incumbent than today [quantity]")
        for key, known in cells:
            if not known:
                continue
            mine = {key.of(s.offer.offer): s for s in known}
            for one, standing in mine.items():
                yield Row(one, standing.today - linear(standing.terms), here.moved[one], defining=True)
            yield Row(key, sum(here.moved[one] for one in mine), here.level * sum(s.today for s in known))

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the share of today's quantities that a plan moves."""
        for key, periods in self.cells(plan.exposure.market):
            moved = whole = 0.0
            for _, today, terms in self.standings(plan, key, periods):
                whole += today
                moved += max(0.0, today - sum(units for _, units in terms))
            if whole > 0:
                yield Reading(key, moved / whole, self.max_share, max(0.0, moved - self.max_share * whole))

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that incumbents cannot sell as much as must stay with them."""
        for key, periods in self.cells(most.exposure.market):
            known = [s for s in self.standings(most, key, periods) if s.today]
            today, can = sum(s.today for s in known), sum(min(s.today, total_units(s.terms)) for s in known)
            stays = (1 - self.max_share) * today
            if can < stays * (1 - ROUNDING):
                most_sold, sold, kept = most.format_quantities(can, today, stays)
                yield (
                    f"incumbents can sell at most {most_sold} of the {sold} of {key.stage} {key.material} "
                    f"that they sell today{in_period(key)}, and {kept} must stay with them"
                )

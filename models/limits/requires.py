r"""An offer may be bought only if some others are bought too.

Words: buy of the new refinery only if one of the two established ones supplies at least 10 % as well.

Mathematics, over the offer a and the offers j that it needs, and all periods T in scope:

    sum_{t in T} q_{at}  <=  M_a y,                          y in {0, 1}      (defining)
    counts_from * D_j * p_j  <=  sum_{t in T} q_{jt},        p_j in {0, 1}    (defining)
    level * y  <=  sum_j p_j

| symbol | meaning                                                               | unit     |
|--------|-----------------------------------------------------------------------|----------|
| y      | anything is bought of the offer                                       | 0/1      |
| p_j    | enough is bought of offer j to count                                  | 0/1      |
| D_j    | demand of all sites for the material of offer j                       | quantity |
| M_a    | the most that can be bought of the offer, from the bounds of quantity | quantity |

The offers may be of several materials and stages. Any quantity of the offer itself counts; of the
others it must be worth the name, for a gram of each would do otherwise. Where nothing of its material
is needed, the share is one of what its capacity lets it sell.

>>> Requires(name="proven", offer="new", needs=["old", "older"], counts_from="10%", hard=True).level
1.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field
from pyomo.core import Binary

from models.algebra.expressions import linear
from models.algebra.variables import declare
from models.limits.contract.awards import AwardsLimit, format_names
from models.limits.contract.limit import Key, Reading, Row
from models.limits.contract.sources import bound_units
from models.records.fields import Count, Name, Names, PositiveShare
from models.records.tolerances import RESIDUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Market
    from models.market.exposure import Ledger


class Requires(AwardsLimit):
    """The offer is bought only if at least `min_needed` of the others are bought too."""

    LEVEL: ClassVar[str] = "min_needed"
    UNIT: ClassVar[Literal["count"]] = "count"
    SENSE: ClassVar[Literal["at least"]] = "at least"
    REPAIR: ClassVar[str] = "ask for {new} with {who} instead of {old}"

    kind: Literal["requires"] = "requires"
    offer: Name
    """The offer that may be bought only if others are."""
    needs: Names = Field(min_length=1)
    """The others, of any material and stage."""
    min_needed: Count = 1
    """How many of the others must be bought."""
    counts_from: PositiveShare
    """Share of the demand for its material from which one of the others counts as bought."""

    @property
    def about(self) -> str:
        """Who needs whom: ``new needs old, older``."""
        return f"{self.offer} needs {format_names(self.needs)}"

    @property
    def named(self) -> dict[str, tuple[str, ...]]:
        """The offers that the limit names, by field."""
        return {"offer": (self.offer,), "needs": self.needs}

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``level * bought <= others that are bought``, and the defining rows that say which are."""
        declare(here, "counts", self.needs, Binary, "enough is bought of the offer to count [0/1]")
        for name in self.needs:
            enough, terms = self._enough(m.market, name), self.bought(m, name)
            yield Row(Key(who=name), enough * here.counts[name], linear(terms), defining=True)
        together = sum(here.counts[name] for name in self.needs)
        declare(here, "taken", None, Binary, "anything is bought of the offer [0/1]")
        terms = self.bought(m, self.offer)
        if terms:
            yield Row(Key(who=self.offer), linear(terms), bound_units(terms) * here.taken, defining=True)
        yield Row(Key(who=self.offer), here.level * here.taken, together)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield how many of the others are bought in a plan; nothing is asked when the offer is not."""
        market = plan.exposure.market
        units = {name: sum(u for _, u in self.bought(plan, name)) for name in self.offers_in(market)}
        taken = self.offer in units and self.is_bought(plan, self.offer)
        units.pop(self.offer, None)
        asked = float(self.min_needed) if taken else 0.0
        used = 0.0
        for name, bought in units.items():
            demand = self.demand_for(market, name)
            least = (self.counts_from - RESIDUE) * (self.sellable(market, name) if demand <= 0 else demand)
            used += bought > 0 and bought >= least
        yield Reading(Key(who=self.offer), used, asked, max(0.0, asked - used))

    def problems(self, market: Market) -> Iterator[str]:
        """Yield also that there is nothing of which `counts_from` could be a share."""
        yield from super().problems(market)
        for name in self.needs:
            if name in market.offer and self.demand_for(market, name) <= 0 and not market.is_limited(name):
                yield (
                    f"counts_from: nothing of the material of {name} is needed, so it is a share of its capacity, and "
                    f"{name} states none; state it"
                )

    def _enough(self, market: Market, offer: str) -> float:
        """Return the units from which one of the others counts."""
        demand = self.demand_for(market, offer)
        return self.counts_from * (demand if demand > 0 else self.sellable(market, offer))

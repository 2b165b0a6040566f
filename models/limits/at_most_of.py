r"""Of some offers at most so many may be bought: with a level of 1, one or another.

Words: buy of the mine's spot offer or of its long contract, but not of both.

Mathematics, over the named offers j and all periods T in scope:

    sum_{t in T} q_{jt}  <=  M_j y_j,    y_j in {0, 1}      (defining)
    sum_j y_j  <=  level

| symbol | meaning                                                                  | unit     |
|--------|--------------------------------------------------------------------------|----------|
| y_j    | anything is bought of offer j                                            | 0/1      |
| M_j    | the most that can be bought of offer j, from the bounds of the quantity  | quantity |

The offers may be of several materials and stages.

>>> AtMostOf(name="one-way", offers=["spot", "contract"], hard=True).level
1.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field
from pyomo.core import Binary

from models.algebra.expressions import linear
from models.algebra.variables import declare
from models.limits.contract.awards import AwardsLimit, format_names, what_of
from models.limits.contract.limit import Key, Reading, Row
from models.limits.contract.sources import bound_units
from models.records.fields import Count, Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market.exposure import Ledger


class AtMostOf(AwardsLimit):
    """At most `max_offers` of the named offers are bought."""

    LEVEL: ClassVar[str] = "max_offers"
    UNIT: ClassVar[Literal["count"]] = "count"
    SENSE: ClassVar[Literal["at most"]] = "at most"
    REPAIR: ClassVar[str] = "allow {new} of those named instead of {old}"

    kind: Literal["at_most_of"] = "at_most_of"
    offers: Names = Field(min_length=2)
    """The offers, of any material and stage."""
    max_offers: Count = 1
    """How many of them may be bought."""

    @property
    def about(self) -> str:
        """The offers: ``spot, contract``."""
        return format_names(self.offers)

    @property
    def named(self) -> dict[str, tuple[str, ...]]:
        """The offers that the limit names, by field."""
        return {"offers": self.offers}

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``offers that are bought <= level``, and the defining rows that say which are."""
        offers = self.offers_in(m.market)
        key = what_of(m.market, offers, Key())
        declare(here, "taken", offers, Binary, "anything is bought of the offer [0/1]")
        for name in offers:
            terms = self.bought(m, name)
            if terms:
                yield Row(key.of(name), linear(terms), bound_units(terms) * here.taken[name], defining=True)
        yield Row(key, sum(here.taken.values()), here.level)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield how many of the offers are bought in a plan."""
        market = plan.exposure.market
        there = [name for name in self.offers if name in market.offer]
        used = float(sum(self.is_bought(plan, name) for name in there))
        key = what_of(market, tuple(there), Key())
        yield Reading(key, used, float(self.max_offers), max(0.0, used - self.max_offers))

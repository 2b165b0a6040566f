r"""Hold all or part of an earlier plan.

Words: of what last year's plan buys of each refiner, at least 80 % stays; or: the first period is
settled, and stays as it is.

Mathematics, for each offer i of each material and stage, and each period (or horizon) T:

    level * sum_{t in T} E_{it}  <=  sum_{t in T} q_{it}

| symbol | meaning                                                           | unit     |
|--------|-------------------------------------------------------------------|----------|
| E_{it} | what the earlier plan bought of offer i in t, table `earlier`     | quantity |
| q_{it} | quantity bought of offer i in period t                            | quantity |

More than before may always be bought: at level 1 everything that was bought stays, and what is needed
beyond comes from wherever it is cheapest. What the earlier plan did not buy is not locked.

>>> Lock(name="settled", periods=["2027"], min_share=1, hard=True).level
1.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from models.algebra.expressions import linear
from models.limits.contract.awards import format_names
from models.limits.contract.limit import Reading, Row, in_period, unknown_names
from models.limits.contract.scoped import ScopedLimit
from models.limits.contract.subject import total_units
from models.records.fields import Names, Share
from models.records.tolerances import ROUNDING
from models.records.wording import format_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.limits.contract.limit import Key
    from models.limits.contract.subject import Terms
    from models.market import Market
    from models.market.exposure import Ledger, UpperBounds


class Lock(ScopedLimit):
    """At least `min_share` of what an earlier plan bought of each offer is bought again."""

    LEVEL: ClassVar[str] = "min_share"
    UNIT: ClassVar[Literal["share"]] = "share"
    SENSE: ClassVar[Literal["at least"]] = "at least"
    REPAIR: ClassVar[str] = "ask for {new} of what was bought earlier of {who} instead of {old}"

    kind: Literal["lock"] = "lock"
    min_share: Share
    """Share of the earlier quantity, from 0 to 1."""
    offers: Names | None = Field(default=None, min_length=1)
    """Offers that are locked, each by itself; absent = every one that the earlier plan bought."""

    @property
    def about(self) -> str:
        """The offers that are locked: ``Ganfeng``, ``each offer``."""
        return format_names(self.offers) if self.offers else "each offer"

    def speaks_of(self, material: str, market: Market) -> bool:
        """Whether an offer of a material is locked."""
        mine = (offer for offer in market.offers if offer.material == material)
        return self.concerns(material) and (self.offers is None or any(o.offer in self.offers for o in mine))

    def problems(self, market: Market) -> Iterator[str]:
        """Yield also that sites cannot be told apart, and what is locked that was not bought."""
        if self.sites is not None:
            yield "sites: the table earlier does not say where things went; remove it"
        else:
            yield from super().problems(market)
        yield from unknown_names("offers", self.offers, market.offer)
        before = {row.offer for row in market.earlier if row.quantity > 0 and self.counts_in(row.period)}
        there = [market.offer[name] for name in sorted(before) if name in market.offer]
        inside = {key[:2] for key, _ in self.cells(market)}
        locked = {offer.offer for offer in there if (offer.material, offer.stage) in inside}
        for name in self.offers or ():
            if name in market.offer and name not in locked:
                yield f"offers: the table earlier has nothing of {name!r} in this scope; add it or remove the name"
        if not locked and self.offers is None:
            yield "the table earlier has nothing in its scope; add offer, period and quantity of what was bought"

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``level * earlier <= bought``, in quantity."""
        for key, before, terms in self._locked(m):
            yield Row(key, here.level * before, linear(terms))

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the share of each earlier quantity that a plan buys."""
        for key, before, terms in self._locked(plan):
            tonnes = sum(units for _, units in terms)
            yield Reading(key, tonnes / before, self.min_share, max(0.0, self.min_share * before - tonnes))

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that an offer cannot sell as much any more."""
        for key, before, terms in self._locked(most):
            least = self.min_share * before
            if total_units(terms) < least * (1 - ROUNDING):
                most_sold, asked, earlier = most.format_quantities(total_units(terms), least, before)
                yield (
                    f"{key.who} can supply at most {most_sold} of {key.stage} {key.material}{in_period(key)}"
                    f", and {format_percent(self.min_share)} of the earlier {earlier} is {asked}"
                )

    def _locked(self, book: Ledger) -> Iterator[tuple[Key, float, Terms]]:
        """Yield the key of each row, the earlier quantity, and what is bought now."""
        market = book.exposure.market
        for key, periods in self.cells(market):
            before: dict[str, float] = {}
            for row in market.earlier:
                offer = market.offer[row.offer]
                if row.period in periods and (offer.material, offer.stage) == (key.material, key.stage):
                    before[row.offer] = before.get(row.offer, 0.0) + row.quantity
            for name, units in sorted(before.items()):
                if units > 0 and (self.offers is None or name in self.offers):
                    places = [(name, p) for p in periods if (name, p) in book.quantity]
                    yield key.of(name), units, [(1.0, book.quantity[place]) for place in places]

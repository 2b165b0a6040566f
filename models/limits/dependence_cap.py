r"""At most a share of what a company or an offer can make may be bought: how much it depends on us.

Words: no supplier of anodes may sell us more than 30 % of its capacity.

Mathematics, for each material m, stage s, company or offer k and period (or horizon) T:

    sum_{i in k, t in T} q_{it}  <=  level * sum_{i in k, t in T} capacity_{it} * years_{it}

| symbol     | meaning                                                                 | unit          |
|------------|-------------------------------------------------------------------------|---------------|
| q_{it}     | quantity bought of offer i, which is sold at stage s                    | quantity      |
| capacity_i | what it can sell in a year                                              | quantity/year |
| years_{it} | years of period t at full capacity: fewer while it ramps up or is closed | years         |

The other way round a share cap says how much we depend on them.

>>> DependenceCap(name="healthy", each="company", max_share="30%", hard=True).level
0.3
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import model_validator

from models.limits.contract.batched_rows import batch_rows
from models.limits.contract.limit import Reading, RowBatch, in_period, least_bought, list_unstated, unknown_names
from models.limits.contract.scoped import ScopedLimit
from models.records.fields import Name, Share
from models.records.tolerances import ROUNDING
from models.records.wording import format_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Market, Offer
    from models.market.attribution import SpanBatch
    from models.market.exposure import Ledger, UpperBounds


class DependenceCap(ScopedLimit):
    """At most `max_share` of the capacity of a company or an offer is bought."""

    LEVEL: ClassVar[str] = "max_share"
    UNIT: ClassVar[Literal["share"]] = "share"
    SENSE: ClassVar[Literal["at most"]] = "at most"
    IN_RESPONSES: ClassVar[bool] = True
    REPAIR: ClassVar[str] = "let {who} sell {new} of its capacity of {what} instead of {old}"

    kind: Literal["dependence_cap"] = "dependence_cap"
    each: Literal["company", "offer"] | None = None
    """Holds for every one of them by itself; a company at each stage over all its offers there."""
    company: Name | None = None
    offer: Name | None = None
    max_share: Share
    """Share of the capacity, from 0 to 1."""

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        said = [field for field in ("each", "company", "offer") if getattr(self, field) is not None]
        if len(said) != 1:
            msg = f"speaks of {' and '.join(said) or 'nobody'}; write exactly one of each, company, offer"
            raise ValueError(msg)
        return self

    @property
    def about(self) -> str:
        """Whose capacity it is: ``each company``."""
        return self.company or self.offer or f"each {self.each}"

    @property
    def holds_with_less(self) -> bool:
        """Yes: capacities are what they are."""
        return True

    def rows(self, m: Any, here: Any) -> Iterator[RowBatch]:
        """Yield ``bought <= level * capacity``, in quantity."""
        sellers = {stage: self._sellers(m.market, *stage) for stage in self.stages_of(m.market)}

        def weighed(some: SpanBatch) -> dict[str, dict[str, float]]:
            mine = sellers[some.material, some.stage]
            return {who: {o.offer: 1.0 for o in offers if o.offer in some.positions} for who, offers in mine.items()}

        rows = batch_rows(self, m, weighed)
        capacity = rows.each(
            lambda material, stage, periods, who: _capacity(m.market, sellers[material, stage][who], periods)
        )
        yield RowBatch(rows.keys, rows.attributed, here.level * capacity)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the share of the capacity of each that a plan buys."""
        market = plan.exposure.market
        for key, periods in self.cells(market):
            bought = plan.exposure.bought(plan, key.material, key.stage, periods, self.sites)
            for who, offers in self._sellers(market, key.material, key.stage).items():
                units = capacity = 0.0
                for offer in offers:
                    units += sum(bought.get(offer.offer, ()))
                    capacity += _capacity(market, [offer], periods)
                used = units / capacity if capacity > 0 else 0.0
                yield Reading(key.of(who), used, self.max_share, max(0.0, units - self.max_share * capacity))

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that all together cannot cover the demand within the share of each."""
        market = most.exposure.market
        for key, periods in self.cells(market) if self.each else ():
            sellers = self._sellers(market, key.material, key.stage)
            together = self.max_share * sum(_capacity(market, offers, periods) for offers in sellers.values())
            need = least_bought(most, key, periods, self.sites)
            if together < need * (1 - ROUNDING):
                most_bought, needed = most.format_quantities(together, need)
                yield (
                    f"within {format_percent(self.max_share)} of the capacity of each {self.each}, at "
                    f"most {most_bought} of "
                    f"{key.stage} {key.material} can be bought{in_period(key)}, and {needed} is needed"
                )

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for every name that the market does not know, and for capacities that are not stated."""
        yield from super().problems(market)
        for field, known in (("company", market.companies), ("offer", market.offer)):
            name = getattr(self, field)
            if name is not None:
                yield from unknown_names(field, (name,), known)
        sellers = [self._sellers(market, *stage) for stage in self.stages_of(market)]
        counted = [offer for stage in sellers for offers in stage.values() for offer in offers]
        yield from list_unstated(
            "max_share: the capacity", [offer.offer for offer in counted if not market.is_limited(offer.offer)]
        )

    def _sellers(self, market: Market, material: str, stage: str) -> dict[str, list[Offer]]:
        """Return the offers of each company or offer that the limit speaks of, of those that sell at a stage."""
        by = "company" if self.each == "company" or self.company is not None else "offer"
        sellers: dict[str, list[Offer]] = defaultdict(list)
        for offer in market.sold[material, stage]:
            who = getattr(offer, by)
            if self.each is not None or who == (self.company or self.offer):
                sellers[who].append(offer)
        return dict(sorted(sellers.items()))


def _capacity(market: Market, offers: list[Offer], periods: tuple[str, ...]) -> float:
    """Return what offers can sell within periods."""
    return sum(market.available.get((offer.offer, period), 0.0) for offer in offers for period in periods)

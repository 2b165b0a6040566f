r"""The same split over a group: the share of each source hardly differs between sites, or between periods.

Words: every plant buys its graphite of the same companies in the same shares, give or take 5 points.

Mathematics, for each material m, stage s and source k, over the members g of the group (the sites in
scope, in a period or the horizon; or the periods in scope):

    lo_k * D_g  <=  held_{kg}                   (defining),   lo_k >= 0
    held_{kg}   <=  (lo_k + level) * D_g

| symbol    | meaning                                                                    | unit     |
|-----------|----------------------------------------------------------------------------|----------|
| held_{kg} | what is attributed to source k of what member g buys: sum_i w_{iks} a_{ig} | quantity |
| D_g       | demand of the member; a member without any is left out                     | quantity |
| lo_k      | the least share of source k in the demand of any member                    | 1        |

The shares are of the demand, which is constant, so the rows are linear. At level 0 the split is the
same everywhere. What nobody declared is no source. Other symbols as in `share_cap`.

>>> ConsistentAward(name="one-split", count="company", over="sites", max_difference="5%", hard=True).level
0.05
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import model_validator
from pyomo.core import NonNegativeReals

from models.algebra.expressions import linear
from models.algebra.variables import declare
from models.limits.contract.limit import Key, Reading, Row
from models.limits.contract.sources import SourcesLimit
from models.records.countries import UNDISCLOSED
from models.records.fields import Share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.limits.contract.subject import Terms
    from models.market import Market
    from models.market.attribution import Attribution
    from models.market.exposure import Ledger

Member = tuple[Key, float, "Terms"]
"""A row's key, the demand of a member of the group, and what is attributed to the source there."""


class ConsistentAward(SourcesLimit):
    """The share of each source in the demand differs by at most `max_difference` over a group."""

    LEVEL: ClassVar[str] = "max_difference"
    UNIT: ClassVar[Literal["share"]] = "share"
    SENSE: ClassVar[Literal["at most"]] = "at most"
    REPAIR: ClassVar[str] = "allow shares of {what} that differ by {new} instead of {old}"

    kind: Literal["consistent_award"] = "consistent_award"
    over: Literal["sites", "periods"]
    """The members that are compared: sites (at the last stage), or periods."""
    max_difference: Share
    """Difference of two shares of the demand, from 0 (the same split) to 1."""

    @model_validator(mode="after")
    def _periods_are_compared_one_by_one(self) -> Self:
        if self.over == "periods" and self.per == "horizon":
            msg = 'over = "periods" compares the periods, and per = "horizon" adds them up; remove one of them'
            raise ValueError(msg)
        return self

    @property
    def about(self) -> str:
        """What is compared: ``companies over sites``."""
        return f"{super().about} over {self.over}"

    def problems(self, market: Market) -> Iterator[str]:
        """Yield what does not fit the market: earlier stages, and groups of one."""
        yield from super().problems(market)
        if self.over == "sites":
            for material, stage in dict.fromkeys((key.material, key.stage) for key, _ in self.cells(market)):
                last = market.material[material].stages[-1]
                if stage != last and self.sites is None:
                    yield (
                        f"over: only the last stage says which site a unit goes to, and {stage} is not the last of "
                        f'{material}; write stages = ["{last}"], or materials for which it is'
                    )
        named = self.sites if self.over == "sites" else self.periods
        if len(market.site if self.over == "sites" else market.years) == 1 or (named and len(named) == 1):
            yield f"over: there is one of the {self.over} only, and nothing to compare it with; name two or more"

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``held <= (least share + level) * demand``, and the defining rows that say what the least share is."""
        groups = list(self._groups(m))
        sources = [who for who, _ in groups]
        declare(here, "least", sources, NonNegativeReals, "least share of the source [1]")
        for who, members in groups:
            least = here.least[who]
            for key, demand, terms in members:
                yield Row(key, demand * least, linear(terms), defining=True)
                yield Row(key, linear(terms), demand * least + here.level * demand)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield by how much each share lies above the least of its source, in a plan."""
        for _, members in self._groups(plan):
            shares = {key: sum(weight * units for weight, units in terms) / need for key, need, terms in members}
            least = min(shares.values())
            for key, need, _ in members:
                above = shares[key] - least
                yield Reading(key, above, self.max_difference, max(0.0, above - self.max_difference) * need)

    def _groups(self, book: Ledger) -> Iterator[tuple[Key, list[Member]]]:
        """Yield each source with the members of its group.

        A member without demand has no share; one to whom the source sells nothing has a share of 0.
        """
        market = book.exposure.market
        found: dict[Key, list[tuple[Key, float, Attribution]]] = {}
        sites = self.sites or tuple(market.site)
        for key, periods in self.cells(market):
            for site in sites if self.over == "sites" else (None,):
                inside = self.sites if site is None else (site,)
                demand = market.demand_of(key.material, periods, inside)
                if demand > 0:
                    group = key._replace(period=key.period if site else "")
                    member = key.of(f" at {site}" if site else "")
                    found.setdefault(group, []).append((member, demand, self.attribution(book, key, periods, inside)))
        for group, members in found.items():
            sources = {who for _, _, attribution in members for who in attribution.weights} - {UNDISCLOSED}
            for who in sorted(sources) if len(members) > 1 else ():
                yield (
                    group.of(who),
                    [
                        (member.of(f"{who}{member.who}"), demand, attribution.terms(attribution.weights.get(who, {})))
                        for member, demand, attribution in members
                    ],
                )

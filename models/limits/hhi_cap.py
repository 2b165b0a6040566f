r"""Supply of a stage may not be more concentrated than a Herfindahl-Hirschman index (HHI).

Words: the HHI of the countries that refine our graphite is at most 0.25, as if four of them had equal shares;
or, weighted by the risk of each country, at most 1.5.

Mathematics, for each material m, stage s and period (or horizon) T, over sources k:

    sum_k w_k z_k  <=  level * S_{msT}
    x_k^2  <=  z_k S_{msT},     x_k = sum_{i, t in T} w_{iks} a_{it}             (square)

so that rows stay linear, and the one relation that is not is the same for every source, level and weight. With
undisclosed = "counts" the row holds for each source l in turn, with z'_l in the place of z_l.

| symbol  | meaning                                                              | unit     |
|---------|----------------------------------------------------------------------|----------|
| x_k     | what is attributed to source k                                       | quantity |
| S_{msT} | of = "supply": all that passes the stage; of = "demand": the demand  | quantity |
| w_k     | 1, or with weight = "risk" the risk of country k (table `countries`) | 1        |
| z_k     | at least x_k^2 / S                                                   | quantity |
| z'_l    | the same of x_l and all that nobody declared                         | quantity |

Other symbols as in `share_cap`. What nobody declared counts as if all of it were any one source's, whichever
is worst, or a country's that is named as an origin without a share; with
undisclosed = "apart" it is a source of its own.

The index weighted by governance is that of the supply risk of the European Commission ("Methodology for
establishing the EU list of critical raw materials", 2017): there w_k is the World Governance Indicator, turned
into 0 (best) to 10.

>>> HhiCap(name="spread", count="country", basis="place", max_hhi=0.25, hard=True).level
0.25
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import model_validator
from pyomo.core import NonNegativeReals

from models.algebra.constraints import Square
from models.algebra.expressions import LinearSum, linear
from models.algebra.variables import declare
from models.limits.contract.limit import Key, Reading, Row, in_period, index_of, must_be_bought
from models.limits.contract.share_base import share_base
from models.limits.contract.sources import SourcesLimit
from models.limits.contract.subject import total_units
from models.market.exposure import Exposure
from models.records.countries import UNDISCLOSED
from models.records.fields import Positive
from models.records.tolerances import ROUNDING
from models.records.wording import format_apart, format_exactly

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from models.limits.contract.subject import Terms
    from models.market import Market
    from models.market.exposure import Ledger

_POINTS = 10_000
"""The HHI of a monopoly where shares are taken in percent."""


class HhiCap(SourcesLimit):
    """The sum of squared shares is at most `max_hhi`."""

    LEVEL: ClassVar[str] = "max_hhi"
    UNIT: ClassVar[Literal["figure"]] = "figure"
    SENSE: ClassVar[Literal["at most"]] = "at most"

    kind: Literal["hhi_cap"] = "hhi_cap"
    max_hhi: Positive
    """Sum of squared shares (1 = a single source); with a weight, of squared shares times risks."""
    weight: Literal["risk"] | None = None
    """risk: a country's square counts by its risk (table `countries`, or else reference data); absent = all alike."""
    of: Literal["supply", "demand"] = "supply"
    """Shares of what passes the stage, or of the demand of the sites."""
    undisclosed: Literal["counts", "apart"] = "counts"
    """Whether what nobody declared counts as any one source's, whichever is worst, or as a source of its own."""

    @model_validator(mode="after")
    def _level_of_its_kind(self) -> Self:
        if self.weight is not None and self.count != "country":
            msg = f'weight = "risk" goes with count = "country" only, and this counts each {self.count}; remove it'
            raise ValueError(msg)
        if self.weight is None and self.max_hhi > 1:
            cure = f"; write {format_exactly(self.max_hhi / _POINTS)}" if self.max_hhi <= _POINTS else ""
            msg = (
                f"max_hhi {format_exactly(self.max_hhi)} is above 1, the HHI of a single source, as shares "
                f"add up to 1{cure}"
            )
            raise ValueError(msg)
        return self

    @property
    def greatest(self) -> float:
        """1 without a weight: the HHI of a single source."""
        return math.inf if self.weight else 1.0

    @property
    def about(self) -> str:
        """Whose shares are squared: ``countries by place, by risk``."""
        return f"{super().about}, by risk" if self.weight else super().about

    def unit(self, mass: str, currency: str) -> str:  # noqa: ARG002 (it is neither)
        """Return HHI."""
        return "risk-weighted HHI" if self.weight else "HHI"

    def excess_unit(self, mass: str, currency: str) -> str:
        """Return the unit of the rows: an HHI times what passes the stage."""
        return f"{self.unit(mass, currency)} x {mass}"

    def size(self, key: Key, market: Market) -> float:
        """Return what the excess of a row is measured against: the HHI that is allowed, times the demand."""
        return self.max_hhi * (market.demand_of(key.material, [key.period] if key.period else market.years) or 1.0)

    @property
    def holds_with_less(self) -> bool:
        """Whether its whole is the demand; less supply would make every share of it larger."""
        return self.of == "demand"

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for every name that the market does not know, and every country without a risk."""
        yield from super().problems(market)
        missing: dict[str, str] = {}
        for where, sources in self._occurring(market) if self.weight else ():
            alone = self.undisclosed == "apart" or sources == {UNDISCLOSED}
            for who in sources - market.risk.keys() - (set() if alone else {UNDISCLOSED}):
                missing.setdefault(who, where)
        for who, where in sorted(missing.items()):
            source = "what nobody declared" if who == UNDISCLOSED else who
            yield f"weight: {where} may hang on {source}, which has no risk; add {who} to the table countries"

    def _occurring(self, market: Market) -> Iterator[tuple[str, set[str]]]:
        """Yield each stage of a material with the sources of its offers, of those that fit their material."""
        chain = {material.material: material.stages for material in market.materials}
        offers = tuple(offer for offer in market.offers if offer.stage in chain.get(offer.material, ()))
        exposure = Exposure(market.model_copy(update={"offers": offers}))
        for material, stage in dict.fromkeys((key.material, key.stage) for key, _ in self.cells(market)):
            weights = [exposure.weights(offer, stage, self.dimension) for offer in exposure.passing[material, stage]]
            named = exposure.named_at(material, stage, self.dimension)
            yield f"{stage} {material}", set(named).union(*weights)

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``HHI * whole <= level * whole``, for each source whose the undisclosed may be."""
        cells = [
            (key, share_base(self, m, key, periods), self._parts(m, key, periods))
            for key, periods in self.cells(m.market)
        ]
        alone = index_of(key.of(who) for key, _, parts in cells for who in parts.alone)
        declare(here, "square", alone, NonNegativeReals, "at least part ** 2 / whole [quantity]")
        at_worst = index_of(key.of(who) for key, _, parts in cells for who in parts.at_worst)
        doc = "the same of the part with all that is undisclosed [quantity]"
        declare(here, "square_at_worst", at_worst, NonNegativeReals, doc)
        for key, total, parts in cells:
            terms = {who: (self._weight(who, m.market), here.square[key.of(who)]) for who in parts.alone}
            for worst in parts.at_worst:
                square = here.square_at_worst[key.of(worst)]
                others = [term for who, term in terms.items() if who != worst]
                less = linear([(self._weight(worst, m.market), square), *others])
                yield Row(key.of(worst), less, here.level * total, reading=key)
            if not parts.at_worst:
                yield Row(key, linear(list(terms.values())), here.level * total)

    def squares(self, m: Any, here: Any) -> Iterator[Square]:
        """Yield what makes the variables of the rows squares of parts over wholes."""
        for key, periods in self.cells(m.market):
            total, parts = share_base(self, m, key, periods), self._parts(m, key, periods)
            for terms_of, squares in ((parts.alone, here.square), (parts.at_worst, here.square_at_worst)):
                for who, terms in terms_of.items():
                    square = squares[key.of(who)]
                    yield Square(terms, *_summed(total), square)

    def _parts(self, book: Ledger, key: Key, periods: tuple[str, ...]) -> _Parts:
        """Return what is attributed to each source in a cell, alone and where it may be more, as terms."""
        attribution = self.attribution(book, key, periods, self.sites)
        alone = dict(sorted(attribution.weights.items()))
        named = book.exposure.named_at(key.material, key.stage, self.dimension)
        unknown = alone.pop(UNDISCLOSED) if self._is_spread(alone.keys() | named) else {}
        at_worst: dict[str, dict[str, float]] = {}
        for who in sorted(alone.keys() | named) if unknown else ():
            weights = alone.get(who, {})
            at_worst[who] = {offer: weights.get(offer, 0.0) + unknown.get(offer, 0.0) for offer in weights | unknown}
        return _Parts(
            {who: attribution.terms(weights) for who, weights in alone.items()},
            {who: attribution.terms(weights) for who, weights in at_worst.items()},
        )

    def _is_spread(self, sources: Collection[str]) -> bool:
        """Whether what nobody declared is laid at one of some sources."""
        return self.undisclosed == "counts" and UNDISCLOSED in sources and len(sources) > 1

    def _weight(self, who: str, market: Market) -> float:
        return market.risk[who] if self.weight else 1.0

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the HHI of each cell of a plan."""
        market = plan.exposure.market
        for key, periods in self.cells(market):
            total = share_base(self, plan, key, periods)
            attribution = self.attribution(plan, key, periods, self.sites)
            units = {
                who: sum(weight * amount for weight, amount in attribution.terms(weights))
                for who, weights in attribution.weights.items()
            }
            shares = {who: part / total for who, part in units.items()} if total > 0 else {}
            named = plan.exposure.named_at(key.material, key.stage, self.dimension)
            hhi = self._index(shares, market, named)
            shares.pop(UNDISCLOSED, None)
            hidden = hhi - self._index(shares, market, named) if self.undisclosed == "counts" else 0.0
            yield Reading(key, hhi, self.max_hhi, max(0.0, hhi - self.max_hhi) * total, undisclosed=hidden)

    def _index(self, share: Mapping[str, float], market: Market, named: Collection[str]) -> float:
        """Return the sum of squared shares, weighted; what nobody declared is added where that makes it worst."""
        factor = dict.fromkeys((*share, *named), 1.0) if self.weight is None else market.risk
        known = dict.fromkeys(named, 0.0) | {who: part for who, part in share.items() if who != UNDISCLOSED}
        if self.undisclosed == "apart" or not known:
            return sum(factor[who] * part**2 for who, part in share.items())
        rest = share.get(UNDISCLOSED, 0.0)
        more = max(factor[who] * ((part + rest) ** 2 - part**2) for who, part in known.items())
        return more + sum(factor[who] * part**2 for who, part in known.items())

    def impossible(self, most: Ledger) -> Iterator[str]:
        """Yield that even equal shares of all that can supply anything are too concentrated."""
        market = most.exposure.market
        for key, periods in self.cells(market) if self.of == "supply" else ():
            if not must_be_bought(most, key.material, periods, self.sites):
                continue
            able = [who for who, terms in self._parts(most, key, periods).alone.items() if total_units(terms) > 0]
            weights = [self._weight(who, market) for who in able]
            if not able or min(weights) == 0:
                continue
            # shares in inverse proportion to the weights
            least = 1 / sum(1 / weight for weight in weights)
            if least > self.max_hhi * (1 + ROUNDING):
                many = super().about.split()[0]
                lowest, allowed = format_apart(least, self.max_hhi)
                yield (
                    f"{len(able)} {many} can supply {key.stage} {key.material}{in_period(key)} ({', '.join(able)}), so "
                    f"the {self.unit('', '')} is {lowest} at the least, and {allowed} is allowed"
                )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is attributed to each source of a cell, as terms."""

    alone: dict[str, Terms]
    """As declared; what nobody declared is a source here unless it is laid at the others."""
    at_worst: dict[str, Terms]
    """With all that nobody declared; empty where there is nothing of it to lay at others."""


def _summed(whole: Any) -> tuple[Terms, float]:
    """Return a whole (a number, a variable or a sum of variables) as terms and a constant."""
    read = LinearSum((1, whole))
    return read.terms, read.constant

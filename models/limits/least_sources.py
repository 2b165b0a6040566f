r"""At least a number of countries, companies or offers must each supply a share worth the name.

Words: refined graphite from at least three countries, each with at least 5 % of the demand.

Mathematics, for each material m, stage s and period (or horizon) T, over sources k:

    counts_from * D_{mT} * p_k  <=  sum_{i, t in T} w_{iks} a_{it},    p_k in {0, 1}      (defining)
    level  <=  sum_k p_k

| symbol | meaning                                    | unit     |
|--------|--------------------------------------------|----------|
| p_k    | source k supplies enough to count          | 0/1      |
| D_{mT} | demand of the sites in scope               | quantity |

Other symbols as in `share_cap`. What nobody declared is no source.

>>> LeastSources(name="three", count="company", min_sources=3, counts_from="5%", hard=True).level
3.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pyomo.core import Binary

from models.algebra.expressions import linear
from models.algebra.variables import declare
from models.limits.contract.limit import Reading, Row, in_period, index_of
from models.limits.contract.sources import SourcesLimit
from models.limits.contract.subject import total_units
from models.records.countries import UNDISCLOSED
from models.records.fields import Count, PositiveShare
from models.records.tolerances import RESIDUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market.exposure import Ledger, UpperBounds


class LeastSources(SourcesLimit):
    """At least `min_sources` sources supply `counts_from` of the demand each."""

    LEVEL: ClassVar[str] = "min_sources"
    UNIT: ClassVar[Literal["count"]] = "count"
    SENSE: ClassVar[Literal["at least"]] = "at least"

    kind: Literal["least_sources"] = "least_sources"
    min_sources: Count
    """How many must supply enough to count; what nobody declared counts as none."""
    counts_from: PositiveShare
    """Share of the demand from which a source counts."""

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``level <= sources that count``, and the defining rows that say which count."""
        cells = [(key, demand, sources) for key, demand, sources in self.sources(m) if demand > 0]
        keys = [key.of(who) for key, _, sources in cells for who in sources if who != UNDISCLOSED]
        declare(here, "counts", index_of(keys), Binary, "the source supplies enough to count [0/1]")
        counts = dict(zip(keys, here.counts.values(), strict=True))
        for key, demand, sources in cells:
            mine = {who: counts[key.of(who)] for who in sources if who != UNDISCLOSED}
            for who, switch in mine.items():
                enough = linear([(self.counts_from * demand, switch)])
                yield Row(key.of(who), enough, linear(sources[who]), defining=True)
            yield Row(key, here.level, linear([(1, switch) for switch in mine.values()]))

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the number of sources that supply enough in a plan."""
        for key, demand, sources in self.sources(plan):
            if demand <= 0:
                continue
            enough = (self.counts_from - RESIDUE) * demand
            used = sum(
                1.0
                for who, terms in sources.items()
                if who != UNDISCLOSED and sum(amount * weight for weight, amount in terms) >= enough
            )
            yield Reading(key, used, float(self.min_sources), max(0.0, self.min_sources - used))

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that fewer sources than asked for can supply enough to count."""
        for key, demand, sources in self.sources(most):
            if demand <= 0:
                continue
            least = self.counts_from * demand
            able = [
                who
                for who, terms in sources.items()
                if who != UNDISCLOSED and total_units(terms) >= least * (1 - RESIDUE)
            ]
            if len(able) < self.min_sources:
                yield (
                    f"{self.min_sources} sources of {key.stage} {key.material}{in_period(key)} are asked for, and "
                    f"{len(able)} can supply {most.format_quantities(least)[0]} each: {', '.join(able) or 'none'}"
                )

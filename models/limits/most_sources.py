r"""At most a number of countries, companies or offers may supply anything.

Words: buy refined nickel from no more than four companies.

Mathematics, for each material m, stage s and period (or horizon) T, over sources k:

    sum_{i, t in T} w_{iks} a_{it}  <=  M_{ks} p_k,    p_k in {0, 1}      (defining)
    sum_k p_k  <=  level

M_{ks} is the most that can be attributed to k, from the bounds of what arrives. Other symbols as in
`share_cap`. All that nobody declared is one source.

>>> MostSources(name="four", count="company", max_sources=4, hard=True).level
4.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pyomo.core import Binary

from models.algebra.expressions import linear
from models.algebra.variables import declare
from models.limits.contract.limit import Reading, Row, in_period, index_of, least_passing
from models.limits.contract.sources import SourcesLimit, bound_units
from models.limits.contract.subject import total_units
from models.records.fields import Count
from models.records.tolerances import RESIDUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market.exposure import Ledger, UpperBounds


class MostSources(SourcesLimit):
    """At most `max_sources` sources supply anything."""

    LEVEL: ClassVar[str] = "max_sources"
    UNIT: ClassVar[Literal["count"]] = "count"
    SENSE: ClassVar[Literal["at most"]] = "at most"

    kind: Literal["most_sources"] = "most_sources"
    max_sources: Count
    """How many may supply anything; all that nobody declared counts as one."""

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``sources that supply <= level``, and the defining rows that say which supply."""
        cells = list(self.sources(m))
        keys = [key.of(who) for key, _, sources in cells for who in sources]
        declare(here, "supplies", index_of(keys), Binary, "the source supplies something [0/1]")
        for key, _, sources in cells:
            mine = {who: here.supplies[key.of(who)] for who in sources}
            for who, supplies in mine.items():
                yield Row(key.of(who), linear(sources[who]), bound_units(sources[who]) * supplies, defining=True)
            yield Row(key, sum(mine.values()), here.level)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the number of sources that supply something in a plan."""
        for key, demand, sources in self.sources(plan):
            supplied = {who: sum(amount * weight for weight, amount in terms) for who, terms in sources.items()}
            nothing = RESIDUE * max(demand, sum(supplied.values()))
            used = float(sum(1 for tonnes in supplied.values() if tonnes > nothing))
            yield Reading(key, used, float(self.max_sources), max(0.0, used - self.max_sources))

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that the largest sources together cannot cover the demand."""
        for key, _, sources in self.sources(most):
            periods = (key.period,) if key.period else tuple(filter(self.counts_in, most.exposure.market.years))
            need = least_passing(most, key, periods, self.sites)
            together = sum(sorted((total_units(terms) for terms in sources.values()), reverse=True)[: self.max_sources])
            if together < need * (1 - RESIDUE):
                largest = f"the {self.max_sources} largest sources" if self.max_sources > 1 else "the largest source"
                most_sold, needed = most.format_quantities(together, need)
                yield (
                    f"{largest} can supply at most {most_sold} of {key.stage} "
                    f"{key.material}{in_period(key)}, and {needed} is needed"
                )

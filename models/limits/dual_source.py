r"""There is a second source that counts: the largest has at most a share.

Words: magnets from at least two companies with 10 % of the demand each, the larger at most 70 %.

Mathematics, for each material m, stage s and period (or horizon) T, over sources k:

    S_{msT} - sum_{j != k} s_j  <=  level * S_{msT}                             for every k
    s_j <= held_j,   s_j <= M_j p_j,   counts_from * D_{mT} * p_j <= held_j     (defining),   p_j in {0, 1}

| symbol  | meaning                                                               | unit     |
|---------|-----------------------------------------------------------------------|----------|
| held_j  | what is attributed to source j: sum_{i, t in T} w_{ijs} a_{it}        | quantity |
| p_j     | source j supplies enough to count                                     | 0/1      |
| s_j     | what j supplies if it counts, else 0                                  | quantity |
| S_{msT} | all that passes the stage, or goes to the sites, as it arrives        | quantity |
| D_{mT}  | demand of the sites in scope                                          | quantity |
| M_j     | the most that can be attributed to j, from the bounds of what arrives | quantity |

So what is left when source k fails, counting only sources worth the name, is at least 1 - level of
the whole. What comes of sources that are too small to count, and what nobody declared, counts against
every source, as what is undisclosed counts against every subject of a cap. At any level below 1 two
sources at least supply `counts_from` of the demand; at level 1 the limit says nothing. The defining rows
ask nothing by themselves (p_j = 0 always holds), so excess and penalty are in units of the material.

>>> DualSource(name="second", count="company", counts_from="10%", max_share="70%", hard=True).level
0.7
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pyomo.core import Binary, NonNegativeReals

from models.algebra.expressions import linear
from models.algebra.variables import declare
from models.limits.contract.limit import Key, Reading, Row, in_period, index_of, least_passing
from models.limits.contract.share_base import share_base
from models.limits.contract.sources import SourcesLimit, bound_units
from models.limits.contract.subject import total_units
from models.records.countries import UNDISCLOSED
from models.records.fields import PositiveShare, Share
from models.records.tolerances import RESIDUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market.exposure import Ledger, UpperBounds


class DualSource(SourcesLimit):
    """At most `max_share` is attributed to one source and to those that are too small to count."""

    LEVEL: ClassVar[str] = "max_share"
    UNIT: ClassVar[Literal["share"]] = "share"
    SENSE: ClassVar[Literal["at most"]] = "at most"
    of: ClassVar[Literal["supply"]] = "supply"

    kind: Literal["dual_source"] = "dual_source"
    max_share: Share
    """Share of what passes the stage, from 0 to 1, that the largest source may have."""
    counts_from: PositiveShare
    """Share of the demand from which a source counts."""

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``all but what others that count supply <= level * all``, and the defining rows that say who counts."""
        cells = [(key, demand, sources) for key, demand, sources in self.sources(m) if demand > 0]
        keys = [key.of(who) for key, _, sources in cells for who in sources if who != UNDISCLOSED]
        places = index_of(keys)
        declare(here, "counts", places, Binary, "the source supplies enough to count [0/1]")
        declare(here, "second", places, NonNegativeReals, "what the source supplies, if it counts [quantity]")
        for key, demand, sources in cells:
            mine = [key.of(who) for who in sources if who != UNDISCLOSED]
            for one in mine:
                terms, counts, second = sources[one.who], here.counts[one], here.second[one]
                yield Row(_of(one, "counts"), self.counts_from * demand * counts, linear(terms), defining=True)
                yield Row(one, second, linear(terms), defining=True)
                yield Row(_of(one, "if it counts"), second, bound_units(terms) * counts, defining=True)
            total = share_base(self, m, key, self._periods(m, key))
            for one in mine or [key.of(who) for who in sources]:
                others = sum(here.second[other] for other in mine if other != one)
                yield Row(one, total - others, here.level * total)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield what is attributed to each source of a plan and to those too small to count, as a share of all."""
        for key, demand, sources in self.sources(plan):
            if demand <= 0:
                continue
            tonnes = {who: sum(units * weight for weight, units in terms) for who, terms in sources.items()}
            small = hidden = tonnes.pop(UNDISCLOSED, 0.0)
            counting = {who: units for who, units in tonnes.items() if units >= (self.counts_from - RESIDUE) * demand}
            small += sum(units for who, units in tonnes.items() if who not in counting)
            total = small + sum(counting.values())
            for who in tonnes or sources:
                hangs = small + counting.get(who, 0.0)
                share = hangs / total if total > 0 else 0.0
                excess = max(0.0, hangs - self.max_share * total)
                undisclosed = hidden / total if total > 0 else 0.0
                yield Reading(key.of(who), share, self.max_share, excess, undisclosed=undisclosed)

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that fewer than two sources can supply enough to count."""
        for key, demand, sources in self.sources(most):
            need = least_passing(most, key, self._periods(most, key), self.sites)
            least = self.counts_from * demand
            able = [
                who
                for who, terms in sources.items()
                if who != UNDISCLOSED and total_units(terms) >= least * (1 - RESIDUE)
            ]
            if need and self.max_share < 1 and len(able) < 2:  # noqa: PLR2004 (a second source)
                yield (
                    f"two sources of {key.stage} {key.material}{in_period(key)} are needed, and {len(able)} can supply "
                    f"{most.format_quantities(least)[0]}: {', '.join(able) or 'none'}"
                )

    def _periods(self, book: Any, key: Key) -> tuple[str, ...]:
        return (key.period,) if key.period else tuple(filter(self.counts_in, book.exposure.market.years))


def _of(key: Key, what: str) -> Key:
    """Return the key of a defining row of a source, of which there are several."""
    return key.of(f"{key.who}, {what}")

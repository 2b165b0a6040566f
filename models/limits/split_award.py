r"""Whoever is bought from gets at least a share of the demand: no crumbs.

Words: every company that refines graphite for us gets at least 15 % of what we need.

Mathematics, for each material m, stage s, source k and period (or horizon) T:

    held_k = sum_{i, t in T} w_{iks} a_{it}  <=  M_k p_k,    p_k in {0, 1}      (defining)
    level * D_{mT} * p_k  <=  held_k

| symbol | meaning                                                               | unit     |
|--------|-----------------------------------------------------------------------|----------|
| p_k    | source k wins: something is bought of it                              | 0/1      |
| D_{mT} | demand of the sites in scope                                          | quantity |
| M_k    | the most that can be attributed to k, from the bounds of what arrives | quantity |

Other symbols as in `share_cap`. What nobody declared is no source. Where nothing is needed the limit
says nothing. Minimum awards in auctions: Bichler, Davenport, Hohner and Kalagnanam, "Industrial
procurement auctions", in Combinatorial Auctions (MIT Press 2006).

>>> SplitAward(name="no-crumbs", count="company", min_share="15%", hard=True).level
0.15
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pyomo.core import Binary

from models.algebra.expressions import linear
from models.algebra.variables import declare
from models.limits.contract.limit import Reading, Row, in_period, index_of, least_passing
from models.limits.contract.sources import SourcesLimit, bound_units
from models.limits.contract.subject import total_units
from models.records.countries import UNDISCLOSED
from models.records.fields import Share
from models.records.tolerances import RESIDUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market.exposure import Ledger, UpperBounds


class SplitAward(SourcesLimit):
    """Every source that supplies anything supplies `min_share` of the demand."""

    LEVEL: ClassVar[str] = "min_share"
    UNIT: ClassVar[Literal["share"]] = "share"
    SENSE: ClassVar[Literal["at least"]] = "at least"
    REPAIR: ClassVar[str] = "ask for {new} of {what} from whoever is bought from instead of {old}"

    kind: Literal["split_award"] = "split_award"
    min_share: Share
    """Share of the demand, from 0 to 1, that whoever is bought from gets."""

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``level * demand * wins <= held``, and the defining rows that say who wins."""
        cells = [(key, demand, sources) for key, demand, sources in self.sources(m) if demand > 0]
        keys = [key.of(who) for key, _, sources in cells for who in sources if who != UNDISCLOSED]
        declare(here, "wins", index_of(keys), Binary, "something is bought of the source [0/1]")
        for key, demand, sources in cells:
            for who, terms in sources.items():
                if who != UNDISCLOSED:
                    mine = key.of(who)
                    yield Row(mine, linear(terms), bound_units(terms) * here.wins[mine], defining=True)
                    yield Row(mine, here.level * demand * here.wins[mine], linear(terms))

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the share of every source in a plan; nothing is asked of a source that is not bought from."""
        for key, demand, sources in self.sources(plan):
            for who, terms in sources.items():
                if who == UNDISCLOSED or demand <= 0:
                    continue
                tonnes = sum(units * weight for weight, units in terms)
                asked = self.min_share if tonnes > RESIDUE * demand else 0.0
                yield Reading(key.of(who), tonnes / demand, asked, max(0.0, asked * demand - tonnes))

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that those who can supply so much, as many as there is room for, cannot cover the demand."""
        for key, demand, sources in self.sources(most):
            periods = (key.period,) if key.period else tuple(filter(self.counts_in, most.exposure.market.years))
            need = least_passing(most, key, periods, self.sites)
            if not need or not self.min_share:
                continue
            least = self.min_share * demand
            able = {who: total_units(terms) for who, terms in sources.items() if who != UNDISCLOSED}
            able = {who: units for who, units in able.items() if units >= least * (1 - RESIDUE)}
            room = math.floor(1 / self.min_share + RESIDUE)
            together = sum(sorted(able.values(), reverse=True)[:room]) + total_units(sources.get(UNDISCLOSED, []))
            if together < need * (1 - RESIDUE):
                most_sold, needed = most.format_quantities(together, need)
                yield (
                    f"each source of {key.stage} {key.material}{in_period(key)} must get "
                    f"{most.format_quantities(least)[0]}, and of "
                    f"those that can supply as much ({', '.join(able) or 'none'}) {room} at most can: together "
                    f"{most_sold} of the {needed} that is needed"
                )

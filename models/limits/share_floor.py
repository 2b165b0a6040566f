r"""At least a share of what passes a stage must be attributed to one country, bloc, company or offer.

Words: at least 10 % of the lithium must be mined in the European Union.

Mathematics, for each material m, stage s, subject k and period (or horizon) T:

    level * S_{msT}  <=  sum_{i, t in T} w_{iks} a_{it}

Symbols as in `share_cap`. What nobody declared never counts towards a floor.

>>> ShareFloor(name="home", country="US", basis="place", min_share=0.1, hard=True).level
0.1
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from models.limits.contract.limit import Reading, RowBatch, in_period, least_passing
from models.limits.contract.share_base import share_base, share_bases
from models.limits.contract.subject import total_units
from models.limits.contract.subject_floor import SubjectFloor
from models.records.fields import Share
from models.records.tolerances import ROUNDING
from models.records.wording import format_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Market
    from models.market.exposure import Ledger, UpperBounds


class ShareFloor(SubjectFloor):
    """At least `min_share` of supply or demand is attributed to the subject."""

    LEVEL: ClassVar[str] = "min_share"
    UNIT: ClassVar[Literal["share"]] = "share"
    SENSE: ClassVar[Literal["at least"]] = "at least"
    IN_RESPONSES: ClassVar[bool] = True
    ARRIVING: ClassVar[bool] = True

    kind: Literal["share_floor"] = "share_floor"
    min_share: Share
    """Share from 0 to 1."""
    of: Literal["supply", "demand"] = "supply"
    """Of what passes the stage, or of the demand of the sites."""

    def rows(self, m: Any, here: Any) -> Iterator[RowBatch]:
        """Yield ``level * whole <= held``, in quantity."""
        rows = self.on_model(m, with_undisclosed=False)
        yield RowBatch(rows.keys, here.level * share_bases(self, m, rows), rows.attributed)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the share that is attributed to each subject in a plan; of nothing, the level is met."""
        for key, periods, subjects in self.by_cell(plan, with_undisclosed=False):
            total = share_base(self, plan, key, periods)
            for who, terms in subjects.items():
                tonnes = sum(amount * weight for weight, amount in terms)
                used = tonnes / total if total > 0 else self.min_share
                excess = max(0.0, self.min_share * total - tonnes)
                yield Reading(key.of(who), used, self.min_share, excess, idle=total <= 0)

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that a subject cannot supply the share that it must."""
        for key, periods, subjects in self.by_cell(most, with_undisclosed=False):
            need = least_passing(most, key, periods, self.sites)
            least = self.min_share * (share_base(self, most, key, periods) if self.of == "demand" else need)
            for who, terms in subjects.items():
                if total_units(terms) < least * (1 - ROUNDING):
                    most_sold, asked = most.format_quantities(total_units(terms), least)
                    yield (
                        f"{who} can supply at most {most_sold} of {key.stage} {key.material}{in_period(key)}"
                        f", and {format_percent(self.min_share)} of what is needed is {asked}"
                    )

    def _asks(self, market: Market, material: str) -> bool:
        """Whether any of a material is needed: where nothing is, a share of it is met."""
        return market.demand_of(material, filter(self.counts_in, market.years), self.sites) > 0

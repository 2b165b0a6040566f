r"""At most a share of what passes a stage may be attributed to one country, bloc, company or offer.

Words: of the refined graphite bought in 2027, at most 35 % may come from China.

Mathematics, for each material m, stage s, subject k and period (or horizon) T:

    sum_{i, t in T} (w_{iks} + w_{i,ZZ,s}) a_{it}  <=  level * S_{msT}

| symbol     | meaning                                                                | unit     |
|------------|------------------------------------------------------------------------|----------|
| a_{it}     | what arrives at the last stage of what is bought of offer i in t       | quantity |
| w_{iks}    | weight with which a unit of offer i is attributed to k at stage s      | 1        |
| w_{i,ZZ,s} | the part that nobody declared; left out with undisclosed = "apart"     | 1        |
| S_{msT}    | of = "supply": all that passes the stage, as it arrives; or the demand | quantity |

Units count by the yields behind them (`models/market/worth.py`), so 2 500 t of ore that make 1 000 t are as much as
1 000 t bought refined. Where supply must be the demand, it is a number in the rows; elsewhere it enters by
its own total variable, so the level multiplies one column and the row stays sparse. The share cannot be
diluted: the balance of every site is an equality, so nothing is bought that is not used, stored or left unmet.

>>> ShareCap(name="china", country="China", basis="place", max_share="35%", hard=True).level
0.35
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from models.limits.contract.limit import Reading, RowBatch, in_period, must_be_bought
from models.limits.contract.share_base import share_base, share_bases
from models.limits.contract.subject import SubjectLimit, total_units
from models.records.countries import UNDISCLOSED
from models.records.fields import Share
from models.records.tolerances import ROUNDING
from models.records.wording import format_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market.exposure import Ledger


class ShareCap(SubjectLimit):
    """At most `max_share` of supply or demand is attributed to the subject."""

    LEVEL: ClassVar[str] = "max_share"
    UNIT: ClassVar[Literal["share"]] = "share"
    SENSE: ClassVar[Literal["at most"]] = "at most"
    IN_RESPONSES: ClassVar[bool] = True
    ARRIVING: ClassVar[bool] = True

    kind: Literal["share_cap"] = "share_cap"
    max_share: Share
    """Share from 0 to 1."""
    of: Literal["supply", "demand"] = "supply"
    """Of what passes the stage, or of the demand of the sites."""
    undisclosed: Literal["counts", "apart"] = "counts"
    """Whether what nobody declared counts against every subject, or is left apart."""

    @property
    def holds_with_less(self) -> bool:
        """Whether its whole is the demand; less supply would make every share of it larger."""
        return self.of == "demand"

    def rows(self, m: Any, here: Any) -> Iterator[RowBatch]:
        """Yield ``held <= level * whole``, in quantity."""
        rows = self.on_model(m, with_undisclosed=self.undisclosed == "counts")
        yield RowBatch(rows.keys, rows.attributed, here.level * share_bases(self, m, rows))

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the share that is attributed to each subject in a plan."""
        for key, periods, subjects in self.by_cell(plan, with_undisclosed=self.undisclosed == "counts"):
            total = share_base(self, plan, key, periods)
            counts = self.undisclosed == "counts" and total > 0
            hidden = total_units(self.undisclosed_in(plan, key, periods)) / total if counts else 0.0
            for who, terms in subjects.items():
                tonnes = sum(amount * weight for weight, amount in terms)
                used = tonnes / total if total > 0 else 0.0
                excess = max(0.0, tonnes - self.max_share * total)
                yield Reading(key.of(who), used, self.max_share, excess, undisclosed=hidden)

    def shuts_out(self, share: float) -> bool:
        """Whether a share is above the level: a mean of such shares is as well."""
        return self.of == "supply" and share > self.max_share + ROUNDING

    def impossible(self, most: Ledger) -> Iterator[str]:
        """Yield that there are too few subjects for shares of this size to add up to the whole."""
        if self.each is None or self.max_share <= 0:
            return
        needed = math.ceil(1 / self.max_share - ROUNDING)
        for key, periods in self.cells(most.exposure.market):
            if not must_be_bought(most, key.material, periods, self.sites):
                continue
            subjects = self.subjects(most, key, periods, with_undisclosed=False)
            able = [who for who, terms in subjects.items() if total_units(terms) > 0]
            free = most.exposure.attribution(most, self.dimension, key.material, key.stage, periods, self.sites).weights
            unheld = {*self.list_exempt(most.exposure.market), UNDISCLOSED}
            if len(able) < needed and unheld.isdisjoint(free):
                yield (
                    f"a cap of {format_percent(self.max_share)} on each {self.each} needs {needed} of them, and "
                    f"{len(able)} can supply {key.stage} {key.material}{in_period(key)}: {', '.join(able) or 'none'}"
                )

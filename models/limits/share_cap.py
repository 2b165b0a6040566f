r"""At most a share of what passes a stage may hang on one country, bloc, company or offer.

Words: of the refined graphite that we buy in 2027, at most 35 % may come from China.

Mathematics, for each material m, stage s, subject k and period (or the horizon) T:

    sum_{i, t in T} w_{iks} q_{it}  +  u_{msT}  <=  level * S_{msT}

| symbol   | meaning                                                            | unit     |
|----------|--------------------------------------------------------------------|----------|
| q_{it}   | quantity bought of offer i in period t                             | quantity |
| w_{iks}  | weight with which a unit of offer i hangs on k at stage s          | 1        |
| u_{msT}  | what hangs on nobody disclosed; 0 with `undisclosed = "apart"`     | quantity |
| S_{msT}  | of = "supply": all that passes the stage; of = "demand": the demand | quantity |

Supply enters by its own total variable, so the level multiplies one column and the row stays
sparse. The share cannot be diluted: the balance of every site is an equality, so nothing is bought
that is not used, stored or left unmet.

>>> ShareCap(name="china", country="China", basis="place", max_share="35%", hard=True).level
0.35
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from models.limits.base import Key, Reading, Row
from models.limits.subject import SubjectLimit
from models.limits.whole import whole
from models.values import Share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.exposure import Ledger


class ShareCap(SubjectLimit):
    """At most `max_share` of supply or demand hangs on the subject."""

    LEVEL = "max_share"
    UNIT: ClassVar[Literal["share"]] = "share"
    SENSE: ClassVar[Literal["at most"]] = "at most"

    kind: Literal["share_cap"] = "share_cap"
    max_share: Share
    """Share from 0 to 1."""
    of: Literal["supply", "demand"] = "supply"
    """Of what passes the stage, or of the demand of the sites."""
    undisclosed: Literal["counts", "apart"] = "counts"
    """Whether what nobody declared counts against every subject, or is left apart."""

    def rows(self, m: Any, level: Any) -> Iterator[Row]:
        """Yield ``exposure <= level * whole``, in quantity."""
        for key, periods in self.cells(m.market):
            total = whole(self, m, key, periods)
            for who, known, unknown in self.subjects(m, key, periods):
                terms = known + unknown if self.undisclosed == "counts" else known
                if terms:
                    yield Row(key._replace(who=who), sum(w * q for w, q in terms), level * total)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the share that hangs on each subject in a plan."""
        for key, periods in self.cells(plan.exposure.market):
            total = whole(self, plan, key, periods)
            for who, known, unknown in self.subjects(plan, key, periods):
                terms = [*known, *(unknown if self.undisclosed == "counts" else [])]
                if not terms:
                    continue
                held = sum(quantity * weight for weight, quantity in terms)
                used = held / total if total > 0 else 0.0
                yield Reading(key._replace(who=who), used, self.max_share, max(0.0, held - self.max_share * total))

r"""Nothing may be bought of which any part is attributed to one country, bloc, company or offer.

Words: no cobalt of which a covered nation owns 25 % or more.

Mathematics, for each material m, stage s, subject k and period (or horizon) T:

    sum_{i in B_{ks}, t in T} q_{it}  <=  level,      B_{ks} = { i : w_{iks} + w_{i,ZZ,s} > 0 and >= from_share }

The whole quantity counts, not the part: an offer is in or out. The level is the quantity that is
let through, 0 unless moved. Other symbols as in `share_cap`.

>>> Ban(name="covered", country="Russia", basis="control", from_share="25%", hard=True).level
0.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from models.limits.contract.limit import Reading, RowBatch, in_period, least_bought
from models.limits.contract.subject import SubjectLimit
from models.records.fields import Room, Share
from models.records.tolerances import ROUNDING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.limits.contract.subject import Terms
    from models.market.exposure import Ledger, UpperBounds


class Ban(SubjectLimit):
    """No more than `max_quantity` (0) of offers that are attributed to the subject."""

    LEVEL: ClassVar[str] = "max_quantity"
    UNIT: ClassVar[Literal["quantity"]] = "quantity"
    SENSE: ClassVar[Literal["at most"]] = "at most"
    IN_RESPONSES: ClassVar[bool] = True

    kind: Literal["ban"] = "ban"
    max_quantity: Room = 0.0
    """Units that are let through."""
    from_share: Share = 0.0
    """Share from which a part counts; 0 = any part."""
    undisclosed: Literal["counts", "apart"] = "counts"
    """Whether what nobody declared is banned too, or is left apart."""

    @property
    def holds_with_less(self) -> bool:
        """Yes: it counts units."""
        return True

    def rows(self, m: Any, here: Any) -> Iterator[RowBatch]:
        """Yield ``quantity of what is banned <= level``."""
        rows = self.on_model(m, with_undisclosed=self.undisclosed == "counts", counts_whole=self.bans)
        yield RowBatch(rows.keys, rows.attributed, here.level)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the quantity of what is banned in a plan."""
        for key, periods, subjects in self.by_cell(plan, with_undisclosed=self.undisclosed == "counts"):
            declared = self.subjects(plan, key, periods, with_undisclosed=False)
            for who, terms in subjects.items():
                used, known = self._banned(terms), self._banned(declared.get(who, []))
                excess = max(0.0, used - self.max_quantity)
                yield Reading(key.of(who), used, self.max_quantity, excess, undisclosed=max(0.0, used - known))

    def _banned(self, terms: Terms) -> float:
        """Return the units of what is banned."""
        return float(sum(units for weight, units in terms if self.bans(weight)))

    def shuts_out(self, share: float) -> bool:
        """Whether a part of this size is banned, as nothing is let through."""
        return self.max_quantity <= 0 and self.bans(share)

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that what is left beside the ban cannot cover the demand."""
        for key, periods, subjects in self.by_cell(most, with_undisclosed=self.undisclosed == "counts"):
            need = least_bought(most, key, periods, self.sites)
            bought = most.exposure.bought(most, key.material, key.stage, periods, self.sites)
            whole = sum(map(sum, bought.values()))
            for who, terms in subjects.items():
                banned = sum(units for weight, units in terms if self.bans(weight))
                left = whole - banned + min(banned, self.max_quantity)
                if left < need * (1 - ROUNDING):
                    most_bought, needed = most.format_quantities(left, need)
                    yield (
                        f"without {who}, at most {most_bought} of {key.stage} {key.material} can be bought"
                        f"{in_period(key)}, and {needed} is needed"
                    )

    def bans(self, weight: float) -> bool:
        """Whether a part of this size counts; shares that add up to the threshold but for rounding do."""
        return weight > 0 and weight >= self.from_share - ROUNDING

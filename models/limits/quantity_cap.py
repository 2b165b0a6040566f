r"""At most a quantity may be attributed to one country, bloc, company or offer.

Words: no more than 5 000 t of cobalt in a period from any one company.

Mathematics, for each material m, stage s, subject k and period (or horizon) T:

    sum_{i, t in T} (w_{iks} + w_{i,ZZ,s}) q_{it}  <=  level

q_{it} is the quantity bought of offer i in period t, at its own stage: ore counts as ore. Weights as in `share_cap`.

>>> QuantityCap(name="any-company", each="company", max_quantity=5000, hard=True).level
5000.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from models.limits.contract.limit import Reading, RowBatch, in_period, least_bought
from models.limits.contract.subject import SubjectLimit, total_units
from models.records.countries import UNDISCLOSED
from models.records.fields import Room
from models.records.tolerances import ROUNDING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market.exposure import Ledger, UpperBounds


class QuantityCap(SubjectLimit):
    """At most `max_quantity` is attributed to the subject."""

    LEVEL: ClassVar[str] = "max_quantity"
    UNIT: ClassVar[Literal["quantity"]] = "quantity"
    SENSE: ClassVar[Literal["at most"]] = "at most"
    IN_RESPONSES: ClassVar[bool] = True

    kind: Literal["quantity_cap"] = "quantity_cap"
    max_quantity: Room
    """Units, within the period or the horizon."""
    undisclosed: Literal["counts", "apart"] = "counts"
    """Whether what nobody declared counts against every subject, or is left apart."""

    @property
    def holds_with_less(self) -> bool:
        """Yes: it counts units."""
        return True

    def rows(self, m: Any, here: Any) -> Iterator[RowBatch]:
        """Yield ``held <= level``, in quantity."""
        rows = self.on_model(m, with_undisclosed=self.undisclosed == "counts")
        yield RowBatch(rows.keys, rows.attributed, here.level)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the quantity that is attributed to each subject in a plan."""
        counts = self.undisclosed == "counts"
        for key, periods, subjects in self.by_cell(plan, with_undisclosed=counts):
            hidden = total_units(self.undisclosed_in(plan, key, periods)) if counts else 0.0
            for who, terms in subjects.items():
                used = float(sum(amount * weight for weight, amount in terms))
                excess = max(0.0, used - self.max_quantity)
                yield Reading(key.of(who), used, self.max_quantity, excess, undisclosed=hidden)

    def shuts_out(self, share: float) -> bool:
        """Whether any share is too much, as nothing is allowed."""
        return self.max_quantity <= 0 and share > ROUNDING

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that all subjects together cannot cover the demand within the cap on each."""
        for key, periods in self.cells(most.exposure.market) if self.each and not (self.exempt or self.outside) else ():
            need = least_bought(most, key, periods, self.sites)
            attribution = most.exposure.attribution(most, self.dimension, key.material, key.stage, periods, self.sites)
            if UNDISCLOSED in attribution.weights:
                continue
            subjects = self.subjects(most, key, periods, with_undisclosed=False)
            together = sum(min(total_units(terms), self.max_quantity) for terms in subjects.values())
            if together < need * (1 - ROUNDING):
                most_bought, needed = most.format_quantities(together, need)
                yield (
                    f"within {most.format_quantities(self.max_quantity)[0]} from each {self.each}, at "
                    f"most {most_bought} of "
                    f"{key.stage} {key.material} can be bought{in_period(key)}, and {needed} is needed"
                )

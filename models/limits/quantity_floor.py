r"""At least a quantity must be attributed to one country, bloc, company or offer.

Words: take at least 2 000 t of refined cobalt in a period from Canada.

Mathematics, for each material m, stage s, subject k and period (or horizon) T:

    level  <=  sum_{i, t in T} w_{iks} q_{it}

Symbols as in `quantity_cap`. What nobody declared never counts towards a floor.

>>> QuantityFloor(name="canada", country="Canada", basis="place", min_quantity=2000, hard=True).level
2000.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from models.limits.contract.limit import Reading, RowBatch, in_period
from models.limits.contract.subject import total_units
from models.limits.contract.subject_floor import SubjectFloor
from models.records.fields import Quantity
from models.records.tolerances import ROUNDING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market.exposure import Ledger, UpperBounds


class QuantityFloor(SubjectFloor):
    """At least `min_quantity` is attributed to the subject."""

    LEVEL: ClassVar[str] = "min_quantity"
    UNIT: ClassVar[Literal["quantity"]] = "quantity"
    SENSE: ClassVar[Literal["at least"]] = "at least"

    kind: Literal["quantity_floor"] = "quantity_floor"
    min_quantity: Quantity
    """Units, within the period or the horizon."""

    def rows(self, m: Any, here: Any) -> Iterator[RowBatch]:
        """Yield ``level <= held``, in quantity."""
        rows = self.on_model(m, with_undisclosed=False)
        yield RowBatch(rows.keys, here.level, rows.attributed)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the quantity that is attributed to each subject in a plan."""
        for key, _, subjects in self.by_cell(plan, with_undisclosed=False):
            for who, terms in subjects.items():
                used = float(sum(amount * weight for weight, amount in terms))
                yield Reading(key.of(who), used, self.min_quantity, max(0.0, self.min_quantity - used))

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that a subject cannot supply as much as it must."""
        for key, _, subjects in self.by_cell(most, with_undisclosed=False):
            for who, terms in subjects.items():
                if total_units(terms) < self.min_quantity * (1 - ROUNDING):
                    most_sold, asked = most.format_quantities(total_units(terms), self.min_quantity)
                    yield (
                        f"{who} can supply at most {most_sold} of {key.stage} {key.material}{in_period(key)}"
                        f", and at least {asked} is asked for"
                    )

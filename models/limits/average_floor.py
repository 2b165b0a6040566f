r"""At least a figure on average: of an attribute of what is bought, weighted by quantity.

Words: the suppliers of our cobalt must score at least 70 of 100 points in due diligence on average.

Mathematics, for each material m and stage s (or all in scope together) and period (or horizon) T:

    level * sum_{i, t in T} q_{it}  <=  sum_{i, t in T} a_i q_{it}

Symbols as in `average_cap`.

>>> AverageFloor(name="diligent", attribute="score", group="each", min_average=70, hard=True).level
70.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from models.limits.contract.attributes import AttributeLimit
from models.limits.contract.limit import Reading, RowBatch, in_period, least_bought
from models.records.fields import Quantity
from models.records.tolerances import ROUNDING
from models.records.wording import format_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market.exposure import Ledger, UpperBounds


class AverageFloor(AttributeLimit):
    """At least `min_average` of an attribute, on average over what is bought."""

    LEVEL: ClassVar[str] = "min_average"
    UNIT: ClassVar[Literal["figure"]] = "figure"
    SENSE: ClassVar[Literal["at least"]] = "at least"
    IN_RESPONSES: ClassVar[bool] = True
    REPAIR: ClassVar[str] = "ask for {new} on average over {what} instead of {old}"

    kind: Literal["average_floor"] = "average_floor"
    min_average: Quantity
    """In the attribute's own unit, per unit of the material's own basis."""

    def excess_unit(self, mass: str, currency: str) -> str:
        """Return the unit of the rows: attribute times quantity."""
        return f"{self.unit(mass, currency)} x {mass}"

    def rows(self, m: Any, here: Any) -> Iterator[RowBatch]:
        """Yield ``level * bought <= sum of figures``, in attribute times quantity."""
        keys, figures, bought = self.on_model(m)
        yield RowBatch(keys, here.level * bought, figures)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the average of what a plan buys; where nothing is bought, the level counts as met."""
        for key, sold in self.sold(plan):
            bought = figures = 0.0
            for offer, units in sold:
                bought += units
                figures += units * offer.attributes[self.attribute]
            used = figures / bought if bought > 0 else self.min_average
            excess = max(0.0, self.min_average * bought - figures)
            yield Reading(key, used, self.min_average, excess, idle=bought <= 0)

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that even the best mix of what can be bought is below the level on average."""
        for key, sold in self.sold(most) if self.group == "each" else ():
            periods = (key.period,) if key.period else tuple(filter(self.counts_in, most.exposure.market.years))
            figures, units = self.extreme(sold, least_bought(most, key, periods, self.sites), highest=True)
            if units and figures < self.min_average * units * (1 - ROUNDING):
                needed = most.format_quantities(units)[0]
                what = f"the {needed} of {key.stage} {key.material} that must be bought{in_period(key)}"
                best, asked = format_apart(figures / units, self.min_average)
                yield f"{what} have at most {best} {self.attribute} on average, and {asked} is asked for"

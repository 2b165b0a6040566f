r"""At most a figure on average: of an attribute of what is bought, weighted by quantity.

Words: the refined lithium bought in a year may carry no more than 9 t of CO2 a tonne on average.

Mathematics, for each material m and stage s (or all in scope together) and period (or horizon) T:

    sum_{i, t in T} a_i q_{it}  <=  level * sum_{i, t in T} q_{it}

| symbol | meaning                                                       | unit                   |
|--------|---------------------------------------------------------------|------------------------|
| q_{it} | quantity bought of offer i, which is sold at stage s          | quantity               |
| a_i    | attribute of offer i, per unit of the material's own basis    | the attribute's        |

The excess of a row is in attribute times quantity: a penalty is charged per t of CO2 too much, not
per t of CO2 a tonne.

>>> AverageCap(name="clean", attribute="co2", group="each", max_average=9, hard=True).level
9.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from models.limits.contract.attributes import AttributeLimit
from models.limits.contract.limit import Reading, RowBatch, in_period, least_bought
from models.records.fields import Room
from models.records.tolerances import ROUNDING
from models.records.wording import format_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market.exposure import Ledger, UpperBounds


class AverageCap(AttributeLimit):
    """At most `max_average` of an attribute, on average over what is bought."""

    LEVEL: ClassVar[str] = "max_average"
    UNIT: ClassVar[Literal["figure"]] = "figure"
    SENSE: ClassVar[Literal["at most"]] = "at most"
    IN_RESPONSES: ClassVar[bool] = True
    REPAIR: ClassVar[str] = "allow {new} on average over {what} instead of {old}"

    kind: Literal["average_cap"] = "average_cap"
    max_average: Room
    """In the attribute's own unit, per unit of the material's own basis."""

    def excess_unit(self, mass: str, currency: str) -> str:
        """Return the unit of the rows: attribute times quantity."""
        return f"{self.unit(mass, currency)} x {mass}"

    def rows(self, m: Any, here: Any) -> Iterator[RowBatch]:
        """Yield ``sum of figures <= level * bought``, in attribute times quantity."""
        keys, figures, bought = self.on_model(m)
        yield RowBatch(keys, figures, here.level * bought)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the average of what a plan buys; where nothing is bought, nothing is used of the level."""
        for key, sold in self.sold(plan):
            bought = figures = 0.0
            for offer, units in sold:
                bought += units
                figures += units * offer.attributes[self.attribute]
            used = figures / bought if bought > 0 else 0.0
            yield Reading(key, used, self.max_average, max(0.0, figures - self.max_average * bought))

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that even the best mix of what can be bought is above the level on average."""
        for key, sold in self.sold(most) if self.group == "each" else ():
            periods = (key.period,) if key.period else tuple(filter(self.counts_in, most.exposure.market.years))
            figures, units = self.extreme(sold, least_bought(most, key, periods, self.sites), highest=False)
            if units and figures > self.max_average * units * (1 + ROUNDING):
                needed = most.format_quantities(units)[0]
                what = f"the {needed} of {key.stage} {key.material} that must be bought{in_period(key)}"
                least, most_allowed = format_apart(figures / units, self.max_average)
                yield f"{what} have at least {least} {self.attribute} on average, and {most_allowed} is allowed"

r"""At most a figure in total: of an attribute, added up over all that is bought.

Words: the materials bought in a year may carry no more than 250 000 t of CO2.

Mathematics, for each material m and stage s (or all in scope together) and period (or horizon) T:

    sum_{i, t in T} a_i q_{it}  <=  level

Symbols as in `average_cap`. A score does not add up and has no total.

>>> TotalCap(name="carbon", attribute="co2", group="total", max_total=250e3, hard=True).level
250000.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from models.limits.contract.attributes import AttributeLimit
from models.limits.contract.limit import Key, Reading, RowBatch, in_period, least_bought
from models.records.fields import Room
from models.records.tolerances import ROUNDING
from models.records.wording import format_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Market
    from models.market.exposure import Ledger, UpperBounds


class TotalCap(AttributeLimit):
    """At most `max_total` of an attribute, over all that is bought."""

    LEVEL: ClassVar[str] = "max_total"
    UNIT: ClassVar[Literal["figure"]] = "figure"
    SENSE: ClassVar[Literal["at most"]] = "at most"
    IN_RESPONSES: ClassVar[bool] = True
    REPAIR: ClassVar[str] = "allow {new} over {what} instead of {old}"

    kind: Literal["total_cap"] = "total_cap"
    max_total: Room
    """In the attribute's own unit (t of CO2), within the period or the horizon."""

    def rows(self, m: Any, here: Any) -> Iterator[RowBatch]:
        """Yield ``sum of figures <= level``, in the attribute's own unit."""
        keys, figures, _ = self.on_model(m)
        yield RowBatch(keys, figures, here.level)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the figure of all that a plan buys."""
        for key, sold in self.sold(plan):
            used = 0.0
            for offer, units in sold:
                used += units * offer.attributes[self.attribute]
            yield Reading(key, used, self.max_total, max(0.0, used - self.max_total))

    def impossible(self, most: UpperBounds) -> Iterator[str]:
        """Yield that what must be bought carries more than the level, however it is mixed."""
        needed: dict[Key, tuple[float, float]] = {}
        for key, sold in self.by_cell(most):
            if any(offer.attributes[self.attribute] < 0 for offer, _ in sold):
                return
            periods = (key.period,) if key.period else tuple(filter(self.counts_in, most.exposure.market.years))
            figures, units = self.extreme(sold, least_bought(most, key, periods, self.sites), highest=False)
            before = needed.get(self.group_of(key), (0.0, 0.0))
            needed[self.group_of(key)] = (before[0] + figures, before[1] + units)
        for key, (figures, units) in needed.items():
            if figures > self.max_total * (1 + ROUNDING):
                what = (
                    f"the {most.format_quantities(units)[0]} of {key.stage} {key.material}"
                    if key.material
                    else f"the {most.format_quantities(units)[0]}"
                )
                least, allowed = format_apart(figures, self.max_total)
                yield (
                    f"{what} that must be bought{in_period(key)} have at least {least} {self.attribute}, and "
                    f"{allowed} is allowed"
                )

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for every name that the market does not know, and that a score has no total."""
        yield from super().problems(market)
        if self.attribute in market.scores:
            yield (
                f"attribute: {self.attribute!r} is one of the scores, which do not add up; ask for an average_cap, or "
                "take it out of `scores` in the header"
            )

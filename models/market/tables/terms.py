"""Terms of offers that differ in a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from models.market.tables.record import Record
from models.records.fields import Name, Number, Quantity, Room

if TYPE_CHECKING:
    from collections.abc import Iterator


class Terms(Record):
    """What an offer asks and has in one period where that differs; an empty cell is as the offer says.

    Figures are in the basis and the currency of the offer. Ramping up, lead times, duties and law hold as in any
    period.
    """

    KEY = ("offer", "period")
    ONE = "row of terms"
    REFERS: ClassVar = {"offer": "offers", "period": "periods"}
    PART = ("offer",)
    AMOUNTS = ("capacity", "minimum_take")
    UNIT_PRICES = ("price",)
    DIFFERS: ClassVar = ("price", "capacity", "minimum_take")
    """Columns of what may differ from the offer."""

    offer: Name
    period: Name
    price: Number | None = None
    """Currency per unit in the period. Tiers of the offer move in the same proportion."""
    capacity: Room | None = None
    """Units per year at most in the period; 0 = nothing is sold in it."""
    minimum_take: Quantity | None = None
    """Units per year that must be taken in the period, once signed. Of a smaller capacity that is stated here, and no
    take, no more than there is."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield that the row says nothing."""
        if all(getattr(self, column) is None for column in self.DIFFERS):
            yield "price", "nothing differs in the period; fill price, capacity or minimum_take, or remove the row"

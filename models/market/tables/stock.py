"""Room for materials at sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from models.market.tables.record import Record
from models.records.fields import Name, Quantity, Room
from models.records.wording import format_exactly

if TYPE_CHECKING:
    from collections.abc import Iterator


class Stock(Record):
    """Room for a material at a site."""

    KEY = ("site", "material")
    REFERS: ClassVar = {"site": "sites", "material": "materials"}
    PART = ("material",)

    site: Name
    material: Name
    opening: Quantity = 0.0
    closing_minimum: Quantity = 0.0
    capacity: Room
    """Units that fit."""
    holding_cost: Quantity = 0.0
    """Currency per unit that lies there for a year, counted at the end of each period."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield what does not fit into the room."""
        for column in ("opening", "closing_minimum"):
            if getattr(self, column) > self.capacity:
                yield (
                    column,
                    (
                        f"{format_exactly(getattr(self, column))} is above the capacity of "
                        f"{format_exactly(self.capacity)}; lower it"
                    ),
                )

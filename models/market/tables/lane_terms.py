"""Terms of lanes and corridors that differ in a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from models.market.tables.record import Record
from models.records.fields import Name, Quantity, Room

if TYPE_CHECKING:
    from collections.abc import Iterator


class LaneTerms(Record):
    """What a lane or a corridor costs and carries in one period where that differs; an empty cell is as it says itself.

    The period is that in which units leave.
    """

    KEY = ("origin", "destination", "corridor", "period")
    ONE = "row of lane_terms"
    REFERS: ClassVar = {
        "origin": "offers",
        "destination": "offers and sites",
        "corridor": "corridors",
        "period": "periods",
    }
    PART = ("origin", "corridor")
    DIFFERS: ClassVar = ("freight", "capacity")
    """Columns of what may differ from the lane or the corridor."""

    origin: Name | None = None
    destination: Name | None = None
    """With the origin: a lane that stands in `lanes`."""
    corridor: Name | None = None
    """Instead of the two: a corridor, with all its lanes."""
    period: Name
    freight: Quantity | None = None
    """Currency of the lane per unit; of a lane alone."""
    capacity: Room | None = None
    """Units per year; 0 = nothing passes. Where a minimum is above it, no more than this must pass."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield that the row is of no lane and no corridor, or of both, and that it says nothing."""
        lane = (self.origin is None, self.destination is None)
        if (self.corridor is None and any(lane)) or (self.corridor is not None and not all(lane)):
            yield "origin", "a row speaks of a lane or of a corridor; fill in origin and destination, or corridor alone"
        elif self.freight is None and self.capacity is None:
            yield "capacity", "nothing differs in the period; fill freight or capacity, or remove the row"
        elif self.corridor is not None and self.freight is not None:
            yield "freight", "a corridor has no freight of its own; write it for its lanes, or leave it empty"

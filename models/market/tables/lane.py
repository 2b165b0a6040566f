"""Lanes, and the corridors that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from models.market.tables.record import Record
from models.records.fields import Count, Name, Quantity, Room
from models.records.wording import format_exactly

if TYPE_CHECKING:
    from collections.abc import Iterator


class Lane(Record):
    """A way from an offer to an offer of the next stage, or to a site."""

    KEY = ("origin", "destination")
    ONE = "lane"
    REFERS: ClassVar = {
        "origin": "offers",
        "destination": "offers and sites",
        "corridor": "corridors",
        "currency": "currencies",
    }
    PART = ("origin",)

    origin: Name
    destination: Name
    freight: Quantity = 0.0
    """Currency per unit; in a file ``sea`` [estimates](instance.md#freight-by-sea) it between two ports, and
    marks it as assumed."""
    from_port: Name | None = None
    """Port of loading, by UN/LOCODE or name as in the [reference data](data.md): ``AUFRE``, ``Fremantle``."""
    to_port: Name | None = None
    """Port of discharge."""
    capacity: Room | None = None
    """Units per year; empty = as much as the ends take. Where controls close it on some days, for the other days."""
    fixed_cost: Quantity = 0.0
    """Currency in every period in which the lane is used."""
    minimum: Quantity = 0.0
    """Units per year at least, in every period in which the lane is used, for the days on which none closes it."""
    lead_time: Count = 0
    """Periods between leaving and arriving."""
    lead_time_days: Count | None = None
    """Days between leaving and arriving, in place of `lead_time`: what leaves in a period arrives in that in which so
    many days after its last day lie: [they are rounded up to whole periods](instance.md#lead-times)."""
    corridor: Name | None = None
    """Lanes of one corridor share its terms."""
    currency: Name | None = None
    """The [currency](units.md#currencies) of freight and fixed cost, when it is not the instance's."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield that no use of the lane can keep its terms, and that it has a lead time twice."""
        if self.lead_time and self.lead_time_days is not None:
            yield "lead_time_days", "lead_time says it in periods; leave one of the two empty"
        if self.capacity is not None and self.minimum > self.capacity:
            yield (
                "minimum",
                (
                    f"{format_exactly(self.minimum)} is above the lane's capacity of "
                    f"{format_exactly(self.capacity)}; lower it"
                ),
            )


class Corridor(Record):
    """Terms that several lanes share: a berth, a charter, a border crossing."""

    KEY = ("corridor",)
    ONE = "corridor"
    NAMES: ClassVar = {"corridor": "corridors"}
    REFERS: ClassVar = {"currency": "currencies"}
    PART = ("corridor",)

    corridor: Name
    capacity: Room | None = None
    """Units per year over all its lanes."""
    fixed_cost: Quantity = 0.0
    """Currency in every period in which any of its lanes is used."""
    minimum: Quantity = 0.0
    """Units per year at least over all its lanes, in every period in which it is used."""
    currency: Name | None = None
    """The [currency](units.md#currencies) of the fixed cost, when it is not the instance's."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield that no use of the corridor can keep its terms."""
        if self.capacity is not None and self.minimum > self.capacity:
            yield (
                "minimum",
                (
                    f"{format_exactly(self.minimum)} is above the corridor's capacity of "
                    f"{format_exactly(self.capacity)}; lower it"
                ),
            )

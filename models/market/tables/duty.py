"""Duties."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from models.market.tables.record import Record
from models.records.fields import Country, Day, Name, Rate
from models.records.validity import reversed_dates

if TYPE_CHECKING:
    from collections.abc import Iterator


class Duty(Record):
    """A charge on what crosses from one country into another; duties that meet add up."""

    KEY = ("duty", "material", "stage", "from_country", "to_country", "valid_from")
    ONE = "duty"
    NAMES: ClassVar = {"duty": "duties"}
    REFERS: ClassVar = {"material": "materials", "stage": "stages"}
    PART = ("material",)

    duty: Name
    """What it is called, such as ``Section 301``."""
    material: Name
    stage: Name
    from_country: Country | None = None
    """Empty = from any other country."""
    to_country: Country
    rate: Rate
    """Share of the customs value; above 100 % it is written as text: "250%"."""
    valid_from: Day | None = None
    valid_to: Day | None = None
    """The last day on which it holds."""
    suspended_from: Day | None = None
    suspended_to: Day | None = None
    """The last day of the suspension; without suspended_from it is suspended from the beginning."""
    known_from: Day | None = None
    """The first day on which it could be known; empty = it always was. Before that day there is no such duty."""
    looked_at: Day | None = None
    """The day on which somebody last looked at the source; empty = not known."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield each last day that lies before its first."""
        yield from reversed_dates(self)

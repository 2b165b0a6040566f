"""Export controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import BeforeValidator

from models.market.tables.record import Record
from models.records.fields import Country, Day, Name
from models.records.validity import reversed_dates
from models.records.wording import quote

if TYPE_CHECKING:
    from collections.abc import Iterator


def _read_effect(value: object) -> object:
    if isinstance(value, str) and value.strip().lower() == "quota":
        msg = f'{quote(value)} is a limit and no control; write a limit of kind "quota" instead of this row'
        raise ValueError(msg)
    return value


class Control(Record):
    """An export control: what it closes no lane carries out of a country on its days; what needs a licence is told."""

    KEY = ("control", "material", "stage", "from_country", "to_country", "valid_from")
    ONE = "control"
    NAMES: ClassVar = {"control": "controls"}
    REFERS: ClassVar = {"material": "materials", "stage": "stages"}
    PART = ("material",)

    control: Name
    """What it is called, such as ``MOFCOM 46/2024``."""
    material: Name
    stage: Name
    from_country: Country
    to_country: Country | None = None
    """Empty = to any other country; lanes inside a country stay open."""
    effect: Annotated[Literal["closed", "licence"], BeforeValidator(_read_effect)]
    """Closed: no lane carries it on those days. Licence: a plan that uses such lanes says so."""
    valid_from: Day | None = None
    valid_to: Day | None = None
    """The last day on which it holds."""
    suspended_from: Day | None = None
    suspended_to: Day | None = None
    """The last day of the suspension; without suspended_from it is suspended from the beginning."""
    known_from: Day | None = None
    """The first day on which it could be known; empty = it always was. Before that day there is no such control."""
    looked_at: Day | None = None
    """The day on which somebody last looked at the source; empty = not known."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield each last day that lies before its first, and a border that is none."""
        yield from reversed_dates(self)
        if self.from_country == self.to_country:
            message = f"{self.to_country} is the country itself, in which lanes stay open; write another or none"
            yield "to_country", message

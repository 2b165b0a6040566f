"""Scenarios, and the shocks that they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from models.market.tables.record import Record
from models.records.fields import Name, PositiveCount, Share, Text
from models.records.wording import join_change

if TYPE_CHECKING:
    from collections.abc import Iterator


CALM = "calm"
"""What the tables of a plan call the case in which nothing happens."""


class StatedScenario(Record):
    """What may happen, once and from one period on; what of the probability is left over is the calm."""

    KEY = ("scenario",)
    ONE = "scenario"
    NAMES: ClassVar = {"scenario": "scenarios"}
    REFERS: ClassVar = {"begins": "periods"}
    WHOLE = True

    scenario: Name
    probability: Share
    """That it happens within the horizon. Scenarios exclude each other; together they make 1 at most."""
    begins: Name
    """The period in which all its shocks begin. Before it nobody knows of them."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield that a scenario is called as the case in which none happens."""
        yield from super().faults()
        if self.scenario == CALM:
            yield "scenario", f"{CALM!r} is what a plan calls the case in which nothing happens; take another name"


class Event(Record):
    """A change of facts from the period in which it begins; `Shock` and `Hazard` say of what."""

    what: Text
    """A [change](changes.md) without its value, as in a CSV of cases: ``capacity graphite@CN``; or a case of the
    header: ``case china-stops``. A price, a capacity, a minimum take, demand, a lane, freight, a duty or law."""
    value: Text | None = None
    """The value of the change: ``0``, ``x0.6``, ``+20%``; empty where `what` says it all."""
    lasts: PositiveCount | None = None
    """Periods; empty = to the end of the horizon."""
    of: Literal["capacity"] | None = None
    """A change of capacity leaves as much of what was ordered as it leaves of the capacity, whoever ordered it;
    ``capacity`` = it leaves all that was ordered, as far as the capacity that is left can give it."""

    @property
    def text(self) -> str:
        """The change as a flag would say it."""
        return join_change(self.what, self.value)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield that `of` is said of what has no orders."""
        if self.of is not None and self.what.split(maxsplit=1)[0] not in {"capacity", "case"}:
            yield "of", "only a change of capacity leaves orders or not; leave it empty"


class _OfScenario(Record):
    """The first columns of a shock, which stand before those of what happens."""

    scenario: Name


class Shock(Event, _OfScenario):
    """One change of a scenario; shocks of one scenario begin together and are made in their order."""

    KEY = ("scenario", "what", "value", "lasts")
    ONE = "shock"
    REFERS: ClassVar = {"scenario": "scenarios"}
    WHOLE = True
    SORTED = False


class _OfHazard(Record):
    """The first columns of a hazard."""

    hazard: Name
    chance: Share
    """That it strikes in this way within a year, if nothing else does; 0 = never, 1 would be certain."""


class Hazard(Event, _OfHazard):
    """One way in which a hazard may strike: each period may be the one in which it begins.

    Rows of one hazard are different ways of it, each with its own chance; what strikes together is a case. The plan
    looks at the first strike within the horizon.
    """

    KEY = ("hazard", "what", "value", "lasts")
    ONE = "hazard"
    NAMES: ClassVar = {"hazard": "hazards"}
    WHOLE = True

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield what is certain as well."""
        yield from super().faults()
        if self.chance == 1:
            yield "chance", "1 is certain to strike within a year; write less, or a scenario with its probability"

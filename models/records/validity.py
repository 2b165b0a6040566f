"""Facts with dates, such as duties and export controls: whether they are in force on a day, and since when."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

Date = datetime.date | None


class Dated(Protocol):
    """What holds from one day to another, but for a suspension; both include their last day, and no day is no end."""

    @property
    def valid_from(self) -> Date:
        """The first day."""

    @property
    def valid_to(self) -> Date:
        """The last day."""

    @property
    def suspended_from(self) -> Date:
        """The first day of the suspension."""

    @property
    def suspended_to(self) -> Date:
        """The last day of the suspension."""


DATES = ("valid_from", "valid_to", "suspended_from", "suspended_to")


def in_force(fact: Dated, day: datetime.date) -> bool:
    """Whether a fact holds on a day."""
    suspension = (fact.suspended_from, fact.suspended_to)
    suspended = any(suspension) and _within(day, *suspension)
    return _within(day, fact.valid_from, fact.valid_to) and not suspended


def in_force_since(fact: Dated, day: datetime.date) -> Date:
    """Return the day from which a fact that holds on `day` has done so; None = as long as anybody says."""
    over = fact.suspended_to is not None and fact.suspended_to < day
    resumed = fact.suspended_to + datetime.timedelta(days=1) if fact.suspended_to is not None and over else None
    return max((start for start in (fact.valid_from, resumed) if start is not None), default=None)


def reversed_dates(fact: Dated) -> Iterator[tuple[str, str]]:
    """Yield (name of the last day, sentence) where a last day lies before its first."""
    for first, last in (("valid_from", "valid_to"), ("suspended_from", "suspended_to")):
        start, end = getattr(fact, first), getattr(fact, last)
        if start and end and end < start:
            yield last, f"{end} lies before {first} {start}; exchange them"


def _within(day: datetime.date, first: Date, last: Date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)

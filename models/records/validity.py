"""Facts with dates: the days on which one holds, as far as it is known by then."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Date = datetime.date | None
_DAY = datetime.timedelta(days=1)


class Span(NamedTuple):
    """Days that follow each other, from the first to the last; both are counted."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> int:
        """How many days these are: one where the first is the last."""
        return (self.last - self.first).days + 1


ALWAYS = Span(datetime.date.min, datetime.date.max)
"""Every day of the calendar."""


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

    @property
    def known_from(self) -> Date:
        """The first day on which anybody could know of it; none = it always was known."""


DATES = ("valid_from", "valid_to", "suspended_from", "suspended_to")


def is_known(known_from: Date, day: datetime.date) -> bool:
    """Whether what became known on one day is known on another; what has no such day always was."""
    return known_from is None or known_from <= day


def list_spans(first: Date, last: Date, pauses: Iterable[tuple[Date, Date]] = ()) -> tuple[Span, ...]:
    """Return the days from a first to a last one, but for pauses; no day is no end, and all last days are counted.

    The spans are in order, and a day at least lies between two of them.

    >>> [str(day) for day in list_spans(datetime.date(2027, 1, 1), None, [(None, datetime.date(2027, 3, 31))])[0]]
    ['2027-04-01', '9999-12-31']
    """
    begins, ends = first or ALWAYS.first, last or ALWAYS.last
    left = [Span(begins, ends)] if begins <= ends else []
    for start, end in pauses:
        pause = Span(start or ALWAYS.first, end or ALWAYS.last)
        left = [span for one in left for span in _without(one, pause)]
    return tuple(left)


def _without(span: Span, pause: Span) -> Iterator[Span]:
    if pause.last < span.first or span.last < pause.first:
        yield span
        return
    if span.first < pause.first:
        yield Span(span.first, pause.first - _DAY)
    if pause.last < span.last:
        yield Span(pause.last + _DAY, span.last)


def spans_of(fact: Dated, known_on: datetime.date) -> tuple[Span, ...]:
    """Return the days on which a fact holds, as it is known on a day; none of what was not known by then."""
    if not is_known(fact.known_from, known_on):
        return ()
    pause = (fact.suspended_from, fact.suspended_to)
    return list_spans(fact.valid_from, fact.valid_to, [pause] if any(pause) else [])


def unite(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same days as spans in order, with a day at least between two of them."""
    united: list[Span] = []
    for span in sorted(spans):
        if united and (united[-1].last == ALWAYS.last or span.first <= united[-1].last + _DAY):
            united[-1] = Span(united[-1].first, max(united[-1].last, span.last))
        else:
            united.append(span)
    return tuple(united)


def clip(spans: Iterable[Span], within: Span) -> list[Span]:
    """Return the days of spans that lie within others."""
    both = (Span(max(span.first, within.first), min(span.last, within.last)) for span in spans)
    return [span for span in both if span.first <= span.last]


def count_days(spans: Iterable[Span], within: Span) -> int:
    """Return how many days of `within` lie in spans, no two of which share a day."""
    return sum(span.days for span in clip(spans, within))


def in_force(fact: Dated, day: datetime.date) -> bool:
    """Whether a fact holds on a day, whenever it became known."""
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

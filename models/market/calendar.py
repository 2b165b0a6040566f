"""The days of the periods of an instance that says on which day its horizon starts.

Periods follow each other from the start. With Y the years from the start to the end of a period, the next one begins

    12 * Y whole              so many months after the start
    12 * (Y - Y_j) whole      so many months after the day on which the period behind j begins, the first such
    neither                   round(365.25 * (Y - Y_0)) days after the last beginning whole months after the start

Months are counted from one day, so nothing drifts: a month after the 31st of January is the last day of February, and
two months after it the 31st of March. The year from 2028-01-01 on has 366 days. Whole is what is whole to a thousandth
of a month, so 0.083333 years are a month.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from calendar import monthrange
from itertools import pairwise
from typing import TYPE_CHECKING

from models.records.validity import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MONTHS = 12
_DAYS = 365.25
"""Of a year, on the mean."""
_WHOLE = 1e-3
_DAY = datetime.timedelta(days=1)

Calendar = dict[str, Span]
"""The first and the last day of each period, both counted, by its name, in order."""


def lay_periods(start: datetime.date, years: Mapping[str, float]) -> Calendar:
    """Return the days of periods, given by name with their lengths in years, that follow each other from a day on."""
    days = list_beginnings(start, years.values())
    return {name: Span(first, after - _DAY) for name, (first, after) in zip(years, pairwise(days), strict=True)}


def count_periods(calendar: Calendar, days: int) -> tuple[int, ...]:
    """Return how many periods after each period that one is in which so many days after its last day lie.

    Beyond the last period it is as many as lead just out of the horizon.
    """
    ends = [span.last.toordinal() for span in calendar.values()]
    return tuple(bisect_left(ends, end + days) - place for place, end in enumerate(ends))


def list_beginnings(start: datetime.date, lengths: Iterable[float]) -> list[datetime.date]:
    """Return the first day of each of some periods, given by their lengths in years, and the day after the last.

    Raises:
        OverflowError: where one lies beyond the calendar.
    """
    days, years, whole = [start], [0.0], 0
    for length in lengths:
        total = years[-1] + length
        months = [_count_months(total - since) for since in years]
        known = next((place for place, count in enumerate(months) if count), None)
        if known is None:
            days.append(days[whole] + datetime.timedelta(days=round(_DAYS * (total - years[whole]))))
        else:
            days.append(add_months(days[known], months[known]))
        years.append(total)
        if known == 0:
            whole = len(days) - 1
    return days


def _count_months(years: float) -> int:
    """Return how many months so many years are; 0 where that is no whole number."""
    months = _MONTHS * years
    return round(months) if abs(months - round(months)) <= _WHOLE else 0


def add_months(day: datetime.date, months: int) -> datetime.date:
    """Return the day so many months after another: the last of its month where that is shorter.

    >>> add_months(datetime.date(2027, 10, 31), 4)
    datetime.date(2028, 2, 29)

    Raises:
        OverflowError: where it lies beyond the calendar.
    """
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year = day.year + years
    if year > datetime.MAXYEAR:
        msg = f"lies beyond {datetime.date.max}"
        raise OverflowError(msg)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))

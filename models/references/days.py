"""Days: periods that follow each other from a start must each have one, within the calendar."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from models.market.calendar import list_beginnings
from models.references.tables import Problem, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator


def calendar_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every period without a day, and a horizon that the calendar does not hold."""
    if tables.start is None:
        return
    try:
        days = list_beginnings(tables.start, [period.years for period in tables.periods])
    except OverflowError:
        message = (
            f"the periods from {tables.start} on end after {datetime.date.max}, the last day of the calendar; "
            "write an earlier day, or shorter periods"
        )
        yield Problem("start", None, None, message)
        return
    for number, (first, after) in enumerate(pairwise(days)):
        if after <= first:
            message = f"{tables.periods[number].years:g} years from {first} on are less than a day; write more"
            yield Problem("periods", number, "years", message)

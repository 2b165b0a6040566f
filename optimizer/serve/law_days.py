"""The days on which the law that an instance names becomes another, as the day moves whose knowledge counts."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from models.policies import choose_measures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.instance import Instance
    from models.market import Control, Duty
    from models.policies import Measure
    from models.records.validity import Date

_DAY = datetime.timedelta(days=1)


def list_law_days(instance: Instance) -> list[datetime.date]:
    """Return the days, in order, that a reader may want to stand at.

    In an instance with a `start`, law is looked up in the days of its periods, and only what is known by when counts;
    in any other the day that moves is that of the law too.
    """
    market = instance.market
    measures = [measure for policy in instance.policies for measure in choose_measures(policy)]
    rows: list[Duty | Control] = [*market.duties, *market.controls]
    known = [row.known_from for row in rows] + [measure.known_from for measure in measures]
    known += [suspension.known_from for measure in measures for suspension in measure.suspended]
    if market.start is None:
        known += [day for measure in measures for day in _of_measure(measure)]
        known += [day for row in rows for day in _of_row(row)]
    return sorted({day for day in known if day is not None})


def _of_measure(measure: Measure) -> Iterator[Date]:
    yield from (measure.valid_from, _after(measure.valid_to), *(measure.levels or ()))
    for suspension in measure.suspended:
        yield from (suspension.from_day, _after(suspension.to_day))


def _of_row(row: Duty | Control) -> Iterator[Date]:
    yield from (row.valid_from, _after(row.valid_to), row.suspended_from, _after(row.suspended_to))


def _after(last: Date) -> Date:
    """Return the day after a last day."""
    return None if last is None or last == datetime.date.max else last + _DAY

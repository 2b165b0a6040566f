"""Blocs of the reference data: who was a member on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.data.tables import Membership, read_rows

if TYPE_CHECKING:
    import datetime


def members_of(bloc: str, day: datetime.date) -> tuple[str, ...] | None:
    """Return the codes of the members of a bloc on a day, in the order of the alphabet; None where it is not known.

    The first day of a year stands for a membership of which only the year is known.

    >>> import datetime
    >>> len(members_of("eu", datetime.date(2020, 1, 31))), len(members_of("EU", datetime.date(2020, 2, 1)))
    (28, 27)
    """
    rows = [row for row in read_rows(Membership) if row.bloc.casefold() == bloc.strip().casefold()]
    if not rows:
        return None
    return tuple(sorted(row.country for row in rows if _is_member(row, day)))


def _is_member(row: Membership, day: datetime.date) -> bool:
    since = row.since if "-" in row.since else f"{row.since}-01-01"
    return since <= day.isoformat() and (not row.until or day.isoformat() <= row.until)

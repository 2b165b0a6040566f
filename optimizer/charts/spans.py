"""Days on which measures hold, along one line of time, with the day on which they are looked up."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optimizer.charts.markup import at, name, text, typeset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.records.validity import Span

_TALL = 11
_BEFORE, _AFTER = 6, 6
"""Years before and after the day that are drawn at most."""


@dataclass(frozen=True)
class Held:
    """What holds on some days."""

    name: str
    said: str
    """What it is, or how it stands."""
    spans: Sequence[Span]
    sure: bool = True
    """Whether somebody has seen the text that says so."""


def draw_spans(heading: str, rows: Sequence[Held], day: datetime.date, until: datetime.date | None = None) -> str:
    """Return a row for each, drawn from some years before the day to some years after it, or `until` a later one.

    `heading` says what is said of each.
    """
    if not rows:
        return ""
    first, last = _ends(rows, day, max(until or day, day))
    width = max((last - first).days, 1)
    body = "".join(_row(one, first, width, day) for one in rows)
    unsure = "" if all(one.sure for one in rows) else " Hollow: nobody has seen the text that says so."
    return (
        '<table class="spans"><caption>Days on which each holds</caption><thead><tr><th scope="col"></th>'
        f'<th scope="col">{first} to {last}</th><th scope="col">{text(heading)}</th></tr></thead>'
        f"<tbody>{body}</tbody></table><p>The stroke is {day}.{unsure}</p>"
    )


def _ends(rows: Sequence[Held], day: datetime.date, until: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day that are drawn: whole years."""
    years = [end.year for row in rows for span in row.spans for end in (span.first, span.last)]
    first = min((year for year in years if day.year - _BEFORE <= year), default=day.year)
    last = max((year for year in years if year <= day.year + _AFTER), default=day.year)
    return datetime.date(min(first, day.year - 1), 1, 1), datetime.date(max(last, until.year, day.year + 1), 12, 31)


def _row(one: Held, first: datetime.date, width: int, day: datetime.date) -> str:
    kind = "price" if one.sure else "hollow price"
    marks = []
    for span in one.spans:
        begin, end = _part(span.first, first, width), _part(span.last, first, width)
        if end > begin:
            marks.append(f'<rect class="{kind}" x="{at(begin)}" width="{at(end - begin)}" height="{_TALL}"/>')
    today = at(_part(day, first, width))
    stroke = f'<line class="tick reached" x1="{today}" x2="{today}" y1="-2" y2="{_TALL + 2}" stroke-width="2"/>'
    drawn = f'<svg class="bar" width="100%" height="{_TALL}" aria-hidden="true">{"".join(marks)}{stroke}</svg>'
    return f'<tr><th scope="row">{name(one.name)}</th><td>{drawn}</td><td>{typeset(text(one.said))}</td></tr>'


def _part(day: datetime.date, first: datetime.date, width: int) -> float:
    return min(max((day - first).days / width, 0.0), 1.0)

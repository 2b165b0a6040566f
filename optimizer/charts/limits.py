"""The limits that a plan uses up: a row for each, with what binds of it; for plans whose limits have no prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.wording import format_count, list_some
from optimizer.charts.markup import level, name, number, text
from optimizer.charts.shown import figure, said

if TYPE_CHECKING:
    from optimizer.charts.shown import Row, ShownPlan


def draw_binding(plan: ShownPlan) -> str:
    """Return a row for each limit that binds, and a sentence about those that do not."""
    rows: dict[str, list[Row]] = {}
    names: dict[str, None] = {}
    for row in plan.rows("limits"):
        if said(row, "firm") == "watched":
            continue
        names[said(row, "limit")] = None
        if said(row, "binding") == "yes":
            rows.setdefault(said(row, "limit"), []).append(row)
    free = [limit for limit in names if limit not in rows]
    rest = f"<p>Not binding: {', '.join(map(name, free))}.</p>" if free else ""
    if not names:
        return "<p>The instance has no limits.</p>"
    if not rows:
        return f"<p>No limit binds (of {len(names)}).</p>"
    body = "".join(
        f'<tr><th scope="row">{name(limit)}<small>{_where(found)}</small></th><td>{_level(found)}</td></tr>'
        for limit, found in rows.items()
    )
    return (
        '<table class="binding"><caption>Limits of which all that is allowed is used</caption><thead><tr>'
        f'<th scope="col">limit</th><th scope="col">level</th></tr></thead><tbody>{body}</tbody></table>{rest}'
    )


def _where(rows: list[Row]) -> str:
    """Say where a limit binds: ``graphite refined CN in 2027 and 2028``."""
    asked = [" ".join(filter(None, (said(row, c) for c in ("material", "stage", "who")))) for row in rows]
    places = list(dict.fromkeys(asked))
    periods = list(dict.fromkeys(said(row, "period") for row in rows if said(row, "period")))
    if not periods:
        return text(list_some(places))
    when = list_some(periods) if len(periods) <= 3 else format_count(len(periods), "periods")  # noqa: PLR2004
    return text(f"{list_some(places)}, {when}")


def _level(rows: list[Row]) -> str:
    """Return the level of a limit with its sense and unit; both ends where it is not the same everywhere."""
    sense, unit = said(rows[0], "sense"), said(rows[0], "unit")
    levels = sorted({figure(row, "allowed") for row in rows})
    ends = dict.fromkeys(levels[:: max(1, len(levels) - 1)])
    shown = " to ".join(level(end) if unit == "share" else number(end, 0 if end == round(end) else 2) for end in ends)
    return f"{text(sense)} {shown}{'' if unit == 'share' else f' {name(unit)}'}"

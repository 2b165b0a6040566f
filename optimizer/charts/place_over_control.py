"""Place over control: for each country a hollow bar for what stands there, over a solid one for what it owns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.countries import UNDISCLOSED, country_name
from optimizer.charts.markup import DASH, THIN, at, name, percent, text
from optimizer.charts.stages import NONE, stages_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from optimizer.charts.shown import ShownPlan
    from optimizer.charts.stages import Share, StageShares

_HALF, _GAP = 7, 1
"""Height of a bar, and what parts the two."""
_MOST_ROWS = 9
"""Countries of a stage that have a row of their own where there are more; the smallest are counted together."""


def draw_place_over_control(plan: ShownPlan, colours: Mapping[str, str]) -> str:
    """Return a table for each stage of each material, the country with most by either first."""
    return f'<div class="panels two">{"".join(_panel(stage, colours) for stage in stages_of(plan))}</div>'


def _panel(stage: StageShares, colours: Mapping[str, str]) -> str:
    return (
        f'<table class="pair"><caption>{name(stage.material)} <span>{name(stage.stage)}</span></caption>'
        '<thead><tr><th scope="col">country</th><th scope="col"><span class="unseen">shares</span></th>'
        '<th scope="col">place</th><th scope="col">control</th></tr></thead>'
        f"<tbody>{''.join(_rows(stage, colours))}</tbody></table>"
    )


def _rows(stage: StageShares, colours: Mapping[str, str]) -> Iterator[str]:
    place, control = stage.most("place"), stage.most("control")
    largest = {who: max(place.get(who, NONE).share, control.get(who, NONE).share) for who in place | control}
    ranked = sorted(largest, key=lambda who: (who == UNDISCLOSED, -largest[who], who))
    named, rest = _fold(ranked, place, control)
    for who in named:
        if who == UNDISCLOSED and rest:
            yield _rest(rest, place, control)
        stands, owns = place.get(who, NONE), control.get(who, NONE)
        yield (
            f'<tr><th scope="row">{name(country_name(who))}</th><td>{_bars(stands, owns, colours.get(who, "pale"))}'
            f"</td><td>{_said(stands)}</td><td>{_said(owns)}</td></tr>"
        )
    if rest and UNDISCLOSED not in named:
        yield _rest(rest, place, control)


def _fold(
    ranked: Sequence[str], place: Mapping[str, Share], control: Mapping[str, Share]
) -> tuple[list[str], list[str]]:
    """Return who has a row, and who is only counted: the smallest that are at no cap, where there are many."""
    if len(ranked) <= _MOST_ROWS + 1:
        return list(ranked), []
    kept = [who for who in ranked if who == UNDISCLOSED or any(by.get(who, NONE).at_cap for by in (place, control))]
    free = max(_MOST_ROWS - len(kept), 0)
    kept += [who for who in ranked if who not in kept][:free]
    return [who for who in ranked if who in kept], [who for who in ranked if who not in kept]


def _rest(rest: Sequence[str], place: Mapping[str, Share], control: Mapping[str, Share]) -> str:
    """Return a row for those that have none of their own; the share of the largest of them."""
    cells = []
    for by in (place, control):
        most = max(by.get(who, NONE).share for who in rest)
        cells.append(f"<td>\u2264{THIN}{percent(most)}</td>" if most else f"<td>{DASH}</td>")
    names = ", ".join(country_name(who) for who in rest)
    return (
        f'<tr class="rest"><th scope="row"><abbr title="{text(names)}">{len(rest)} more</abbr></th><td></td>'
        f"{''.join(cells)}</tr>"
    )


def _said(one: Share) -> str:
    """Return a share in words; with a star where it is at its cap."""
    if not one.share:
        return DASH
    when = " over all periods" if one.over_all else ""
    return f'<b>{percent(one.share)}<abbr title="at its cap{when}">*</abbr></b>' if one.at_cap else percent(one.share)


def _bars(stands: Share, owns: Share, colour: str) -> str:
    low = _HALF + _GAP
    marks = []
    if stands.share:
        marks.append(f'<rect class="hollow {colour}" width="{at(stands.share)}" height="{_HALF}"/>')
    if owns.share:
        marks.append(f'<rect class="{colour}" y="{low}" width="{at(owns.share)}" height="{_HALF}"/>')
    for one, top in ((stands, 0), (owns, low)):
        if one.cap is not None and one.share:
            kind = "reached" if one.at_cap else "room"
            place = at(min(one.cap, 1.0))
            marks.append(
                f'<line class="tick {kind}" x1="{place}" x2="{place}" y1="{top}" y2="{top + _HALF}" '
                f'stroke-width="{3 if one.at_cap else 2}"/>'
            )
    height = 2 * _HALF + _GAP
    return f'<svg class="bar" width="100%" height="{height}" aria-hidden="true">{"".join(marks)}</svg>'

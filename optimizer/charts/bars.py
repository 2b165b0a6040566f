"""A bar in a cell: a drawing as wide as the cell whose marks stand at parts of its width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from optimizer.charts.markup import at

if TYPE_CHECKING:
    from collections.abc import Iterable

HATCHING = (
    '<svg class="defs" width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="hatching" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="ground" width="6" height="6"/><rect class="lines" width="1.6" height="6"/></pattern></defs></svg>'
)
"""What fills all that is undisclosed; it stands once in a page."""


class Part(NamedTuple):
    """A part of a bar: how long it is, from 0 to 1 of the whole, and the class of its colour."""

    share: float
    colour: str


class Tick(NamedTuple):
    """A mark across a bar, as at a cap: reached, with room, or of the other basis; or where the base plan stood."""

    share: float
    kind: Literal["reached", "room", "other", "base"]


_WIDTH = {"reached": 3, "room": 2, "other": 2, "base": 2}


def bar(parts: Iterable[Part], ticks: Iterable[Tick] = (), *, height: int = 16, track: bool = True) -> str:
    """Return a bar whose parts follow each other from the left; the cell says in words what it shows."""
    marks = [f'<rect class="track" width="100%" height="{height}"/>'] if track else []
    begin = 0.0
    for part in parts:
        width = min(part.share, 1.0 - begin)
        if width > 0:
            marks.append(f'<rect class="{part.colour}" x="{at(begin)}" width="{at(width)}" height="{height}"/>')
        begin += max(width, 0.0)
    marks += [_tick(tick, height) for tick in ticks]
    return f'<svg class="bar" width="100%" height="{height}" aria-hidden="true">{"".join(marks)}</svg>'


def change_bar(change: float, low: float, high: float, *, height: int = 13) -> str:
    """Return a bar from nothing to a change, hollow where it is below that; its cell goes from `low` to `high`."""
    width = (high - low) or 1.0
    zero, end = -low / width, (change - low) / width
    kind = "price" if change >= 0 else "hollow price"
    rule = f'<line class="tick room" x1="{at(zero)}" x2="{at(zero)}" y1="-2" y2="{height + 2}" stroke-width="1"/>'
    mark = f'<rect class="{kind}" x="{at(min(zero, end))}" width="{at(abs(end - zero))}" height="{height}"/>'
    return f'<svg class="bar" width="100%" height="{height}" aria-hidden="true">{mark}{rule}</svg>'


def _tick(tick: Tick, height: int) -> str:
    place = at(min(tick.share, 1.0))
    return (
        f'<line class="tick {tick.kind}" x1="{place}" x2="{place}" y1="-3" y2="{height + 3}" '
        f'stroke-width="{_WIDTH[tick.kind]}"/>'
    )

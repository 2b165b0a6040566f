"""Cost against the level of a limit or another change: proven points, the knee, and the plan of the page among them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from models.records.tolerances import RECOUNTED
from optimizer.charts.markup import THIN, name, number, percent, text, typeset
from optimizer.charts.ticks import decimals_of, round_ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.charts.shown_sweep import ShownPoint, ShownSweep

_WIDE, _TALL, _LEFT, _TOP, _RIGHT = 400, 210, 58, 26, 20
"""Drawn as narrow as a telephone, so that its text stays legible there; it grows from there on."""
_UNMET_TALL = 60
_TICKS, _LEVELS = 5, 9
"""Most marks along costs, and along levels."""
_MILLION = 1e6


def draw_frontier(sweep: ShownSweep, cost: float | None = None, where: str = "") -> str:
    """Return a drawing for each level of the second change, on one scale; `cost` is that of the plan of the page.

    `where` says in words which plan that is; both are left out where the page is of no plan.
    """
    costs = [point.cost for point in sweep.points if point.cost is not None]
    if not costs:
        return "<p>No level has a plan.</p>"
    lines = dict.fromkeys(point.line for point in sweep.points)
    panels = [_panel(sweep, [p for p in sweep.points if p.line == line], cost, where) for line in lines]
    kind = "three" if len(panels) > 2 else "two"  # noqa: PLR2004
    return f'<div class="panels {kind}">{"".join(panels)}</div>'


class _Scale:
    """Where costs and levels stand in a drawing."""

    def __init__(self, sweep: ShownSweep, cost: float | None) -> None:
        costs = [point.cost for point in sweep.points if point.cost is not None]
        near = cost is not None and min(costs) * (1 - RECOUNTED) <= cost <= max(costs) * (1 + RECOUNTED)
        self.low, self.high = min(costs), max(costs)
        room = 0.06 * (self.high - self.low) or 0.01 * abs(self.high) or 1.0
        self.low, self.high, self.near = self.low - room, self.high + room, near
        numbers = [point.number for point in sweep.points]
        self.first, self.last = min(numbers), max(numbers)

    def x(self, level: float) -> float:
        """Return how far right a level stands."""
        width = self.last - self.first
        part = (level - self.first) / width if width else 0.5
        return _LEFT + part * (_WIDE - _LEFT - _RIGHT)

    def y(self, cost: float) -> float:
        """Return how far down a cost stands."""
        return _TOP + (self.high - cost) / (self.high - self.low) * (_TALL - _TOP)


def _panel(sweep: ShownSweep, points: Sequence[ShownPoint], cost: float | None, where: str) -> str:
    scale = _Scale(sweep, cost)
    marks = [*_axes(sweep, scale), *_line(points, scale), *_points(points, scale)]
    if cost is not None:
        marks += _this(points, scale, cost)
    bottom = _TALL + 24
    if any(point.unmet for point in sweep.points):
        marks += _unmet(points, scale, bottom)
        bottom += _UNMET_TALL + 20
    heading = f"<h3>{typeset(name(points[0].line))} <span>{name(sweep.words[1])}</span></h3>" if points[0].line else ""
    return (
        f'<div>{heading}<svg class="frontier" viewBox="0 0 {_WIDE} {bottom}" role="img" '
        f'aria-label="{_words(sweep, points, where)}">{"".join(marks)}</svg>'
        f'<p class="axis" aria-hidden="true">{name(sweep.words[0])}</p></div>'
    )


def _axes(sweep: ShownSweep, scale: _Scale) -> list[str]:
    size, word = (_MILLION, "million ") if scale.high >= 10 * _MILLION else (1.0, "")
    marks = [f'<text x="0" y="12">cost, {word}{text(sweep.currency)}</text>']
    costs = round_ticks(scale.low / size, scale.high / size, _TICKS)
    for cost in costs:
        y = scale.y(cost * size)
        marks.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDE - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        said = number(cost, decimals_of(costs))
        marks.append(f'<text class="end" x="{_LEFT - 8}" y="{y + 4:.1f}">{said}</text>')
    levels = _levels(sweep, scale)
    sign = "x" if sweep.points[0].level.startswith("x") else ""
    for level in levels:
        said = number(level, decimals_of(levels))
        marks.append(f'<text class="middle" x="{scale.x(level):.1f}" y="{_TALL + 20}">{sign}{said}</text>')
    return marks


def _levels(sweep: ShownSweep, scale: _Scale) -> list[float]:
    """Return the numbers along the levels: those of the points where they are few and far apart, else round ones."""
    own = sorted({point.number for point in sweep.points})
    apart = min((after - before for before, after in pairwise(own)), default=1.0)
    if len(own) <= _LEVELS and apart * (2 * _LEVELS) >= scale.last - scale.first:
        return own
    return round_ticks(scale.first, scale.last, _LEVELS)


def _line(points: Sequence[ShownPoint], scale: _Scale) -> list[str]:
    spots = sorted((p.number, p.cost) for p in points if p.cost is not None)
    path = " ".join(f"{scale.x(level):.1f},{scale.y(cost):.1f}" for level, cost in spots)
    return [f'<polyline class="path" points="{path}"/>']


def _points(points: Sequence[ShownPoint], scale: _Scale) -> list[str]:
    marks = []
    for point in points:
        x = scale.x(point.number)
        if point.cost is None:
            marks.append(f'<text class="middle alarm" x="{x:.1f}" y="{_TALL}">\u00d7</text>')
            continue
        kind, size = ("knee", 5) if point.knee else ("spot", 3) if point.status == "proven" else ("open", 3)
        marks.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{scale.y(point.cost):.1f}" r="{size}"/>')
        if point.knee:
            marks.append(_knee(point.level, x, scale.y(point.cost), falls=_falls(points)))
    return marks


def _falls(points: Sequence[ShownPoint]) -> bool:
    """Return whether cost falls from the lowest level to the highest, as under a cap."""
    costs = [p.cost for p in sorted(points, key=lambda p: p.number) if p.cost is not None]
    return costs[0] > costs[-1]


def _knee(level: str, x: float, y: float, *, falls: bool) -> str:
    """Return the label of a knee: below the line, as that of the plan of the page stands above it."""
    side, at = ("end", x - 9) if falls else ("begin", x + 9)
    return f'<text class="{side}" x="{at:.1f}" y="{min(y + 17, _TALL - 4):.1f}">knee {typeset(text(level))}</text>'


def _this(points: Sequence[ShownPoint], scale: _Scale, cost: float) -> list[str]:
    """Return the plan of the page: a diamond at the levels that have it, or its cost as a line where none has."""
    same = [p for p in points if p.cost is not None and abs(p.cost - cost) <= RECOUNTED * abs(cost)]
    y = scale.y(cost)
    if not same:
        if not scale.near:
            return []
        label = f'<text class="strong" x="{_LEFT + 4}" y="{y - 5:.1f}">this plan</text>'
        return [f'<line class="this" x1="{_LEFT}" x2="{_WIDE - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>', label]
    drawn = [f'<path class="notch diamond" d="M{scale.x(p.number):.1f} {y - 7:.1f}l7 7l-7 7l-7 -7z"/>' for p in same]
    first = min(same, key=lambda p: p.number)
    said = f"this plan, {typeset(text(first.level))}" if len(same) == 1 else "this plan"
    return [*drawn, f'<text class="strong" x="{scale.x(first.number) + 10:.1f}" y="{y - 7:.1f}">{said}</text>']


def _unmet(points: Sequence[ShownPoint], scale: _Scale, top: int) -> list[str]:
    """Return the largest share of demand that is unmet, as a second line below the first."""
    most = max(point.unmet for point in points) or 1.0
    spots = sorted((point.number, point.unmet) for point in points if point.cost is not None)
    down = {level: top + 8 + _UNMET_TALL * (1 - share / most) for level, share in spots}
    path = " ".join(f"{scale.x(level):.1f},{down[level]:.1f}" for level, _ in spots)
    return [
        f'<text class="alarm" x="0" y="{top + 4}">unmet, up to {percent(most)} of demand</text>',
        f'<polyline class="path unmet" points="{path}"/>',
    ]


def _words(sweep: ShownSweep, points: Sequence[ShownPoint], where: str) -> str:
    told = [f"{point.level}: {'no plan' if point.cost is None else number(point.cost)}" for point in points]
    line = f", at {points[0].line} of {sweep.words[1]}" if points[0].line else ""
    said = f"Cost in {sweep.currency} by {sweep.words[0]}{line}: {'; '.join(told)}. {where}"
    return text(said.replace(THIN, " ").rstrip())

r"""The knee of a frontier: up to it a limit is cheap to tighten, beyond it dear.

Words: the point that lies farthest below the straight line between the two ends, the tightest of several.

Mathematics, with levels x and costs y scaled to 0..1 between the ends (x_0, y_0) and (x_n, y_n):

    knee = argmax_i  (line(x_i) - y_i),   line(x) = y_0 + (y_n - y_0) (x - x_0) / (x_n - x_0)

Source: the distance of Satopaa, Albrecht, Irwin and Raghavan, Finding a "Kneedle" in a Haystack (2011),
section 3, without smoothing, as the points of a frontier are proven and not measured.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from models.records.tolerances import RECOUNTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.sweep.found import Found
    from optimizer.sweep.points import Point

_FEWEST = 3
_SHALLOW = 0.05
"""Depth, in heights of the frontier, up to which it counts as straight."""


def knees(points: Sequence[Point], found: Mapping[int, Found]) -> frozenset[int]:
    """Return the number of the knee of every line that has one."""
    lines = groupby(points, key=lambda point: point.line)
    return frozenset(knee for _, line in lines if (knee := _knee(list(line), found)) is not None)


def _knee(line: Sequence[Point], found: Mapping[int, Found]) -> int | None:
    """Return the knee of a line: none while points are missing, of few plans, a straight one, or hidden by gaps."""
    if any(point.number not in found for point in line):
        return None
    known = [(point, found[point.number]) for point in line if found[point.number].has_plan]
    if len(known) < _FEWEST:
        return None
    (first, loosest), (last, tightest) = known[0], known[-1]
    width = last.levels[0].number - first.levels[0].number
    rise = tightest.cost - loosest.cost
    if abs(rise) <= RECOUNTED * max(abs(tightest.cost), abs(loosest.cost)):
        return None

    def depth(point: Point, there: Found) -> float:
        along = (point.levels[0].number - first.levels[0].number) / width
        return (loosest.cost + rise * along - there.cost) / abs(rise)

    depths = [depth(*one) for one in known]
    deepest = max(depths)
    unsure = max(there.cost - there.bound for _, there in known) / abs(rise)
    if deepest <= max(_SHALLOW, unsure):
        return None
    return max(point.number for (point, _), below in zip(known, depths, strict=True) if below >= deepest - RECOUNTED)

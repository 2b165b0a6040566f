"""Outlines of countries for the map of a report: projected, in whole units, as paths.

    python -m facts.outlines countries.geojson > optimizer/charts/outlines.txt

reads a GeoJSON whose features are countries, each with its ISO 3166-1 alpha-2 code as `id`, such as Natural Earth at
1:110 million. A row of what it writes is a country: its code, then the path of its outline. The projection is the
Natural Earth one, by the polynomials of Savric, Jenny, Patterson, Petrovic and Hurni (2011).
"""

from __future__ import annotations

import json
import math
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WIDTH = 720
"""Units from the western to the eastern end of the equator."""
_LEFT_OUT = {"AQ"}
_LEAST_POINTS = 4
"""Points of a ring, its end included, below which nothing is left of it in whole units."""
_HALF_ROUND = 180.0

Point = tuple[int, int]


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Return where a place [degrees] stands, in units from the left and from the equator downwards.

    >>> [round(unit) for unit in project(180, 0)], [round(unit) for unit in project(-180, 0)]
    ([720, 0], [0, 0])
    """
    across, up = math.radians(longitude), math.radians(latitude)
    square = up * up
    fourth = square * square
    x = across * (0.8707 - 0.131979 * square + fourth * (-0.013791 + fourth * (0.003971 * square - 0.001529 * fourth)))
    y = up * (1.007226 + square * (0.015085 + fourth * (-0.044475 + 0.028874 * square - 0.005916 * fourth)))
    scale = WIDTH / (2 * math.pi * 0.8707)
    return WIDTH / 2 + scale * x, -scale * y


def _unwrap(ring: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Yield a ring that crosses 180 degrees as one that goes on beyond it, so that no line runs around the world."""
    before: float | None = None
    for longitude, latitude in ring:
        turned = longitude
        while before is not None and turned - before > _HALF_ROUND:
            turned -= 2 * _HALF_ROUND
        while before is not None and turned - before < -_HALF_ROUND:
            turned += 2 * _HALF_ROUND
        before = turned
        yield turned, latitude


def _draw(ring: Iterable[tuple[float, float]]) -> str:
    """Return the path of a ring in whole units; nothing where too little is left of it."""
    places = [project(*point) for point in _unwrap(ring)]
    points = [(round(x), round(y)) for x, y in places]
    kept = points[:1] + [after for before, after in pairwise(points) if after != before]
    if len(kept) < _LEAST_POINTS:
        return ""
    steps = "".join(_step(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(kept[:-1]))
    return f"M{kept[0][0]} {kept[0][1]}l{steps.strip()}z"


def _step(across: int, down: int) -> str:
    return f"{across:+d}{down:+d}".replace("+", " ")


def _rings(geometry: dict[str, Any]) -> Iterator[list[tuple[float, float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        for ring in polygon:
            yield [(float(point[0]), float(point[1])) for point in ring]


def list_outlines(features: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield a row for each country, by code."""
    for feature in sorted(features, key=lambda one: str(one.get("id"))):
        path = "".join(map(_draw, _rings(feature["geometry"])))
        code = feature.get("id")
        if path and code and code not in _LEFT_OUT:
            yield f"{code} {path}"


if __name__ == "__main__":
    countries = json.loads(Path(sys.argv[1]).read_text("utf-8"))["features"]
    sys.stdout.write("".join(f"{row}\n" for row in list_outlines(countries)))

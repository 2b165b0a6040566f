"""What a report is made of, where the folder that is named holds several plans: a sweep, or a set of alternatives."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optimizer.charts.alternatives import ShownAlternatives
from optimizer.errors import InputError
from optimizer.files.cells import unprotect
from optimizer.files.guard import unfit
from optimizer.folders.alternatives import TABLE
from optimizer.folders.place import PLANS
from optimizer.folders.shown_sweep import read_shown_sweep
from optimizer.folders.sweeps import RECORD

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optimizer.charts.shown import Cell
    from optimizer.charts.shown_sweep import ShownPoint, ShownSweep

BEST = "best"
"""The folder of the plan that alternatives are compared with."""


@dataclass(frozen=True)
class Reported:
    """The plan that a report shows, and what it stands among."""

    plan: Path
    sweep: ShownSweep | None = None
    alternatives: ShownAlternatives | None = None


def find_reported(folder: Path) -> Reported:
    """Return a plan for a folder: of a sweep the one at its knee, of alternatives the best, or the folder itself.

    Raises:
        InputError: when a sweep or a set of alternatives cannot be read, or has no plan.
    """
    if (folder / RECORD).is_file():
        sweep = read_shown_sweep(folder)
        return Reported(folder / _choose(sweep.points, folder).plan, sweep=sweep)
    if (folder / TABLE).is_file():
        return Reported(folder / PLANS / BEST, alternatives=_read_alternatives(folder / TABLE))
    return Reported(folder)


def _choose(points: Sequence[ShownPoint], folder: Path) -> ShownPoint:
    """Return the point at the knee, or the cheapest where there is none."""
    planned = [point for point in points if point.plan and point.cost is not None]
    if not planned:
        raise InputError([f"{folder}: no level of the sweep has a plan, so there is none to draw"])
    return min(planned, key=lambda point: (not point.knee, point.cost))


def _read_alternatives(path: Path) -> ShownAlternatives:
    """Return the table of a set of alternatives as it stands; raises InputError when it is none."""
    why = unfit(path, path.parent)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading, *rows = ([unprotect(cell) for cell in row] for row in csv.reader(file, strict=True))
    except (UnicodeDecodeError, csv.Error, ValueError):
        heading, rows, why = [], [], why or "is not a table of UTF-8 text"
    if why or heading[:1] != ["plan"] or any(len(row) != len(heading) for row in rows):
        raise InputError([f"{path}: {why or 'is not a table of plans'}; lodeplan alternatives -o writes one"])
    return ShownAlternatives(heading, [[_cell(cell, place) for place, cell in enumerate(row)] for row in rows])


def _cell(cell: str, place: int) -> Cell:
    """Return a cell as a number where it is one; the first column is of names."""
    try:
        number = float(cell)
    except ValueError:
        return cell
    return number if place and math.isfinite(number) else cell

"""What a report is made of, where the folder that is named holds several plans: a sweep, alternatives, or cases."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from optimizer.charts.alternatives import ShownAlternatives
from optimizer.errors import InputError
from optimizer.folders.alternatives import TABLE
from optimizer.folders.cases import CASES
from optimizer.folders.place import PLANS, RECORD
from optimizer.folders.plain_table import TableKind, read_plain_table
from optimizer.folders.shown_cases import read_shown_cases
from optimizer.folders.shown_sweep import read_shown_sweep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optimizer.charts.shown import Cell
    from optimizer.charts.shown_cases import ShownCases
    from optimizer.charts.shown_sweep import ShownPoint, ShownSweep

_ALTERNATIVES = TableKind("table of plans", "plan", "lodeplan alternatives -o")
BEST = "best"
"""The folder of the plan that alternatives are compared with."""


@dataclass(frozen=True)
class Reported:
    """The plan that a report shows, and what it stands among."""

    plan: Path
    sweep: ShownSweep | None = None
    alternatives: ShownAlternatives | None = None
    cases: ShownCases | None = None


def find_reported(folder: Path) -> Reported:
    """Return a plan for a folder: of a sweep that at its knee, of alternatives the best, of cases that as it is.

    Any other folder is taken for a plan. Of cases without a plan as it is, the cheapest is taken.

    Raises:
        InputError: when a sweep, a set of alternatives or cases cannot be read, or has no plan.
    """
    if (folder / RECORD).is_file():
        sweep = replace(read_shown_sweep(folder), own=True)
        return Reported(folder / _choose(sweep.points, folder).plan, sweep=sweep)
    if (folder / TABLE).is_file():
        return Reported(folder / PLANS / BEST, alternatives=_read_alternatives(folder / TABLE))
    if (folder / CASES).is_file():
        cases = read_shown_cases(folder)
        if cases.drawn is None:
            raise InputError([f"{folder}: no case has a plan, so there is none to draw"])
        return Reported(folder / cases.drawn.plan, cases=cases)
    return Reported(folder)


def _choose(points: Sequence[ShownPoint], folder: Path) -> ShownPoint:
    """Return the point at the knee, or the cheapest where there is none."""
    planned = [point for point in points if point.plan and point.cost is not None]
    if not planned:
        raise InputError([f"{folder}: no level of the sweep has a plan, so there is none to draw"])
    return min(planned, key=lambda point: (not point.knee, point.cost))


def _read_alternatives(path: Path) -> ShownAlternatives:
    """Return the table of a set of alternatives as it stands; raises InputError when it is none."""
    heading, rows = read_plain_table(path, _ALTERNATIVES)
    return ShownAlternatives(heading, [[_cell(cell, place) for place, cell in enumerate(row)] for row in rows])


def _cell(cell: str, place: int) -> Cell:
    """Return a cell as a number where it is one; the first column is of names."""
    try:
        number = float(cell)
    except ValueError:
        return cell
    return number if place and math.isfinite(number) else cell

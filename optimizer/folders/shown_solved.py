"""A plan that was just solved as charts see it: from its tables in memory, with the digits that its files have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from optimizer.charts.shown import ShownPlan
from optimizer.files.json_text import json_text
from optimizer.folders.plans import summary
from optimizer.tables import tables_of, units_of
from optimizer.tables.table import DIGITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optimizer.charts.shown import Cell, Row
    from optimizer.results.solution import Solution
    from optimizer.tables.table import PlannedInstance


def show_solved(solution: Solution) -> ShownPlan:
    """Return a solution as `read_shown` reads it from its folder: the same words, the same numbers."""
    units = units_of(solution.instance)
    return ShownPlan(
        title=solution.instance.title,
        currency=units.currency,
        mass_unit=units.mass,
        summary=json.loads(json_text(summary(solution))),
        tables=show_tables(solution),
    )


def show_tables(planned: PlannedInstance) -> dict[str, list[Row]]:
    """Return the tables of a plan by name as charts see them."""
    units = units_of(planned.instance)
    return {table.name: [_as_written(cells) for cells in table.cells(planned, units)] for table in tables_of(planned)}


def _as_written(cells: Mapping[str, Cell]) -> Row:
    return {column: float(f"{cell:.{DIGITS}g}") if isinstance(cell, float) else cell for column, cell in cells.items()}

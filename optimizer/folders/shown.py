"""Read a plan folder as charts see it: the summary and every table that stands there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from optimizer.charts.shown import ShownPlan
from optimizer.errors import InputError
from optimizer.folders.place import SUMMARY
from optimizer.folders.plan_folder import PlanFolder, list_inside
from optimizer.folders.read_side import list_faults
from optimizer.report.answer import answer_in
from optimizer.report.risk import describe_risk_in, describe_value_in
from optimizer.tables import PLAN_TABLES, PURCHASES
from optimizer.tables.table import KEY, READ, Units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from optimizer.charts.shown import Row
    from optimizer.tables.reading import Cells
    from optimizer.tables.table import Column, Table

_NEEDED = ("purchases", "exposure", "limits", "costs", "stock")
"""Tables without which there is no report; plans of earlier versions lack others."""
_RECORDS = ("policies", "assumed_rows", "landed", "unfinished")
"""Keys of a summary under which records stand."""


def read_shown(folder: Path) -> ShownPlan:
    """Return the plan in a folder as charts see it.

    Raises:
        InputError: with one line for everything that cannot be read.
    """
    files = PlanFolder(folder, units_of=SUMMARY)
    summary = files.summary()
    if summary:
        files.problems += list_faults(summary) or _faults(summary)
    _must_be_clean(files)
    files.units = Units(summary["mass_unit"], summary["currency"])
    there = [table for table in PLAN_TABLES if table.name in _NEEDED or files.holds(table)]
    tables = {table.name: list(_rows(files, table)) for table in there}
    _must_be_clean(files)
    return ShownPlan(
        title=summary["title"],
        currency=summary["currency"],
        mass_unit=summary["mass_unit"],
        summary=summary,
        tables=tables,
    )


def _must_be_clean(files: PlanFolder) -> None:
    if files.problems:
        raise InputError(f"{files.folder}/{problem}" for problem in files.problems)


def _faults(summary: dict[str, Any]) -> list[str]:
    """Return what a report cannot be made of."""
    try:
        answer_in(summary)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        return [f"{SUMMARY}: does not say how the plan was found; lodeplan solve -o writes it anew"]
    try:
        describe_risk_in(summary)
        describe_value_in(summary)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        return [f"{SUMMARY}: does not say what follows in its scenarios; lodeplan solve -o writes it anew"]
    wrong = [
        key
        for key in _RECORDS
        if not (isinstance(summary.get(key, []), list) and all(isinstance(one, dict) for one in summary.get(key, [])))
    ]
    wrong += [key for key in ("versions", "sites") if not _are_texts(summary.get(key, {}))]
    return [f"{SUMMARY}: {key}: is not what solve writes there; lodeplan solve -o writes it anew" for key in wrong]


def _are_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _rows(files: PlanFolder, table: Table[Any]) -> Iterator[Row]:
    """Yield the rows of a table with the columns that it has."""
    needed = table.names(KEY, READ) if table is not PURCHASES else (*table.names(KEY, READ), "material", "stage")
    for cells in files.table(table, needed).values():
        yield {column.name: _cell(files, cells, column) for column in table.columns if column.name in cells.texts}


def _cell(files: PlanFolder, cells: Cells, column: Column) -> str | float | None:
    value = files.value(cells, column)
    return None if isinstance(value, float) and math.isnan(value) else value


def read_shown_alike(plan: Path, others: Sequence[Path]) -> list[tuple[str, ShownPlan]]:
    """Return a plan and others, each under the name of its folder, all in the units of the first.

    Of a folder of several plans, such as those of a grid, each is one of the others.

    Raises:
        InputError: with one line for everything that cannot be read, or is counted in other units.
    """
    listed = [one for other in others for one in list_inside(other) or [other]]
    folders = [plan, *(path for path in listed if path in others or path.resolve() != plan.resolve())]
    plans = [read_shown(folder) for folder in folders]
    first = plans[0]
    wrong = []
    for folder, one in zip(folders, plans, strict=True):
        pairs = [("money", one.currency, first.currency), ("mass", one.mass_unit, first.mass_unit)]
        pairs += [(name, unit, first.units.get(name, unit)) for name, unit in one.units.items()]
        wrong += [
            f"{folder}: {what}: is in {own}, and in {units} in {folders[0]}; convert one of them"
            for what, own, units in pairs
            if own != units
        ]
    if wrong:
        raise InputError(wrong)
    return [(folder.resolve().name, one) for folder, one in zip(folders, plans, strict=True)]

"""Read the folder of a stress test as charts see it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from optimizer.charts.shown import said
from optimizer.charts.shown_stress import ShownLoss, ShownStress
from optimizer.errors import InputError
from optimizer.folders.plan_folder import PlanFolder
from optimizer.tables import units_of
from optimizer.tables.losses import LOSSES
from optimizer.tables.table import Units

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from optimizer.charts.shown import ShownPlan
    from optimizer.results.losses import Stress
    from optimizer.tables.reading import Cells

_FILE = f"{LOSSES.name}.csv"


def read_shown_stress(folder: Path, plan: ShownPlan) -> ShownStress:
    """Return the stress test in a folder, which must be one of a plan, as charts see it.

    Raises:
        InputError: when there is none, it cannot be read, or it is not of the materials and periods of the plan.
    """
    if not (folder / _FILE).is_file():
        raise InputError([f"{folder}/{_FILE}: is missing; lodeplan stress -o writes one"])
    files = PlanFolder(folder, units=Units(plan.mass_unit, plan.currency), units_of="the plan")
    columns = tuple(column.name for column in LOSSES.columns)
    losses = [_loss(files, cells) for cells in files.table(LOSSES, columns).values()]
    materials = {said(row, "material") for row in plan.rows("stock")}
    strange = sorted(
        {one.material for one in losses if one.material not in materials}
        | {one.begins for one in losses if one.begins not in plan.periods}
    )
    if strange and not files.problems:
        cure = "name the stress test of this plan"
        files.problems.append(f"{_FILE}: speaks of {', '.join(strange)}, of which the plan knows nothing; {cure}")
    if files.problems:
        raise InputError(f"{folder}/{problem}" for problem in files.problems)
    return ShownStress(plan.currency, losses)


def show_stress(stress: Stress) -> ShownStress:
    """Return a stress test as charts see it."""
    units = units_of(stress.instance)
    return ShownStress(units.currency, [_show(row) for row in LOSSES.cells(stress, units)])


def _loss(files: PlanFolder, cells: Cells) -> ShownLoss:
    return _show({column.name: files.value(cells, column) for column in LOSSES.columns})


def _show(row: Mapping[str, str | float | None]) -> ShownLoss:
    return ShownLoss(
        loss=str(row["loss"]),
        begins=str(row["begins"]),
        lasts=_known(row["lasts"]) or 0.0,
        material=str(row["material"]),
        hits=row["hits"] == "yes",
        covered=_known(row["covered"]),
        planned=_known(row["planned"]) or 0.0,
        survives=_known(row["survives"]),
        recovers=_known(row["recovers"]),
        extra_cost=_known(row["extra cost"]),
    )


def _known(cell: str | float | None) -> float | None:
    return cell if isinstance(cell, float) and not math.isnan(cell) else None

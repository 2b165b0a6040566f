"""Write alternatives as one folder: a table of the plans, and a plan folder for each, whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.files.atomic import write_whole
from optimizer.folders.place import PLANS, REPORT, Kind
from optimizer.folders.plans import plan_files, write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.alternatives.search import Alternatives

TABLE = "alternatives.csv"
ALTERNATIVES = Kind("set of alternatives", TABLE, ("plan", "cost"))


def write_alternatives(found: Alternatives, folder: Path) -> None:
    """Write ``alternatives.csv`` and ``plans/best``, ``plans/1`` and so on; files of other names are kept.

    Raises:
        InputError: when it cannot be written.
    """
    from optimizer.report.alternatives import list_plans, plans_table
    from optimizer.tables.frames import to_csv

    with write_whole(folder, {TABLE, REPORT, *plan_files(f"{PLANS}/*/")}) as draft:
        draft.mkdir()
        to_csv(plans_table(found), draft / TABLE)
        for name, solution in list_plans(found).items():
            write_plan(solution, draft / PLANS / name)

"""Write the plans of several cases into one folder, whole or not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from optimizer.files.atomic import write_whole
from optimizer.folders.place import PLANS, REPORT, Kind
from optimizer.folders.plans import plan_files, write_plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optimizer.whatif import Outcome

CASES = "whatif.csv"
TABLE_OF_CASES = Kind("table of cases", CASES, ("case", "status"))
_LONGEST = 60
"""Signs of the name of a case that the name of its folder keeps."""


def write_cases(outcomes: Sequence[Outcome], folder: Path) -> None:
    """Write ``whatif.csv``, and in ``plans`` the plan of the instance as it is and of each case that has one.

    Plans are numbered in the order of the table, as ``plans/02-winter``. What stands at the place is
    replaced; other files in the folder are kept.

    Raises:
        InputError: when it cannot be written.
    """
    from optimizer.report.cases import AS_IT_IS, add_units
    from optimizer.tables.frames import to_csv

    places = [
        f"{PLANS}/{number:02d}-{_plain(outcome.name or AS_IT_IS)}" if outcome.solution is not None else ""
        for number, outcome in enumerate(outcomes, start=1)
    ]
    with write_whole(folder, {CASES, REPORT, *plan_files(f"{PLANS}/*/")}) as draft:
        draft.mkdir()
        to_csv(add_units(outcomes).assign(plan=places), draft / CASES)
        for place, outcome in zip(places, outcomes, strict=True):
            if outcome.solution is not None:
                write_plan(outcome.solution, draft / place)


def _plain(name: str) -> str:
    """Return what of the name of a case can stand in the name of a folder on every system."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.")[:_LONGEST]

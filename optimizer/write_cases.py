"""Write the plans of several cases into one folder, whole or not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from optimizer.whole import written_whole
from optimizer.write import check_place, write_plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optimizer.whatif import Outcome

CASES = "cases.csv"


def check_place_of_cases(folder: Path, *, force: bool) -> None:
    """Raise InputError unless cases can be written to `folder`; asked before the solves."""
    check_place(folder, force=force, what="table of cases", sign=CASES)


def write_cases(outcomes: Sequence[Outcome], folder: Path) -> None:
    """Write ``cases.csv`` and a plan folder for the instance as it is and for each case that has a plan.

    Plan folders are numbered in the order of the table, as ``02-winter``.
    """
    from optimizer.report.cases import AS_IT_IS, with_units
    from optimizer.report.tables import to_csv

    names = [f"{number:02d}-{_plain(outcome.name or AS_IT_IS)}" for number, outcome in enumerate(outcomes, start=1)]
    with written_whole(folder, {CASES, *names}) as draft:
        draft.mkdir()
        plans = [name if outcome.solution else "" for name, outcome in zip(names, outcomes, strict=True)]
        to_csv(with_units(outcomes).assign(plan=plans), draft / CASES)
        for name, outcome in zip(names, outcomes, strict=True):
            if outcome.solution is not None:
                write_plan(outcome.solution, draft / name)


def _plain(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name).strip("-.")[:60]

"""Read the table of the cases of a what-if as charts see it."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from optimizer.charts.shown_cases import ShownCase, ShownCases
from optimizer.folders.cases import CASES
from optimizer.folders.place import PLANS
from optimizer.folders.plain_table import TableKind, not_that_table, read_plain_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PLAN = re.compile(rf"{PLANS}/\d+-[\w.-]*")
_KIND = TableKind("table of cases", "case", "lodeplan whatif --grid -o")
_COST = re.compile(r"cost \[(.*)\]")


def read_shown_cases(folder: Path) -> ShownCases:
    """Return the cases in a folder as charts see them.

    Raises:
        InputError: when there are none.
    """
    heading, rows = read_plain_table(folder / CASES, _KIND)
    try:
        currency = next(found[1] for column in heading if (found := _COST.fullmatch(column)))
        cases = [_case(dict(zip(heading, row, strict=True)), currency) for row in rows]
    except (StopIteration, KeyError, ValueError):
        cases = []
    if not cases:
        raise not_that_table(folder / CASES, _KIND)
    return ShownCases(currency, cases)


def _case(row: Mapping[str, str], currency: str) -> ShownCase:
    """Return a case; raises KeyError or ValueError when it is none."""
    if row["plan"] and not _PLAN.fullmatch(row["plan"]):
        raise ValueError(row["plan"])
    return ShownCase(
        name=row["case"],
        status=row["status"],
        cost=_known(row[f"cost [{currency}]"]),
        change=_known(row[f"change [{currency}]"]),
        unmet=_known(row["unmet [share]"]) or 0.0,
        unmet_of=row["unmet of"],
        why=row["why"],
        plan=row["plan"],
    )


def _known(cell: str) -> float | None:
    """Return a number that is finite, None where the cell is empty; raises ValueError for anything else."""
    if not cell:
        return None
    number = float(cell)
    if not math.isfinite(number):
        raise ValueError(cell)
    return number

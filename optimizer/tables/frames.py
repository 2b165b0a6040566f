"""The tables of a plan as pandas DataFrames, and DataFrames as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from optimizer.files.cells import protect
from optimizer.tables import PLAN_TABLES, units_of
from optimizer.tables.table import DIGITS

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from models.instance import Instance
    from optimizer.results.account import Account
    from optimizer.tables.table import Table, Units


def plan_tables(instance: Instance, account: Account) -> dict[str, pd.DataFrame]:
    """Return every table of a plan by name, in the order of `PLAN_TABLES`, with the headings and cells of its file.

    Numbers are floats, NaN where a cell is empty; all else is text.
    """
    return {table.name: build_frame(table, account, units_of(instance)) for table in PLAN_TABLES}


def build_frame(table: Table, account: Account, units: Units) -> pd.DataFrame:
    """Return one table of a plan."""
    cells = [list(row.values()) for row in table.cells(account, units)]
    headings = {column.heading(units): column for column in table.columns}
    numbers = [heading for heading, column in headings.items() if column.kind == "number"]
    return pd.DataFrame(cells, columns=list(headings)).astype(dict.fromkeys(numbers, "float64"))


def to_csv(frame: pd.DataFrame, path: Path | TextIO) -> None:
    """Write a table with its texts made harmless to spreadsheets and its numbers to twelve digits."""
    safe = frame.copy()
    for column in safe.columns:
        if safe[column].dtype.kind not in "fiu":
            safe[column] = safe[column].map(lambda cell: protect(cell) if isinstance(cell, str) else cell)
    safe.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", float_format=f"%.{DIGITS}g")

"""The tables of a plan as pandas DataFrames, and DataFrames as CSV."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd

from optimizer.files.cells import protect
from optimizer.tables import tables_of, units_of
from optimizer.tables.table import DIGITS

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from optimizer.tables.table import Answer, PlannedInstance, Table, Units


def plan_tables(planned: PlannedInstance) -> dict[str, pd.DataFrame]:
    """Return every table that a plan has by name, in their order, with the headings and cells of its file.

    Numbers are floats, NaN where a cell is empty; all else is text.
    """
    return {table.name: build_frame(table, planned, units_of(planned.instance)) for table in tables_of(planned)}


def build_frame(table: Table[Answer], answer: Answer, units: Units) -> pd.DataFrame:
    """Return one table of a plan, or of another answer."""
    cells = [list(row.values()) for row in table.cells(answer, units)]
    headings = {column.heading(units): column for column in table.columns}
    numbers = [heading for heading, column in headings.items() if column.kind == "number"]
    return pd.DataFrame(cells, columns=list(headings)).astype(dict.fromkeys(numbers, "float64"))


def csv_text(frame: pd.DataFrame) -> str:
    """Return a table as `to_csv` writes it."""
    text = io.StringIO()
    to_csv(frame, text)
    return text.getvalue()


def to_csv(frame: pd.DataFrame, path: Path | TextIO) -> None:
    """Write a table with its texts made harmless to spreadsheets and its numbers to twelve digits."""
    _harmless(frame).to_csv(path, index=False, encoding="utf-8", lineterminator="\n", float_format=_DIGITS)


def to_excel_csv(frame: pd.DataFrame, path: Path | TextIO) -> None:
    """Write a table as `to_csv` does, as spreadsheets of many countries open it: ``;`` between cells, ``,`` in numbers.

    A mark before the first byte tells them that it is UTF-8.
    """
    _harmless(frame).to_csv(
        path, sep=";", decimal=",", index=False, encoding="utf-8-sig", lineterminator="\r\n", float_format=_DIGITS
    )


_DIGITS = f"%.{DIGITS}g"


def _harmless(frame: pd.DataFrame) -> pd.DataFrame:
    safe = frame.copy()
    for column in safe.columns:
        if safe[column].dtype.kind not in "fiu":
            safe[column] = safe[column].map(lambda cell: protect(cell) if isinstance(cell, str) else cell)
    return safe

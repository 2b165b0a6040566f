"""Tables of a plan edited by hand, by the names of their columns, so that a new column breaks no test."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Rows = list[list[str]]


@contextmanager
def rows_of(path: Path) -> Iterator[Rows]:
    """Give the heading and the rows of a table; what is left in them is written back."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    yield rows
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def set_cell(path: Path, column: str, new: str, **where: str) -> None:
    """Set a cell of the only row that has these cells in other columns."""
    with rows_of(path) as rows:
        _row(rows, where)[_place(rows, column)] = new


def repeat_row(path: Path, **where: str) -> None:
    """Write the only row that has these cells twice."""
    with rows_of(path) as rows:
        rows.append(_row(rows, where))


def lengthen_row(path: Path, **where: str) -> None:
    """Add a cell to the only row that has these cells."""
    with rows_of(path) as rows:
        _row(rows, where).append("1")


def rename_column(path: Path, column: str, heading: str) -> None:
    """Give a column another heading, unit and all."""
    with rows_of(path) as rows:
        rows[0][_place(rows, column)] = heading


def _place(rows: Rows, column: str) -> int:
    (place,) = (number for number, heading in enumerate(rows[0]) if heading.partition(" [")[0] == column)
    return place


def _row(rows: Rows, where: dict[str, str]) -> list[str]:
    (row,) = (row for row in rows[1:] if all(row[_place(rows, column)] == cell for column, cell in where.items()))
    return row

"""Read a CSV of cases (``case,what,value``), as an analyst edits them in a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from models.changes import read_edit
from models.changes.row import CaseRow, doubt_percent
from models.records.messages import describe_fault, list_own_faults
from optimizer.errors import InputError
from optimizer.files.columns import RANK
from optimizer.files.faults import Faults
from optimizer.files.folder import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from models.changes import AnyEdit
    from optimizer.files.grid import Grid, Line, TextLine

_CASES = "cases"


def read_cases(path: Path) -> dict[str, list[AnyEdit]]:
    """Return the changes of every case of a file, cases and changes in the order of its rows.

    Raises:
        InputError: with one line for everything that is wrong, in file order.
    """
    faults = Faults()
    if not path.exists() and not path.is_symlink():
        raise InputError([f"{path}: there is no such file; write a CSV with the columns case, what and value"])
    grid = read_table(path, _CASES, (), faults)
    cases: dict[str, list[AnyEdit]] = {}
    for line in grid.lines if grid is not None and not grid.lacking else ():
        row = _read_row(grid, line, faults)
        edit = _read_edit(row, line, path.name, faults) if row is not None else None
        if row is not None and edit is not None:
            cases.setdefault(row.case, []).append(edit)
    if grid is not None and not grid.lines:
        faults.add(path.name, "holds no rows; write some cases", RANK[_CASES])
    if faults:
        raise InputError(faults.lines())
    return cases


def _read_row(grid: Grid | None, line: Line | TextLine, faults: Faults) -> CaseRow | None:
    if grid is None or not line.sound:
        return None
    try:
        return CaseRow.model_validate(line.cells)
    except ValidationError as error:
        for found in list_own_faults(error):
            missing = found["type"] == "missing"
            what = "is empty; every row needs it" if missing else describe_fault(found, CaseRow)
            faults.add(grid.place(line.number, str(found["loc"][0])), what, RANK[_CASES], line.number)
    return None


def _read_edit(row: CaseRow, line: Line | TextLine, file: str, faults: Faults) -> AnyEdit | None:
    origin = f"{file}:{line.number} {row.text}"
    try:
        edit = read_edit(row.text, origin)
    except ValueError as error:
        faults.add(origin, str(error), RANK[_CASES], line.number)
        return None
    doubt = doubt_percent(edit, row.value)
    if doubt:
        faults.add(f"{file}:{line.number} value", doubt, RANK[_CASES], line.number)
    return edit

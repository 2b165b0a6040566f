"""A bid sheet as it was found: the rows of a CSV file or of a workbook's sheets, each cell with its place."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from optimizer.errors import InputError
from optimizer.files.archive import UnsafeError, inspect, letters
from optimizer.files.folder import UnreadableError, read_records
from optimizer.files.grid import is_blank
from optimizer.files.guard import NOT_UTF8, line_not_utf8, unfit
from optimizer.files.separator import LONGEST_LINE, Separator
from optimizer.files.workbook import cells_of

if TYPE_CHECKING:
    from pathlib import Path

_SEPARATORS = (";", "\t", ",", "|")
_LOOKED_AT = 200
"""Lines by which the separator of a file is told."""


@dataclass
class Sheet:
    """The rows of one sheet that say anything, by number."""

    file: str
    name: str | None
    """The name of the sheet in its workbook; None for a CSV file."""
    rows: dict[int, list[Any]] = field(default_factory=dict)
    hidden: bool = False
    """Whether a spreadsheet program does not show it."""

    @property
    def whole(self) -> str:
        """What it is called: ``bids.xlsx:Bids``, ``bids.csv``."""
        return self.file if self.name is None else f"{self.file}:{self.name}"

    def place(self, row: int, column: int | None = None) -> str:
        """Name a row, or a cell in it, by its column counted from 1: ``bids.xlsx:Bids!C7``, ``bids.csv:7 cell 3``."""
        if self.name is None:
            return f"{self.file}:{row}" if column is None else f"{self.file}:{row} cell {column}"
        return f"{self.whole}!{letters(column or 1)}{row}"

    def column(self, at: int) -> str:
        """Name a column counted from 1: by letters in a workbook, by its number elsewhere."""
        return str(at) if self.name is None else letters(at)


def read_sheets(path: Path) -> list[Sheet]:
    """Return the sheets of a file that hold anything: one of a CSV file, all of a workbook.

    Raises:
        InputError: it cannot be read; with one line that says why.
    """
    suffix = path.suffix.lower()
    if not path.exists():
        raise InputError([f"{path}: there is no such file"])
    if suffix in {".xls", ".xlsb", ".ods", ".pdf", ".docx", ".numbers"}:
        raise InputError([f"{path}: {suffix} is not read here; save it as .xlsx or as CSV"])
    why = unfit(path)
    if why is not None:
        raise InputError([f"{path}: {why}"])
    sheets = _read_workbook(path) if suffix in {".xlsx", ".xlsm"} else [_read_text(path)]
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise InputError([f"{path}: holds no rows; name the file that holds the bids"])
    return filled


def _read_workbook(path: Path) -> list[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        layouts = inspect(path)
        sheets = []
        with CalamineWorkbook.from_path(path) as book:
            for one in book.sheets_metadata:
                if one.typ != SheetTypeEnum.WorkSheet:
                    continue
                found = book.get_sheet_by_name(one.name)
                cells = cells_of(found, layouts.get(one.name))
                _fill_down(cells, found.merged_cell_ranges or [])
                sheet = _sheet_of(path.name, one.name, list(enumerate(cells, start=1)))
                sheet.hidden = one.visible != SheetVisibleEnum.Visible
                sheets.append(sheet)
    except UnsafeError as error:
        raise InputError([f"{path}: {error}"]) from None
    except (CalamineError, OSError, ValueError) as error:
        msg = f"{path}: is not a workbook that can be read ({error}); save it again as .xlsx"
        raise InputError([msg]) from None
    return sheets


def _fill_down(cells: list[list[Any]], merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Write what a cell says that is merged over several rows into each of them."""
    for (top, left), (bottom, _) in merged:
        for row in range(top + 1, min(bottom + 1, len(cells))):
            cells[row][left] = cells[top][left]


def _sheet_of(file: str, name: str | None, rows: list[tuple[int, list[Any]]]) -> Sheet:
    return Sheet(file, name, {number: row for number, row in rows if not all(map(is_blank, row))})


def _read_text(path: Path) -> Sheet:
    try:
        separator = _find_separator(path)
        rows = [(number, list(cells)) for number, cells in read_records(path, separator)]
    except UnicodeDecodeError:
        raise InputError([f"{path}:{line_not_utf8(path)}: {NOT_UTF8}"]) from None
    except UnreadableError as error:
        place = path if error.line is None else f"{path}:{error.line}"
        raise InputError([f"{place}: {error.sentence}"]) from None
    except OSError as error:
        raise InputError([f"{path}: cannot be read: {error.strerror}"]) from None
    return _sheet_of(path.name, None, rows)


def _find_separator(path: Path) -> Separator:
    """Return the sign that splits most lines into the same number of cells, the more the better."""
    with path.open(encoding="utf-8-sig") as file:
        lines = [line for _ in range(_LOOKED_AT) if (line := file.readline(LONGEST_LINE))]
    said = re.fullmatch(r'"?sep=(.)"?[,;\t]*', lines[0].strip()) if lines else None
    if said:
        return Separator(said[1], 1)
    return Separator(max(_SEPARATORS, key=lambda sign: _evenness(lines, sign)), 0)


def _evenness(lines: list[str], sign: str) -> int:
    try:
        widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=sign) if any(map(str.strip, cells)))
    except csv.Error:
        return 0
    return max((count * (width - 1) for width, count in widths.items()), default=0)

"""A workbook whose sheets are the tables, read into a draft; the sheet `instance` holds the header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from models.market import REQUIRED_TABLES, TABLES
from models.records.wording import find_nearest, quote, suggest
from optimizer.files.archive import UnsafeError, inspect, letters
from optimizer.files.draft import Draft
from optimizer.files.faults import FOLDER, HEADER, join_path
from optimizer.files.grid import Grid, Tabulator, Unreadable, is_blank
from optimizer.files.guard import unfit
from optimizer.files.header import declared_attributes, split_limits, unknown_key
from optimizer.files.keys import NestedTables, parse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from python_calamine import CalamineSheet

    from optimizer.files import draft as drafts
    from optimizer.files.archive import Layout
    from optimizer.files.faults import Faults

HEADER_SHEET = "instance"
_COMPANIONS = ("README", "SOURCES")
_OWN = "_"
"""What the name of a sheet begins with that is the user's own, and is left alone."""


def read_workbook(path: Path, faults: Faults) -> Draft:
    """Read every sheet of a workbook; what cannot be read is noted in `faults` and left out of the draft."""
    draft = Draft(spot=lambda at: f"{path.name}:{HEADER_SHEET} {join_path(at)}", form="workbook", home=path.parent)
    opened = _open(path, faults)
    if opened is None:
        draft.unread = set(TABLES)
        return draft
    sheets, hidden = opened
    meant = _refuse_strangers(path.name, list(sheets), hidden, faults)
    if HEADER_SHEET in sheets:
        _read_header(path.name, sheets[HEADER_SHEET], draft, faults)
    elif HEADER_SHEET not in meant:
        what = "is missing; every workbook needs this sheet with the columns key and value"
        faults.add(f"{path.name}:{HEADER_SHEET}", what, HEADER)
    attributes = declared_attributes(draft.header)
    for table in TABLES:
        if table in sheets:
            grid = _read_table(path.name, table, sheets[table], attributes, faults)
            if grid is not None:
                draft.grids[table] = grid
            else:
                draft.unread.add(table)
        elif table in REQUIRED_TABLES and table in meant:
            draft.unread.add(table)
        elif table in REQUIRED_TABLES:
            whole = f"{path.name}:{table}"
            draft.grids[table] = Grid.missing(table, whole, "is missing; every instance needs this sheet")
    return draft


class _Opened(NamedTuple):
    """What was found in a workbook."""

    sheets: dict[str, list[list[Any]]]
    """The cells of every sheet that is ours; of others, none."""
    hidden: set[str]
    """Sheets that a spreadsheet program does not show."""


def _open(path: Path, faults: Faults) -> _Opened | None:
    """Return the sheets of a workbook, or note why there are none."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    why = unfit(path)
    if why is None:
        ours = {HEADER_SHEET, *TABLES}
        try:
            layouts = inspect(path, ours)
            with CalamineWorkbook.from_path(path) as book:
                hidden = {one.name for one in book.sheets_metadata if one.visible != SheetVisibleEnum.Visible}
                sheets = {
                    name: cells_of(book.get_sheet_by_name(name), layouts.get(name)) if name in ours else []
                    for name in book.sheet_names
                }
                return _Opened(sheets, hidden)
        except UnsafeError as error:
            why = str(error)
        except (CalamineError, OSError, ValueError) as error:
            why = f"is not a workbook that can be read ({error}); save it again as .xlsx"
    faults.add(path.name, why, FOLDER)
    return None


def cells_of(sheet: CalamineSheet, layout: Layout | None) -> list[list[Any]]:
    """Return the rows of a sheet, with the reason in place of what the reader takes for empty and is not."""
    rows = sheet.to_python(skip_empty_area=False)
    width = max((len(row) for row in rows), default=0)
    for (row, column), why in layout.hollow.items() if layout else ():
        width = max(width, column)
        rows += [[] for _ in range(row - len(rows))]
        rows[row - 1] += [""] * (column - len(rows[row - 1]))
        rows[row - 1][column - 1] = Unreadable(why)
    return [row + [""] * (width - len(row)) for row in rows]


def _refuse_strangers(book: str, names: Sequence[str], hidden: set[str], faults: Faults) -> set[str | None]:
    """Note every sheet that is none of an instance nor begins with ``_``; return the names that were probably meant."""
    known = [HEADER_SHEET, *TABLES]
    meant = set()
    for name in names:
        if name not in known and name not in _COMPANIONS and not name.startswith(_OWN):
            meant.add(find_nearest(name, known))
            cure = suggest(name, [one for one in known if one not in names])
            cure = cure or f"; remove it, or name it _{name} to have it left alone"
            what = "is hidden, and is not" if name in hidden else "is not"
            faults.add(f"{book}:{name}", f"{what} a sheet of an instance{cure}", FOLDER)
    return meant


def _read_table(
    book: str, table: str, rows: list[list[Any]], attributes: Sequence[str] | None, faults: Faults
) -> Grid | None:
    """Return the table on a sheet, or None when no row names its columns."""
    columns: dict[str, str] = {}

    def place(row: int, column: str | None) -> str:
        cell = f"{columns.get(column, 'A') if column else 'A'}{row}"
        return f"{book}:{table}!{cell} {column}" if column else f"{book}:{table}!{cell}"

    heading = next((row for row in rows if not all(is_blank(cell) for cell in row)), [])
    for position, name in enumerate(heading, start=1):
        columns.setdefault(str(name).strip(), letters(position))
    grid = Grid(table, f"{book}:{table}", place, lambda row, position: f"{book}:{table}!{letters(position)}{row}")
    found = Tabulator(grid, attributes, faults, protected=False).fill(enumerate(rows, start=1))
    return grid if found else None


def _read_header(book: str, rows: list[list[Any]], draft: Draft, faults: Faults) -> None:
    lines: dict[drafts.Path, int] = {}
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if not all(is_blank(cell) for cell in row)]
    names = [str(cell).strip() for cell in numbered[0][1]] if numbered else []
    if sorted(filter(None, names)) != ["key", "value"]:
        what = f"has the columns {', '.join(filter(None, names)) or '(none)'}; it needs key and value, and no other"
        faults.add(f"{book}:{HEADER_SHEET}!A1", what, HEADER)
        return
    columns = _Columns(names.index("key"), names.index("value"))
    draft.spot = lambda path: _spot(book, path, lines, columns.value)
    draft.key_spot = lambda path: _spot(book, path, lines, columns.key)
    nest = NestedTables()
    empty: dict[drafts.Path, int] = {}
    for number, row in numbered[1:]:
        key, path = row[columns.key], _path(row[columns.key])
        at, why = _put(row, path, columns, nest)
        if path is not None:
            (empty if is_blank(row[columns.value]) else lines).setdefault(path, number)
        if why is not None:
            said = f" {key}" if path is not None else ""
            faults.add(f"{book}:{HEADER_SHEET}!{letters(at + 1)}{number}{said}", why, HEADER, number)
    for path, number in empty.items():
        lines.setdefault(path, number)
    draft.header, draft.limits = split_limits(nest.built())


class _Columns(NamedTuple):
    """Where the two columns of the header stand."""

    key: int
    value: int


def _path(key: object) -> drafts.Path | None:
    return parse(key) if isinstance(key, str) and not isinstance(key, Unreadable) else None


def _put(row: Sequence[Any], path: drafts.Path | None, columns: _Columns, nest: NestedTables) -> tuple[int, str | None]:
    """Put a row of the header into the nest; return a column and what is wrong with the cell there, if anything is."""
    for at, cell in enumerate(row):
        if isinstance(cell, Unreadable):
            return at, str(cell)
    if path is None:
        return columns.key, f"{quote(row[columns.key])} is not a key; write one such as limits.china.max_share"
    why = unknown_key(path) if is_blank(row[columns.value]) else nest.put(path, row[columns.value])
    beside = next((at for at, cell in enumerate(row) if at not in columns and not is_blank(cell)), None)
    if why is not None or beside is None:
        return columns.key, why
    cure = "write each value in a row of its own, with the key beside it"
    if isinstance(path[-1], int):
        cure = f"write it in a row of its own, with the key {join_path((*path[:-1], path[-1] + 1))}"
    return beside, f"{quote(row[beside])} stands in a column without a name; {cure}"


def _spot(book: str, path: drafts.Path, lines: dict[drafts.Path, int], column: int) -> str:
    """Name the cell of a key or of its value, or else the first row of the table that it belongs to."""
    for depth in range(len(path), 0, -1):
        row = min((line for at, line in lines.items() if at[:depth] == path[:depth]), default=None)
        if row is not None:
            cell = f"{letters(column + 1) if path in lines else 'A'}{row}"
            return f"{book}:{HEADER_SHEET}!{cell} {join_path(path)}"
    return f"{book}:{HEADER_SHEET} {join_path(path)}"

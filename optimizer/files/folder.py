"""A folder of instance.toml and CSV tables, read into a draft."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, TextIO

from models.market import REQUIRED_TABLES, TABLES
from models.records.wording import find_nearest, suggest
from optimizer.files.columns import RANK, columns_of
from optimizer.files.draft import Draft
from optimizer.files.faults import FOLDER, HEADER, join_path
from optimizer.files.grid import Grid, Tabulator
from optimizer.files.guard import NOT_UTF8, line_not_utf8, reason, unfit
from optimizer.files.header import declared_attributes, policy_files, split_limits
from optimizer.files.toml_file import UnreadableTomlError, read_toml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from optimizer.files.faults import Faults

HEADER_FILE = "instance.toml"
_COMPANIONS = {HEADER_FILE, "expected.json", "LICENSE"}
_CASE_FILES = {"cases.csv", "changes.csv"}
_CASES = "; keep cases outside of the instance and name them with --changes, or write them under [cases]"
_LONGEST_LINE = 1_000_000


class _UnreadableError(Exception):
    """Why reading a file stopped, with the line where it did."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line


def read_folder(folder: Path, faults: Faults) -> Draft:
    """Read every file of a folder; what cannot be read is noted in `faults` and left out of the draft."""
    draft = Draft(spot=lambda path: f"{HEADER_FILE}: {join_path(path)}", home=folder)
    raw = _read_header(folder, faults)
    if raw is not None:
        draft.header, draft.limits = split_limits(raw)
    attributes = declared_attributes(draft.header)
    meant = _refuse_strangers(folder, policy_files(draft.header), faults)
    for table in TABLES:
        path = folder / f"{table}.csv"
        if path.exists() or path.is_symlink():
            grid = read_table(path, table, attributes, faults, inside=folder)
            if grid is not None:
                draft.grids[table] = grid
            else:
                draft.unread.add(table)
        elif table in REQUIRED_TABLES and path.name in meant:
            draft.unread.add(table)
        elif table in REQUIRED_TABLES:
            draft.grids[table] = Grid.missing(table, path.name, "is missing; every instance needs this table")
    return draft


def _refuse_strangers(folder: Path, own: Collection[str], faults: Faults) -> set[str | None]:
    """Note every file that is none of an instance; return the names that were probably meant."""
    tables = [f"{table}.csv" for table in TABLES]
    known = [*tables, *_COMPANIONS, *own]
    meant = set()
    for path in sorted(folder.iterdir()):
        name = path.name
        table_like = path.suffix.lower() == ".csv"
        ignored = name.startswith((".", "~")) or name.endswith("~") or path.suffix == ".md" or name in known
        if ignored or (path.is_dir() and not table_like):
            continue
        meant.add(find_nearest(name, known))
        what = "a table" if table_like else "a file"
        cure = suggest(name, known) or "; remove it, or move it into a folder of its own"
        cure = _CASES if name in _CASE_FILES else cure
        faults.add(name, f"is not {what} of an instance{cure}", FOLDER)
    return meant


def _read_header(folder: Path, faults: Faults) -> dict[str, object] | None:
    try:
        return read_toml(folder / HEADER_FILE, folder)
    except UnreadableTomlError as error:
        faults.add(HEADER_FILE if error.line is None else f"{HEADER_FILE}:{error.line}", error.sentence, HEADER)
        return None


def read_table(
    path: Path, table: str, attributes: Sequence[str] | None, faults: Faults, *, inside: Path | None = None
) -> Grid | None:
    """Read a CSV file, which must lie in a folder where one is given, or note why it cannot and return None."""

    def place(line: int, column: str | None) -> str:
        return f"{path.name}:{line} {column}" if column else f"{path.name}:{line}"

    why = unfit(path, inside)
    if why is not None:
        faults.add(path.name, why, RANK[table])
        return None
    grid = Grid(table, path.name, place, lambda line, position: f"{path.name}:{line} cell {position}")
    try:
        _check_separator(path, table)
        if not Tabulator(grid, attributes, faults, protected=True).fill(_rows(path)):
            return None
    except _UnreadableError as error:
        faults.add(path.name if error.line is None else f"{path.name}:{error.line}", error.sentence, RANK[table], 10**9)
        return None
    return grid


def _check_separator(path: Path, table: str) -> None:
    """Refuse a table of which the cells are not separated by commas, as spreadsheets of some countries save it."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            lines = [file.readline(_LONGEST_LINE).strip("\n") for _ in range(2)]
    except OSError:
        return  # told where the table is read
    said = re.fullmatch(r'"?sep=(.?)"?[,;\t]*', lines[0].strip(" "), re.IGNORECASE)
    top = lines[1] if said else next(filter(str.strip, lines), "")
    columns = columns_of(table)
    for sign, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
        by_sign, by_comma = ({cell.strip(' "') for cell in top.split(by)} for by in (sign, ","))
        if sign in top and by_sign & columns.keys() and not by_comma & columns.keys():
            msg = f"is separated by {name}; save it with commas and points as decimal signs"
            raise _UnreadableError(msg, 1)
    if said:
        msg = f"{lines[0].strip()} is no row of a table; remove this line"
        raise _UnreadableError(msg, 1)


def _rows(path: Path) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield each record of a CSV file with the number of the line on which it starts."""
    start = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(_lines(file), strict=True)
            for cells in reader:
                yield start, cells
                start = reader.line_num + 1
    except UnicodeDecodeError:
        raise _UnreadableError(NOT_UTF8, line_not_utf8(path)) from None
    except csv.Error as error:
        msg = f"is not CSV: {error}; mend the quotes"
        raise _UnreadableError(msg, start) from None
    except OSError as error:
        msg = f"cannot be read: {reason(error)}"
        raise _UnreadableError(msg) from None


def _lines(file: TextIO) -> Iterator[str]:
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            msg = f"is longer than {_LONGEST_LINE} characters; a row of a table is not, so mend it"
            raise _UnreadableError(msg, number)
        if "\0" in line:
            msg = "holds a NUL byte, so this is not a text file; save it as CSV UTF-8"
            raise _UnreadableError(msg, number)
        yield line

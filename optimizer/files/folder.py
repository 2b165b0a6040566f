"""A folder of instance.toml and CSV tables, read into a draft."""

from __future__ import annotations

import csv
from itertools import islice
from typing import TYPE_CHECKING, TextIO

from models.market import REQUIRED_TABLES, TABLES
from models.records.wording import find_nearest, quote, suggest
from optimizer.files.columns import RANK
from optimizer.files.draft import Draft
from optimizer.files.faults import FOLDER, HEADER, join_path
from optimizer.files.figures import DECIMAL_SIGN, SIGNS, settle_figures
from optimizer.files.grid import Grid, Tabulator
from optimizer.files.guard import NOT_UTF8, line_not_utf8, reason, unfit
from optimizer.files.header import declared_attributes, policy_files, split_limits
from optimizer.files.separator import LONGEST_LINE, SeparatorError, find_separator
from optimizer.files.toml_file import UnreadableTomlError, read_toml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from models.records.figures import Sign
    from optimizer.files.faults import Faults
    from optimizer.files.separator import Separator

HEADER_FILE = "instance.toml"
_COMPANIONS = {HEADER_FILE, "expected.json", "LICENSE"}
_CASE_FILES = {"cases.csv", "changes.csv"}
_CASES = "; keep cases outside of the instance and name them with --changes, or write them under [cases]"


class UnreadableError(Exception):
    """Why reading a file stopped, with the line where it did."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        """Keep the sentence and the line."""
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
    decimal_sign = _stated_sign(draft, faults)
    meant = _refuse_strangers(folder, policy_files(draft.header), faults)
    for table in TABLES:
        path = folder / f"{table}.csv"
        if path.exists() or path.is_symlink():
            grid = read_table(path, table, attributes, faults, inside=folder, decimal_sign=decimal_sign)
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


def _stated_sign(draft: Draft, faults: Faults) -> Sign | None:
    """Take the decimal sign of the tables out of the header; it is of the files, and not of the instance."""
    said = (draft.header or {}).pop(DECIMAL_SIGN, None)
    if said is None:
        return None
    if said in SIGNS:
        return SIGNS[said]
    faults.add(draft.spot((DECIMAL_SIGN,)), f'{quote(said)} is not a decimal sign; write "," or "."', HEADER)
    return None


def read_table(  # noqa: PLR0913 (a file, and what is known of it)
    path: Path,
    table: str,
    attributes: Sequence[str] | None,
    faults: Faults,
    *,
    inside: Path | None = None,
    decimal_sign: Sign | None = None,
) -> Grid | None:
    """Read a CSV file, which must lie in a folder where one is given, or note why it cannot and return None.

    `decimal_sign` is that of its figures where it is stated.
    """

    def place(line: int, column: str | None) -> str:
        return f"{path.name}:{line} {column}" if column else f"{path.name}:{line}"

    why = unfit(path, inside)
    if why is not None:
        faults.add(path.name, why, RANK[table])
        return None
    grid = Grid(table, path.name, place, lambda line, position: f"{path.name}:{line} cell {position}")
    try:
        separator = _separator(path, table)
        tabulator = Tabulator(grid, attributes, faults, protected=True, separator=separator.sign)
        if not tabulator.fill(read_records(path, separator)):
            return None
    except UnreadableError as error:
        faults.add(path.name if error.line is None else f"{path.name}:{error.line}", error.sentence, RANK[table], 10**9)
        return None
    if separator.sign == ";" or decimal_sign is not None:
        settle_figures(grid, decimal_sign, faults)
    return grid


def _separator(path: Path, table: str) -> Separator:
    try:
        return find_separator(path, table)
    except SeparatorError as error:
        raise UnreadableError(str(error), 1) from None
    except OSError as error:
        msg = f"cannot be read: {reason(error)}"
        raise UnreadableError(msg) from None


def read_records(path: Path, separator: Separator) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield each record of a CSV file with the number of the line on which it starts.

    Raises:
        UnreadableError: where it cannot be read on.
    """
    start = separator.above + 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = islice(_lines(file), separator.above, None)
            reader = csv.reader(lines, delimiter=separator.sign, strict=True)
            for cells in reader:
                yield start, cells
                start = separator.above + reader.line_num + 1
    except UnicodeDecodeError:
        raise UnreadableError(NOT_UTF8, line_not_utf8(path)) from None
    except csv.Error as error:
        msg = f"is not CSV: {error}; mend the quotes"
        raise UnreadableError(msg, start) from None
    except OSError as error:
        msg = f"cannot be read: {reason(error)}"
        raise UnreadableError(msg) from None


def _lines(file: TextIO) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            msg = f"is longer than {LONGEST_LINE} characters; a row of a table is not, so mend it"
            raise UnreadableError(msg, number)
        if "\0" in line:
            msg = "holds a NUL byte, so this is not a text file; save it as CSV UTF-8"
            raise UnreadableError(msg, number)
        yield line

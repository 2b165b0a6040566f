"""Read a table of CSV that we wrote as its texts, without a record behind it."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

from optimizer.errors import InputError
from optimizer.files.cells import unprotect
from optimizer.files.guard import unfit

if TYPE_CHECKING:
    from pathlib import Path


class TableKind(NamedTuple):
    """A kind of table that we write."""

    what: str
    """As a sentence calls it: ``table of plans``."""
    first: str
    """Its first column."""
    made_by: str
    """The command that writes one."""


def read_plain_table(path: Path, kind: TableKind) -> tuple[list[str], list[list[str]]]:
    """Return the heading and the rows of a table, each row as long as the heading.

    Raises:
        InputError: when it cannot be read, or is not of the kind.
    """
    why = unfit(path, path.parent)
    heading: list[str] = []
    rows: list[list[str]] = []
    try:
        if why is None:
            with path.open(encoding="utf-8-sig", newline="") as file:
                heading, *rows = ([unprotect(cell) for cell in row] for row in csv.reader(file, strict=True))
    except (UnicodeDecodeError, csv.Error, ValueError):
        why = "is not a table of UTF-8 text"
    if why is not None or heading[:1] != [kind.first] or any(len(row) != len(heading) for row in rows):
        raise not_that_table(path, kind, why)
    return heading, rows


def not_that_table(path: Path, kind: TableKind, why: str | None = None) -> InputError:
    """Return what to raise for a file that is not of a kind."""
    return InputError([f"{path}: {why or f'is not a {kind.what}'}; {kind.made_by} writes one"])

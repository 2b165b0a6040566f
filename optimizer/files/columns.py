"""The columns of every table, taken from its record, and the heading of a table as it was found."""

from __future__ import annotations

import datetime
import re
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from models.changes.row import CaseRow
from models.market import TABLES
from models.records.messages import list_fields
from models.records.wording import find_nearest, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.records.sourced import Sourced

RECORDS: dict[str, type[Sourced]] = TABLES | {"cases": CaseRow}
"""Every table that is read by its heading: those of an instance, and cases, which stand in a file of their own."""

RANK = {table: rank for rank, table in enumerate(RECORDS, start=1)}
"""Where a table's faults stand among all lines: after the header, in this order."""

ORIGINS = ("note", "source", "year", "quality", "assumed")
"""The columns that say where a row comes from; every table may have them, and they stand last."""


Kind = Literal["text", "number", "numbers", "day"]
"""What a cell holds; ``numbers`` are several, with semicolons between them."""


class Column(NamedTuple):
    """One column that a table may have."""

    name: str
    kind: Kind
    required: bool


class Heading(NamedTuple):
    """The columns that a table was found to have, by position; None where a column is not read."""

    names: tuple[str, ...]
    columns: tuple[Column | None, ...]
    lacking: frozenset[str]
    needs: int
    """How many of its columns every row must fill."""


@cache
def columns_of(table: str) -> dict[str, Column]:
    """Return the columns of a table in the order of its record, with where they come from last."""
    columns = {
        name: Column(name, _kind_of(field.annotation), field.is_required())
        for name, field in list_fields(RECORDS[table]).items()
        if name != "attributes"
    }
    return {name: columns[name] for name in sorted(columns, key=ORIGINS.__contains__)}


def _kind_of(annotation: Any) -> Kind:
    kinds: dict[Any, Kind] = {int: "number", float: "number", datetime.date: "day"}
    if get_origin(annotation) is tuple:
        return "numbers" if _kind_of(get_args(annotation)[0]) == "number" else "text"
    if get_origin(annotation) is Annotated:
        return _kind_of(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return next((kind for part in get_args(annotation) if (kind := _kind_of(part)) != "text"), "text")
    return kinds.get(annotation, "text")


def holds_no_heading(table: str, cells: Sequence[str], attributes: Sequence[str] | None) -> bool:
    """Whether a first row names no column, not even misspelt: a title, or a row of values."""
    known = {*columns_of(table), *(attributes or () if table == "offers" else ())}
    if known & set(cells):
        return False
    return sum(find_nearest(name, known, _NEAR) is not None for name in cells if name) < _ENOUGH


_NEAR = 0.75
_ENOUGH = 2
"""Names that are near to columns and make a row a misspelt heading; a title may be near by chance."""


def read_heading(
    table: str,
    cells: Sequence[str],
    attributes: Sequence[str] | None,
    complain: Callable[[str, str], None],
) -> Heading:
    """Match a table's first row to its columns.

    `attributes` are the further numeric columns of offers, None when the header could not be read
    (then unknown columns are passed over). `complain` takes the column's name and a sentence.
    """
    known = dict(columns_of(table))
    if table == "offers":
        known |= {name: Column(name, "number", required=False) for name in attributes or () if name not in known}
    forgiven = table == "offers" and attributes is None
    found: list[Column | None] = []
    meant: set[str] = set()
    for name in cells:
        column = known.get(name)
        if column is not None and column in found:
            complain(name, "stands there twice; keep one of the two columns")
        if column is None and name and not forgiven:
            declare = ", or declare it in `attributes` in the header" if table == "offers" else ""
            cure = suggest(name, known) or f"; use one of {', '.join(known)}{declare}"
            if re.fullmatch(r"Unnamed: \d+", name):
                cure = "; save without the index (index=False)"
            meant.add(find_nearest(name, known) or "")
            complain(name, f"is not a column of {table}{cure}")
        found.append(None if column in found else column)
    lacking = frozenset(c.name for c in known.values() if c.required and c not in found)
    for name in known:
        if name in lacking - meant:
            complain(name, f"is missing; every row of {table} needs this column")
    return Heading(tuple(cells), tuple(found), lacking, sum(column.required for column in known.values()))

"""The rows of every table, read into records; the names of rows that cannot be read are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import compress
from operator import not_
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from models.market import REQUIRED_TABLES, TABLES
from models.records.fields import FROM_FILE, Day, Text
from models.records.messages import describe_fault, list_own_faults
from models.records.renamed import RENAMED, OldWord, renew
from models.references import STATED
from optimizer.files.by_column import Known, records_of
from optimizer.files.cells import TO_FILL
from optimizer.files.columns import RANK, columns_of
from optimizer.files.faults import MOST_LISTED
from optimizer.files.grid import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic_core import ErrorDetails

    from models.market import Record
    from optimizer.files.draft import Draft
    from optimizer.files.faults import Faults
    from optimizer.files.grid import Grid, TextLine

_DAY, _TEXT = TypeAdapter(Day), TypeAdapter(Text)


@dataclass
class Rows:
    """Records by table, None for a row that could not be read; and what those rows would have stated."""

    records: dict[str, list[Any]] = field(default_factory=dict)
    broken: dict[str, set[str]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    """Names, by what they are called together (as their table, or ``companies``), of which not even these are known."""
    old_words: list[OldWord] = field(default_factory=list)


def read_rows(draft: Draft, attributes: Sequence[str], faults: Faults) -> Rows:
    """Read every table of a draft; what is wrong is noted in `faults`."""
    rows = Rows(unread=set(draft.unread))
    known: Known = {}
    for table, grid in draft.grids.items():
        if table in REQUIRED_TABLES and not grid.lines and not _may_be_empty(table, draft, rows):
            why = grid.absent or f"holds no rows; every instance needs some {table}"
            faults.add(grid.whole, why, RANK[table])
            rows.unread.add(table)
        rows.unread.update(kind for column, kind in STATED[table].items() if column in grid.lacking)
        rows.old_words += _renewed(grid)
        rows.records[table] = _read_grid(grid, attributes, known, faults)
        for line in compress(grid.lines, map(not_, rows.records[table])):
            _keep_names(table, line, rows)
        grid.forget_cells()
    return rows


def _may_be_empty(table: str, draft: Draft, rows: Rows) -> bool:
    """Whether other tables stand in for one that is needed: national offers for offers, products for demand."""
    if table == "demand":
        return bool((made := draft.grids.get("products")) and made.lines)
    return table == "offers" and asks_for_world(rows.records)


def asks_for_world(records: Mapping[str, Sequence[Any]]) -> bool:
    """Whether a material has national offers, so that a table of offers may be empty."""
    return any(row is not None and row.offers for row in records.get("materials", ()))


def _renewed(grid: Grid) -> Iterator[OldWord]:
    """Put new words in the place of old ones in a table, and yield those."""
    for at, line in enumerate(grid.lines if any(word.table == grid.table for word in RENAMED) else ()):
        cells, words = renew(grid.table, line.cells)
        if words:
            grid.lines[at] = Line(line.number, cells, line.sound)
        yield from (OldWord(grid.place(line.number, word.field), word) for word in words)


def _read_grid(grid: Grid, attributes: Sequence[str], known: Known, faults: Faults) -> list[Record | None]:
    by_column = records_of(grid, attributes, known)
    if all(by_column):
        return by_column
    records: list[Record | None] = []
    before = len(faults)
    for line, record in zip(grid.lines, by_column, strict=True):
        given_up = len(faults) - before > MOST_LISTED  # looking for near names takes its time
        records.append(record if record is not None or given_up else _read_line(grid, line, attributes, faults))
    return records


def _read_line(grid: Grid, line: Line | TextLine, attributes: Sequence[str], faults: Faults) -> Record | None:
    if not line.sound:
        return None
    cells, refused = _prepare(grid.table, line.cells, attributes)
    try:
        record = TABLES[grid.table].model_validate(cells, context=FROM_FILE)
    except ValidationError as error:
        for found in list_own_faults(error):
            column, what = _describe_fault(found, grid, refused)
            if column not in grid.lacking:
                faults.add(grid.place(line.number, column or None), what, RANK[grid.table], line.number)
        return None
    return record


def _prepare(
    table: str, cells: dict[str, object], attributes: Sequence[str]
) -> tuple[dict[str, object], dict[str, str]]:
    """Return the fields of a record, and a sentence for each cell that is no date, no plain text or not filled in."""
    fields: dict[str, object] = dict(cells)
    refused: dict[str, str] = {}
    columns = columns_of(table)
    for name, cell in cells.items():
        column = columns.get(name)
        adapter = _DAY if column and column.kind == "day" else _TEXT if name in {"note", "source"} else None
        if cell == TO_FILL and column is not None:
            refused[name] = f"is still to be filled in{'' if column.required else '; write it, or empty the cell'}"
        if adapter is not None:
            try:
                fields[name] = adapter.validate_python(cell)
            except ValidationError as error:
                refused[name] = describe_fault(error.errors(include_url=False)[0])
                fields[name] = ...  # of no type, so that the row is refused
    if table == "offers" and "attributes" not in fields:
        fields["attributes"] = {name: fields.pop(name) for name in attributes if name in fields and name not in columns}
    return fields, refused


def _describe_fault(found: ErrorDetails, grid: Grid, refused: dict[str, str]) -> tuple[str, str]:
    path = [part for part in found["loc"] if isinstance(part, str) and part != "[key]"]
    column = path[1] if len(path) > 1 and path[0] == "attributes" else path[0] if path else ""
    if column in refused:
        return column, refused[column]
    if found["type"] == "missing":
        return column, f"is empty; every row of {grid.table} needs it"
    return column, describe_fault(found, TABLES[grid.table])


def _keep_names(table: str, line: Line | TextLine, rows: Rows) -> None:
    """Keep the names that a broken row would state; when it states none, names cannot be called unknown."""
    for column, kind in STATED[table].items():
        if column in line.cells:
            rows.broken.setdefault(kind, set()).add(str(line.cells[column]).strip())
        else:
            rows.unread.add(kind)

"""Rows whose cells all read well, made into records column by column: each text of a column is read once.

What is wrong with a row is for `optimizer.files.rows` to say, which reads it by itself.
"""

from __future__ import annotations

from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from models.market import TABLES
from models.records.fields import FROM_FILE, Number
from optimizer.files.columns import columns_of
from optimizer.files.faults import MOST_LISTED
from optimizer.files.grid import TextLine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.market import Record
    from optimizer.files.grid import Grid

Known = dict[Any, dict[str, Any]]
"""What texts were read as, by the kind of value: a name that many rows of many tables say is read once."""


def records_of(grid: Grid, attributes: Sequence[str], known: Known) -> list[Record | None]:
    """Return the record of each row of a table, None where any of its cells may not read well.

    What is read is looked up in `known`, and added to it.
    """
    record, lines = TABLES[grid.table], [line for line in grid.lines if isinstance(line, TextLine)]
    if grid.lacking or not lines:
        return [None] * len(grid.lines)
    bad: set[int] = set()
    columns = lines[0].columns
    texts = dict(zip(columns.heading.names, zip(*(line.texts for line in lines), strict=True), strict=True))

    def column(key: str, kind: Any, empty: Any) -> list[Any]:
        before, position = known.setdefault(kind, {}), columns.heading.names.index(key)
        said = {text: columns.read_cell(position, text) for text in dict.fromkeys(texts[key]) if text not in before}
        before |= _read_all(_reader(kind), {text: what for text, what in said.items() if what is not None})
        values = list(map(before.get, texts[key], repeat(empty)))
        if _REFUSED in values:
            bad.update(number for number, value in enumerate(values) if value is _REFUSED)
        return values

    unstated: dict[str, Any] = {}
    values: dict[str, list[Any]] = {}
    for name, field in record.model_fields.items():
        empty = _REFUSED if field.is_required() else field.get_default(call_default_factory=True)
        unstated[name] = empty
        if (field.alias or name) in texts:
            values[name] = column(field.alias or name, field.rebuild_annotation(), empty)
    if grid.table == "offers":
        further = [name for name in attributes if name in texts and name not in columns_of("offers")]
        values["attributes"] = _stated(further, [column(name, Number, None) for name in further], len(lines))
    records: list[Record | None] = [*record.of_columns(unstated, values, len(lines))]
    for number in bad:
        records[number] = None
    if len(lines) == len(grid.lines):
        return records
    made = iter(records)
    return [next(made) if isinstance(line, TextLine) else None for line in grid.lines]


_REFUSED: Any = object()
"""What stands for a cell that does not read well."""


@cache
def _reader(kind: Any) -> TypeAdapter[list[Any]]:
    """Return what reads values of a kind, many at once."""
    return TypeAdapter(list[kind])


def _read_all(reader: TypeAdapter[list[Any]], stated: Mapping[str, str]) -> dict[str, Any]:
    """Read what some texts say.

    After a thousand that do not read well the rest is left, because looking for near names takes its time.
    """
    try:
        return dict(zip(stated, reader.validate_python([*stated.values()], context=FROM_FILE), strict=True))
    except ValidationError:
        return _one_by_one(reader, stated)


def _one_by_one(reader: TypeAdapter[list[Any]], stated: Mapping[str, str]) -> dict[str, Any]:
    known = dict.fromkeys(stated, _REFUSED)
    refused = 0
    for text, what in stated.items():
        try:
            (known[text],) = reader.validate_python([what], context=FROM_FILE)
        except ValidationError:
            refused += 1
        if refused > MOST_LISTED:
            break
    return known


def _stated(names: Sequence[str], columns: Sequence[Sequence[float | None]], rows: int) -> list[dict[str, float]]:
    """Return the further numbers of each row, by name, of those that it states."""
    if not names:
        return [{} for _ in range(rows)]
    stated = (zip(names, row, strict=True) for row in zip(*columns, strict=True))
    return [{name: number for name, number in row if number is not None} for row in stated]

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

_NUMBER: TypeAdapter[list[Any]] = TypeAdapter(list[Number])


def records_of(grid: Grid, attributes: Sequence[str]) -> list[Record | None]:
    """Return the record of each row of a table, None where any of its cells may not read well."""
    record, lines = TABLES[grid.table], [line for line in grid.lines if isinstance(line, TextLine)]
    if grid.lacking or not lines:
        return [None] * len(grid.lines)
    bad: set[int] = set()
    texts = dict(zip(lines[0].columns.heading.names, zip(*(line.texts for line in lines), strict=True), strict=True))

    def column(key: str, reader: TypeAdapter[list[Any]], empty: Any) -> list[Any]:
        position = lines[0].columns.heading.names.index(key)
        said = {text: lines[0].columns.read_cell(position, text) for text in dict.fromkeys(texts[key])}
        return _read_all(reader, texts[key], said, empty, bad)

    unstated: dict[str, Any] = {}
    values: dict[str, list[Any]] = {}
    for name, field in record.model_fields.items():
        empty = _REFUSED if field.is_required() else field.get_default(call_default_factory=True)
        unstated[name] = empty
        if (field.alias or name) in texts:
            values[name] = column(field.alias or name, _reader(grid.table, name), empty)
    if grid.table == "offers":
        further = [name for name in attributes if name in texts and name not in columns_of("offers")]
        values["attributes"] = _stated(further, [column(name, _NUMBER, None) for name in further], len(lines))
    said = set(values)
    rows = enumerate(
        zip(*(values.get(name) or repeat(empty, len(lines)) for name, empty in unstated.items()), strict=True)
    )
    made = (None if n in bad else record.of_read(dict(zip(unstated, row)), said) for n, row in rows)  # noqa: B905 (a row has a value for each)
    return [next(made) if isinstance(line, TextLine) else None for line in grid.lines]


_REFUSED: Any = object()
"""What stands for a cell that does not read well."""


@cache
def _reader(table: str, name: str) -> TypeAdapter[list[Any]]:
    """Return what reads values of a field, many at once."""
    kind: Any = TABLES[table].model_fields[name].rebuild_annotation()
    return TypeAdapter(list[kind])


def _read_all(
    reader: TypeAdapter[list[Any]], texts: Sequence[str], said: Mapping[str, str | None], empty: Any, bad: set[int]
) -> list[Any]:
    """Read each text of a column once, and add the numbers of rows whose cell does not read well to `bad`.

    After a thousand texts that do not read well the rest is left, because looking for near names takes its time.
    """
    stated = {text: what for text, what in said.items() if what is not None}
    known = dict.fromkeys(said, empty)
    try:
        known |= dict(zip(stated, reader.validate_python([*stated.values()], context=FROM_FILE), strict=True))
    except ValidationError:
        known |= _one_by_one(reader, stated)
    values = list(map(known.__getitem__, texts))
    if _REFUSED in known.values():
        bad.update(number for number, value in enumerate(values) if value is _REFUSED)
    return values


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

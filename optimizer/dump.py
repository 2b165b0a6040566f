"""Write an instance as a folder, a workbook or a JSON document, whole or not at all."""

from __future__ import annotations

import csv
import datetime
import io
import json
from typing import TYPE_CHECKING, Any

from models.market import REQUIRED_TABLES, TABLES
from models.policies import build_toml, format_request, list_shipped, read_shipped
from models.records.messages import list_fields
from optimizer.errors import InputError
from optimizer.files.archive import UnsafeError, inspect
from optimizer.files.atomic import clear_up, reads_as_file, write_whole
from optimizer.files.cells import protect, spell
from optimizer.files.columns import ORIGINS, columns_of
from optimizer.files.folder import HEADER_FILE
from optimizer.files.guard import reason, unfit
from optimizer.files.header import header_keys
from optimizer.files.json_file import UnreadableJsonError, read_json
from optimizer.files.keys import flatten
from optimizer.files.policies import SUFFIX
from optimizer.files.toml_text import toml_text
from optimizer.files.workbook import HEADER_SHEET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from models.instance import Instance
    from models.market import Record
    from models.policies import Policy


def dump(instance: Instance, path: Path, *, force: bool = False) -> None:
    """Write an instance to a path: a folder, or an ``.xlsx`` or ``.json`` by its suffix.

    What is written reads back to an equal record. With `force` an instance that is there already is
    replaced; of a folder, files that are no table of an instance (README.md, SOURCES.md) are kept.

    Raises:
        InputError: when there is something at the path already, or it cannot be written there.
    """
    writers: dict[str, Callable[[Instance, Path], None]] = {".xlsx": _write_workbook, ".json": _write_document}
    suffix = path.suffix.lower()
    write = writers.get(suffix, _write_folder)
    if suffix == ".xlsm":
        raise InputError([f"{path}: .xlsm holds macros, which are not written; name an .xlsx"])
    if suffix not in writers and reads_as_file(path):
        raise InputError([f"{path}: {suffix} is not a form of an instance; name a folder, an .xlsx or a .json"])
    _check_target(path, is_folder=write is _write_folder, force=force)
    with write_whole(path, ours={HEADER_FILE, *(f"{table}.csv" for table in TABLES)}) as draft:
        write(instance, draft)


def _check_target(path: Path, *, is_folder: bool, force: bool) -> None:
    """Raise InputError unless an instance can be written to a path; only an instance is replaced."""
    try:
        clear_up(path)
        why = _why_not(path, is_folder=is_folder, force=force)
    except OSError as error:
        why = f"cannot be written: {reason(error)}; name another place"
    if why:
        raise InputError([f"{path}: {why}"])


def _why_not(path: Path, *, is_folder: bool, force: bool) -> str:
    if not path.exists():
        return ""
    if path.is_dir() != is_folder:
        return f"is {'a folder' if path.is_dir() else 'a file'} and cannot be replaced by the other"
    if is_folder and not any(path.iterdir()):
        return ""
    if not _is_instance(path):
        return f"is a {'folder' if is_folder else 'file'} of something else and is not replaced; name another place"
    return "" if force else "is there already; name another place, or add --force to replace it"


def _is_instance(path: Path) -> bool:
    """Whether an instance stands at a path, sound or not: told by what every one has."""
    if path.is_dir():
        return (path / HEADER_FILE).exists() and any((path / f"{table}.csv").exists() for table in REQUIRED_TABLES)
    if path.suffix.lower() == ".json":
        try:
            said = read_json(path)
        except UnreadableJsonError:
            return False
        return isinstance(said, dict) and isinstance(said.get("market"), dict)
    try:
        return unfit(path) is None and HEADER_SHEET in inspect(path, {HEADER_SHEET})
    except UnsafeError:
        return False


def header_of(instance: Instance) -> dict[str, Any]:
    """Return the header of an instance as nested tables, without what stands at its default."""
    header: dict[str, Any] = {}
    for record in (instance, instance.market):
        keys = set(list_fields(type(record))) & set(header_keys())
        header |= record.model_dump(include=keys - {"policies"}, exclude_defaults=True, by_alias=True)
    header["limits"] = {
        limit.name: {"kind": limit.kind} | limit.model_dump(exclude={"name", "kind"}, exclude_defaults=True)
        for limit in instance.limits
    }
    if instance.policies:
        header["policies"] = [_name_of(policy) for policy in instance.policies]
    last = (*ORIGINS, "periods", "blocs", "response", "risk", "limits", "cases", "solve")
    order = sorted(header, key=lambda key: last.index(key) if key in last else -1)
    return {key: header[key] for key in order if header[key] != {}}


def _name_of(policy: Policy) -> str:
    """Return what a header names a policy by: its name, or that of a file beside the header."""
    said = format_request(policy)
    if _is_shipped(policy):
        return said
    name, colon, measures = said.partition(":")
    return f"{name}{SUFFIX}{colon}{measures}"


def _is_shipped(policy: Policy) -> bool:
    whole = policy.model_copy(update={"chosen": None})
    return policy.name in list_shipped() and read_shipped(policy.name) == whole


def table_of(records: tuple[Record, ...], table: str, attributes: tuple[str, ...]) -> Iterator[list[object]]:
    """Yield the heading and the rows of a table, without columns in which every cell stands at its default."""
    fields = list_fields(TABLES[table])
    rows = [record.model_dump(by_alias=True) for record in records]
    columns = [
        name
        for name, column in columns_of(table).items()
        if column.required or any(row[name] != fields[name].default for row in rows)
    ]
    if table == "offers":
        rows = [row | row["attributes"] for row in rows]
        columns = sorted([*columns, *attributes], key=ORIGINS.__contains__)
    yield list(columns)
    for row in rows:
        yield [row.get(name) for name in columns]


def _tables(instance: Instance) -> Iterator[tuple[str, Iterator[list[object]]]]:
    for table in TABLES:
        records = getattr(instance.market, table)
        if records:
            yield table, table_of(records, table, instance.market.attributes)


def _cell(value: object) -> object:
    """Return a value as text, or as the number that it is."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(str(part) for part in value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def _write_folder(instance: Instance, path: Path) -> None:
    path.mkdir()
    (path / HEADER_FILE).write_text(toml_text(header_of(instance)), encoding="utf-8")
    for policy in instance.policies:
        if not _is_shipped(policy):
            (path / f"{policy.name}{SUFFIX}").write_text(toml_text(build_toml(policy)), encoding="utf-8")
    for table, rows in _tables(instance):
        write_csv(path / f"{table}.csv", rows)


def write_csv(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write the heading and the rows of a table, as values of records, into a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([csv_cell(cell) for cell in row] for row in rows)


def csv_cell(value: object) -> object:
    """Return a value of a record as the text that a CSV file holds."""
    return _csv_text(_cell(value))


def _csv_text(value: object) -> object:
    if isinstance(value, str):
        return protect(value)
    return "" if value is None else spell(value)


def _write_document(instance: Instance, path: Path) -> None:
    record = instance.model_dump(mode="json", by_alias=True)
    path.write_text(json.dumps(record, ensure_ascii=False, allow_nan=False, indent=1) + "\n", encoding="utf-8")


WORKBOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""How workbooks are written: a text stays a text, whatever it looks like."""


class _Exact(float):
    """A number that XlsxWriter writes with every digit; its own 16 do not read back to the same float."""

    def __format__(self, _: str) -> str:
        return repr(float(self))


def _write_workbook(instance: Instance, path: Path) -> None:
    import xlsxwriter

    own = next((policy.name for policy in instance.policies if not _is_shipped(policy)), None)
    if own is not None:
        raise InputError([f"policies: {own} is a file of your own, which a workbook cannot hold; convert to a folder"])
    header: list[list[object]] = [["key", "value"], *([key, cell] for key, cell in flatten(header_of(instance)))]
    empty = [key for key, cell in header if cell is None]
    if empty:
        raise InputError([f"{key}: is empty, which a workbook cannot say; fill it or remove it" for key in empty])
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, WORKBOOK) as book:
        book.set_properties({"created": datetime.datetime(2000, 1, 1)})  # noqa: DTZ001 (the same file every time)
        bold = book.add_format({"bold": True})
        for name, rows in ((HEADER_SHEET, iter(header)), *_tables(instance)):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    write_cell(sheet, number, column, cell, bold if number == 0 else None)
    path.write_bytes(buffer.getvalue())


def write_cell(sheet: Any, row: int, column: int, value: object, style: object) -> None:
    """Write a value into a sheet as the number or the text that it reads back from; nothing for None."""
    if isinstance(value, bool) and style is None and sheet.get_name() == HEADER_SHEET:
        sheet.write_boolean(row, column, value)
        return
    cell = _cell(value)
    if isinstance(cell, (int, float)):
        sheet.write_number(row, column, _Exact(cell), style)
    elif cell is not None:
        sheet.write_string(row, column, cell, style)

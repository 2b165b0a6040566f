"""A workbook to fill in: every sheet of an instance with notes, drop-downs and widths, and rows to write over."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import iso3166

from models.market import REQUIRED_TABLES, TABLES
from models.records.countries import UNDISCLOSED, country_name, read_country
from models.records.fields import Country, Flag
from optimizer.dump import WORKBOOK, header_of, table_of, write_cell
from optimizer.errors import InputError
from optimizer.files.archive import letters
from optimizer.files.atomic import write_whole
from optimizer.files.bundle import home, list_bundled
from optimizer.files.columns import ORIGINS, columns_of
from optimizer.files.field_words import field_words
from optimizer.files.header import header_keys
from optimizer.files.keys import flatten
from optimizer.files.workbook import HEADER_SHEET
from optimizer.load import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.market import Record

_ROWS = 10_000
"""Rows of a sheet that have drop-downs."""
_LISTS = "_lists"
"""The hidden sheet behind drop-downs; its name begins so that it is left alone."""
_EXAMPLE = {"note": "example: write your own row over it", "quality": "assumed"}
_ROWS_OF_EXAMPLE: dict[str, dict[str, object]] = {
    "materials": {"material": "lithium", "stages": "mined", "basis": "t Li content"},
    "sites": {"site": "plant", "country": "Germany"},
    "demand": {"site": "plant", "material": "lithium", "period": "2027", "quantity": 100},
    "offers": {
        "offer": "brine",
        "company": "south",
        "material": "lithium",
        "stage": "mined",
        "country": "Chile",
        "capacity": 150,
        "price": 90000,
    },
}
_WIDTHS = {"number": 14, "numbers": 18, "day": 12, "text": 18}
_WIDE = {"note": 40, "source": 40, "title": 40}
_IN_WORDS = {
    "number": "A number.",
    "numbers": "One number or several, with semicolons between them.",
    "day": "A day, such as 2027-01-31.",
    "text": "",
}


class _Filled(NamedTuple):
    """What is written into the sheets."""

    header: list[tuple[str, object]]
    tables: dict[str, list[list[object]]]
    """The heading and the rows of each table that has any."""


def write_template(name: str, target: Path) -> bool:
    """Write a workbook to fill in, and return whether `name` is a bundled instance, whose rows are then in it.

    Under any other name it holds one example row on each sheet that must be filled.

    Raises:
        InputError: when the name cannot be one, something stands at the place, or it cannot be written there.
    """
    if target.suffix.lower() != ".xlsx":
        raise InputError([f"{target}: is not the name of a workbook; name a file that ends in .xlsx"])
    if name != Path(name).name or not name.strip() or not name.isprintable():
        raise InputError([f"{name!r} is not a name of an instance; give one such as my-study, and the place with --to"])
    if target.exists() or target.is_symlink():
        raise InputError([f"{target}: is there already; name another file with --to"])
    bundled = name in list_bundled()
    filled = _of_instance(name) if bundled else _of_example(name)
    with write_whole(target) as draft:
        draft.write_bytes(_build(filled))
    return bundled


def _of_instance(name: str) -> _Filled:
    instance = load(home() / name)
    tables = {}
    for table in TABLES:
        if records := getattr(instance.market, table):
            tables[table] = _with_all_columns(table, [*table_of(records, table, instance.market.attributes)])
    return _Filled([*flatten(header_of(instance))], tables)


def _with_all_columns(table: str, rows: list[list[object]]) -> list[list[object]]:
    """Return a table with every column that it may have."""
    heading, *cells = rows
    own = [str(name) for name in heading if name not in columns_of(table)]
    names = sorted([*columns_of(table), *own], key=ORIGINS.__contains__)
    said = (dict(zip(heading, row, strict=True)) for row in cells)
    return [[*names], *([row.get(name) for name in names] for row in said)]


def _of_example(name: str) -> _Filled:
    header: list[tuple[str, object]] = [
        ("name", name),
        ("title", f"{name}: say here what it is about"),
        ("currency", "USD"),
        ("mass_unit", "t"),
        ("as_of", datetime.date(2027, 1, 1)),
        ("periods.1.name", "2027"),
        ("periods.1.years", 1),
    ]
    rows = {table: row | _EXAMPLE for table, row in _ROWS_OF_EXAMPLE.items()}
    return _Filled(header, {table: [[*columns_of(table)], _cells_of(table, row)] for table, row in rows.items()})


def _cells_of(table: str, row: Mapping[str, object]) -> list[object]:
    return [row.get(name) for name in columns_of(table)]


def _build(filled: _Filled) -> bytes:
    """Return the workbook."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, WORKBOOK) as book:
        book.set_properties({"created": datetime.datetime(2000, 1, 1)})  # noqa: DTZ001 (the same file every time)
        styles = _styles(book)
        order = [*REQUIRED_TABLES, *(table for table in TABLES if table not in REQUIRED_TABLES)]
        _write_readme(book.add_worksheet("README"), order, styles)
        _write_header(book.add_worksheet(HEADER_SHEET), filled.header, styles)
        for table in order:
            rows = filled.tables.get(table, [[*columns_of(table)]])
            _write_table(book.add_worksheet(table), table, rows, styles)
        lists = book.add_worksheet(_LISTS)
        lists.hide()
        for column, words in enumerate((_list_countries(), [*header_keys()])):
            lists.write_column(0, column, words)
    return buffer.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    needed = {"bold": True, "bg_color": "#D9E2EC", "border": 1}
    return {
        "bold": book.add_format({"bold": True}),
        "needed": book.add_format(needed),
        "optional": book.add_format(needed | {"bold": False, "bg_color": "#F3F4F6"}),
        "text": book.add_format({"num_format": "@"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _write_readme(sheet: Any, order: Sequence[str], styles: Mapping[str, Any]) -> None:
    needed = f"{', '.join(order[: len(REQUIRED_TABLES) - 1])} and {order[len(REQUIRED_TABLES) - 1]}"
    lines = [
        f"Fill in the sheet {HEADER_SHEET} and the sheets {needed}. Every other sheet may stay as it is.",
        "A heading has a note that says what stands in its column. A column with a bold heading must be filled.",
        "A row that is noted as an example is to be written over. It counts until then, and is marked as assumed.",
        "Limits stand in the sheet instance, one key a row, such as limits.china.kind and share_cap.",
        "A sheet of your own is left alone when its name begins with _.",
        "Check the workbook by: lodeplan validate FILE.xlsx. Solve it by: lodeplan solve FILE.xlsx -o plan",
    ]
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 100, styles["wrap"])
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    for row, table in enumerate(order, start=len(lines) + 1):
        sheet.write_string(row, 0, table, styles["bold"] if table in REQUIRED_TABLES else None)
        sheet.write_string(row, 1, (TABLES[table].__doc__ or "").partition("\n")[0])


def _write_header(sheet: Any, keys: Sequence[tuple[str, object]], styles: Mapping[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 36, styles["text"])
    sheet.set_column(1, 1, 48)
    for column, (name, words) in enumerate(
        (
            ("key", "What is said: a key of the header, such as currency, or with dots: limits.china.max_share."),
            ("value", "What it is. A list has a row for each element: periods.1.name, periods.2.name."),
        )
    ):
        sheet.write_string(0, column, name, styles["needed"])
        sheet.write_comment(0, column, words, {"x_scale": 2})
    for row, (key, value) in enumerate(keys, start=1):
        write_cell(sheet, row, 0, key, None)
        write_cell(sheet, row, 1, value, None)
    source = f"={_LISTS}!$B$1:$B${len(header_keys())}"
    sheet.data_validation(1, 0, _ROWS, 0, _offer_words(source, strict=False))


def _write_table(sheet: Any, table: str, rows: list[list[object]], styles: Mapping[str, Any]) -> None:
    heading, *cells = rows
    record, known = TABLES[table], columns_of(table)
    words, hints = field_words(record), _hints(record)
    sheet.freeze_panes(1, 1)
    for at, name in enumerate(map(str, heading)):
        column = known.get(name)
        kind = column.kind if column is not None else "number"
        needed = column is not None and column.required
        sheet.set_column(at, at, _WIDE.get(name, max(_WIDTHS[kind], len(name) + 2)), styles.get(kind))
        sheet.write_string(0, at, name, styles["needed" if needed else "optional"])
        said = [words.get(name, words.get(f"{name}_", "")), _IN_WORDS[kind] or _in_words(hints.get(name))]
        said.append("Must be filled." if needed else "May stay empty.")
        sheet.write_comment(0, at, " ".join(filter(None, said)), {"x_scale": 2, "y_scale": 1.5})
        if (source := _source(record, name, hints.get(name))) is not None:
            sheet.data_validation(1, at, _ROWS, at, source)
    for row, line in enumerate(cells, start=1):
        for at, cell in enumerate(line):
            write_cell(sheet, row, at, cell, None)


def _hints(record: type[Record]) -> dict[str, Any]:
    """Return what each column of a table holds."""
    hints = get_type_hints(record, include_extras=True)
    return {field.alias or name: _bare(hints[name]) for name, field in record.model_fields.items()}


def _bare(hint: Any) -> Any:
    """Return a hint without the nothing that may stand in its place."""
    if get_origin(hint) in {Union, UnionType}:
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


def _in_words(hint: Any) -> str:
    if hint == Country:
        return f"A country: its name, or a code of ISO 3166; {UNDISCLOSED} where it is undisclosed."
    if hint == Flag:
        return "yes or no."
    if get_origin(hint) is Literal:
        return f"One of {', '.join(map(str, get_args(hint)))}."
    return "Several have semicolons between them." if get_origin(hint) is tuple else ""


def _source(record: type[Record], name: str, hint: Any) -> dict[str, Any] | None:
    """Return what a cell of a column is picked from, or None where it is free."""
    if hint == Country:
        return _offer_words(f"={_LISTS}!$A$1:$A${len(_list_countries())}", strict=False)
    if hint == Flag:
        return _offer_words(["yes", "no"], strict=True)
    if get_origin(hint) is Literal:
        return _offer_words([str(word) for word in get_args(hint)], strict=True)
    table = record.REFERS.get(name, "")
    if table not in TABLES or (one := TABLES[table].KEY[0]) not in columns_of(table):
        return None
    column = f"${letters([*columns_of(table)].index(one) + 1)}"
    filled = f"COUNTA({table}!{column}$2:{column}${_ROWS})"
    return _offer_words(f"=OFFSET({table}!{column}$2,0,0,MAX(1,{filled}),1)", strict=False)


def _offer_words(source: str | list[str], *, strict: bool) -> dict[str, Any]:
    """Return a drop-down; one that is not strict takes other words as well, as names may be spelt otherwise."""
    kind = "stop" if strict else "information"
    told = "Choose one of the list." if strict else "This is not in the list. Keep it if it is right all the same."
    return {"validate": "list", "source": source, "error_type": kind, "error_title": "Lodeplan", "error_message": told}


def _list_countries() -> list[str]:
    """Return the name of every country, in everyday words where these are read as that country."""
    everyday = {country: country_name(country.alpha2) for country in iso3166.countries}
    return sorted(name if _reads_as(name, one.alpha2) else one.apolitical_name for one, name in everyday.items())


def _reads_as(name: str, code: str) -> bool:
    try:
        return read_country(name) == code
    except ValueError:
        return False

"""Every kind of bad workbook, and the exact lines that are told about it."""

from __future__ import annotations

import datetime
import os
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from optimizer.dump import dump
from optimizer.load import load
from tests.refused import lines_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Sheets = dict[str, list[list[Any]]]


@pytest.fixture
def book(small: Path) -> Path:
    """Return a good workbook."""
    path = small.parent / "book.xlsx"
    dump(load(small), path)
    return path


def sheets_of(path: Path) -> Sheets:
    with CalamineWorkbook.from_path(path) as opened:
        return {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}


class Formula(str):
    """A formula together with the value that a spreadsheet left in its cell."""

    __slots__ = ("value",)
    value: str


def formula(text: str, value: str) -> Formula:
    cell = Formula(text)
    cell.value = value
    return cell


def write(path: Path, sheets: Sheets, at: str | None = None, cell: object = None) -> None:
    """Write sheets; `at` and `cell` put one value in its place, such as ``offers!E3``."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as written:
        day = written.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = written.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if at is not None and at.startswith(f"{name}!"):
                where = at.partition("!")[2]
                if isinstance(cell, Formula):
                    sheet.write_formula(where, cell, None, cell.value)
                else:
                    sheet.write(where, cell, *([day] if isinstance(cell, datetime.date) or cell is None else []))


CELLS: dict[str, tuple[str, object, list[str]]] = {
    "misspelt country": (
        "offers!E3", "Chlie",
        ["book.xlsx:offers!E3 country: 'Chlie' is not a country (did you mean Chile?)"],
    ),
    "empty cell": (
        "offers!E3", None,
        ["book.xlsx:offers!E3 country: is empty; every row of offers needs it"],
    ),
    "share of 40": (
        "owners!D3", 40,
        ['book.xlsx:owners!D3 share: 40 is not a share; write 0.4 or "40%"'],
    ),
    "truth value in a number": (
        "offers!F3", True,
        ["book.xlsx:offers!F3 capacity: true is not a number; write one such as 1234.5"],
    ),
    "date in a name": (
        "stock!A2", datetime.date(2027, 1, 1),
        ["book.xlsx:stock!A2 site: 2027-01-01 is not a name; write some text"],
    ),
    "error of a formula": (
        "offers!F3", formula("=1/0", "#DIV/0!"),
        ["book.xlsx:offers!F3 capacity: holds the error #DIV/0!; mend the formula or type the value"],
    ),
    "error in an optional cell": (
        "offers!K3", formula("=NA()", "#N/A"),
        ["book.xlsx:offers!K3 note: holds the error #N/A; mend the formula or type the value"],
    ),
    "formula without a value": (
        "offers!H3", formula("=1+1", ""),
        [
            ("book.xlsx:offers!H3 fixed_cost: holds a formula that was never calculated; "
            "save it from a spreadsheet program")
        ],
    ),
    "misspelt column": (
        "offers!F1", "capcity",
        ["book.xlsx:offers!F1 capcity: is not a column of offers (did you mean capacity?)"],
    ),
    "cell outside the table": (
        "offers!AA3", "x",
        ["book.xlsx:offers!AA3: 'x' stands in a column without a name; name the column or empty the cell"],
    ),
    "scratch text beside the table": (
        "offers!N3", "to check",
        ["book.xlsx:offers!N3: 'to check' stands in a column without a name; name the column or empty the cell"],
    ),
    "error beside the table": (
        "offers!N3", formula("=1/0", "#DIV/0!"),
        ["book.xlsx:offers!N3: holds the error #DIV/0!; mend the formula or type the value"],
    ),
    "limit that is not hard": (
        "instance!B16", False,
        [
            ("book.xlsx:instance!B16 limits.china.hard: false does not make a limit soft; "
            "write penalty = a cost instead"),
        ],
    ),
    "cell at the end of the sheet": (
        "offers!XFD1048576", "x",
        [
            ("book.xlsx: the sheet offers reaches to XFD1048576; "
            "delete the empty rows and columns up to there")
        ],
    ),
    "misspelt key of the header": (
        "instance!A4", "curency",
        ["book.xlsx:instance!A4 curency: is not a key that is known here (did you mean currency?)"],
    ),
    "key without a value": (
        "instance!B4", None,
        ["book.xlsx:instance!B4 currency: is missing; every instance needs it"],
    ),
    "misspelt field of a limit": (
        "instance!A19", "limits.china.max_shar",
        ["book.xlsx:instance!A19 limits.china.max_shar: is not a key that is known here (did you mean max_share?)"],
    ),
    "limit of 40": (
        "instance!B19", 40,
        ['book.xlsx:instance!B19 limits.china.max_share: 40 is not a share; write 0.4 or "40%"'],
    ),
    "date that is none": (
        "instance!B6", "soon",
        ["book.xlsx:instance!B6 as_of: 'soon' is not a date; write one such as 2026-01-31"],
    ),
    "list across columns": (
        "instance!C7", "price",
        [
            ("book.xlsx:instance!C7 attributes.1: 'price' stands in a column without a name; write it in a row of "
            "its own, with the key attributes.2"),
        ],
    ),
    "second value beside a key": (
        "instance!C4", "EUR",
        [
            ("book.xlsx:instance!C4 currency: 'EUR' stands in a column without a name; write each value in a row of "
            "its own, with the key beside it"),
        ],
    ),
    "error instead of a key": (
        "instance!A20", formula("=NA()", "#N/A"),
        ["book.xlsx:instance!A20: holds the error #N/A; mend the formula or type the value"],
    ),
    "misspelt key without a value": (
        "instance!A21", "limits.china.stagess",
        ["book.xlsx:instance!A21 limits.china.stagess: is not a key that is known here (did you mean stages?)"],
    ),
    "misspelt setting without a value": (
        "instance!A21", "solve.gapp",
        ["book.xlsx:instance!A21 solve.gapp: is not a key that is known here (did you mean gap?)"],
    ),
    "footnote below the table": (
        "offers!A8", "Source: USGS",
        [
            ("book.xlsx:offers!A8: 'Source: USGS' stands alone in its row; remove it, or say it in the column note "
            "of a row that it is about"),
        ],
    ),
    "no key": (
        "instance!A20", "solve..gap",
        ["book.xlsx:instance!A20: 'solve..gap' is not a key; write one such as limits.china.max_share"],
    ),
    "key twice": (
        "instance!A20", "title",
        ["book.xlsx:instance!A20 title: stands there twice; keep one"],
    ),
    "key below a value": (
        "instance!A20", "title.long",
        [
            ("book.xlsx:instance!A20 title.long: cannot stand below title, which has a value of its own; "
            "remove one of them"),
        ],
    ),
    "key among positions": (
        "instance!A20", "periods.name",
        [
            ("book.xlsx:instance!A20 periods.name: mixes names and positions below periods; "
            "put a name of digits in quotes"),
        ],
    ),
    "other columns": (
        "instance!A1", "name",
        ["book.xlsx:instance!A1: has the columns name, value; it needs key and value, and no other"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CELLS)
def test_a_spoilt_cell_is_told_with_its_place(book: Path, case: str) -> None:
    at, cell, expected = CELLS[case]
    write(book, sheets_of(book), at, cell)
    assert lines_of(book) == expected


@pytest.mark.parametrize("start", [0, 1])
def test_an_index_of_pandas_is_told_once(book: Path, start: int) -> None:
    sheets = sheets_of(book)
    first, *rows = sheets["offers"]
    sheets["offers"] = [["", *first], *([number, *row] for number, row in enumerate(rows, start=start))]
    write(book, sheets)
    told = "book.xlsx:offers!A1: a column without a name counts the rows; save without the index (index=False)"
    assert lines_of(book) == [told]


def test_a_title_above_the_columns_is_told_once(book: Path) -> None:
    sheets = sheets_of(book)
    sheets["offers"] = [["Offers of lithium"], *sheets["offers"]]
    write(book, sheets)
    assert lines_of(book) == [
        (
            "book.xlsx:offers!A1: names no column of offers; the first row must name the columns "
            "(offer, company, material, stage, ...), so remove what stands above them"
        )
    ]


def test_periods_without_a_number_are_told(book: Path) -> None:
    sheets = sheets_of(book)
    sheets["instance"] = [row for row in sheets["instance"] if not str(row[0]).startswith("periods.2")]
    for row in sheets["instance"]:
        row[0] = str(row[0]).replace("periods.1.", "periods.")
    write(book, sheets)
    (line,) = lines_of(book)
    place, _, what = line.partition(" periods: ")
    assert place.startswith("book.xlsx:instance!A")
    assert what == "is one table where a list is needed; number each period: periods.1.name, periods.1.years"


@pytest.mark.parametrize("said", ["yes", "TRUE", "true", True])
def test_a_limit_is_hard_however_a_sheet_says_yes(book: Path, said: object) -> None:
    expected = load(book)
    write(book, sheets_of(book), "instance!B16", said)
    assert load(book) == expected


def test_cells_as_spreadsheets_make_them_are_understood(book: Path) -> None:
    expected = load(book)
    sheets = sheets_of(book)
    sheets["instance"][5][1] = datetime.date(2026, 1, 15)
    sheets["demand"] = [["" if cell == "" else cell for cell in row] for row in sheets["demand"]]
    for row in sheets["demand"][1:]:
        row[2] = float(row[2])
    sheets["lanes"] = [[], [*sheets["lanes"][0], ""], [], *sheets["lanes"][1:], ["", ""]]
    sheets["README"] = [["anything"]]
    with xlsxwriter.Workbook(book) as written:
        day = written.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = written.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell, *([day] if isinstance(cell, datetime.date) else []))
    assert load(book) == expected


def test_a_number_is_read_with_every_digit(book: Path, small: Path) -> None:
    text = (small / "offers.csv").read_text(encoding="utf-8")
    (small / "offers.csv").write_text(text.replace("9000", "0.30000000000000004"), encoding="utf-8")
    dump(load(small), book, force=True)
    assert load(book).market.offer["Pilbara"].price == 0.1 + 0.2


@pytest.mark.parametrize(
    ("name", "renamed", "expected"),
    [
        ("offers", "ofers", "book.xlsx:ofers: is not a sheet of an instance (did you mean offers?)"),
        ("instance", "instanz", "book.xlsx:instanz: is not a sheet of an instance (did you mean instance?)"),
        (
            "tiers",
            "Blatt1",
            "book.xlsx:Blatt1: is not a sheet of an instance; remove it, or name it _Blatt1 to have it left alone",
        ),
        ("sites", "README", "book.xlsx:sites: is missing; every instance needs this sheet"),
        (
            "instance",
            "README",
            "book.xlsx:instance: is missing; every workbook needs this sheet with the columns key and value",
        ),
    ],
)
def test_a_sheet_of_another_name_is_told(book: Path, name: str, renamed: str, expected: str) -> None:
    write(book, {renamed if sheet == name else sheet: rows for sheet, rows in sheets_of(book).items()})
    assert lines_of(book) == [expected]


def test_a_sheet_of_ones_own_is_left_alone_and_a_hidden_one_is_told(book: Path) -> None:
    expected, sheets = load(book), sheets_of(book)
    write(book, sheets | {"_scratch": [["=1/0", "anything"]], "_old offers": [["offer"]]})
    assert load(book) == expected
    with xlsxwriter.Workbook(book) as written:
        for name, rows in sheets.items():
            sheet = written.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        written.add_worksheet("Sheet2").hide()
        written.add_worksheet("old offers").very_hidden()
        written.add_chartsheet("picture")
    left = "to have it left alone"
    assert lines_of(book) == [
        f"book.xlsx:Sheet2: is hidden, and is not a sheet of an instance; remove it, or name it _Sheet2 {left}",
        f"book.xlsx:old offers: is hidden, and is not a sheet of an instance; remove it, or name it _old offers {left}",
        f"book.xlsx:picture: is not a sheet of an instance; remove it, or name it _picture {left}",
    ]


def test_a_workbook_with_macros_is_read(book: Path) -> None:
    expected = load(book)
    assert load(book.rename(book.with_suffix(".xlsm"))) == expected


def packed(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def damaged(path: Path) -> None:
    """Spoil the first byte of what is packed of each part."""
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            name, extra = struct.unpack_from("<HH", data, part.header_offset + 26)
            data[part.header_offset + 30 + name + extra] ^= 0xFF
    path.write_bytes(data)


def understated(path: Path) -> None:
    """Pack 100 MB and declare 1 000 bytes."""
    packed(path, {"xl/worksheets/sheet1.xml": b" " * 100_000_000})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        at = data.find(signature) + offset
        data[at : at + 4] = struct.pack("<I", 1_000)
    path.write_bytes(data)


CANNOT = "is not a workbook that can be read"
BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda p: p.write_text("hello"), f"{CANNOT} (File is not a zip file)"),
    "cut short": (lambda p: p.write_bytes(p.read_bytes()[:3_000]), f"{CANNOT}: it breaks off before its end"),
    "locked with a password": (
        lambda p: p.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 3_000),
        "is locked with a password, or of an old kind (.xls); save it as .xlsx, without a password",
    ),
    "damaged": (damaged, f"{CANNOT} (Error -3 while decompressing data"),
    "another archive": (lambda p: packed(p, {"a.txt": b"x"}), f"{CANNOT} (File not found '_rels/.rels')"),
    "nothing": (lambda p: p.write_bytes(b""), "is empty (0 bytes)"),
    "one part that expands beyond reason": (
        lambda p: packed(p, {"xl/worksheets/sheet1.xml": b" " * 100_000_000}),
        "xl/worksheets/sheet1.xml would expand to 200 times its size or more",
    ),
    "many parts that expand beyond reason": (
        lambda p: packed(p, {f"xl/{number}.xml": b" " * 9_999_999 for number in range(31)}),
        "expands to more than 300 MB",
    ),
    "a part that holds more than it says": (understated, "xl/worksheets/sheet1.xml holds more than it declares"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_is_no_honest_workbook_is_not_opened(book: Path, case: str) -> None:
    spoil, expected = BROKEN[case]
    spoil(book)
    (line,) = lines_of(book)
    assert line.startswith(f"book.xlsx: {expected}")
    assert "; " in line


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "book.xlsx")
    told = "book.xlsx: is a pipe or a device and not an ordinary file; put a file in its place"
    assert lines_of(tmp_path / "book.xlsx") == [told]

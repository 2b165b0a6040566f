"""What is looked at before a workbook is opened: its true size, and cells that would read as nothing.

A workbook is a zip archive. What its members expand to is counted while expanding them, since the
sizes that it declares may lie; and the reader lays out every sheet up to its last cell, so the place
of that cell is looked at first.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from optimizer.files.guard import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

LARGEST_EXPANDED = 300 * MEGABYTE
MOST_CELLS = 5_000_000
_MOST_MEMBERS = 1_000
_HIGHEST_RATIO = 200
_RATIO_FLOOR = 10 * MEGABYTE
"""Below this size a member may shrink as well as it likes."""
_PIECE = 1 << 18
_LOCAL_HEADER = 30

# Linear in the size of the data, whatever it holds: no part looks past the next angle bracket.
_TOKEN = re.compile(rb"<(?:\w+:)?(?:(?P<tag>row|c)\b(?P<keys>[^<>]*)|(?P<formula>f)\b|v>(?P<value>[^<]*))")
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]*)(\d+)[\"']")
_TYPE = re.compile(rb"\bt=[\"'](\w+)[\"']")


class UnsafeError(Exception):
    """Why a workbook is not opened, in words."""


@dataclass(frozen=True)
class Layout:
    """What was seen of one sheet: how far it reaches, and the cells that would silently read as empty."""

    rows: int
    columns: int
    hollow: dict[tuple[int, int], str]
    """Why a cell holds nothing that can be read, by row and column, both from 1."""


def inspect(path: Path, wanted: Collection[str] | None = None) -> dict[str, Layout]:
    """Return the layout of those sheets of a workbook that are wanted, by name; None wants all of them.

    Raises:
        UnsafeError: when the file is no workbook, or would expand to more than can be meant.
    """
    _check_beginning(path)
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            members = archive.infolist()
            _check_declared(members)
            sheets = {}
            for member in members:
                data = _expand(raw, member)
                if member.filename.startswith("xl/worksheets/") or member.filename in _MAPS:
                    sheets[member.filename] = data
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as error:
        msg = f"is not a workbook that can be read ({error}); save it again as .xlsx, without a password"
        raise UnsafeError(msg) from None
    names = _names(sheets)
    return {
        name: _layout(name, sheets[part])
        for part, name in names.items()
        if part in sheets and (wanted is None or name in wanted)
    }


def _check_beginning(path: Path) -> None:
    """Raise UnsafeError for what its first bytes tell: a locked or an old workbook, or half of one."""
    try:
        with path.open("rb") as file:
            begin = file.read(len(_COMPOUND))
        broken = begin.startswith(_ZIP) and not zipfile.is_zipfile(path)
    except OSError:
        return  # told where it is read
    if begin == _COMPOUND:
        msg = "is locked with a password, or of an old kind (.xls); save it as .xlsx, without a password"
        raise UnsafeError(msg)
    if broken:
        msg = "is not a workbook that can be read: it breaks off before its end; copy or save it again"
        raise UnsafeError(msg)


_ZIP = b"PK\3\4"
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
"""How a file begins that holds an encrypted workbook, or one from before 2007."""

_MAPS = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")


def _check_declared(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > _MOST_MEMBERS:
        msg = f"holds {len(members)} parts; a workbook has {_MOST_MEMBERS} at most"
        raise UnsafeError(msg)
    _check_total(sum(member.file_size for member in members))
    for member in members:
        if member.file_size > max(_RATIO_FLOOR, _HIGHEST_RATIO * member.compress_size):
            msg = f"{member.filename} would expand to {_HIGHEST_RATIO} times its size or more; save the workbook again"
            raise UnsafeError(msg)
        if member.flag_bits & 1 or member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            msg = f"{member.filename} is encrypted or packed in an unknown way; save the workbook again"
            raise UnsafeError(msg)


def _check_total(size: int) -> None:
    if size > LARGEST_EXPANDED:
        msg = f"expands to more than {LARGEST_EXPANDED // MEGABYTE} MB; an instance does not, so split or clean it"
        raise UnsafeError(msg)


def _expand(raw: IO[bytes], member: zipfile.ZipInfo) -> bytes:
    """Expand one member, giving up as soon as it is larger than it says."""
    data = bytearray()
    for piece in _pieces(raw, member):
        data += piece
        if len(data) > member.file_size:
            msg = f"{member.filename} holds more than it declares; save the workbook again"
            raise UnsafeError(msg)
    return bytes(data)


def _pieces(raw: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    raw.seek(member.header_offset)
    fixed = raw.read(_LOCAL_HEADER)
    raw.seek(int.from_bytes(fixed[26:28], "little") + int.from_bytes(fixed[28:30], "little"), 1)
    left = member.compress_size
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (piece := raw.read(min(_PIECE, left))):
        left -= len(piece)
        if inflate is None:
            yield piece
            continue
        while piece:
            yield inflate.decompress(piece, _PIECE)
            piece = inflate.unconsumed_tail


def _names(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the name of every sheet by the part that holds it."""
    book, links = (parts.get(name, b"").decode("utf-8", "replace") for name in _MAPS)
    targets = {
        keys.get("Id", ""): keys.get("Target", "").removeprefix("/xl/") for keys in _keys_of(links, "Relationship")
    }
    return {
        f"xl/{targets.get(keys.get('r:id', ''), '')}": html.unescape(keys.get("name", ""))
        for keys in _keys_of(book, "sheet")
    }


def _keys_of(text: str, tag: str) -> Iterator[dict[str, str]]:
    for found in re.finditer(rf"<(?:\w+:)?{tag}\s([^>]*)>", text):
        yield {key: value for key, _, value in re.findall(r"([\w:]+)=([\"'])(.*?)\2", found[1], re.DOTALL)}


def _layout(name: str, data: bytes) -> Layout:
    rows = columns = 0
    hollow = {}
    for row, column, kind, formula, value in _cells(data):
        rows, columns = max(rows, row), max(columns, column)
        if kind == b"e":
            what = f"holds the error {value.decode('utf-8', 'replace')}; mend the formula or type the value"
            hollow[row, column] = what
        elif formula and not value and kind != b"str":
            hollow[row, column] = "holds a formula that was never calculated; save it from a spreadsheet program"
    if rows * columns > MOST_CELLS:
        msg = f"the sheet {name} reaches to {letters(columns)}{rows}; delete the empty rows and columns up to there"
        raise UnsafeError(msg)
    return Layout(rows, columns, hollow)


def _cells(data: bytes) -> Iterator[tuple[int, int, bytes, bool, bytes]]:
    """Yield row, column, type, whether there is a formula, and the value of every cell of a sheet."""
    row = column = 0
    cell: tuple[int, int, bytes] | None = None
    formula, value = False, b""
    for token in _TOKEN.finditer(data):
        if token["tag"] is None:
            formula, value = formula or token["formula"] is not None, token["value"] or value
            continue
        if cell is not None:
            yield *cell, formula, value
        cell, formula, value = None, False, b""
        at, kind = _REFERENCE.search(token["keys"]), _TYPE.search(token["keys"])
        if token["tag"] == b"row":
            row, column = (int(at[2][:9]) if at else row + 1), 0
        else:
            column, row = (_number_of(at[1]), int(at[2][:9])) if at else (column + 1, row)
            cell = (row, column, kind[1] if kind else b"")
    if cell is not None:
        yield *cell, formula, value


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number


def letters(column: int) -> str:
    """Return the letters of a column counted from 1.

    >>> letters(3), letters(27)
    ('C', 'AA')
    """
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text

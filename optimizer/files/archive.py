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
    from collections.abc import Iterator
    from pathlib import Path

LARGEST_EXPANDED = 300 * MEGABYTE
MOST_CELLS = 5_000_000
_MOST_MEMBERS = 1_000
_HIGHEST_RATIO = 200
_RATIO_FLOOR = 10 * MEGABYTE
"""Below this size a member may shrink as well as it likes."""
_PIECE = 1 << 18
_LOCAL_HEADER = 30

_PART = re.compile(
    rb"<(?:\w+:)?(?:row\b(?P<row>[^>]*)|c\b(?P<cell>[^>]*?)(?:/>|>(?P<inner>.*?)</(?:\w+:)?c>))", re.DOTALL
)
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]*)(\d+)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v>(.*?)</", re.DOTALL)


class UnsafeError(Exception):
    """Why a workbook is not opened, in words."""


@dataclass(frozen=True)
class Layout:
    """What was seen of one sheet: how far it reaches, and the cells that would silently read as empty."""

    rows: int
    columns: int
    hollow: tuple[tuple[str, str], ...]
    """Cell and sentence."""


def inspect(path: Path) -> dict[str, Layout]:
    """Return the layout of every sheet of a workbook by name.

    Raises:
        UnsafeError: when the file is no workbook, or would expand to more than can be meant.
    """
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
    return {name: _layout(name, sheets[part]) for part, name in names.items() if part in sheets}


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
    row = column = rows = columns = 0
    hollow = []
    for part in _PART.finditer(data):
        at = _REFERENCE.search(part["row"] if part["cell"] is None else part["cell"])
        if part["cell"] is None:
            row, column = (int(at[2]) if at else row + 1), 0
            continue
        column, row = (_number_of(at[1]), int(at[2])) if at else (column + 1, row)
        rows, columns = max(rows, row), max(columns, column)
        why = _hollow(part["cell"], part["inner"] or b"")
        if why:
            hollow.append((f"{letters(column)}{row}", why))
    if rows * columns > MOST_CELLS:
        msg = f"the sheet {name} reaches to {letters(columns)}{rows}; delete the empty rows and columns up to there"
        raise UnsafeError(msg)
    return Layout(rows, columns, tuple(hollow))


def _hollow(keys: bytes, inner: bytes) -> str | None:
    value = _VALUE.search(inner)
    if b't="e"' in keys or b"t='e'" in keys:
        shown = value[1].decode("utf-8", "replace") if value else "an error"
        return f"holds the error {shown}; mend the formula or type the value"
    if value is None and re.search(rb"<(?:\w+:)?f\b", inner):
        return "holds a formula that was never calculated; open the workbook in a spreadsheet and save it"
    return None


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

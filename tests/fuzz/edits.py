"""Edits of cells, rows, keys and bytes, each drawn at random and said in words."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

Cells = list[list[Any]]

HOSTILE = (
    *("", " ", "0", "-0", "1", "-1", "1.0", "1e0", "007", "nan", "inf", "-inf", "1e400", "1e200", "1e-320", "1e30"),
    *("1,000", "1.000,5", "1 000", "1_000", "0x10", "\u0661\u0662", "\u00bd", "\u22125", "5%", "150%", "-5%", "%"),
    *("5 %", "yes", "no", "true", "TRUE", "None", "null", "#N/A", "=1+1", "'=1", "@x", "+5", "*", "?", "[a]", "a;b"),
    *(";", "; ;", "\x1b[2J", "\x9b2J", "\x07", "\x00", "\r", "\n", "a\nb", "\t", "\u202eabc", "\u2066", "\ufeff"),
    *("\u200b", "\ud7ff", "CN", "China", "ZZ", "XX", "Russia ", "N. Korea", "2027-01-01", "2027-13-01", "27/1/1"),
    *("\u00e9", "e\u0301", "\U0001f600", '"', "'", '"a', "a" * 300, "a," * 30, "x" * 11_000, "../x", "/dev/zero"),
    *("lithium", "refined", "2027"),
)
"""What a cell or a value becomes."""


def edit_cells(cells: Cells, random: Random) -> str:
    """Change the cells of a table in place, and say how."""
    draw = random.choice(_OF_CELLS)
    if not cells or not cells[0]:
        cells.append([random.choice(HOSTILE)])
        return "a row in an empty table"
    return draw(cells, random)


def _place(cells: Cells, random: Random) -> tuple[int, int]:
    row = random.randrange(len(cells))
    return row, random.randrange(len(cells[row]) or 1)


def _cell(cells: Cells, random: Random, value: Any, words: str) -> str:
    row, column = _place(cells, random)
    if column < len(cells[row]):
        old, cells[row][column] = cells[row][column], value
        return f"row {row} column {column}: {old!r} becomes {words} {value!r:.60}"
    return "nothing"


def _hostile(cells: Cells, random: Random) -> str:
    return _cell(cells, random, random.choice(HOSTILE), "the value")


def _another(cells: Cells, random: Random) -> str:
    row, column = _place(cells, random)
    there = cells[row]
    if column >= len(there):
        return "nothing"
    others = [other[column] for other in cells[1:] if column < len(other)] or [""]
    return _cell(cells, random, random.choice(others), "that of another row")


def _sound(cells: Cells, random: Random) -> str:
    """A number becomes another, or is spelt in another way; a text is left."""
    row, column = _place(cells, random)
    try:
        number = float(cells[row][column])
    except (ValueError, TypeError, IndexError):
        return _another(cells, random)
    new = random.choice(
        (f"{number * 1.1:g}", f"{number / 2:g}", f"{number:.3f}", f"{number:e}", f"{number:g}.0", "0", "1")
    )
    cells[row][column] = new
    return f"row {row} column {column}: {number} becomes {new}"


def _letters(cells: Cells, random: Random) -> str:
    row, column = _place(cells, random)
    if column >= len(cells[row]):
        return "nothing"
    old = cells[row][column]
    cells[row][column] = _misspelt(str(old), random)
    return f"row {row} column {column}: {old!r} becomes {cells[row][column]!r}"


def _misspelt(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    ways = (
        text[:at] + text[at + 1 :],
        text[:at] + text[at : at + 1] * 2 + text[at + 1 :],
        text.upper(),
        f" {text} ",
        text + random.choice((" ", "\u00a0", "\u200b", "-", ".", "0", "\x1b")),
        text.replace("e", "\u0435"),
    )
    return random.choice(ways)


def _rows(cells: Cells, random: Random) -> str:
    row = random.randrange(len(cells))
    match random.choice(("twice", "gone", "blank", "moved", "short", "long", "cells of blanks")):
        case "twice":
            cells.insert(row, list(cells[row]))
            return f"row {row} stands twice"
        case "gone":
            del cells[row]
            return f"row {row} is gone"
        case "blank":
            cells.insert(row, [])
            return f"a blank row before {row}"
        case "moved":
            cells.insert(random.randrange(len(cells)), cells.pop(row))
            return f"row {row} is moved"
        case "short":
            cells[row] = cells[row][:-1]
            return f"row {row} lacks its last cell"
        case "long":
            cells[row] = [*cells[row], random.choice(HOSTILE)]
            return f"row {row} has a cell more: {cells[row][-1]!r:.60}"
        case _:
            cells.insert(row, [""] * len(cells[0]))
            return f"a row of empty cells before {row}"


def _columns(cells: Cells, random: Random) -> str:
    column = random.randrange(len(cells[0]))
    name = cells[0][column]
    what = random.choice(("twice", "gone", "moved", "new"))
    to = random.randrange(len(cells[0]))
    for row in cells:
        if column >= len(row):
            continue
        match what:
            case "twice":
                row.insert(column, row[column])
            case "gone":
                del row[column]
            case "moved":
                row.insert(to, row.pop(column))
            case _:
                row.append(random.choice(HOSTILE) if row is not cells[0] else random.choice(("note", "x", "", "price")))
    return f"column {name} {what}"


_OF_CELLS = (_hostile, _hostile, _hostile, _another, _sound, _sound, _sound, _letters, _letters, _rows, _rows, _columns)


def edit_bytes(data: bytes, random: Random) -> tuple[bytes, str]:
    """Return bytes with some changed, and how."""
    at = random.randrange(len(data) + 1)
    end = min(len(data), at + random.choice((1, 1, 2, 8, 100)))
    match random.choice(("cut", "flipped", "put in", "twice", "ended", "BOM", "CRLF", "16")):
        case "cut":
            return data[:at] + data[end:], f"bytes {at} to {end} cut"
        case "flipped":
            some = bytes(byte ^ (1 << random.randrange(8)) for byte in data[at:end])
            return data[:at] + some + data[end:], f"bytes {at} to {end} flipped"
        case "put in":
            some = random.choice(
                (b"\x00", b"\xff", b'"', b",", b"\n", b"\x1b[31m", b"[", b"]]", b"'''", b"=", b"\\", b"{")
            )
            return data[:at] + some + data[at:], f"{some!r} put in at {at}"
        case "twice":
            return data[:end] + data[at:], f"bytes {at} to {end} twice"
        case "ended":
            return data[:at], f"ends at {at} of {len(data)}"
        case "BOM":
            return b"\xef\xbb\xbf" + data, "begins with a BOM"
        case "CRLF":
            return data.replace(b"\n", b"\r\n"), "has the line ends of Windows"
        case _:
            return data.decode("utf-8", "replace").encode("utf-16"), "is UTF-16"


def edit_lines(text: str, random: Random) -> tuple[str, str]:
    """Return a TOML text with a line or a value changed, and how."""
    lines = text.splitlines()
    at = random.randrange(len(lines))
    old = lines[at]
    match random.choice(("gone", "twice", "moved", "value", "value", "value", "letters", "letters", "key")):
        case "gone":
            del lines[at]
        case "twice":
            lines.insert(at, old)
        case "moved":
            lines.insert(random.randrange(len(lines)), lines.pop(at))
        case "value":
            key, sign, _ = old.partition("=")
            value = random.choice(
                (*HOSTILE[:60], "[]", "{}", "[1, [2, [3]]]", "{ a = { b = 1 } }", "0x10", "1979-05-27")
            )
            bare = random.random() < 0.5
            lines[at] = f"{key}= {value if bare else json.dumps(value)}" if sign else old
        case "letters":
            lines[at] = _misspelt(old, random)
        case _:
            lines.insert(
                at, random.choice(("gap = 1", "x = 1", "[x]", "[limits.new]", "note = 'x'", "[[periods]]", "a.b.c = 1"))
            )
    return "\n".join(lines) + "\n", f"line {at}: {old!r:.60} becomes {lines[min(at, len(lines) - 1)]!r:.60}"


def edit_tree(tree: Any, random: Random) -> str:
    """Change a JSON document in place, and say how."""
    where, parent, key = "", tree, None
    while True:
        inner = list(parent) if isinstance(parent, dict) else list(range(len(parent)))
        if not inner:
            break
        key = random.choice(inner)
        where += f".{key}"
        if not isinstance(parent[key], (dict, list)) or random.random() < 0.15:
            break
        parent = parent[key]
    if key is None or not (isinstance(parent, dict) or len(parent)) or (isinstance(parent, dict) and key not in parent):
        parent = tree
        key = next(iter(tree))
    return f"{where}: {_edit_node(parent, key, random)}"


def _edit_node(parent: Any, key: Any, random: Random) -> str:
    values: tuple[Any, ...] = (*HOSTILE, None, True, False, 0, -1, 1e308, 10**400, [], {}, [[]], {"a": 1}, ["a", "b"])
    match random.choice(("value", "value", "value", "gone", "renamed", "new", "twice", "wrapped")):
        case "gone":
            del parent[key]
            return "gone"
        case "renamed" if isinstance(parent, dict):
            name = _misspelt(str(key), random)
            parent[name] = parent.pop(key)
            return f"called {name!r}"
        case "new" if isinstance(parent, dict):
            name = random.choice(("x", "note", "limits", "name", "years", "\x1b"))
            parent[name] = random.choice(values)
            return f"beside it {name!r}: {parent[name]!r:.60}"
        case "twice" if isinstance(parent, list):
            parent.append(parent[key])
            return "twice"
        case "wrapped":
            parent[key] = [parent[key]]
            return "in a list"
        case _:
            parent[key] = random.choice(values)
            return f"becomes {parent[key]!r:.60}"


def read_cells(text: str) -> Cells:
    """Return the cells of a CSV text."""
    return [list(row) for row in csv.reader(io.StringIO(text, newline=""))]


def csv_text(cells: Cells) -> str:
    """Return cells as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(cells)
    return text.getvalue()


CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no terminal may be given."""

"""What a file says, however it is spelt."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from models.records.countries import read_country
from tests.fuzz.edits import read_cells
from tests.fuzz.subjects import sheets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def meant(path: Path) -> set[Any]:
    """Return what a file says, without the order of rows and columns, blank lines and the spelling of values."""
    match path.suffix:
        case ".csv":
            return _table(read_cells(text_of(path)))
        case ".toml":
            return set(_leaves(tomllib.loads(path.read_text("utf-8-sig").replace("\r\n", "\n"))))
        case ".json":
            return set(_leaves(json.loads(path.read_text("utf-8-sig"))))
        case ".xlsx":
            return {(name, row) for name, rows in sheets(path).items() for row in _table(rows)}
        case _:
            return set()


def _table(rows: list[list[Any]]) -> set[Any]:
    """Return the rows of a table as sets of columns with their values; those that are empty are left out."""
    there = [row for row in rows if any(str(cell).strip() for cell in row)]
    if not there:
        return set()
    heading = [str(cell).strip() for cell in there[0]]
    return {
        frozenset(
            (heading[at] if at < len(heading) else at, _value(cell)) for at, cell in enumerate(row) if _value(cell)
        )
        for row in there[1:]
    }


def _leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, value) of everything that a nest of tables and lists holds; positions of rows are no part of it."""
    match tree:
        case dict():
            for key, inner in tree.items():
                yield from _leaves(inner, f"{path}.{key.strip()}")
        case list():
            for number, inner in enumerate(tree):
                yield from _leaves(inner, f"{path}[{'' if isinstance(inner, dict) else number}]")
        case _:
            if _value(tree):
                yield path, _value(tree)


_NOTHING = 1e-300
"""A figure below is rounding beside any other."""


def _value(cell: Any) -> str:
    """Return a value without its spelling: numbers, shares, yes and no, countries; what is as if empty is empty."""
    text = str(cell).strip().removeprefix("'")
    if text.lower() in {"", "none", "0", "0.0", "no", "false"}:
        return ""
    if text.lower() in {"yes", "true"}:
        return "yes"
    try:
        number = float(text[:-1]) / 100 if text.endswith("%") else float(text.replace(" ", ""))
    except ValueError:
        pass
    else:
        return f"{number:.12g}" if abs(number) > _NOTHING else ""
    try:
        return read_country(text)
    except ValueError:
        return "; ".join(part.strip() for part in text.split(";"))


def text_of(path: Path) -> str:
    """Return the text of a table; what is no UTF-8 is replaced."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return file.read()

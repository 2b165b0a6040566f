"""Dotted keys: how the header lies in the two columns of a workbook's sheet, and back.

``limits.china.max_share`` is a key of a table, ``periods.1.name`` a key of the first element of a
list; a name that holds a dot or is all digits stands in double quotes: ``limits."a.b".kind``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from optimizer.files.faults import join_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.files.draft import Path

_PART = re.compile(r'\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^."\s](?:[^."]*[^."\s])?))\s*(?:\.|\Z)')
_NAMED = ("limits", "blocs", "cases")
"""Tables whose keys are names that people choose, so that digits there are no position."""


def parse(key: str) -> Path | None:
    """Return the path that a dotted key leads to, or None when it cannot be read.

    >>> parse("periods.1.name"), parse('limits."a.b".kind')
    (('periods', 0, 'name'), ('limits', 'a.b', 'kind'))
    """
    path: list[str | int] = []
    position = 0
    while position < len(key) or not path:
        part = _PART.match(key, position)
        if part is None:
            return None
        position = part.end()
        if part["quoted"] is not None:
            path.append(part["quoted"].replace('\\"', '"').replace("\\\\", "\\"))
        else:
            bare = part["bare"].strip()
            place = re.fullmatch(r"[1-9]\d{0,5}", bare) and not (len(path) == 1 and path[0] in _NAMED)
            path.append(int(bare) - 1 if place else bare)
    return None if key.rstrip().endswith(".") else tuple(path)


def flatten(value: object, path: Path = ()) -> Iterator[tuple[str, object]]:
    """Yield (dotted key, value) of everything in nested tables and lists; None for what is empty.

    >>> list(flatten({"blocs": {"covered": ["CN", "RU"]}}))
    [('blocs.covered.1', 'CN'), ('blocs.covered.2', 'RU')]
    """
    if value in ({}, [], (), ""):
        yield join_path(path), None
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(inner, (*path, key))
    elif isinstance(value, (list, tuple)):
        for position, inner in enumerate(value):
            yield from flatten(inner, (*path, position))
    else:
        yield join_path(path), value


class NestedTables:
    """Nested tables and lists, put together again from paths and values."""

    def __init__(self) -> None:
        """Start empty."""
        self._root: dict[str | int, Any] = {}

    def put(self, path: Path, value: object) -> str | None:
        """Put a value at a path; return a sentence when it does not fit what is there."""
        node = self._root
        for depth, part in enumerate(path[:-1], start=1):
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                return f"cannot stand below {join_path(path[:depth])}, which has a value of its own; remove one of them"
            if node and any(isinstance(key, int) != isinstance(path[depth], int) for key in node):
                return f"mixes names and positions below {join_path(path[:depth])}; put a name of digits in quotes"
        if path[-1] in node:
            what = "has keys below it" if isinstance(node[path[-1]], dict) else "stands there twice"
            return f"{what}; keep one"
        node[path[-1]] = value
        return None

    def built(self) -> dict[str, object]:
        """Return the tables, with lists in the order of their positions."""
        built: dict[str, object] = {str(key): _built(value) for key, value in self._root.items()}
        return built


def _built(node: object) -> object:
    if not isinstance(node, dict):
        return node
    if node and all(isinstance(key, int) for key in node):
        return [_built(node[key]) for key in sorted(node)]
    return {key: _built(value) for key, value in node.items()}

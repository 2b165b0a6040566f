"""TOML text of plain values: tables, lists of tables, lists, texts, numbers, truth values and dates."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

from optimizer.files.cells import spell

if TYPE_CHECKING:
    from collections.abc import Iterator

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def toml_text(table: dict[str, Any]) -> str:
    """Return a table as TOML text that reads back to equal values.

    >>> print(toml_text({"name": "a", "periods": [{"years": 1.5}], "limits": {"b.c": {"hard": True}}}), end="")
    name = "a"
    <BLANKLINE>
    [[periods]]
    years = 1.5
    <BLANKLINE>
    [limits."b.c"]
    hard = true
    """
    return "\n".join(_lines(table, "")).lstrip("\n") + "\n"


def _lines(table: dict[str, Any], heading: str) -> Iterator[str]:
    inner = {key: value for key, value in table.items() if _is_table(value) or _is_tables(value)}
    plain = {key: value for key, value in table.items() if key not in inner}
    if heading and (plain or not inner or heading.startswith("[[")):
        yield f"\n{heading}"
    for key, value in plain.items():
        yield f"{_key(key)} = {_value(value)}"
    prefix = heading.strip("[]") + "." if heading else ""
    for key, value in inner.items():
        if _is_table(value):
            yield from _lines(value, f"[{prefix}{_key(key)}]")
        else:
            for element in value:
                yield from _lines(element, f"[[{prefix}{_key(key)}]]")


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _is_tables(value: object) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and all(isinstance(element, dict) for element in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quote(key)


def _quote(text: str) -> str:
    return (
        '"' + "".join(_ESCAPES.get(sign, sign if sign.isprintable() else f"\\U{ord(sign):08x}") for sign in text) + '"'
    )


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(spell(value))
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(element) for element in value)}]"
    return _quote(str(value))

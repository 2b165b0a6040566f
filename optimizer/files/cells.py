"""Cells of CSV text: kept from being run as a formula by a spreadsheet, and read back unchanged."""

from __future__ import annotations

import re

_RISKY = re.compile(r"'*[=+\-@\t\r]")
_PROTECTED = re.compile(r"'+[=+\-@\t\r]")

TO_FILL = "?"
"""What stands in a cell of a draft for what is to be filled in."""


def protect(text: str) -> str:
    """Put an apostrophe before what a spreadsheet might take for a formula.

    >>> protect("=cmd"), protect("'=cmd"), protect("plain")
    ("'=cmd", "''=cmd", 'plain')
    """
    return f"'{text}" if _RISKY.match(text) else text


def unprotect(text: str) -> str:
    """Undo `protect`.

    >>> unprotect("'=cmd"), unprotect("''=cmd"), unprotect("'plain'")
    ('=cmd', "'=cmd", "'plain'")
    """
    return text[1:] if _PROTECTED.match(text) else text


def spell(value: object) -> object:
    """Write a number with every digit that it takes to read it back, and without a needless ``.0``.

    >>> spell(1200.0), spell(0.1 + 0.2), spell("text")
    ('1200', '0.30000000000000004', 'text')
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value).removesuffix(".0")
    return value

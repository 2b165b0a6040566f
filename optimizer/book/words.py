"""Texts as they may stand in a workbook: printable, and no longer than a cell holds."""

from __future__ import annotations

import unicodedata

LONGEST = 32_000
"""Signs of a cell; the office suites hold 32 767 units of UTF-16."""
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Kinds of signs that cannot be seen: they steer a terminal, turn what stands beside them around, or are none."""


def plain(said: object, longest: int = LONGEST) -> str:
    r"""Return a text in which no sign does more than be read; what is too long is cut, and says so by its end.

    >>> plain("a\u202eb"), plain("=1+1"), plain("abcdef", 4)
    ('a\\u202eb', '=1+1', 'abc…')
    """
    text = str(said)
    if not text.isprintable():
        text = "".join(_spell(sign) for sign in text)
    if 2 * len(text) > longest and sum(1 + (sign > "\uffff") for sign in text[: longest + 1]) > longest:
        text = f"{_fit(text, longest - 1)}\N{HORIZONTAL ELLIPSIS}"
    return text


def _spell(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if unicodedata.category(sign) in _HIDDEN else sign


def _fit(text: str, units: int) -> str:
    """Return as much of a text as fits so many units of UTF-16."""
    return text[:units].encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


def sentence(said: str) -> str:
    """Return a text that begins with a capital and ends with a full stop."""
    text = plain(said)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"

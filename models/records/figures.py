"""How a figure reads with a decimal comma, and how with a decimal point, the other sign between groups of three."""

from __future__ import annotations

import re
from typing import Literal

from models.records.wording import quote

Sign = Literal[",", "."]
NAMES: dict[Sign, str] = {",": "comma", ".": "point"}
_SPACED = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'\u2019](?=\d{3}(?!\d))")
"""What stands between groups of three in any country: blanks, and the apostrophe of Switzerland."""


def _shape(sign: Sign, group: Sign) -> re.Pattern[str]:
    whole = rf"(?P<whole>[+-]?(?:\d+|[1-9]\d{{0,2}}(?:\{group}\d{{3}})+)?)"
    return re.compile(rf"{whole}(?:\{sign}(?P<part>\d*))?(?P<end>(?:[eE][+-]?\d+)?\s*%?)", re.ASCII)


_SHAPES: dict[Sign, re.Pattern[str]] = {",": _shape(",", "."), ".": _shape(".", ",")}
_GROUP = 3
"""Digits of a group."""


def read_figure(text: str, sign: Sign) -> str | None:
    """Return a figure with a decimal point and without groups, as it reads with a decimal sign; None if it does not.

    >>> read_figure("1.234,5", ","), read_figure("1,234", ","), read_figure("1,234", "."), read_figure("12,5", ".")
    ('1234.5', '1.234', '1234', None)
    """
    shape = _SHAPES[sign].fullmatch(_SPACED.sub("", text.strip()))
    if shape is None or not re.search(r"\d", shape["whole"] + (shape["part"] or "")):
        return None
    whole = re.sub("[.,]", "", shape["whole"])
    return f"{whole}.{shape['part']}{shape['end']}" if shape["part"] else f"{whole}{shape['end']}"


def read_by_sign(text: str) -> dict[Sign, str]:
    """Return the readings of a figure; the most common shapes without further ado, as files hold very many."""
    if text.isascii():
        if text.isdigit():
            return dict.fromkeys(_SHAPES, text)
        whole, comma, part = text.partition(",")
        if comma and whole.isdigit() and part.isdigit() and len(part) != _GROUP:
            return {",": f"{whole}.{part}"}
    return {sign: read for sign in _SHAPES if (read := read_figure(text, sign)) is not None}


def describe_comma(text: str) -> str:
    """Return what is wrong with a figure that holds a comma, and what to write instead.

    >>> describe_comma("2,000")
    "'2,000' reads both ways, as 2.000 or 2000; write the one that is meant"
    >>> describe_comma("1.234,5")
    "'1.234,5' has a decimal comma; write 1234.5"
    """
    readings = read_by_sign(text)
    match [*dict.fromkeys(readings.values())]:
        case [one, other]:
            return f"{quote(text)} reads both ways, as {one} or {other}; write the one that is meant"
        case [one]:
            what = "a decimal comma" if "," in readings else "commas between its thousands"
            return f"{quote(text)} has {what}; write {one}"
    return f"{quote(text)} is not a number; write one such as 1234.5"

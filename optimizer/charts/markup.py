"""Text and numbers as HTML: what users wrote stays text, and numbers are set in one style.

Thousands and the sign of per cent are set off by a thin space that does not break; what is below zero has a true minus.
"""

from __future__ import annotations

import re
from html import escape

THIN = "\u202f"
MINUS = "\u2212"
DASH = "\u2013"
_GROUPED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_UNIT = re.compile(r"(?<=\d) (?=(?:t|kg|lb|million|billion)\b)|(?<=[mb]illion) (?=[A-Z]{3}\b)")
_PER_CENT = re.compile(r"(?<=\d) ?%")


def text(said: object) -> str:
    """Return what was said as text of HTML: no mark-up, and no sign that turns what stands beside it around."""
    shown = str(said)
    if not shown.isprintable():
        shown = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in shown)
    return escape(shown)


def name(said: object) -> str:
    """Return a name as HTML that keeps its direction of writing to itself."""
    return f"<bdi>{text(said)}</bdi>"


def typeset(said: str) -> str:
    """Return a sentence with its numbers set as they are in tables.

    >>> typeset("costs 2 816.7 million USD, 7.4% more") == "costs 2\u202f816.7\u00a0million\u00a0USD, 7.4\u202f% more"
    True
    """
    return _UNIT.sub("\u00a0", _PER_CENT.sub(f"{THIN}%", _GROUPED.sub(THIN, said)))


def number(figure: float, decimals: int = 0) -> str:
    """Return a number with so many decimals: ``2 816.7``.

    >>> number(-1234.5, 1) == "\u22121\u202f234.5"
    True
    """
    said = f"{figure:,.{decimals}f}".replace(",", THIN)
    return said.replace("-", MINUS) if said.strip("-0.") else said.lstrip("-")


def percent(share: float, decimals: int = 1) -> str:
    """Return a share from 0 to 1 in per cent, with one decimal where nothing else is asked."""
    return f"{number(100 * share, decimals)}{THIN}%"


def level(share: float) -> str:
    """Return a share that somebody set, with as many digits as it has, four at the most: ``35 %``, ``33.3 %``."""
    return f"{100 * share:.4g}{THIN}%"


def at(share: float) -> str:
    """Return a place or a width along a bar whose whole is 1, as the attribute of a mark says it; never outside it."""
    return f"{100 * min(max(share, 0.0), 1.0):.2f}".rstrip("0").rstrip(".") + "%"

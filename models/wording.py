"""The words of messages: what was meant, how a number and a value are spelt."""

from __future__ import annotations

import datetime
import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_SHOWN = 60


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name nearest to `word`, or None when none is near."""
    by_fold = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_fold, n=1, cutoff=cutoff)
    return by_fold[near[0]] if near else None


def suggest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return `` (did you mean X?)`` for the known name nearest to `word`, or nothing."""
    near = nearest(word, known, cutoff)
    return f" (did you mean {near}?)" if near else ""


def amount(number: float) -> str:
    """Spell a number for a message: six digits that count, in groups of three, without an exponent."""
    if number and not 1e-4 <= abs(number) < 1e15:  # noqa: PLR2004
        return f"{number:.6g}"
    whole, _, rest = f"{float(f'{number:.6g}'):,.6f}".partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", " ") + (f".{rest}" if rest else "")


def show(value: object) -> str:
    """Quote a value for a message, cut to a length that fits on a line; truth values as TOML spells them."""
    if isinstance(value, bool):
        return str(value).lower()
    plain = isinstance(value, (datetime.date, datetime.time, datetime.timedelta))
    text = str(value) if plain else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}... ({len(text)} characters)"

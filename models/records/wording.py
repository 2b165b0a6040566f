"""The words of messages: what was meant, how a number and a value are spelt."""

from __future__ import annotations

import datetime
import difflib
import math
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from models.records.tolerances import SAME_SUM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_LONGEST_SHOWN = 60
_NAMED = 3
"""Names that a sentence about many things tells, and one more where that is all."""
_DIGITS = 6
_LENGTHS = ((1.0, "year"), (0.5, "half-year"), (0.25, "quarter"), (1 / 12, "month"), (7 / 365.25, "week"))
_SAME_LENGTH = 0.03
"""Relative difference within which a period is called by a name: calendars make quarters of 90 to 92 days."""
_MOST_FINER = 12
"""Digits by which figures are told apart at most; what takes more is rounding."""


def find_nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name nearest to `word`, or None when none is near."""
    by_fold = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_fold, n=1, cutoff=cutoff)
    return by_fold[near[0]] if near else None


def suggest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return `` (did you mean X?)`` for the known name nearest to `word`, or nothing."""
    near = find_nearest(word, known, cutoff)
    return f" (did you mean {near}?)" if near else ""


def format_amount(number: float, finer: int = 0) -> str:
    """Spell a number for a message: six digits that count and `finer` more, in groups of three, without an exponent."""
    spelt = f"{number:.{_DIGITS + finer}g}"
    if not math.isfinite(number) or (number and not 1e-4 <= abs(number) < 1e15):  # noqa: PLR2004
        return spelt
    return f"{Decimal(spelt):,f}".replace(",", " ")


def format_units(number: float, finer: int = 0) -> str:
    """Spell a quantity for a table: whole from 100 on, or three digits that count below, or `finer` digits more."""
    return format_whole(number, finer) if abs(number) >= 100 else format_amount(number, finer - 3)  # noqa: PLR2004


def format_share(share: float, finer: int = 0) -> str:
    """Spell a share for a table in percent, with one decimal or `finer` more: ``35.0%``."""
    return f"{share:.{1 + finer}%}"


def format_count(number: int, things: str) -> str:
    """Return how many there are, with the word for one where there is one.

    >>> format_count(1, "limits"), format_count(12, "limits"), format_count(1, "rows of offers")
    ('1 limit', '12 limits', '1 row of offers')
    """
    many, of, rest = things.partition(" of ")
    return f"{number} {many.removesuffix('s') if number == 1 else many}{of}{rest}"


def name_length(lengths: Iterable[float]) -> str:
    """Return what one of some periods is called, of which each lasts so many years; ``period`` where they differ.

    >>> name_length([0.25, 0.2464]), name_length([1.0]), name_length([1.0, 0.5]), name_length([0.3])
    ('quarter', 'year', 'period', 'period')
    """
    words = {
        next((word for length, word in _LENGTHS if abs(each - length) <= _SAME_LENGTH * length), "period")
        for each in lengths
    }
    return words.pop() if len(words) == 1 else "period"


def format_whole(number: float, finer: int = 0, *, sign: str = "") -> str:
    """Spell a number for a table: without decimals or with `finer` of them, in groups of three; `sign` as in format."""
    return f"{number:{sign},.{finer}f}".replace(",", " ")


def format_percent(share: float, finer: int = 0) -> str:
    """Spell a share in percent for a message: four digits that count, and `finer` more: ``35%``, ``33.33%``."""
    return f"{100 * share:.{4 + finer}g}%"


def format_exactly(number: float) -> str:
    """Spell a number as a user wrote it, who must recognise it: with every digit, without groups."""
    return f"{number:.15g}"


def format_apart(
    *figures: float, spell: Callable[[float, int], str] = format_amount, alike: float = SAME_SUM
) -> list[str]:
    """Spell figures that stand against each other: where they differ, so do their texts.

    All get the usual number of digits, or as many more as that takes. `spell` writes a figure with so many digits
    more than usual; figures whose relative difference is within `alike` are the same but for rounding, and read the
    same or not as it comes.
    """
    for finer in range(_MOST_FINER):
        texts = [spell(figure, finer) for figure in figures]
        pairs = combinations(zip(figures, texts, strict=True), 2)
        if not any(one == other and not _is_alike(a, b, alike) for (a, one), (b, other) in pairs):
            return texts
    return [spell(figure, 0) for figure in figures]


def _is_alike(one: float, other: float, alike: float) -> bool:
    return math.isclose(one, other, rel_tol=alike) or (math.isnan(one) and math.isnan(other))


def join_change(what: str, value: str | None) -> str:
    """Return a change as a flag would say it, of what stands in two cells.

    >>> join_change("cap CN", "40%"), join_change("ban", "RU"), join_change("ban RU", None)
    ('cap CN=40%', 'ban RU', 'ban RU')
    """
    if value is None:
        return what
    return f"{what}={value}" if len(what.split(maxsplit=1)) > 1 else f"{what} {value}"


def quote(value: object) -> str:
    """Quote a value for a message, cut to a length that fits on a line; truth values as TOML spells them."""
    if isinstance(value, bool):
        return str(value).lower()
    plain = isinstance(value, (datetime.date, datetime.time, datetime.timedelta))
    text = str(value) if plain else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}... ({len(text)} characters)"


def list_some(names: Sequence[str]) -> str:
    """Return ``a, b and c``, or ``a, b, c and 12 more``."""
    if len(names) > _NAMED + 1:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))

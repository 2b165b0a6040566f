"""Spellings: names of one kind that are one name spelt twice, and those that are nearly one."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

from models.market import TABLES
from models.references.tables import Problem, Tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_GAPS = re.compile(r"[\s_\u2010-\u2015\u2212-]+")
_GAPS_OF_ASCII = str.maketrans(dict.fromkeys(" \t\n\v\f\r\x1c\x1d\x1e\x1f_", "-"))
_SAYS_NOTHING = re.compile(r"-(?:(?!\d)|(?<!\d-))")
"""A gap, but for one between two digits: site 1-12 is not site 11-2."""

_IN_HEADER = {"blocs": "bloc", "limits": "limit", "cases": "case"}

_LEGAL_FORM = re.compile(
    "ab|ag|aktiengesellschaft|as|asa|bhd|bv|cjsc|co|company|corp|corporation|gmbh|inc|incorporated|jsc|kg|kgaa|kk|lc|"
    "limited|llc|llp|lp|ltd|mbh|nv|oao|ojsc|ooo|oy|oyj|pao|pjsc|plc|pt|pte|pty|sa|sab|sarl|sas|sau|sdn|se|sl|spa|spzoo|"
    "srl|tbk|zao"
)
_WORD = re.compile(r"[^\W_]+")
_DIGITS, _NO_DIGITS = re.compile(r"\d+"), re.compile(r"\D+")
_SHORT_WORD = 3
"""Letters of a word that may count a series."""
_SHORTEST_NEAR = 8
"""Letters of names from which one letter more or less may be a slip."""
_APART = "\0"
"""What stands between names that are folded together: no rule reaches across it."""


def canonical(name: str) -> str:
    """Return what is left of a name without case, blanks, hyphens, underscores and forms of Unicode.

    >>> canonical("Pilbara-Minerals ") == canonical("PILBARA minerals") != canonical("Pilbara Mineral")
    True
    >>> canonical("site 1-12") == canonical("site 11-2")
    False
    >>> canonical("site 1 - 12") == canonical("site 1-12") != canonical("site 112")
    True
    """
    if name.isascii():
        gaps = name.casefold().translate(_GAPS_OF_ASCII)
        plain = _GAPS.sub("-", gaps) if "--" in gaps else gaps
    else:
        plain = _GAPS.sub("-", unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).casefold())
    return _SAYS_NOTHING.sub("", plain)


def fold_names(names: Sequence[str]) -> list[str]:
    """Return what is left of each name (see `canonical`): of thousands at once, which costs a third of one by one."""
    together = _APART.join(names)
    if not names or together.count(_APART) >= len(names):
        return list(map(canonical, names))
    return canonical(together).split(_APART)


def spelling_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every name that differs from another of its kind in nothing that one can hear, with the place of both."""
    yield from _twice("period", ((period.name, ("periods", i, "name")) for i, period in enumerate(tables.periods)))
    yield from _twice("attribute", ((name, ("attributes", i, None)) for i, name in enumerate(tables.attributes)))
    for table, names in tables.named.items():
        yield from _twice(_IN_HEADER[table], ((name, (table, None, name)) for name in names))
    for table, column in ((table, column) for table, record in TABLES.items() for column in record.NAMES):
        yield from _twice(column.removesuffix("s"), _first_stated(tables, table, column))


def _first_stated(tables: Tables, table: str, column: str) -> Iterator[tuple[str, Any]]:
    """Yield each name of a column once, in order, with the place where it first stands."""
    rows, said = [row for row, _ in tables.table(table)], list(tables.list_values(table, column))
    if said and isinstance(said[0], tuple):
        rows = [row for row, names in zip(rows, said, strict=True) for _ in names]
        said = list(chain.from_iterable(said))
    first = dict(zip(reversed(said), reversed(rows), strict=True))
    yield from ((name, (table, first[name], column)) for name in dict.fromkeys(said))


def _twice(what: str, stated: Iterable[tuple[str, Any]]) -> Iterator[Problem]:
    """Yield each further spelling of a name where it first stands."""
    places: dict[str, Any] = {}
    for name, place in stated:
        places.setdefault(name, place)
    first: dict[str, str] = {}
    for name, folded in zip(places, fold_names([*places]), strict=True):
        before = first.setdefault(folded, name)
        if before != name:
            message = f"{name!r} and {before!r} are one name spelt twice; write both alike, or rename one {what}"
            table, row, column = places[name]
            yield Problem(table, row, column, message, also=places[before])


@lru_cache(maxsize=8)
def nearly_one(names: tuple[str, ...], *, legal_forms: bool = False) -> list[tuple[str, str]]:
    """Return pairs of different names that may be meant as one: a letter apart, or but for their legal forms.

    Digits are no slips: ``mine 12`` and ``mine 13`` are two. The time grows with the number of names.
    """
    ordered = list(dict.fromkeys(names))
    folded = fold_names(ordered)
    pairs: dict[tuple[str, str], None] = {}
    if legal_forms:
        first: dict[str, tuple[str, str]] = {}
        bare = fold_names([_without_legal_form(name) for name in ordered])
        for name, key, its_own in zip(ordered, folded, bare, strict=True):
            other, other_key = first.setdefault(its_own, (name, key))
            if other_key != key:
                pairs[other, name] = None
    by_letters: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, key in zip(ordered, folded, strict=True):
        by_letters[_DIGITS.sub("", key)].append((name, key))
    for one, other in _a_letter_apart([letters for letters in by_letters if len(letters) >= _SHORTEST_NEAR]):
        others = _by_digits(by_letters[other])
        for digits, name in _by_digits(by_letters[one]).items():
            if digits in others and not _are_a_series(name, others[digits]):
                pairs.setdefault((name, others[digits]))
    return list(pairs)


def _by_digits(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the first of some names, each given with what is left of it, by the digits in it."""
    first: dict[str, str] = {}
    for name, key in named:
        first.setdefault(_NO_DIGITS.sub("", key), name)
    return first


def _are_a_series(one: str, other: str) -> bool:
    """Whether two names differ in a short word only, which may count them: ``train A`` and ``train B``."""
    words = zip(_WORD.findall(one.casefold()), _WORD.findall(other.casefold()), strict=False)
    return all(len(a) <= _SHORT_WORD and len(b) <= _SHORT_WORD for a, b in words if a != b)


def _without_legal_form(name: str) -> str:
    """Return the words of a company's name without what its legal form is: ``glencore`` for ``GLENCORE plc``."""
    words = _WORD.findall(name.replace(".", "").replace(",", "").casefold())
    while len(words) > 1 and _LEGAL_FORM.fullmatch(words[-1]):
        words.pop()
    if len(words) > 1 and words[0] == "pt":
        words.pop(0)
    return " ".join(words)


def _a_letter_apart(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of words of which one is the other with a letter more, less, changed, or two exchanged."""
    first: dict[str, int] = {}
    near: dict[str, set[int]] = defaultdict(set)
    for number, word in enumerate(words):
        for shorter in (word, *(word[:at] + word[at + 1 :] for at in range(len(word)))):
            other = first.setdefault(shorter, number)
            if other != number:
                near[shorter] |= {other, number}
    found = {pair for alike in near.values() for pair in combinations(sorted(alike), 2)}
    for one, other in sorted(found):
        if _is_a_slip(words[one], words[other]):
            yield words[one], words[other]


def _is_a_slip(one: str, other: str) -> bool:
    """Whether words that become alike by leaving out a letter of each differ by one letter, or two exchanged."""
    if len(one) != len(other):
        return True
    first, *rest = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return not rest or (rest == [first + 1] and one[first] == other[first + 1] and one[first + 1] == other[first])

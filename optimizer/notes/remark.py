"""Remarks on single things, and how those that are alike are told together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.records.wording import list_some

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Remark(NamedTuple):
    """What is remarkable of one thing, worded so that it can be said of many."""

    what: str
    """What kind of thing it is, of one of them: ``offer``; empty where the name says it."""
    name: str
    said: str
    """What is said of one of them."""
    of_many: str = ""
    """The same of many, where that is worded otherwise."""


def fold(remarks: Iterable[Remark]) -> list[str]:
    """Return one sentence for all remarks that say the same, in the order in which each is said first.

    Those that are worded alike for many say the same, whatever figure each has by itself.
    """
    alike: dict[tuple[str, str], dict[str, str]] = {}
    for what, name, said, of_many in remarks:
        alike.setdefault((what, of_many or said), {}).setdefault(name, said)
    return [_format_remark(what, of_many, told) for (what, of_many), told in alike.items()]


def _format_remark(what: str, of_many: str, told: Mapping[str, str]) -> str:
    """Return the sentence of some things by name, each with what is said of it alone."""
    many = len(told) > 1
    said = of_many if many else next(iter(told.values()))
    return " ".join(filter(None, [plural(what) if many else what, list_some(list(told)), said]))


def plural(what: str) -> str:
    """Return the word for many: ``companies``, ``duties``, ``rows of terms``."""
    if not what:
        return ""
    first, of, rest = what.partition(" of ")
    if of:
        return f"{plural(first)}{of}{rest}"
    return f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"

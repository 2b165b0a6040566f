"""Remarks on single things, and how those that are alike are told together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.wording import some

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Remark(NamedTuple):
    """What is remarkable of one thing, worded so that it can be said of many."""

    what: str
    """What kind of thing it is, of one of them: ``offer``; empty where the name says it."""
    name: str
    said: str
    """What is said of one of them."""
    of_many: str = ""
    """The same of many, where that is worded otherwise."""


def folded(remarks: Iterable[Remark]) -> list[str]:
    """Return one sentence for all remarks that say the same, in the order in which each is said first."""
    alike: dict[tuple[str, str, str], dict[str, None]] = {}
    for what, name, said, of_many in remarks:
        alike.setdefault((what, said, of_many), {})[name] = None
    return [_sentence(*key, list(names)) for key, names in alike.items()]


def _sentence(what: str, said: str, of_many: str, names: Sequence[str]) -> str:
    many = len(names) > 1
    kind = plural(what) if many else what
    return " ".join(filter(None, [kind, some(names), of_many if many and of_many else said]))


def plural(what: str) -> str:
    """Return the word for many: ``companies``, ``duties``."""
    if not what:
        return ""
    return f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"

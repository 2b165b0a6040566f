"""Words of files that were renamed: for one version the old one is read as the new one, and that is told.

To rename a word, add it to `RENAMED`: instances, policies, changes and saved plans then read both, and every command
that reads them says the new word and the place of the old one. To end that, take it out again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

from pydantic import PrivateAttr

from models.records.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Renamed(NamedTuple):
    """A word that a field may hold, and what it was called before."""

    table: str
    """The table of an instance in which it stands, or ``limits``; ``measures`` for those of policies."""
    field: str
    old: str
    new: str
    since: str
    """The version that renamed it."""
    until: str
    """The first version that no longer reads the old word."""

    @property
    def advice(self) -> str:
        """What to write instead of the old word."""
        reads = f"the old word is read until {self.until}"
        return f'"{self.old}" is called "{self.new}" since {self.since}; write "{self.new}" ({reads})'


RENAMED = (
    Renamed("limits", "kind", "exclude", "ban", since="0.2.0", until="0.3"),
    Renamed("limits", "kind", "excludes", "at_most_of", since="0.2.0", until="0.3"),
    Renamed("controls", "effect", "ban", "closed", since="0.2.0", until="0.3"),
    Renamed("measures", "evidence", "seen-primary", "seen", since="0.3.0", until="0.4"),
    Renamed("measures", "evidence", "seen-secondary", "reported", since="0.3.0", until="0.4"),
    Renamed("measures", "evidence", "belief", "assumed", since="0.3.0", until="0.4"),
)


class OldWord(NamedTuple):
    """An old word that was read, and where it stands."""

    place: str
    renamed: Renamed


def find_renamed(table: str, field: str, said: object) -> Renamed | None:
    """Return how the word that a field of a table holds was renamed; None when it was not.

    >>> find_renamed("limits", "kind", "exclude").new, find_renamed("limits", "kind", "share_cap")
    ('ban', None)
    """
    return next((word for word in RENAMED if word[:3] == (table, field, said)), None)


def renew(table: str, keys: Mapping[str, Any]) -> tuple[dict[str, Any], list[Renamed]]:
    """Return the keys of a limit or a row with new words in place of old ones, and what was renamed.

    >>> renew("controls", {"from_country": "CN", "effect": "ban"})[0]
    {'from_country': 'CN', 'effect': 'closed'}
    """
    words = [word for field, said in keys.items() if (word := find_renamed(table, field, said)) is not None]
    return dict(keys) | {word.field: word.new for word in words}, words


def write_in_old_words(document: str) -> str:
    """Return a record as JSON text, as it was written before words were renamed.

    >>> write_in_old_words('{"kind":"ban","level":0}')
    '{"kind":"exclude","level":0}'
    """
    for word in RENAMED:  # an unescaped quote ends a text, so what is found is a key and its value
        document = document.replace(f'"{word.field}":"{word.new}"', f'"{word.field}":"{word.old}"')
    return document


class _Remarks(tuple[OldWord, ...]):
    """Old words that a record was read from: records that differ in nothing else are equal."""

    __slots__ = ()
    __hash__ = tuple.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Remarks)

    def __ne__(self, other: object) -> bool:
        return not self == other


class Remembering(Frozen):
    """A record that knows from which old words it was read; that is no part of what it says, and is not written."""

    _old_words: _Remarks = PrivateAttr(default=_Remarks())

    @property
    def old_words(self) -> tuple[OldWord, ...]:
        """The old words that it was read from."""
        return self._old_words

    def with_old_words(self, words: Iterable[OldWord]) -> Self:
        """Return the record, read from some further old words."""
        further = tuple(words)
        if not further:
            return self
        copy = self.model_copy()
        copy._old_words = _Remarks((*self._old_words, *further))  # noqa: SLF001 (its own)
        return copy

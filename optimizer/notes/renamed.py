"""Old words that an instance, its policies or its changes still use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.wording import list_some

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.records.renamed import OldWord, Remembering


def renamed_words(*records: Remembering) -> list[str]:
    """Return one sentence for each word that was renamed: where the old one stands, and what to write instead."""
    return _sentences(word for record in records for word in record.old_words)


def _sentences(words: Iterable[OldWord]) -> list[str]:
    places: dict[str, list[str]] = {}
    for place, renamed in dict.fromkeys(words):
        places.setdefault(renamed.advice, []).append(place)
    return [f"{list_some(where)}: {advice}" for advice, where in places.items()]

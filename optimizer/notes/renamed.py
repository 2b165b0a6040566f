"""Old words that an instance, its policies or its changes still use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.wording import list_some

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.records.renamed import OldWord, Remembering


def list_old_words(*records: Remembering) -> list[str]:
    """Return one sentence for each old word in each file or flag: where it stands there, and what to write instead."""
    return _sentences(word for record in records for word in record.old_words)


def _sentences(words: Iterable[OldWord]) -> list[str]:
    places: dict[tuple[str, str], list[str]] = {}
    for place, renamed in dict.fromkeys(words):
        file = place.partition(":")[0]
        places.setdefault((file, renamed.advice), []).append(place)
    return [f"{list_some(where)}: {advice}" for (_, advice), where in places.items()]

"""An instance as a command looks at it: read, changed as is asked, and what is worth a note told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.cli.notes import print_notes_on

if TYPE_CHECKING:
    from pathlib import Path

    from models.enforcement import EnforcedInstance
    from optimizer.requests import Requests


def read_changed(
    place: Path, changes: Requests, *, quiet: bool, foreseeing: bool = False
) -> tuple[EnforcedInstance, list[str]]:
    """Return the instance at a place with the changes that are asked for, and the notes on it, told unless `quiet`.

    Who is `foreseeing` plans for its scenarios.

    Raises:
        InputError: it cannot be read, or a change cannot be made.
    """
    from optimizer.load import load

    stated = load(place, foreseeing=foreseeing)
    facts = changes.apply_to(stated)
    return facts, print_notes_on(stated, facts, quiet=quiet)

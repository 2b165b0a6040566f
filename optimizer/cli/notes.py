"""What every command that solves says beside its answer: notes on standard error, and the same as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.enforcement import EnforcedInstance
    from models.instance import Instance


def print_notes_on(before: Instance, after: EnforcedInstance, *, quiet: bool) -> list[str]:
    """Return what is worth a note in an instance as it is changed, told on standard error unless `quiet`."""
    from optimizer.notes import foresight, list_notes

    return print_notes([*foresight(before, after), *list_notes(after)], quiet=quiet)


def print_notes(sentences: Iterable[str], *, quiet: bool = False) -> list[str]:
    """Return sentences, told as notes on standard error unless `quiet`."""
    said = list(sentences)
    for sentence in () if quiet else said:
        click.echo(f"note: {sentence}", err=True)
    return said

"""What every command that solves says behind its answer: notes on standard error, and the same as data."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.enforcement import EnforcedInstance
    from models.instance import Instance

_SHOWN = 8
"""Notes that are told before the others are only counted."""
_PENDING = "lodeplan.notes"


def print_notes_on(before: Instance, after: EnforcedInstance, *, quiet: bool) -> list[str]:
    """Return what is worth a note in an instance as it is changed, told as `print_notes` does."""
    from optimizer.notes import foresight, list_notes

    return print_notes([*foresight(before, after), *list_notes(after)], quiet=quiet)


def print_notes(sentences: Iterable[str], *, quiet: bool = False) -> list[str]:
    """Return sentences, which unless `quiet` are told as notes on standard error when the command ends.

    So the answer comes first. What is told later in a command, of a plan that it found, comes before what was told of
    its instance.
    """
    said = list(sentences)
    context = click.get_current_context()
    if _PENDING not in context.meta:
        context.meta[_PENDING] = []
        context.call_on_close(lambda: _tell(context.meta[_PENDING], _whole(context)))
    context.meta[_PENDING][:0] = [] if quiet else said
    return said


def _whole(context: click.Context) -> str:
    """Return which option of a command gives all of its notes; nothing where none does or it is given."""
    ways = {"verbose": "-v tells", "as_json": "--json holds"}
    there = [way for way in ways if way in context.params]
    return ways[there[0]] if there and not any(context.params[way] for way in there) else ""


def _tell(notes: Sequence[str], whole: str) -> None:
    """Tell notes, and where `whole` gives the rest at most so many of them."""
    most = _SHOWN if whole and len(notes) > _SHOWN + 1 else len(notes)
    sys.stdout.flush()
    for sentence in notes[:most]:
        click.echo(f"note: {sentence}", err=True)
    if rest := len(notes) - most:
        click.echo(f"note: {rest} more notes; {whole} them all", err=True)

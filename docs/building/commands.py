"""The page on the commands: what each of them says of itself when asked for `--help`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import lodeplan

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH = 100
_INTRODUCTION = """
# Commands and their options

Every command with what `--help` says of it. [Which command answers which question](questions.md) is a better place to
begin.
"""


def page() -> str:
    """Return the page in Markdown."""
    return "\n\n".join([_INTRODUCTION.strip(), *_described(lodeplan, ("lodeplan",), None)]) + "\n"


def _described(command: click.Command, names: tuple[str, ...], above: click.Context | None) -> Iterator[str]:
    """Yield a heading and the help of a command, and of all those below it."""
    context = click.Context(command, info_name=names[-1], parent=above, max_content_width=_WIDTH, terminal_width=_WIDTH)
    yield f"## {' '.join(names)}"
    yield f"```text\n{command.get_help(context)}\n```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is None:
                raise LookupError(name)
            yield from _described(below, (*names, name), context)

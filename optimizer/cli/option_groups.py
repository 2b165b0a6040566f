"""Options that belong together, handed to a command as one record: how to solve, and in which form to answer."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.instance import Instance
    from models.scenarios import Draws
    from optimizer.cli.options import Command, Decorator
    from optimizer.results.interval import Progress
    from optimizer.results.solution import Settings

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class SolveOptions:
    """How a command is to solve, as far as it was said: what ``options`` declares under these names."""

    gap: float | None = None
    time_limit: float | None = None
    calm: bool = False
    draws: Draws | None = None

    def settings(
        self, instance: Instance, watch: Callable[[Progress], None] | None = None, *, gap: float | None = None
    ) -> Settings:
        """Return the settings of an instance with what was said in their place; without a word on it, `gap` holds."""
        from optimizer.results.solution import settings_of

        return settings_of(
            instance,
            gap=gap if self.gap is None else self.gap,
            time_limit=self.time_limit,
            watch=watch,
            calm=self.calm,
            draws=self.draws,
        )


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """In which form a command answers: as text, in brief, as JSON or as CSV."""

    quiet: bool = False
    as_json: bool = False
    as_csv: bool = False

    @property
    def is_data(self) -> bool:
        """Whether the answer is for a program, so that no word stands beside it."""
        return self.as_json or self.as_csv

    def show(  # noqa: PLR0913 (one way to put it for each form)
        self,
        found: Found,
        *,
        brief: Callable[[Found], str],
        text: Callable[[Found], str],
        data: Callable[[Found], dict[str, Any]],
        notes: list[str],
        csv: Callable[[Found], str] | None = None,
    ) -> None:
        """Print what was `found`, put as the form asks; JSON holds the `notes` too."""
        if self.as_json:
            said = json_text(data(found) | {"notes": notes})
        elif self.as_csv:
            assert csv is not None  # noqa: S101 (who declares --csv says what it prints)
            said = csv(found)
        else:
            said = f"{brief(found)}\n" if self.quiet else text(found)
        click.echo(said, nl=False)

    def tell_place(self, sentence: str) -> None:
        """Say behind an answer where it was written to, unless it is for a program."""
        if not self.is_data:
            click.echo(sentence if self.quiet else f"\n{sentence}")


def with_groups(**groups: type[SolveOptions | AnswerForm]) -> Decorator:
    """Hand a command options as records, under the names that are given here: each has those its fields are called.

    An option that the command does not declare is as the record has it.
    """

    def with_records(command: Command) -> Command:
        @wraps(command)
        def with_one_each(**given: Any) -> Any:
            for name, group in groups.items():
                taken = [field.name for field in fields(group) if field.name in given]
                given[name] = group(**{option: given.pop(option) for option in taken})
            return command(**given)

        return with_one_each

    return with_records

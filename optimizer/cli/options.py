"""The options of commands, each declared once; a command adds words of its own where it means something else by one."""

from __future__ import annotations

import math
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., Any]
    Decorator = Callable[[Command], Command]


class _Finite(click.FloatRange):
    """A range of finite numbers; to say that there is no bound, the option is left out."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number that a text says."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number; leave the option out where nothing bounds it.", param, ctx)
        return number


PATH: click.Path = click.Path(path_type=Path)

instance = click.argument("instance", type=PATH)
"""The instance that a command is about: a folder, a workbook or a document."""
solver = click.option("--solver", default="highs", show_default=True, help="highs, or a solver that Pyomo can drive.")
calm = click.option("--calm", is_flag=True, help="Plan as if nothing could happen: scenarios and hazards are left out.")
verbose = click.option("-v", "--verbose", is_flag=True, help="Say each step, with sizes and times, and every note.")


class _Workers(click.ParamType[int | str]):
    """How many processes, or the address of a scheduler."""

    name = "N|ADDRESS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:  # noqa: ARG002
        """Return which of both a text says."""
        from optimizer.base.open_runner import read_workers

        return read_workers(value)


WORKERS = _Workers()

journal = click.option(
    "--journal", type=PATH, help="File to which all that is solved is added; what stands there is not solved again."
)
"""Where a command keeps what it solved, for when it is run again."""


def draws(command: Command) -> Command:
    """Give a command ``--samples`` and ``--seed``; it receives them as one argument, `draws`, or None."""

    @click.option("--samples", type=click.IntRange(min=1), help="Draw about so many ways in which hazards strike.")
    @click.option("--seed", type=click.IntRange(min=0), help="Of the draws. [default: 0]")
    @wraps(command)
    def with_draws(*, samples: int | None, seed: int | None, **given: Any) -> Any:
        from models.scenarios import Draws
        from optimizer.errors import InputError

        if seed is not None and samples is None:
            msg = "--seed is of draws, and nothing says that there are any; give --samples as well"
            raise InputError([msg])
        return command(**given, draws=None if samples is None else Draws(samples, seed or 0))

    return with_draws


def workers(default: str) -> Decorator:
    """Give a command ``--workers``: a count of processes, the address of a scheduler, or None."""
    words = "How many processes solve, or a Dask cluster by the address of its scheduler (tcp://host:8786)."
    return click.option("--workers", type=WORKERS, help=f"{words} {default}".strip())


def output(words: str) -> Decorator:
    """Give a command ``-o``, the folder that it writes to, or None."""
    return click.option("-o", "--output", type=PATH, help=words)


excel = click.option(
    "--excel", is_flag=True, help="Write the tables of -o with semicolons and decimal commas, for spreadsheets."
)
"""How the tables of a plan folder are written."""


def force(words: str) -> Decorator:
    """Give a command ``--force``, without which it replaces nothing."""
    return click.option("--force", is_flag=True, help=words)


def gap(words: str = "Relative gap that counts as proven; 0 proves the optimum.") -> Decorator:
    """Give a command ``--gap``: a share of the cost from 0, or None for what the instance says."""
    return click.option("--gap", type=_Finite(min=0), help=words)


def time_limit(words: str) -> Decorator:
    """Give a command ``--time-limit``: seconds above 0, or None for what the instance says."""
    return click.option("--time-limit", type=_Finite(min=0, min_open=True), help=words)


def as_json(words: str = "Print everything as JSON instead of text.") -> Decorator:
    """Give a command ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help=words)


def as_json_or_csv(*, csv: str, json: str = "Print everything as JSON instead of text.") -> Decorator:
    """Give a command ``--json`` and ``--csv``, of which it takes one at most."""

    def with_both(command: Command) -> Command:
        @wraps(command)
        def with_one(**given: Any) -> Any:
            if given["as_json"] and given["as_csv"]:
                from optimizer.errors import InputError

                msg = "--json and --csv exclude each other; give one of them"
                raise InputError([msg])
            return command(**given)

        return as_json(json)(click.option("--csv", "as_csv", is_flag=True, help=csv)(with_one))

    return with_both


def quiet(words: str) -> Decorator:
    """Give a command ``-q``."""
    return click.option("-q", "--quiet", is_flag=True, help=words)

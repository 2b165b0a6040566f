"""The flags that change an instance before a command looks at it, the same for every command."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from optimizer.requests import Requests

    Command = Callable[..., Any]

FLAGS = {
    "as-of": ("DATE", "Take law as it is known on this day; without a start, as it holds on it."),
    "policy": ("NAME", "Let a policy hold as well: eu-crma, us-pfe:45x-*, or a file of your own: ours.toml."),
    "law": ("MEASURE=STATE", "Let law be other than it is known: NAME=off, NAME=on, NAME='suspended to 2027-11-10'."),
    "drop": ("LIMIT", "Take limits away, by name or wildcard."),
    "cap": ("WHO=LEVEL", "At most a share may hang on WHO: CN=40%, refined/graphite:CN=+5pp."),
    "ban": ("WHO", "Nothing is bought from WHO, or of what it owns to a half: RU."),
    "product": ("PRODUCT=AMOUNT", "Change what is made: nmc811=+20%, nmc811@2028=x0.5."),
    "demand": ("MATERIAL=AMOUNT", "Change what is needed: lithium=+20%, nickel@2028=x1.5."),
    "price": ("OFFERS=AMOUNT", "Change prices: kwinana=+10%, refined/lithium@CL=x2."),
    "capacity": ("OFFERS=AMOUNT", "Change capacities: cobalt@CD=-30%, albemarle@2028=0."),
    "minimum-take": ("OFFERS=AMOUNT", "Change what must be taken of what is signed: refined/nickel=x0.5."),
    "lane": ("LANES=AMOUNT", "Change what lanes and corridors can carry: balama/vidalia=0, corridor:cape@2028=x0.5."),
    "freight": ("LANES=AMOUNT", "Change what a unit costs on lanes: '*/texas-cells=+20%'."),
    "rate": ("CURRENCY=AMOUNT", "Change what other currencies are worth: CNY=+10%, EUR@2028=x1.1."),
    "duty": ("FROM=RATE", "Change duties: CN=+25% on top, CN=25% instead, 'CN>US=x2'."),
    "set": ("PATH=VALUE", "Change any field: limits.NAME.FIELD, solve.FIELD, TABLE.KEY.COLUMN."),
}
"""Every verb with its value and what it does, in the order in which they are applied."""

_HELP = "Make the changes of a named case first."
_FILE = "A CSV of further cases, with the columns case, what and value."
_GRID = "Cases with commas; given several times, every combination of one of each."


def with_changes(command: Command) -> Command:
    """Give a command the flags of all changes; it receives them as one argument, `changes`."""
    return _with_flags(command)


def with_grid(command: Command) -> Command:
    """Give a command the flags of all changes, and ``--grid`` for combinations of cases."""
    return click.option("--grid", "request_grid", multiple=True, metavar="CASE,CASE", help=_GRID)(_with_flags(command))


def _with_flags(command: Command) -> Command:
    @wraps(command)
    def with_requests(**given: Any) -> Any:
        rest = {name: value for name, value in given.items() if not name.startswith("request_")}
        return command(**rest, changes=_read_requests(given))

    wrapped: Command = with_requests
    for verb, (metavar, words) in reversed(FLAGS.items()):
        name = f"request_{verb.replace('-', '_')}"
        wrapped = click.option(f"--{verb}", name, multiple=verb != "as-of", metavar=metavar, help=words)(wrapped)
    kind = click.Path(path_type=Path)
    wrapped = click.option("--changes", "request_file", type=kind, metavar="FILE", help=_FILE)(wrapped)
    return click.option("--case", "request_case", multiple=True, metavar="NAME", help=_HELP)(wrapped)


def _read_requests(given: dict[str, Any]) -> Requests:
    from optimizer.files.policies import is_file
    from optimizer.requests import Requests

    texts: list[str] = []
    own = tuple(said for said in given["request_policy"] if is_file(said))
    for verb in FLAGS:
        said = given[f"request_{verb.replace('-', '_')}"]
        asked = [said] if isinstance(said, str) else said or ()
        texts += [f"{verb} {one}" for one in asked if verb != "policy" or one not in own]
    return Requests(given["request_case"], tuple(texts), given["request_file"], given.get("request_grid", ()), own)

"""What is moved on a page: as the page sends it, as changes of the instance, as a command line and as a case."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optimizer.errors import InputError
from optimizer.files.toml_text import toml_text
from optimizer.requests import Requests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from optimizer.serve.controls import Control, Value

_ORDER = (
    "case",
    "as-of",
    "law",
    "drop",
    "ban",
    "product",
    "demand",
    "price",
    "capacity",
    "minimum-take",
    "lane",
    "freight",
    "rate",
    "duty",
    "set",
)
"""Verbs in the order in which the command line makes their changes."""
_MOST = 500
"""Controls that may be moved at once."""


@dataclass(frozen=True)
class Moves:
    """Controls that stand elsewhere than in the instance, in the order in which they were first moved."""

    moved: tuple[tuple[Control, Value], ...] = ()

    @property
    def changes(self) -> list[str]:
        """The changes of the instance, in the order in which they are made."""
        texts = [control.change(value) for control, value in self.moved]
        return sorted(texts, key=lambda text: _ORDER.index(text.split(" ", 1)[0]))

    def apply_to(self, instance: Instance) -> EnforcedInstance:
        """Return an instance with everything moved.

        Raises:
            InputError: with one line for everything that cannot be.
        """
        cases = tuple(control.label for control, _ in self.moved if control.group == "Cases")
        texts = tuple(text for text in self.changes if not text.startswith("case "))
        return Requests(cases, texts).apply_to(instance)

    def at(self, name: str, value: Value) -> Moves:
        """Return the same with one control at another value, or at its place in the instance."""
        moved = [(control, value if control.name == name else old) for control, old in self.moved]
        return Moves(tuple((control, value) for control, value in moved if value != control.base))

    def command(self, path: str, *, calm: bool = False) -> str:
        """Return the command line that answers the same, planned as if it were `calm` or not."""
        words = [word for text in self.changes for word in _as_flag(text)]
        return f"lodeplan whatif {shlex.join([path, *(['--calm'] if calm else []), *words])}"

    def case(self) -> str:
        """Return the same as a case, to paste into the header of the instance."""
        texts = [text for text in self.changes if not text.startswith("case ")]
        return toml_text({"cases": {"moved": texts}})


def _as_flag(text: str) -> tuple[str, str]:
    verb, said = text.split(" ", 1)
    return f"--{verb}", said


def read_moves(data: Any, controls: Mapping[str, Control]) -> Moves:
    """Read what a page sends: a list of pairs of a control's name and its value.

    Raises:
        InputError: it is something else, or a control cannot stand there.
    """
    if not isinstance(data, list) or len(data) > _MOST:
        raise InputError(["moves: is no list of controls and values; load the page again"])
    moved: dict[str, tuple[Control, Value]] = {}
    for pair in data:
        if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)):  # noqa: PLR2004 (a pair)
            raise InputError(["moves: holds what is no pair of a control and a value; load the page again"])
        control = controls.get(pair[0])
        if control is None:
            raise InputError([f"{pair[0][:100]!r} cannot be moved in this instance; reset it"])
        value = control.check(pair[1])
        if value is None:
            raise InputError([f"{control.name} cannot stand at {str(pair[1])[:100]!r}; move it within its range"])
        if value != control.base:
            moved[control.name] = control, value
    return Moves(tuple(moved.values()))

"""Policies by name or by path: those that come with Lodeplan, and a user's own TOML files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.policies import PolicyError, read_named, read_policy, select_measures, split
from optimizer.errors import InputError
from optimizer.files.toml_file import UnreadableTomlError, read_toml

if TYPE_CHECKING:
    from pathlib import Path

    from models.policies import Policy

SUFFIX = ".toml"


def is_file(said: str) -> bool:
    """Whether what is asked for is a file and not a policy that comes with Lodeplan."""
    return split(said)[0].lower().endswith(SUFFIX)


def find_policy(said: str, home: Path) -> Policy:
    """Return the policy that is asked for, by name or as a file beside `home`, or the measures named behind a colon.

    Raises:
        InputError: with one line for everything that is wrong with it.
    """
    try:
        if not is_file(said):
            return read_named(said)
        name, measures = split(said)
        return select_measures(_read(home / name, name), measures)
    except ValueError as error:
        raise InputError([str(error)]) from None


def _read(path: Path, said: str) -> Policy:
    try:
        return read_policy(read_toml(path))
    except UnreadableTomlError as error:
        place = said if error.line is None else f"{said}:{error.line}"
        raise InputError([f"{place}: {error.sentence}"]) from None
    except PolicyError as error:
        raise InputError([f"{said}: {problem}" for problem in error.problems]) from None

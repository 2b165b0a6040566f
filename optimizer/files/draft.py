"""An instance as it was found in any of its three forms, before any value is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable

    from optimizer.files.grid import Grid

Path = tuple[str | int, ...]
"""Keys and positions that lead to a value of the header."""


class DraftLimit(NamedTuple):
    """One limit as it was found: its path in the header, its name and its keys."""

    path: Path
    name: object
    keys: object


@dataclass
class Draft:
    """Header, limits and tables as found; what could not be read at all is missing here and noted as a fault."""

    spot: Callable[[Path], str]
    """From a path in the header to ``instance.toml: limits.china.max_share``."""
    key_spot: Callable[[Path], str] | None = None
    """The same for what is wrong with a key itself, where keys and values stand in cells of their own."""
    header: dict[str, object] | None = None
    """Every key of the header but the limits; None when it could not be read."""
    limits: list[DraftLimit] = field(default_factory=list)
    grids: dict[str, Grid] = field(default_factory=dict)
    form: Literal["folder", "workbook", "document"] = "folder"
    """What it was found in, for what to write instead."""
    home: pathlib.Path | None = None
    """The folder beside which files that the header names are looked for."""
    unread: set[str] = field(default_factory=set)
    """Tables that are there and could not be read, or are missing and needed."""

    def place(self, path: Path, message: str) -> str:
        """Name the place in the header of what a message says: of a key, or of its value."""
        of_key = message.startswith(("is not a key ", "is what stands after "))
        return self.key_spot(path) if of_key and self.key_spot is not None else self.spot(path)

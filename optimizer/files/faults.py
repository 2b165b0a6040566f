"""What is wrong with an input: collected as it is found, told in file order, one line each."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER, HEADER = -1, 0
"""Ranks of what does not lie in a table: it is told first."""

MOST_LISTED = 1_000
"""Faults of one table that are told."""

_BARE = re.compile(r"[A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*")


class Faults:
    """Lines of what is wrong, in file order: folder, header, then table by table and row by row."""

    def __init__(self) -> None:
        """Start with nothing wrong."""
        self._found: list[tuple[int, int, str]] = []

    def add(self, place: str, sentence: str, rank: int, row: int = 0) -> None:
        """Note one thing that is wrong at a place of the table with this rank."""
        self._found.append((rank, row, f"{place}: {sentence}"))

    def lines(self) -> list[str]:
        """Return every line once, in file order; of one table no more than can be mended in a sitting."""
        lines: list[str] = []
        ordered = sorted(self._found, key=lambda found: found[:2])
        for _, of_table in groupby(ordered, key=lambda found: found[0]):
            told = list(dict.fromkeys(line for _, _, line in of_table))
            lines += told[:MOST_LISTED]
            if len(told) > MOST_LISTED:
                lines.append(f"{told[0].split(':')[0]}: has more faults than these {MOST_LISTED}; mend these first")
        return lines

    def __len__(self) -> int:
        return len(self._found)


def join_path(path: Sequence[str | int]) -> str:
    """Write a path into the header as a key: ``periods.1.name``, ``limits."a.b".max_share``."""
    parts = []
    for part in path:
        if isinstance(part, int):
            parts.append(str(part + 1))
        elif _BARE.fullmatch(part):
            parts.append(part)
        else:
            escaped = part.replace("\\", "\\\\").replace('"', '\\"')
            parts.append(f'"{escaped}"')
    return ".".join(parts)

"""Aligned columns of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def blank_repeats(rows: Sequence[Sequence[str]], columns: int = 2) -> list[list[str]]:
    """Blank the leading cells that only repeat the row above."""
    shown, above = [], [""] * columns
    for row in rows:
        head = list(row[:columns])
        same = 0
        while same < columns and head[same] == above[same]:
            same += 1
        shown.append([""] * same + head[same:] + list(row[columns:]))
        above = head
    return shown


def format_table(heading: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> str:
    """Return aligned columns: the first `left` to the left, the others to the right."""
    widths = [max(len(str(row[i])) for row in [heading, *rows]) for i in range(len(heading))]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(_align(cells, widths, left)).rstrip()

    return "\n".join([line(heading), line(["-" * width for width in widths]), *map(line, rows)])


def _align(cells: Sequence[str], widths: Sequence[int], left: int) -> Iterator[str]:
    for position, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        yield cell.ljust(width) if position < left else cell.rjust(width)

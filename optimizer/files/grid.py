"""A table as it was found: rows of named cells, each with its place, before any value is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from models.values import show
from optimizer.files.cells import spell, unprotect
from optimizer.files.columns import RANK, read_heading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from optimizer.files.columns import Heading
    from optimizer.files.faults import Faults


class Line(NamedTuple):
    """One row: its number in the file, its cells by column, and whether each is surely in its own column."""

    number: int
    cells: dict[str, object]
    sound: bool


class Unreadable(str):
    """A cell of which only this is known: why it cannot be read."""

    __slots__ = ()


@dataclass
class Grid:
    """One table: its rows, and how to name a place in it."""

    table: str
    whole: str
    """What the table as a whole is called: ``offers.csv``."""
    place: Callable[[int, str | None], str]
    """From the number of a row and a column (or None) to ``offers.csv:14 country``."""
    lines: list[Line] = field(default_factory=list)
    lacking: frozenset[str] = frozenset()
    """Required columns that are not there."""


class Tabulator:
    """Turns the rows of a CSV file or a sheet into a grid, noting what is wrong with their shape."""

    def __init__(self, grid: Grid, attributes: Sequence[str] | None, faults: Faults, *, protected: bool) -> None:
        """Prepare to fill `grid`; `protected` cells may start with an apostrophe that goes away."""
        self.grid = grid
        self._attributes = attributes
        self._faults = faults
        self._protected = protected

    def fill(self, rows: Iterable[tuple[int, Sequence[object]]]) -> None:
        """Read the heading and every row that is not blank."""
        heading: Heading | None = None
        for number, cells in rows:
            if all(is_blank(cell) for cell in cells):
                continue
            if heading is None:
                heading = self._heading(number, cells)
                self.grid.lacking = heading.lacking
            else:
                self.grid.lines.append(self._line(number, cells, heading))

    def _complain(self, number: int, column: str | None, sentence: str) -> None:
        self._faults.add(self.grid.place(number, column), sentence, RANK[self.grid.table], number)

    def _heading(self, number: int, cells: Sequence[object]) -> Heading:
        names = ["" if is_blank(cell) else str(spell(self._plain(cell))).strip() for cell in cells]
        return read_heading(
            self.grid.table, names, self._attributes, lambda name, sentence: self._complain(number, name, sentence)
        )

    def _line(self, number: int, cells: Sequence[object], heading: Heading) -> Line:
        width = len(heading.columns)
        values: dict[str, object] = {}
        sound = len(cells) == width
        if not sound:
            advice = (
                "put text that holds a comma in quotes" if len(cells) > width else "write the commas of empty cells too"
            )
            self._complain(number, None, f"has {len(cells)} cells where the heading has {width}; {advice}")
        for position, (column, cell) in enumerate(zip(heading.columns, cells, strict=False), start=1):
            if is_blank(cell):
                continue
            if isinstance(cell, Unreadable):
                self._complain(number, heading.names[position - 1], cell)
                sound = False
            elif column is not None:
                values[column.name] = cell if column.kind == "number" else self._plain(cell)
            elif not heading.names[position - 1]:
                self._complain(number, None, f"cell {position} says {show(cell)}, and its column has no name; name it")
                sound = False
        return Line(number, values, sound)

    def _plain(self, cell: object) -> object:
        return unprotect(cell) if self._protected and isinstance(cell, str) else cell


def is_blank(cell: object) -> bool:
    """Whether a cell says nothing: empty, or spaces only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())

"""A table as it was found: rows of named cells, each with its place, before any value is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import filterfalse, islice
from typing import TYPE_CHECKING, NamedTuple, Self, TypeGuard

from models.records.wording import format_count, quote
from optimizer.files.cells import spell, unprotect
from optimizer.files.columns import RANK, columns_of, holds_no_heading, read_heading
from optimizer.files.totals import says_total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from optimizer.files.columns import Column, Heading
    from optimizer.files.faults import Faults


_OF_A_FOOTNOTE = "remove it, or say it in the column note of a row that it is about"


class Line(NamedTuple):
    """One row: its number in the file, its cells by column, and whether each is surely in its own column."""

    number: int
    cells: dict[str, object]
    sound: bool


@dataclass(frozen=True, slots=True)
class TextColumns:
    """The columns of a table of which every row is texts, each in a column of its own."""

    heading: Heading
    protected: bool
    """Whether a text may start with an apostrophe that goes away."""

    def read_cell(self, position: int, text: str) -> str | None:
        """Return what a text says in a column; None for a blank."""
        if not text or text.isspace():
            return None
        column = self.heading.columns[position]
        if column is not None and column.kind == "number":
            return text
        return (unprotect(text) if self.protected else text).strip()


class TextLine:
    """One row of texts, each surely in its own column; its cells are looked at when they are asked for."""

    __slots__ = ("columns", "number", "texts")
    sound = True

    def __init__(self, number: int, texts: Sequence[str], columns: TextColumns) -> None:
        """Hold a row as it was found."""
        self.number, self.texts, self.columns = number, texts, columns

    @property
    def cells(self) -> dict[str, object]:
        """Its cells by column."""
        told = (
            (c, self.columns.read_cell(at, self.texts[at])) for at, c in enumerate(self.columns.heading.columns) if c
        )
        return {column.name: text for column, text in told if text is not None}


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
    at: Callable[[int, int], str] = lambda row, position: f"row {row} cell {position}"
    """From the number of a row and the position of a cell, for columns without a name."""
    lines: list[Line | TextLine] = field(default_factory=list)
    columns: tuple[Column | None, ...] = ()
    """The columns by position; None where one is not read."""
    lacking: frozenset[str] = frozenset()
    """Required columns that are not there."""
    absent: str | None = None
    """Where there is no such table at all: why it is needed, unless the rows of others make up for it."""
    numbers: list[int] = field(default_factory=list)
    """The numbers of the rows whose cells were read and let go."""

    @classmethod
    def missing(cls, table: str, whole: str, why: str) -> Self:
        """Return a table that is not there: without rows, and with a sentence for why it is needed."""
        return cls(table, whole, lambda _row, _column: whole, absent=why)

    def forget_cells(self) -> None:
        """Let go of what the rows say, and keep where they stand."""
        self.numbers = [line.number for line in self.lines]
        self.lines.clear()


class Tabulator:
    """Turns the rows of a CSV file or a sheet into a grid, noting what is wrong with their shape."""

    def __init__(
        self, grid: Grid, attributes: Sequence[str] | None, faults: Faults, *, protected: bool, separator: str = ","
    ) -> None:
        """Prepare to fill `grid`; `protected` cells may start with an apostrophe that goes away."""
        self._separator = "semicolon" if separator == ";" else "comma"
        self.grid = grid
        self._attributes = attributes
        self._faults = faults
        self._protected = protected
        self._index: list[tuple[int, object]] = []
        """Cells of a first column without a name: it may count the rows."""

    def fill(self, rows: Iterable[tuple[int, Sequence[object]]]) -> bool:
        """Read the heading and every row that is not blank; return whether there was a heading to go by."""
        heading: Heading | None = None
        top = 1
        texts: TextColumns | None = None
        for number, cells in rows:
            if texts is not None and _are_sound(cells, texts):
                self.grid.lines.append(TextLine(number, cells, texts))
                continue
            if not cells or (is_blank(cells[0]) and all(map(is_blank, cells))):
                continue
            if heading is None:
                names = self._names(cells)
                if holds_no_heading(self.grid.table, names, self._attributes):
                    self._complain(number, None, f"names no column of {self.grid.table}; {self._advice()}")
                    return False
                heading, top = self._heading(number, names), number
                self.grid.columns, self.grid.lacking = heading.columns, heading.lacking
                if self._protected and None not in heading.columns:
                    texts = TextColumns(heading, self._protected)
            elif heading.needs > 1 and len(alone := list(islice(filterfalse(is_blank, cells), 2))) == 1:
                self._complain(number, None, f"{quote(alone[0])} stands alone in its row; {_OF_A_FOOTNOTE}")
            elif (sums := self._name_of_sums(cells, heading)) is not None:
                self._complain(
                    number, None, f"{quote(sums)} heads a row of sums, which is none of the table; remove it"
                )
            else:
                self.grid.lines.append(self._line(number, cells, heading))
        if self._index:
            self._tell_index(top)
        return True

    def _name_of_sums(self, cells: Sequence[object], heading: Heading) -> str | None:
        """Return what stands before figures alone and says that they are sums; None for any other row."""
        first = next((cell for cell in cells if not is_blank(cell)), None)
        if heading.needs <= 1 or not isinstance(first, str) or not says_total(text := str(self._plain(first))):
            return None
        said = [at for at, cell in enumerate(cells[: len(heading.columns)]) if not is_blank(cell)]
        behind = [heading.columns[at] for at in said[1:]]
        return text if all(column is not None and column.kind == "number" for column in behind) else None

    def _advice(self) -> str:
        some = ", ".join(list(columns_of(self.grid.table))[:4])
        return f"the first row must name the columns ({some}, ...), so remove what stands above them"

    def _tell_index(self, top: int) -> None:
        """Tell of a first column without a name: once when it counts the rows, else cell by cell."""
        counted = [spell(cell) for _, cell in self._index]
        if len(counted) == len(self.grid.lines) and any(
            counted == [str(start + i) for i in range(len(counted))] for start in (0, 1) if counted
        ):
            what = "a column without a name counts the rows; save without the index (index=False)"
            self._faults.add(self.grid.at(top, 1), what, RANK[self.grid.table], top)
            return
        for number, cell in self._index:
            self._unnamed(number, 1, cell)
        spoilt = {number for number, _ in self._index}
        self.grid.lines = [
            Line(line.number, line.cells, line.sound and line.number not in spoilt) for line in self.grid.lines
        ]

    def _unnamed(self, number: int, position: int, cell: object) -> None:
        what = f"{quote(cell)} stands in a column without a name; name the column or empty the cell"
        self._faults.add(self.grid.at(number, position), what, RANK[self.grid.table], number)

    def _complain(self, number: int, column: str | None, sentence: str) -> None:
        self._faults.add(self.grid.place(number, column), sentence, RANK[self.grid.table], number)

    def _names(self, cells: Sequence[object]) -> list[str]:
        return ["" if is_blank(cell) else str(spell(self._plain(cell))).strip() for cell in cells]

    def _heading(self, number: int, names: Sequence[str]) -> Heading:
        return read_heading(
            self.grid.table, names, self._attributes, lambda name, sentence: self._complain(number, name, sentence)
        )

    def _line(self, number: int, cells: Sequence[object], heading: Heading) -> Line:
        width = len(heading.columns)
        values: dict[str, object] = {}
        sound = len(cells) == width
        if not sound:
            advice = f"write the {self._separator}s of empty cells too"
            if len(cells) > width:
                advice = f"put text that holds a {self._separator} in quotes"
            if len(cells) > width and self.grid.table == "materials":
                advice = f"separate stages with semicolons, and {advice}"
                advice = f'{advice}: "mined; refined"' if self._separator == "semicolon" else advice
            self._complain(
                number, None, f"has {format_count(len(cells), 'cells')} where the heading has {width}; {advice}"
            )
        for position, (column, cell) in enumerate(zip(heading.columns, cells, strict=False), start=1):
            if is_blank(cell):
                continue
            if isinstance(cell, Unreadable):
                self._faults.add(self._place(number, position, heading), cell, RANK[self.grid.table], number)
                sound = False
            elif column is not None:
                values[column.name] = cell if column.kind == "number" else self._plain(cell)
            elif not heading.names[position - 1]:
                if position == 1:
                    self._index.append((number, cell))
                else:
                    self._unnamed(number, position, cell)
                    sound = False
        return Line(number, values, sound)

    def _place(self, number: int, position: int, heading: Heading) -> str:
        name = heading.names[position - 1]
        return self.grid.place(number, name) if name else self.grid.at(number, position)

    def _plain(self, cell: object) -> object:
        if not isinstance(cell, str):
            return cell
        return (unprotect(cell) if self._protected else cell).strip()


def _are_sound(cells: Sequence[object], texts: TextColumns) -> TypeGuard[Sequence[str]]:
    """Whether a row has a text for each column and is neither blank nor a footnote, as its first two say something."""
    if len(cells) != len(texts.heading.columns) or len(cells) < 2:  # noqa: PLR2004 (the first two)
        return False
    return bool(str(cells[0]).strip() and str(cells[1]).strip())


def is_blank(cell: object) -> bool:
    """Whether a cell says nothing: empty, or spaces only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())

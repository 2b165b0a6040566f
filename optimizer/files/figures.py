"""Figures of a table that may have decimal commas, written with points before any value is read.

Of a figure two readings are tried, with the comma and with the point as decimal sign, the other one between groups of
three. ``12,5`` has one, ``1,234`` has two. Where the header states the sign, it holds for every table. Otherwise a
table that is separated by semicolons has the sign of those of its figures that have one reading.
"""

from __future__ import annotations

import re
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from models.records.figures import NAMES, Sign, read_by_sign
from models.records.wording import format_count, quote
from optimizer.files.columns import RANK
from optimizer.files.grid import Line, TextLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from optimizer.files.columns import Column, Kind
    from optimizer.files.faults import Faults
    from optimizer.files.grid import Grid

DECIMAL_SIGN = "decimal_sign"
"""The key of ``instance.toml`` that states the sign for every table beside it."""
SIGNS: dict[str, Sign] = {",": ",", ".": "."}


class Stated(NamedTuple):
    """Where a decimal sign is stated, and what to do to state it."""

    by: str
    kind: str
    cure: str


IN_HEADER = Stated(f"{DECIMAL_SIGN} in instance.toml", "key", f'state {DECIMAL_SIGN} = "," or "." in instance.toml')
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
"""31.12.2027, in which nobody writes the month first."""


def settle_figures(grid: Grid, stated: Sign | None, faults: Faults) -> None:
    """Write every figure of a table with a decimal point, and days such as 31.12.2027 as 2027-12-31.

    What cannot be settled is noted in `faults`; its rows are not sound from then on, so that nothing more is said of
    them. What is no figure stays as it is, to be told where it is read.
    """
    columns = [(at, column) for at, column in enumerate(grid.columns) if column is not None and column.kind != "text"]
    cells = [[_cell_of(line, at, column.name) for line in grid.lines] for at, column in columns]
    kinds = [column.kind for _, column in columns]
    texts = [(kind, text) for kind, column in zip(kinds, cells, strict=True) for text in dict.fromkeys(column)]
    readings = {figure: read_by_sign(figure) for kind, text in texts for figure in _split(kind, text)}
    figures = Figures({figure: by_sign for figure, by_sign in readings.items() if by_sign}, stated)

    seen: dict[str, tuple[int, str]] = {}
    unsound = set()
    if figures.unsettled:
        watched = figures.unsettled | set(figures.only.values())
        for row, name, figure in _places(grid, columns, cells):
            if figure in watched:
                seen[figure] = min(seen.get(figure, (row, name)), (row, name))
            if figure in figures.unsettled:
                unsound.add(row)
    for figure, sentence in figures.list_faults(lambda figure: grid.place(*seen[figure])):
        faults.add(grid.place(*seen[figure]), sentence, RANK[grid.table], seen[figure][0])
    by_kind = {kind: {text: figures.write(kind, text) for of, text in texts if of == kind} for kind in set(kinds)}
    written = [list(map(by_kind[kind].__getitem__, said)) for kind, said in zip(kinds, cells, strict=True)]
    rows = zip(*written, strict=True) if columns else repeat(())
    grid.lines = [
        _rewrite(line, columns, row, sound=line.number not in unsound)
        for line, row in zip(grid.lines, rows, strict=False)
    ]


def _cell_of(line: Line | TextLine, at: int, name: str) -> str:
    if isinstance(line, TextLine):
        return line.texts[at]
    return str(line.cells.get(name, ""))


def _places(
    grid: Grid, columns: Sequence[tuple[int, Column]], cells: Sequence[Sequence[str]]
) -> Iterator[tuple[int, str, str]]:
    """Yield the row and the column of every figure."""
    for (_, column), said in zip(columns, cells, strict=True):
        for line, text in zip(grid.lines, said, strict=True):
            yield from ((line.number, column.name, figure) for figure in _split(column.kind, text))


def _split(kind: Kind, text: str) -> list[str]:
    """Return the figures in a cell."""
    return [text] if kind == "number" else text.split(";") if kind == "numbers" else []


def _rewrite(
    line: Line | TextLine, columns: Sequence[tuple[int, Column]], cells: Sequence[str], *, sound: bool
) -> Line | TextLine:
    if not (sound and isinstance(line, TextLine)):
        names = [column.name for _, column in columns]
        stated = {name: cell for name, cell in zip(names, cells, strict=True) if name in line.cells}
        return Line(line.number, line.cells | stated, line.sound and sound)
    texts = list(line.texts)
    for (at, _), cell in zip(columns, cells, strict=True):
        texts[at] = cell
    return TextLine(line.number, texts, line.columns)


class Figures:
    """The figures of a table: what they say, once the decimal sign is known."""

    def __init__(self, readings: Mapping[str, dict[Sign, str]], stated: Sign | None, where: Stated = IN_HEADER) -> None:
        """Settle what can be; `where` says where the sign is stated, and how to state it."""
        self.readings = readings
        self.stated = stated
        self._where = where
        self.only: dict[Sign, str] = {}
        """The first figure that can be read with this sign and not with the other."""
        for text, by_sign in readings.items():
            if len(by_sign) == 1:
                self.only.setdefault(next(iter(by_sign)), text)
        self.sign = stated or (next(iter(self.only)) if len(self.only) == 1 else None)
        self.unsettled = {text for text in readings if self._is_unsettled(text)}
        self.settled = {text: self._settle(text) for text in readings if text not in self.unsettled}

    def _is_unsettled(self, text: str) -> bool:
        by_sign = self.readings[text]
        if len(set(by_sign.values())) == len(SIGNS):  # 1,234
            return not self.stated and (self.sign is None or self.sign not in text)
        return len(by_sign) == 1 and self.sign not in by_sign  # 12,5

    def write(self, kind: Kind, text: str) -> str:
        """Return what a cell says, with decimal points, and a day with its year before."""
        if kind == "day":
            day = _DAY.fullmatch(text.strip())
            return f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}" if day else text
        if kind == "number":
            return self.settled.get(text, text)
        return ";".join(self.settled.get(figure, figure) for figure in _split(kind, text))

    def _settle(self, text: str) -> str:
        by_sign = self.readings[text]
        return by_sign[self.sign] if self.sign else next(iter(by_sign.values()))

    def list_faults(self, place: Callable[[str], str]) -> Iterator[tuple[str, str]]:
        """Yield figures that cannot be settled, with what is wrong."""
        if self.stated:
            for text in (text for text in self.readings if text in self.unsettled):
                sign, cure = next(iter(self.readings[text].items()))
                write = f"write {cure.replace('.', self.stated)}, or change that {self._where.kind}"
                what = f"has a decimal {NAMES[sign]}, and {self._where.by} is the"
                yield text, f"{quote(text)} {what} {NAMES[self.stated]}; {write}"
        elif len(self.only) > 1:
            comma, point = self.only[","], self.only["."]
            other = f"{quote(comma)} ({place(comma)}) a decimal comma"
            yield point, f"{quote(point)} has a decimal point and {other}; write the whole table with one of them"
        elif self.unsettled:
            text = next(text for text in self.readings if text in self.unsettled)
            by_sign, more = self.readings[text], len(self.unsettled) - 1
            also = f" (and so do {format_count(more, 'others')})" if more else ""
            yield text, f"{quote(text)} reads both ways, as {by_sign[',']} or {by_sign['.']}{also}; {self._where.cure}"

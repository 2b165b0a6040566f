"""A workbook and its sheets: one style of print, numbers and tables on all of them, and the same bytes every time."""

from __future__ import annotations

import datetime
import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from optimizer.book.words import plain
from optimizer.charts.palette import LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optimizer.charts.shown import Cell

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CREATED = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 (the same file every time)
MOST_ROWS = 1_000_000
"""Rows of a table on a sheet; a sheet holds 1 048 576 in all."""
_WIDEST, _NARROWEST, _WITH_BAR = 60, 9, 24
"""Signs across a column; longer texts run over several lines, as long as they are of a size to be read."""
_WRAPPED = 400
_SAMPLE = 2_000
"""Rows that are looked at for the width of a column."""
_LONGEST_HEADING = 250
A4 = 9
LINE = 15
"""Height of a line [points]."""

Kind = Literal["text", "amount", "count", "exact", "share", "level", "year"]
SHARE = "0.0%"
EXACT = "#,##0.00"


@dataclass(frozen=True)
class Column:
    """A column of a table on a sheet."""

    heading: str
    cells: Sequence[Cell]
    kind: Kind = "text"
    """Of numbers: an amount with as many decimals as the largest is worth, a count, an amount with two decimals, a
    share, a year, or a level, which is a share in those rows whose `units` say so."""
    units: Sequence[str] = ()
    bar: str = ""
    """Colour of a bar in each cell, from 0 to 1 for shares, else up to the largest."""
    by: Sequence[str] = ()
    """What the bars of different rows must agree in to be on one scale; all of them are where it is left out."""


class Book:
    """A workbook that is being laid out."""

    def __init__(self) -> None:
        """Begin an empty one."""
        import xlsxwriter

        self._buffer = io.BytesIO()
        self.file: Any = xlsxwriter.Workbook(self._buffer, _OPTIONS)
        self.file.set_properties({"created": _CREATED, "comments": "Made by lodeplan from the tables of a plan."})
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._tables = 0

    def style(self, **options: Any) -> Any:
        """Return a style of cells, each made once."""
        key = tuple(sorted(options.items()))
        if key not in self._styles:
            self._styles[key] = self.file.add_format({"valign": "top", "font_color": LIGHT["ink"], **options})
        return self._styles[key]

    def sheet(self, name: str, title: str, notes: Sequence[str] = ()) -> Sheet:
        """Return a new sheet with a title and, below it, lines of what is to be known of it."""
        return Sheet(self, self.file.add_worksheet(name), title, notes)

    def next_table(self, name: str) -> str:
        """Return a name for a table that none has yet."""
        self._tables += 1
        return f"{name.replace(' ', '_')}_{self._tables}"

    def close(self) -> bytes:
        """Return the workbook."""
        self.file.close()
        return self._buffer.getvalue()


class Sheet:
    """A sheet that is being laid out from its top to its bottom."""

    def __init__(self, book: Book, own: Any, title: str, notes: Sequence[str]) -> None:
        """Write the title and the notes, and set up how it prints."""
        self.book, self.own = book, own
        own.hide_gridlines(2)
        own.set_landscape()
        own.set_paper(A4)
        own.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        own.fit_to_pages(1, 0)
        own.set_footer("&L&8&A&R&8page &P of &N")
        self.text(0, 0, title, bold=True, font_size=14)
        own.set_row(0, 21)
        for row, note in enumerate(notes, start=1):
            self.text(row, 0, note, font_color=LIGHT["second"])
        self.row = len(notes) + 2
        """The first row that is free, from 0."""

    def text(self, row: int, column: int, said: object, **style: Any) -> None:
        """Write a text, never a formula."""
        self.own.write_string(row, column, plain(said), self.book.style(**style))

    def number(self, row: int, column: int, figure: float, form: str, **style: Any) -> None:
        """Write a number; one that is not finite, as a text."""
        if math.isfinite(figure):
            self.own.write_number(row, column, figure, self.book.style(num_format=form, **style))
        else:
            self.text(row, column, figure, align="right", **style)

    def table(self, name: str, columns: Sequence[Column]) -> tuple[int, int]:
        """Lay a table that sorts and filters, and return its first and last row of cells.

        Its heading is repeated on each page of paper and stays on the screen where it is the first of the sheet.
        """
        top, count = self.row, min(len(columns[0].cells), MOST_ROWS)
        last = top + max(count, 1)
        heights: dict[int, int] = {}
        for place, column in enumerate(columns):
            self._column(place, column, top + 1, count, heights)
        for row, lines in heights.items():
            self.own.set_row(row, LINE * lines)
        self.own.add_table(
            top, 0, last, len(columns) - 1,
            {
                "name": self.book.next_table(name),
                "style": "Table Style Light 1",
                "banded_rows": False,
                "columns": [
                    {"header": plain(column.heading, _LONGEST_HEADING), "header_format": self._heading(column)}
                    for column in columns
                ],
            },
        )  # fmt: skip
        self.own.set_row(top, 31)
        self.own.repeat_rows(top)
        self.own.freeze_panes(top + 1, 1)
        self.row = last + 2
        return top + 1, last

    def _heading(self, column: Column) -> Any:
        side = {"align": "left", "indent": 1} if column.kind == "text" else {"align": "right"}
        return self.book.style(bold=True, text_wrap=True, **side, bottom=1, bottom_color=LIGHT["ink"])

    def _column(self, place: int, column: Column, top: int, count: int, heights: dict[int, int]) -> None:
        """Write a column; rows in which a text runs over several lines are noted in `heights`."""
        cells = column.cells[:count]
        if column.kind == "text":
            style, wrapped = (self.book.style(align="left", indent=1, text_wrap=wrap) for wrap in (False, True))
            for row, cell in enumerate(cells, start=top):
                if cell not in {None, ""}:
                    said = plain(cell)
                    lines = lines_of(said, _WIDEST) if len(said) <= _WRAPPED else 1
                    if lines > heights.get(row, 1):
                        heights[row] = lines
                    self.own.write_string(row, place, said, style if lines == 1 else wrapped)
            longest = max((len(str(cell)) for cell in cells[:_SAMPLE] if cell is not None), default=0)
        else:
            forms = _forms(column, cells)
            styles = {form: self.book.style(num_format=form) for form in set(forms)}
            for row, (cell, form) in enumerate(zip(cells, forms, strict=True), start=top):
                if isinstance(cell, float) and math.isfinite(cell):
                    self.own.write_number(row, place, cell, styles[form])
                elif isinstance(cell, float):
                    self.text(row, place, cell, align="right")
            longest = max((len(f"{cell:,.2f}") for cell in cells[:_SAMPLE] if isinstance(cell, float)), default=0)
        heading = plain(column.heading, _LONGEST_HEADING)
        words = max(*map(len, heading.split(" ")), len(heading) // 2 + 2, _WITH_BAR * bool(column.bar)) + 3
        self.own.set_column(place, place, min(max(longest + 2, words, _NARROWEST), _WIDEST))
        for first, last in _spans(column, count):
            self.bars(place, top + first, top + last, column)

    def bars(self, place: int, first: int, last: int, column: Column) -> None:
        """Draw a bar in each cell of a column, of the same scale in all rows."""
        rule: dict[str, Any] = {
            "type": "data_bar", "bar_solid": True, "bar_color": column.bar, "bar_border_color": column.bar,
            "min_type": "num", "min_value": 0, "data_bar_2010": True,
        }  # fmt: skip
        if column.kind == "share":
            rule |= {"max_type": "num", "max_value": 1}
        self.own.conditional_format(first, place, last, place, rule)


def lines_of(text: str, width: int) -> int:
    """Return over how many lines a text runs in a column of so many signs; some room is left for wide letters."""
    return 1 if len(text) <= width - 3 else 1 + len(text) // (width * 9 // 10)


def _spans(column: Column, count: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last row of those that follow each other and have bars on one scale."""
    by = column.by[:count] if column.by else [""] * count
    first = 0
    for row in range(1, count + 1) if column.bar else ():
        if row == count or by[row] != by[first]:
            yield first, row - 1
            first = row


def _forms(column: Column, cells: Sequence[Cell]) -> list[str]:
    """Return the format of each number of a column."""
    if column.kind == "level":
        amounts = [cell for cell, unit in zip(cells, column.units, strict=False) if unit != "share"]
        form = amount_form(amounts)
        return [SHARE if unit == "share" else form for unit in column.units[: len(cells)]]
    form = {"share": SHARE, "exact": EXACT, "count": "#,##0", "year": "0"}.get(column.kind) or amount_form(cells)
    return [form] * len(cells)


def amount_form(cells: Sequence[Cell]) -> str:
    """Return one format for amounts that stand below each other: as many decimals as the largest is worth.

    >>> amount_form([12_000.0, 0.5]), amount_form([120.0]), amount_form([0.5])
    ('#,##0', '#,##0.0', '#,##0.00##')
    """
    largest = max((abs(cell) for cell in cells if isinstance(cell, float) and math.isfinite(cell)), default=0.0)
    if not largest or largest >= 1_000:  # noqa: PLR2004
        return "#,##0"
    return "#,##0.0" if largest >= 10 else "#,##0.00##"  # noqa: PLR2004

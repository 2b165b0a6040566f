"""Text of one width: aligned columns that fit it, and paragraphs.

Names are shortened in the middle or wrapped where a table is too wide, headings are wrapped; figures never are: columns
of figures that find no room stand in a table of their own, below, with the same names at the left.
"""

from __future__ import annotations

import re
import textwrap
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PIPED = 80
"""Columns where nobody says how wide the window is."""
_WIDTH = ContextVar("width", default=PIPED)
_LEAST_WIDTH = 40
"""Columns of the narrowest window that is gone by."""
_GAP = "  "
_CUT = "\u2026"
_NAMES = frozenset(
    {
        "binding limit",
        "case",
        "company",
        "kind",
        "last offer",
        "limit",
        "loss",
        "loss by control",
        "loss by place",
        "material",
        "of",
        "offer",
        "only watched",
    }
    | {"row", "site", "stage", "supplier", "table", "who"}
)
"""Headings of columns that may be shortened or wrapped, as they hold names or words."""
_LEAST = 8
"""Signs of a name that are left at least."""
_MOST_LEAST = 24
"""Signs of a name up to which it stays so long that no other reads the same."""
_MOST_OF_HEADING = 32
"""Signs of a word of a heading up to which it stays whole."""
_MOST_OF_WORD = 4
"""Lines that a word of a sentence may take before its middle is left out."""
_HARD_SPACE = "\u00a0"
_UNIT = re.compile(r"\[[^\]]*\]")
_IN_FIGURE = re.compile(r"(?<=\d) (?=\d{3}(?!\d)|%)")


class _Column(NamedTuple):
    heading: str
    cells: Sequence[str]
    is_left: bool

    @property
    def width(self) -> int:
        """Signs of its widest text."""
        return max(map(len, [self.heading, *self.cells]))

    @property
    def least(self) -> int:
        """Signs that it takes at least: of figures all of them, of names as many as tell them apart."""
        heading = min(max(map(len, _keep_units(self.heading).split(" "))), _MOST_OF_HEADING)
        if self.heading not in _NAMES:
            return max([heading, *map(len, self.cells)])
        different = set(self.cells)
        enough = (width for width in range(_LEAST, _MOST_LEAST) if _tells_apart(different, width))
        return min(self.width, max(heading, next(enough, _MOST_LEAST)))


def set_width(columns: int) -> None:
    """Let all text from now on be so many columns wide, in this thread."""
    _WIDTH.set(max(columns, _LEAST_WIDTH))


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


def group_rows(rows: Sequence[Sequence[str]], columns: int = 1) -> list[list[str]]:
    """Return rows without their leading cells, which stand in a row of their own above those that share them."""
    grouped: list[list[str]] = []
    above: Sequence[str] = ()
    for row in rows:
        if row[:columns] != above:
            above = row[:columns]
            grouped.append([" ".join(above).strip()])
        grouped.append([f"  {row[columns]}", *row[columns + 1 :]])
    return grouped


def format_basis(basis: str) -> str:
    """Return what a unit is counted in, as it stands behind the name of a material: `` [t Li content]``."""
    return f" [{basis}]"


def format_table(heading: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> str:
    """Return aligned columns: the first `left` to the left, the others to the right.

    A row of one cell, where there are several columns, is a title of those below it.
    """
    full = [row for row in rows if len(row) > 1 or len(heading) == 1]
    columns = [_Column(words, [row[place] for row in full], place < left) for place, words in enumerate(heading)]
    titles = [None if len(row) > 1 or len(heading) == 1 else row[0] for row in rows]
    return "\n\n".join("\n".join(_lines(part, _fit(part), titles)) for part in _split(columns, left))


def _split(columns: Sequence[_Column], left: int) -> Iterator[Sequence[_Column]]:
    """Yield the columns in as many tables as it takes to fit the width, each with those on the left."""
    names, rest = columns[:left], columns[left:]
    here: list[_Column] = []
    for column in rest:
        if here and _total([one.least for one in (*names, *here, column)]) > _WIDTH.get():
            yield [*names, *here]
            here = []
        here.append(column)
    yield [*names, *here]


def _fit(columns: Sequence[_Column]) -> list[int]:
    """Return the widths of columns: the widest headings take less, and then the widest names, until all fit."""
    widths, least = [column.width for column in columns], [column.least for column in columns]
    headings = [place for place, column in enumerate(columns) if column.heading not in _NAMES]
    for places in (headings, range(len(columns))):
        while _total(widths) > _WIDTH.get():
            wide = [place for place in places if widths[place] > least[place]]
            if not wide:
                break
            widths[max(wide, key=lambda place: widths[place])] -= 1
    return widths


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _lines(columns: Sequence[_Column], widths: Sequence[int], titles: Sequence[str | None]) -> Iterator[str]:
    """Yield the lines of a table; a row has as many as its highest cell, a heading stands on the last of its own.

    `titles` has one for each row that is a title, and None for each other row.
    """
    headings = [_cut(_keep_units(column.heading), width) for column, width in zip(columns, widths, strict=True)]
    highest = max(map(len, headings))
    yield from _align(columns, widths, [[""] * (highest - len(lines)) + lines for lines in headings])
    yield _GAP.join("-" * width for width in widths).rstrip()
    rows = zip(*(column.cells for column in columns), strict=True)
    for title in titles:
        if title is None:
            cells = [_cut(cell, width) for cell, width in zip(next(rows), widths, strict=True)]
            yield from _align(columns, widths, cells)
        else:
            yield from _cut(title, _WIDTH.get())


def _align(columns: Sequence[_Column], widths: Sequence[int], cells: Sequence[list[str]]) -> Iterator[str]:
    for number in range(max(map(len, cells))):
        texts = [lines[number] if number < len(lines) else "" for lines in cells]
        yield _GAP.join(
            text.ljust(width) if column.is_left else text.rjust(width)
            for column, width, text in zip(columns, widths, texts, strict=True)
        ).rstrip()


def _cut(text: str, width: int) -> list[str]:
    """Return a text in lines of a width: wrapped at spaces, and words that are too long shortened in the middle.

    All lines are indented as the text is.
    """
    if len(text) <= width:
        return [text.replace(_HARD_SPACE, " ")]
    indent = " " * (len(text) - len(text.lstrip(" ")))
    room = width - len(indent)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
    return [f"{indent}{_shorten(line, room).replace(_HARD_SPACE, ' ')}" for line in lines]


def _keep_units(heading: str) -> str:
    """Return a heading in which a unit is one word, as wide as it is."""
    return _UNIT.sub(lambda unit: unit[0].replace(" ", _HARD_SPACE), heading)


def _shorten(word: str, width: int) -> str:
    """Return a word with its middle left out where it is too long.

    >>> _shorten("halmahera-persada-lygend", 12)
    'halmah…ygend'
    """
    if len(word) <= width:
        return word
    tail = (width - len(_CUT)) // 2
    return f"{word[: width - len(_CUT) - tail]}{_CUT}{word[len(word) - tail :]}"


def _tells_apart(different: set[str], width: int) -> bool:
    return len({"\n".join(_cut(text, width)) for text in different}) == len(different)


def fit(text: str) -> str:
    """Return a text with each line that is too wide wrapped; what stands below a point of a list is indented."""
    return "\n".join(line if len(line) <= _WIDTH.get() else _wrap_line(line) for line in text.split("\n"))


def _wrap_line(line: str) -> str:
    start = len(line) - len(line.lstrip())
    point = re.match(r"(?:- |\d+\. )", line[start:])
    return wrap(line[start:], start, start + (len(point[0]) if point else 0), _WIDTH.get())


def wrap(text: str, first: int = 0, later: int = 0, most: int = PIPED) -> str:
    """Return a paragraph in lines of one width, `most` or that of the window.

    The first is indented by so much, the later ones by so much.

    A figure stays on one line, with its percent sign; a list of names that is too long for one is broken at commas.
    """
    width = min(most, _WIDTH.get())
    text = re.sub(r"\S+", lambda word: word[0].replace(",", ", ") if len(word[0]) > width - later else word[0], text)
    text = re.sub(
        r"\S+", lambda word: _shorten(word[0], width - later) if len(word[0]) > _MOST_OF_WORD * width else word[0], text
    )
    wrapper = textwrap.TextWrapper(
        width,
        initial_indent=" " * first,
        subsequent_indent=" " * later,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.fill(_IN_FIGURE.sub(_HARD_SPACE, text)).replace(_HARD_SPACE, " ")

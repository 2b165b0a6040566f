"""A table of a plan on a page: its rows as HTML, and beyond the first ones as data for those who have JavaScript."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from optimizer.charts.markup import number, percent, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.charts.shown import Cell

MOST_ROWS = 500
"""Rows that stand in the page without JavaScript; the rest is summed up."""
_TIGHT = {"period", "arrives", "begins"}
"""Headings of columns whose cells are not broken into lines, though they may have hyphens."""
_DIGITS = 8
"""Significant digits of a number that stands in the page as data."""


@dataclass(frozen=True)
class Heading:
    """The heading of a column."""

    words: str
    kind: Literal["text", "number", "share", "year"]
    summed: bool = False
    """Whether the numbers of different rows add up."""


@dataclass(frozen=True)
class PageTable:
    """A table as it is to stand on a page: texts first, then numbers."""

    key: str
    """What the page calls it in its addresses: a name of one word."""
    title: str
    file: str
    """Where all of it is, with all digits."""
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Cell]]


def draw_table(table: PageTable, note: str = "", *, opened: bool = False) -> str:
    """Return a table that opens and closes, with a note; the rows beyond the first are data, and are summed up."""
    texts = sum(heading.kind == "text" for heading in table.headings)
    heads = "".join(f"<th scope=col data-kind={heading.kind}>{text(heading.words)}" for heading in table.headings)
    shown = "".join(f"<tr>{_cells(table, row)}" for row in table.rows[:MOST_ROWS])
    count = number(len(table.rows))
    rows = "1 row" if len(table.rows) == 1 else f"{count} rows"
    told = f'<p class="note">{text(note)}</p>' if note else ""
    tight = "".join(f" tight{place}" for place, one in enumerate(table.headings, start=1) if one.words in _TIGHT)
    return (
        f'<details class="table" id="table-{table.key}"{" open" if opened else ""}><summary>{text(table.title)} '
        f"<span>{rows}</span></summary>{told}"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{text(table.title)}">'
        f'<table class="data left{texts}{tight}" data-file="{text(table.file)}">'
        f'<caption class="unseen">{text(table.title)}: {rows}</caption>'
        f"<thead><tr>{heads}</thead><tbody>{shown}</tbody>{_rest(table, texts)}</table></div>{_data(table)}</details>"
    )


def _cells(table: PageTable, row: Sequence[Cell]) -> str:
    return "".join(f"<td>{show(cell, heading.kind)}" for cell, heading in zip(row, table.headings, strict=True))


def show(cell: Cell, kind: str) -> str:
    """Return a cell as HTML; tables.js writes numbers in the same way."""
    if cell is None:
        return ""
    if not isinstance(cell, float):
        return text(cell)
    if kind == "year":
        return f"{cell:.0f}"
    return percent(cell) if kind == "share" else show_number(cell)


def show_number(figure: float) -> str:
    """Return a number with as many decimals as its size is worth."""
    size = abs(figure)
    if size >= 1000 or figure == round(figure):  # noqa: PLR2004
        return number(figure)
    return number(figure, 1 if size >= 100 else 2 if size >= 1 else 4)  # noqa: PLR2004


def _rest(table: PageTable, texts: int) -> str:
    rest = table.rows[MOST_ROWS:]
    if not rest:
        return ""
    sums = (
        show_number(sum(cell for row in rest if isinstance(cell := row[place], float))) if heading.summed else ""
        for place, heading in enumerate(table.headings)
        if heading.kind != "text"
    )
    said = f"{number(len(rest))} smaller rows together; all of them are in {text(table.file)}"
    return f"<tfoot><tr><td colspan={texts}>{said}{''.join(f'<td>{one}' for one in sums)}</tfoot>"


def _data(table: PageTable) -> str:
    """Return the rows as columns of data where not all of them stand in the page."""
    if len(table.rows) <= MOST_ROWS:
        return ""
    columns = list(zip(*table.rows, strict=True))
    packed: list[str] = []
    first = columns[0]
    for heading, column in zip(table.headings, columns, strict=True):
        if heading.kind == "text":
            packed.append(_pack_texts(list(map(str, column)), first if packed else None))
        else:
            packed.append(f"[{','.join(map(_spell, column))}]")
    safe = f"[{','.join(packed)}]".replace("<", "\\u003c")
    return f'<script type="application/json">{safe}</script>'


def _spell(cell: Cell) -> str:
    return f"{cell:.{_DIGITS}g}" if isinstance(cell, float) else "null"


def _pack_texts(column: Sequence[str], first: Sequence[Cell] | None) -> str:
    """Return a column of texts: each once, and where; one that follows from the first column by its texts alone."""
    words = {word: place for place, word in enumerate(dict.fromkeys(column))}
    if first is not None:
        follows = dict(zip(first, column, strict=True))
        if all(follows[key] == word for key, word in zip(first, column, strict=True)):
            by = [words[word] for word in follows.values()]
            return json.dumps({"words": list(words), "by": by}, ensure_ascii=False, separators=(",", ":"))
    at = [] if len(words) == 1 else [words[word] for word in column]
    return json.dumps({"words": list(words), "at": at}, ensure_ascii=False, separators=(",", ":"))

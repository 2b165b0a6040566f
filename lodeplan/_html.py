"""Results as HTML for a notebook: a sentence, tables with captions and headings, notes; no style but alignment."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from models.records.wording import format_amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

MOST_ROWS = 20
"""Rows of a table that are shown."""


def section(answer: str, tables: Mapping[str, pd.DataFrame], notes: Sequence[str], drawn: str = "") -> str:
    """Return an answer with drawings, which are HTML already, and its tables; one without rows is left out."""
    parts = [f"<p><strong>{text(answer)}</strong></p>", drawn]
    parts += [table(name, frame) for name, frame in tables.items() if len(frame)]
    if notes:
        parts.append(f"<p>Notes:</p><ul>{''.join(f'<li>{text(note)}</li>' for note in notes)}</ul>")
    return f'<section class="lodeplan">{"".join(parts)}</section>'


def table(name: str, frame: pd.DataFrame) -> str:
    """Return the first rows of a table, and how many more there are."""
    rest = len(frame) - MOST_ROWS
    more = f" (first {MOST_ROWS} of {len(frame)} rows)" if rest > 0 else ""
    numeric = [kind.kind in "fiu" for kind in frame.dtypes]
    heading = "".join(f'<th scope="col">{text(str(column))}</th>' for column in frame.columns)
    rows = "".join(
        f"<tr>{''.join(_cells(row, numeric))}</tr>" for row in frame.head(MOST_ROWS).itertuples(index=False, name=None)
    )
    return (
        f"<table><caption>{text(name.replace('_', ' ').capitalize() + more)}</caption>"
        f"<thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _cells(row: Sequence[Any], numeric: Sequence[bool]) -> Iterator[str]:
    for cell, is_number in zip(row, numeric, strict=True):
        empty = cell is None or cell != cell  # noqa: PLR0124 (what is not known is NaN)
        said = "" if empty else format_amount(cell) if isinstance(cell, (int, float)) else str(cell)
        yield f'<td style="text-align: {"right" if is_number else "left"}">{text(said)}</td>'


def text(said: str) -> str:
    """Return a text that stays text: no mark-up, and no sign that turns what stands beside it around."""
    shown = "".join(sign if sign.isprintable() or sign == "\n" else f"\\u{ord(sign):04x}" for sign in said)
    return escape(shown)

"""Results as HTML for a notebook, in the style of the report: the answer, drawings, tables and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optimizer.charts.markup import text, typeset
from optimizer.page.snippet import style_snippet
from optimizer.page.table import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

MOST_ROWS = 20
"""Rows of a table that are shown."""
_SHARE = " [share]"


def section(answer: str, tables: Mapping[str, pd.DataFrame], notes: Sequence[str], drawn: str = "") -> str:
    """Return an answer with drawings, which are HTML already, and its tables; one without rows is left out.

    Tables are open where there are no drawings.
    """
    parts = [f'<p class="answer">{typeset(text(" ".join(answer.split())))}</p>', drawn]
    parts += [table(name, frame, opened=not drawn) for name, frame in tables.items() if len(frame)]
    if notes:
        listed = "".join(f"<li>{typeset(text(note))}</li>" for note in notes)
        parts.append(f'<p class="title">Notes</p><ul class="notes">{listed}</ul>')
    return style_snippet("".join(parts))


def table(name: str, frame: pd.DataFrame, *, opened: bool) -> str:
    """Return the first rows of a table, texts before numbers, and how many there are."""
    numeric = {place: kind.kind in "fiu" for place, kind in enumerate(frame.dtypes)}
    order = sorted(numeric, key=numeric.__getitem__)
    texts = sum(not is_number for is_number in numeric.values())
    columns = [str(frame.columns[place]) for place in order]
    heading = "".join(f'<th scope="col">{text(column.removesuffix(_SHARE))}</th>' for column in columns)
    kinds = list(map(_kind, columns))
    rows = "".join(
        f"<tr>{''.join(_cells([row[place] for place in order], kinds))}</tr>"
        for row in frame.head(MOST_ROWS).itertuples(index=False, name=None)
    )
    count = f"{len(frame)} rows" if len(frame) <= MOST_ROWS else f"first {MOST_ROWS} of {len(frame)} rows"
    said = f"{text(name.replace('_', ' ').capitalize())} <span>{'1 row' if len(frame) == 1 else count}</span>"
    shown = f"<thead><tr>{heading}</tr></thead><tbody>{rows}</tbody>"
    begin = '<details open="open">' if opened else "<details>"
    return (
        f'{begin}<summary>{said}</summary><div class="scroll"><table class="data left{texts}">{shown}</table></div>'
        "</details>"
    )


def _kind(column: str) -> str:
    """Return how the numbers of a column are shown, by its heading."""
    if column == "year":
        return "year"
    return "share" if column.endswith(_SHARE) else "number"


def _cells(row: Sequence[Any], kinds: Sequence[str]) -> Iterator[str]:
    for cell, kind in zip(row, kinds, strict=True):
        empty = cell is None or cell != cell  # noqa: PLR0124 (what is not known is NaN)
        yield f"<td>{'' if empty else _show(cell, kind)}</td>"


def _show(cell: Any, kind: str) -> str:
    return show(float(cell), kind) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else text(cell)

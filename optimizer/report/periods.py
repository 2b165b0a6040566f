"""Rows that agree in all but their period, told as one: ``2027 to 2029``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def fold_periods(rows: Sequence[Sequence[str]], column: int, periods: Sequence[str]) -> list[list[str]]:
    """Return rows with those folded that agree but for their period, in one column, each where the first of them stood.

    `periods` are all there are, in order: those between which none is missing become one span.
    """
    alike: dict[tuple[str, ...], set[str]] = {}
    for row in rows:
        alike.setdefault((*row[:column], *row[column + 1 :]), set()).add(row[column])
    return [[*cells[:column], ", ".join(list_spans(found, periods)), *cells[column:]] for cells, found in alike.items()]


def list_spans(found: set[str], periods: Sequence[str]) -> Iterator[str]:
    """Yield spans of periods that follow each other, then those that are none of `periods`.

    >>> list(list_spans({"2027", "2028", "2030"}, ["2027", "2028", "2029", "2030"]))
    ['2027 to 2028', '2030']
    """
    run: list[str] = []
    for period in [*periods, None]:
        if period is not None and period in found:
            run.append(period)
        elif run:
            yield run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}"
            run = []
    yield from (period for period in found if period not in periods)

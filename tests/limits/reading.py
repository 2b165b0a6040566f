"""Rows of limits that are said at once, as rows that are said one by one."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

from models.algebra.batched import Expressions
from models.algebra.expressions import Sum
from models.limits import Row, RowBatch

if TYPE_CHECKING:
    from collections.abc import Iterator


def one_by_one(row: Row | RowBatch) -> list[Row]:
    """Return each row by itself."""
    if isinstance(row, Row):
        return [row]
    less, more = (each(side) if isinstance(side, Expressions) else repeat(side) for side in (row.less, row.more))
    return list(map(Row, row.keys, less, more))


def each(sums: Expressions) -> Iterator[Sum]:
    """Yield the sum of each row."""
    terms = zip(*(part.terms() for part in sums.parts.values()), strict=True) if sums.parts else repeat((), sums.size)
    for row, constant in zip(terms, sums.constants or repeat(0.0, sums.size), strict=True):
        yield Sum(*((1, mine) for mine in row), (1, constant))

"""Whether one program is a restriction of another: then a bound of the other is a bound of it too.

Read from the arrays alone, so that it holds for every kind of change: a level tightened, an offer
banned, a price raised, a capacity lowered, a limit added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optimizer.programs.answering import PlanAnswers
from optimizer.solver.arrays import Sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optimizer.programs.program import Places, Program


def is_restriction_of(before: Program, after: Program) -> bool:
    """Whether everything that `after` allows `before` allows too, and at no higher cost.

    False where that cannot be told from corresponding rows and columns one by one, nor of what follows a plan. Columns
    that `after` lacks count as zero there, and so do entries that one of both lacks, as a cap has at 0 %.
    """
    if before.matrix.second_stage is not after.matrix.second_stage:
        return False
    kept = np.arange(before.matrix.A.shape[1])
    rows = np.arange(before.matrix.A.shape[0])
    if before.column_names != after.column_names:
        kept = _find_places(before.columns, after.columns)
    if before.row_names != after.row_names:
        rows = _find_places(before.rows, after.rows)
    if (rows < 0).any():
        return False
    old, new = before.matrix, after.matrix
    gone, there = kept < 0, kept[kept >= 0]
    if (old.lower[gone] > 0).any() or (old.upper[gone] < 0).any():
        return False
    tighter = (new.lower[there] >= old.lower[~gone]) & (new.upper[there] <= old.upper[~gone])
    rise = new.cost.copy()
    rise[there] -= old.cost[~gone]
    if not tighter.all() or (rise < 0).any() or (rise[new.lower < 0] != 0).any():
        return False
    return (
        _rows_are_restricted(before, after, kept, rows)
        and _squares_are_there(before, after, kept)
        and _answers_are_there(before, after, kept)
    )


def _answers_are_there(before: Program, after: Program, kept: NDArray[np.int64]) -> bool:
    """Whether every loss that `before` answers is one that `after` answers, in the same market."""
    old, new = before.matrix.recourse, after.matrix.recourse
    if not isinstance(old, PlanAnswers):
        return True
    return isinstance(new, PlanAnswers) and new.asks_all_of(old, kept)


def _squares_are_there(before: Program, after: Program, kept: NDArray[np.int64]) -> bool:
    """Whether every square of `before` is one of `after`, of the same part of the same whole."""
    old, new = before.matrix.squares, after.matrix.squares
    mine = np.array([after.squares.get(name, -1) for name in before.squares], dtype=np.int64)
    if (mine < 0).any() or not np.array_equal(old.constant, new.constant[mine]):
        return False
    for sums, others in ((old.part, new.part), (old.whole, new.whole)):
        there = kept[sums.indices] >= 0
        ours = Sparse.summed(
            (len(mine), len(after.matrix.cost)), sums.row_of_entry[there], kept[sums.indices[there]], sums.data[there]
        )
        row, column, data = _entries_of(others, mine)
        same = np.array_equal(ours.row_of_entry, row) and np.array_equal(ours.indices, column)
        if not (same and np.array_equal(ours.data, data)):
            return False
    return True


def _rows_are_restricted(before: Program, after: Program, kept: NDArray[np.int64], rows: NDArray[np.int64]) -> bool:
    old, new = before.matrix, after.matrix
    entries = kept[old.A.indices] >= 0
    row_before, column_before = old.A.row_of_entry[entries], kept[old.A.indices[entries]]
    row_after, column_after, data_after = _entries_of(new.A, rows)
    width = new.A.shape[1]
    places, place = np.unique(
        np.concatenate([row_before * width + column_before, row_after * width + column_after]), return_inverse=True
    )
    more = np.zeros(len(places))
    np.add.at(more, place, np.concatenate([-old.A.data[entries], data_after]))
    row, column = np.divmod(places, width)
    above, below = np.isfinite(old.row_upper), np.isfinite(old.row_lower)
    if (more[new.lower[column] < 0] != 0).any():
        return False
    if (more[above[row]] < 0).any() or (more[below[row]] > 0).any():
        return False
    upper, lower = new.row_upper[rows], new.row_lower[rows]
    return bool((upper <= old.row_upper).all() and (lower >= old.row_lower).all())


def _find_places(names: Places, among: Places) -> NDArray[np.int64]:
    """Return where each name stands in the other program, -1 where it does not."""
    return np.fromiter((among.get(name, -1) for name in names), dtype=np.int64, count=len(names))


def _entries_of(
    matrix: Sparse, rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return (position of the row, column, value) of every entry of some rows, row by row."""
    position, places = matrix.of_rows(rows)
    return position, matrix.indices[places], matrix.data[places]

"""The tangent cuts of the squares of a program, and the separation of those that a solution violates."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.solver.arrays import Squares, add_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optimizer.solver.arrays import Matrix

_BESIDE = (0.0, -0.5, 0.5)
"""Where tangents are taken at once: at a share, and on both sides of it half-way to those that are there."""

Tangents = list[tuple[int, float]]
"""Number of the square, and the point of tangency as part over whole."""


def _thin_out(tangents: Tangents, apart: float) -> Tangents:
    """Return tangents without those that are near one before, by relative distance."""
    taken: dict[int, list[float]] = defaultdict(list)
    spread = []
    for which, at in tangents:
        if all(abs(at - other) > apart * at for other in taken[which]):
            taken[which].append(at)
            spread.append((which, at))
    return spread


def add_cuts(matrix: Matrix, apart: float = 0.0) -> Matrix:
    """Return the matrix with all known cuts of its recourse, and with tangents in the place of squares.

    Tangents are taken that are far enough from each other.
    """
    if matrix.recourse is not None:
        matrix = replace(add_rows(matrix, matrix.recourse.cuts), recourse=None)
    tangents = matrix.squares.tangents.at
    which, at = _arrays(_thin_out(tangents, apart) if apart else tangents)
    rows, upper = matrix.squares.tangent_rows(which, at)
    return replace(
        matrix,
        A=matrix.A.over(rows),
        row_lower=np.concatenate([matrix.row_lower, np.full(len(which), -np.inf)]),
        row_upper=np.concatenate([matrix.row_upper, upper]),
        squares=Squares.none(len(matrix.cost)),
    )


def set_squares(matrix: Matrix, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values with every square as large as it must be, and no larger."""
    share, part = _shares(matrix.squares, values)
    right = values.copy()
    right[matrix.squares.square] = share * part
    return right


def set_squares_and_excess(matrix: Matrix, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values with every square as large as it must be, and an excess of its row as large as that takes.

    Squares that were too small by a rounding cost nothing, unless the penalty of an excess makes much of it.
    """
    right = set_squares(matrix, values)
    outside, _, entries = square_rows(matrix, right)
    has_squares = np.zeros(matrix.A.shape[0], dtype=bool)
    has_squares[matrix.A.row_of_entry[entries]] = True
    gives = has_squares[matrix.A.row_of_entry] & (matrix.A.data < 0)
    elsewhere = np.zeros(len(values), dtype=bool)
    elsewhere[matrix.A.indices[~gives]] = True
    mine = np.flatnonzero(gives & ~(elsewhere | matrix.integer | (matrix.cost <= 0))[matrix.A.indices])
    lacking = np.zeros(len(values))
    np.maximum.at(lacking, matrix.A.indices[mine], outside[matrix.A.row_of_entry[mine]] / -matrix.A.data[mine])
    raised: NDArray[np.float64] = np.minimum(right + lacking, np.maximum(matrix.upper, right))
    return raised


def _shares(squares: Squares, values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return part over whole, and part, of each square."""
    part, whole = squares.at(values)
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0), part


def separate(matrix: Matrix, values: NDArray[np.float64], near: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the tangents that values violate: at squares that are too small, in rows that break once they are not.

    Where a tangent is already as near as rounding, another would not help. Between two tangents that are 2 w apart
    a square is too small by w^2 of the whole at the most, half-way; so w is read from what it lacks, and one more is
    taken on both sides.
    """
    share, part = _shares(matrix.squares, values)
    right = set_squares(matrix, values)
    outside, size, entries = square_rows(matrix, right)
    in_broken = np.zeros(len(values), dtype=bool)
    in_broken[matrix.A.indices[entries[(outside > near * size)[matrix.A.row_of_entry[entries]]]]] = True
    columns = matrix.squares.square
    lacking = right[columns] - values[columns]
    which = np.flatnonzero(in_broken[columns] & (lacking > near * share * part) & (part > 0))
    known, taken = _arrays(matrix.squares.tangents.at)
    near_ones = np.abs(taken - share[which, np.newaxis]) <= math.sqrt(0.1 * near) * share[which, np.newaxis]
    which = which[~(near_ones & (known == which[:, np.newaxis])).any(axis=1)]
    away = np.sqrt(lacking[which] * share[which] / part[which])
    at = np.concatenate([share[which] + beside * away for beside in _BESIDE])
    which = np.tile(which, len(_BESIDE))
    return which[at > 0], at[at > 0]


def square_rows(matrix: Matrix, values: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return how far values are outside of each row, what squares add to each, and the entries of squares."""
    is_square = np.zeros(len(values), dtype=bool)
    is_square[matrix.squares.square] = True
    entries = np.flatnonzero(is_square[matrix.A.indices])
    size = np.zeros(matrix.A.shape[0])
    np.add.at(size, matrix.A.row_of_entry[entries], np.abs(matrix.A.data * values[matrix.A.indices])[entries])
    body = matrix.A @ values
    return np.maximum(matrix.row_lower - body, body - matrix.row_upper), size, entries


def _arrays(tangents: Tangents) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    which = np.fromiter((k for k, _ in tangents), dtype=np.int64, count=len(tangents))
    return which, np.fromiter((t for _, t in tangents), dtype=float, count=len(tangents))

"""Rows and columns added to the arrays of a program."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np

from optimizer.solver.arrays import Sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from optimizer.solver.arrays import Matrix


@dataclass(frozen=True, eq=False)
class Ceiling:
    """A row ``sum of weight * x[column] <= most``; no column comes twice."""

    columns: NDArray[np.int64]
    weights: NDArray[np.float64]
    most: float

    @classmethod
    def on(cls, weights: NDArray[np.float64], most: float) -> Self:
        """Return the row ``weights @ x <= most``, from one weight for every column."""
        columns = np.flatnonzero(weights)
        return cls(columns, weights[columns], most)


def add_columns(matrix: Matrix, number: int) -> Matrix:
    """Return the matrix with more continuous columns at its end: not negative, of no cost, in no row yet."""
    zeros = np.zeros(number)
    rows, columns = matrix.A.shape
    return replace(
        matrix,
        variables=[*matrix.variables, *[None] * number],
        cost=np.concatenate([matrix.cost, zeros]),
        A=replace(matrix.A, shape=(rows, columns + number)),
        lower=np.concatenate([matrix.lower, zeros]),
        upper=np.concatenate([matrix.upper, zeros + np.inf]),
        integer=np.concatenate([matrix.integer, zeros.astype(bool)]),
        squares=matrix.squares.over(columns + number),
    )


def add_rows(matrix: Matrix, ceilings: Sequence[Ceiling]) -> Matrix:
    """Return the matrix with more rows at its end."""
    lengths = np.array([len(ceiling.columns) for ceiling in ceilings], dtype=np.int64)
    rows, columns = matrix.A.shape
    return replace(
        matrix,
        A=Sparse(
            (rows + len(ceilings), columns),
            np.concatenate([matrix.A.indptr, matrix.A.nnz + np.cumsum(lengths)]),
            np.concatenate([matrix.A.indices, *(ceiling.columns for ceiling in ceilings)]),
            np.concatenate([matrix.A.data, *(ceiling.weights for ceiling in ceilings)]),
        ),
        row_lower=np.concatenate([matrix.row_lower, np.full(len(ceilings), -np.inf)]),
        row_upper=np.concatenate([matrix.row_upper, np.array([ceiling.most for ceiling in ceilings], dtype=float)]),
    )

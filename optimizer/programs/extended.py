"""Columns added to the arrays of a program."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from optimizer.solver.arrays import Matrix


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

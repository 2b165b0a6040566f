"""The units in which a solver works: powers of two by which columns, rows and costs are scaled.

HiGHS accepts the same violations whatever the units (decision 5), so it gets numbers near one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optimizer.solver.arrays import Matrix

_LARGEST = 1e6
_SMALLEST = 1.0
_DEAREST = 1e7
"""The largest scaled cost: with costs from one to a billion, as rare scenarios have them, HiGHS loses its way."""


@dataclass(frozen=True, eq=False)
class Scale:
    """Powers of two by which columns, rows and costs are divided or multiplied."""

    columns: NDArray[np.float64]
    rows: NDArray[np.float64]
    cost: float


def scale_matrix(matrix: Matrix, scale: Scale) -> Matrix:
    """Return the matrix in scaled units."""
    entries = matrix.A.data * scale.columns[matrix.A.indices] * scale.rows[matrix.A.row_of_entry]
    return replace(
        matrix,
        cost=matrix.cost * scale.columns * scale.cost,
        A=replace(matrix.A, data=entries),
        row_lower=matrix.row_lower * scale.rows,
        row_upper=matrix.row_upper * scale.rows,
        lower=matrix.lower / scale.columns,
        upper=matrix.upper / scale.columns,
    )


def scale_of(matrix: Matrix) -> Scale:
    """Choose scales so that the smallest bounds are well above what HiGHS may break a row by.

    All quantities share one scale, so that balances keep their coefficients of one; rows are scaled
    to a largest coefficient near one, costs to a least one near one, so that a dear material or a
    penalty does not push the price of another below the tolerance; but none above `_DEAREST`.
    """
    bounds = matrix.upper[~matrix.integer]
    bounds = bounds[np.isfinite(bounds) & (bounds > 0)]
    unit = 1.0
    if bounds.size:
        unit = _power_of_two(max(float(np.quantile(bounds, 0.01)) / _SMALLEST, float(bounds.max()) / _LARGEST))
    columns = np.where(matrix.integer, 1.0, unit)
    _follow_rows(matrix, columns)
    largest = matrix.A.largest_of_rows(columns)
    largest[largest == 0] = 1.0
    costs = np.abs(matrix.cost * columns)
    least = max(float(costs[costs > 0].min()), float(costs.max()) / _DEAREST) if (costs > 0).any() else 1.0
    return Scale(columns, np.exp2(-np.round(np.log2(largest))), 1.0 / _power_of_two(least))


def _follow_rows(matrix: Matrix, columns: NDArray[np.float64]) -> None:
    """Give a column of one entry and no bound of its own (an excess) the scale of its row.

    So a row that counts sources keeps its coefficients of one, whatever the unit of quantities.
    """
    entries = np.bincount(matrix.A.indices, minlength=len(columns))
    unbounded = np.isinf(matrix.upper) | (matrix.upper == matrix.lower)
    follows = (entries == 1) & unbounded & ~matrix.integer
    leading = matrix.A.largest_of_rows(np.where(follows, 0.0, columns))
    mine = np.flatnonzero(follows[matrix.A.indices])
    scales = leading[matrix.A.row_of_entry[mine]] / np.abs(matrix.A.data[mine])
    known = scales > 0
    columns[matrix.A.indices[mine[known]]] = np.exp2(np.round(np.log2(scales[known])))


def _power_of_two(number: float) -> float:
    return float(2.0 ** round(math.log2(number)))

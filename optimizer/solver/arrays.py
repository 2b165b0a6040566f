"""A linear program as arrays: what a solver takes and a model gives, knowing neither of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Sparse:
    """A matrix by rows: entries `data` in columns `indices`, row i from ``indptr[i]`` to ``indptr[i + 1]``."""

    shape: tuple[int, int]
    indptr: NDArray[np.int64]
    indices: NDArray[np.int64]
    data: NDArray[np.float64]

    @property
    def nnz(self) -> int:
        """Number of entries."""
        return len(self.data)

    @cached_property
    def row_of_entry(self) -> NDArray[np.int64]:
        """The row of each entry."""
        return np.repeat(np.arange(self.shape[0]), np.diff(self.indptr))

    def __matmul__(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        body = np.zeros(self.shape[0])
        np.add.at(body, self.row_of_entry, self.data * x[self.indices])
        return body

    def largest_of_rows(self, factors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the largest ``|entry * factor of its column|`` of each row, 0 for an empty one."""
        largest = np.zeros(self.shape[0])
        np.maximum.at(largest, self.row_of_entry, np.abs(self.data * factors[self.indices]))
        return largest


@dataclass(frozen=True, eq=False)
class Matrix:
    """Minimise ``cost @ x`` with ``row_lower <= A x <= row_upper``, bounds and integers.

    Shapes: n columns, m rows; `A` is (m, n). Units are those of the model.
    """

    variables: list[Any]
    """The Pyomo variable of each column."""
    cost: NDArray[np.float64]
    A: Sparse
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    integer: NDArray[np.bool_]

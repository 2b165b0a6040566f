"""A linear program that a solver holds while its bounds and costs are turned, in the units of its matrix."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.solver.arrays import Basis
from optimizer.solver.highs import basis_of, check, expect_few_steps, hand_over, is_optimal, start_from, verdict_of
from optimizer.solver.scaling import scale_matrix, scale_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optimizer.solver.arrays import Matrix, Sparse
    from optimizer.solver.outcome import Verdict

    Places = NDArray[np.int64]
    Numbers = NDArray[np.float64]


class HeldProgram:
    """A linear program in a solver; a run goes on from the last one, unless it is told where to start."""

    def __init__(self, matrix: Matrix) -> None:
        """Hand the matrix over, which must be linear; its integers are taken as continuous."""
        self._scale = scale_of(matrix)
        relaxed = replace(matrix, integer=np.zeros_like(matrix.integer))
        self._solver = hand_over(scale_matrix(relaxed, self._scale))
        expect_few_steps(self._solver)

    def set_bounds(self, columns: Places, lower: Numbers, upper: Numbers) -> None:
        """Set the bounds of some columns."""
        scale = self._scale.columns[columns]
        places = columns.astype(np.int32)
        check(self._solver.changeColsBounds(len(places), places, lower / scale, upper / scale), "new bounds")

    def set_row_bounds(self, rows: Places, lower: Numbers, upper: Numbers) -> None:
        """Set the bounds of some rows."""
        scale = self._scale.rows[rows]
        places = rows.astype(np.int32)
        check(self._solver.changeRowsBounds(len(places), places, lower * scale, upper * scale), "new bounds")

    def set_costs(self, columns: Places, cost: Numbers) -> None:
        """Set the costs of some columns."""
        factors = self._scale.columns[columns] * self._scale.cost
        check(self._solver.changeColsCost(len(columns), columns.astype(np.int32), cost * factors), "new costs")

    def add_rows(self, rows: Sparse, lower: Numbers, upper: Numbers) -> None:
        """Add rows below those that are there."""
        largest = rows.largest_of_rows(self._scale.columns)
        scale = np.exp2(-np.round(np.log2(np.where(largest > 0, largest, 1.0))))  # of a row of nothing, as it is
        data = rows.data * self._scale.columns[rows.indices] * scale[rows.row_of_entry]
        places = rows.indptr[:-1], rows.indices
        check(self._solver.addRows(len(scale), lower * scale, upper * scale, rows.nnz, *places, data), "new rows")
        self._scale = replace(self._scale, rows=np.concatenate([self._scale.rows, scale]))

    @property
    def basis(self) -> Any:
        """The basis with which the last run ended, for `start_from`."""
        return self._solver.getBasis()

    @property
    def basis_record(self) -> Basis | None:
        """The same as numbers, which travel; None where there is none."""
        return basis_of(self._solver)

    def start_from(self, basis: Any = None) -> None:
        """Start the next run from a basis, whatever was run since it was found; from nothing without one."""
        self._solver.clearSolver()
        if isinstance(basis, Basis):
            start_from(self._solver, basis)
        elif basis is not None:
            self._solver.setBasis(basis)

    def solve(self) -> Numbers | None:
        """Return the optimal values, one a column; None where there is no plan, or the solver finds no way.

        Where it loses its way it starts from nothing once more.
        """
        return None if self.minimum() is None else self.values

    def minimum(self) -> float | None:
        """Return the least cost alone; None where there is no plan, or the solver finds no way."""
        self._solver.run()
        if not is_optimal(self._solver):
            self._solver.clearSolver()
            self._solver.run()
            if not is_optimal(self._solver):
                return None
        return float(self._solver.getInfo().objective_function_value) / self._scale.cost

    @property
    def duals(self) -> Numbers:
        """The dual value of every row in the last run [currency per unit]."""
        return np.array(self._solver.getSolution().row_dual) * self._scale.rows / self._scale.cost

    @property
    def verdict(self) -> Verdict:
        """What the last run came to."""
        return verdict_of(self._solver)

    def is_feasible(self) -> bool:
        """Whether the bounds as they are leave any values; goes on from the last run."""
        self._solver.run()
        return is_optimal(self._solver)

    @property
    def values(self) -> Numbers:
        """The values of the last run, one a column."""
        return np.array(self._solver.getSolution().col_value) * self._scale.columns

"""The master program without its integers: held by a solver, from cut to cut."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.records.tolerances import SAME_COST
from optimizer.solver.arrays import Matrix, Sparse, Squares, add_rows, rows_of
from optimizer.solver.held import HeldProgram

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from optimizer.solver.arrays import Ceiling
    from optimizer.solver.deadline import Deadline
    from optimizer.solver.outcome import Verdict

    Numbers = NDArray[np.float64]


class Optimum(NamedTuple):
    """Where the master has its optimum."""

    verdict: Verdict
    values: Numbers | None
    bound: float
    """What no plan costs less than [currency]; minus infinity as long as some group has no cut."""


class Master:
    """The relaxation of a program with the cuts that are known of what follows it.

    A column whose group has no cut yet is held at 0, and says nothing.
    """

    def __init__(self, matrix: Matrix) -> None:
        """Take a matrix, and the cuts that its second stage remembers."""
        if matrix.second_stage is None:
            msg = "Benders' decomposition needs a second stage; `optimizer.solver.mixed_integer` takes what has none"
            raise ValueError(msg)
        self.second_stage = matrix.second_stage
        self.matrix = replace(matrix, second_stage=None)
        self._columns = np.array([group.column for group in self.second_stage.groups], dtype=np.int64)
        self.plan = int(self._columns.min())
        """How many columns are the plan's: the first ones."""
        self._held = HeldProgram(self.matrix)
        self._silent = set(self._columns.tolist())
        nothing = np.zeros(len(self._columns))
        self._held.set_bounds(self._columns, nothing, nothing)
        self._pass_on(self.second_stage.cuts)
        counts = np.isin(matrix.A.indices, self._columns)
        self._counting = np.unique(matrix.A.row_of_entry[counts])
        self._beside = _Beside(matrix, int(self._columns.max()) + 1)

    @property
    def with_cuts(self) -> Matrix:
        """The matrix with its integers, and the cuts so far as rows."""
        return add_rows(self.matrix, self.second_stage.cuts)

    def solve(self, deadline: Deadline) -> Optimum:
        """Return the optimum between the bounds that hold."""
        values = self._held.solve()
        deadline.look()
        if values is None:
            return Optimum(self._held.verdict, None, -math.inf)
        bound = -math.inf if self._silent else float(self.matrix.cost @ values)
        return Optimum("proven", values, bound)

    @property
    def duals(self) -> Numbers:
        """The dual value of every row of the matrix at the last optimum, without those of cuts."""
        return self._held.duals[: self.matrix.A.shape[0]]

    def add(self, cuts: Sequence[Ceiling]) -> None:
        """Take cuts, and remember them."""
        self.second_stage.cuts.extend(cuts)
        self._pass_on(cuts)

    def fix_integers(self, values: Numbers) -> None:
        """Hold the integers at those of some values."""
        places = np.flatnonzero(self.matrix.integer)
        whole = np.round(values[places])
        self._held.set_bounds(places, whole, whole)

    def free_integers(self) -> None:
        """Let the integers be what they may."""
        places = np.flatnonzero(self.matrix.integer)
        self._held.set_bounds(places, self.matrix.lower[places], self.matrix.upper[places])

    def complete(self, values: Numbers, followed: Numbers) -> Numbers | None:
        """Return values with what follows their plan, and what counts both at its best; None where nothing can."""
        if not np.isfinite(followed).all():
            return None
        whole = values.copy()
        whole[self._columns] = followed
        best = self._beside.complete(whole)
        return best if best is not None and self._keeps(best) else None

    def _keeps(self, values: Numbers) -> bool:
        """Whether values keep the rows that count what follows a plan, as a ceiling on all costs does."""
        rows = self._counting
        if not len(rows):
            return True
        body = (self.matrix.A @ values)[rows]
        lower, upper = self.matrix.row_lower[rows], self.matrix.row_upper[rows]
        size = np.abs(self.matrix.A.largest_of_rows(np.abs(values)))[rows]
        return bool((np.maximum(lower - body, body - upper) <= SAME_COST * size).all())

    def _pass_on(self, cuts: Sequence[Ceiling]) -> None:
        """Hand cuts to the solver, and let the groups speak that they tell of."""
        if not cuts:
            return
        rows = rows_of(cuts, len(self.matrix.cost))
        spoken = np.intersect1d(rows.indices, list(self._silent)).astype(np.int64)
        self._held.set_bounds(spoken, self.matrix.lower[spoken], self.matrix.upper[spoken])
        self._silent -= set(spoken.tolist())
        self._held.add_rows(rows, np.full(len(cuts), -np.inf), np.array([cut.most for cut in cuts]))


class _Beside:
    """The columns behind those of the plan and of what follows it, as measures of risk have them."""

    def __init__(self, matrix: Matrix, first: int) -> None:
        """Hold the rows that have any of them."""
        self._columns = np.arange(first, len(matrix.cost))
        mine = np.isin(matrix.A.indices, self._columns)
        self._rows = np.unique(matrix.A.row_of_entry[mine])
        row, places = matrix.A.of_rows(self._rows)
        column, data = matrix.A.indices[places], matrix.A.data[places]
        own, size = column >= first, len(self._columns)
        shape = (len(self._rows), len(matrix.cost))
        self._others = Sparse.summed(shape, row[~own], column[~own], data[~own])
        self._matrix = Matrix(
            variables=[],
            cost=matrix.cost[first:],
            A=Sparse.summed((len(self._rows), size), row[own], column[own] - first, data[own]),
            row_lower=matrix.row_lower[self._rows],
            row_upper=matrix.row_upper[self._rows],
            lower=matrix.lower[first:],
            upper=matrix.upper[first:],
            integer=np.zeros(size, dtype=bool),
            squares=Squares.none(size),
        )
        self._held = HeldProgram(self._matrix) if size else None

    def complete(self, values: Numbers) -> Numbers | None:
        """Return values with these columns at their best beside all others."""
        if self._held is None:
            return values
        fixed = self._others @ values
        rows = np.arange(len(self._rows))
        self._held.set_row_bounds(rows, self._matrix.row_lower - fixed, self._matrix.row_upper - fixed)
        own = self._held.solve()
        if own is None:
            return None
        values[self._columns] = own
        return values

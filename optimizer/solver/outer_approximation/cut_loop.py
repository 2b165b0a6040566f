"""A linear program to which cuts are added, each time from its last basis, until squares and recourse hold."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Self

import numpy as np

from models.records.tolerances import RESIDUE
from optimizer.errors import SolverFailure
from optimizer.solver import highs
from optimizer.solver.arrays import Ceiling, Sparse, add_rows
from optimizer.solver.outer_approximation.cuts import add_cuts, separate, set_squares
from optimizer.solver.scaling import scale_matrix, scale_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optimizer.solver.arrays import Matrix
    from optimizer.solver.deadline import Deadline
    from optimizer.solver.outcome import Outcome
    from optimizer.solver.outer_approximation.cuts import Tangents


Cut = tuple[int, float] | Ceiling
"""A tangent, or a cut of the recourse."""


class CutLoop:
    """The relaxation of a program, held by HiGHS: squares and recourse but no integers, between bounds that move.

    It starts from the cuts and the basis that the matrix remembers. At the end of its context the matrix remembers
    where it stands, the tangents that bind there, and every cut of its recourse.
    """

    def __init__(self, matrix: Matrix) -> None:
        """Take a matrix."""
        self._remembered = matrix.squares.tangents
        squares = replace(matrix.squares, tangents=replace(self._remembered, at=[*self._remembered.at]))
        self.matrix = replace(matrix, squares=squares)
        """The program with its integers, and with tangents of its own."""
        self._relaxed = _relaxed(self.matrix)
        self.taken = 0
        """How many cuts were taken so far, also tangents that are left out again."""
        recourse = matrix.recourse
        self._cuts: list[Cut] = [*(recourse.cuts if recourse is not None else ()), *self.tangents]
        """The rows below those of the matrix."""
        self._kept, self._stands = len(self._cuts), False
        self._lower, self._upper = matrix.lower, matrix.upper
        known = add_cuts(self.matrix)
        self._scale = scale_of(known)  # with its integers, which have no unit
        self._solver = highs.hand_over(scale_matrix(_relaxed(known), self._scale))
        self._start()

    def __enter__(self) -> Self:
        """Return the program itself."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Let the matrix remember where this program stood last, if that was an optimum."""
        if kind is None and self._stands:
            self._forget(0)
            self._remembered.at[:], self._remembered.in_basis = self.tangents, len(self._cuts)
            basis, rows = highs.basis_of(self._solver), self.matrix.A.shape[0]
            order = sorted(range(len(self._cuts)), key=lambda place: isinstance(self._cuts[place], tuple))
            if basis is not None:
                below = np.array(order, dtype=np.int64) + rows
                basis = replace(basis, rows=np.concatenate([basis.rows[:rows], basis.rows[below]]))
            self._remembered.basis = basis

    @property
    def tangents(self) -> Tangents:
        """The points of tangency so far."""
        return self.matrix.squares.tangents.at

    def within(self, lower: NDArray[np.float64], upper: NDArray[np.float64]) -> None:
        """Move the bounds of the columns.

        Of the tangents on the way to an optimum those are left out that do not bind there. Where there was none,
        all are kept, as some of them say why.
        """
        if self._stands:
            self._forget(self._kept)
        self._kept = len(self._cuts)
        moved = np.flatnonzero((lower != self._lower) | (upper != self._upper)).astype(np.int32)
        self._lower, self._upper = lower.copy(), upper.copy()
        scale = self._scale.columns[moved]
        taken = self._solver.changeColsBounds(len(moved), moved, lower[moved] / scale, upper[moved] / scale)
        highs.check(taken, "bounds")

    def minimise(self, deadline: Deadline, near: float, enough: float = math.inf) -> Outcome:
        """Return the optimum, squares being too small by a part at most.

        Without values it is "proven" to cost `enough`, or "nothing found" when deadline ended before; the bound is
        the last one that was found, in any case.
        """
        bound = -math.inf
        while True:
            outcome = self._run(deadline)
            if outcome.verdict in {"stopped", "nothing found"}:
                return replace(outcome, verdict="nothing found", values=None, objective=math.inf, bound=bound)
            if outcome.values is None:
                return outcome
            if outcome.objective >= enough:
                return replace(outcome, values=None, objective=math.inf)
            if not (self._add_tangents(outcome.values, near) or self._add_recourse(outcome.values, near, deadline)):
                return replace(outcome, values=set_squares(self.matrix, outcome.values))
            bound = outcome.objective

    def complete(self, values: NDArray[np.float64], deadline: Deadline, near: float) -> NDArray[np.float64] | None:
        """Return the best values with the integers of some, or None; bounds are those of the matrix in the end."""
        matrix = self.matrix
        lower, upper = matrix.lower.copy(), matrix.upper.copy()
        lower[matrix.integer] = upper[matrix.integer] = np.round(values[matrix.integer])
        if (lower < matrix.lower).any() or (upper > matrix.upper).any():
            return None
        self.within(lower, upper)
        outcome = self.minimise(deadline, near)
        self.within(matrix.lower, matrix.upper)
        return outcome.values if outcome.verdict == "proven" else None

    @property
    def duals(self) -> NDArray[np.float64]:
        """The dual value of every row of the matrix, without those of tangents [currency per unit]."""
        rows = self.matrix.A.shape[0]
        duals = np.array(self._solver.getSolution().row_dual)[:rows]
        found: NDArray[np.float64] = duals * self._scale.rows[:rows] / self._scale.cost
        return found

    def _run(self, deadline: Deadline) -> Outcome:
        """Run from the last basis, and from none where the solver finds no optimum from there."""
        highs.run(self._solver, self._scale, deadline)
        if not highs.is_sure(self._solver):
            self._solver.clearSolver()
            highs.run(self._solver, self._scale, deadline)
        outcome = highs.outcome_of(self._solver, self._relaxed, self._scale)
        self._stands = outcome.verdict == "proven"
        return outcome

    def _add_tangents(self, values: NDArray[np.float64], near: float) -> bool:
        """Add tangents where squares are too small; return whether there are new ones."""
        which, at = separate(self.matrix, values, near)
        if not len(which):
            return False
        self._add(*self.matrix.squares.tangent_rows(which, at))
        self.tangents.extend(zip(which.tolist(), at.tolist(), strict=True))
        self._cuts += self.tangents[-len(which) :]
        return True

    def _add_recourse(self, values: NDArray[np.float64], near: float, deadline: Deadline) -> bool:
        """Add cuts where the recourse does not hold; return whether there are new ones.

        Raises:
            SolverFailure: the recourse does not hold, and none of its cuts says so: the same values would come again.
        """
        recourse = self.matrix.recourse
        new = [] if recourse is None else recourse.separate(values, max(near, RESIDUE), deadline.look)
        if recourse is None or not new:
            return False
        if not any(cut.over(values) > 0 for cut in new):
            msg = "a floor after losses is broken by a plan that keeps every cut of it; tell the authors"
            raise SolverFailure(msg)
        rows = add_rows(self._no_rows, new)
        self._add(rows.A, rows.row_upper)
        recourse.cuts.extend(new)
        self._cuts += new
        return True

    @cached_property
    def _no_rows(self) -> Matrix:
        """The columns alone, to which rows are added."""
        columns, none = self.matrix.A.shape[1], np.zeros(0, dtype=np.int64)
        empty = Sparse((0, columns), np.zeros(1, dtype=np.int64), none, np.zeros(0))
        return replace(self.matrix, A=empty, row_lower=np.zeros(0), row_upper=np.zeros(0))

    def _add(self, rows: Sparse, upper: NDArray[np.float64]) -> None:
        """Add rows below all others."""
        size = len(upper)
        scale = np.exp2(-np.round(np.log2(rows.largest_of_rows(self._scale.columns))))
        data = rows.data * self._scale.columns[rows.indices] * scale[rows.row_of_entry]
        none = np.full(size, -np.inf)
        taken = self._solver.addRows(size, none, upper * scale, rows.nnz, rows.indptr[:-1], rows.indices, data)
        highs.check(taken, "cuts")
        self.taken += size

    def _forget(self, but: int) -> None:
        """Leave out the tangents that do not bind where the program stands, but for so many of the first rows."""
        stands = highs.basis_of(self._solver) if len(self._cuts) > but else None
        if stands is None:
            return
        first = self.matrix.A.shape[0]
        stays = stands.rows != highs.IDLE
        stays[: first + but] = True
        stays[first:] |= [not isinstance(cut, tuple) for cut in self._cuts]
        gone = np.flatnonzero(~stays).astype(np.int32)
        highs.check(self._solver.deleteRows(len(gone), gone), "leaving out tangents")
        self._cuts = list(compress(self._cuts, stays[first:]))
        self.tangents[:] = [cut for cut in self._cuts if isinstance(cut, tuple)]
        highs.start_from(self._solver, replace(stands, rows=stands.rows[stays]))

    def _start(self) -> None:
        """Start from the basis that is remembered, if it is of this shape; cuts that it lacks do not bind there."""
        basis, in_basis = self._remembered.basis, self._remembered.in_basis
        rows, columns = self.matrix.A.shape
        others = self.tangents and in_basis != len(self._cuts)  # of a recourse, whose cuts stand before them
        if in_basis > len(self._cuts) or (self.matrix.recourse is not None and others):
            return
        if basis is not None and (len(basis.rows), len(basis.columns)) == (rows + in_basis, columns):
            idle = np.full(len(self._cuts) - in_basis, highs.IDLE, dtype=np.int8)
            highs.start_from(self._solver, replace(basis, rows=np.concatenate([basis.rows, idle])))


def _relaxed(matrix: Matrix) -> Matrix:
    """Return the matrix without integers."""
    return replace(matrix, integer=np.zeros_like(matrix.integer), recourse=None)

r"""A program that a few coupling rows hold together, solved piece by piece at prices on these rows.

Words: when a budget couples twelve materials, put a price on what counts against it; each material is then a
program of its own, and what they cost together bounds the whole.

Mathematics (Geoffrion, "Lagrangean relaxation for integer programming", Mathematical Programming Study 2,
1974), with coupling rows l <= B x <= u, pieces k without them, and any prices y:

    bound(y) = sum_k min { (c_k - y B_k) x_k }  +  sum_r ( y_r l_r  if y_r > 0 else  y_r u_r )
             <= min { c x : l <= B x <= u, each x_k in its piece }

Prices are the duals of the linear relaxation, and then what Polyak's steps lead to ("Minimization of
unsmooth functionals", USSR Computational Mathematics and Mathematical Physics 9, 1969). The plan takes the
integers of the pieces, and finds the rest anew for the whole. On sums of many pieces both lie within a
hundredth of a percent, where branch and bound on the whole is far from that after minutes
(docs/benchmarks.md).
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.records.tolerances import ROUNDING
from optimizer.solver.arrays import Sparse
from optimizer.solver.outer_approximation.minimise import complete, minimise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from optimizer.results.interval import Progress
    from optimizer.solver.arrays import Matrix
    from optimizer.solver.deadline import Deadline
    from optimizer.solver.outcome import Outcome, Relaxation

_KEPT = 2_000
"""Pieces whose answers are remembered."""
_ROUNDS = 4
"""Prices that are tried before the whole is solved as one program."""
_SHARE_OF_GAP = 0.75
"""Part of the gap that the pieces may take up; the rest is for what prices alone cannot close."""

Name = tuple[str, Any]


@dataclass(frozen=True, eq=False)
class Piece:
    """A connected component of a program without its coupling rows: its columns and rows."""

    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    entries: NDArray[np.int64]
    """Places of its entries in the matrix, row by row."""

    def extract_from(self, matrix: Matrix, cost: NDArray[np.float64]) -> Matrix:
        """Return the piece as a program of its own, at other costs of the whole's columns."""
        rows, columns = matrix.A.row_of_entry[self.entries], matrix.A.indices[self.entries]
        lengths = np.bincount(np.searchsorted(self.rows, rows), minlength=len(self.rows))
        cut = Sparse(
            shape=(len(self.rows), len(self.columns)),
            indptr=np.concatenate([[0], np.cumsum(lengths)]),
            indices=np.searchsorted(self.columns, columns),
            data=matrix.A.data[self.entries],
        )
        return replace(
            matrix,
            variables=[],
            cost=cost[self.columns],
            A=cut,
            row_lower=matrix.row_lower[self.rows],
            row_upper=matrix.row_upper[self.rows],
            lower=matrix.lower[self.columns],
            upper=matrix.upper[self.columns],
            integer=matrix.integer[self.columns],
            squares=matrix.squares.among(self.columns),
        )


class Coupled:
    """A program and the rows that couple its pieces."""

    def __init__(self, matrix: Matrix, coupling_rows: Mapping[Name, int]) -> None:
        """Find the pieces; `coupling_rows` says where the coupling rows stand, by name."""
        self.matrix = matrix
        self.names = tuple(coupling_rows)
        self.rows = np.fromiter(coupling_rows.values(), dtype=np.int64, count=len(coupling_rows))
        self.pieces = find_pieces(matrix, self.rows)

    def price_out(self, duals: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """Return the reduced costs of all columns at some prices, and the constant that the prices add to the bound.

        A price of the wrong sign for a row that is bounded on one side counts as none.
        """
        matrix, lower, upper = self.matrix, self.matrix.row_lower[self.rows], self.matrix.row_upper[self.rows]
        ends = np.where(duals > 0, lower, upper)
        duals = np.where(np.isfinite(ends), duals, 0.0)
        per_row = np.zeros(matrix.A.shape[0])
        per_row[self.rows] = duals
        cost = matrix.cost.copy()
        np.subtract.at(cost, matrix.A.indices, per_row[matrix.A.row_of_entry] * matrix.A.data)
        return cost, float(duals @ np.where(duals == 0, 0.0, ends))

    def improve_duals(self, duals: NDArray[np.float64], priced: Priced, cost: float) -> NDArray[np.float64]:
        """Return prices nearer to those of the best bound: half a Polyak step, towards the known `cost`.

        Rows are taken as shares of what they allow, so that their units do not matter.
        """
        ends = np.where(duals > 0, self.matrix.row_lower[self.rows], self.matrix.row_upper[self.rows])
        size = np.where(np.isfinite(ends) & (ends != 0), np.abs(ends), 1.0)
        left = np.where(np.isfinite(ends), (ends - priced.used) / size, 0.0)
        length = float(left @ left)
        if length == 0:
            return duals
        moved: NDArray[np.float64] = duals + 0.5 * (cost - priced.bound) / length * left / size
        return np.where(duals > 0, np.maximum(moved, 0.0), np.minimum(moved, 0.0))

    def bound_uncoupled(self, cost: NDArray[np.float64]) -> float:
        """Return the least reduced cost [currency] of the columns that stand in coupling rows only."""
        alone = np.ones(len(cost), dtype=bool)
        for piece in self.pieces:
            alone[piece.columns] = False
        slight = ROUNDING * np.abs(cost).max(initial=0.0)
        alone &= np.abs(cost) > slight
        ends = np.where(cost > 0, self.matrix.lower, self.matrix.upper)
        return float(cost[alone] @ ends[alone])


@dataclass(frozen=True, eq=False)
class Priced:
    """The optima of the pieces at some prices."""

    bound: float
    used: NDArray[np.float64]
    """Activity of each coupling row at these optima, in its unit."""
    values: NDArray[np.float64] | None
    """Values of a plan of the whole, with the integers of the pieces; None when none was found."""


@dataclass
class Decomposition:
    """Solves programs with the same coupling rows, one after another, and remembers prices and pieces."""

    gap: float
    """Relative gap that is asked for of the whole; the pieces get most of it."""
    prices: dict[Name, float] = field(default_factory=dict)
    """Of each coupling row, those that were tried last [currency per unit]."""
    known: dict[bytes, Outcome] = field(default_factory=dict)
    """What was found for pieces, by their digests."""

    def copy(self) -> Decomposition:
        """Return one that remembers the same, and shares nothing of what it learns."""
        return Decomposition(self.gap, {**self.prices}, {**self.known})

    def solve(
        self,
        matrix: Matrix,
        coupling_rows: Mapping[Name, int],
        relaxed: Callable[[], Relaxation],
        deadline: Deadline,
        watch: Callable[[Progress], None] | None = None,
    ) -> Iterator[Priced]:
        """Yield what the last prices give, when there are some, then what prices made anew do, and better ones.

        `relaxed` returns the linear relaxation, when it is needed. Nothing is yielded when the program stays in one
        piece without its coupling rows.
        """
        coupled = Coupled(matrix, coupling_rows)
        if len(coupled.pieces) <= 1:
            return
        if self.prices.keys() == coupling_rows.keys():
            last = np.array([self.prices[name] for name in coupled.names])
            yield self._at(coupled, last, deadline, watch)
        duals = relaxed().duals
        if duals is None:
            return
        duals, cost = duals[coupled.rows], math.inf
        for _ in range(_ROUNDS):
            priced = self._at(coupled, duals, deadline, watch)
            self.prices = dict(zip(coupled.names, duals.tolist(), strict=True))
            yield priced
            cost = min(cost, math.inf if priced.values is None else float(matrix.cost @ priced.values))
            if not math.isfinite(cost - priced.bound):
                return
            duals = coupled.improve_duals(duals, priced, cost)

    def _at(
        self,
        coupled: Coupled,
        duals: NDArray[np.float64],
        deadline: Deadline,
        watch: Callable[[Progress], None] | None,
    ) -> Priced:
        cost, bound = coupled.price_out(duals)
        bound += coupled.bound_uncoupled(cost)
        values, found, left = np.zeros(len(cost)), True, 0.0
        for number, piece in enumerate(coupled.pieces):
            with deadline.share(1.0 / (len(coupled.pieces) - number + 1)):
                outcome = self._outcome(piece.extract_from(coupled.matrix, cost), max(0.0, left), deadline, watch)
            bound += math.inf if outcome.verdict == "infeasible" else outcome.bound
            if outcome.values is None:
                found = False
                continue
            values[piece.columns] = outcome.values
            left += _SHARE_OF_GAP * self.gap * abs(outcome.objective) - (outcome.objective - outcome.bound)
        used = (coupled.matrix.A @ values)[coupled.rows]
        return Priced(bound, used, complete(coupled.matrix, values, deadline) if found else None)

    def _outcome(
        self, piece: Matrix, allowance: float, deadline: Deadline, watch: Callable[[Progress], None] | None
    ) -> Outcome:
        """Solve a piece, or recall it; what the ones before left of the gap is allowed as well."""
        key = _digest(piece)
        if key not in self.known:
            outcome = minimise(piece, gap=_SHARE_OF_GAP * self.gap, allowance=allowance, deadline=deadline, watch=watch)
            if outcome.verdict not in {"proven", "infeasible"}:
                return outcome
            self.known[key] = outcome
            while len(self.known) > _KEPT:
                del self.known[next(iter(self.known))]
        return self.known[key]


def find_pieces(matrix: Matrix, coupling_rows: NDArray[np.int64]) -> list[Piece]:
    """Return the connected components of a program without its coupling rows, the small ones first.

    Columns that stand in no other row are in none of them.
    """
    rows, columns = matrix.A.shape
    coupling = np.zeros(rows, dtype=bool)
    coupling[coupling_rows] = True
    entries = np.flatnonzero(~coupling[matrix.A.row_of_entry])
    row, column = matrix.A.row_of_entry[entries], matrix.A.indices[entries]
    label = np.arange(columns)
    while True:
        of_row = np.full(rows, columns)
        np.minimum.at(of_row, row, label[column])
        lower = label.copy()
        np.minimum.at(lower, column, of_row[row])
        lower = lower[lower]
        if np.array_equal(lower, label):
            break
        label = lower
    order = np.argsort(label[column], kind="stable")
    starts = np.flatnonzero(np.diff(label[column][order], prepend=-1))
    parts = sorted(np.split(order, starts[1:]) if len(order) else [], key=len)
    return [Piece(np.unique(column[part]), np.unique(row[part]), entries[np.sort(part)]) for part in parts]


def _digest(piece: Matrix) -> bytes:
    """Return what tells two programs apart."""
    sums = (piece.A, piece.squares.part, piece.squares.whole)
    sparse = [array for one in sums for array in (one.indptr, one.indices, one.data)]
    bounds = (piece.row_lower, piece.row_upper, piece.lower, piece.upper)
    others = (piece.cost, piece.integer, piece.squares.constant, piece.squares.square)
    return hashlib.blake2b(b"".join(array.tobytes() for array in (*sparse, *bounds, *others))).digest()

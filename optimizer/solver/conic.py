r"""Programs with squares on a solver that takes linear ones: tangents are added until the squares hold.

A square ``p^2 <= z W`` of a part p of a whole W is convex, and so lies above each of its tangents: for any t

    2 t p - t^2 W  <=  z          with equality where p / W = t

A program with tangents in the place of squares costs no more than the program itself. So its bound is a bound,
and what it finds is a plan once the squares hold. First the linear relaxation is brought to that, which is
quick; then branch and bound takes the tangents found, and the linear program with its integers fixed gives a
plan that holds, and the tangents there. Each square is lifted by itself, because tangents of a whole sum of
squares would have to be as many as there are combinations of those of its terms (Vielma, Dunning, Huchette and
Lubin, "Extended formulations in mixed integer conic quadratic programming", Mathematical Programming
Computation 9, 2017). A tangent holds at every cost, bound and level, so it is kept for the next program.

Without squares every function here is the one of `optimizer.solver.highs`.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.solver import highs
from optimizer.solver.bounds import NOTHING_KNOWN, Interval
from optimizer.solver.highs import Relaxation
from optimizer.solver.patience import Patience
from optimizer.solver.scaling import scale_of, scaled
from optimizer.solver.tangents import holding, own_tangents, square_rows, squared, touched, wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from optimizer.solver.arrays import Matrix
    from optimizer.solver.bounds import Progress
    from optimizer.solver.highs import Outcome

_EXACT = 1e-9
"""Part of a square, and of the squares of a row, by which it may be too small in a plan."""
_NEAR = 1e-5
"""The same where the squares are to hold only so well as a default gap needs."""
_ROUNDING = 1e-8
"""Part of a square that counts as rounding in a plan at hand."""
_PART = 0.5
"""Part of the gap that branch and bound may take up; the rest is for squares that do not quite hold yet."""
_FINER = 0.1
"""Factor of the distance of tangents from one round of branch and bound to the next."""


def minimise(  # noqa: PLR0913 (what is enough, how long, who watches)
    matrix: Matrix,
    *,
    gap: float,
    allowance: float = 0.0,
    known: Interval = NOTHING_KNOWN,
    patience: Patience | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Outcome:
    """Minimise a matrix as `highs.minimise` does."""
    if not matrix.squares:
        return highs.minimise(matrix, gap=gap, allowance=allowance, known=known, patience=patience, watch=watch)
    start = time.perf_counter()
    with Patience() if patience is None else patience as within, own_tangents(matrix) as own:
        if matrix.integer.any():
            outcome = _Search(own, gap, allowance, known, within, watch).run()
        else:
            outcome = _Touching(own).minimise(within, _EXACT)
        if outcome.values is not None:
            values = holding(own, outcome.values)
            more = float(matrix.cost @ (values - outcome.values))
            outcome = replace(outcome, values=values, objective=outcome.objective + more)
    return replace(outcome, seconds=time.perf_counter() - start)


def relax(matrix: Matrix, patience: Patience, basis: Any = None) -> Relaxation:
    """Return the bound of the relaxation, squares but no integers, as `highs.relax` does, but without a basis."""
    if not matrix.squares:
        return highs.relax(matrix, patience, basis)
    with patience, own_tangents(matrix) as own:
        touching = _Touching(_continuous(own))
        outcome = touching.minimise(patience, _NEAR)
    bound = math.inf if outcome.verdict == "infeasible" else outcome.bound
    return Relaxation(bound, None, touching.prices if outcome.verdict == "proven" else None)


def complete(matrix: Matrix, values: NDArray[np.float64], patience: Patience) -> NDArray[np.float64] | None:
    """Return the best values whose integers are those of `values`, or None when no such values are found."""
    if not matrix.squares:
        return highs.complete(matrix, values, patience)
    with patience, own_tangents(matrix) as own:
        completed = _completed(own, values, patience)
        return None if completed is None else holding(own, completed)


def holds(matrix: Matrix, values: NDArray[np.float64]) -> bool:
    """Whether values keep every bound, row and square, but for what the solver itself may break."""
    if not matrix.squares:
        return highs.holds(matrix, values)
    outside, size, _ = square_rows(matrix, values)
    slight = (size > 0) & (outside <= _ROUNDING * size)
    lower, upper = np.where(slight, -np.inf, matrix.row_lower), np.where(slight, np.inf, matrix.row_upper)
    squares = matrix.squares.square
    too_small = values[squares] < (1 - _ROUNDING) * squared(matrix, values)[squares]
    return not too_small.any() and highs.holds(replace(matrix, row_lower=lower, row_upper=upper), values)


class _Touching:
    """A linear program that takes one tangent after another, from where it stands, until its squares hold."""

    def __init__(self, matrix: Matrix) -> None:
        """Take a matrix without integers, with the tangents known so far."""
        self._matrix = matrix
        known = touched(matrix, 0.0)
        self._scale = scale_of(known)
        self._solver = highs.hand_over(scaled(known, self._scale))

    def minimise(self, patience: Patience, near: float) -> Outcome:
        """Return the optimum, the squares being too small by a part at most; without values when patience ends before.

        The bound is the last one that was found, in any case.
        """
        bound = -math.inf
        while True:
            highs.run(self._solver, self._scale, patience)
            outcome = highs.outcome_of(self._solver, self._matrix, self._scale)
            if outcome.verdict in {"stopped", "nothing found"}:
                return replace(outcome, verdict="nothing found", values=None, objective=math.inf, bound=bound)
            if outcome.values is None:
                return outcome
            if not self._touch(outcome.values, near):
                return replace(outcome, values=squared(self._matrix, outcome.values))
            bound = outcome.objective

    @property
    def prices(self) -> NDArray[np.float64]:
        """The dual value of every row of the matrix, without those of tangents [currency per unit]."""
        rows = self._matrix.A.shape[0]
        duals = np.array(self._solver.getSolution().row_dual)[:rows]
        prices: NDArray[np.float64] = duals * self._scale.rows[:rows] / self._scale.cost
        return prices

    def _touch(self, values: NDArray[np.float64], near: float) -> bool:
        """Add tangents where squares are too small; return whether there are new ones."""
        which, at = wanted(self._matrix, values, near)
        if not len(which):
            return False
        rows, upper = self._matrix.squares.tangents(which, at)
        scale = np.exp2(-np.round(np.log2(rows.largest_of_rows(self._scale.columns))))
        data = rows.data * self._scale.columns[rows.indices] * scale[rows.row_of_entry]
        none = np.full(len(which), -np.inf)
        self._solver.addRows(len(which), none, upper * scale, rows.nnz, rows.indptr[:-1], rows.indices, data)
        self._matrix.squares.touched.extend(zip(which.tolist(), at.tolist(), strict=True))
        return True


class _Search:
    """Branch and bound on tangents, and from the integers that it finds a plan whose squares hold, in turn."""

    def __init__(  # noqa: PLR0913 (what is enough, how long, who watches)
        self,
        matrix: Matrix,
        gap: float,
        allowance: float,
        known: Interval,
        patience: Patience,
        watch: Callable[[Progress], None] | None,
    ) -> None:
        self._matrix, self._gap, self._allowance = matrix, gap, allowance
        self._bound, self._known_cost = known.bound, known.cost
        self._patience, self._watch = patience, watch
        self._values: NDArray[np.float64] | None = None
        self._cost = math.inf

    def run(self) -> Outcome:
        """Return the best values that were found, with the bound of all rounds.

        Where a round brings no new tangents, the next takes more of those that are known.
        """
        near = min(_NEAR, max(_EXACT, 0.1 * self._gap))
        found = _Touching(_continuous(self._matrix)).minimise(self._patience, near)
        self._bound = max(self._bound, found.bound)
        going, apart = found.verdict == "proven" and not self._is_good(), math.sqrt(near)
        while going:
            found = self._branch(apart)
            self._bound = max(self._bound, found.bound)
            if self._is_good():
                break
            some_are_new = self._hold(found.values)
            going = found.verdict == "proven" and not self._is_good() and (some_are_new or apart > 0)
            apart = apart * _FINER if apart > math.sqrt(_EXACT) else 0.0
        return self._outcome(found)

    def _branch(self, apart: float) -> Outcome:
        """Branch and bound on tangents that are so far apart, until its plan or the one at hand is good enough."""
        at_hand = min(self._cost, self._known_cost)
        return highs.minimise(
            touched(self._matrix, apart),
            gap=_PART * self._gap,
            allowance=_PART * self._allowance,
            known=Interval(self._bound, at_hand - (1 - _PART) * self._enough(at_hand)),
            patience=self._patience,
            watch=self._tell,
            by_sub_programs=False,
        )

    def _hold(self, values: NDArray[np.float64] | None) -> bool:
        """Take the plan with the integers of some values whose squares hold; return whether that took new tangents."""
        if values is None:
            return False
        known = len(self._matrix.squares.touched)
        if len(wanted(self._matrix, values, _EXACT)[0]):
            completed = _completed(self._matrix, values, Patience())
        else:
            completed = squared(self._matrix, values)
        if completed is not None and float(self._matrix.cost @ completed) < self._cost:
            self._values, self._cost = completed, float(self._matrix.cost @ completed)
        return len(self._matrix.squares.touched) > known

    def _is_good(self) -> bool:
        """Whether the plan at hand is near enough to the bound."""
        best = min(self._cost, self._known_cost)
        return math.isfinite(best) and best - self._bound <= self._enough(best)

    def _enough(self, cost: float) -> float:
        """Return how far from the bound a plan may be that costs so much [currency]."""
        return max(self._allowance, self._gap * abs(cost)) if math.isfinite(cost) else 0.0

    def _outcome(self, last: Outcome) -> Outcome:
        """Return what the rounds found together."""
        verdict = last.verdict
        if self._is_good() or (verdict == "infeasible" and math.isfinite(self._cost)):
            verdict = "proven"  # if infeasible, no plan is left beside the one at hand
        elif verdict == "stopped" and self._values is None:
            verdict = "nothing found"
        elif verdict == "nothing found" and self._values is not None:
            verdict = "stopped"
        return replace(last, verdict=verdict, values=self._values, objective=self._cost, bound=self._bound)

    def _tell(self, progress: Progress) -> None:
        """Tell the progress with the plan whose squares hold as the incumbent."""
        if self._watch is not None:
            self._watch(replace(progress, incumbent=self._cost, bound=max(progress.bound, self._bound)))


def _continuous(matrix: Matrix) -> Matrix:
    return replace(matrix, integer=np.zeros_like(matrix.integer))


def _completed(matrix: Matrix, values: NDArray[np.float64], patience: Patience) -> NDArray[np.float64] | None:
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    lower[matrix.integer] = upper[matrix.integer] = np.round(values[matrix.integer])
    if (lower < matrix.lower).any() or (upper > matrix.upper).any():
        return None
    outcome = _Touching(_continuous(replace(matrix, lower=lower, upper=upper))).minimise(patience, _EXACT)
    return outcome.values if outcome.verdict == "proven" else None

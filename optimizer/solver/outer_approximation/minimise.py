r"""Programs with squares on a solver that takes linear ones: tangents are added until the squares hold.

A square ``p^2 <= z W`` of a part p of a whole W is convex, and so lies above each of its tangents: for any t

    2 t p - t^2 W  <=  z          with equality where p / W = t

A program with tangents in the place of squares costs no more than the program itself. So its bound is a bound,
and what it finds is a plan once the squares hold. Each square is lifted by itself, because tangents of a whole sum
of squares would have to be as many as there are combinations of those of its terms (Vielma, Dunning, Huchette and
Lubin, "Extended formulations in mixed integer conic quadratic programming", Mathematical Programming Computation 9,
2017). A tangent holds at every cost, bound and level, so it is kept for the next program.

One linear program goes all the way (`cut_loop`). First it is the relaxation, which takes tangents until its squares
nearly hold. Then it goes through the nodes of a small tree (`branch_and_bound`), and wherever integers are whole it
fixes them, takes tangents until the squares hold to a billionth, and so has a plan. If
that leaves a gap, branch and bound runs on the tangents that were found, in turn with plans from the integers that it
finds, and with the tangents of these.

The recourse of a program (`arrays.Recourse`: what a plan must still be able to do once something is lost) is convex too
and held in the same way, by cuts that others find; its nodes are left to branch and bound at once.

Without squares and recourse every function here is the one of `optimizer.solver.mixed_integer`; of a program with a
second stage it is that of `optimizer.solver.benders`.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.records.tolerances import FEASIBLE, RESIDUE, SAME_COST
from optimizer.results.interval import NOTHING_KNOWN, Interval
from optimizer.solver import mixed_integer
from optimizer.solver.benders import minimise as benders
from optimizer.solver.deadline import Deadline
from optimizer.solver.outcome import Relaxation
from optimizer.solver.outer_approximation.branch_and_bound import branch_and_bound
from optimizer.solver.outer_approximation.cut_loop import CutLoop
from optimizer.solver.outer_approximation.cuts import add_cuts, set_squares, set_squares_and_excess, square_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from optimizer.results.interval import Progress
    from optimizer.solver.arrays import Matrix
    from optimizer.solver.outcome import Outcome

_NEAR = 1e-5
"""The part of a square that may be missing where a bound is asked for, and no plan."""
_COARSE = 1e-3
"""The same at the most in the relaxation and in nodes, where it may be as much as the gap."""
_SHARE_OF_GAP = 0.5
"""Part of the gap that branch and bound may take up; the rest is for squares that do not quite hold yet."""
_NODES = 40
"""Nodes at which a tree that is not done yet is left to branch and bound."""
_FINER = 0.1
"""Factor of the distance of tangents from one round of branch and bound to the next."""


def minimise(  # noqa: PLR0913 (what is enough, how long, who watches)
    matrix: Matrix,
    *,
    gap: float,
    allowance: float = 0.0,
    known: Interval = NOTHING_KNOWN,
    deadline: Deadline | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Outcome:
    """Minimise a matrix as `mixed_integer.minimise` does."""
    if matrix.second_stage is not None:
        return benders.minimise(matrix, gap=gap, allowance=allowance, known=known, deadline=deadline, watch=watch)
    if matrix.is_linear:
        return mixed_integer.minimise(matrix, gap=gap, allowance=allowance, known=known, deadline=deadline, watch=watch)
    start = time.perf_counter()
    with Deadline() if deadline is None else deadline as within, CutLoop(matrix) as program:
        if matrix.integer.any():
            outcome = _Search(program, gap, allowance, known, within, watch).run()
        else:
            outcome = program.minimise(within, FEASIBLE)
        if outcome.values is not None:
            values = set_squares_and_excess(matrix, outcome.values)
            more = float(matrix.cost @ (values - outcome.values))
            outcome = replace(outcome, values=values, objective=outcome.objective + more)
    return replace(outcome, seconds=time.perf_counter() - start)


def relax(matrix: Matrix, deadline: Deadline, basis: Any = None) -> Relaxation:
    """Return the bound of the relaxation, squares but no integers, as `mixed_integer.relax` does, but no basis."""
    if matrix.second_stage is not None:
        return benders.relax(matrix, deadline)
    if matrix.is_linear:
        return mixed_integer.relax(matrix, deadline, basis)
    with deadline, CutLoop(matrix) as program:
        outcome = program.minimise(deadline, _NEAR)
        duals = program.duals if outcome.verdict == "proven" else None
    bounds = {"infeasible": math.inf, "unbounded": -math.inf}
    return Relaxation(bounds.get(outcome.verdict, outcome.bound), None, duals, outcome.values)


def complete(
    matrix: Matrix, values: NDArray[np.float64], deadline: Deadline, basis: Any = None
) -> NDArray[np.float64] | None:
    """Return the best values whose integers are those of `values`, as `mixed_integer.complete` does."""
    if matrix.second_stage is not None:
        return benders.complete(matrix, values, deadline)
    if matrix.is_linear:
        return mixed_integer.complete(matrix, values, deadline, basis)
    with deadline, CutLoop(matrix) as program:
        completed = program.complete(values, deadline, FEASIBLE)
        return None if completed is None else set_squares_and_excess(matrix, completed)


def holds(matrix: Matrix, values: NDArray[np.float64]) -> bool:
    """Whether values keep every bound, row and square, but for what the solver itself may break."""
    if matrix.second_stage is not None:
        return benders.holds(matrix, values)
    if matrix.is_linear:
        return mixed_integer.holds(matrix, values)
    outside, size, _ = square_rows(matrix, values)
    slight = (size > 0) & (outside <= RESIDUE * size)
    lower, upper = np.where(slight, -np.inf, matrix.row_lower), np.where(slight, np.inf, matrix.row_upper)
    recourse, squares = matrix.recourse, matrix.squares.square
    if recourse is not None and recourse.separate(values, RESIDUE, lambda: None):
        return False
    too_small = values[squares] < (1 - RESIDUE) * set_squares(matrix, values)[squares]
    return not too_small.any() and mixed_integer.holds(replace(matrix, row_lower=lower, row_upper=upper), values)


class _Search:
    """From the relaxation to a plan: by a tree of our own where that is small, else by branch and bound on tangents."""

    def __init__(  # noqa: PLR0913 (what is enough, how long, who watches)
        self,
        program: CutLoop,
        gap: float,
        allowance: float,
        known: Interval,
        deadline: Deadline,
        watch: Callable[[Progress], None] | None,
    ) -> None:
        self._program, self._gap, self._allowance = program, gap, allowance
        self._bound, self._known_cost = known.bound, known.cost
        self._deadline, self._watch = deadline, watch
        self._values: NDArray[np.float64] | None = None
        self._cost = math.inf

    def run(self) -> Outcome:
        """Return the best values that were found, with the bound of all rounds."""
        near = max(FEASIBLE, min(self._gap, _COARSE))
        found = self._program.minimise(self._deadline, near)
        self._bound = max(self._bound, found.bound)
        squares = bool(self._program.matrix.squares)
        if squares and found.verdict == "proven" and not self._is_good():
            self._branch_and_bound(near)
            if self._bound == math.inf:
                found = replace(found, verdict="infeasible")
        if found.verdict == "proven" and not self._is_good():
            found = self._in_rounds(math.sqrt(0.1 * near) if squares else 0.0)
        return self._outcome(found)

    def _branch_and_bound(self, near: float) -> None:
        """Search some nodes by our own branch and bound."""
        bound = branch_and_bound(
            self._program,
            near=near,
            most=_NODES,
            enough=lambda: self._best - self._enough(self._best),
            hold=self._hold,
            deadline=self._deadline,
        )
        self._bound = max(self._bound, min(bound, self._best))

    def _in_rounds(self, apart: float) -> Outcome:
        """Branch and bound in turn with the plans that it leads to; return what the last round found.

        Where a round brings no new tangents, the next takes more of those that are known.
        """
        while True:
            found = self._branch(apart)
            self._bound = max(self._bound, found.bound)
            if self._is_good():
                return found
            some_are_new = found.values is not None and self._hold(found.values)
            if found.verdict != "proven" or self._is_good() or not (some_are_new or apart > 0):
                return found
            apart = apart * _FINER if apart > math.sqrt(FEASIBLE) else 0.0

    def _branch(self, apart: float) -> Outcome:
        """Branch and bound on tangents that are so far apart, until its plan or the one at hand is good enough."""
        return mixed_integer.minimise(
            add_cuts(self._program.matrix, apart),
            gap=_SHARE_OF_GAP * self._gap,
            allowance=_SHARE_OF_GAP * self._allowance,
            known=Interval(self._bound, self._best - (1 - _SHARE_OF_GAP) * self._enough(self._best)),
            deadline=self._deadline,
            watch=self._tell,
            by_sub_programs=False,
        )

    def _hold(self, values: NDArray[np.float64]) -> bool:
        """Take the plan with the integers of some values whose squares hold; return whether that took new tangents."""
        before = self._program.taken
        completed = self._program.complete(values, Deadline(stop=self._deadline.stop), FEASIBLE)
        if completed is not None and float(self._program.matrix.cost @ completed) < self._cost:
            self._values, self._cost = completed, float(self._program.matrix.cost @ completed)
        return self._program.taken > before

    @property
    def _best(self) -> float:
        """Cost of the best plan so far [currency]."""
        return min(self._cost, self._known_cost)

    def _is_good(self) -> bool:
        """Whether the plan at hand is near enough to the bound."""
        return math.isfinite(self._best) and self._best - self._bound <= self._enough(self._best)

    def _enough(self, cost: float) -> float:
        """Return how far from the bound a plan may be that costs so much [currency]."""
        return max(self._allowance, max(SAME_COST, self._gap) * abs(cost)) if math.isfinite(cost) else 0.0

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

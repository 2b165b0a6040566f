r"""Minimise a program whose costs follow from programs of their own, by Benders' decomposition.

The master program has the plan y, and a column z of each group for what follows it:

    minimise c y + z    subject to    rows of the plan,    z >= Q(y*) + slope (y - y*)   for every y* that was tried

Its optimum is a bound, and every plan that is tried costs what it costs: c y + Q(y). Three things make this quick.

1. **First without integers**, to a third of the gap. A plan is not tried where the master has its optimum but half-way
   to the best one so far (in-out separation: Ben-Ameur and Neto, "Acceleration of cutting-plane and column generation
   algorithms", Networks 49, 2007), as cuts there are deeper and the optima of a master with few cuts lie far out.
2. **Then with integers**, by branch and bound on the master with its cuts.
3. **Each time with the integers of the plan that was found fixed**, for a few rounds of 1. These cost next to nothing
   and say what these contracts cost at best, so that branch and bound comes back to them only if they are the best.

No cut is dropped: the bound stood still where they were.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.records.tolerances import FEASIBLE, SAME_COST
from optimizer.results.interval import NOTHING_KNOWN, Interval, Progress
from optimizer.solver import mixed_integer
from optimizer.solver.benders.master import Master
from optimizer.solver.benders.subproblems import Subproblems
from optimizer.solver.deadline import Deadline
from optimizer.solver.outcome import Outcome, Relaxation

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from optimizer.solver.arrays import Ceiling, Matrix
    from optimizer.solver.outcome import Verdict

    Numbers = NDArray[np.float64]

_NEAR = 1e-6
"""Gap of what is asked without integers: of a relaxation, and of the best plan of some contracts."""
_PART_OF_GAP = 1 / 3
"""Of the gap, how much the rounds without integers may leave, and branch and bound."""
_ROUNDS = 12
"""At most so many with the integers fixed, before branch and bound goes on."""
_HALF_WAY = 0.5
"""How far out a plan is tried, from the best one (0) to the optimum of the master (1)."""


def minimise(  # noqa: PLR0913 (what is enough, how long, who watches)
    matrix: Matrix,
    *,
    gap: float,
    allowance: float = 0.0,
    known: Interval = NOTHING_KNOWN,
    deadline: Deadline | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Outcome:
    """Minimise a matrix with what follows it, as `mixed_integer.minimise` does.

    The matrix has the plan in its first columns, then those of the groups, then what may count both; it is linear.
    """
    start = time.perf_counter()
    with Deadline() if deadline is None else deadline as within:
        search = _Search(matrix, _Enough(gap, allowance), known, within, watch)
        outcome = search.run()
    return replace(outcome, seconds=time.perf_counter() - start)


def relax(matrix: Matrix, deadline: Deadline) -> Relaxation:
    """Return the bound of the relaxation, as `mixed_integer.relax` does, but without a basis."""
    relaxed = replace(matrix, integer=np.zeros_like(matrix.integer))
    with deadline:
        search = _Search(relaxed, _Enough(_NEAR, 0.0), NOTHING_KNOWN, deadline, None)
        outcome = search.run()
    if outcome.verdict == "infeasible":
        return Relaxation(math.inf, None, None)
    if outcome.verdict != "proven":
        return Relaxation(outcome.bound, None, None)
    return Relaxation(outcome.bound, None, search.duals, outcome.values)


def complete(matrix: Matrix, values: Numbers, deadline: Deadline) -> Numbers | None:
    """Return the best values whose integers are those of `values`, as `mixed_integer.complete` does."""
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    lower[matrix.integer] = upper[matrix.integer] = np.round(values[matrix.integer])
    if (lower < matrix.lower).any() or (upper > matrix.upper).any():
        return None
    fixed = replace(matrix, lower=lower, upper=upper, integer=np.zeros_like(matrix.integer))
    with deadline:
        return _Search(fixed, _Enough(_NEAR, 0.0), NOTHING_KNOWN, deadline, None).run().values


def holds(matrix: Matrix, values: Numbers) -> bool:
    """Whether values keep every bound and row, and what follows them costs no more than they say."""
    if matrix.second_stage is None or not mixed_integer.holds(replace(matrix, second_stage=None), values):
        return False
    columns = np.array([group.column for group in matrix.second_stage.groups])
    followed = Subproblems(matrix.second_stage).follow(values[: columns.min()]).values
    return bool((followed - values[columns] <= _NEAR * np.abs(followed)).all())


@dataclass(frozen=True, slots=True)
class _Enough:
    """How far from its bound a plan may be."""

    gap: float
    allowance: float

    def of(self, cost: float) -> float:
        """Return how far, at a cost [currency]."""
        return max(self.allowance, max(SAME_COST, self.gap) * abs(cost)) if math.isfinite(cost) else 0.0


class _Search:
    """The bound and the best plan, and the programs that both come from."""

    def __init__(
        self,
        matrix: Matrix,
        enough: _Enough,
        known: Interval,
        deadline: Deadline,
        watch: Callable[[Progress], None] | None,
    ) -> None:
        self._matrix, self._enough = matrix, enough
        self._deadline, self._watch = deadline, watch
        self._start = time.perf_counter()
        self._master = Master(matrix)
        self._blocks = Subproblems(self._master.second_stage)
        self._bound, self._known_cost = known.bound, known.cost
        self._values: Numbers | None = None
        self._cost = math.inf

    def run(self) -> Outcome:
        """Return the best plan that was found, and the bound."""
        verdict = self._agree()
        if verdict == "proven" and self._matrix.integer.any():
            verdict = self._branch()
        if self._is_good() or (verdict == "infeasible" and self._values is not None):
            verdict = "proven"
        elif verdict in {"stopped", "nothing found"}:
            verdict = "nothing found" if self._values is None else "stopped"
        bound = math.inf if verdict == "infeasible" else min(self._bound, self._best)
        return Outcome(verdict, self._values, self._cost, bound, 0.0, _MESSAGES.get(verdict, "Stopped"))

    @property
    def duals(self) -> Numbers:
        """The dual value of every row of the matrix, where the master had its last optimum [currency per unit]."""
        return self._master.duals

    def _branch(self) -> Verdict:
        """Branch and bound on the master, in turn with rounds for the integers that it finds.

        Integers that no plan has are cut off by what those rounds find, unless that is rounding: then it stops.
        """
        hopeless: set[bytes] = set()
        while not self._is_good():
            found = mixed_integer.minimise(
                self._master.with_cuts,
                gap=_PART_OF_GAP * self._enough.gap,
                allowance=_PART_OF_GAP * self._enough.allowance,
                deadline=self._deadline,
                watch=self._tell,
            )
            if found.verdict == "infeasible":
                self._bound = math.inf
                return "infeasible"
            self._bound = max(self._bound, found.bound)
            if found.values is None:
                return found.verdict
            self._master.fix_integers(found.values)
            verdict = self._agree(found.values, _ROUNDS)
            self._master.free_integers()
            integers = np.round(found.values[self._matrix.integer]).tobytes()
            if found.verdict == "proven" and verdict == "infeasible" and integers not in hopeless:
                hopeless.add(integers)
            elif found.verdict != "proven" or verdict != "proven":
                return "stopped" if verdict == "infeasible" else verdict
        return "proven"

    def _agree(self, centre: Numbers | None = None, rounds: float = math.inf) -> Verdict:
        """Let the master and what follows it agree on the least cost, to a part of the gap or for some rounds.

        Integers are fixed around a `centre`, and free without one, where the optimum of the master is a bound.
        """
        relaxed, best = centre is None, _NOTHING
        if centre is not None:
            best = self._try(centre)
        while rounds > 0:
            rounds -= 1
            if self._deadline.is_over(has_plan=self._values is not None):
                return "stopped"
            outer = self._master.solve(self._deadline)
            if outer.values is None:
                return outer.verdict
            if relaxed:
                self._bound = max(self._bound, outer.bound)
            if best.cost - outer.bound <= _PART_OF_GAP * self._enough.of(best.cost):
                return "proven"
            if best.values is not None:
                trial = self._try(best.values + _HALF_WAY * (outer.values - best.values), outer.values)
                best = min(best, trial, key=lambda one: one.cost)
                if trial.cuts_off:
                    continue
            trial = self._try(outer.values, outer.values)  # half-way nothing was wrong with what the master says
            best = min(best, trial, key=lambda one: one.cost)
            if not trial.cuts_off and math.isfinite(outer.bound):
                return "proven"
        return "proven"

    def _try(self, values: Numbers, outer: Numbers | None = None) -> _Trial:
        """Ask what follows a plan, take the cuts, and keep the plan if its integers are whole and it is the best."""
        followed = self._blocks.follow(values[: self._master.plan], self._deadline.look)
        cuts_off = outer is None or any(_breaks(cut, outer) for cut in followed.cuts)
        self._master.add(followed.cuts)
        whole = self._master.complete(values, followed.values)
        if whole is None:
            return _Trial(None, math.inf, cuts_off)
        cost = float(self._matrix.cost @ whole)
        integers = whole[self._matrix.integer]
        if cost < self._cost and np.abs(integers - np.round(integers)).max(initial=0.0) <= FEASIBLE:
            self._values, self._cost = whole, cost
            self._tell(Progress(0.0, cost, self._bound))
        return _Trial(whole, cost, cuts_off)

    @property
    def _best(self) -> float:
        """Cost of the best plan so far [currency]."""
        return min(self._cost, self._known_cost)

    def _is_good(self) -> bool:
        """Whether the plan at hand is near enough to the bound."""
        return math.isfinite(self._best) and self._best - self._bound <= self._enough.of(self._best)

    def _tell(self, progress: Progress) -> None:
        """Tell the progress with the plan of which it is known what follows it."""
        if self._watch is not None:
            seconds = time.perf_counter() - self._start
            bound = max(progress.bound, self._bound)
            self._watch(replace(progress, seconds=seconds, incumbent=self._cost, bound=bound))


class _Trial(NamedTuple):
    """A plan that was tried."""

    values: Numbers | None
    """With what follows it; None where nothing can."""
    cost: float
    cuts_off: bool
    """Whether some cut of it is broken by the optimum of the master."""


_NOTHING = _Trial(None, math.inf, cuts_off=True)
_MESSAGES = {"infeasible": "Infeasible", "proven": "Optimal"}


def _breaks(cut: Ceiling, values: Numbers) -> bool:
    """Whether values break a cut by more than rounding."""
    terms = cut.weights * values[cut.columns]
    size = max(abs(cut.most), float(np.abs(terms).max(initial=0.0)))
    return float(terms.sum()) - cut.most > SAME_COST * size

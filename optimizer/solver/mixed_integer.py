"""A linear program, perhaps with integers: minimised, relaxed, completed or held against values, by HiGHS.

After a mixed-integer solve the integers are rounded and the rest is solved again, so that no quantity rests on a
contract that is signed to a millionth.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.records.tolerances import FEASIBLE
from optimizer.results.interval import NOTHING_KNOWN
from optimizer.solver import highs
from optimizer.solver.deadline import Deadline
from optimizer.solver.outcome import Relaxation
from optimizer.solver.scaling import scale_matrix, scale_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from optimizer.results.interval import Interval, Progress
    from optimizer.solver.arrays import Matrix
    from optimizer.solver.outcome import Outcome
    from optimizer.solver.scaling import Scale

_SEARCHES = ("rens", "rins", "root_reduced_cost")
"""HiGHS's ways to look for plans by smaller mixed-integer programs. They may take three quarters of a solve."""


def minimise(  # noqa: PLR0913 (what is enough, how long, who watches)
    matrix: Matrix,
    *,
    gap: float,
    allowance: float = 0.0,
    known: Interval = NOTHING_KNOWN,
    deadline: Deadline | None = None,
    watch: Callable[[Progress], None] | None = None,
    by_sub_programs: bool = True,
) -> Outcome:
    """Minimise a matrix to a relative `gap`, or to within `allowance` [currency] of the bound.

    With a `known` bound and cost of a plan, it ends as soon as the better bound and the better plan are within
    the gap: proven, perhaps without values of its own. With a known plan, or when `by_sub_programs` is false, its
    effort goes into the bound, and it finds a better plan only by the way. `watch` is called from time to time with the
    progress. Raises KeyboardInterrupt when interrupted twice.
    """
    deadline = Deadline() if deadline is None else deadline
    start = time.perf_counter()
    scale = scale_of(matrix)
    solver = set_up(matrix, scale, gap, allowance)
    if math.isfinite(known.cost) or not by_sub_programs:
        for search in _SEARCHES:
            highs.set_option(solver, f"mip_heuristic_run_{search}", False)  # noqa: FBT003 (a value, not a flag of ours)

    reached = False

    def is_good(incumbent: float, bound: float) -> bool:
        nonlocal reached
        best = min(incumbent, known.cost)
        reached = math.isfinite(best) and best - max(bound, known.bound) <= max(allowance, gap * abs(best))
        return reached

    with deadline:
        highs.run(solver, scale, deadline, watch, is_good)
        outcome = highs.outcome_of(solver, matrix, scale)
        if outcome.verdict in {"stopped", "nothing found"} and (reached or is_good(outcome.objective, outcome.bound)):
            outcome = replace(outcome, verdict="proven")
        if outcome.values is not None and matrix.integer.any():
            outcome = _round_integers(matrix, outcome, scale, Deadline(stop=deadline.stop))
    return replace(outcome, seconds=time.perf_counter() - start)


def relax(matrix: Matrix, deadline: Deadline, basis: Any = None) -> Relaxation:
    """Return the bound of the linear relaxation, found from the basis of a similar program if one is given."""
    scale = scale_of(matrix)
    solver = highs.hand_over(scale_matrix(replace(matrix, integer=np.zeros_like(matrix.integer)), scale))
    with deadline:
        _run_from(basis, solver, scale, deadline)
    match highs.verdict_of(solver):
        case "proven":
            duals = np.array(solver.getSolution().row_dual) * scale.rows / scale.cost
            values = np.array(solver.getSolution().col_value) * scale.columns
            return Relaxation(solver.getInfo().objective_function_value / scale.cost, solver.getBasis(), duals, values)
        case "infeasible":
            return Relaxation(math.inf, None, None)
        case _:
            return Relaxation(-math.inf, None, None)


def complete(
    matrix: Matrix, values: NDArray[np.float64], deadline: Deadline, basis: Any = None
) -> NDArray[np.float64] | None:
    """Return the best values whose integers are those of `values`, or None when no such values are found.

    The basis of the linear relaxation, where one is given, is not far from theirs.
    """
    with deadline:
        return _solve_continuous(matrix, values, scale_of(matrix), deadline, basis)


def holds(matrix: Matrix, values: NDArray[np.float64]) -> bool:
    """Whether values keep every bound and row, but for what the solver itself may break."""
    scale = scale_of(matrix)
    outside = np.maximum(matrix.lower - values, values - matrix.upper) / scale.columns
    return float(outside.max(initial=0.0)) <= FEASIBLE and _violation(matrix, values, scale) <= FEASIBLE


def set_up(matrix: Matrix, scale: Scale, gap: float, allowance: float) -> Any:
    """Return HiGHS with the scaled matrix, as it is to be minimised."""
    solver = highs.hand_over(scale_matrix(matrix, scale))
    highs.set_option(solver, "mip_rel_gap", gap)
    highs.set_option(solver, "mip_abs_gap", allowance * scale.cost)
    return solver


def _round_integers(matrix: Matrix, outcome: Outcome, scale: Scale, deadline: Deadline) -> Outcome:
    """Round the integers, and solve for the rest again unless every row holds as it stands."""
    assert outcome.values is not None  # noqa: S101 (the caller asks only then)
    values: NDArray[np.float64] | None = np.where(matrix.integer, np.round(outcome.values), outcome.values)
    assert values is not None  # noqa: S101 (for the type checker)
    if _violation(matrix, values, scale) > FEASIBLE:
        values = _solve_continuous(matrix, values, scale, deadline)
    if values is None:
        return outcome
    return replace(outcome, values=values, objective=float(matrix.cost @ values))


def _run_from(basis: Any, solver: Any, scale: Scale, deadline: Deadline) -> None:
    """Run a linear program from the basis of a similar one, if there is one, and from none where that leads nowhere."""
    if basis is not None:
        solver.setBasis(basis)
    highs.run(solver, scale, deadline)
    if basis is not None and not highs.is_sure(solver):
        solver.clearSolver()
        highs.run(solver, scale, deadline)


def _solve_continuous(
    matrix: Matrix, values: NDArray[np.float64], scale: Scale, deadline: Deadline, basis: Any = None
) -> NDArray[np.float64] | None:
    """Solve for the continuous part with the integers fixed."""
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    lower[matrix.integer] = upper[matrix.integer] = np.round(values[matrix.integer])
    if (lower < matrix.lower).any() or (upper > matrix.upper).any():
        return None
    fixed = replace(matrix, lower=lower, upper=upper, integer=np.zeros_like(matrix.integer))
    solver = highs.hand_over(scale_matrix(fixed, scale))
    _run_from(basis, solver, scale, deadline)
    if highs.verdict_of(solver) != "proven":
        return None
    found: NDArray[np.float64] = np.array(solver.getSolution().col_value) * scale.columns
    return found


def _violation(matrix: Matrix, values: NDArray[np.float64], scale: Scale) -> float:
    """Return the largest violation of a row, in scaled units."""
    body = matrix.A @ values
    outside = np.maximum(matrix.row_lower - body, body - matrix.row_upper) * scale.rows
    return float(outside.max(initial=0.0))

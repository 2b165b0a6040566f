"""HiGHS, driven through highspy: arrays in, an outcome with bound and gap out.

The solver runs in a thread of its own so that Ctrl-C is noticed at once: the first asks it to stop
and keeps the best plan so far, a second raises KeyboardInterrupt. Columns and rows are scaled by
powers of two before they are handed over, because HiGHS accepts the same violations whatever the
units; after a mixed-integer solve the integers are rounded and the rest is solved again, so that no
quantity hangs on a contract that is signed to a millionth.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import highspy
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from optimizer.arrays import Matrix

Verdict = Literal["proven", "stopped", "infeasible", "unbounded", "nothing found", "failed"]

_EXACT = 1e-9
_TOLERANCE, _LOOSER = 1e-9, 1e-7
"""What HiGHS may break a row, a bound or a whole number by, in scaled units (its own choice is 1e-6)."""
_LARGE = 100_000
"""Entries of a matrix from which the looser tolerance is taken: the tighter one takes three times as long there."""
_LARGEST = 1e6
_SMALLEST = 1.0


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a solve stands; costs are infinite while nothing is known."""

    seconds: float
    incumbent: float
    bound: float
    stopping: bool = False
    """Whether the solver was asked to stop, and will at its next chance."""

    @property
    def gap(self) -> float:
        """Relative distance of incumbent and bound."""
        return relative_gap(self.incumbent, self.bound)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a solver found; `values` has one number a column, or is None."""

    verdict: Verdict
    values: NDArray[np.float64] | None
    objective: float
    bound: float
    seconds: float
    message: str

    @property
    def gap(self) -> float:
        """Relative distance of objective and bound."""
        return relative_gap(self.objective, self.bound)


def relative_gap(objective: float, bound: float) -> float:
    """Return ``|objective - bound| / |objective|``, infinite while either is unknown."""
    if not (math.isfinite(objective) and math.isfinite(bound)):
        return math.inf
    return abs(objective - bound) / max(abs(objective), 1e-10) if objective != bound else 0.0


@dataclass(frozen=True, eq=False)
class _Scale:
    """Powers of two by which columns, rows and costs are divided or multiplied."""

    columns: NDArray[np.float64]
    rows: NDArray[np.float64]
    cost: float


def minimise(
    matrix: Matrix,
    *,
    gap: float,
    time_limit: float | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Outcome:
    """Minimise a matrix to a relative `gap` within `time_limit` seconds.

    `watch` is called from time to time with the progress. Raises KeyboardInterrupt when interrupted
    twice.
    """
    start = time.perf_counter()
    scale = _scale(matrix)
    solver = _solver(matrix, scale, gap, time_limit)
    _run(solver, scale, watch, start)
    if solver.getModelStatus() == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        _set(solver, "presolve", "off")
        _run(solver, scale, watch, start)
    outcome = _outcome(solver, matrix, scale)
    if outcome.values is not None and matrix.integer.any():
        outcome = _with_whole_integers(matrix, outcome, scale, start)
    return replace(outcome, seconds=time.perf_counter() - start)


def hand_over(matrix: Matrix) -> Any:
    """Return a silent HiGHS that holds the matrix as it is."""
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.A.shape
    model.col_cost_ = matrix.cost
    model.col_lower_ = matrix.lower
    model.col_upper_ = matrix.upper
    model.row_lower_ = matrix.row_lower
    model.row_upper_ = matrix.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.A.indptr
    model.a_matrix_.index_ = matrix.A.indices
    model.a_matrix_.value_ = matrix.A.data
    if matrix.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[whole] for whole in matrix.integer.tolist()]
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    _set(solver, "output_flag", False)  # noqa: FBT003 (a value, not a flag of ours)
    for tolerance in ("primal_feasibility_tolerance", "dual_feasibility_tolerance", "mip_feasibility_tolerance"):
        _set(solver, tolerance, _TOLERANCE if matrix.A.nnz < _LARGE else _LOOSER)
    if solver.passModel(model) == highspy.HighsStatus.kError:
        msg = "HiGHS did not take the model"
        raise RuntimeError(msg)
    return solver


def _scaled(matrix: Matrix, scale: _Scale) -> Matrix:
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


def _solver(matrix: Matrix, scale: _Scale, gap: float, time_limit: float | None) -> Any:
    solver = hand_over(_scaled(matrix, scale))
    _set(solver, "random_seed", 0)
    _set(solver, "threads", 1)
    _set(solver, "mip_rel_gap", gap)
    _set(solver, "mip_abs_gap", 0.0)
    if time_limit is not None:
        _set(solver, "time_limit", float(time_limit))
    return solver


def _set(solver: Any, option: str, value: object) -> None:
    if solver.setOptionValue(option, value) != highspy.HighsStatus.kOk:
        msg = f"HiGHS does not take {option} = {value}"
        raise RuntimeError(msg)


def _scale(matrix: Matrix) -> _Scale:
    """Choose scales so that the smallest bounds are well above what HiGHS may break a row by.

    All quantities share one scale, so that balances keep their coefficients of one; rows are scaled
    to a largest coefficient near one, costs to a least one near one, so that a dear material or a
    penalty does not push the price of another below the tolerance.
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
    least = float(costs[costs > 0].min()) if (costs > 0).any() else 1.0
    return _Scale(columns, np.exp2(-np.round(np.log2(largest))), 1.0 / _power_of_two(least))


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


def _run(solver: Any, scale: _Scale, watch: Callable[[Progress], None] | None, start: float) -> None:
    """Run to the end, to the time limit or to Ctrl-C, reporting progress on the way."""
    stop = threading.Event()
    known = [math.inf, -math.inf]

    def look(event: Any) -> None:
        if stop.is_set():
            event.interrupt()

    def look_at_mip(event: Any) -> None:
        look(event)
        out = event.data_out
        known[:] = [out.mip_primal_bound / scale.cost, out.mip_dual_bound / scale.cost]

    for callback, listener in (
        (solver.cbSimplexInterrupt, look),
        (solver.cbIpmInterrupt, look),
        (solver.cbMipInterrupt, look_at_mip),
    ):
        callback.subscribe(listener)
    worker = threading.Thread(target=solver.run, daemon=True)
    with _InterruptStops(stop):
        worker.start()
        while worker.is_alive():
            worker.join(0.1)
            if watch is not None:
                incumbent, bound = known
                watch(Progress(time.perf_counter() - start, incumbent, bound, stop.is_set()))


class _InterruptStops:
    """While inside, the first Ctrl-C sets an event and the second raises KeyboardInterrupt."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._before: Any = None

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._handle)

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _handle(self, *_: object) -> None:
        if self._stop.is_set():
            raise KeyboardInterrupt
        self._stop.set()


def _outcome(solver: Any, matrix: Matrix, scale: _Scale) -> Outcome:
    """Read what a finished solver knows, in the units of the matrix."""
    status = solver.getModelStatus()
    info = solver.getInfo()
    message = solver.modelStatusToString(status)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(solver.getSolution().col_value) * scale.columns if found else None
    objective = float(matrix.cost @ values) if values is not None else math.inf
    bound = objective
    if matrix.integer.any():
        bound = info.mip_dual_bound / scale.cost
    verdict: Verdict
    match status:
        case highspy.HighsModelStatus.kOptimal | highspy.HighsModelStatus.kModelEmpty:
            verdict = "proven"
            values = np.zeros(len(matrix.cost)) if values is None else values
        case highspy.HighsModelStatus.kInfeasible:
            verdict, values = "infeasible", None
        case highspy.HighsModelStatus.kUnbounded:
            verdict, values = "unbounded", None
        case highspy.HighsModelStatus.kTimeLimit | highspy.HighsModelStatus.kInterrupt:
            verdict = "nothing found" if values is None else "stopped"
            bound = bound if matrix.integer.any() else -math.inf
        case _:
            verdict = "failed" if values is None else "stopped"
            bound = bound if matrix.integer.any() else -math.inf
    return Outcome(verdict, values, objective, bound, 0.0, message)


def _with_whole_integers(matrix: Matrix, outcome: Outcome, scale: _Scale, start: float) -> Outcome:
    """Round the integers, and solve for the rest again unless every row holds as it stands."""
    assert outcome.values is not None  # noqa: S101 (the caller asks only then)
    values = outcome.values.copy()
    values[matrix.integer] = np.round(values[matrix.integer])
    if _violation(matrix, values, scale) <= _EXACT:
        return replace(outcome, values=values, objective=float(matrix.cost @ values))
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    lower[matrix.integer] = upper[matrix.integer] = values[matrix.integer]
    fixed = replace(matrix, lower=lower, upper=upper, integer=np.zeros_like(matrix.integer))
    solver = hand_over(_scaled(fixed, scale))
    _run(solver, scale, None, start)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return outcome
    values = np.array(solver.getSolution().col_value) * scale.columns
    return replace(outcome, values=values, objective=float(matrix.cost @ values))


def _violation(matrix: Matrix, values: NDArray[np.float64], scale: _Scale) -> float:
    """Return the largest violation of a row, in scaled units."""
    body = matrix.A @ values
    outside = np.maximum(matrix.row_lower - body, body - matrix.row_upper) * scale.rows
    return float(outside.max(initial=0.0))

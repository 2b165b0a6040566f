"""HiGHS, driven through highspy: arrays in, an outcome with bound and gap out.

The solver runs in a thread of its own where that is needed (`optimizer.solver.running`), and in scaled units
(`optimizer.solver.scaling`). What is asked of it stands in `optimizer.solver.mixed_integer`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from models.records.tolerances import FEASIBLE, FEASIBLE_WHEN_LARGE
from optimizer.errors import SolverFailure
from optimizer.solver.arrays import Basis
from optimizer.solver.outcome import Outcome
from optimizer.solver.running import Runner

if TYPE_CHECKING:
    from collections.abc import Callable

    from optimizer.results.interval import Progress
    from optimizer.solver.arrays import Matrix
    from optimizer.solver.deadline import Deadline
    from optimizer.solver.outcome import Verdict
    from optimizer.solver.scaling import Scale

_ENDED_BY_PATIENCE = (
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kInterrupt,
    highspy.HighsModelStatus.kIterationLimit,
)
_STATES = tuple(map(highspy.HighsBasisStatus, range(5)))
IDLE = int(highspy.HighsBasisStatus.kBasic)
"""State in a basis of a row that does not bind."""

_DEVEX = 1
"""HiGHS's number for Devex, by which the dual simplex method chooses its steps."""
_LARGE = 100_000
"""Entries of a matrix from which the looser tolerance is taken: the tighter one takes three times as long there."""


class _Silent(highspy.Highs):
    """HiGHS that says nothing, from the first call on that is made to it.

    Its constructor makes that call, and from 1.16 on the first call of a process writes two lines to standard output.
    """

    def enableCallbacks(self) -> None:  # noqa: N802 (its name in highspy)
        """Say nothing, and then what the constructor asks for."""
        set_option(self, "output_flag", False)  # noqa: FBT003 (a value, not a flag of ours)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def hand_over(matrix: Matrix) -> Any:
    """Return a silent HiGHS that holds the matrix as it is, which must be linear."""
    if not matrix.is_linear:
        msg = "HiGHS takes rows alone; `optimizer.solver.outer_approximation.minimise` holds all else by cuts"
        raise ValueError(msg)
    solver: Any = _Silent()  # type: ignore[no-untyped-call]
    set_option(solver, "random_seed", 0)
    set_option(solver, "threads", 1)
    for tolerance in ("primal_feasibility_tolerance", "dual_feasibility_tolerance", "mip_feasibility_tolerance"):
        set_option(solver, tolerance, FEASIBLE if matrix.A.nnz < _LARGE else FEASIBLE_WHEN_LARGE)
    rows, columns = matrix.A.shape
    taken = solver.passModel(
        columns,
        rows,
        matrix.A.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,  # what is added to the cost
        matrix.cost,
        matrix.lower,
        matrix.upper,
        matrix.row_lower,
        matrix.row_upper,
        matrix.A.indptr,
        matrix.A.indices,
        matrix.A.data,
        matrix.integer.astype(np.int32),  # HiGHS's own numbers: 0 = continuous, 1 = integer
    )
    check(taken, "the model")
    return solver


def expect_few_steps(solver: Any) -> None:
    """Set a solver for linear programs that start near their optimum.

    There weights of steepest edges cost more than they save, and costs that are perturbed lead away from it.
    """
    set_option(solver, "simplex_dual_edge_weight_strategy", _DEVEX)
    set_option(solver, "dual_simplex_cost_perturbation_multiplier", 0.0)


def basis_of(solver: Any) -> Basis | None:
    """Return the optimal basis of a linear program that was run; None where there is none."""
    basis = solver.getBasis()
    if not basis.valid:
        return None
    columns, rows = (np.fromiter(map(int, states), dtype=np.int8) for states in (basis.col_status, basis.row_status))
    return Basis(columns, rows)


def start_from(solver: Any, basis: Basis) -> None:
    """Let the next run start from a basis, which must have as many columns and rows as the program."""
    there: Any = highspy.HighsBasis()
    there.valid = True
    there.col_status, there.row_status = ([_STATES[state] for state in part] for part in (basis.columns, basis.rows))
    solver.setBasis(there)


def is_sure(solver: Any) -> bool:
    """Whether a run of a linear program ended with a feasible optimum, or because the deadline came.

    From the basis of another program the solver may lose its way: it gives up, gives values that break a row by more
    than it may, or takes a program for infeasible that is not.
    """
    match solver.getModelStatus():
        case highspy.HighsModelStatus.kOptimal:
            return bool(solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible)
        case status:
            return status in _ENDED_BY_PATIENCE


def is_optimal(solver: Any) -> bool:
    """Whether a run of a linear program ended with a feasible optimum."""
    return solver.getModelStatus() == highspy.HighsModelStatus.kOptimal and is_sure(solver)


def verdict_of(solver: Any) -> Verdict:
    """Return what a run of a linear program to its end came to."""
    match solver.getModelStatus():
        case highspy.HighsModelStatus.kOptimal:
            return "proven"
        case highspy.HighsModelStatus.kInfeasible:
            return "infeasible"
        case highspy.HighsModelStatus.kUnbounded:
            return "unbounded"
        case _:
            return "failed"


def check(taken: Any, what: str) -> None:
    """Raise SolverFailure where HiGHS did not take something."""
    if taken == highspy.HighsStatus.kError:
        msg = f"HiGHS did not take {what}: some figures are too large or too small beside the others"
        raise SolverFailure(msg)


def set_option(solver: Any, option: str, value: object) -> None:
    """Set an option of HiGHS."""
    if solver.setOptionValue(option, value) != highspy.HighsStatus.kOk:
        msg = f"HiGHS does not take {option} = {value}"
        raise RuntimeError(msg)


def run(
    solver: Any,
    scale: Scale,
    deadline: Deadline,
    watch: Callable[[Progress], None] | None = None,
    is_good: Callable[[float, float], bool] | None = None,
) -> None:
    """Run to the end, or until the deadline, or until incumbent and bound are good enough, reporting progress.

    Of a linear program nothing is good enough before its end.
    """
    _run(solver, scale, deadline, watch, is_good)
    if solver.getModelStatus() == highspy.HighsModelStatus.kUnboundedOrInfeasible:  # presolve cannot tell which
        set_option(solver, "presolve", "off")
        _run(solver, scale, deadline, watch, is_good)


def _run(
    solver: Any,
    scale: Scale,
    deadline: Deadline,
    watch: Callable[[Progress], None] | None,
    is_good: Callable[[float, float], bool] | None,
) -> None:
    """Run once.

    HiGHS looks at its gap between steps only, and a step at the root may take a minute; it is interrupted
    here as soon as its gap is reached.
    """
    deadline.look()
    runner = Runner(watch, deadline, leaves=is_good is not None)
    known = runner.known

    def look(event: Any) -> None:
        runner.tell_in_callback()
        if deadline.stopped or deadline.is_over(has_plan=math.isfinite(known[0])):
            event.interrupt()

    def look_at_mip(event: Any) -> None:
        out = event.data_out
        known[:] = [out.mip_primal_bound / scale.cost, out.mip_dual_bound / scale.cost]
        if not deadline.looks_once_more() or (is_good is not None and is_good(*known)):
            event.interrupt()
        look(event)

    callbacks = (
        (solver.cbSimplexInterrupt, look),
        (solver.cbIpmInterrupt, look),
        (solver.cbMipInterrupt, look_at_mip),
    )
    for callback, listener in callbacks:
        callback.subscribe(listener)
    set_option(solver, "time_limit", solver.getRunTime() + deadline.left)
    if deadline.iterations_left is not None:
        set_option(
            solver, "simplex_iteration_limit", deadline.iterations_left
        )  # which a branch and bound does not heed
    runner.run(solver)
    for callback, listener in callbacks:
        callback.unsubscribe(listener)
    deadline.look()
    deadline.spent.iterations += max(0, solver.getInfo().simplex_iteration_count)


def outcome_of(solver: Any, matrix: Matrix, scale: Scale) -> Outcome:
    """Read what a finished solver knows, in the units of the matrix."""
    status = solver.getModelStatus()
    info = solver.getInfo()
    message = solver.modelStatusToString(status)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if status == highspy.HighsModelStatus.kOptimal:
        found = solver.getSolution().value_valid  # they may break a row by a little more than they may
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
        case _ if status in _ENDED_BY_PATIENCE:
            verdict = "nothing found" if values is None else "stopped"
            bound = bound if matrix.integer.any() else -math.inf
        case _:
            verdict = "failed" if values is None else "stopped"
            bound = bound if matrix.integer.any() else -math.inf
    return Outcome(verdict, values, objective, bound, 0.0, message)

"""Any other solver that Pyomo can drive, by name: gurobi, cplex, xpress, scip, cbc, glpk."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from models.formulation.build import written_out
from optimizer.errors import InputError, SolverFailure
from optimizer.solver.outcome import Outcome, Verdict
from optimizer.solver.outer_approximation.minimise import minimise

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyomo.core import ConcreteModel

    from optimizer.solver.arrays import Matrix

# How each solver calls its relative gap and its time limit; Pyomo has no common word for them.
_OPTIONS = {
    "gurobi": ("MIPGap", "TimeLimit"),
    "gurobi_direct": ("MIPGap", "TimeLimit"),
    "gurobi_persistent": ("MIPGap", "TimeLimit"),
    "cplex": ("mip_tolerances_mipgap", "timelimit"),
    "cplex_direct": ("mip_tolerances_mipgap", "timelimit"),
    "xpress": ("miprelstop", "maxtime"),
    "xpress_direct": ("miprelstop", "maxtime"),
    "scip": ("limits/gap", "limits/time"),
    "cbc": ("ratioGap", "seconds"),
    "glpk": ("mipgap", "tmlim"),
    "appsi_highs": ("mip_rel_gap", "time_limit"),
}
_LINEAR = {"cbc", "glpk", "appsi_highs"}
"""Solvers that take no quadratic constraints."""


def minimise_with(name: str, m: ConcreteModel, matrix: Matrix, *, gap: float, time_limit: float | None) -> Outcome:
    """Minimise a model with a Pyomo solver; the outcome has its values in the order of `matrix`.

    Raises:
        InputError: when the solver is not known here, or takes linear programs only and this one is not.
        SolverFailure: when it is not installed, or breaks down.

    """
    from pyomo.common.errors import ApplicationError
    from pyomo.environ import SolverFactory

    if name not in _OPTIONS:
        raise InputError([f"solver {name!r} is not known here; use highs or one of {', '.join(sorted(_OPTIONS))}"])
    if matrix.squares and name in _LINEAR:
        others = ", ".join(sorted(_OPTIONS.keys() - _LINEAR))
        msg = f"solver {name!r} takes linear programs only, and an hhi_cap squares shares; use highs or one of {others}"
        raise InputError([msg])
    if matrix.recourse is not None:
        msg = f"solver {name!r} takes no survival_floor and no time_to_survive_floor, whose cuts are found as it goes"
        raise InputError([f"{msg}; use highs"])
    start = time.perf_counter()
    solver = SolverFactory(name)
    if not solver.available(exception_flag=False):
        msg = f"solver {name!r} is not installed, or has no licence here; use the embedded highs"
        raise SolverFailure(msg)
    gap_option, time_option = _OPTIONS[name]
    solver.options[gap_option] = gap
    if time_limit is not None:
        solver.options[time_option] = time_limit if name != "glpk" else math.ceil(time_limit)
    program = written_out(m)
    try:
        results = solver.solve(program, load_solutions=False)
    except (ApplicationError, RuntimeError, ValueError) as error:
        msg = f"{name} broke down: {error}"
        raise SolverFailure(msg) from None
    return _outcome(name, m, matrix, results, time.perf_counter() - start)


def _outcome(name: str, m: ConcreteModel, matrix: Matrix, results: Any, seconds: float) -> Outcome:
    from pyomo.opt import TerminationCondition as Condition

    condition = results.solver.termination_condition
    verdict: Verdict
    match condition:
        case Condition.optimal | Condition.globallyOptimal | Condition.locallyOptimal:
            verdict = "proven"
        case Condition.infeasible:
            verdict = "infeasible"
        case Condition.infeasibleOrUnbounded | Condition.other:
            verdict = _by_highs(matrix)
        case Condition.unbounded:
            verdict = "unbounded"
        case Condition.maxTimeLimit | Condition.userInterrupt | Condition.feasible:
            verdict = "stopped"
        case _:
            verdict = "failed"
    values = None
    if verdict in {"proven", "stopped"}:
        values = _values(m, matrix, results)
    if verdict == "stopped" and values is None:
        verdict = "nothing found"
    objective = math.inf if values is None else float(matrix.cost @ values)
    bound = results.problem.lower_bound
    known = isinstance(bound, (int, float)) and math.isfinite(bound)
    lower = min(float(bound), objective) if known else (objective if verdict == "proven" else -math.inf)
    return Outcome(verdict, values, objective, lower, seconds, f"{name}: {condition}")


def _by_highs(matrix: Matrix) -> Verdict:
    """Let the embedded solver decide what a solver left open: infeasible, unbounded or a failure."""
    found = minimise(matrix, gap=math.inf).verdict
    return found if found in {"infeasible", "unbounded"} else "failed"


def _values(m: ConcreteModel, matrix: Matrix, results: object) -> NDArray[np.float64] | None:
    """Load a solution into the model and read it; integers are rounded to what they stand for."""
    try:
        m.solutions.load_from(results)
    except ValueError:
        return None
    values = np.array([0.0 if v.value is None else float(v.value) for v in matrix.variables])
    values[matrix.integer] = np.round(values[matrix.integer])
    within: NDArray[np.float64] = np.clip(values, matrix.lower, matrix.upper)
    return within

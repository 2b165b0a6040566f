"""Instance -> model -> solver -> plan -> audit: the one way down and up."""

from __future__ import annotations

import gc
import importlib.metadata
import math
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from models.build import build
from optimizer import __version__
from optimizer.account import RELATIVE, Account
from optimizer.audit import audit
from optimizer.errors import AuditFailure, LodeplanError, NoPlan, SolverFailure
from optimizer.highs import Outcome, minimise, relative_gap
from optimizer.matrix import to_matrix
from optimizer.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyomo.environ import ConcreteModel

    from models.instance import Instance
    from optimizer.highs import Progress

EMBEDDED = "highs"

_NOTHING = 1e-9
_SHORTEST = 10.0
"""Seconds that a comparison may take in any case."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to solve; what is not said follows the instance."""

    gap: float
    time_limit: float | None = None
    solver: str = EMBEDDED
    watch: Callable[[Progress], None] | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """A cost that is known to lie between a bound and that of a plan [currency]."""

    bound: float
    cost: float


@dataclass(frozen=True, eq=False)
class Solution:
    """An audited plan, and how good it is known to be."""

    instance: Instance
    account: Account
    proven: bool
    """Whether the gap that was asked for was reached."""
    bound: float
    """No plan costs less than this [currency]."""
    seconds: float
    sizes: dict[str, int]
    solver: str
    versions: dict[str, str] = field(default_factory=dict)
    without_limits: Interval | None = None
    """What the cheapest plan without any limit costs, when that was asked for."""

    @property
    def cost(self) -> float:
        """What the plan costs, penalties included, by its own account [currency]."""
        return self.account.total

    @property
    def gap(self) -> float:
        """Relative distance of cost and bound."""
        return relative_gap(self.cost, min(self.bound, self.cost))


def settings_of(
    instance: Instance,
    *,
    gap: float | None = None,
    time_limit: float | None = None,
    solver: str = EMBEDDED,
    watch: Callable[[Progress], None] | None = None,
) -> Settings:
    """Return the settings of an instance, with what is given here put in their place."""
    return Settings(
        gap=instance.solve.gap if gap is None else gap,
        time_limit=instance.solve.time_limit if time_limit is None else time_limit,
        solver=solver,
        watch=watch,
    )


def solve(instance: Instance, settings: Settings | None = None) -> Solution:
    """Return the best audited plan of an instance.

    Raises:
        NoPlan: no plan holds all limits, or none was found in time.
        SolverFailure: the solver is not there or broke down.
        AuditFailure: the solver's answer does not hold when it is recomputed.
        KeyboardInterrupt: interrupted twice.

    """
    settings = settings or settings_of(instance)
    start = time.perf_counter()
    with _collector_paused():
        m = build(instance)
        matrix = to_matrix(m)
    outcome = _minimise(m, matrix, settings)
    if outcome.values is None:
        raise _complaint(outcome, settings)
    plan = _plan_of(m, dict(zip(map(id, matrix.variables), outcome.values.tolist(), strict=True)))
    account = Account(m.market, instance.limits, plan)
    _must_hold(account, outcome)
    rows, columns = matrix.A.shape
    return Solution(
        instance=instance,
        account=account,
        proven=outcome.verdict == "proven" and relative_gap(account.total, outcome.bound) <= settings.gap + RELATIVE,
        bound=outcome.bound,
        seconds=time.perf_counter() - start,
        sizes={
            "rows": rows,
            "columns": columns,
            "integers": int(matrix.integer.sum()),
            "nonzeros": int(matrix.A.nnz),
            "flows": len(m.flows),
        },
        solver=settings.solver,
        versions={"lodeplan": __version__} | {name: importlib.metadata.version(name) for name in ("highspy", "pyomo")},
    )


def compared(solution: Solution, settings: Settings) -> Solution:
    """Return a solution that also knows what its market would cost without limits.

    That takes at most the time that is left, or twice what the plan itself took; it stays unknown for
    a plan that was stopped before its proof, and where nothing is found in that time. Whatever goes
    wrong there, the plan at hand is not lost.
    """
    if not (solution.instance.limits and solution.proven):
        return solution
    seconds = max(_SHORTEST, 2 * solution.seconds)
    if settings.time_limit is not None:
        seconds = min(seconds, settings.time_limit - solution.seconds)
    if seconds <= 0:
        return solution
    try:
        free = solve(solution.instance.without_limits(), replace(settings, time_limit=seconds))
    except LodeplanError:
        return solution
    return replace(solution, without_limits=Interval(min(free.bound, free.cost), min(free.cost, solution.cost)))


def _minimise(m: ConcreteModel, matrix: Any, settings: Settings) -> Outcome:
    if settings.solver == EMBEDDED:
        return minimise(matrix, gap=settings.gap, time_limit=settings.time_limit, watch=settings.watch)
    from optimizer.other_solvers import minimise_with

    return minimise_with(settings.solver, m, matrix, gap=settings.gap, time_limit=settings.time_limit)


def _complaint(outcome: Outcome, settings: Settings) -> LodeplanError:
    match outcome.verdict:
        case "infeasible":
            return NoPlan("there is no plan that covers the demand and holds every limit", proven=True)
        case "nothing found":
            msg = f"no plan was found within {outcome.seconds:.1f} s; give it more time"
            return NoPlan(msg, proven=False)
        case "unbounded":
            msg = "the cost has no lower end: a price below zero meets a capacity or demand without one"
            return NoPlan(msg, proven=True)
        case _:
            return SolverFailure(f"{settings.solver} gave up: {outcome.message}")


def _plan_of(m: ConcreteModel, values: dict[int, float]) -> Plan:
    """Read a plan from the solver's numbers, without what is nothing but rounding."""
    most = m.network.flows
    flow = {key: units for key, v in m.flows.items() if (units := values[id(v)]) > _NOTHING * most[key]}
    bought = {key[0] for key in flow}
    kept = {offer.offer for offer in m.market.offers if offer.switching_cost and offer.incumbent_quantity}
    signed = {
        name: bool(values[id(v)] > 0.5) and (name in bought or name in kept)  # noqa: PLR2004
        for name, v in m.signed.items()
    }
    stock = getattr(m, "stock", {})
    return Plan(
        flow=flow,
        signed=signed,
        unmet={node: units for node, v in m.unmet.items() if (units := values[id(v)]) > _NOTHING * v.ub},
        stock={node: max(0.0, values[id(v)]) for node, v in stock.items()},
    )


def _must_hold(account: Account, outcome: Outcome) -> None:
    """Raise AuditFailure unless the plan and the solver's claim about its cost hold."""
    findings = audit(account)
    claimed, counted = outcome.objective, account.total
    rounding = RELATIVE * max(abs(claimed), abs(counted), 1.0)
    if counted > claimed + rounding:
        findings.append(f"cost: the solver claims {claimed:.9g}, its plan costs {counted:.9g}")
    if math.isfinite(outcome.bound) and counted < outcome.bound - rounding:
        findings.append(f"cost: the plan costs {counted:.9g}, less than the solver's bound of {outcome.bound:.9g}")
    if findings:
        raise AuditFailure(findings)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the garbage collector: a model is many small objects, none of them garbage."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()

"""What is made of a solver's claims: a plan must hold when it is recounted, and where there is none that is told."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.enforcement import prepare
from models.records.tolerances import RECOUNTED, ROUNDING
from models.records.wording import format_amount
from optimizer.audit import audit
from optimizer.errors import AuditFailure, LodeplanError, NoPlan, SolverFailure
from optimizer.results.account import Account
from optimizer.solver.deadline import GRACE

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from models.enforcement import EnforcedInstance
    from optimizer.programs.program import Program
    from optimizer.results.solution import Settings, Solution
    from optimizer.solver.outcome import Outcome


def check_claims(account: Account, claimed: float, bound: float, look: Callable[[], None] = lambda: None) -> None:
    """Raise AuditFailure unless a plan and the solver's claims about its cost hold, or what `look` raises meanwhile."""
    findings = audit(account, look)
    counted = account.total
    soft = [(limit, reading.key) for limit, reading in account.readings if limit.penalty is not None]
    slips = sum((limit.penalty or 0.0) * limit.size(key, account.market) for limit, key in soft)
    rounding = RECOUNTED * max(abs(claimed), abs(counted), 1.0) + ROUNDING * slips
    if counted > claimed + rounding:
        findings.append(f"cost: the solver claims {claimed:.9g}, its plan costs {counted:.9g}")
    if math.isfinite(bound) and counted < bound - rounding:
        findings.append(f"cost: the plan costs {counted:.9g}, less than the solver's bound of {bound:.9g}")
    if findings:
        msg = f"the solver's plan does not hold when it is recounted, and is not written: {'; '.join(findings)}; "
        msg += "ask for another gap, or for another solver with --solver, and tell the authors"
        raise AuditFailure(msg)


def recount(
    program: Program, values: NDArray[np.float64], bound: float, look: Callable[[], None] = lambda: None
) -> tuple[Account, float]:
    """Return the books of a plan of a program, and its cost counted again; raises AuditFailure unless it holds.

    What scenarios weigh into the cost beyond that of the plan is taken as the program has it, and a bound of an
    expected cost says nothing of the plan's own.
    """
    part = program.part
    account = Account(prepare(part), part.limits, program.plan(values))
    own = program.plan_cost(values)
    check_claims(account, own, -math.inf if part.foreseen else bound, look)
    return account, account.total + (float(program.matrix.cost @ values) - own)


def check_solution(solution: Solution) -> None:
    """Raise AuditFailure unless a plan holds, and costs what it is claimed to.

    The bound of an expected cost says nothing of the plan's own, which is then as it is recounted.
    """
    if solution.risk is None:
        check_claims(solution.account, solution.cost, solution.bound)
    else:
        check_claims(solution.account, solution.risk.calm_cost, -math.inf)


def describe_fault(outcome: Outcome, part: EnforcedInstance, settings: Settings, *, named: bool) -> LodeplanError:
    """Return what to raise for a program that a solver did not solve; the part is `named` where there are several."""
    if outcome.verdict == "unbounded":
        msg = f"the cost{_of(part, named)} has no lower end: a price below zero meets a capacity or demand without one"
        return NoPlan(msg, proven=True)
    return SolverFailure(f"{settings.solver} gave up: {outcome.message}")


def no_plan(part: EnforcedInstance, *, named: bool) -> NoPlan:
    """Return what to raise for a part that is proven to have no plan."""
    return NoPlan(f"there is no plan that covers the demand{_of(part, named)} and holds every limit", proven=True)


def describe_none_found(part: EnforcedInstance, bound: float, settings: Settings, *, named: bool) -> NoPlan:
    """Return what to raise for a part of which no plan was found in time, and no plan may cost less than a bound."""
    limit = settings.time_limit
    when = "before the solve was stopped" if limit is None else f"within the time limit of {format_amount(limit)} s"
    least = (
        f"; if there is one, it costs {format_amount(bound)} {part.currency} or more" if math.isfinite(bound) else ""
    )
    cure = "let it run longer" if limit is None else "give it more time with --time-limit"
    owed = [material for material in part.market.material if material in part.market.owed]
    or_else = f", or say what unmet demand of {' and '.join(owed)} costs (shortage_cost): then there is a plan at once"
    msg = f"no plan{_of(part, named)} was found {when}, nor in the {GRACE:.0f} s after it{least}; {cure}"
    return NoPlan(msg + (or_else if owed else ""), proven=False)


def _of(part: EnforcedInstance, named: bool) -> str:  # noqa: FBT001 (as it is given)
    return f" of {part.name}" if named else ""

"""The best plan of an instance with all that its answer says: what its limits cost too, or why there is none."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from models.enforcement import EnforcedInstance
from models.scenarios import draws_of, foresee
from optimizer.base.solve import solve_base
from optimizer.errors import NoPlan
from optimizer.limits_cost import add_limits_cost
from optimizer.no_plan import explain_no_plan
from optimizer.planning_value import find_value
from optimizer.price import add_prices
from optimizer.price_parallel import add_prices_parallel
from optimizer.scenarios.evaluate import evaluate
from optimizer.session import Session
from optimizer.solve import solve
from optimizer.stress.survival import add_survival

if TYPE_CHECKING:
    from optimizer.results.solution import Settings, Solution
    from optimizer.work.runner import TaskRunner


def best_plan(  # noqa: PLR0913 (what a user may ask)
    instance: EnforcedInstance,
    settings: Settings,
    *,
    prove_limits_cost: bool = False,
    price: bool = False,
    value: bool = False,
    runner: TaskRunner | None = None,
) -> Solution:
    """Return the best plan of an instance, with what its limits cost as far as little effort shows it, or proven.

    It also says what stays covered without what any one country controls, where that takes little effort. With `price`
    it says what each limit costs, the time limit holding for each solve; not of a plan that was stopped before its
    proof. With `value` it says what planning for scenarios is worth. With a runner, parts that nothing ties are solved
    side by side, and so are responses to scenarios; an interrupt of that leaves no plan.

    Raises:
        NoPlan: with the plain reasons, where it is proven that there is none.
        SolverFailure, AuditFailure, KeyboardInterrupt: as `Session.solve`.

    """
    start = time.perf_counter()
    base = None if runner is None else solve_base(instance, settings, runner)
    session = Session(settings) if base is None else base.session
    session.settings, session.runner = settings, runner
    try:
        solution = solve(instance, session=session)
    except NoPlan as none:
        raise explain_no_plan(none, settings.enforce(instance)) from None
    if runner is not None:
        solution = replace(solution, seconds=time.perf_counter() - start)
    journal = None if runner is None else runner.journal
    solution = add_survival(add_limits_cost(solution, session, prove=prove_limits_cost), journal)
    solution = _judge_anew(solution, session)
    if value:
        solution = replace(solution, value=find_value(solution, session))
    if not price:
        return solution
    if runner is None or base is None:
        return add_prices(solution, session)
    return add_prices_parallel(runner, solution, base)


def _judge_anew(solution: Solution, session: Session) -> Solution:
    """Return a solution that also says what its plan is expected to cost on other draws, where hazards were drawn."""
    risk, instance = solution.risk, solution.instance
    drawn = None if risk is None else draws_of(instance, session.settings.draws)
    if risk is None or drawn is None:
        return solution
    anew = foresee(EnforcedInstance(instance.foreseeing(())), drawn.anew)
    judged = evaluate(anew, solution.account, may_lack=True, runner=session.runner)
    is_short = any(one.lacking for one in judged.outcomes)  # of what has no price, so that there is no cost
    redrawn = math.inf if is_short else judged.expected
    return replace(solution, risk=replace(risk, redrawn=redrawn))

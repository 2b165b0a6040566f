"""What it is worth to plan for scenarios: the plan beside one that knows which comes, and one that expects none."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from optimizer.errors import SolverFailure
from optimizer.results.planning_value import PlanningValue
from optimizer.scenarios.evaluate import evaluate
from optimizer.scenarios.least_costs import list_least_costs

if TYPE_CHECKING:
    from optimizer.results.solution import Solution
    from optimizer.session import Session


def find_value(solution: Solution, session: Session) -> PlanningValue | None:
    """Return what a plan for scenarios is worth; None of one that is planned for none.

    It takes the plan for the calm alone, and a small program for each scenario and part that it hits.

    Raises:
        NoPlan: where there is no plan for the calm alone, which a limit on its time may be why.
        SolverFailure, KeyboardInterrupt: as `Session.solve`.
    """
    if solution.risk is None:
        return None
    instance = solution.instance
    settings = session.settings
    session.settings = replace(settings, calm=True)
    try:
        calm = session.solve(instance.foreseeing(()))
    finally:
        session.settings = settings
    try:
        judged = evaluate(instance, calm.account)
    except SolverFailure:
        judged = None
    bound = solution.bound if solution.risk.measure == "expected" else -math.inf
    return PlanningValue(bound, solution.risk, tuple(list_least_costs(instance, settings.gap)), judged)

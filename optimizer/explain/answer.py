"""The one question with three answers: why there is no plan, why an offer is in or out, or just the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from optimizer.errors import NoPlan
from optimizer.explain.costs import Costs
from optimizer.explain.no_plan import NoPlanExplained, why_no_plan
from optimizer.explain.offer import OfferExplained, check_offer, explain_offer
from optimizer.results.solution import Solution
from optimizer.solver.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.instance import Instance
    from optimizer.explain.no_plan import Relaxed
    from optimizer.results.solution import Settings

Explained = NoPlanExplained | OfferExplained | Solution


def explain(
    instance: Instance, settings: Settings, offer: str | None = None, relaxed: Collection[Relaxed] = ()
) -> Explained:
    """Explain why an instance has no plan; or else why an offer is in it or out; or else return the plan.

    The time limit is that of the whole explanation. `relaxed` says which facts may give way where there
    is no plan.

    Raises:
        InputError: there is no such offer.
        NoPlan: whether there is a plan is not known, or no limit is to blame for there being none.
        SolverFailure, AuditFailure, KeyboardInterrupt: as `Session.solve`.
    """
    if offer is not None:
        check_offer(instance, offer)
    enforced = settings.enforce(instance)
    with Deadline(settings.time_limit) as deadline:
        costs = Costs(replace(settings, time_limit=None), deadline)
        try:
            solution = costs.solve(enforced)
        except NoPlan as none:
            if not none.proven:
                raise
            explained = why_no_plan(enforced, costs, deadline, relaxed)
            if not explained.infeasibilities:
                raise
            return explained
        return solution if offer is None else explain_offer(solution, offer, costs)

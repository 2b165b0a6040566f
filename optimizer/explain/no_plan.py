"""Why an instance has no plan: plain reasons, limits that cannot hold together, and what would repair it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from models.formulation.components import parts
from optimizer.errors import SolverFailure
from optimizer.explain.conflict import find_infeasible_parts
from optimizer.explain.costs import UNKNOWN
from optimizer.explain.physics import least_extras, least_unmet
from optimizer.explain.repairs import Repair, Step, Unmet, apply_repair, relaxations, without
from optimizer.reasons import list_reasons
from optimizer.results.interval import Interval
from optimizer.scenarios.shortfall import list_shortfalls

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from models.enforcement import EnforcedInstance
    from models.limits import Limit
    from optimizer.explain.conflict import InfeasiblePart
    from optimizer.explain.costs import Costs
    from optimizer.results import caveats
    from optimizer.solver.deadline import Deadline

Relaxed = Literal["demand", "capacity"]


@dataclass(frozen=True)
class Infeasibility:
    """A part without a plan, and what would give it one.

    Costs are those of the whole instance; where several parts have no plan, those of this part.
    """

    infeasible: InfeasiblePart
    repairs: tuple[Repair, ...]
    """The cheapest first."""
    not_enough: tuple[Limit, ...]
    """Limits of the conflict that, moved alone, give no plan however far."""
    free: Interval | None
    """What a plan costs without the limits of the conflicts; None when there is none even so."""
    unmet_free: tuple[caveats.Unmet, ...] = ()
    """What that plan leaves unmet."""


@dataclass(frozen=True)
class NoPlanExplained:
    """Why there is no plan."""

    instance: EnforcedInstance
    reasons: tuple[str, ...]
    infeasibilities: tuple[Infeasibility, ...]
    """One for each part that is known to have no plan."""
    together: Repair | None
    """Where several parts have no plan: the cheapest repair of each, and what the plan of the whole costs."""


def why_no_plan(
    instance: EnforcedInstance, costs: Costs, deadline: Deadline, relaxed: Collection[Relaxed] = ()
) -> NoPlanExplained:
    """Explain an instance that is proven to have no plan; `relaxed` says which facts may give way as well.

    Raises:
        SolverFailure: the solver contradicts itself.
        AuditFailure: a repaired plan does not hold when it is recomputed.
        KeyboardInterrupt: interrupted twice.
    """
    stuck = find_infeasible_parts(instance, deadline)
    infeasibilities = []
    for one in stuck:
        scope = instance if len(stuck) == 1 else one.probe.part
        infeasibilities.append(_Repairs(one, scope, costs, deadline).infeasibility(relaxed))
    together = _together(instance, infeasibilities, costs) if len(infeasibilities) > 1 else None
    reasons = [*list_reasons(instance, no_plan=True), *list_shortfalls(instance, deadline)]
    return NoPlanExplained(instance, tuple(reasons), tuple(infeasibilities), together)


class _Repairs:
    """Finds and prices the repairs of one part within a scope: the whole instance, or the part by itself."""

    def __init__(self, infeasible: InfeasiblePart, scope: EnforcedInstance, costs: Costs, deadline: Deadline) -> None:
        self._infeasible, self._scope, self._costs, self._deadline = infeasible, scope, costs, deadline

    def infeasibility(self, relaxed: Collection[Relaxed]) -> Infeasibility:
        free, unmet = self._costs.with_unmet(without(self._scope, self._infeasible))
        moved = relaxations(self._infeasible)
        found = [self._price(repair) for repair in moved.repairs]
        if "demand" in relaxed:
            found += self._unmet()
        if "capacity" in relaxed:
            extras = least_extras(self._infeasible.probe.part, self._deadline)
            found += [self._price(Repair((extra,))) for extra in extras]
        ranked = sorted(found, key=lambda repair: UNKNOWN.cost if repair.cost is None else repair.cost.cost)
        return Infeasibility(self._infeasible, tuple(ranked), moved.not_enough, free, unmet)

    def _price(self, repair: Repair) -> Repair:
        cost, unmet = self._costs.with_unmet(apply_repair(self._scope, repair.steps))
        if cost is None:
            msg = f"highs contradicts itself: it found a plan with {repair.steps}, and then none"
            raise SolverFailure(msg)
        return replace(repair, cost=cost, unmet=unmet)

    def _unmet(self) -> Iterator[Repair]:
        part = self._infeasible.probe.part
        found = least_unmet(part, self._costs.session.settings.gap, self._deadline)
        if found is None:
            return
        unmet, cost = found
        for other in parts(self._scope):
            if other.market.material.keys() != part.market.material.keys():
                cost = _sum(cost, self._costs.of(other) or UNKNOWN)
        yield Repair((unmet,), cost)


def _sum(one: Interval, other: Interval) -> Interval:
    return Interval(one.bound + other.bound, one.cost + other.cost)


def _together(instance: EnforcedInstance, infeasibilities: Sequence[Infeasibility], costs: Costs) -> Repair | None:
    """Return the cheapest repair of every part at once, where each has one that changes the instance."""
    steps: list[Step] = []
    for infeasibility in infeasibilities:
        known = [r for r in infeasibility.repairs if r.cost is not None and math.isfinite(r.cost.cost)]
        best = next((r for r in known if not any(isinstance(step, Unmet) for step in r.steps)), None)
        if best is None:
            return None
        steps += best.steps
    return Repair(tuple(steps), *costs.with_unmet(apply_repair(instance, steps)))

"""Which limits cannot hold together: minimal sets, found by leaving out one limit after another.

The deletion filter (Chinneck and Dravnieks, "Locating minimal infeasible constraint sets in linear
programs", ORSA Journal on Computing 3, 1991), over limits as a whole instead of rows. It asks only
whether there is a plan, so it holds for integers too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.formulation.components import parts
from optimizer.errors import SolverFailure
from optimizer.explain.feasibility_probe import FeasibilityProbe

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.limits import Limit
    from optimizer.solver.deadline import Deadline


@dataclass(frozen=True)
class Conflict:
    """Limits of a part that no plan can hold together."""

    limits: tuple[Limit, ...]
    minimal: bool
    """Whether it is known that without any one of them, and without all other limits, there is a plan."""

    def as_data(self) -> dict[str, Any]:
        """Return this as plain data, limits by their names."""
        return {"limits": [limit.name for limit in self.limits], "minimal": self.minimal}


@dataclass(frozen=True)
class InfeasiblePart:
    """A part of an instance that has no plan."""

    probe: FeasibilityProbe
    market_has_plan: bool | None
    """Whether there is a plan without any hard limit; None = not known."""
    conflicts: tuple[Conflict, ...]
    """Conflicts that share no limit, until what is left has a plan."""

    @property
    def materials(self) -> tuple[str, ...]:
        """The materials of the part."""
        return tuple(self.probe.part.market.material)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The limits of all conflicts."""
        return tuple(limit for conflict in self.conflicts for limit in conflict.limits)

    def as_data(self) -> dict[str, Any]:
        """Return this as plain data."""
        conflicts = [conflict.as_data() for conflict in self.conflicts]
        return {"materials": list(self.materials), "market_has_plan": self.market_has_plan, "conflicts": conflicts}


def find_infeasible_parts(instance: EnforcedInstance, deadline: Deadline) -> list[InfeasiblePart]:
    """Return the parts of an instance that are known to have no plan, each with the limits that cannot hold together.

    Raises:
        SolverFailure: the solver contradicts itself.
    """
    found = []
    for part in parts(instance):
        # limits as the instance states them, because it is there that they are moved
        materials = part.market.material
        stated = tuple(
            one for one in instance.limits if any(one.speaks_of(name, instance.market) for name in materials)
        )
        probe = FeasibilityProbe(part.model_copy(update={"limits": stated}), deadline)
        if probe.has_plan([limit.name for limit in probe.hard]) is False:
            free = probe.has_plan(())
            found.append(InfeasiblePart(probe, free, tuple(_conflicts(probe)) if free else ()))
    return found


def _conflicts(probe: FeasibilityProbe) -> list[Conflict]:
    """Return conflicts one after the other, until the limits that are left have a plan."""
    found: list[Conflict] = []
    left = [limit.name for limit in probe.hard]
    while probe.has_plan(left) is False:
        conflict = _reduce(probe, left)
        found.append(_verify(conflict, probe))
        left = [name for name in left if name not in {limit.name for limit in conflict.limits}]
    return found


def _reduce(probe: FeasibilityProbe, names: list[str]) -> Conflict:
    """Reduce the limits to an irreducible infeasible set: leave out each without which there is still no plan."""
    kept, minimal = names, True
    for name in names:
        rest = [other for other in kept if other != name]
        has_plan = probe.has_plan(rest)
        if has_plan is False:
            kept = rest
        minimal = minimal and has_plan is not None
    return Conflict(tuple(limit for limit in probe.hard if limit.name in kept), minimal)


def _verify(conflict: Conflict, probe: FeasibilityProbe) -> Conflict:
    """Build the part anew with these limits alone, and see that all of them leave no plan and all but one do."""
    alone = FeasibilityProbe(probe.part.model_copy(update={"limits": conflict.limits}), probe.deadline)
    names = [limit.name for limit in conflict.limits]
    answers = [alone.has_plan([other for other in names if other != name]) for name in names]
    if alone.has_plan(names) or (conflict.minimal and False in answers):
        msg = f"highs contradicts itself on whether the limits {', '.join(names)} can hold together"
        raise SolverFailure(msg)
    return Conflict(conflict.limits, minimal=all(answers))

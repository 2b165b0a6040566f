"""What would give a part a plan: one limit moved as little as possible, or several where one is not enough."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from models.limits.contract.losing import LosingLimit
from optimizer.explain.feasibility_probe import FeasibilityProbe
from optimizer.explain.levels import at_level, least_violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from models.limits import Key, Limit
    from models.market import Market, Offer, Terms
    from optimizer.explain.conflict import InfeasiblePart
    from optimizer.results import caveats
    from optimizer.results.interval import Interval

M = TypeVar("M", bound="Market")


@dataclass(frozen=True)
class LevelMove:
    """A limit at another level, for the materials of one part; for all others it stays as it is."""

    materials: tuple[str, ...]
    before: Limit
    after: Limit | None
    """None = dropped, where the limit has no level that is loose enough."""
    rows: tuple[Key, ...]
    """Where the old level leaves no plan."""
    least: bool
    """Whether no smaller move is known to do."""


@dataclass(frozen=True)
class Unmet:
    """Demand that is left unmet."""

    units: dict[str, float]
    """By material, in its own basis."""


@dataclass(frozen=True)
class ExtraCapacity:
    """More that an offer sells."""

    offer: str
    units: float
    """Units a year, in the offer's own basis."""


Step = LevelMove | Unmet | ExtraCapacity


@dataclass(frozen=True)
class Repair:
    """Steps that together give a plan."""

    steps: tuple[Step, ...]
    cost: Interval | None = None
    """What the plan of the whole instance costs then; None where another part still has no plan."""
    unmet: tuple[caveats.Unmet, ...] = ()
    """What that plan leaves unmet, besides what a step accepts."""


@dataclass(frozen=True)
class Relaxations:
    """What moving the limits of a part does."""

    repairs: tuple[Repair, ...]
    not_enough: tuple[Limit, ...]
    """Limits that, moved alone, give no plan however far."""


def relaxations(infeasible: InfeasiblePart) -> Relaxations:
    """Return the least move of each limit that alone gives a plan; and for those that alone give none, a joint move.

    The joint move holds the limits that are enough alone; it starts from the least sum of moves of all others.
    """
    alone: list[LevelMove] = []
    not_enough: list[Limit] = []
    for limit in infeasible.limits if len(infeasible.conflicts) == 1 else ():
        violation, known = least_violation(infeasible.probe, limit)
        if violation is not None:
            alone.append(
                LevelMove(infeasible.materials, limit, at_level(limit, violation.level), violation.rows, least=known)
            )
        elif known:
            not_enough.append(limit)
    repairs = [Repair((move,)) for move in alone]
    if infeasible.conflicts and (not_enough or not alone):
        joint = _joint(infeasible, {move.before.name for move in alone})
        repairs += [Repair(joint)] if joint else []
    return Relaxations(tuple(repairs), tuple(not_enough))


def list_highest(infeasible: InfeasiblePart) -> Iterator[LevelMove]:
    """Yield each floor of a conflict on what survives a loss, at the highest level that gives a plan by itself."""
    for limit in infeasible.limits:
        if isinstance(limit, LosingLimit):
            violation, known = least_violation(infeasible.probe, limit)
            if violation is not None:
                after = at_level(limit, violation.level)
                yield LevelMove(infeasible.materials, limit, after, violation.rows, least=known)


def _joint(infeasible: InfeasiblePart, held: Collection[str]) -> tuple[LevelMove, ...]:
    """Return moves that together give a plan, the others named being held; none goes further than it must."""
    part, deadline = infeasible.probe.part, infeasible.probe.deadline
    steps = {
        limit.name: LevelMove(
            infeasible.materials, limit, at_level(limit, violation.level), violation.rows, least=False
        )
        for limit, violation in infeasible.probe.violations(held)
    }
    for name, step in list(steps.items()):
        others = [other for other in steps.values() if other is not step]
        violation, known = least_violation(FeasibilityProbe(apply_repair(part, others), deadline), step.before)
        if violation is not None:
            steps[name] = replace(step, after=at_level(step.before, violation.level), rows=violation.rows, least=known)
        if violation is not None and not violation.rows:
            del steps[name]
    return tuple(steps.values())


def apply_repair(instance: EnforcedInstance, steps: Iterable[Step]) -> EnforcedInstance:
    """Return the instance with limits moved and capacities raised (unmet demand is no change of an instance)."""
    for step in steps:
        match step:
            case LevelMove():
                pieces = [
                    _pieces(one, step, instance) if one.name == step.before.name else (one,) for one in instance.limits
                ]
                instance = instance.model_copy(update={"limits": tuple(chain.from_iterable(pieces))})
            case ExtraCapacity(name, units):
                instance = instance.model_copy(update={"market": add_capacity(instance.market, {name: units})})
            case Unmet():
                pass
    return instance


def add_capacity(market: M, units: Mapping[str, float]) -> M:
    """Return the market with more units per year to sell of some offers, in every period; by offer, in its basis."""
    tables: dict[str, tuple[Offer | Terms, ...]] = {
        table: tuple(
            row.model_copy(update={"capacity": row.capacity + units[row.offer]})
            if row.offer in units and row.capacity is not None
            else row
            for row in getattr(market, table)
        )
        for table in ("offers", "terms")
    }
    return market.model_copy(update=tables)


def without(instance: EnforcedInstance, infeasible: InfeasiblePart) -> EnforcedInstance:
    """Return the instance without the limits in conflict, as far as they hold for the materials of the part."""
    return apply_repair(
        instance, [LevelMove(infeasible.materials, limit, None, (), least=True) for limit in infeasible.limits]
    )


def elsewhere(step: LevelMove, instance: Instance) -> tuple[str, ...]:
    """Return the materials for which a limit stays as it is."""
    return tuple(
        m for m in instance.market.material if step.before.speaks_of(m, instance.market) and m not in step.materials
    )


def _pieces(limit: Limit, step: LevelMove, instance: EnforcedInstance) -> Iterator[Limit]:
    """Yield what a limit becomes: itself for other materials, and at its new level for those of the step."""
    if limit.name != step.before.name:
        yield limit
        return
    others = tuple(material for material in elsewhere(step, instance) if limit.speaks_of(material, instance.market))
    if others:
        yield limit.model_copy(update={"materials": others})
    if step.after is not None:
        name = f"{limit.name} ({', '.join(step.materials)})"
        yield step.after.model_copy(update={"name": name, "materials": step.materials}) if others else step.after

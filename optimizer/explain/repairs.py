"""What would give a part a plan: one limit moved as little as possible, or several where one is not enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optimizer.explain.levels import at_level, least_breach

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.instance import Instance
    from models.limits import Key, Limit
    from optimizer.bounds import Interval
    from optimizer.explain.conflict import Blocked


@dataclass(frozen=True)
class Moved:
    """A limit at another level."""

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
class Extra:
    """More that an offer sells."""

    offer: str
    units: float
    """Units a year, in the offer's own basis."""


Step = Moved | Unmet | Extra


@dataclass(frozen=True)
class Repair:
    """Steps that together give a plan."""

    steps: tuple[Step, ...]
    cost: Interval | None = None
    """What the plan of the whole instance costs then; None where another part still has no plan."""


@dataclass(frozen=True)
class Moves:
    """What moving the limits of a part does."""

    repairs: tuple[Repair, ...]
    not_enough: tuple[Limit, ...]
    """Limits that, moved alone, give no plan however far."""


def moves(blocked: Blocked) -> Moves:
    """Return the least move of each limit that alone gives a plan, or else a joint move of several."""
    single: list[Repair] = []
    not_enough: list[Limit] = []
    for limit in blocked.limits if len(blocked.conflicts) == 1 else ():
        breach, known = least_breach(blocked.trial, limit)
        if breach is not None:
            single.append(Repair((Moved(limit, at_level(limit, breach.level), breach.rows, least=known),)))
        elif known:
            not_enough.append(limit)
    if single or not blocked.conflicts:
        return Moves(tuple(single), tuple(not_enough))
    joint = tuple(
        Moved(limit, at_level(limit, breach.level), breach.rows, least=False)
        for limit, breach in blocked.trial.breaches()
    )
    return Moves((Repair(joint),) if joint else (), tuple(not_enough))


def repaired(instance: Instance, steps: Iterable[Step]) -> Instance:
    """Return the instance with limits moved and capacities raised (unmet demand is no change of an instance)."""
    for step in steps:
        match step:
            case Moved(before, after):
                limits = (_looser(one, after) if one.name == before.name else one for one in instance.limits)
                kept = tuple(limit for limit in limits if limit is not None)
                instance = instance.model_copy(update={"limits": kept})
            case Extra(name, units):
                offers = tuple(
                    o.model_copy(update={"capacity": o.capacity + units}) if o.offer == name else o
                    for o in instance.market.offers
                )
                instance = instance.model_copy(update={"market": instance.market.model_copy(update={"offers": offers})})
            case Unmet():
                pass
    return instance


def _looser(one: Limit, other: Limit | None) -> Limit | None:
    """Return which of two levels of a limit allows more."""
    if other is None:
        return None
    return other if (other.level > one.level) == (one.SENSE == "at most") else one

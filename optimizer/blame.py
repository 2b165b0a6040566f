"""When the limits leave no plan: which of them, dropped alone, would give one back.

A first answer within a bounded time; a minimal conflict and its cheapest repair need more solves.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from optimizer.errors import LodeplanError, NoPlan
from optimizer.solve import solve

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.solve import Settings

_SECONDS = 20.0
"""Time for all the solves together."""


@dataclass(frozen=True, slots=True)
class Blame:
    """What is known of the limits that leave no plan."""

    without_any: float | None
    """What a plan costs without any limit [currency]; None when there is none either."""
    culprits: dict[str, float]
    """By name, limits whose removal alone gives a plan, and what it costs [currency]."""
    complete: bool
    """Whether of every limit it is known that dropping it alone gives a plan, or none."""


def blame(instance: Instance, settings: Settings) -> Blame:
    """Solve without any limit, and then without each of them by itself."""
    end = time.perf_counter() + _SECONDS
    free, _ = _cost(instance.without_limits(), settings, end)
    culprits: dict[str, float] = {}
    complete = True
    for limit in instance.limits if free is not None else ():
        others = tuple(other for other in instance.limits if other is not limit)
        cost, known = _cost(instance.model_copy(update={"limits": others}), settings, end)
        complete = complete and known
        if cost is not None:
            culprits[limit.name] = cost
    return Blame(free, culprits, complete)


def _cost(instance: Instance, settings: Settings, end: float) -> tuple[float | None, bool]:
    """Return what a plan costs, or None, and whether it is known then that there is no plan."""
    seconds = end - time.perf_counter()
    if seconds <= 0:
        return None, False
    try:
        return solve(instance, replace(settings, time_limit=seconds, watch=None)).cost, True
    except NoPlan as none:
        return None, none.proven
    except LodeplanError:
        return None, False

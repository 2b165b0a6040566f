"""How far the level of one limit has to move, at the least, for a plan to exist.

The exact least level is found by breaking the limit least (a jump to the level that this plan needs),
and then looking just inside that level: either there is no plan, which proves it, or a better one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.limits import Limit
    from optimizer.explain.trial import Breach, Trial

_FINE = 1e-4
"""Relative distance within which the least level is proven."""
_DIGITS = 4
"""Digits that count in a level that is told."""
_ROUNDING = 1e-6
"""Part of the last digit that counts as rounding."""


def least_breach(trial: Trial, limit: Limit) -> tuple[Breach | None, bool]:
    """Return the least breach of a limit that gives a plan, and whether it is proven to be the least.

    Without a breach, moving this limit alone gives no plan, however far; that too may be unproven.
    """
    best = trial.breach(limit, limit.level)
    if best is None:
        return None, trial.has_plan([other.name for other in trial.hard if other is not limit]) is False
    if limit.UNIT == "share" and best.level > 1:
        return None, True
    tight, reach = limit.level, _step(limit, best.level)
    while abs(best.level - tight) > _step(limit, best.level) * (1 + _ROUNDING):
        inside = best.level + math.copysign(reach, tight - best.level)
        if abs(inside - best.level) >= abs(tight - best.level):
            inside = (best.level + tight) / 2
        found = trial.breach(limit, inside)
        if found is None:
            return best, False
        if _moved(limit, found.level) < _moved(limit, best.level):
            best = found
        if _moved(limit, found.level) > _moved(limit, inside) * (1 + _ROUNDING * _FINE):
            tight, reach = inside, _step(limit, best.level)
        else:
            reach *= 4
    return best, True


def _step(limit: Limit, level: float) -> float:
    return 1.0 if limit.UNIT == "count" else _FINE * max(abs(level), abs(limit.level))


def _moved(limit: Limit, level: float) -> float:
    return abs(level - limit.level)


def at_level(limit: Limit, level: float) -> Limit:
    """Return the limit at a level, rounded outward to the digits that are told."""
    value: float = round(level) if limit.UNIT == "count" else outward(level, up=limit.SENSE == "at most")
    if limit.UNIT == "share":
        value = min(value, 1.0)
    return limit.model_copy(update={limit.LEVEL: value})


def outward(level: float, *, up: bool) -> float:
    """Round to the digits that are told, away from what is too tight."""
    if level <= 0:
        return 0.0
    last = 10.0 ** (math.floor(math.log10(level)) + 1 - _DIGITS)
    steps = level / last
    if abs(steps - round(steps)) > _ROUNDING:
        steps = math.ceil(steps) if up else math.floor(steps)
    return float(f"{round(steps) * last:.{_DIGITS}g}")

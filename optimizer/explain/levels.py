"""How far the level of one limit has to move, at the least, for a plan to exist.

Breaking the limit least gives a plan, and the level that it needs. From there levels nearer to the
limit's own are tried, by as many digits as are told: either there is no plan, or a better one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.records.tolerances import RECOUNTED

if TYPE_CHECKING:
    from models.limits import Limit
    from optimizer.explain.feasibility_probe import FeasibilityProbe, Violation

_DIGITS = 4
"""Digits that count in a level that is told."""


def least_violation(probe: FeasibilityProbe, limit: Limit) -> tuple[Violation | None, bool]:
    """Return the least violation of a limit that gives a plan, and whether it is proven to be the least.

    The least is the level of `at_level`; it is proven when one step of its last digit nearer to the
    limit's own level there is no plan. One above the greatest that the limit can have, as a share above 1,
    means that only dropping the limit gives one. Without one not even that does; that too may be unproven.
    """
    best = probe.violation(limit, limit.level)
    if best is None:
        return None, probe.has_plan([other.name for other in probe.hard if other is not limit]) is False
    if _is_beyond(limit, best.level):
        within = probe.violation(limit, limit.greatest)
        if within is None or _is_beyond(limit, within.level):
            return best, within is not None
        best = within
    looser = 1.0 if limit.SENSE == "at most" else -1.0
    no_plan, reach = 0.0, 1
    while True:
        told = looser * (_format(limit, best.level) - limit.level)
        step = _last_place(limit, best.level)
        if told - step < no_plan + step / 2:
            return best, True
        move = told - reach * step
        if move < no_plan + step / 2:
            reach = max(1, reach // 4)
            continue
        found = probe.violation(limit, limit.level + looser * move)
        if found is None:
            return best, False
        found_at = looser * (found.level - limit.level)
        if found_at < looser * (best.level - limit.level):
            best = found
        if found_at > move + RECOUNTED * step:
            no_plan, reach = move, 1
        else:
            reach *= 4


def at_level(limit: Limit, level: float) -> Limit | None:
    """Return the limit at a level, rounded outward to the digits that are told; None when it can have no such level."""
    if _is_beyond(limit, level):
        return None
    return limit.model_copy(update={limit.LEVEL: _format(limit, level)})


def _format(limit: Limit, level: float) -> float:
    if limit.UNIT == "count":
        return round(level)
    return min(round_outward(level, up=limit.SENSE == "at most"), limit.greatest)


def _is_beyond(limit: Limit, level: float) -> bool:
    """Whether a level is greater than it can be: a share above 1, of a demand of which more is mined than is needed."""
    return level > limit.greatest * (1 + RECOUNTED)


def round_outward(level: float, *, up: bool) -> float:
    """Round to the digits that are told, away from what is too tight."""
    if level <= 0:
        return 0.0
    last = _last_digit(level)
    steps = level / last
    if abs(steps - round(steps)) > RECOUNTED:
        steps = math.ceil(steps) if up else math.floor(steps)
    return float(f"{round(steps) * last:.{_DIGITS}g}")


def _last_place(limit: Limit, level: float) -> float:
    """Return the least step in which a level is told."""
    return 1.0 if limit.UNIT == "count" else _last_digit(level if level > 0 else limit.level)


def _last_digit(level: float) -> float:
    return float(10.0 ** (math.floor(math.log10(level)) + 1 - _DIGITS))

"""Instance -> model -> solver -> plan -> audit: the one way down and up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from optimizer.claims import must_hold
from optimizer.errors import LodeplanError
from optimizer.solution import Settings, Solution, settings_of
from optimizer.solver.bounds import Interval
from optimizer.study import Study

if TYPE_CHECKING:
    from models.instance import Instance

__all__ = ["Settings", "Solution", "compared", "settings_of", "solve"]

_SHORTEST = 10.0
"""Seconds that a comparison may take in any case."""


def solve(instance: Instance, settings: Settings | None = None) -> Solution:
    """Return the best plan of an instance, audited as a whole; raises what `Study.solve` raises."""
    solution = Study(settings or settings_of(instance)).solve(instance)
    must_hold(solution.account, solution.cost, solution.bound)
    return solution


def compared(solution: Solution, settings: Settings) -> Solution:
    """Return a solution that also knows what its market would cost without limits.

    That takes at most the time that is left, or twice what the plan itself took; it stays unknown for
    a plan that was stopped before its proof, and where nothing is found in that time. Whatever goes
    wrong there, the plan at hand is not lost.
    """
    if not (solution.instance.limits and solution.proven):
        return solution
    seconds = max(_SHORTEST, 2 * solution.seconds)
    if settings.time_limit is not None:
        seconds = min(seconds, settings.time_limit - solution.seconds)
    if seconds <= 0:
        return solution
    try:
        free = solve(solution.instance.without_limits(), replace(settings, time_limit=seconds))
    except LodeplanError:
        return solution
    return replace(solution, without_limits=Interval(min(free.bound, free.cost), min(free.cost, solution.cost)))

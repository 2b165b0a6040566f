"""Instance -> model -> solver -> plan -> audit: the one way down and up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.claims import check_solution
from optimizer.results.solution import Settings, Solution, settings_of
from optimizer.session import Session

if TYPE_CHECKING:
    from models.instance import Instance

__all__ = ["Settings", "Solution", "settings_of", "solve"]


def solve(instance: Instance, settings: Settings | None = None, session: Session | None = None) -> Solution:
    """Return the best plan of an instance, audited as a whole; raises what `Session.solve` raises.

    A `session` remembers what it took, and what is known of its parts; its settings hold.
    """
    solution = (session or Session(settings or settings_of(instance))).solve(instance)
    check_solution(solution)
    return solution

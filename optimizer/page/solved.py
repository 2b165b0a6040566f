"""The report of a plan that was just solved: the same page as is drawn from its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.folders.shown_solved import show_solved
from optimizer.page.report import draw_report

if TYPE_CHECKING:
    from optimizer.results.solution import Solution


def draw_solved(solution: Solution, *, before: Solution | None = None) -> str:
    """Return the report of a solution as one page of HTML, beside the plan `before` its changes where one is given."""
    return draw_report(show_solved(solution), other=None if before is None else show_solved(before))

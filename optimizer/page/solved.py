"""The report of a plan that was just solved: drawn from files, as that of any plan is, so that the two are the same."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from optimizer.folders.plans import write_plan
from optimizer.folders.shown import read_shown
from optimizer.page.report import draw_report
from optimizer.page.snippet import draw_snippet

if TYPE_CHECKING:
    from optimizer.results.solution import Solution


def draw_for_notebook(solution: Solution) -> str:
    """Return the drawings of a solution as a piece of HTML, the same as in its report."""
    with TemporaryDirectory() as folder:
        write_plan(solution, Path(folder) / "plan")
        return draw_snippet(read_shown(Path(folder) / "plan"))


def draw_solved(solution: Solution, *, plan: Path | None = None, before: Solution | None = None) -> str:
    """Return the report of a solution as one page of HTML, beside the plan `before` its changes where one is given.

    `plan` is the folder in which the solution stands, where it was written.
    """
    with TemporaryDirectory() as folder:
        if plan is None:
            plan = Path(folder) / "plan"
            write_plan(solution, plan)
        if before is None:
            return draw_report(read_shown(plan))
        other = Path(folder) / "before"
        write_plan(before, other)
        return draw_report(read_shown(plan), other=read_shown(other))

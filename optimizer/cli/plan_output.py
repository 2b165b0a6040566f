"""Where ``-o`` of commands that solve writes a plan: to a folder, or to a workbook where the name ends in .xlsx."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimizer.charts.shown import ShownPlan
    from optimizer.results.solution import Solution


def check_output(place: Path, *, force: bool) -> None:
    """Raise InputError unless a plan can be written to a place; asked before the solve."""
    from optimizer.book.write import check_place_of_book, is_workbook
    from optimizer.folders.place import check_place

    (check_place_of_book if is_workbook(place) else check_place)(place, force=force)


def write_output(solution: Solution, place: Path, *, force: bool, before: Solution | None = None) -> None:
    """Write the plan of a solution; a workbook compares it with the plan that there was `before`.

    Raises:
        InputError: when it cannot be written.
    """
    from optimizer.book.write import build_book, is_workbook, write_book
    from optimizer.folders.plans import write_plan

    if not is_workbook(place):
        write_plan(solution, place, force=force)
        return
    if before is None:
        book = build_book((solution.instance.name, _show(solution)))
    else:
        book = build_book(("with the changes", _show(solution)), [("as it was", _show(before))])
    write_book(book, place)


def _show(solution: Solution) -> ShownPlan:
    """Return a solution as it reads from its folder, so that a workbook is the same whichever way it is made."""
    from optimizer.folders.plans import write_plan
    from optimizer.folders.shown import read_shown

    with TemporaryDirectory() as folder:
        plan = Path(folder) / "plan"
        write_plan(solution, plan)
        return read_shown(plan)

"""A plan that was just solved, as a folder or as a workbook, by the name of the place that it is written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.book.write import build_book, check_place_of_book, is_workbook, write_book
from optimizer.folders.place import check_place
from optimizer.folders.plans import write_plan
from optimizer.folders.shown_solved import show_solved

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.results.solution import Solution


def check_place_of_solved(place: Path, *, force: bool) -> None:
    """Raise InputError unless a plan can be written to a place; asked before the solve."""
    (check_place_of_book if is_workbook(place) else check_place)(place, force=force)


def write_solved(solution: Solution, place: Path, *, force: bool, before: Solution | None = None) -> None:
    """Write the plan of a solution; a workbook compares it with the plan that there was `before`.

    Raises:
        InputError: when the place is taken, or cannot be written.
    """
    if not is_workbook(place):
        write_plan(solution, place, force=force)
        return
    check_place_of_book(place, force=force)
    if before is None:
        book = build_book((solution.instance.name, show_solved(solution)))
    else:
        book = build_book(("with the changes", show_solved(solution)), [("as it was", show_solved(before))])
    write_book(book, place)

"""A plan that was just solved, as a folder or as a workbook, by the name of the place that it is written to."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from optimizer.book.folder import build_folder_book
from optimizer.book.write import build_book, check_place_of_book, is_workbook, write_book
from optimizer.errors import InputError
from optimizer.folders.place import check_place
from optimizer.folders.plans import write_plan
from optimizer.folders.shown_solved import show_solved

if TYPE_CHECKING:
    from collections.abc import Callable

    from optimizer.folders.place import Kind
    from optimizer.results.solution import Solution


def check_place_of_solved(place: Path, *, force: bool) -> None:
    """Raise InputError unless a plan can be written to a place; asked before the solve."""
    (check_place_of_book if is_workbook(place) else check_place)(place, force=force)


def write_solved(
    solution: Solution, place: Path, *, force: bool, excel: bool = False, before: Solution | None = None
) -> None:
    """Write the plan of a solution; a workbook compares it with the plan that there was `before`.

    With `excel` the tables of a folder have semicolons and decimal commas.

    Raises:
        InputError: when the place is taken, or cannot be written.
    """
    if not is_workbook(place):
        write_plan(solution, place, force=force, excel=excel)
        return
    check_place_of_book(place, force=force)
    if before is None:
        book = build_book((solution.instance.name, show_solved(solution)))
    else:
        book = build_book(("with the changes", show_solved(solution)), [("as it was", show_solved(before))])
    write_book(book, place)


def check_excel(place: Path | None, *, asked: bool, several: bool = False) -> None:
    """Raise InputError where ``--excel`` is asked for and no folder of the tables of one plan is written."""
    if not asked:
        return
    if several:
        raise InputError(["--excel: is about the tables of one plan, and a grid has several; leave it out"])
    if place is None:
        raise InputError(["--excel: says how the tables of a plan are written; add -o FOLDER"])
    if is_workbook(place):
        raise InputError([f"--excel: is about the CSV tables of a folder, and {place} is a workbook; leave it out"])


def check_place_of_several(place: Path, kind: Kind, *, force: bool) -> None:
    """Raise InputError unless plans that are found together can be written to a place; asked before the solves."""
    if is_workbook(place):
        check_place_of_book(place, force=force)
    else:
        check_place(place, kind, force=force)


def write_several(write: Callable[[Path], None], place: Path) -> None:
    """Write plans that were found together: `write` makes a folder of them, and a workbook is made of such a folder.

    Raises:
        InputError: when it cannot be written.
    """
    if not is_workbook(place):
        write(place)
        return
    with TemporaryDirectory() as room:
        write(Path(room) / "plans")
        write_book(build_folder_book(Path(room) / "plans"), place)


def must_be_kept_in_a_folder(place: Path | None) -> None:
    """Raise InputError where a sweep, which is kept point by point as it runs, is to be a workbook at once."""
    if place is not None and is_workbook(place):
        folder = place.with_suffix("")
        cure = f"name a folder, such as {folder}, and make a workbook of it by: lodeplan export {folder} {place}"
        raise InputError([f"{place}: a sweep is kept in a folder, point by point; {cure}"])

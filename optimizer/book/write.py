"""Write a workbook of a plan as a file, whole or not at all; only a workbook of ours is replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.book.compare import add_comparison, add_plans, name_plans
from optimizer.book.found import add_found
from optimizer.book.sheets import Book
from optimizer.book.summary import NAME as SUMMARY
from optimizer.book.summary import add_figures, add_summary
from optimizer.book.tables import add_tables
from optimizer.errors import InputError
from optimizer.files.archive import UnsafeError, inspect
from optimizer.files.atomic import clear_up, follow_links, write_whole
from optimizer.files.guard import reason, unfit
from optimizer.folders.place import describe_above

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optimizer.book.found import Found
    from optimizer.charts.shown import ShownPlan

SUFFIX = ".xlsx"
_SIGNS = {SUMMARY, "Purchases", "Landed cost", "Shares", "Limits", "Costs", "Assumptions"}
"""Sheets that every workbook of ours has."""


def is_workbook(path: Path) -> bool:
    """Whether a path names a workbook, and no folder stands there."""
    return path.suffix.lower() == SUFFIX and not path.is_dir()


def build_book(
    plan: tuple[str, ShownPlan], others: Sequence[tuple[str, ShownPlan]] = (), found: Found | None = None
) -> bytes:
    """Return the workbook of a plan, and of those with which it is compared, each under its name.

    Of plans that were `found` together it has a table, and the plan itself is the base of the comparison at first. The
    same plans give the same bytes.
    """
    plans = name_plans([plan, *others])
    book = Book()
    add_summary(book, plan[1], list(plans)[1:])
    if found is not None:
        add_found(book, found)
    if others:
        add_comparison(book, plans, first_is_base=found is not None)
    add_tables(book, plan[1])
    if others:
        add_plans(book, plans)
    add_figures(book, plan[1])
    return book.close()


def check_place_of_book(path: Path, *, force: bool) -> None:
    """Raise InputError unless a workbook can be written to `path`; with `force` it may replace one of ours."""
    try:
        clear_up(path)
        why = _why_not(path, force=force)
    except OSError as error:
        why = f"cannot be written: {reason(error)}; name another place"
    if why:
        raise InputError([f"{path}: {why}"])


def _why_not(path: Path, *, force: bool) -> str:
    if path.suffix.lower() != SUFFIX:
        return f"a plan is exported as a workbook; name a file that ends in {SUFFIX}, such as {path.stem}{SUFFIX}"

    if path.is_dir():
        return f"is a folder; name a file, such as {path / 'plan.xlsx'}"
    if not follow_links(path).exists():
        return describe_above(follow_links(path))
    if not _is_ours(path):
        return "is a file of something else and is not replaced; name another place"
    return "" if force else "holds a plan already; name another place, or add --force to replace it"


def _is_ours(path: Path) -> bool:
    try:
        return unfit(path) is None and inspect(path, _SIGNS).keys() >= _SIGNS
    except UnsafeError:
        return False


def write_book(book: bytes, path: Path) -> None:
    """Write a workbook.

    Raises:
        InputError: when it cannot be written.
    """
    with write_whole(path) as draft:
        draft.write_bytes(book)

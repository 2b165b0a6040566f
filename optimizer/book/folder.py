"""The workbook of a folder: of a plan, or of several that were found together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.book.found import of_alternatives, of_cases, of_sweep
from optimizer.book.write import build_book
from optimizer.folders.place import PLANS
from optimizer.folders.reported import find_reported
from optimizer.folders.shown import read_shown_alike

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from optimizer.book.found import Found
    from optimizer.folders.reported import Reported

MOST_PLANS = 100
"""Plans of a folder that can be picked for a comparison: the first of them."""


def build_folder_book(folder: Path, others: Sequence[Path] = ()) -> bytes:
    """Return the workbook of a plan beside others, or of plans that were found together, all of which can be picked.

    Raises:
        InputError: with one line for everything that cannot be read, or is counted in other units.
    """
    found = find_reported(folder)
    inside = {folder / place: name for name, place in _list_plans(found)}
    first = inside.pop(found.plan, "")
    beside = dict(list(inside.items())[: MOST_PLANS - 1])
    plans = read_shown_alike(found.plan, [*beside, *others])
    names = [first, *beside.values()] if inside or first else []
    named = [*zip(names, (plan for _, plan in plans), strict=False), *plans[len(names) :]]
    return build_book(named[0], named[1:], _list_found(found))


def _list_found(found: Reported) -> Found | None:
    """Return the table of plans that were found together."""
    if found.sweep is not None:
        return of_sweep(found.sweep)
    if found.cases is not None:
        return of_cases(found.cases)
    return None if found.alternatives is None else of_alternatives(found.alternatives)


def _list_plans(found: Reported) -> Iterator[tuple[str, str]]:
    """Yield the plans that were found together by their names, with where they stand in the folder."""
    if found.sweep is not None:
        for point in found.sweep.points:
            levels = zip(found.sweep.axes, filter(None, (point.level, point.line)), strict=False)
            if point.plan and point.cost is not None:
                yield ", ".join(f"{axis}={level}" for axis, level in levels), point.plan
    elif found.cases is not None:
        yield from ((case.name, case.plan) for case in found.cases.cases if case.plan)
    elif found.alternatives is not None:
        yield from ((str(row[0]), f"{PLANS}/{row[0]}") for row in found.alternatives.rows)

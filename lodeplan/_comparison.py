"""What changed between two plans, from Python."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lodeplan._result import Result
from lodeplan._solution import Solution
from optimizer.errors import InputError
from optimizer.folders.differing import describe_difference
from optimizer.folders.read_side import read_side
from optimizer.folders.shown import read_shown
from optimizer.folders.shown_solved import show_solved
from optimizer.page.notebook import draw_difference
from optimizer.report import difference_data, difference_text
from optimizer.report.difference import compare_sides
from optimizer.report.difference_data import tables_with_units
from optimizer.report.side import Side, build_side

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    import pandas as pd

    from optimizer.charts.shown import ShownPlan
    from optimizer.report.difference import Difference


class Comparison(Result):
    """What changed from one plan to another; tables hold only rows that changed, and `change` is after less before."""

    def __init__(
        self,
        changed: Difference,
        before: Solution | None = None,
        after: Solution | None = None,
        foreseen: Sequence[str] = (),
        read: Sequence[ShownPlan] = (),
    ) -> None:
        """Hold a difference; `lodeplan.compare` and `lodeplan.whatif` call this. `read` are plans of folders."""
        self._changed = changed
        self._foreseen = foreseen
        self._before = before
        self._after = after
        self._read = read

    @property
    def before(self) -> Solution | None:
        """The first plan; None where it was read from a folder."""
        return self._before

    @property
    def after(self) -> Solution | None:
        """The second plan; None where it was read from a folder."""
        return self._after

    @property
    def change(self) -> float:
        """How much more the second plan costs [currency]; 0 where that is rounding."""
        return self._changed.change

    @property
    def change_of_least(self) -> tuple[float, float]:
        """The interval in which the change of the least cost lies [currency]; infinite ends are not known."""
        return self._changed.change_of_least

    @property
    def notes(self) -> tuple[str, ...]:
        """What is noted of the change and of the second instance, and where folders differ in what is not compared."""
        return (*self._foreseen, *self._changed.notes, *self._changed.after.notes)

    @property
    def answer(self) -> str:
        """What both plans cost, by how much that changed, how sure it is, and what they leave out."""
        return difference_text.format_answer(self._changed)

    @property
    def text(self) -> str:
        """What ``lodeplan compare`` prints."""
        return difference_text.as_text(self._changed)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name: what ``changed_NAME.csv`` holds."""
        return tables_with_units(self._changed)

    @cached_property
    def _drawn(self) -> str:
        read = iter(self._read)
        plans = [next(read, None) if plan is None else show_solved(plan.found) for plan in (self._before, self._after)]
        before, after = plans
        return "" if before is None or after is None else draw_difference(before, after)

    @property
    def _shown(self) -> dict[str, pd.DataFrame]:
        return {name: self.tables[name] for name in ("limits", "stock")} if self._drawn else self.tables

    @property
    def costs(self) -> pd.DataFrame:
        """One row a cost that changed; the last is the total."""
        return self.tables["costs"]

    @property
    def suppliers(self) -> pd.DataFrame:
        """One row an offer that came in or went out, or of which more or less is bought over the horizon."""
        return self.tables["suppliers"]

    @property
    def shares(self) -> pd.DataFrame:
        """One row a country at a stage whose share changed, by place or by control, over the horizon."""
        return self.tables["shares"]

    @property
    def limits(self) -> pd.DataFrame:
        """One row a row of a limit that began or ceased to bind, came or went, or whose level moved."""
        return self.tables["limits"]

    @property
    def stock(self) -> pd.DataFrame:
        """One row a site and period with another unmet demand or closing stock."""
        return self.tables["stock"]

    def as_dict(self) -> dict[str, Any]:
        """Return what ``lodeplan compare --json`` prints."""
        return difference_data.as_json(self._changed)


def compare(before: Solution | str | PathLike[str], after: Solution | str | PathLike[str]) -> Comparison:
    """Say what changed from one plan to another.

    Args:
        before: a plan, or the folder of one.
        after: another, in the same currency, mass unit and bases.

    Raises:
        InputError: a folder cannot be read, or the two cannot be compared.

    """
    changed = compare_sides(_side(before), _side(after))
    if changed.is_none and not isinstance(before, Solution) and not isinstance(after, Solution):
        changed = replace(changed, notes=tuple(describe_difference(Path(before), Path(after))))
    first, second = (side if isinstance(side, Solution) else None for side in (before, after))
    return Comparison(changed, first, second, read=_read(before, after))


def _read(*given: Solution | str | PathLike[str]) -> list[ShownPlan]:
    """Return the plans that are folders as they are drawn; none where one lacks what only drawings need."""
    try:
        return [read_shown(Path(side)) for side in given if not isinstance(side, Solution)]
    except InputError:
        return []


def _side(given: Solution | str | PathLike[str]) -> Side:
    return build_side(given.found) if isinstance(given, Solution) else read_side(Path(given))

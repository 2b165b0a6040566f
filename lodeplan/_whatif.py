"""What changes when an instance does, from Python."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from lodeplan._comparison import Comparison
from lodeplan._instance import draws_of, instance_of, requests
from lodeplan._result import Result
from lodeplan._solution import Solution
from lodeplan._work import requested_runner
from optimizer import whatif as engine
from optimizer.book.solved import check_place_of_several, write_several
from optimizer.errors import NoPlan
from optimizer.folders.cases import TABLE_OF_CASES, write_cases
from optimizer.limits_cost import add_limits_cost
from optimizer.no_plan import explain_no_plan
from optimizer.notes import foresight
from optimizer.page.notebook import draw_several
from optimizer.report import cases as report
from optimizer.report.difference import compare_sides
from optimizer.report.side import build_side
from optimizer.results.solution import settings_of
from optimizer.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    import pandas as pd

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from optimizer.results.solution import Solution as Solved
    from optimizer.whatif import Outcome
    from optimizer.work.runner import TaskRunner


class Cases(Result):
    """What comes of several cases, beside the instance as it is."""

    def __init__(self, outcomes: Sequence[Outcome], noted: Sequence[str]) -> None:
        """Hold what came of the instance as it is, then of each case; `lodeplan.whatif` calls this."""
        self._outcomes = outcomes
        self._noted = tuple(noted)

    @property
    def notes(self) -> tuple[str, ...]:
        """What in the instance has less effect than it seems to, and what each case adds to that: a sentence each."""
        return self._noted

    @property
    def answer(self) -> str:
        """What it costs as it is, between which costs the cases lie, and what their plans leave out."""
        return report.format_answer(self._outcomes)

    @property
    def text(self) -> str:
        """What ``lodeplan whatif --grid`` prints."""
        return report.cases_as_text(self._outcomes)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The table of cases, under its name."""
        return {"cases": report.add_units(self._outcomes)}

    @property
    def cases(self) -> pd.DataFrame:
        """One row a case, the instance as it is first: status, cost, bound, change, gap, what is left out, why not."""
        return self.tables["cases"]

    @cached_property
    def plans(self) -> Mapping[str, Solution]:
        """The plans by the names of their cases; "as it is" without changes, and none of a case without a plan."""
        return {
            outcome.name or report.AS_IT_IS: Solution(outcome.solution)
            for outcome in self._outcomes
            if outcome.solution is not None
        }

    @property
    def _drawn(self) -> str:
        return draw_several(self._outcomes)

    @property
    def _shown(self) -> dict[str, pd.DataFrame]:
        return {}

    def as_dict(self) -> dict[str, Any]:
        """Return what ``lodeplan whatif --grid --json`` prints."""
        return report.cases_as_json(self._outcomes)

    def write(self, folder: str | PathLike[str], *, force: bool = False) -> None:
        """Write ``whatif.csv`` and a plan folder for each case that has a plan, whole or not at all.

        Args:
            folder: where to put them; it need not be there. A name that ends in ``.xlsx`` makes a workbook of them.
            force: whether cases that are there already are replaced.

        Raises:
            InputError: the place is taken, or cannot be written.

        """
        check_place_of_several(Path(folder), TABLE_OF_CASES, force=force)
        write_several(partial(write_cases, self._outcomes), Path(folder))


@overload
def whatif(
    instance: Instance | str | PathLike[str],
    *changes: str,
    cases: Sequence[str] = ...,
    changes_file: str | PathLike[str] | None = ...,
    grid: None = ...,
    gap: float | None = ...,
    time_limit: float | None = ...,
    calm: bool = ...,
    samples: int | None = ...,
    seed: int = ...,
) -> Comparison: ...


@overload
def whatif(
    instance: Instance | str | PathLike[str],
    *changes: str,
    cases: Sequence[str] = ...,
    changes_file: str | PathLike[str] | None = ...,
    grid: Sequence[str],
    workers: int | str | None = ...,
    journal: str | PathLike[str] | None = ...,
    gap: float | None = ...,
    time_limit: float | None = ...,
    calm: bool = ...,
    samples: int | None = ...,
    seed: int = ...,
) -> Cases: ...


def whatif(  # noqa: PLR0913 (one argument an option)
    instance: Instance | str | PathLike[str],
    *changes: str,
    cases: Sequence[str] = (),
    changes_file: str | PathLike[str] | None = None,
    grid: Sequence[str] | None = None,
    workers: int | str | None = None,
    journal: str | PathLike[str] | None = None,
    gap: float | None = None,
    time_limit: float | None = None,
    calm: bool = False,
    samples: int | None = None,
    seed: int = 0,
) -> Comparison | Cases:
    """Solve an instance as it is and with changes, and say what is different.

    Only the parts that a change touches are solved again.

    Args:
        instance: an instance, or where one is to be read.
        changes: as those of `lodeplan.change`.
        cases: as those of `lodeplan.change`.
        changes_file: as that of `lodeplan.change`.
        grid: lists of cases with commas, such as ``["winter,summer", "no-russia"]``: every combination of one of each
            is solved, with all else that is asked for.
        workers: processes that solve the cases of a `grid`, 1 or more, or the address of a Dask scheduler, as of
            `lodeplan.sweep`; None = this process, one case after another.
        journal: a file that what is solved of a `grid` is written to, and not solved again when it stands there.
        gap: relative gap that counts as proven, 0 or more; None = that of the instance.
        time_limit: seconds for each solve, above 0; None = that of the instance, or no limit.
        calm: whether to plan as if nothing could happen, scenarios and hazards left out.
        samples: about how many ways in which hazards strike are drawn, 1 or more; None = all count, or some 1 000 of
            more than 5 000.
        seed: of the draws, 0 or more.

    Returns:
        What changed between the two plans; with a `grid`, what comes of each case.

    Raises:
        InputError: a change cannot be made, or none is asked for; `workers` or a `journal` without a `grid`.
        NoPlan: without a `grid`, before or after the changes there is no plan.
        SolverFailure, AuditFailure: as `lodeplan.solve`.

    """
    asked = instance_of(instance)
    wanted = requests(changes, cases, changes_file, grid or ())
    changed = wanted.combine(asked)
    engine.check_grid(workers, journal, grid=bool(grid))
    session = Session(
        settings_of(changed.get("", asked), gap=gap, time_limit=time_limit, calm=calm, draws=draws_of(samples, seed))
    )
    with requested_runner(workers, journal) as runner:
        outcomes = _list_outcomes(asked, changed, session, runner)
    if grid:
        return Cases(outcomes, engine.list_case_notes(asked, changed, wanted.idle(asked)))
    before, after = _take_plans(*outcomes)
    return _compare(before, add_limits_cost(after, session))


def _list_outcomes(
    asked: Instance, changed: Mapping[str, EnforcedInstance], session: Session, runner: TaskRunner | None
) -> list[Outcome]:
    """Return what comes of an instance as it is and of each changed one, by a runner if there is one."""
    if runner is None:
        return list(engine.whatif(asked, changed, session))
    return list(engine.whatif_parallel(runner, asked, changed, session.settings))


def _take_plans(before: Outcome, after: Outcome) -> tuple[Solved, Solved]:
    """Return the plans of an instance and of the same changed.

    Raises:
        NoPlan: one of them has none, or the solves were stopped before there were both.
    """
    for outcome in (after, before):
        if outcome.why_not is not None:
            raise explain_no_plan(outcome.why_not, outcome.instance)
    if before.solution is None or after.solution is None:
        msg = f"{before.instance.title}: interrupted before there was a plan"
        raise NoPlan(msg, proven=False)
    return before.solution, after.solution


def _compare(before: Solved, after: Solved) -> Comparison:
    """Compare the plans of an instance and of the same changed."""
    foreseen = foresight(before.instance, after.instance)
    return Comparison(compare_sides(build_side(before), build_side(after)), Solution(before), Solution(after), foreseen)

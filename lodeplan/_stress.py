"""A plan that loses something, from Python."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lodeplan._audit import recount
from lodeplan._result import Result
from lodeplan._work import requested_runner
from optimizer.errors import InputError
from optimizer.folders.stressed import check_place_of_stress, write_stress
from optimizer.page.notebook import draw_tested
from optimizer.report import stress as report
from optimizer.stress.asked import check_scenarios, list_losses, read_share
from optimizer.stress.named_scenarios import respond_to_scenarios
from optimizer.stress.run import StressTest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    import pandas as pd

    from lodeplan._solution import Solution
    from models.instance import Instance
    from optimizer.results import losses as engine
    from optimizer.results.plan import Plan


class Stress(Result):
    """What a plan still covers when something stops, each loss answered at its best."""

    def __init__(self, found: engine.Stress, notes: tuple[str, ...]) -> None:
        """Hold what was found; `lodeplan.stress` calls this."""
        self._found = found
        self._notes = notes

    @property
    def notes(self) -> tuple[str, ...]:
        """Where the files of the plan say something else than its numbers make, and whether the instance changed."""
        return self._notes

    @property
    def answer(self) -> str:
        """How many losses hit the plan, which is the worst, what it leaves covered, and what is not counted."""
        return report.answer_with_caveats(self._found)

    @property
    def text(self) -> str:
        """What ``lodeplan stress`` prints."""
        return report.as_text(self._found)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name: what ``losses.csv`` and ``unmet.csv`` hold."""
        return report.stress_tables(self._found)

    @property
    def losses(self) -> pd.DataFrame:
        """One row a loss and material, the worst loss first: covered, unmet, survives, recovers, extra cost."""
        return self.tables["losses"]

    @property
    def unmet(self) -> pd.DataFrame:
        """One row a loss, material and period in which any demand is unmet."""
        return self.tables["unmet"]

    @property
    def _shown(self) -> dict[str, pd.DataFrame]:
        return {"losses": self.losses}

    @property
    def _drawn(self) -> str:
        return draw_tested(self._found)

    def as_dict(self) -> dict[str, Any]:
        """Return what ``lodeplan stress --json`` prints."""
        return report.as_json(self._found) | {"notes": list(self.notes)}

    def write(self, folder: str | PathLike[str], *, force: bool = False) -> None:
        """Write ``losses.csv`` and ``unmet.csv``, whole or not at all.

        Args:
            folder: where to put them; it need not be there.
            force: whether a stress test that is there already is replaced.

        Raises:
            InputError: the place is taken, or cannot be written.

        """
        check_place_of_stress(Path(folder), force=force)
        write_stress(self._found, Path(folder))


def stress(  # noqa: PLR0913 (one argument an option)
    plan: Plan | Solution | str | PathLike[str],
    instance: Instance | str | PathLike[str],
    *,
    lose: str | Sequence[str] = (),
    scenario: str | Sequence[str] = (),
    duration: int | None = None,
    from_period: str | None = None,
    from_share: float | str | None = None,
    workers: int | str | None = 1,
    journal: str | PathLike[str] | None = None,
) -> Stress:
    """Say what a plan, also one that was edited by hand, still covers when something stops.

    Each loss begins in each period in which it fits into the horizon, and is answered at its best: by stock, goods
    under way, what was planned, and what suppliers give at short notice where the instance says so. The plan is
    recounted first.

    Args:
        plan: a plan record, what `lodeplan.solve` gave, or a plan folder.
        instance: the instance that it must hold in, or where one is to be read.
        lose: who or what stops, as ``--lose`` names it: ``"each-company"``, ``["CN@place", "corridor:malacca"]``;
            none = each country by control, or nothing where a scenario is named.
        scenario: scenarios of the instance, by names or wildcards, whether the plan was made for them or not; what
            comes of them stands in the answer, the text and `as_dict`.
        duration: periods that each loss lasts, 1 or more; None = the fewest that make half a year.
        from_period: the first period in which one begins; None = the first of all.
        from_share: share, above 0 and up to 1, from which what a country owns is lost whole, and not in its share; or
            text such as ``"25%"``. None = 1.
        workers: processes that answer, 1 or more, or the address of a Dask scheduler, as of `lodeplan.sweep`; None = 1.
        journal: a file that answers are written to, and not sought again when they stand there.

    Raises:
        InputError: the instance or the folder cannot be read, the plan does not hold (a line for each finding), or
            nothing is called as `lose` or `scenario` say.
        SolverFailure: a worker or a cluster was lost for good.

    """
    audited = recount(plan, instance)
    if audited.findings:
        raise InputError(f"the plan does not hold, so it is not tested: {finding}" for finding in audited.findings)
    who, named = ([said] if isinstance(said, str) else said for said in (lose, scenario))
    if named:
        check_scenarios(who, {"--duration": duration, "--from": from_period, "--from-share": from_share})
    share = 1.0 if from_share is None else read_share(str(from_share))
    asked = list_losses(audited.account, who, duration, from_period) if who or not named else []
    test = StressTest(audited.instance, audited.account, share)
    with requested_runner(workers, journal) as runner:
        found = test.test(asked, runner)
    if named:
        there = respond_to_scenarios(audited.instance, audited.account, named, test.unmet_price)
        found = replace(found, scenarios=there)
    return Stress(found, audited.notes)

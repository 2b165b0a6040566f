"""Other plans that cost little more, from Python."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lodeplan._instance import draws_of, enforced
from lodeplan._result import Result
from lodeplan._solution import Solution
from lodeplan._work import requested_runner
from optimizer.alternatives import search as engine
from optimizer.book.solved import check_place_of_several, write_several
from optimizer.errors import NoPlan
from optimizer.folders.alternatives import ALTERNATIVES, write_alternatives
from optimizer.no_plan import explain_no_plan
from optimizer.page.notebook import draw_alternatives
from optimizer.report import alternatives as report
from optimizer.results.solution import settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    import pandas as pd

    from models.instance import Instance


class Alternatives(Result):
    """The best plan of an instance, and others that cost little more."""

    def __init__(self, found: engine.Alternatives, basis: Literal["place", "control"]) -> None:
        """Hold what was found; `lodeplan.alternatives` calls this."""
        self._found = found
        self._basis = basis

    @cached_property
    def plans(self) -> Mapping[str, Solution]:
        """The plans by name: "best", then "1", "2" and so on."""
        return {name: Solution(found) for name, found in report.list_plans(self._found).items()}

    @property
    def stopped(self) -> bool:
        """Whether Ctrl-C or the time limit ended the search."""
        return self._found.stopped

    @property
    def notes(self) -> tuple[str, ...]:
        """What in the instance has less effect than it seems to: a sentence each."""
        return self.plans[report.BEST].notes

    @property
    def answer(self) -> str:
        """What the best plan costs, and how many others cost little more."""
        return report.answer(self._found)

    @property
    def text(self) -> str:
        """What ``lodeplan alternatives`` prints."""
        return report.as_text(self._found, self._basis)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The table of plans, under its name: what ``alternatives.csv`` holds."""
        return {"alternatives": report.plans_table(self._found)}

    @property
    def alternatives(self) -> pd.DataFrame:
        """One row a plan, the best first: cost, budget, how much it differs, what it leaves out."""
        return self.tables["alternatives"]

    @property
    def _drawn(self) -> str:
        return draw_alternatives(self._found)

    def as_dict(self) -> dict[str, Any]:
        """Return what ``lodeplan alternatives --json`` prints."""
        return report.as_json(self._found, self._basis)

    def write(self, folder: str | PathLike[str], *, force: bool = False) -> None:
        """Write ``alternatives.csv`` and a plan folder for each plan, whole or not at all.

        Args:
            folder: where to put them; it need not be there. A name that ends in ``.xlsx`` makes a workbook of them.
            force: whether alternatives that are there already are replaced.

        Raises:
            InputError: the place is taken, or cannot be written.

        """
        check_place_of_several(Path(folder), ALTERNATIVES, force=force)
        write_several(partial(write_alternatives, self._found), Path(folder))


def alternatives(  # noqa: PLR0913 (one argument an option)
    instance: Instance | str | PathLike[str],
    *,
    within: float | str = 0.02,
    count: int = 5,
    least_concentrated: bool = False,
    basis: Literal["place", "control"] = "control",
    workers: int | str | None = None,
    journal: str | PathLike[str] | None = None,
    gap: float | None = None,
    time_limit: float | None = None,
    calm: bool = False,
    samples: int | None = None,
    seed: int = 0,
) -> Alternatives:
    """Find plans that cost little more than the best one and differ most in who supplies, or are least concentrated.

    Each holds every limit and leaves no more demand unmet than the best.

    Args:
        instance: an instance, or where one is to be read.
        within: how much more than the best they may cost, as a share of its cost: 0 to 1, or text such as ``"2%"``.
        count: how many to look for, 1 or more.
        least_concentrated: whether to look for the smallest shares of countries instead, in `count` steps of `within`.
        basis: whether a country's share is where sites stand, or who owns them.
        workers: processes that solve, 1 or more, or the address of a Dask scheduler, as of `lodeplan.sweep`; of the
            most different plans each hangs on those before it, so one is sought after the other. None = this process.
        journal: a file that what is solved is written to, and not solved again when it stands there.
        gap: relative gap that counts as proven, 0 or more; None = that of the instance.
        time_limit: seconds for the best plan, and for each other, above 0; None = that of the instance.
        calm: whether to plan as if nothing could happen, scenarios and hazards left out.
        samples: about how many ways in which hazards strike are drawn, 1 or more; None = all count, or some 1 000 of
            more than 5 000.
        seed: of the draws, 0 or more.

    Raises:
        InputError: the instance cannot be read, or an argument is out of its range.
        NoPlan: there is no plan at all.
        SolverFailure, AuditFailure: as `lodeplan.solve`.

    """
    asked = enforced(instance)
    share = engine.share_within(within, "within")
    settings = settings_of(asked, gap=gap, time_limit=time_limit, calm=calm, draws=draws_of(samples, seed))
    try:
        with requested_runner(workers, journal) as runner:
            if least_concentrated:
                found = engine.least_concentrated(asked, share, count, basis, settings, runner)
            else:
                found = engine.most_different(asked, share, count, settings, runner)
    except NoPlan as none:
        raise explain_no_plan(none, settings.enforce(asked)) from None
    return Alternatives(found, basis)

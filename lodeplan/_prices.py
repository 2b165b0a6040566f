"""What each limit costs, from Python."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from lodeplan._instance import draws_of, enforced
from lodeplan._result import Result
from lodeplan._solution import Solution
from lodeplan._work import requested_runner
from optimizer import price as engine
from optimizer.errors import NoPlan
from optimizer.no_plan import explain_no_plan
from optimizer.page.notebook import draw_priced
from optimizer.price_parallel import price_limits_parallel
from optimizer.report import prices as report
from optimizer.results.solution import settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    import pandas as pd

    from models.instance import Instance


class Prices(Result):
    """What the limits of an instance cost: each found by solving again without it, and with its level looser."""

    def __init__(self, found: engine.Prices) -> None:
        """Hold what was found; `lodeplan.price` calls this."""
        self._found = found
        self._plan = Solution(found.base)

    @property
    def plan(self) -> Solution:
        """The plan with every limit as it is."""
        return self._plan

    @property
    def complete(self) -> bool:
        """Whether every limit that was asked for was priced; not after an interrupt."""
        return self._found.complete

    @property
    def notes(self) -> tuple[str, ...]:
        """What in the instance has less effect than it seems to: a sentence each."""
        return self.plan.notes

    @property
    def answer(self) -> str:
        """What the plan costs, and which limit costs most."""
        return report.answer(self._found)

    @property
    def text(self) -> str:
        """What ``lodeplan price`` prints."""
        return report.as_text(self._found)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The table of prices, under its name: what ``prices.csv`` holds."""
        return {"prices": report.prices_table(self._found)}

    @property
    def prices(self) -> pd.DataFrame:
        """One row a limit, the greatest saving first: what is saved without it, and one notch looser."""
        return self.tables["prices"]

    @property
    def _drawn(self) -> str:
        return draw_priced(self._found)

    @property
    def _shown(self) -> dict[str, pd.DataFrame]:
        return {}

    def as_dict(self) -> dict[str, Any]:
        """Return what ``lodeplan price --json`` prints."""
        return report.as_json(self._found)


def price(  # noqa: PLR0913 (one argument an option)
    instance: Instance | str | PathLike[str],
    limits: Sequence[str] = (),
    *,
    workers: int | str | None = None,
    journal: str | PathLike[str] | None = None,
    gap: float | None = None,
    time_limit: float | None = None,
    calm: bool = False,
    samples: int | None = None,
    seed: int = 0,
) -> Prices:
    """Say what a plan would save without each limit, and with its level one notch looser.

    A notch is a percentage point of a share, one source, or 1 % of a quantity or of money.

    Args:
        instance: an instance, or where one is to be read.
        limits: names or wildcards of the limits to be priced; none = all that hold.
        workers: processes that solve, 1 or more, or the address of a Dask scheduler, as of `lodeplan.sweep`;
            None = this process, one limit after another.
        journal: a file that what is solved is written to, and not solved again when it stands there.
        gap: relative gap to which each cost is proven, 0 or more; what it leaves open of a saving is told. None = that
            of the instance.
        time_limit: seconds for each solve, above 0, of which there are two a limit; None = that of the instance.
        calm: whether to plan as if nothing could happen, scenarios and hazards left out.
        samples: about how many ways in which hazards strike are drawn, 1 or more; None = all count, or some 1 000 of
            more than 5 000.
        seed: of the draws, 0 or more.

    Raises:
        InputError: no limit has that name, or one is only watched; or nobody answers at the address of `workers`.
        NoPlan: there is no plan with every limit as it is.
        SolverFailure, AuditFailure: as `lodeplan.solve`.

    """
    asked = enforced(instance)
    settings = settings_of(asked, gap=gap, time_limit=time_limit, calm=calm, draws=draws_of(samples, seed))
    named = engine.find_limits(asked, limits)
    try:
        with requested_runner(workers, journal) as runner:
            if runner is None:
                return Prices(engine.price_limits(asked, named, settings))
            return Prices(price_limits_parallel(runner, asked, named, settings))
    except NoPlan as none:
        raise explain_no_plan(none, settings.enforce(asked)) from None

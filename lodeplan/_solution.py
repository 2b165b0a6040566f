"""A plan from Python: the answer, its tables, and the records behind them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lodeplan._instance import draws_of, enforced
from lodeplan._result import Result
from lodeplan._work import requested_runner
from optimizer.best_plan import best_plan
from optimizer.book.solved import write_solved
from optimizer.folders.plans import plan_as_data, summary
from optimizer.page.notebook import draw_plan
from optimizer.page.solved import draw_solved
from optimizer.page.write import check_place_of_page, write_page
from optimizer.report import terminal
from optimizer.results.solution import EMBEDDED, settings_of
from optimizer.tables.frames import plan_tables

if TYPE_CHECKING:
    from os import PathLike
    from typing import Literal

    import pandas as pd

    from models.instance import Instance
    from optimizer.results import solution as engine
    from optimizer.results.plan import Plan
    from optimizer.results.planning_value import PlanningValue
    from optimizer.results.risk_profile import RiskProfile


class Solution(Result):
    """An audited plan, and how good it is known to be.

    Tables have the headings and the rows of the files of the same name: quantities are in the mass unit of the
    instance and the basis of the material, money is in its currency, shares are from 0 to 1, and a period that is
    empty is the whole horizon.
    """

    def __init__(self, solved: engine.Solution) -> None:
        """Hold what the engine found; `lodeplan.solve` calls this."""
        self.found = solved
        """What the engine found; no part of what the API promises."""

    @property
    def instance(self) -> Instance:
        """The instance that was solved, with what its policies ask."""
        return self.found.instance

    @property
    def plan(self) -> Plan:
        """The plan as a plain record: flow, signed, unmet and stock by their keys [mass unit]."""
        return self.found.account.plan

    @property
    def cost(self) -> float:
        """What the plan costs, penalties included, recounted from its numbers [currency].

        For scenarios it is what is expected, with the measure of `[risk]` in its weight.
        """
        return self.found.cost

    @property
    def bound(self) -> float:
        """No plan costs less than this [currency]; minus infinity where that is not known."""
        return self.found.bound

    @property
    def gap(self) -> float:
        """Relative distance of cost and bound, from 0; infinite where it is not known."""
        return self.found.gap

    @property
    def status(self) -> Literal["proven", "stopped"]:
        """Whether the gap that was asked for is proven, or the solve was stopped before."""
        return "proven" if self.found.proven else "stopped"

    @property
    def risk(self) -> RiskProfile | None:
        """What it costs and leaves unmet in every scenario that it is planned for; None where it is planned for none.

        A plain record: `expected`, `worst`, `calm_cost` [currency] and `outcomes`, one for each scenario.
        """
        return self.found.risk

    @property
    def value(self) -> PlanningValue | None:
        """What it is worth to plan for scenarios, where that was asked for; None where it is planned for none.

        A plain record: `perfect_information` (EVPI) and `stochastic_solution` (VSS) are intervals, with a `bound` and a
        `cost` [currency], the second None where the plan that is best if nothing happens has no expected cost.
        """
        return self.found.value

    @property
    def seconds(self) -> float:
        """How long it took [s]."""
        return self.found.seconds

    @property
    def limits_cost(self) -> tuple[float, float] | None:
        """Between what the cost of all limits together lies: at least, at most [currency]; None = not known."""
        both = self.found.limits_cost
        return None if both is None else (both.bound, both.cost)

    @property
    def notes(self) -> tuple[str, ...]:
        """What in the instance has less effect than it seems to, and what licences a plan needs: a sentence each."""
        return tuple(self.summary["notes"])

    @property
    def answer(self) -> str:
        """What the plan costs, how sure that is, what the limits cost, and what is unmet or assumed."""
        return terminal.format_answer(self.found)

    @property
    def text(self) -> str:
        """The report that `lodeplan solve` prints."""
        return terminal.format_report(self.found)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the plan by name: what ``NAME.csv`` of its folder holds."""
        return plan_tables(self.found)

    @property
    def _drawn(self) -> str:
        return draw_plan(self.found)

    @property
    def _shown(self) -> dict[str, pd.DataFrame]:
        return {name: self.tables[name] for name in ("costs", "contracts", "limits")}

    @property
    def purchases(self) -> pd.DataFrame:
        """One row a flow: offer, destination, period, quantity, and what it costs up to there."""
        return self.tables["purchases"]

    @property
    def contracts(self) -> pd.DataFrame:
        """One row an offer that is bought or signed: its terms, and what is taken over the horizon."""
        return self.tables["contracts"]

    @property
    def exposure(self) -> pd.DataFrame:
        """One row a country at a stage, by place and by control: its share, the tightest cap, what counts for that."""
        return self.tables["exposure"]

    @property
    def limits(self) -> pd.DataFrame:
        """One row a thing that a limit asks: allowed, used, slack, and whether it binds, in its `unit`."""
        return self.tables["limits"]

    @property
    def costs(self) -> pd.DataFrame:
        """One row a cost of a material."""
        return self.tables["costs"]

    @property
    def stock(self) -> pd.DataFrame:
        """One row a material at a site in a period: opening, arrived, demand, unmet, closing."""
        return self.tables["stock"]

    @property
    def attribution(self) -> pd.DataFrame:
        """One row a country behind an offer that is bought, by stage, by place and by control: its share of a unit."""
        return self.tables["attribution"]

    @property
    def sources(self) -> pd.DataFrame:
        """One row a row of the instance that the plan uses, or a limit: how well it is known, source and year."""
        return self.tables["sources"]

    @property
    def prices(self) -> pd.DataFrame | None:
        """One row a limit: what is saved without it, and one notch looser; None where `solve` was not asked for it."""
        return self.tables.get("prices")

    @cached_property
    def summary(self) -> dict[str, Any]:
        """What ``summary.json`` of its folder holds: proof, what is left out, costs, policies, notes, versions."""
        return summary(self.found)

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain data: what ``lodeplan solve --json`` prints, by the schema ``plan.schema.json``."""
        return plan_as_data(self.found)

    def write(self, folder: str | PathLike[str], *, force: bool = False) -> None:
        """Write the plan folder, whole or not at all, as ``lodeplan solve -o`` does.

        Args:
            folder: where to put it; it need not be there. A name that ends in ``.xlsx`` makes a workbook of it.
            force: whether a plan that is there already is replaced.

        Raises:
            InputError: the place is taken, or cannot be written.

        """
        write_solved(self.found, Path(folder), force=force)

    def report(self, file: str | PathLike[str], *, before: Solution | None = None, force: bool = False) -> None:
        """Draw the plan as one page of HTML to hand on, as ``lodeplan report`` does.

        Args:
            file: where to put it, a name that ends in ``.html``.
            before: another plan, which is to stand beside this one.
            force: whether a report that is there already is replaced.

        Raises:
            InputError: the place is taken, or cannot be written.

        """
        place = Path(file)
        check_place_of_page(place, force=force)
        write_page(draw_solved(self.found, before=None if before is None else before.found), place)


def solve(  # noqa: PLR0913 (what can be asked of a solve)
    instance: Instance | str | PathLike[str],
    *,
    gap: float | None = None,
    time_limit: float | None = None,
    calm: bool = False,
    samples: int | None = None,
    seed: int = 0,
    solver: str = EMBEDDED,
    limits_cost: bool = False,
    prices: bool = False,
    value: bool = False,
    workers: int | str | None = None,
    journal: str | PathLike[str] | None = None,
) -> Solution:
    """Find the cheapest plan that holds every limit, and audit it.

    On the main thread the first Ctrl-C takes the best plan so far, and the second raises KeyboardInterrupt.

    Args:
        instance: an instance, or where one is to be read.
        gap: relative gap of cost and bound that counts as proven, 0 or more; None = that of the instance.
        time_limit: seconds after which the best plan is taken, above 0; None = that of the instance, or no limit.
        calm: whether to plan as if nothing could happen, scenarios and hazards left out.
        samples: about how many ways in which hazards strike are drawn, 1 or more; None = all count, or some 1 000 of
            more than 5 000.
        seed: of the draws, 0 or more.
        solver: ``"highs"``, or the name of a solver that Pyomo can drive.
        limits_cost: whether to prove what the limits cost, however much effort that takes.
        prices: whether to find what each limit costs, which takes two more solves a limit; not of a plan that was
            stopped before its proof.
        value: whether to find what planning for scenarios is worth: `value` of the plan, and the table ``regret``.
        workers: processes, 1 or more, or the address of a Dask scheduler, as of `lodeplan.sweep`, which solve materials
            that nothing ties side by side; not with a time limit, which is one clock for all. None = this process. With
            them Ctrl-C leaves no plan.
        journal: a file that what is solved is written to, and not solved again when it stands there.

    Returns:
        The plan. One seed, one answer: the same instance gives the same plan, unless the time limit ended the solve.

    Raises:
        InputError: the instance cannot be read, or nobody answers at the address of `workers`.
        NoPlan: no plan holds all limits (`proven`), or none was found in time.
        SolverFailure: the solver is not there, or broke down.
        AuditFailure: the solver's answer does not hold when it is recounted.

    """
    asked = enforced(instance)
    settings = settings_of(
        asked, gap=gap, time_limit=time_limit, calm=calm, draws=draws_of(samples, seed), solver=solver
    )
    with requested_runner(workers, journal) as runner:
        return Solution(
            best_plan(asked, settings, prove_limits_cost=limits_cost, price=prices, value=value, runner=runner)
        )

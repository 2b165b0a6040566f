"""The plans of an instance that cost little more than its best one, searched by other objectives than cost."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from models.enforcement import prepare
from models.records.tolerances import ROUNDING
from optimizer.alternatives.variety import each_country
from optimizer.claims import check_claims
from optimizer.errors import SolverFailure
from optimizer.programs.extended import add_columns
from optimizer.programs.program import Program
from optimizer.results.account import Account
from optimizer.scenarios.evaluate import evaluate
from optimizer.solver.arrays import Ceiling, add_rows
from optimizer.solver.deadline import Deadline
from optimizer.solver.outer_approximation.minimise import minimise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from optimizer.alternatives.variety import Basis, Stage
    from optimizer.results.interval import Progress
    from optimizer.results.solution import Settings, Solution
    from optimizer.solver.arrays import Matrix
    from optimizer.solver.outcome import Outcome


class Nearby:
    """The plans within a budget of the best one, which leave no more demand unmet than it does.

    A budget counts all costs and penalties. Each search minimises another objective and then, among
    the plans that are as good, the cost, each in half the time limit; every plan is audited. A plan counts
    as proven when the best one is, as its cost then is within a known gap of the least.
    """

    def __init__(self, best: Solution, settings: Settings) -> None:
        """Build the program of the whole instance: a budget ties all its materials."""
        self.best = best
        self.settings = settings
        self.stopped = False
        """Whether Ctrl-C was pressed in a search."""
        self.cut_short = False
        """Whether the time ended a search, so that there may be plans that it did not find."""
        # watched, the limit adds no rows; what arrives is counted for it
        counting = each_country("place").model_copy(update={"hard": None, "watch": True})
        self._program = Program(best.instance.model_copy(update={"limits": (*best.instance.limits, counting)}))
        self._place = {id(v): place for place, v in enumerate(self._program.matrix.variables)}
        self._matrix = add_rows(self._program.matrix, list(self._unmet()))

    def budget(self, within: float) -> float:
        """Return what a plan may cost that costs at most a part more than the best one [currency]."""
        return self.best.cost + within * abs(self.best.cost)

    def forget(self) -> None:
        """Forget what earlier searches left: tangents, and that one was stopped."""
        tangents = self._program.matrix.squares.tangents
        tangents.at.clear()
        tangents.basis, tangents.in_basis = None, 0
        self.stopped = self.cut_short = False

    def least_reuse(self, reuse: Mapping[str, float], budget: float, label: str = "") -> Solution | None:
        """Return the plan within a budget that buys least, by weight of a unit of each offer.

        None when none was found, which without Ctrl-C or a time limit happens by rounding only.
        """
        objective = np.zeros(len(self._matrix.cost))
        for (offer, _), variable in self._program.m.quantities.items():
            objective[self._place[id(variable)]] = reuse.get(offer, 0.0)
        return self._search(self._within(self._matrix, budget), objective, label)

    def least_concentrated(
        self, basis: Basis, whole: Mapping[Stage, float], budget: float, label: str = ""
    ) -> Solution | None:
        """Return the plan within a budget whose greatest country shares have the least sum over all stages.

        Shares are of the amounts in `whole`; what is undisclosed counts against every country. None as
        in `least_reuse`.
        """
        m, cap, size = self._program.m, each_country(basis), len(self._matrix.cost)
        rows: list[Ceiling] = []
        worth: list[float] = []
        for key, _, subjects in cap.by_cell(m, with_undisclosed=True):
            if (key.material, key.stage) not in whole:
                continue
            for terms in subjects.values():
                columns = [self._place[id(variable)] for _, variable in terms]
                weights = [weight for weight, _ in terms]
                rows.append(Ceiling(np.array([*columns, size + len(worth)]), np.array([*weights, -1.0]), 0.0))
            worth.append(1 / whole[key.material, key.stage])
        matrix = add_rows(add_columns(self._matrix, len(worth)), rows)
        objective = np.concatenate([np.zeros(size), worth])
        return self._search(self._within(matrix, budget), objective, label)

    def each_least_concentrated(
        self, basis: Basis, whole: Mapping[Stage, float], budgets: Sequence[float], labels: Sequence[str]
    ) -> Iterator[tuple[float, Solution | None]]:
        """Yield each budget with the least concentrated plan within it, in order; after an interrupt no more."""
        for budget, label in zip(budgets, labels, strict=True):
            if self.stopped:
                return
            yield budget, self.least_concentrated(basis, whole, budget, label)

    def _unmet(self) -> Iterator[Ceiling]:
        """Yield rows that leave no more of a material unmet than the best plan does."""
        short: dict[str, float] = defaultdict(float)
        for (_, material, _), units in self.best.account.plan.unmet.items():
            short[material] += units
        columns: dict[str, list[int]] = defaultdict(list)
        for (_, material, _), variable in self._program.m.unmet.items():
            columns[material].append(self._place[id(variable)])
        for material, places in columns.items():
            yield Ceiling(np.array(places), np.ones(len(places)), short[material] * (1 + ROUNDING))

    def _within(self, matrix: Matrix, budget: float) -> Matrix:
        return add_rows(matrix, [Ceiling.on(matrix.cost, budget + ROUNDING * abs(budget))])

    def _search(self, matrix: Matrix, objective: NDArray[np.float64], label: str) -> Solution | None:
        """Return the audited plan of least objective and, among those, of least cost."""
        start = time.perf_counter()
        with Deadline(self.settings.time_limit) as deadline:
            with deadline.share(1 / 2):
                found = self._minimise(replace(matrix, cost=objective), deadline, label, allowance=self.settings.gap)
            values = found.values
            if values is not None:
                as_good = add_rows(matrix, [Ceiling.on(objective, found.objective)])
                cheapest = self._minimise(as_good, deadline, label).values
                values = values if cheapest is None else cheapest
            self.stopped = self.stopped or deadline.stopping
            self.cut_short = self.cut_short or found.verdict in {"stopped", "nothing found"}
        if values is None:
            return None
        return self._audit(values[: len(self._program.matrix.cost)], time.perf_counter() - start)

    def _minimise(self, matrix: Matrix, deadline: Deadline, label: str, allowance: float = 0.0) -> Outcome:
        outcome = minimise(
            matrix, gap=self.settings.gap, allowance=allowance, deadline=deadline, watch=self._watch(label)
        )
        if outcome.verdict == "failed":
            msg = f"{self.settings.solver} gave up: {outcome.message}"
            raise SolverFailure(msg)
        return outcome

    def _watch(self, label: str) -> Callable[[Progress], None] | None:
        """Return what tells the progress of a search, whose objective is no cost."""
        watch = self.settings.watch
        if watch is None:
            return None
        return lambda progress: watch(replace(progress, incumbent=np.inf, bound=-np.inf, part=label))

    def _audit(self, values: NDArray[np.float64], seconds: float) -> Solution:
        instance, program = self.best.instance, self._program
        account = Account(prepare(instance), instance.limits, program.plan(values))
        cost, own = float(program.matrix.cost @ values), program.plan_cost(values)
        risk = evaluate(instance, account) if instance.foreseen else None
        check_claims(account, own, -np.inf if risk else self.best.bound)
        return replace(
            self.best,
            account=account,
            cost=account.total + (cost - own),
            risk=risk,
            seconds=seconds,
            sizes=program.sizes | {"parts": 1},
            without_limits=None,
            unfinished=(),
        )

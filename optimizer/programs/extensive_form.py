r"""The extensive form: a plan and its responses to all scenarios as one program.

Words: sign, open and reserve what is cheapest on the whole, once it is counted what must be done when something stops.

Mathematics, for scenarios s of probability p_s, and the calm, in which none happens, of p_0 = 1 - sum of p_s:

    minimise   sum_k p_k cost_k                             expected
    or         (1 - w) sum_k p_k cost_k  +  w rho           with a measure of risk and its weight w < 1

    cost_0 = C y                                            what the plan costs
    cost_s = C y + d_s y + c_s x_s                          as `optimizer.programs.response_block` says
    y in the program of the plan,   lower_s <= T_s y + W_s x_s <= upper_s

    cvar     rho = v + sum_k p_k u_k / (1 - level),         u_k >= cost_k - v,  u_k >= 0
    worst    rho >= cost_k
    regret   rho >= cost_k - least_k                        least_k: no plan costs less that had known of k

Conditional value at risk is that of Rockafellar and Uryasev ("Optimization of conditional value-at-risk", Journal of
Risk 2, 2000). The calm keeps a weight of at least `LEAST_WEIGHT`: where something is sure to happen nothing else would
say what a plan does until then, and what it would have done.

Materials that nothing but limits ties respond apart, each to what hits it: there a scenario that hits nothing is the
calm. Scenarios that do the same to such a market are one response, of all their probability.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from optimizer.programs.risk_measures import add_measure
from optimizer.solver.arrays import Sparse
from optimizer.solver.outer_approximation.minimise import minimise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from models.instance import Risk
    from models.market.scenario import Scenario
    from optimizer.programs.response_block import ResponseBlock
    from optimizer.solver.arrays import Matrix

    Numbers = NDArray[np.float64]
    Names = list[tuple[str, list[Any]]]

LEAST_WEIGHT = 1e-6
"""The weight of the calm at the least."""
_NEAR = 1e-6
"""Relative gap at which the least cost of an outcome is taken, by its bound: so regret is never understated, and
overstated by less than the gap of any plan."""


class Weighed(NamedTuple):
    """The response to some scenarios that are alike in what they hit of some materials."""

    scenarios: Sequence[Scenario]
    block: ResponseBlock

    @property
    def name(self) -> str:
        """What it is called, by one of them."""
        return f"{self.scenarios[0].name}: {' + '.join(self.scenarios[0].market.material)}"

    @property
    def probability(self) -> float:
        """How likely they are together."""
        return sum(scenario.probability for scenario in self.scenarios)


class Outcome(NamedTuple):
    """What scenarios are that are alike in all that they hit: by which responses, and how likely they are together."""

    responses: tuple[int, ...]
    probability: float


@dataclass(frozen=True, eq=False)
class TwoStageForm:
    """The arrays of a plan and what follows it, and what the columns and rows behind the plan's are called."""

    matrix: Matrix
    columns: Names
    rows: Names


def extensive_form(
    plan: Matrix, weighed: Sequence[Weighed], risk: Risk | None = None, look: Callable[[], None] = lambda: None
) -> TwoStageForm:
    """Return the program of a plan and its responses, of least expected cost or with a measure of `risk`.

    For regret a program is solved for every outcome, to the bound of what a plan would cost that had known of it.
    `look` is called before each; what it raises ends the work.
    """
    joined = _join(plan, weighed)
    if risk is None or not is_measured(risk):
        return joined
    outcomes = list_outcomes(weighed)
    costs, weights = list_costs(plan, weighed, outcomes), weigh([one.probability for one in outcomes])
    least = list_least_costs(plan, weighed, outcomes, risk, look)
    matrix = add_measure(joined.matrix, costs, weights, risk, least)
    more = [("risk", list(range(len(matrix.cost) - len(joined.matrix.cost))))]
    return TwoStageForm(matrix, joined.columns + more, [*joined.rows, ("risk", list(range(len(costs))))])


def _join(plan: Matrix, weighed: Sequence[Weighed]) -> TwoStageForm:
    """Return the program of a plan and its responses, of least expected cost."""
    size = len(plan.cost)
    starts = size + np.cumsum([0, *(len(one.block.names) for one in weighed)])
    below = _stack(weighed, starts)
    own = plan.cost * weigh([one.probability for one in list_outcomes(weighed)]).sum()
    costs = []
    for one in weighed:
        own = own + one.probability * one.block.plan_cost
        costs.append(one.probability * one.block.cost)
    more = int(starts[-1]) - size
    matrix = replace(
        plan,
        variables=[*plan.variables, *[None] * more],
        cost=np.concatenate([own, *costs]),
        A=replace(plan.A, shape=(plan.A.shape[0], size + more)).over(below),
        row_lower=np.concatenate([plan.row_lower, *(one.block.row_lower for one in weighed)]),
        row_upper=np.concatenate([plan.row_upper, *(one.block.row_upper for one in weighed)]),
        lower=np.concatenate([plan.lower, *(one.block.lower for one in weighed)]),
        upper=np.concatenate([plan.upper, *(one.block.upper for one in weighed)]),
        integer=np.concatenate([plan.integer, np.zeros(more, dtype=bool)]),
        squares=plan.squares.over(size + more),
    )
    return TwoStageForm(matrix, _name(weighed, "names"), _name(weighed, "rows"))


def is_measured(risk: Risk | None) -> bool:
    """Whether a measure of risk counts beside the expected cost, for which each outcome counts by itself."""
    return risk is not None and risk.measure != "expected" and bool(risk.weight)


def list_least_costs(
    plan: Matrix,
    weighed: Sequence[Weighed],
    outcomes: Sequence[Outcome],
    risk: Risk,
    look: Callable[[], None] = lambda: None,
) -> Numbers:
    """Return what each outcome costs at least, the calm first, of a plan that had known of it; 0 but for regret."""
    least = np.zeros(1 + len(outcomes))
    if risk.measure == "regret":
        for number, responses in enumerate([(), *(outcome.responses for outcome in outcomes)]):
            look()
            known = known_before(plan, [weighed[response] for response in responses])
            outcome = minimise(known, gap=_NEAR)
            if outcome.verdict != "infeasible":  # else the program of the plan has none either
                least[number] = outcome.bound
    return least


def known_before(plan: Matrix, weighed: Sequence[Weighed]) -> Matrix:
    """Return the program of a plan that knows what comes, and by which responses."""
    if not weighed:
        return plan
    outcome = Outcome(tuple(range(len(weighed))), 1.0)
    return replace(_join(plan, weighed).matrix, cost=list_costs(plan, weighed, [outcome])[1])


def list_outcomes(weighed: Sequence[Weighed]) -> list[Outcome]:
    """Return what may happen beside the calm, from the responses to it."""
    probability = {scenario.name: scenario.probability for one in weighed for scenario in one.scenarios}
    outcomes: dict[tuple[int, ...], float] = defaultdict(float)
    for name, responses in list_hits(weighed).items():
        outcomes[responses] += probability[name]
    return list(itertools.starmap(Outcome, outcomes.items()))


def list_hits(weighed: Sequence[Weighed]) -> dict[str, tuple[int, ...]]:
    """Return by which responses each scenario is answered, by its name; those that hit nothing are left out."""
    responses: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(weighed):
        for scenario in one.scenarios:
            responses[scenario.name].append(number)
    return {name: tuple(numbers) for name, numbers in responses.items()}


def list_costs(plan: Matrix, weighed: Sequence[Weighed], outcomes: Sequence[Outcome]) -> list[Numbers]:
    """Return what each outcome costs, the calm first, as a number for every column of the joined program."""
    sizes = [len(one.block.names) for one in weighed]
    starts = len(plan.cost) + np.cumsum([0, *sizes])
    calm = np.concatenate([plan.cost, np.zeros(sum(sizes))])
    costs = [calm]
    for outcome in outcomes:
        row = calm.copy()
        for number in outcome.responses:
            block = weighed[number].block
            row[: len(plan.cost)] += block.plan_cost
            row[starts[number] : starts[number + 1]] = block.cost
        costs.append(row)
    return costs


def weigh(probabilities: Sequence[float]) -> Numbers:
    """Return the weight of the calm, and then of each scenario."""
    return np.array([max(LEAST_WEIGHT, 1.0 - sum(probabilities)), *probabilities])


def _stack(weighed: Sequence[Weighed], starts: NDArray[np.int64]) -> Sparse:
    """Return the rows of all blocks, over the columns of the plan and of all of them."""
    rows, columns, data, first = [], [], [], 0
    for one, start in zip(weighed, starts, strict=False):
        for part, shift in ((one.block.plan, 0), (one.block.own, int(start))):
            rows.append(part.row_of_entry + first)
            columns.append(part.indices + shift)
            data.append(part.data)
        first += len(one.block.rows)
    return Sparse.summed((first, int(starts[-1])), np.concatenate(rows), np.concatenate(columns), np.concatenate(data))


def _name(weighed: Sequence[Weighed], of: str) -> Names:
    """Return the names of the columns or rows of all blocks, family by family, each behind its scenario's."""
    return [
        (f"scenario[{one.name}].{family}", [key for _, key in names])
        for one in weighed
        for family, names in groupby(getattr(one.block, of), key=lambda name: name[0])
    ]

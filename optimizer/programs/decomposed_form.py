r"""The decomposed form: the program of a plan, with one column for what some scenarios cost from their beginning on.

It is the extensive form (`optimizer.programs.extensive_form`) with its blocks left out of the matrix: they stand beside
it, as its second stage, and are held by cuts (`optimizer.solver.benders`). It has the same plans at the same costs, and
is the smaller the more scenarios there are.

    minimise   sum_k p_k C y  +  sum_s p_s d_s y  +  sum_g z_g         z_g  >=  sum of p_s c_s x_s over s in group g

With a measure of risk each response has a column of its own, of weight 1, as the measure counts them one by one.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from optimizer.programs.extended import add_columns
from optimizer.programs.extensive_form import TwoStageForm, is_measured, list_least_costs, list_outcomes, weigh
from optimizer.programs.risk_measures import add_measure
from optimizer.solver.arrays import Group, SecondStage, Share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from models.instance import Risk
    from optimizer.programs.extensive_form import Outcome, Weighed
    from optimizer.solver.arrays import Matrix

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

_GROUPS = 20
"""At most so many columns where an expected cost needs no more: with more each cut says less of the others."""


def decomposed_form(
    plan: Matrix, weighed: Sequence[Weighed], risk: Risk | None = None, look: Callable[[], None] = lambda: None
) -> TwoStageForm:
    """Return the program of a plan with its responses beside it, as `extensive_form` does with them in it."""
    size, outcomes = len(plan.cost), list_outcomes(weighed)
    weights, probabilities = weigh([one.probability for one in outcomes]), [one.probability for one in weighed]
    one_by_one = is_measured(risk)
    groups = [[number] for number in range(len(weighed))] if one_by_one else _group(weighed)
    unit, columns = _unit_of(plan), np.arange(size, size + len(groups))
    matrix = _widen(plan, weighed, weights.sum(), columns, unit)
    if one_by_one:
        matrix.cost[columns] *= probabilities
    counted = np.ones(len(weighed)) if one_by_one else probabilities
    shares = [[Share(float(counted[k]), weighed[k].block) for k in group] for group in groups]
    second_stage = SecondStage(list(map(Group, columns.tolist(), [unit] * len(groups), shares)))
    names = [("scenarios", [weighed[group[0]].name for group in groups])]
    if risk is None or not one_by_one:
        return TwoStageForm(replace(matrix, second_stage=second_stage), names, [])
    least = list_least_costs(plan, weighed, outcomes, risk, look)
    measured = add_measure(matrix, _list_costs(plan, weighed, outcomes, unit), weights, risk, least)
    more = [("risk", list(range(len(measured.cost) - len(matrix.cost))))]
    rows = [("risk", list(range(len(least))))]
    return TwoStageForm(replace(measured, second_stage=second_stage), names + more, rows)


def _widen(plan: Matrix, weighed: Sequence[Weighed], total: float, columns: Places, unit: float) -> Matrix:
    """Return the program of a plan, of so much weight, with columns for what follows it, each of a unit of currency."""
    wider, size = add_columns(plan, len(columns)), len(plan.cost)
    cost, lower = wider.cost.copy(), wider.lower.copy()
    cost[:size] *= total
    for one in weighed:
        cost[:size] += one.probability * one.block.plan_cost
    cost[columns], lower[columns] = unit, -np.inf
    return replace(wider, cost=cost, lower=lower)


def _list_costs(plan: Matrix, weighed: Sequence[Weighed], outcomes: Sequence[Outcome], unit: float) -> list[Numbers]:
    """Return what each outcome costs, the calm first, as a number for every column of the plan and of a response."""
    size = len(plan.cost)
    costs = np.zeros((1 + len(outcomes), size + len(weighed)))
    costs[:, :size] = plan.cost
    for row, outcome in enumerate(outcomes, 1):
        for number in outcome.responses:
            costs[row, :size] += weighed[number].block.plan_cost
            costs[row, size + number] = unit
    return list(costs)


def _group(weighed: Sequence[Weighed]) -> list[list[int]]:
    """Return the places of scenarios by the matrix that their blocks share, the least put together, the most apart."""
    alike: dict[int, list[int]] = {}
    for number, one in enumerate(weighed):
        alike.setdefault(id(one.block.own), []).append(number)
    pieces = max(1, _GROUPS // len(alike))
    apart = [some for numbers in alike.values() for piece in range(pieces) if (some := numbers[piece::pieces])]
    groups = sorted(apart, key=len, reverse=True)
    return [list(chain(*groups[first::_GROUPS])) for first in range(min(_GROUPS, len(groups)))]


def _unit_of(plan: Matrix) -> float:
    """Return a unit of currency in which costs of scenarios are counted: near what a unit of a flow costs."""
    costs = np.abs(plan.cost[plan.cost != 0])
    return float(2.0 ** np.round(np.log2(np.median(costs)))) if costs.size else 1.0

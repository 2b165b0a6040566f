"""Measures of risk in an extensive form: rows and columns, of which `extensive_form` has the mathematics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from models.records.tolerances import SAME_SUM
from optimizer.programs.extended import add_columns
from optimizer.solver.arrays import Ceiling, add_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.instance import Risk
    from optimizer.solver.arrays import Matrix

    Numbers = NDArray[np.float64]


def add_measure(matrix: Matrix, costs: Sequence[Numbers], weights: Numbers, risk: Risk, least: Numbers) -> Matrix:
    """Return a program of least expected cost with a measure of risk in it, by its weight.

    Args:
        matrix: columns of the plan and of all responses, at their expected costs.
        costs: what each outcome costs, the calm first: a number for every column.
        weights: how likely each is; the calm is no outcome where the others make 1.
        risk: the measure, its level and its weight.
        least: what each outcome costs at least, for `regret`.
    """
    size, weight = len(matrix.cost), risk.weight or 0.0
    tail = risk.measure == "cvar"
    wider = add_columns(matrix, 1 + (len(costs) if tail else 0))
    cost = (1.0 - weight) * wider.cost
    cost[size] = weight
    calm_may_be = 1.0 - weights[1:].sum() > SAME_SUM
    if tail:
        cost[size + 1 :] = weight / (1.0 - risk.tail_from) * weights
        cost[size + 1] *= calm_may_be
    lower = wider.lower.copy()
    lower[size] = -np.inf
    allowed = least if risk.measure == "regret" else np.zeros(len(costs))
    ceilings = []
    for number, (row, most) in enumerate(zip(costs, allowed.tolist(), strict=True)):
        counts = calm_may_be or number > 0
        full = np.zeros(len(cost))
        full[:size] = row
        full[size] = -1.0
        if tail:
            full[size + 1 + number] = -1.0
        ceilings.append(Ceiling.on(full, most if counts else np.inf))
    return add_rows(replace(wider, cost=cost, lower=lower), ceilings)

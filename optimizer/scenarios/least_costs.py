"""What each outcome costs at least: a plan that knows which scenario comes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.enforcement import prepare
from models.formulation.components import parts
from optimizer.programs.extensive_form import known_before, list_hits
from optimizer.programs.program import Program
from optimizer.programs.response_block import PlanColumns
from optimizer.programs.responses import list_responses
from optimizer.results.interval import Interval
from optimizer.solver.deadline import Deadline
from optimizer.solver.outer_approximation.minimise import minimise

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from optimizer.solver.arrays import Matrix


def list_least_costs(instance: EnforcedInstance, gap: float) -> list[Interval]:
    """Return what a plan costs that knows which outcome comes, of the calm first: the sum of its parts."""
    with Deadline() as deadline:
        found = [_list_least_of(part, gap, deadline) for part in parts(instance)]
    calm = [one[""] for one in found]
    names = ["", *(scenario.name for scenario in instance.foreseen)]
    each = [[mine.get(name, free) for mine, free in zip(found, calm, strict=True)] for name in names]
    return [Interval(sum(one.bound for one in ends), sum(one.cost for one in ends)) for ends in each]


def _list_least_of(part: EnforcedInstance, gap: float, deadline: Deadline) -> dict[str, Interval]:
    """Return the same of a part, by the name of the scenario, for those that hit it; of the calm under no name."""
    program = Program(part, alone=True)  # with what a plan may do for scenarios, such as reserve capacity
    least = {"": _least(program.matrix, gap, deadline)}
    if part.foreseen:
        columns = PlanColumns(list(program.columns), program.matrix.cost, prepare(part), part.limits)
        weighed = list_responses(part, columns, deadline.look)
        known: dict[tuple[int, ...], Interval] = {}
        for name, responses in list_hits(weighed).items():
            if responses not in known:
                matrix = known_before(program.matrix, [weighed[number] for number in responses])
                known[responses] = _least(matrix, gap, deadline)
            least[name] = known[responses]
    return least


def _least(matrix: Matrix, gap: float, deadline: Deadline) -> Interval:
    outcome = minimise(matrix, gap=gap, deadline=deadline)
    return Interval(outcome.bound, math.inf if outcome.values is None else outcome.objective)

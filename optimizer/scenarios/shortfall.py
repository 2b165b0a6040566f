"""Why no plan covers a scenario: what cannot be had in it, of demand that may not be left unmet.

Demand without a shortage cost has to be met in every scenario. Where that cannot be, each scenario is asked alone how
little must go unmet, whatever it costs; and where each alone could be covered, all of them are asked together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.enforcement import prepare
from models.formulation.components import parts
from models.records.tolerances import ROUNDING
from models.records.wording import format_apart
from optimizer.programs.extensive_form import extensive_form
from optimizer.programs.program import Program
from optimizer.programs.response_block import PlanColumns
from optimizer.programs.responses import list_responses
from optimizer.solver.outer_approximation.minimise import minimise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from models.enforcement import EnforcedInstance
    from optimizer.programs.extensive_form import Weighed
    from optimizer.solver.arrays import Matrix
    from optimizer.solver.deadline import Deadline

_NEAR = 1e-6
"""Relative gap at which the least unmet demand is taken."""


class _Need(NamedTuple):
    """A demand that must be met in a scenario."""

    scenario: str
    material: str
    period: str
    units: float


def list_shortfalls(instance: EnforcedInstance, deadline: Deadline) -> list[str]:
    """Return a sentence for each part in which some scenario cannot be covered, as far as the time allows."""
    return [said for part in parts(instance) if part.foreseen for said in _shortfalls(part, deadline)]


def _shortfalls(part: EnforcedInstance, deadline: Deadline) -> Iterator[str]:
    plan = Program(part, alone=True)
    size = len(plan.matrix.cost)
    columns = PlanColumns(list(plan.columns), plan.matrix.cost, prepare(part), part.limits)
    responses = list_responses(part, columns, unmet_price=0.0)
    for some in [*([one] for one in responses), responses]:
        matrix = extensive_form(plan.matrix, some).matrix
        needs = dict(_list_needs(some, size))
        unmet = _least(matrix, needs, deadline)
        if unmet is None:
            return
        if unmet:
            place = min(unmet, key=lambda one: list(part.market.years).index(needs[one].period))
            alone = _least(matrix, {place: needs[place]}, deadline) or {}
            kept = [limit.name for limit in part.limits if limit.in_responses]
            together = len(some) > 1 and not alone
            yield _describe(needs[place], alone.get(place, unmet[place]), part.mass_unit, kept, together=together)
            return


def _list_needs(responses: Sequence[Weighed], start: int) -> Iterator[tuple[int, _Need]]:
    """Yield where the unmet demand of scenarios stands that has no price."""
    for one in responses:
        scenario = one.scenarios[0]
        market = scenario.market
        for place, (family, key) in enumerate(one.block.names, start):
            if family == "unmet" and market.shortage_cost(*key) is None:
                yield place, _Need(scenario.name, key[1], key[2], market.demand_of(key[1], [key[2]], [key[0]]))
        start += len(one.block.names)


def _least(matrix: Matrix, needs: Mapping[int, _Need], deadline: Deadline) -> dict[int, float] | None:
    """Return the least that must go unmet of some needs, of which nothing must in all others; None where unknown."""
    cost = np.zeros_like(matrix.cost)
    cost[list(needs)] = 1.0
    if deadline.is_over(has_plan=True):
        return None
    found = minimise(replace(matrix, cost=cost), gap=_NEAR, deadline=deadline)
    if found.values is None:
        return None
    return {place: units for place, need in needs.items() if (units := found.values[place]) > ROUNDING * need.units}


def _describe(need: _Need, unmet: float, mass_unit: str, kept: Sequence[str], *, together: bool) -> str:
    most, whole = format_apart(need.units - unmet, need.units)
    within = f" within {', '.join(kept)}, which {'holds' if len(kept) == 1 else 'hold'} in responses" if kept else ""
    beside = ", where the other scenarios are covered too," if together else ""
    said = f"of {need.material} in {need.period}{beside} at most {most} of {whole} {mass_unit} can be had{within}"
    return f"scenario {need.scenario}: {said}, and no shortage_cost says what the rest would cost"

"""What must be true of every limit on what survives a loss: against independent programs, and of any terms."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.limits import KINDS
from optimizer.errors import NoPlan, SolverFailure
from optimizer.programs.program import Program
from optimizer.solver.arrays import Ceiling
from optimizer.solver.outer_approximation.minimise import minimise
from tests.blocks.markets import solved
from tests.laws.markets import edited
from tests.laws.oracle_floors import OracleOfFloors, least_cost
from tests.limits.variants import with_limits
from tests.scenarios.drawn import a_case
from tests.scenarios.planned import planned
from tests.stress.markets import drawn

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

FLOORS: dict[str, dict[str, Any]] = {
    "survival_floor": {"each": "offer", "lasts": 1, "min_covered": 0.7},
    "time_to_survive_floor": {"each": "offer", "lasts": 1, "min_periods": 1},
}
LEVELS: dict[str, list[float]] = {"survival_floor": [0.3, 0.6, 0.8], "time_to_survive_floor": [1, 2]}
SEEDS = range(8)


def floored(seed: int, kind: str, level: float, **facts: Any) -> EnforcedInstance:
    """Return a random market with one floor; `facts` are added to the figures of its response."""
    asked = drawn(Random(seed), shortage_cost=None)  # noqa: S311
    floor = {"kind": kind, "name": "floor", "hard": True} | FLOORS[kind] | {KINDS[kind].LEVEL: level}
    return edited(with_limits(asked, floor), lambda record: record["market"]["response"].update(facts))


def cost_of(asked: EnforcedInstance) -> float | None:
    try:
        return solved(asked).cost
    except NoPlan:
        return None


@pytest.mark.parametrize(("kind", "level"), [(kind, level) for kind, levels in LEVELS.items() for level in levels])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_floor_costs_what_plan_and_responses_cost_as_one_program(seed: int, kind: str, level: float) -> None:
    asked = floored(seed, kind, level)
    least, found = least_cost(asked), cost_of(asked)
    assert (least is None) == (found is None)
    if least is not None:
        assert found == pytest.approx(least, rel=1e-6)


@pytest.mark.parametrize("kind", FLOORS)
@pytest.mark.parametrize("seed", SEEDS)
def test_an_independent_program_covers_what_was_promised(seed: int, kind: str) -> None:
    try:
        plan = solved(floored(seed, kind, LEVELS[kind][0]))
    except NoPlan:
        pytest.skip("no plan survives")
    (limit,) = plan.instance.limits
    other = getattr(OracleOfFloors(plan.account), f"_{kind}")(limit)
    for _, reading in plan.account.readings:
        assert reading.used == pytest.approx(other[reading.key.who, reading.key.period], abs=1e-6)
        assert reading.used >= limit.level - 1e-6


@pytest.mark.parametrize("kind", FLOORS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_lower_level_and_more_surge_never_cost_more(seed: int, kind: str) -> None:
    low, high = LEVELS[kind][:2]
    asked = cost_of(floored(seed, kind, high))
    if asked is None:
        pytest.skip("no plan survives")
    for easier in (floored(seed, kind, low), floored(seed, kind, high, surge=0.9), floored(seed, kind, high, notice=0)):
        cost = cost_of(easier)
        assert cost is not None
        assert cost <= asked * (1 + 1e-9)


@pytest.mark.parametrize("kind", FLOORS)
@pytest.mark.parametrize("seed", SEEDS)
def test_more_room_for_stock_never_costs_more(seed: int, kind: str) -> None:
    asked = floored(seed, kind, LEVELS[kind][0])

    def add_room(record: dict[str, Any]) -> None:
        for row in record["market"]["stock"]:
            row["capacity"] *= 2

    cost, roomy = cost_of(asked), cost_of(edited(asked, add_room))
    if cost is None:
        pytest.skip("no plan survives")
    assert roomy is not None
    assert roomy <= cost * (1 + 1e-9)


@pytest.mark.parametrize("kind", FLOORS)
@pytest.mark.parametrize("seed", range(6))
def test_a_plan_for_scenarios_keeps_its_floor(seed: int, kind: str) -> None:
    asked, scenarios = a_case(seed)
    floor = {"kind": kind, "name": "floor", "hard": True} | FLOORS[kind] | {KINDS[kind].LEVEL: LEVELS[kind][0]}
    free = planned(asked, *scenarios)
    try:
        plan = planned(with_limits(asked, floor), *scenarios)
    except NoPlan:
        pytest.skip("no plan survives")
    assert all(reading.used >= LEVELS[kind][0] - 1e-6 for _, reading in plan.account.readings)
    assert plan.cost >= free.cost * (1 - 1e-9)


class _Idle:
    """A recourse that never holds, and whose cut cuts nothing off."""

    def __init__(self) -> None:
        self.cuts: list[Ceiling] = []

    def apart(self) -> _Idle:
        return _Idle()

    def separate(self, *_: object) -> list[Ceiling]:
        return [Ceiling(np.array([0]), np.array([1.0]), 1e9)]


def test_cuts_that_cut_nothing_off_are_a_fault_and_not_an_endless_search() -> None:
    matrix = replace(Program(floored(3, "survival_floor", 0.3)).matrix, recourse=_Idle())
    with pytest.raises(SolverFailure, match="keeps every cut of it"):
        minimise(matrix, gap=0.0)

"""When the time is over there is a whole plan: each part has the best that was found, or its quick plan."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import optimizer.memory
import optimizer.programs.incumbent
import optimizer.solver.deadline
from optimizer.errors import NoPlan
from optimizer.files.json_text import json_text
from optimizer.folders.plans import summary
from optimizer.programs.program import Program
from optimizer.report.terminal import format_answer
from optimizer.results.solution import settings_of
from optimizer.solve import Solution, solve
from optimizer.solver.outcome import Relaxation
from tests.cli.command import bundled
from tests.found.test_found import market, need, offer

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.enforcement import EnforcedInstance

AT_ONCE = 1e-9
"""A time limit [s] that is over before anything is done."""


def stopped(instance: EnforcedInstance, time_limit: float = AT_ONCE) -> Solution:
    return solve(instance, settings_of(instance, gap=0.0, time_limit=time_limit))


def metals(*shortage_costs: float | None) -> EnforcedInstance:
    """Return a market of metals of which 100 t each are needed and cost 10 a ton, each a part of its own."""
    names = {f"metal-{number}": cost for number, cost in enumerate(shortage_costs, start=1)}
    materials = [
        {"material": name, "stages": "refined", "basis": "t", "shortage_cost": cost} for name, cost in names.items()
    ]
    offers = [offer(f"seller-{name}", 10, material=name) for name in names]
    return market({"materials": materials, "offers": offers, "demand": [need(100, material=name) for name in names]})


def contracts() -> EnforcedInstance:
    """Return a market whose relaxation signs a contract and a half: 1 680; rounded up 1 740, and 1 720 at best."""
    offers = [offer("first", 10, fixed_cost=120), offer("second", 10, fixed_cost=120), offer("spot", 12)]
    return market({"offers": offers, "demand": [need(150)]})


def test_demand_that_may_go_unmet_does_so_where_there_was_no_time_at_all() -> None:
    plan = stopped(metals(50, 70))
    assert plan.account.plan.unmet == {("plant", "metal-1", "p"): 100, ("plant", "metal-2", "p"): 100}
    assert plan.cost == pytest.approx(100 * 50 + 100 * 70)
    assert format_answer(plan) == (
        "x: the plan costs 12 000 USD, stopped before the proof: how far it is from the least is not known "
        "(0 of 2 parts are proven; a quick plan only of metal-1, metal-2); "
        "100 t of metal-1 unmet (100% of demand) and 100 t of metal-2 unmet (100% of demand)."
    )


def test_what_is_not_known_of_a_stopped_plan_is_null_in_json() -> None:
    def refuse(word: str) -> None:
        pytest.fail(f"{word} is not JSON")

    said: dict[str, Any] = json.loads(json_text(summary(stopped(metals(50, 70)))), parse_constant=refuse)
    assert (said["status"], said["bound"], said["gap"]) == ("stopped", None, None)
    assert said["unfinished"] == [
        {"part": "metal-1", "cost": 5000, "bound": None, "quick": True},
        {"part": "metal-2", "cost": 7000, "bound": None, "quick": True},
    ]


def test_parts_that_were_reached_keep_their_plans_when_the_time_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=0.0)

    def build(part: EnforcedInstance, look: Callable[[], None]) -> Program:
        clock.now += 1
        return Program(part, look=look)

    monkeypatch.setattr(optimizer.solver.deadline, "time", SimpleNamespace(perf_counter=lambda: clock.now))
    monkeypatch.setattr(optimizer.memory, "Program", build)
    plan = stopped(metals(50, 50, 50, 50), time_limit=1.5)
    # The first was solved in time, the second built as the time ended, and nothing done for the others.
    assert plan.account.plan.flow == {("seller-metal-1", "plant", "p"): 100, ("seller-metal-2", "plant", "p"): 100}
    assert plan.account.plan.unmet == {("plant", "metal-3", "p"): 100, ("plant", "metal-4", "p"): 100}
    assert plan.cost == pytest.approx(2 * 100 * 10 + 2 * 100 * 50)
    assert [part.part for part in plan.unfinished] == ["metal-3", "metal-4"]


def test_stock_meets_demand_where_nothing_is_bought() -> None:
    periods = ["p", "q"]
    tables = {
        "periods": [{"name": period, "years": 1} for period in periods],
        "materials": [{"material": "ore", "stages": "refined", "basis": "t", "shortage_cost": 50}],
        "offers": [offer("a", 10)],
        "demand": [need(30, period=period) for period in periods],
        "stock": [{"site": "plant", "material": "ore", "opening": 50, "closing_minimum": 5, "capacity": 60}],
    }
    plan = stopped(market(tables)).account.plan
    assert plan.stock == {("plant", "ore", "p"): 20, ("plant", "ore", "q"): 5}
    assert plan.unmet == {("plant", "ore", "q"): 15}


@pytest.mark.parametrize(
    "limit",
    [
        {"kind": "quantity_floor", "name": "some", "country": "AU", "basis": "place", "min_quantity": 20},
        {
            "kind": "least_sources",
            "name": "one",
            "count": "country",
            "basis": "place",
            "min_sources": 1,
            "counts_from": 0.05,
        },
    ],
)
def test_a_plan_is_found_late_where_leaving_all_unmet_is_none(limit: dict[str, Any]) -> None:
    tables = {
        "materials": [{"material": "ore", "stages": "refined", "basis": "t", "shortage_cost": 50}],
        "offers": [offer("a", 10)],
        "demand": [need(100)],
    }
    assert stopped(market(tables, limit | {"stages": ["refined"]})).cost == pytest.approx(1000)


def test_demand_that_must_be_met_has_the_plan_of_the_relaxation_rounded_up_and_its_bound() -> None:
    plan = stopped(contracts())
    assert plan.cost == pytest.approx(1740)
    assert plan.bound == pytest.approx(150 * 10 + 1.5 * 120)
    assert not plan.proven
    assert format_answer(plan) == (
        "x: the plan costs 1 740 USD, stopped before the proof: the least is at most 3.4% lower (a quick plan only)."
    )


def test_a_linear_program_is_solved_by_its_quick_plan() -> None:
    plan = stopped(metals(None, None))
    assert plan.cost == plan.bound == pytest.approx(2000)
    assert plan.proven


def test_a_part_that_has_no_plan_is_told_to_have_none_though_the_time_is_over() -> None:
    tables = {"offers": [offer("a", 10)], "demand": [need(101)]}
    with pytest.raises(NoPlan, match=r"^there is no plan that covers the demand and holds every limit$") as none:
        stopped(market(tables))
    assert none.value.proven


def test_without_any_plan_the_limit_and_the_cures_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimizer.programs.incumbent, "relax", lambda *_: Relaxation(-math.inf, None, None))
    monkeypatch.setattr(optimizer.programs.incumbent, "find_first", lambda *_: None)
    with pytest.raises(NoPlan) as none:
        stopped(contracts(), time_limit=0.001)
    assert not none.value.proven
    assert str(none.value) == (
        "no plan was found within the time limit of 0.001 s, nor in the 10 s after it; give it more time with "
        "--time-limit, or say what unmet demand of ore costs (shortage_cost): then there is a plan at once"
    )


def test_a_time_limit_that_is_not_reached_changes_no_plan() -> None:
    instance = bundled("us-battery-2027")
    settings = settings_of(instance)
    free, limited = solve(instance, settings), solve(instance, settings_of(instance, time_limit=1e6))
    assert limited.account.plan == free.account.plan
    assert (limited.cost, limited.bound, limited.unfinished) == (free.cost, free.bound, ())
    assert math.isfinite(free.bound)

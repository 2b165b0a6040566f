"""What limits cost is said with every plan, for little effort that is counted, and proven when it is asked for."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import optimizer.limits_cost
from optimizer.limits_cost import add_limits_cost
from optimizer.load import load
from optimizer.programs.program import Program
from optimizer.report.terminal import format_answer
from optimizer.results.interval import Interval
from optimizer.results.solution import settings_of
from optimizer.session import Session
from optimizer.solve import solve
from optimizer.solver.effort import Effort
from optimizer.solver.outcome import Outcome
from tests.cli.command import ROOT, bundled
from tests.found.test_found import market, need, offer

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from optimizer.results.solution import Solution

METALS = ("tin", "zinc")
TUTORIAL = ROOT / "instances" / "tutorial-lithium-cobalt"


def metals(*limits: dict[str, Any], **terms: float) -> Instance:
    """Return a market of two metals: 100 t of each, of which a first seller has 70 at 10, and a second 70 at 20."""
    offers = [
        offer(f"{metal}-{number}", 10.0 * number, 70, country, material=metal, attributes={"co2": 30 / number}, **terms)
        for metal in METALS
        for number, country in ((1, "AU"), (2, "CA"))
    ]
    materials = [{"material": metal, "stages": "refined", "basis": "t"} for metal in METALS]
    demand = [need(100, material=metal) for metal in METALS]
    return market({"materials": materials, "offers": offers, "demand": demand, "attributes": ["co2"]}, *limits)


def cap(share: float, *materials: str) -> dict[str, Any]:
    terms = {"kind": "share_cap", "name": "cap", "country": "AU", "basis": "place", "stages": ["refined"]}
    return terms | {"max_share": share} | ({"materials": list(materials)} if materials else {})


def asked(instance: Instance, *, prove: bool = False) -> Solution:
    session = Session(settings_of(instance, gap=0.0))
    return add_limits_cost(solve(instance, session=session), session, prove=prove)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the parts that are built to be solved without limits."""
    names: list[str] = []

    def build(part: EnforcedInstance) -> Program:
        names.append(part.name)
        return Program(part)

    monkeypatch.setattr(optimizer.limits_cost, "Program", build)
    return names


def test_only_parts_in_which_a_limit_binds_are_solved_without_it(built: list[str]) -> None:
    # Of tin 20 t move from the first seller to the second, 10 dearer; zinc stays as it is.
    plan = asked(metals(cap(0.5, "tin")))
    assert plan.limits_cost == Interval(200.0, 200.0)
    assert built == ["tin"]


def test_limits_that_leave_room_cost_nothing_and_that_needs_no_solve(built: list[str]) -> None:
    plan = asked(metals(cap(0.8)))
    assert format_answer(plan).startswith(
        "x: the plan costs 2 600 USD, proven to be the least; its limits cost nothing"
    )
    assert built == []


def test_parts_that_only_limits_tie_are_solved_apart(built: list[str]) -> None:
    total = {"kind": "total_cap", "name": "carbon", "attribute": "co2", "group": "total", "max_total": 4950}
    plan = asked(metals(total | {"stages": ["refined"]}))
    # Without it there are 5 100; a ton from Canada in the place of one from Australia has 15 less, and costs 10 more.
    assert plan.sizes["parts"] == 1
    assert plan.limits_cost == Interval(100.0, 100.0)
    assert sorted(built) == ["tin", "zinc"]


def test_a_slack_cap_may_cost_something_where_contracts_are_taken_whole() -> None:
    # All of tin from Canada keeps to the cap, with room; without it 70 t and 30 t are cheaper.
    instance = metals(cap(0.6, "tin"), minimum_take=30.0, fixed_cost=1.0)
    plan = asked(instance)
    free = asked(instance, prove=True).without_limits
    assert plan.limits_cost == Interval(100.0, 100.0)
    assert free == plan.without_limits


def test_what_the_effort_does_not_prove_is_told_as_an_interval_that_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    offers = [offer("a", 10, fixed_cost=120), offer("b", 10, country="CA", fixed_cost=120), offer("spot", 12)]
    instance = market({"offers": offers, "demand": [need(150)]}, cap(0.0) | {"country": "CA"})
    # With half a contract 1 680; 100 t of one and 50 t of spot metal cost 1 720, with the cap and without.
    assert asked(instance, prove=True).without_limits == Interval(1720.0, 1720.0)
    nothing = Outcome("nothing found", None, math.inf, -math.inf, 0.0, "")
    monkeypatch.setattr(optimizer.limits_cost, "minimise", lambda *_, **__: nothing)
    plan = asked(instance)
    assert plan.without_limits == Interval(1680.0, 1720.0)
    assert format_answer(plan).endswith("proven to be the least; of it the limits cost at most 40.00 USD.")


def test_without_any_effort_it_is_not_known_and_the_flag_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimizer.limits_cost, "_tenth_of", lambda _: Effort(0, 0))
    plan = asked(load(TUTORIAL))
    assert plan.limits_cost is not None
    assert math.isinf(plan.limits_cost.cost)
    said = "64.30 million USD, proven to be the least; what its limits cost is not known (--limits-cost works it out)"
    assert said in format_answer(plan)
    assert "; of it the limits cost 3.40 million USD (5.6% more than without them)" in format_answer(
        asked(load(TUTORIAL), prove=True)
    )


@pytest.mark.parametrize(
    ("free", "said"),
    [
        (Interval(2500.0, 2550.0), "; of it the limits cost between 50.00 USD and 100 USD"),
        (Interval(2500.0, 2600.0), "; of it the limits cost at most 100 USD"),
        (Interval(-math.inf, 2550.0), "; of it the limits cost 50.00 USD or more (--limits-cost works it out)"),
        (Interval(2550.0, 2550.0), "; of it the limits cost 50.00 USD (2.0% more than without them)"),
    ],
)
def test_both_ends_of_what_limits_cost_are_told(free: Interval, said: str) -> None:
    plan = replace(asked(metals(cap(0.8))), without_limits=free)
    assert format_answer(plan) == f"x: the plan costs 2 600 USD, proven to be the least{said}."


def test_the_answer_hangs_on_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = bundled("us-battery-2027")
    before = asked(instance).without_limits
    hours = iter(range(0, 10**9, 3600))
    slow = SimpleNamespace(perf_counter=lambda: float(next(hours)))
    monkeypatch.setattr("optimizer.solver.deadline.time", slow)
    assert asked(instance).without_limits == before


def test_its_time_is_part_of_the_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = metals(cap(0.8))
    session = Session(settings_of(instance))
    plan = solve(instance, session=session)
    ticks = iter((10.0, 17.0))
    monkeypatch.setattr(optimizer.limits_cost, "time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    assert add_limits_cost(plan, session).seconds == pytest.approx(plan.seconds + 7)


def test_a_solve_takes_the_same_effort_each_time() -> None:
    instance = bundled("us-battery-2027")
    sessions = [Session(settings_of(instance)) for _ in range(2)]
    for session in sessions:
        solve(instance, session=session)
    assert sessions[0].spent == sessions[1].spent
    assert sessions[0].spent.looks > 0

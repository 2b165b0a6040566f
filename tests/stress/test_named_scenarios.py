"""A plan tested against scenarios that it was not planned for."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from models.enforcement import enforce
from models.market import Shock, ShortNotice, StatedScenario
from optimizer.results.solution import settings_of
from optimizer.session import Session
from optimizer.stress.named_scenarios import respond_to_scenarios
from optimizer.stress.run import StressTest
from tests.blocks.markets import instance, offer
from tests.cli.command import copied, lodeplan
from tests.cli.command import solved as written
from tests.stress.losing import lost

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.results.risk_profile import ScenarioOutcome
    from optimizer.results.solution import Solution

Q = ("q1", "q2", "q3", "q4")
NEED = dict.fromkeys(Q, 20.0)
SHOCKS = [("stop", "capacity north", "0"), ("dear", "price south", "+50%"), ("more", "demand ore", "+10%")]


def a_plan(shortage_cost: float | None) -> Solution:
    """Return the plan of two sellers of ten a quarter each, planned as if nothing could happen."""
    asked = instance(
        [offer("north", 10, 40), offer("south", 11, 400)],
        NEED,
        years=dict.fromkeys(Q, 0.25),
        shortage_cost=shortage_cost,
        response=ShortNotice(surge=0.1, surge_premium=0.5),
        scenarios=[StatedScenario(scenario=name, probability=0.1, begins="q2") for name, _, _ in SHOCKS],
        shocks=[Shock(scenario=name, what=what, value=value, lasts=2) for name, what, value in SHOCKS],
    )
    return Session(settings_of(asked, gap=0.0, calm=True)).solve(enforce(asked))


def outcomes(plan: Solution, *names: str) -> dict[str, ScenarioOutcome]:
    price = StressTest(plan.instance, plan.account).unmet_price
    return {one.scenario: one for one in respond_to_scenarios(plan.instance, plan.account, names, price).outcomes}


@pytest.mark.parametrize("shortage_cost", [100.0, None])
def test_a_scenario_in_which_a_supplier_stops_does_what_its_loss_does(shortage_cost: float | None) -> None:
    plan = a_plan(shortage_cost)
    stop, loss = outcomes(plan, "stop")["stop"], lost(plan, "offer:north", begins=1, lasts=2)
    (found,) = stop.materials
    assert found.unmet == loss.worst.unmet == (("q2", 9.0), ("q3", 9.0))
    assert stop.extra_cost == pytest.approx(loss.extra_cost)
    assert found.covered == pytest.approx(1 - 18 / 60)


@pytest.mark.parametrize("shortage_cost", [100.0, None])
def test_dearer_goods_and_more_demand_are_answered_at_their_own_prices(shortage_cost: float | None) -> None:
    found = outcomes(a_plan(shortage_cost), "dear", "m*")
    assert list(found) == ["dear", "more"]
    assert found["dear"].covered == 1
    assert found["dear"].extra_cost == pytest.approx(2 * 10 * 5.5)
    # 2 more are needed a quarter: south gives 1 more, at half as much again, and north sells all that it has already
    assert found["more"].covered == pytest.approx(1 - 2 / 64)
    assert found["more"].extra_cost == pytest.approx(2 * (16.5 + (shortage_cost or 0)))


def test_a_name_that_reads_as_a_wildcard_means_itself() -> None:
    plan = a_plan(None)
    market = plan.instance.market
    names = ("[st]op", "stop")
    scenarios = tuple(StatedScenario(scenario=name, probability=0.1, begins="q2") for name in names)
    shocks = tuple(Shock(scenario=name, what="capacity north", value="0", lasts=2) for name in names)
    there = market.model_copy(update={"scenarios": scenarios, "shocks": shocks})
    named = replace(plan, instance=plan.instance.model_copy(update={"market": there}))
    assert list(outcomes(named, "[st]op")) == ["[st]op"]
    assert list(outcomes(named, "*")) == ["[st]op", "stop"]


def test_the_command_tells_scenarios_beside_losses_or_alone(tmp_path: Path) -> None:
    folder = copied("tutorial-lithium-cobalt", tmp_path)
    (folder / "scenarios.csv").write_text("scenario,probability,begins,assumed\nfire,0.1,2027,probability\n", "utf-8")
    (folder / "shocks.csv").write_text("scenario,what,value\nfire,capacity kokkola,0\n", "utf-8")
    terms = "\n[response]\nsurge = 0.1\nsurge_premium = 0.25\nnotice = 0\ntake_or_pay = 0.3\n"
    (folder / "instance.toml").write_text((folder / "instance.toml").read_text("utf-8") + terms, "utf-8")
    plan = written(folder, tmp_path / "plan", "--calm")
    words = ("stress", plan, folder, "--scenario", "fire")
    alone = json.loads(lodeplan(*words, "--json").out)
    assert (alone["losses"], [one["scenario"] for one in alone["scenarios"]]) == ([], ["fire"])
    both = json.loads(lodeplan(*words, "--lose", "offer:kokkola", "--json").out)
    assert both["scenarios"] == alone["scenarios"]
    (loss,) = [row for row in both["losses"] if row["material"] == "cobalt"]
    assert both["scenarios"][0]["covered"] == loss["covered"] < 1
    assert "tested against 1 scenario. The worst, fire, from 2027, leaves " in lodeplan(*words, "-q").out
    faults = {
        ("--duration", "1", "--from", "2027"): (
            "--duration: is said of losses, and a scenario says itself when it begins and how long it lasts; leave it "
            "out, or add --lose\n"
            "--from: is said of losses, and a scenario says itself when it begins and how long it lasts; leave it out, "
            "or add --lose\n"
        ),
        ("--csv",): "--csv: holds losses alone; leave out --scenario, or take --json, which holds scenarios too\n",
        ("--scenario", "fir"): "--scenario fir: is no scenario of the instance (did you mean fire?)\n",
    }
    for more, line in faults.items():
        said = lodeplan(*words, *more)
        assert (said.code, said.out, said.err) == (2, "", line)

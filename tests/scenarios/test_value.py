"""What planning for scenarios is worth, and what stands in the files of such a plan."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

from models.enforcement import EnforcedInstance
from models.limits.cover_floor import CoverFloor
from models.limits.share_cap import ShareCap
from models.market import Demand, Duty, ShortNotice, Stock
from models.scenarios import mean_of
from optimizer.planning_value import find_value
from optimizer.report.answer import format_money
from optimizer.report.risk import describe_risk_in, describe_value
from optimizer.results.solution import settings_of
from optimizer.session import Session
from tests.blocks.markets import ORE, instance, offer
from tests.cli.command import copied, lodeplan
from tests.scenarios.drawn import a_case
from tests.scenarios.planned import planned, stops, turns

if TYPE_CHECKING:
    from pathlib import Path

    from models.market.scenario import Scenario
    from optimizer.results.planning_value import PlanningValue


@pytest.mark.parametrize("seed", range(8))
def test_it_is_what_plans_cost_that_know_more_and_less(seed: int) -> None:
    """The least cost of a scenario is that of a plan to which it is sure; the plan of the calm is the plan of today."""
    asked, scenarios = a_case(seed)
    plan = planned(asked, *scenarios)
    value = find_value(plan, Session(settings_of(plan.instance, gap=0.0)))
    assert value is not None
    calm, *each = value.regrets
    assert calm.least.cost == pytest.approx(planned(asked).cost, rel=1e-6)
    assert value.calm.calm_cost == pytest.approx(calm.least.cost, rel=1e-6)
    for scenario, one in zip(scenarios, each, strict=True):
        sure = planned(asked, scenario._replace(probability=1.0))
        assert sure.risk is not None
        assert one.least.cost == pytest.approx(sure.risk.cost_of(sure.risk.outcomes[0]), rel=1e-4)
        assert one.of(one.cost).cost >= 0
    knowing, saved = value.perfect_information, value.stochastic_solution
    mean = sum(one.probability * one.least.cost for one in value.regrets)
    slight = 1e-6 * abs(plan.cost)
    assert knowing.cost == pytest.approx(plan.cost - mean, abs=slight)
    assert saved is not None
    assert saved.cost == pytest.approx(max(0.0, value.calm.expected - plan.cost), abs=slight)


def test_the_files_of_a_plan_say_what_happens_in_each_scenario(tmp_path: Path) -> None:
    """Costs add up to the expected one, what is met is what is taken, called and delivered, and an audit goes on."""
    tutorial = copied("tutorial-lithium-cobalt", tmp_path)
    add_scenarios(tutorial)
    plan = tmp_path / "plan"
    said = lodeplan("solve", tutorial, "--value", "-o", plan)
    assert said.code == 0, said.err
    assert "on average (EVPI)" in said.out
    summary = json.loads((plan / "summary.json").read_text("utf-8"))
    risk, responses, regret = (read(plan / f"{name}.csv") for name in ("risk", "responses", "regret"))
    assert [row["scenario"] for row in risk] == ["calm", "china stops", "dear"]
    expected = sum(float(row["probability [share]"]) * float(row["cost [USD]"]) for row in risk)
    assert expected == pytest.approx(summary["risk"]["expected"])
    assert [row["cost [USD]"] for row in risk] == [row["cost [USD]"] for row in regret]
    assert all(float(row["regret [USD]"]) >= 0 for row in regret)
    calm = json.loads(lodeplan("solve", tutorial, "--calm", "--json").out)["cost"]
    assert float(regret[0]["calm plan cost [USD]"]) == pytest.approx(calm)
    assert summary["risk"]["calm"]["cost"] > calm
    lost = {row["offer"] for row in responses if row["scenario"] == "china stops" and float(row["quantity [t]"]) == 0}
    assert lost == {"china-lithium", "china-cobalt", "sudbury"}  # whose ore only the last of these could refine
    (short,) = (row for row in responses if row["what"] == "unmet")
    assert (short["material"], short["quantity [t]"]) == ("cobalt", risk[1]["unmet [t]"])
    again = lodeplan("audit", plan, tutorial)
    assert (again.code, again.err) == (0, "")


def test_without_scenarios_there_is_nothing_to_value(tmp_path: Path) -> None:
    """And no file that says so by having no rows."""
    tutorial = copied("tutorial-lithium-cobalt", tmp_path)
    said = lodeplan("solve", tutorial, "--value", "-o", tmp_path / "plan")
    assert (said.code, said.err) == (0, "note: --value: there are no scenarios, so there is nothing to plan for\n")
    assert not {"risk.csv", "responses.csv", "regret.csv"} & {path.name for path in (tmp_path / "plan").iterdir()}


def test_a_plan_for_drawn_hazards_is_judged_on_other_draws(tmp_path: Path) -> None:
    """Draws that leave no way out give what counting all ways gives."""
    tutorial = copied("tutorial-lithium-cobalt", tmp_path)
    add_scenarios(tutorial)
    (tutorial / "hazards.csv").write_text(
        "hazard,what,value,chance,lasts\nstrike,capacity atacama,x0.5,0.2,1\nstrike,capacity atacama,0,0.1,1\n"
        "flood,capacity *@AU,0,0.05,1\nflood,capacity greenbushes,0,0.05,1\n",
        "utf-8",
    )
    summaries = [
        json.loads(lodeplan("solve", tutorial, "--json", *options).out)
        for options in ((), ("--samples", "1000"), ("--samples", "2", "--seed", "1"))
    ]
    counted, drawn, some = (summary["risk"] for summary in summaries)
    assert ["Hazards are drawn" in " ".join(describe_risk_in(summary)) for summary in summaries] == [False, True, True]
    ruined = summaries[2] | {"risk": some | {"redrawn": None}}
    assert "draws the plan leaves demand unmet that has no shortage_cost" in " ".join(describe_risk_in(ruined))
    assert counted["redrawn"] is None
    assert drawn["redrawn"] == drawn["expected"] == pytest.approx(counted["expected"])
    assert len(some["scenarios"]) == len(counted["scenarios"]) - 2
    assert some["redrawn"] != some["expected"]
    said = lodeplan("solve", tutorial, "--samples", "2").out
    assert "on a second set of draws the plan is expected to cost" in " ".join(said.split())
    refused = lodeplan("solve", tutorial, "--seed", "1")
    why = "--seed is of draws, and nothing says that there are any; give --samples as well"
    assert (refused.code, refused.err) == (2, f"{why}\n")


def add_scenarios(folder: Path) -> None:
    """Let China stop, or all prices rise; what cannot be had then is left unmet at a cost."""
    (folder / "scenarios.csv").write_text("scenario,probability,begins\nchina stops,0.1,2027\ndear,0.3,2027\n", "utf-8")
    (folder / "shocks.csv").write_text("scenario,what,value\nchina stops,capacity *@CN,0\ndear,price *,+20%\n", "utf-8")
    (folder / "materials.csv").write_text(
        "material,stages,shortage_cost,basis\n"
        "lithium,mined; refined,200000,t Li content\ncobalt,mined; refined,200000,t Co content\n",
        "utf-8",
    )
    with (folder / "instance.toml").open("a", encoding="utf-8") as file:
        file.write("\n[response]\nsurge = 0.1\nsurge_premium = 0.25\ntake_or_pay = 0.3\n")


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_plan_of_the_mean_stands_beside_the_others() -> None:
    """At the mean price a contract does not pay that pays in the calm, and in which its price rises."""
    offers = [offer("spot", 20), offer("fixed", 15, fixed_cost=60)]
    asked = instance(offers, {"a": 20.0, "b": 20.0}, shortage_cost=90)
    dear = [row.model_copy(update={"price": 60.0}) if row.offer == "fixed" else row for row in offers]
    value = _value(asked, turns(asked, "dear", 0.2, 0, offers=dear))
    assert (value.mean, value.why_no_mean) != (None, "")
    assert value.mean is not None
    assert value.mean.calm_cost == pytest.approx(20 * 40)  # at a mean price of 24 it signs nothing
    assert [one.mean_cost for one in value.regrets] == pytest.approx([800.0, 800.0])
    assert value.as_data()["expected_cost_of_mean_plan"] == pytest.approx(800.0)
    assert (value.calm.calm_cost, value.calm.expected) == pytest.approx((660.0, 0.8 * 660 + 0.2 * 2460))


def test_the_plan_of_the_caps_alone_is_made_ready_for_no_loss_and_keeps_all_other_limits() -> None:
    """What a floor of stock costs in the calm, and saves in a scenario, is the difference to the plan for the calm."""
    offers = [offer("near", 10, country="US"), offer("far", 8, country="AU")]
    cap = ShareCap(name="cap", country="AU", basis="place", stages=("refined",), max_share=0.5, hard=True)
    ready = CoverFloor(name="ready", min_days=365, group="total", periods=("a",), hard=True)
    stock = [Stock(site="plant", material=ORE, capacity=30, holding_cost=1.0)]
    asked = instance(offers, {"a": 20.0, "b": 20.0}, cap, ready, shortage_cost=90, stock=stock)
    value = _value(asked, stops(asked, "near", 0.1, 1))
    only = planned(instance(offers, {"a": 20.0, "b": 20.0}, cap, shortage_cost=90, stock=stock))
    assert value.prepares == ("ready",)
    assert value.caps is not None
    assert value.caps.calm_cost == pytest.approx(only.cost)
    assert value.calm.calm_cost > value.caps.calm_cost
    assert value.calm.expected < value.caps.expected
    assert [one.caps_cost for one in value.regrets] == pytest.approx([only.cost, only.cost + 10 * (90 - 10)])
    assert describe_value(value, "USD")[2] == (
        f"The plan of the caps alone, without ready, costs {format_money(value.caps.expected, 'USD')} on average."
    )
    watched = CoverFloor(name="ready", min_days=365, group="total", periods=("a",), watch=True)
    asked = instance(offers, {"a": 20.0, "b": 20.0}, cap, watched, shortage_cost=90, stock=stock)
    value = _value(asked, stops(asked, "near", 0.1, 1))
    assert (value.caps is value.calm, value.prepares) == (True, ())
    assert "is that same plan" in describe_value(value, "USD")[2]


@pytest.mark.parametrize(
    ("tables", "why"),
    [
        (
            {"duties": [Duty(duty="tariff", material="ore", stage="refined", to_country="US", rate=0.5)]},
            "scenario other changes duties, which have no mean",
        ),
        (
            {"demand": [Demand(site="plant", material="ore", period="a", quantity=40)]},
            "the plan for the mean does not hold if nothing happens: plant: ore in a does not balance",
        ),
    ],
)
def test_where_the_mean_has_no_plan_it_says_why(tables: dict[str, Any], why: str) -> None:
    asked = instance([offer("spot", 20)], {"a": 20.0}, shortage_cost=90)
    value = _value(asked, turns(asked, "other", 0.1, 0, **tables))
    assert value.mean is None
    assert value.why_no_mean.startswith(why)
    assert [one.mean_cost for one in value.regrets] == [None, None]


def test_the_mean_of_a_loss_is_what_is_left_on_average() -> None:
    asked = instance([offer("spot", 20, 10), offer("far", 30)], {"a": 20.0, "b": 20.0}, shortage_cost=90)
    mean = mean_of(EnforcedInstance(asked.foreseeing([stops(asked, "spot", 0.3, 1)])))
    assert [mean.market.capacity("spot", period) for period in "ab"] == pytest.approx([10.0, 7.0])
    assert mean.foreseen == ()


def test_a_plan_for_the_calm_that_leaves_unmet_what_has_no_price_has_no_cost_there() -> None:
    """In other scenarios it has one, but none on average; and the answer names where not."""
    offers = [offer("near", 10, 20), offer("far", 12, 20, reservation_price=1.0)]
    asked = instance(offers, {"a": 20.0}, response=ShortNotice(surge=0.0, take_or_pay=0.0))
    dear = [row.model_copy(update={"price": 15.0}) if row.offer == "near" else row for row in offers]
    value = _value(asked, stops(asked, "near", 0.1, 0), turns(asked, "dear", 0.1, 0, offers=dear))
    assert [one.calm_cost for one in value.regrets] == [200.0, None, 300.0]
    assert value.stochastic_solution is None
    assert "leaves demand unmet that has no shortage_cost in near from 0 for 99, so" in describe_value(value, "USD")[1]


def _value(asked: EnforcedInstance, *scenarios: Scenario) -> PlanningValue:
    plan = planned(asked, *scenarios)
    value = find_value(plan, Session(settings_of(plan.instance, gap=0.0)))
    assert value is not None
    return value


def test_whoever_knows_of_more_demand_reserves_for_it() -> None:
    lot = offer("lot", 10, reservation_price=1.0)
    asked = instance([lot], {"now": 20.0}, shortage_cost=60, response=ShortNotice(surge=0.0))
    more = [row.model_copy(update={"quantity": 30.0}) for row in asked.market.demand]
    value = _value(asked, turns(asked, "boom", 0.5, 0, demand=more))
    assert value.risk.expected == pytest.approx(10 + 0.5 * 200 + 0.5 * 300)
    assert value.perfect_information.cost == pytest.approx(5.0)  # the fee, where nothing happens

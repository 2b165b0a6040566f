"""Questions to a plan for scenarios: what they tell is of the expected cost, and adds up."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

import lodeplan as api
from models.market import Shock, ShortNotice, StatedScenario
from models.scenarios import foresee
from optimizer.best_plan import best_plan
from optimizer.report.survival import describe_survival
from optimizer.results.solution import settings_of
from optimizer.stress.survival import survival_of
from tests.blocks.markets import instance, offer
from tests.cli.command import copied, lodeplan
from tests.scenarios.test_value import add_scenarios

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def at_risk(tmp_path: Path) -> Path:
    """The tutorial, in which China may stop and prices may rise, planned for with a measure of risk."""
    instance = copied("tutorial-lithium-cobalt", tmp_path)
    add_scenarios(instance)
    with (instance / "instance.toml").open("a", encoding="utf-8") as file:
        file.write('\n[risk]\nmeasure = "cvar"\nlevel = 0.9\nweight = 0.5\n')
    return instance


def test_a_sweep_of_the_weight_of_risk_shows_what_less_of_it_costs(at_risk: Path) -> None:
    """The more it weighs, the less the dearest cases cost, and the more is expected; whoever solves."""
    words = ("sweep", at_risk, "--set", "risk.weight=0..0.8:3")
    said = lodeplan(*words, "--csv")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    side_by_side = list(csv.DictReader(io.StringIO(lodeplan(*words, "--csv", "--workers", "2").out)))
    expected, dearest = ([float(row[f"{name} [USD]"]) for row in rows] for name in ("expected", "measured"))
    assert expected == sorted(expected)
    assert dearest == sorted(dearest, reverse=True)
    assert dearest[-1] < dearest[0]
    for row, other, weight in zip(rows, side_by_side, (0, 0.4, 0.8), strict=True):
        weighed = (1 - weight) * float(row["expected [USD]"]) + weight * float(row["measured [USD]"])
        assert float(row["cost [USD]"]) == pytest.approx(weighed)
        assert float(other["cost [USD]"]) == pytest.approx(weighed)
    assert "dearest cases" in lodeplan(*words).out


def test_a_what_if_says_what_scenarios_cost_before_and_after(at_risk: Path) -> None:
    """Beside the costs of the calm, so that all of them add up to what is told above."""
    found = json.loads(lodeplan("whatif", at_risk, "--ban", "CD", "--json").out)
    *costs, total = found["costs"]
    assert "scenarios" in [row["cost"] for row in costs]
    assert total["change"] == pytest.approx(sum(row["change"] for row in costs))
    said = lodeplan("whatif", at_risk, "--ban", "CD", "-q").out
    assert "with their cvar weighed in" in " ".join(said.split())


def test_a_price_is_what_the_expected_cost_falls_by(at_risk: Path) -> None:
    """As two solves by hand say."""
    prices = json.loads(lodeplan("price", at_risk, "--json").out)["prices"]
    (priced,) = (row for row in prices if row["limit"] == "drc-cobalt-mined")
    with_it, without = (
        json.loads(lodeplan("solve", at_risk, "--json", *options).out)["cost"]
        for options in ((), ("--drop", "drc-cobalt-mined"))
    )
    assert priced["without"]["least"] == pytest.approx(with_it - without)


def test_what_the_limits_cost_is_what_the_expected_cost_is_less_without_them(at_risk: Path) -> None:
    """As two solves by hand say."""
    held = json.loads(lodeplan("solve", at_risk, "--limits-cost", "--json").out)
    free = json.loads(lodeplan("solve", at_risk, "--drop", "*", "--json").out)
    assert held["without_limits"]["cost"] == pytest.approx(free["cost"], rel=1e-5)
    assert held["limits_cost"]["least"] == pytest.approx(held["cost"] - free["cost"], rel=1e-3)


def test_the_price_at_which_an_offer_turns_is_that_of_what_is_minimised(at_risk: Path) -> None:
    """Just below it the plan with the offer is the cheaper one, and just above it none that buys it is."""
    found = json.loads(lodeplan("explain", at_risk, "kokkola", "--json").out)
    price, without = found["threshold"]["price"], found["without_it"]["cost"]
    assert found["threshold"]["within"] == 0
    for factor, cheaper in ((0.999, True), (1.001, False)):
        at = ("--price", f"kokkola={price * factor!r}")
        cost = json.loads(lodeplan("solve", at_risk, *at, "--json").out)["cost"]
        assert (cost < without - 1.0) is cheaper


def test_an_offer_that_is_reserved_alone_stays_in_as_long_as_that_pays() -> None:
    """Without it 20 are missing at 60 with a chance of 0.1; with it a call costs its price, and the fee is 1 a unit."""
    asked = instance(
        [offer("cheap", 10), offer("option", 12, reservation_price=1.0)],
        {"now": 20.0},
        shortage_cost=60,
        response=ShortNotice(surge=0, take_or_pay=0.1),
        scenarios=[StatedScenario(scenario="stop", probability=0.1, begins="now")],
        shocks=[Shock(scenario="stop", what="capacity cheap", value="0")],
    )
    found = api.explain(asked, "option")
    assert (found.as_dict()["bought"], found.as_dict()["reserved"]) == (0.0, pytest.approx(20.0))
    assert found.as_dict()["without_it"]["cost"] == pytest.approx(0.9 * 200 + 0.1 * 1200)
    assert found.as_dict()["threshold"] == {"price": pytest.approx(60 - 20 / 2), "within": 0.0}
    assert "Of its capacity 20 t a year are reserved" in found.answer
    said = describe_survival(survival_of(best_plan(foresee(asked), settings_of(asked, gap=0.0))))
    assert "by stock and what was planned only" not in said

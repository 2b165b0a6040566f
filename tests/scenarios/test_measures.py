"""Measures of risk: by formula from what scenarios cost, and never better served by another plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from models.enforcement import EnforcedInstance
from models.instance import Risk
from models.market import Material
from optimizer.scenarios.evaluate import evaluate
from tests.blocks.markets import instance, offer, solved
from tests.scenarios.drawn import a_case
from tests.scenarios.planned import planned, stops, turns

if TYPE_CHECKING:
    from optimizer.results.risk_profile import RiskProfile
    from optimizer.results.solution import Solution

NEAR: dict[str, Any] = {"rel": 1e-6, "abs": 1e-4}


def weighing(asked: EnforcedInstance, measure: Any, weight: float, level: float | None = None) -> EnforcedInstance:
    """Return an instance with a measure of risk."""
    return EnforcedInstance(asked.model_copy(update={"risk": Risk(measure=measure, weight=weight, level=level)}))


def profile(plan: Solution) -> RiskProfile:
    assert plan.risk is not None
    return plan.risk


def objective(risk: RiskProfile, measure: str, weight: float, level: float) -> float:
    dearest = risk.tail_mean(level) if measure == "cvar" else risk.worst
    return (1 - weight) * risk.expected + weight * dearest


@pytest.mark.parametrize(("measure", "level"), [("cvar", 0.8), ("cvar", 0.95), ("worst", None)])
@pytest.mark.parametrize("seed", range(0, 24, 4))
def test_a_measure_is_what_the_formula_makes_of_the_costs_of_scenarios(
    seed: int, measure: str, level: float | None
) -> None:
    asked, scenarios = a_case(seed)
    plan = planned(weighing(asked, measure, 0.6, level), *scenarios)
    risk, part = profile(plan), level or 0.0
    assert plan.cost == pytest.approx(objective(risk, measure, 0.6, part), **NEAR)
    for other in (planned(asked, *scenarios), solved(asked)):
        judged = evaluate(asked.foreseeing(scenarios), other.account)
        assert plan.cost <= objective(judged, measure, 0.6, part) + 1e-5 * abs(plan.cost) + 1e-4
    assert planned(asked, *scenarios).cost <= risk.expected + 1e-5 * abs(plan.cost) + 1e-4


@pytest.mark.parametrize("seed", range(0, 24, 6))
def test_regret_is_that_of_whoever_knew(seed: int) -> None:
    asked, scenarios = a_case(seed)
    plan = planned(weighing(asked, "regret", 0.6), *scenarios)
    risk = profile(plan)
    known = [planned(asked, one._replace(probability=1.0)).cost for one in scenarios]
    regrets = [risk.cost_of(one) - least for one, least in zip(risk.outcomes, known, strict=True)]
    regret = max([risk.calm_cost - solved(asked).cost, *regrets])
    told = 0.4 * risk.expected + 0.6 * regret
    assert plan.cost == pytest.approx(told, rel=3e-6, abs=1e-4)


def test_a_measure_of_no_weight_ties_all_materials_and_costs_what_they_cost_apart() -> None:
    ore = instance([offer("pit", 10, 60), offer("far", 14)], {"a": 20.0, "b": 20.0}, shortage_cost=100)
    market = ore.market
    tin = Material(material="tin", stages="refined", basis="t", shortage_cost=80)
    lot = offer("lot", 9, 70, material="tin")
    other = offer("spare", 12, 70, material="tin")
    need = [row.model_copy(update={"material": "tin", "quantity": 30.0}) for row in market.demand]
    facts = {
        "materials": (*market.materials, tin),
        "offers": (*market.offers, lot, other),
        "demand": (*market.demand, *need),
    }
    asked = EnforcedInstance(ore.model_copy(update={"market": market.model_copy(update=facts)}))
    scenarios = [stops(asked, "pit", 0.2, 0), stops(asked, "lot", 0.1, 1), stops(asked, "far", 0.1, 1)]
    apart, tied = planned(asked, *scenarios), planned(weighing(asked, "cvar", 0.0), *scenarios)
    assert (apart.sizes["parts"], tied.sizes["parts"]) == (2, 1)
    assert tied.cost == pytest.approx(apart.cost, **NEAR)
    assert profile(tied).expected == pytest.approx(apart.cost, **NEAR)


def test_the_more_risk_weighs_the_less_the_dearest_costs() -> None:
    both = [offer("cheap", 10), offer("sure", 16, fixed_cost=20)]
    asked = instance(both, {"now": 20.0}, shortage_cost=100)
    loss = stops(asked, "cheap", 0.02, 0)
    costs = [planned(weighing(asked, "cvar", weight, 0.98), loss) for weight in (0.0, 0.2, 0.9)]
    worst = [profile(plan).worst for plan in costs]
    assert worst == sorted(worst, reverse=True)
    assert worst[0] > worst[-1]
    assert [profile(plan).expected for plan in costs] == sorted(profile(plan).expected for plan in costs)


@pytest.mark.parametrize("measure", ["worst", "cvar", "regret"])
def test_a_calm_that_cannot_be_is_no_case(measure: str) -> None:
    asked = instance([offer("cheap", 10, 20), offer("spare", 50)], {"now": 20.0}, shortage_cost=100)
    half = [row.model_copy(update={"quantity": 10.0}) for row in asked.market.demand]
    third = [row.model_copy(update={"quantity": 15.0}) for row in asked.market.demand]
    surely = turns(asked, "half", 0.9, 0, demand=half), turns(asked, "third", 0.1, 0, demand=third)
    plan = planned(weighing(asked, measure, 0.5), *surely)
    assert profile(plan).worst == pytest.approx(150)
    dearest = {"worst": 150.0, "cvar": 150.0, "regret": 0.0}[measure]
    assert plan.cost == pytest.approx(0.5 * (0.9 * 100 + 0.1 * 150) + 0.5 * dearest, rel=1e-5)

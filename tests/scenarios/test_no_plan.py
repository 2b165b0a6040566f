"""Demand that no scenario may leave unmet: it is carried in every one, or it is said what cannot be had."""

from __future__ import annotations

import pytest

from models.market import ShortNotice, Stock
from optimizer.best_plan import best_plan
from optimizer.errors import NoPlan
from optimizer.explain.answer import explain
from optimizer.explain.no_plan import NoPlanExplained
from optimizer.solve import settings_of
from tests.blocks.markets import ORE, instance, offer
from tests.scenarios.planned import planned, stops

NEED = dict.fromkeys(("a", "b", "c"), 20.0)
NOTHING = ShortNotice(surge=0)


def test_a_plan_carries_enough_for_every_scenario_where_none_may_leave_demand_unmet() -> None:
    room = Stock(site="plant", material=ORE, opening=0, capacity=100, holding_cost=1000)
    asked = instance([offer("only", 10)], NEED, stock=[room], response=NOTHING)
    plan = planned(asked, stops(asked, "only", 1e-3, 1, lasts=1))
    assert plan.account.stock["plant", ORE, "a"] == pytest.approx(20)  # at any cost, as rare as it may be
    assert plan.risk is not None
    assert plan.risk.outcomes[0].covered == 1


def test_what_cannot_be_had_is_told_with_scenario_period_and_material() -> None:
    asked = instance([offer("half", 10, 12), offer("other", 11, 12)], NEED, response=NOTHING)
    foreseeing = asked.foreseeing([stops(asked, "half", 0.1, 1, lasts=1)])
    with pytest.raises(NoPlan) as told:
        best_plan(foreseeing, settings_of(foreseeing))
    said = "scenario half from 1 for 1: of ore in b at most 12 of 20 t can be had, and no shortage_cost says"
    assert said in str(told.value)
    explained = explain(foreseeing, settings_of(foreseeing))
    assert isinstance(explained, NoPlanExplained)
    assert any(said in reason for reason in explained.reasons)


def test_scenarios_that_could_be_covered_one_by_one_are_named_together() -> None:
    asked = instance([offer("one", 10, 20), offer("two", 11, 20)], {"a": 20.0}, response=NOTHING)
    both = [stops(asked, "one", 0.1, 0), stops(asked, "two", 0.1, 0)]
    assert planned(asked, both[0]).account.quantity["two", "a"] == pytest.approx(20)
    foreseeing = asked.foreseeing(both)
    with pytest.raises(NoPlan, match=r"of ore in a, where the other scenarios are covered too, at most"):
        best_plan(foreseeing, settings_of(foreseeing))

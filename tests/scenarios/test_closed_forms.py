"""What a plan does for scenarios where the answer is known on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models.enforcement import prepare
from models.market import Control, Lane, Shock, ShortNotice, StatedScenario, Stock
from models.scenarios import foresee
from optimizer.audit import audit
from optimizer.programs.extensive_form import weigh
from optimizer.results.account import Account
from tests.blocks.markets import ORE, instance, offer, solved
from tests.scenarios.planned import planned, stops, turns

Q = ("q1", "q2", "q3", "q4")
QUARTERS: dict[str, Any] = {"years": dict.fromkeys(Q, 0.25)}
NEED = dict.fromkeys(Q, 20.0)
NOTHING = ShortNotice(surge=0)
REFINED: dict[str, Any] = {"material": ORE, "stage": "refined"}
ROOM = Stock(site="plant", material=ORE, opening=0, capacity=100, holding_cost=4)


@pytest.mark.parametrize(("probability", "kept"), [(0.04, 0.0), (0.06, 20.0)])
def test_a_stock_is_held_just_when_holding_it_costs_less_than_the_shortage_that_it_spares(
    probability: float, kept: float
) -> None:
    asked = instance([offer("only", 10, 400)], NEED, **QUARTERS, shortage_cost=30, stock=[ROOM], response=NOTHING)
    plan = planned(asked, stops(asked, "only", probability, begins=2, lasts=1))
    # a unit kept for a quarter costs 1, and spares 30 - 10 with the probability
    assert plan.account.stock["plant", ORE, "q2"] == pytest.approx(kept)
    assert plan.cost == pytest.approx(800 + min(20 * probability * 20, 20))


def test_of_two_suppliers_the_dearer_is_signed_for_what_the_cheaper_may_leave_open() -> None:
    both = [offer("cheap", 10), offer("sure", 14, fixed_cost=50)]
    terms = ShortNotice(surge=1.0, surge_premium=0.0)
    for probability, signed in ((0.05, False), (0.5, True)):
        asked = instance(both, {"now": 20.0}, shortage_cost=100, response=terms)
        plan = planned(asked, stops(asked, "cheap", probability, begins=0))
        # with 10 of each, the sure one surges to 20 when the cheap one stops; alone, all is lost with it
        alone = 200 + probability * 20 * 90
        shared = 50 + 100 + 140 + probability * (280 - 240)
        assert plan.account.signed["sure"] is signed
        assert plan.cost == pytest.approx(min(alone, shared))
        assert plan.account.quantity["sure", "now"] == pytest.approx(10 if signed else 0)


@pytest.mark.parametrize("fractile", [0.15, 0.35, 0.55, 0.95])
def test_firm_orders_are_those_of_the_newsvendor(fractile: float) -> None:
    """Demand is 10, 20, 30 or 40, alike likely; what is ordered is paid for, and what is short costs more."""
    price = 10.0
    shortage = price / (1 - fractile)
    asked = instance([offer("paper", price, 1000, firm=True, surge=0.0)], {"day": 40.0}, shortage_cost=shortage)
    (own,) = prepare(asked).demand
    days = [
        turns(asked, str(units), 0.25, 0, demand=[own.model_copy(update={"quantity": units})])
        for units in (10.0, 20.0, 30.0, 40.0)
    ]
    plan = planned(asked, *days)
    least = next(units for share, units in ((0.25, 10.0), (0.5, 20.0), (0.75, 30.0), (1.0, 40.0)) if share >= fractile)
    assert plan.account.quantity["paper", "day"] == pytest.approx(least)
    short = sum(max(0.0, units - least) for units in (10.0, 20.0, 30.0, 40.0)) / 4
    assert plan.cost == pytest.approx(price * least + shortage * short)


def test_nobody_knows_the_future() -> None:
    """The clairvoyant trap: two scenarios alike but for their beginning, and one stock that must do for both."""
    asked = instance([offer("only", 10, 400)], NEED, **QUARTERS, shortage_cost=30, stock=[ROOM], response=NOTHING)
    early, late = stops(asked, "only", 0.06, 1, lasts=1), stops(asked, "only", 0.06, 2, lasts=1)
    plan = planned(asked, early, late)
    # who knew would buy ahead for either quarter, a unit kept for 1: 820 in both, and 800 if nothing happens
    knowing = 0.88 * 800 + 0.06 * 820 + 0.06 * 820
    assert [planned(asked, one._replace(probability=1.0)).cost for one in (early, late)] == pytest.approx([820, 820])
    # who does not buys ahead for the first alone: what is kept for both would be planned in neither
    assert plan.cost == pytest.approx(820 + 0.06 * 400)
    assert plan.cost > knowing
    assert plan.account.stock["plant", ORE, "q1"] == pytest.approx(20)
    assert plan.risk is not None
    assert [one.extra_cost for one in plan.risk.outcomes] == pytest.approx([0.0, 400.0])


def test_goods_under_way_when_a_scenario_begins_arrive_in_it() -> None:
    lane = Lane(origin="only", destination="plant", lead_time=1)
    asked = instance(
        [offer("only", 10)], {"q1": 0.0, "q2": 20.0, "q3": 20.0}, shortage_cost=30, lanes=[lane], response=NOTHING
    )
    plan = planned(asked, stops(asked, "only", 0.5, 1, lasts=1))
    assert plan.risk is not None
    (outcome,) = plan.risk.outcomes
    assert outcome.materials[0].unmet == (("q3", 20.0),)
    assert outcome.covered == pytest.approx(0.5)
    assert outcome.extra_cost == pytest.approx(20 * 20)


def test_a_price_that_turns_is_paid_for_what_was_planned_and_what_is_called() -> None:
    asked = instance([offer("only", 10, surge=0.5, surge_premium=0.2)], {"a": 20.0, "b": 20.0}, shortage_cost=100)
    (own,) = prepare(asked).offers
    plan = planned(asked, turns(asked, "dear", 0.5, 0, offers=[own.model_copy(update={"price": 12.0})]))
    assert plan.cost == pytest.approx(0.5 * 400 + 0.5 * 480)
    more = [row.model_copy(update={"quantity": 30.0}) if row.period == "b" else row for row in prepare(asked).demand]
    plan = planned(asked, turns(asked, "boom", 0.5, 1, demand=more))
    assert plan.cost == pytest.approx(400 + 0.5 * 10 * 12)


def test_the_calm_keeps_a_weight_where_something_is_sure_to_happen() -> None:
    asked = instance([offer("only", 10, 400)], NEED, **QUARTERS, shortage_cost=30, stock=[ROOM], response=NOTHING)
    plan = planned(asked, stops(asked, "only", 1.0, 3))
    assert plan.account.total == pytest.approx(820)
    assert not plan.account.plan.unmet
    assert plan.cost == pytest.approx(820)
    assert weigh([0.4, 0.6]).tolist() == [1e-6, 0.4, 0.6]


def test_closing_stock_is_missed_at_a_quarter_above_the_mean_price_rather_than_demand() -> None:
    room = Stock(site="plant", material=ORE, opening=20, closing_minimum=20, capacity=20)
    asked = instance([offer("only", 10, 400)], NEED, **QUARTERS, shortage_cost=100, stock=[room], response=NOTHING)
    plan = planned(asked, stops(asked, "only", 0.5, 3))
    assert plan.cost == pytest.approx(4 * 200 + 0.5 * (-200 + 20 * 12.5))


@pytest.mark.parametrize("shortage_cost", [30, None])
def test_without_scenarios_the_plan_is_that_of_today(shortage_cost: float | None) -> None:
    """Also where it could not cover what cannot happen, and may leave nothing unmet."""
    both = [offer("north", 10, 60), offer("south", 12)]
    asked = instance(both, NEED, **QUARTERS, shortage_cost=shortage_cost, stock=[ROOM], response=NOTHING)
    today = solved(asked)
    for plan in (planned(asked), planned(asked, stops(asked, "north", 0.0, 1))):
        assert plan.account.plan == today.account.plan
        assert plan.cost == today.cost


@pytest.mark.parametrize("fee", [1.0, 8.0])
def test_capacity_is_reserved_just_when_it_costs_less_than_the_spot_that_it_spares(fee: float) -> None:
    """A reservation against spot: a fee for a call at 12, beside unmet demand at 60 with a chance of 0.1."""
    both = [offer("cheap", 10), offer("option", 12, 100, reservation_price=fee, surge=0.0)]
    asked = instance(both, {"now": 20.0}, shortage_cost=60, response=NOTHING)
    plan = planned(asked, stops(asked, "cheap", 0.1, begins=0))
    # all of cheap and a reservation, all of cheap and none, or all of the option
    reserved = 20 * fee + 0.9 * 200 + 0.1 * 240 < min(0.9 * 200 + 0.1 * 1200, 240)
    assert plan.account.plan.reserved == ({"option": pytest.approx(20.0)} if reserved else {})
    best = min(0.9 * 200 + 0.1 * 1200, 20 * fee + 0.9 * 200 + 0.1 * 240, 240)
    assert plan.cost == pytest.approx(best)
    assert plan.account.costs.get("reservation", 0.0) == pytest.approx(20 * fee if reserved else 0.0)


def test_what_is_reserved_leaves_no_more_to_buy_and_needs_a_contract() -> None:
    lots = [offer("cheap", 10, 10), offer("option", 12, 15, reservation_price=0.1, fixed_cost=5, surge=0.0)]
    asked = instance(lots, {"now": 20.0}, shortage_cost=60, response=NOTHING)
    plan = planned(asked, stops(asked, "cheap", 0.2, begins=0))
    assert plan.account.plan.reserved == {"option": pytest.approx(5.0)}
    assert plan.account.signed["option"]
    edited = replace(plan.account.plan, reserved={"option": 6.0})
    assert audit(Account(plan.account.market, (), edited)) == [
        "option: 16 bought and reserved in now is above the capacity of 15"
    ]
    assert solved(asked).account.plan.reserved == {}  # for nothing that may happen, nothing is reserved


@pytest.mark.parametrize("years", [1.0, 0.25])
def test_a_contract_that_is_signed_to_reserve_alone_stands_in_the_plan_and_calls_are_told(years: float) -> None:
    lots = [offer("cheap", 10), offer("option", 40, 100, reservation_price=1, fixed_cost=5, surge=0.0)]
    asked = instance(lots, {"now": 20.0}, shortage_cost=60, response=NOTHING, years={"now": years})
    plan = planned(asked, stops(asked, "cheap", 0.5, begins=0))
    assert plan.account.signed["option"]
    assert plan.account.plan.reserved == {"option": pytest.approx(20 / years)}
    assert plan.cost == pytest.approx(5 + 20 * 1 + 0.5 * 200 + 0.5 * 800)
    assert plan.risk is not None
    (outcome,) = plan.risk.outcomes
    assert ("called of reserved", "option", "", "ore", "now", 20.0, 0.0) in outcome.actions


@pytest.mark.parametrize(
    ("what", "value", "probability", "more"),
    [
        ("duty CN", "+50%", 0.5, 20 * 5 + 20 * 5),  # on what is under way and arrives in b, and on what leaves in b
        ("law ban", "on", 0.1, -200 + 100 + 20 * 100),  # what left before arrives; of what was ordered half is owed
    ],
)
def test_law_that_begins_is_that_of_its_days(what: str, value: str, probability: float, more: float) -> None:
    """A duty is paid by what arrives from then on, a ban stops what leaves; no other row of the market has days."""
    asked = instance(
        [offer("far", 10, 400, country="CN"), offer("near", 30, 400)],
        dict.fromkeys("abc", 20.0),
        years=dict.fromkeys("abc", 0.25),
        shortage_cost=100,
        start="2027-01-01",
        response=ShortNotice(surge=0, take_or_pay=0.5),
        lanes=[Lane(origin="far", destination="plant", lead_time=1), Lane(origin="near", destination="plant")],
        controls=[Control(control="ban", **REFINED, from_country="CN", effect="closed", valid_from="2031-01-01")],
        scenarios=[StatedScenario(scenario="s", probability=probability, begins="b")],
        shocks=[Shock(scenario="s", what=what, value=value)],
    )
    plan = solved(foresee(asked))
    assert plan.risk is not None
    assert plan.risk.calm_cost == pytest.approx(20 * 30 + 2 * 20 * 10)
    assert plan.risk.outcomes[0].extra_cost == pytest.approx(more)
    assert plan.cost == pytest.approx(plan.risk.calm_cost + probability * more)

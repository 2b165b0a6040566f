"""One optimum by hand for each family of terms; the arithmetic stands beside the figure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models.market import Conversion, Corridor, Demand, Duty, Lane, Offer, Site, Stock, Tier
from optimizer.audit import audit
from optimizer.errors import NoPlan
from optimizer.results.account import Account
from tests.blocks.markets import ORE, instance, mined, offer, solved


def tiers(name: str, kind: str, **steps: float) -> list[Tier]:
    return [Tier(offer=name, from_quantity=float(step[1:]), price=price, kind=kind) for step, price in steps.items()]


def cost_of(offers: list[Offer], need: dict[str, float], **more: Any) -> float:
    return solved(instance(offers, need, **more)).cost


# Refining -----------------------------------------------------------------------------------------


def test_a_refiner_buys_the_feed_that_its_yield_asks_for() -> None:
    offers = [mined("mine", 10), offer("wasteful", 1, 100, yield_=0.5), offer("thrifty", 8, 60, yield_=0.8)]
    # a tonne costs 10 / 0.5 + 1 = 21 through the one and 10 / 0.8 + 8 = 20.5 through the other
    solution = solved(instance(offers, {"1": 100}))
    assert solution.cost == pytest.approx(60 * 20.5 + 40 * 21)
    assert solution.account.quantity["mine", "1"] == pytest.approx(60 / 0.8 + 40 / 0.5)
    assert solution.account.costs == pytest.approx({"purchases": 1550, "processing": 60 * 8 + 40 * 1})


# Contracts ----------------------------------------------------------------------------------------


def test_a_fixed_cost_is_paid_once_and_a_fixed_cost_per_period_in_every_period_of_use() -> None:
    offers = [offer("once", 10, fixed_cost=700), offer("often", 10, fixed_cost_per_period=300), offer("plain", 18)]
    # 200 units over two periods: once 2000 + 700, often 2000 + 600, plain 3600; a period of often and
    # one of plain 1000 + 300 + 1800
    assert cost_of(offers, {"1": 100, "2": 100}) == pytest.approx(2600)
    assert cost_of(offers, {"1": 100, "2": 100, "3": 100}) == pytest.approx(3700)


def test_a_minimum_take_binds_in_every_period_once_signed() -> None:
    offers = [offer("cheap", 10, minimum_take=60), offer("dear", 12)]
    # with 50 needed in the second period the contract cannot be signed at all
    assert cost_of(offers, {"1": 100, "2": 60}) == pytest.approx(1600)
    assert cost_of(offers, {"1": 100, "2": 50}) == pytest.approx(1800)


def test_a_minimum_take_counts_per_year() -> None:
    offers = [offer("cheap", 10, minimum_take=60), offer("dear", 12)]
    assert cost_of(offers, {"1": 110}, years={"1": 2}) == pytest.approx(1320)
    assert cost_of(offers, {"1": 120}, years={"1": 2}) == pytest.approx(1200)


def test_an_offer_sells_only_between_its_periods() -> None:
    offers = [offer("early", 10, to_period="1"), offer("late", 11, from_period="2"), offer("always", 20)]
    assert cost_of(offers, {"1": 100, "2": 100, "3": 100}) == pytest.approx(1000 + 1100 + 1100)


# Tiers --------------------------------------------------------------------------------------------


def test_rising_incremental_tiers_fill_from_the_cheap_end() -> None:
    offers = [offer("steps", 10), offer("flat", 13)]
    # 40 at 10, 30 at 12, and the rest at 13 rather than 15
    assert cost_of(offers, {"1": 100}, tiers=tiers("steps", "incremental", _40=12, _70=15)) == pytest.approx(1150)


def test_falling_incremental_tiers_pay_the_dear_units_first() -> None:
    offers = [offer("steps", 14), offer("flat", 12)]
    falling = tiers("steps", "incremental", _40=11, _70=5)
    # all of it in steps: 40 x 14 + 30 x 11 + 30 x 5 = 1040, against 1200; of 60 units, 720 against 780
    assert cost_of(offers, {"1": 100}, tiers=falling) == pytest.approx(1040)
    assert cost_of(offers, {"1": 60}, tiers=falling) == pytest.approx(720)


def test_tiers_count_per_year() -> None:
    falling = tiers("steps", "incremental", _40=11)
    assert cost_of([offer("steps", 14)], {"1": 100}, tiers=falling, years={"1": 2}) == pytest.approx(80 * 14 + 20 * 11)


def test_an_all_units_price_holds_for_every_unit() -> None:
    offers = [offer("steps", 10, 200), offer("flat", 9, 200)]
    cheaper = tiers("steps", "all-units", _80=7)
    # at 100 every unit costs 7; at 70 the step is out of reach and flat is cheaper
    assert cost_of(offers, {"1": 100}, tiers=cheaper) == pytest.approx(700)
    assert cost_of(offers, {"1": 70}, tiers=cheaper) == pytest.approx(630)


def test_an_all_units_step_is_reached_by_buying_more_where_stock_takes_it() -> None:
    store = [Stock(site="plant", material=ORE, capacity=50)]
    cheaper = tiers("steps", "all-units", _80=7)
    # 70 cost 700, 80 cost 560; the ten too many stay in stock
    assert cost_of([offer("steps", 10, 200)], {"1": 70}, tiers=cheaper, stock=store) == pytest.approx(560)


@pytest.mark.parametrize(("need", "capacity"), [(80, 200), (80, 80), (100, 80)])
def test_at_an_all_units_step_the_lower_price_holds(need: float, capacity: float) -> None:
    offers = [offer("steps", 10, capacity), offer("flat", 11, 200)]
    cheaper = tiers("steps", "all-units", _80=7)
    assert cost_of(offers, {"1": need}, tiers=cheaper) == pytest.approx(560 + (need - 80) * 11)


@pytest.mark.parametrize("capacity", [1e3, 1e6, 1e9])
def test_below_an_all_units_step_the_higher_price_holds_however_large_the_capacity(capacity: float) -> None:
    cheaper = tiers("steps", "all-units", _500=8)
    assert cost_of([offer("steps", 10, capacity)], {"1": 499.5}, tiers=cheaper) == pytest.approx(4995)


def test_a_rising_all_units_price_is_avoided_below_its_step() -> None:
    offers = [offer("steps", 10, 200), offer("flat", 11, 200)]
    # 60 at 10 (the step itself is the last unit of the lower price) and 40 at 11; 100 at 13 would be 1300
    assert cost_of(offers, {"1": 100}, tiers=tiers("steps", "all-units", _60=13)) == pytest.approx(1040)


def test_the_tiers_of_a_refiner_are_processing() -> None:
    offers = [mined("mine", 10), offer("works", 4, yield_=0.5)]
    costs = solved(instance(offers, {"1": 100}, tiers=tiers("works", "incremental", _60=2))).account.costs
    assert costs == pytest.approx({"purchases": 2000, "processing": 60 * 4 + 40 * 2})


# Lanes and corridors ------------------------------------------------------------------------------


def test_a_lane_has_a_capacity_a_year_and_a_freight() -> None:
    lanes = [
        Lane(origin="near", destination="plant", freight=1, capacity=30),
        Lane(origin="far", destination="plant", freight=5),
    ]
    offers = [offer("near", 10), offer("far", 10, 200)]
    solution = solved(instance(offers, {"1": 100}, lanes=lanes, years={"1": 2}))
    assert solution.cost == pytest.approx(1000 + 60 * 1 + 40 * 5)
    assert solution.account.costs["freight"] == pytest.approx(260)


def test_a_lane_that_is_used_carries_its_minimum_and_costs_its_fixed_cost() -> None:
    terms = Lane(origin="near", destination="plant", minimum=40, fixed_cost=50)
    lanes = [terms, Lane(origin="far", destination="plant")]
    offers = [offer("near", 10), offer("far", 12)]
    # 100: 1000 + 50; 60 and 30: the first period 600 + 50, the second too little for the minimum
    assert cost_of(offers, {"1": 100}, lanes=lanes) == pytest.approx(1050)
    assert cost_of(offers, {"1": 60, "2": 30}, lanes=lanes) == pytest.approx(650 + 360)


def test_no_rounding_is_left_on_a_lane_with_a_minimum_that_is_not_used() -> None:
    money = 1e-3
    lanes = [
        Lane(origin="pit0", destination="works0"),
        Lane(origin="pit0", destination="works1"),
        Lane(origin="works0", destination="plant", minimum=30, fixed_cost=10 * money),
        Lane(origin="works1", destination="plant"),
        Lane(origin="lot0", destination="plant"),
    ]
    offers = [
        mined("pit0", money, 80, fixed_cost=10 * money, minimum_take=20, ramp=10),
        offer("works0", money, 30, yield_=0.5),
        offer("works1", 2 * money, 50, yield_=1),
        offer("lot0", 12 * money, 30),
    ]
    # all that works1 can make: 50 in each period at 3, and 10 of lot0
    asked = instance(offers, {"1": 60, "2": 50}, lanes=lanes, shortage_cost=60 * money)
    assert solved(asked).cost == pytest.approx((10 + 100 * 3 + 10 * 12) * money)


def test_what_leaves_in_one_period_arrives_after_the_lead_time() -> None:
    lanes = [Lane(origin="slow", destination="plant", lead_time=1), Lane(origin="fast", destination="plant")]
    offers = [offer("slow", 10), offer("fast", 15)]
    solution = solved(instance(offers, {"1": 100, "2": 100}, lanes=lanes))
    assert solution.cost == pytest.approx(1500 + 1000)
    assert solution.account.plan.flow == pytest.approx({("fast", "plant", "1"): 100, ("slow", "plant", "1"): 100})


def test_feed_arrives_after_its_lead_time_and_is_refined_then() -> None:
    lanes = [Lane(origin="mine", destination="works", lead_time=1), Lane(origin="works", destination="plant")]
    lanes.append(Lane(origin="bought", destination="plant"))
    offers = [mined("mine", 4), offer("works", 2, yield_=0.5), offer("bought", 30)]
    solution = solved(instance(offers, {"1": 100, "2": 100}, lanes=lanes))
    assert solution.cost == pytest.approx(3000 + 100 * (4 / 0.5 + 2))
    assert solution.account.plan.flow["mine", "works", "1"] == pytest.approx(200)


def test_lanes_of_a_corridor_share_its_capacity_fixed_cost_and_minimum() -> None:
    shared = [Lane(origin=name, destination="plant", corridor="cape") for name in ("one", "two")]
    lanes = [*shared, Lane(origin="three", destination="plant")]
    offers = [offer("one", 10, 50), offer("two", 11, 50), offer("three", 15, 200)]

    def through(**terms: float) -> float:
        return cost_of(offers, {"1": 100}, lanes=lanes, corridors=[Corridor(corridor="cape", **terms)])

    assert through() == pytest.approx(500 + 550)
    assert through(capacity=70) == pytest.approx(500 + 20 * 11 + 30 * 15)
    assert through(fixed_cost=440) == pytest.approx(1050 + 440)
    assert through(fixed_cost=460) == pytest.approx(1500)
    assert through(capacity=70, minimum=70, fixed_cost=300) == pytest.approx(1170 + 300)


def test_a_corridor_with_too_little_for_its_minimum_is_not_used() -> None:
    lanes = [Lane(origin="one", destination="plant", corridor="cape"), Lane(origin="two", destination="plant")]
    offers = [offer("one", 10, 50), offer("two", 15, 200)]
    cape = [Corridor(corridor="cape", minimum=60)]
    assert cost_of(offers, {"1": 100}, lanes=lanes, corridors=cape) == pytest.approx(1500)


def test_a_corridor_is_shared_by_lanes_to_several_sites() -> None:
    lanes = [Lane(origin="one", destination=site, corridor="cape") for site in ("plant", "works")]
    lanes += [Lane(origin="two", destination=site) for site in ("plant", "works")]
    more: dict[str, Any] = {
        "sites": [Site(site="plant", country="US"), Site(site="works", country="DE")],
        "demand": [Demand(site=site, material=ORE, period="1", quantity=50) for site in ("plant", "works")],
        "corridors": [Corridor(corridor="cape", capacity=60)],
    }
    offers = [offer("one", 10), offer("two", 15)]
    assert cost_of(offers, {"1": 0}, lanes=lanes, **more) == pytest.approx(60 * 10 + 40 * 15)


# Stockpile ----------------------------------------------------------------------------------------


def test_stock_carries_cheap_units_over_at_the_cost_of_holding_them() -> None:
    offers = [offer("early", 10, 200, to_period="1"), offer("late", 15, 200, from_period="2")]
    store = [Stock(site="plant", material=ORE, opening=20, closing_minimum=5, capacity=60, holding_cost=3)]
    solution = solved(instance(offers, {"1": 100, "2": 100}, stock=store))
    # 20 lie there; 140 early fill the room of 60 (at 3), 45 late, 5 left at the end (at 3)
    assert solution.cost == pytest.approx(1400 + 180 + 45 * 15 + 15)
    assert solution.account.plan.stock == pytest.approx({("plant", ORE, "1"): 60, ("plant", ORE, "2"): 5})


def test_what_a_solver_leaves_in_an_empty_store_is_nothing() -> None:
    """Where nothing is needed and nothing comes, all that can be seen is the last digit of what moves elsewhere."""
    sold = [offer("any", 10, to_period="1")]
    found = solved(instance(sold, {"1": 60, "2": 0}, stock=[Stock(site="plant", material=ORE, capacity=40)])).account
    for left, findings in ((3.6e-15, 0), (1e-9, 1)):
        kept = replace(found.plan, stock={("plant", ORE, "2"): left})
        assert len(audit(Account(found.market, (), kept))) == findings


def test_holding_is_paid_per_year() -> None:
    store = [Stock(site="plant", material=ORE, closing_minimum=40, capacity=200, holding_cost=3)]
    offers = [offer("any", 10, to_period="1")]
    # 190 bought in the first period; 90 kept through its two years, 40 through the half year after it
    cost = cost_of(offers, {"1": 100, "2": 50}, stock=store, years={"1": 2, "2": 0.5})
    assert cost == pytest.approx(1900 + 90 * 3 * 2 + 40 * 3 * 0.5)


def test_unmet_demand_costs_its_shortage() -> None:
    solution = solved(instance([offer("small", 10, 60), offer("dear", 60, 20)], {"1": 100}, shortage_cost=50))
    assert solution.cost == pytest.approx(600 + 40 * 50)
    assert solution.account.plan.unmet == pytest.approx({("plant", ORE, "1"): 40})


def test_demand_that_may_not_stay_unmet_leaves_no_plan() -> None:
    asked = instance([offer("small", 10, 60)], {"1": 100})
    with pytest.raises(NoPlan):
        solved(asked)


# Ramp and switching -------------------------------------------------------------------------------


def test_the_yearly_rate_grows_by_the_ramp_from_what_is_bought_today() -> None:
    offers = [offer("new", 10, ramp=20, incumbent_quantity=10), offer("old", 15)]
    # 30, 50, 70 a year; the second period has half a year
    solution = solved(instance(offers, {"1": 100, "2": 50, "3": 100}, years={"2": 0.5}))
    assert solution.cost == pytest.approx((30 + 25 + 70) * 10 + (70 + 25 + 30) * 15)


def test_without_a_quantity_of_today_the_first_period_is_free() -> None:
    offers = [offer("new", 10, ramp=20, from_period="2"), offer("old", 15)]
    assert cost_of(offers, {"1": 50, "2": 50, "3": 100}) == pytest.approx(750 + 500 + 70 * 10 + 30 * 15)


def test_switching_is_paid_for_a_newcomer_signed_and_an_incumbent_dropped() -> None:
    def cheapest(newcomer: float, incumbent: float) -> dict[str, float]:
        offers = [
            offer("newcomer", 10, switching_cost=newcomer),
            offer("incumbent", 12, switching_cost=incumbent, incumbent_quantity=100, minimum_take=50),
        ]
        return solved(instance(offers, {"1": 100})).account.costs

    # switching all saves 200, half 100 (the incumbent's minimum take is 50)
    assert cheapest(30, 60) == pytest.approx({"purchases": 1000, "switching": 90})
    assert cheapest(30, 120) == pytest.approx({"purchases": 1100, "switching": 30})
    assert cheapest(110, 120) == pytest.approx({"purchases": 1200})


# Duties -------------------------------------------------------------------------------------------


def duty(rate: float, home: str | None = "CN", **more: Any) -> Duty:
    return Duty(
        **({"duty": "301", "material": ORE, "stage": "refined", "from_country": home, "to_country": "US"} | more),
        rate=rate,
    )


@pytest.mark.parametrize(
    ("duties", "charged"),
    [
        ([duty(0.25)], 25),
        ([duty(0.25), duty(0.1, None, duty="MFN")], 35),
        ([duty(0.25, valid_to="2026-12-31")], 0),
        ([duty(0.25, valid_from="2027-01-01", valid_to="2027-01-01")], 25),
        ([duty(0.25, valid_from="2027-01-02")], 0),
        ([duty(0.25, valid_to="2026-06-30"), duty(0.5, valid_from="2026-07-01")], 50),
        ([duty(0.25, "AU")], 0),
        ([duty(0.25, to_country="DE")], 0),
        ([duty(0.25, stage="mined")], 0),
        ([duty(1.5)], 150),
    ],
)
def test_duties_in_force_on_the_day_add_up(duties: list[Duty], charged: float) -> None:
    solution = solved(instance([offer("any", 10, 10, "CN")], {"1": 10}, duties=duties))
    assert solution.account.costs.get("duty", 0.0) == pytest.approx(charged)
    assert solution.cost == pytest.approx(100 + charged)


def test_a_duty_from_anywhere_spares_what_is_made_at_home() -> None:
    offers = [offer("abroad", 10, 100, "CN"), offer("home", 12, 100, "US")]
    assert cost_of(offers, {"1": 100}, duties=[duty(0.25, None)]) == pytest.approx(1200)


def test_a_duty_is_charged_on_the_customs_value_and_at_a_refiner_too() -> None:
    offers = [mined("mine", 10, country="CN", customs_value=4), offer("works", 1, 100, "US", yield_=0.5)]
    solution = solved(instance(offers, {"1": 100}, duties=[duty(0.5, stage="mined")]))
    assert solution.account.costs == pytest.approx({"purchases": 2000, "processing": 100, "duty": 200 * 4 * 0.5})


# Bases --------------------------------------------------------------------------------------------


def test_figures_in_another_basis_are_converted() -> None:
    lce = 0.2
    conversions = [Conversion(material=ORE, basis="t LCE", factor=lce)]
    offers = [
        offer("salt", 2, 400, basis="t LCE", minimum_take=300, incumbent_quantity=50, ramp=300, customs_value=1),
        offer("metal", 12, 100),
    ]
    solution = solved(
        instance(
            offers,
            {"1": 100},
            conversions=conversions,
            tiers=[Tier(offer="salt", from_quantity=100, price=1.5, kind="incremental")],
            demand=[Demand(site="plant", material=ORE, period="1", quantity=500, basis="t LCE")],
            duties=[duty(0.4, "AU")],
        )
    )
    # 100 t needed; of salt at most 350 t LCE (ramp) = 70 t: 20 t at 10 and 50 t at 7.5, duty 0.4 x 5; the rest of
    # metal, duty 0.4 x 12
    assert solution.account.quantity == pytest.approx({("salt", "1"): 70, ("metal", "1"): 30})
    assert solution.cost == pytest.approx(20 * 10 + 50 * 7.5 + 30 * 12 + 0.4 * (70 * 5 + 30 * 12))


def test_a_minimum_take_in_another_basis_is_converted() -> None:
    conversions = [Conversion(material=ORE, basis="t LCE", factor=0.2)]
    offers = [offer("salt", 2, 400, basis="t LCE", minimum_take=300), offer("metal", 12, 100)]
    assert cost_of(offers, {"1": 59}, conversions=conversions) == pytest.approx(59 * 12)
    assert cost_of(offers, {"1": 61}, conversions=conversions) == pytest.approx(61 * 10)

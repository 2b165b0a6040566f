"""What a plan does when something stops, on markets small enough to work it out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from models.market import Demand, Lane, Origin, Owner, ShortNotice, Stock, Tier
from tests.blocks.markets import ORE, instance, mined, offer, solved
from tests.stress.losing import lost, stressed

Q = ("q1", "q2", "q3", "q4")
QUARTERS: dict[str, Any] = {"years": dict.fromkeys(Q, 0.25)}
NEED = dict.fromkeys(Q, 20.0)


def test_of_two_suppliers_one_stops_and_the_other_gives_what_it_surges() -> None:
    both = [offer("north", 10, 40), offer("south", 11, 400)]
    plan = solved(
        instance(both, NEED, **QUARTERS, shortage_cost=100, response=ShortNotice(surge=0.1, surge_premium=0.5))
    )
    # north sells 10 a quarter and south the other 10; 1 more of south at 16.5 instead of 10 of north at 10
    found = lost(plan, "offer:north", begins=1, lasts=2).worst
    assert (found.covered, found.planned, found.survives, found.recovers) == (0.55, 1.0, 0, 2)
    assert found.unmet == (("q2", 9.0), ("q3", 9.0))
    assert found.shortage_cost == pytest.approx(2 * 9 * 100)
    assert found.extra_cost == pytest.approx(2 * (900 + 16.5 - 100))


def test_a_call_comes_after_its_notice() -> None:
    both = [offer("north", 10, 40), offer("south", 11, 400)]
    response = ShortNotice(surge=1.0, surge_premium=0.5, notice=2)
    plan = solved(instance(both, NEED, **QUARTERS, shortage_cost=100, response=response))
    assert lost(plan, "offer:north", lasts=4).worst.unmet == (("q1", 10.0), ("q2", 10.0))


def test_an_offer_of_its_own_terms_keeps_the_others_as_for_all() -> None:
    both = [offer("north", 10, 40), offer("south", 11, 400, surge=1.0)]
    plan = solved(
        instance(both, NEED, **QUARTERS, shortage_cost=100, response=ShortNotice(surge=0, surge_premium=0.5, notice=1))
    )
    found = lost(plan, "offer:north", lasts=2).worst
    assert found.unmet == (("q1", 10.0),)
    assert found.extra_cost == pytest.approx(1000 - 100 + 10 * (16.5 - 10))


def test_what_is_not_taken_is_owed_in_part_but_not_to_whom_the_loss_hits() -> None:
    pit, works = mined("pit", 10, yield_=None), offer("works", 5, yield_=1.0)
    terms = ShortNotice(surge=0, take_or_pay=0.3)
    plan = solved(instance([pit, works], NEED, **QUARTERS, shortage_cost=100, response=terms))
    # the works stop: ore need not be taken, 0.3 of it is paid; nothing is paid to the works
    assert lost(plan, "offer:works").worst.extra_cost == pytest.approx(20 * (100 - 5 - 0.7 * 10))
    assert lost(plan, "offer:pit").worst.extra_cost == pytest.approx(20 * (100 - 10 - 0.7 * 5))


@pytest.mark.parametrize("periods", [0, 1, 2, 3])
def test_a_stock_that_lasts_some_periods_is_how_long_the_plan_survives(periods: int) -> None:
    room = Stock(site="plant", material=ORE, opening=20.0 * periods, closing_minimum=20.0 * periods, capacity=100)
    plan = solved(instance([offer("only", 10, 80)], NEED, **QUARTERS, shortage_cost=1e4, stock=[room]))
    found = lost(plan, "offer:only", lasts=4).worst
    assert found.survives == periods
    assert found.recovers is None
    assert found.covered == pytest.approx(periods / 4)
    assert found.missing == pytest.approx(20.0 * periods)
    assert found.unmet == tuple((quarter, 20.0) for quarter in Q[periods:])
    assert lost(plan, "offer:only", begins=1).worst.recovers == (0 if periods else 1)


def test_how_long_all_can_be_met_is_asked_by_itself_and_not_read_off_the_cheapest_response() -> None:
    """What is in stock could meet the second quarter, and is kept for the third, in which it is missed more."""
    room = Stock(site="plant", material=ORE, opening=20, closing_minimum=20, capacity=20)
    missed = dict(zip(Q, (50.0, 50.0, 500.0, 500.0), strict=True))
    demand = [Demand(site="plant", material=ORE, period=q, quantity=20, shortage_cost=missed[q]) for q in Q]
    asked = instance([offer("only", 10, 80)], NEED, **QUARTERS, stock=[room], demand=demand, shortage_cost=50)
    found = lost(solved(asked), "offer:only", begins=1, lasts=3).worst
    assert found.unmet == (("q2", 20.0), ("q4", 20.0))
    assert found.survives == 1


def test_closing_stock_is_missed_at_its_price_rather_than_demand() -> None:
    room = Stock(site="plant", material=ORE, opening=20, closing_minimum=20, capacity=100)
    asked = instance([offer("only", 10, 80)], NEED, **QUARTERS, stock=[room])  # no shortage cost: none may be unmet
    stress = stressed(solved(asked), "offer:only", begins=0, lasts=1)
    (found,) = stress.tested
    assert stress.unit_replacement_costs == {ORE: 12.5}
    assert found.worst.covered == 1
    assert found.extra_cost == pytest.approx(20 * (12.5 - 10))


def test_goods_under_way_arrive_and_a_lost_refiner_writes_them_off() -> None:
    pit, works = mined("pit", 10), offer("works", 5, yield_=0.5)
    lanes = [Lane(origin="pit", destination="works", lead_time=1), Lane(origin="works", destination="plant")]
    need = {"q1": 0.0} | dict.fromkeys(Q[1:], 20.0)
    plan = solved(instance([pit, works], need, **QUARTERS, shortage_cost=100, lanes=lanes))
    found = lost(plan, "offer:pit", begins=1).worst
    assert found.unmet == (("q3", 20.0),)  # what left in q1 still arrives
    assert (found.survives, found.recovers) == (1, 2)
    found = lost(plan, "offer:works", begins=1).worst
    assert (found.unmet, found.written_off) == ((("q2", 20.0),), 40.0)
    assert found.covered == pytest.approx(0.5)  # of q2 and, as the ore takes a quarter, q3


def test_what_arrives_where_there_is_no_room_is_written_off() -> None:
    makers = [mined("slow", 10), mined("quick", 10), offer("works", 1, yield_=1.0)]
    lanes = [
        Lane(origin="slow", destination="works"),
        Lane(origin="quick", destination="works"),
        Lane(origin="works", destination="plant", lead_time=1),
    ]
    need = {"q1": 0.0} | dict.fromkeys(Q[1:], 20.0)
    plan = solved(instance(makers, need, **QUARTERS, shortage_cost=100, lanes=lanes))
    assert lost(plan, "offer:works", begins=1).worst.unmet == (("q3", 20.0),)


def test_a_response_pays_what_the_last_tier_costs_and_saves_what_the_cheapest_did() -> None:
    both = [offer("north", 10, 40), offer("south", 11, 400)]
    tiers = [Tier(offer="south", from_quantity=20, price=20, kind="incremental")]
    response = ShortNotice(surge=0.1, surge_premium=0.5)
    plan = solved(instance(both, NEED, **QUARTERS, shortage_cost=100, tiers=tiers, response=response))
    # south sells 5 at 11 and 5 at 20: a call costs 30
    assert lost(plan, "offer:north").worst.extra_cost == pytest.approx(9 * 100 + 30 - 100)


def test_a_ramp_holds_for_what_is_called_and_not_for_a_supplier_who_comes_back() -> None:
    ramping = offer("ramping", 10, 400, ramp=4, incumbent_quantity=80)
    plan = solved(instance([ramping], NEED, **QUARTERS, shortage_cost=100, response=ShortNotice(surge=1.0)))
    assert lost(plan, "offer:ramping", begins=1).worst.unmet == (("q2", 20.0),)
    both = [offer("north", 10, 40), offer("south", 11, 400, ramp=4)]
    plan = solved(instance(both, NEED, **QUARTERS, shortage_cost=100, response=ShortNotice(surge=1.0)))
    assert lost(plan, "offer:north", begins=1, lasts=3).worst.unmet == (("q2", 9.0), ("q3", 8.0), ("q4", 7.0))


def test_minimum_takes_and_commitments_do_not_bind_a_response() -> None:
    makers = [mined("pit", 10, minimum_take=80), offer("works", 5, yield_=1.0, minimum_take=80)]
    plan = solved(instance(makers, NEED, **QUARTERS, shortage_cost=100))
    assert lost(plan, "offer:works").sure
    assert lost(plan, "offer:pit").worst.unmet == (("q1", 20.0),)


def test_a_period_and_a_contract_that_the_plan_does_not_pay_for_give_nothing() -> None:
    both = [offer("north", 10, 400), offer("spare", 11, 400, fixed_cost=1, surge=1.0)]
    plan = solved(instance(both, NEED, **QUARTERS, shortage_cost=100))
    assert lost(plan, "offer:north").worst.unmet == (("q1", 20.0),)


def owned(*shares: tuple[str, str, float]) -> list[Owner]:
    return [Owner(company=company, country=country, share=share) for company, country, share in shares]


def test_a_country_takes_by_place_all_and_by_control_its_share_or_all_from_a_threshold() -> None:
    both = [offer("north", 10, 40, "CL"), offer("south", 11, 400, "AU")]
    owners = owned(("north", "CN", 0.6), ("north", "CL", 0.4), ("south", "AU", 0.75))
    plan = solved(instance(both, NEED, **QUARTERS, shortage_cost=100, owners=owners))
    assert lost(plan, "CL@place").worst.covered == 0.5
    assert lost(plan, "CN@control").worst.covered == 0.7
    assert lost(plan, "China").worst.covered == 0.7
    assert lost(plan, "CN@control", from_share=0.6).worst.covered == 0.5
    assert lost(plan, "CL@control", from_share=0.6).worst.covered == 0.8
    (hidden,) = [one for one in stressed(plan, "CN").undisclosed if one.stage == "refined"]
    assert hidden.share == pytest.approx(0.125)  # a quarter of south, which sells half


def test_declared_origins_take_their_share_of_an_offer_at_their_stage() -> None:
    origins = [Origin(offer="lot", stage="mined", country="CD", owner="CN", share=0.7)]
    plan = solved(instance([offer("lot", 10, 400, "BE")], NEED, **QUARTERS, shortage_cost=100, origins=origins))
    assert lost(plan, "CD@place").worst.covered == pytest.approx(0.3)
    assert lost(plan, "mined:CN@control").worst.covered == pytest.approx(0.3)
    assert lost(plan, "BE@place").worst.covered == 0
    assert not lost(plan, "refined:CN@control").hits


def test_a_lane_and_a_corridor_are_lost_by_what_leaves_over_them() -> None:
    from models.market import Corridor

    lanes = [
        Lane(origin="north", destination="plant", corridor="strait", lead_time=1),
        Lane(origin="south", destination="plant"),
    ]
    makers = [offer("north", 10, 40), offer("south", 20, 400)]
    corridors = [Corridor(corridor="strait", capacity=1000)]
    plan = solved(instance(makers, NEED, **QUARTERS, shortage_cost=100, lanes=lanes, corridors=corridors))
    for who in ("lane:north/plant", "corridor:strait"):
        found = lost(plan, who, begins=1).worst
        assert found.unmet == (("q3", 10.0),)
    assert not lost(plan, "corridor:strait", begins=3).hits  # what leaves then arrives too late, so nothing does


def test_a_firm_order_is_owed_as_far_as_a_loss_leaves_it() -> None:
    terms = ShortNotice(surge=0, take_or_pay=0.3)
    asked = instance([offer("firm", 10, 80, firm=True)], NEED, **QUARTERS, shortage_cost=100, response=terms)
    found = lost(solved(asked), "offer:firm", begins=1, lasts=2)
    assert found.extra_cost == pytest.approx(2 * 20 * (100 - 10))  # what is lost is not paid

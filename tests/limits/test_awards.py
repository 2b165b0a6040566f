"""Awards, named offers, suppliers of today and of earlier, and time: what their cases do not show, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from models.formulation.components import parts
from models.market import Demand, Earlier, Material, Site, Stock
from optimizer.errors import NoPlan
from optimizer.reasons import list_reasons
from tests.blocks.markets import ORE, instance, offer, solved
from tests.limits.cases.awards import TODAY
from tests.limits.cases.market import ROOMS, goods, limit

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.limits import Limit


def cost(asked: EnforcedInstance) -> float:
    return solved(asked).cost


def two_materials(*limits: Limit, **today: Any) -> EnforcedInstance:
    """Return a market of 100 t of ore at 10 or 14 and 100 t of tin at 20 or 30; `today` are further terms of offers."""

    prices = {"ore_new": 10, "ore_old": 14, "tin_new": 20, "tin_old": 30}
    offers = [offer(name, price, material=name[:3], **today.get(name, {})) for name, price in prices.items()]
    materials = [Material(material=name, stages="mined; refined", basis="t") for name in (ORE, "tin")]
    demand = [Demand(site="plant", material=name, period="1", quantity=100) for name in (ORE, "tin")]
    return instance(offers, {"1": 100}, *limits, materials=materials, demand=demand)


def two_sites(*limits: Limit, **more: Any) -> EnforcedInstance:
    """Return the market of `GOODS` with half of the demand at each of two sites."""
    sites = [Site(site=site, country="US") for site in ("plant", "works")]
    demand = [Demand(site=site, material=ORE, period="2027", quantity=50) for site in ("plant", "works")]
    return goods(*limits, sites=sites, demand=demand, **more)


# Sources ------------------------------------------------------------------------------------------


def test_who_wins_gets_a_share_and_what_is_undisclosed_wins_nothing() -> None:
    capped = limit("quantity_cap", name="cap", company="north", max_quantity=80)
    award = limit("split_award", count="country", basis="control", min_share=0.3)
    # 20 t of island would give ID 5 t; nobody is behind far
    assert cost(goods(capped, award)) == pytest.approx(80 * 10 + 20 * 16)
    assert cost(goods(capped, award.model_copy(update={"count": "offer", "basis": None}))) == pytest.approx(1060)


def test_a_soft_award_costs_what_it_lacks() -> None:
    capped = limit("quantity_cap", name="cap", company="north", max_quantity=80)
    award = limit("split_award", count="company", min_share=0.3, penalty=1.5)
    solution = solved(goods(capped, award))
    assert solution.account.penalty == pytest.approx(1.5 * 10)
    assert solution.cost == pytest.approx(80 * 10 + 20 * 12 + 15)


def test_over_the_horizon_an_award_of_one_period_counts_for_all() -> None:
    offers = [offer("north", 10), offer("island", 12, to_period="1"), offer("far", 16)]
    capped = limit("quantity_cap", name="cap", company="north", max_quantity=80)
    award = {"count": "company", "min_share": 0.3}

    def least(**fields: Any) -> float:
        need: dict[str, float] = {"1": 100, "2": 100}
        return cost(instance(offers, need, capped, limit("split_award", **award, **fields)))

    # island takes 30 t in the first period, far 30 in the second; or far 60 in both, and 20 at least
    assert least() == pytest.approx(70 * 10 + 30 * 12 + 70 * 10 + 30 * 16)
    assert least(per="horizon") == pytest.approx(140 * 10 + 60 * 16)


def test_a_second_source_by_control_counts_the_undisclosed_and_the_small_against_the_first() -> None:
    dual = limit("dual_source", count="country", basis="control", counts_from=0.1, max_share=0.6)
    # beside CN, which has 3/4 of island, 40 t of ID and AU: island is 2 dearer and a quarter ID, south is 10 dearer
    assert cost(goods(dual)) == pytest.approx(80 * 12 + 20 * 20)
    # ID is too small to count with 20 t
    strict = dual.model_copy(update={"counts_from": 0.25})
    assert cost(goods(strict)) == pytest.approx(60 * 10 + 40 * 20)


def test_where_nobody_is_declared_there_is_no_second_source() -> None:
    dual = {"count": "country", "basis": "control", "counts_from": 0.1}
    with pytest.raises(NoPlan):
        cost(goods(limit("dual_source", **dual, max_share=0.9), owners=[]))
    assert cost(goods(limit("dual_source", **dual, max_share=1), owners=[])) == pytest.approx(1000)


def test_a_second_source_cannot_be_had_by_buying_surplus() -> None:
    stock = [Stock(site="plant", material=ORE, opening=60, capacity=60)]
    dual = limit("dual_source", count="company", counts_from=0.2, max_share=0.7)
    # 40 t are bought; of these 70 % at most of north, and 20 t at least of another
    assert cost(goods(dual, stock=stock)) == pytest.approx(20 * 10 + 20 * 12)


def test_a_soft_second_source_costs_what_hangs_on_the_first_beyond_the_share() -> None:
    solution = solved(goods(limit("dual_source", count="company", counts_from=0.1, max_share=0.7, penalty=0.5)))
    # north has all, 30 t beyond the share; the row of every other source counts north as its second
    assert solution.account.penalty == pytest.approx(0.5 * 30)
    assert solution.cost == pytest.approx(1000 + 15)


def test_shares_are_the_same_in_every_period() -> None:
    offers = [offer("north", 10, 150, ramp_up=[1 / 3]), offer("island", 12, 300)]
    need: dict[str, float] = {"1": 100, "2": 200}

    def least(**fields: Any) -> float:
        return cost(instance(offers, need, limit("consistent_award", count="offer", over="periods", **fields)))

    # north has at most 50 of 100 and 150 of 200
    assert least(max_difference=0) == pytest.approx(50 * 22 + 100 * 22)
    assert least(max_difference=0.1) == pytest.approx(50 * 22 + 120 * 10 + 80 * 12)
    # a quarter of 200 t of north and of 100 t of island lies above the least share, at 0.2 a tonne
    assert least(max_difference=0, penalty=0.2) == pytest.approx(50 * 22 + 150 * 10 + 50 * 12 + 0.2 * (50 + 25))


def test_who_sells_in_one_period_only_has_no_share_in_the_other() -> None:
    offers = [offer("north", 10, from_period="2"), offer("island", 12)]
    same = limit("consistent_award", count="offer", over="periods", max_difference=0.2)
    assert cost(instance(offers, {"1": 100, "2": 100}, same)) == pytest.approx(100 * 12 + 20 * 10 + 80 * 12)


# Named offers -------------------------------------------------------------------------------------


def test_an_offer_needs_another_of_another_material() -> None:
    needs = {"offer": "ore_new", "needs": ["tin_old"]}
    coupled = two_materials(limit("requires", **needs, counts_from=0.1))
    assert cost(coupled) == pytest.approx(100 * 10 + 90 * 20 + 10 * 30)
    assert len(parts(coupled)) == 1
    # half of the tin would cost 500 more, the old ore costs 400
    assert cost(two_materials(limit("requires", **needs, counts_from=0.5))) == pytest.approx(100 * 14 + 100 * 20)


def test_offers_of_one_material_tie_no_others() -> None:
    asked = two_materials(
        limit("requires", name="needs", offer="ore_new", needs=["ore_old"], counts_from=0.1),
        limit("at_most_of", name="either", offers=["tin_new", "tin_old"]),
    )
    assert [[one.name for one in part.limits] for part in parts(asked)] == [["needs"], ["either"]]
    assert cost(asked) == pytest.approx(90 * 10 + 10 * 14 + 100 * 20)


def test_one_offer_excludes_another_of_another_material() -> None:
    asked = two_materials(limit("at_most_of", offers=["ore_new", "tin_new"]))
    assert cost(asked) == pytest.approx(100 * 14 + 100 * 20)
    assert len(parts(asked)) == 1


def test_bought_is_what_is_bought_in_any_of_the_periods_in_scope() -> None:
    offers = [offer("north", 10), offer("island", 12)]
    need: dict[str, float] = {"1": 100, "2": 150}
    either = {"offers": ["north", "island"]}
    assert cost(instance(offers, need, limit("at_most_of", **either, periods=["1"]))) == pytest.approx(2000 + 600)
    with pytest.raises(NoPlan):
        cost(instance(offers, need, limit("at_most_of", **either)))


def test_a_soft_need_costs_each_offer_that_lacks() -> None:
    needs = {"offer": "north", "needs": ["far", "south"], "counts_from": 0.2, "min_needed": 2}
    # far costs 120 more and south 200 more, each in place of a penalty; without north it is 200 more
    solution = solved(goods(limit("requires", **needs, penalty=70)))
    assert solution.account.penalty == pytest.approx(140)
    assert solution.cost == pytest.approx(1140)
    assert cost(goods(limit("requires", **needs, penalty=75))) == pytest.approx(1150)
    assert cost(goods(limit("requires", **needs, penalty=150))) == pytest.approx(1200)


# Today --------------------------------------------------------------------------------------------

KNOWN: dict[str, Any] = {"ore_old": {"incumbent_quantity": 100}, "tin_old": {"incumbent_quantity": 100}}


def test_changes_are_counted_for_each_material_or_in_total() -> None:
    cap = {"max_changes": 1, "kept_from": 0.1}
    each = two_materials(limit("change_cap", group="each", **cap), **KNOWN)
    assert cost(each) == pytest.approx(90 * 10 + 10 * 14 + 90 * 20 + 10 * 30)
    total = two_materials(limit("change_cap", group="total", **cap), **KNOWN)
    assert cost(total) == pytest.approx(100 * 14 + 90 * 20 + 10 * 30)
    assert (len(parts(each)), len(parts(total))) == (2, 1)


def test_every_incumbent_that_is_dropped_is_a_change() -> None:
    offers = [offer(name, price, incumbent_quantity=40) for name, price in (("one", 10), ("two", 12), ("three", 14))]
    for changes, least in ((0, 60 * 10 + 20 * 12 + 20 * 14), (1, 80 * 10 + 20 * 12), (2, 1000)):
        cap = limit("change_cap", group="each", kept_from=0.5, max_changes=changes)
        assert cost(instance(offers, {"1": 100}, cap)) == pytest.approx(least)


def test_an_incumbent_that_ends_is_a_change_of_its_period_but_not_of_the_horizon() -> None:
    offers = [offer("old", 10, to_period="1", incumbent_quantity=100), offer("new", 12)]

    def least(per: str, changes: int) -> float:
        cap = limit("change_cap", group="each", kept_from=0.5, per=per, max_changes=changes)
        return cost(instance(offers, {"1": 100, "2": 100}, cap))

    assert least("period", 2) == pytest.approx(100 * 10 + 100 * 12)
    assert least("horizon", 1) == pytest.approx(100 * 10 + 100 * 12)
    for per, changes in (("period", 1), ("horizon", 0)):
        with pytest.raises(NoPlan):
            least(per, changes)


def test_what_is_moved_is_counted_in_each_period_or_over_all_of_them() -> None:
    offers = [offer("north", 9), offer("far", 16, incumbent_quantity=50)]

    def least(**fields: Any) -> float:
        moved = limit("moved_cap", max_share=0.5, **fields)
        return cost(instance(offers, {"1": 100, "2": 100}, moved, years={"2": 2}))

    # today's are 50 t in the first period and 100 in the second, which has two years
    assert least() == pytest.approx(75 * 16 + 125 * 9)
    offers[1] = offers[1].model_copy(update={"from_period": "2"})
    assert least(per="horizon") == pytest.approx(75 * 16 + 125 * 9)
    with pytest.raises(NoPlan):
        least()


def test_moving_is_paid_by_the_tonne_when_it_is_soft() -> None:
    solution = solved(instance(TODAY, {"2027": 100}, limit("moved_cap", max_share=0.3, penalty=5)))
    # north saves 7 a tonne of far and 3 of island: all of far is moved, 33 t of it for nothing, and island stays
    assert solution.account.penalty == pytest.approx(5 * (50 - 33))
    assert solution.cost == pytest.approx(40 * 9 + 60 * 12 + 85)


# Earlier ------------------------------------------------------------------------------------------


def test_a_lock_holds_each_period_or_their_sum() -> None:
    offers = [offer("north", 10, to_period="1"), offer("island", 12), offer("far", 16)]
    earlier = [Earlier(offer="far", period="1", quantity=60)]

    def least(**fields: Any) -> float:
        lock = limit("lock", min_share=1, **fields)
        return cost(instance(offers, {"1": 100, "2": 100}, lock, earlier=earlier))

    assert least() == pytest.approx(60 * 16 + 40 * 10 + 100 * 12)
    assert least(per="horizon") == pytest.approx(100 * 10 + 60 * 16 + 40 * 12)


def test_a_lock_of_some_offers_leaves_the_others_free() -> None:
    earlier = [Earlier(offer=name, period="2027", quantity=30) for name in ("far", "south")]
    lock = limit("lock", min_share=0.5, offers=["far"])
    assert cost(goods(lock, earlier=earlier)) == pytest.approx(85 * 10 + 15 * 16)


# Time ---------------------------------------------------------------------------------------------


def test_a_share_may_not_fall_faster_than_it_may_rise() -> None:
    offers = [offer("north", 10, to_period="1"), offer("island", 12)]

    def least(**fields: Any) -> float:
        return cost(instance(offers, {"1": 100, "2": 100}, limit("ramp_cap", max_change=0.3, **fields)))

    falling = 30 * 10 + 70 * 12 + 100 * 12
    assert least(offer="north") == pytest.approx(falling)
    assert least(each="company") == pytest.approx(falling)
    assert least(country="AU", basis="place") == pytest.approx(1000 + 1200)
    # each of the 70 t beyond is paid for, and saves 2
    assert least(offer="north", penalty=1) == pytest.approx(1000 + 1200 + 70)
    assert least(offer="north", penalty=3) == pytest.approx(falling)


def test_a_share_is_compared_with_the_period_before_and_no_other() -> None:
    offers = [offer("north", 10, from_period="2"), offer("island", 12)]
    ramp = limit("ramp_cap", offer="north", max_change=0.3)
    # 0, 30, 60
    assert cost(instance(offers, {"1": 100, "2": 100, "3": 100}, ramp)) == pytest.approx(90 * 10 + 210 * 12)
    # where nothing is needed there is no share
    assert cost(instance(offers, {"1": 100, "2": 0, "3": 100}, ramp)) == pytest.approx(100 * 12 + 100 * 10)


def test_days_of_stock_are_kept_at_each_site_or_in_total() -> None:
    stock = [
        Stock(site="plant", material=ORE, capacity=40, holding_cost=1),
        Stock(site="works", material=ORE, capacity=40, holding_cost=5),
    ]

    def least(**fields: Any) -> float:
        cover = limit("cover_floor", stages=None, min_days=73, **fields)
        return cost(two_sites(cover, stock=stock))

    bought = 100 * 10 + 20 * 12
    assert least(group="total") == pytest.approx(bought + 20 * 1)
    assert least(group="each") == pytest.approx(bought + 10 * 1 + 10 * 5)
    assert least(group="total", sites=["works"]) == pytest.approx(100 * 10 + 10 * 12 + 10 * 5)


def test_days_of_a_longer_period_are_shorter() -> None:
    stock = [Stock(site="plant", material=ORE, capacity=40)]
    cover = limit("cover_floor", stages=None, min_days=73, group="total")
    asked = instance([offer("north", 10)], {"1": 100}, cover, stock=stock, years={"1": 2})
    assert cost(asked) == pytest.approx(110 * 10)


# All of them --------------------------------------------------------------------------------------


def test_plain_reasons_say_what_cannot_be_held() -> None:
    award = limit("split_award", count="company", min_share=0.6)
    assert list_reasons(instance([*ROOMS[:3], offer("south", 20, 90)], {"2027": 100}, award)) == [
        (
            "limit asked: each source of refined ore in 2027 must get 60 t, and of those that can supply as much "
            "(south) 1 at most can: together 90 t of the 100 t that is needed"
        )
    ]
    dual = limit("dual_source", count="company", counts_from=0.6, max_share=0.9)
    assert list_reasons(instance(ROOMS, {"2027": 100}, dual)) == [
        "limit asked: two sources of refined ore in 2027 are needed, and 1 can supply 60 t: south"
    ]
    moved = limit("moved_cap", max_share=0.1)
    small = [offer("north", 9), offer("far", 16, 20, incumbent_quantity=50)]
    assert list_reasons(instance(small, {"2027": 100}, moved)) == [
        (
            "limit asked: incumbents can sell at most 20 t of the 50 t of refined ore that they sell today in 2027, "
            "and 45 t must stay with them"
        )
    ]
    lock = limit("lock", min_share=0.8)
    earlier = [Earlier(offer="far", period="2027", quantity=200)]
    assert list_reasons(goods(lock, earlier=earlier)) == [
        "limit asked: far can supply at most 100 t of refined ore in 2027, and 80% of the earlier 200 t is 160 t"
    ]
    cover = limit("cover_floor", stages=None, min_days=200, group="total")
    assert list_reasons(goods(cover, stock=[Stock(site="plant", material=ORE, capacity=40)])) == [
        "limit asked: 200 days of ore in 2027 are 54.7945 t, and there is room for 40 t at all sites together"
    ]

"""Limits on what survives a loss: whom they lose, what counts, worked out by hand; and every question with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from models.limits.survival_floor import SurvivalFloor
from models.limits.time_to_survive_floor import TimeToSurviveFloor
from models.market import Control, Corridor, Demand, Lane, Material, ShortNotice, Site, Stock
from optimizer.audit import audit
from optimizer.errors import InputError, NoPlan
from optimizer.explain.answer import explain
from optimizer.explain.no_plan import NoPlanExplained
from optimizer.no_plan import explain_no_plan
from optimizer.notes import list_notes
from optimizer.price import price_limits
from optimizer.results.account import Account
from optimizer.solve import settings_of, solve
from tests.blocks.markets import ORE, instance, mined, offer, solved
from tests.limits.cases.losing import NOTHING
from tests.limits.cases.market import GOODS, OWNERS

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.limits import Limit
    from optimizer.results.solution import Solution


def floor(level: float = 0.6, **fields: Any) -> SurvivalFloor:
    """Return a hard floor on the loss of each offer, unless `fields` say otherwise."""
    named = {"country", "bloc", "company", "offer", "lane", "corridor", "each"} & fields.keys()
    who = {} if named else {"each": "offer"}
    strict = {} if {"penalty", "watch"} & fields.keys() else {"hard": True}
    return SurvivalFloor(**({"name": "floor", "lasts": 1, "min_covered": level} | who | strict | fields))


def goods(*limits: Limit, **more: Any) -> EnforcedInstance:
    """Return 100 t a year of north (CN, 10), island (ID; 3/4 CN, 12), far (CA, undisclosed, 16) and south (AU, 20)."""
    facts = {"owners": OWNERS, "response": NOTHING} | more
    need: Any = facts.pop("need", {"2027": 100})
    return instance(GOODS, need, *limits, **facts)


def bought(plan: Solution) -> dict[str, float]:
    found: dict[str, float] = {}
    for (name, _), units in plan.account.quantity.items():
        found[name] = found.get(name, 0.0) + units
    return {name: round(units, 6) for name, units in found.items() if units > 1e-9}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ({"each": "offer"}, {"north": 40, "island": 40, "far": 20}),
        ({"each": "company"}, {"north": 40, "island": 40, "far": 20}),
        ({"each": "country", "basis": "place"}, {"north": 40, "island": 40, "far": 20}),
        # a quarter of island stays with Indonesia, so north + 3/4 island <= 40; nobody owns far
        ({"each": "country", "basis": "control"}, {"north": 40, "far": 60}),
        ({"country": "CN", "basis": "control", "from_share": 0.7}, {"north": 40, "far": 60}),
        ({"bloc": "both", "basis": "place"}, {"north": 40, "far": 60}),
        ({"offer": "north"}, {"north": 40, "island": 60}),
        ({"company": "north"}, {"north": 40, "island": 60}),
        ({"each": "country", "basis": "place", "exempt": ("CN",)}, {"north": 100}),
        ({"each": "country", "basis": "place", "outside": "both"}, {"north": 100}),
    ],
)
def test_who_is_lost(who: dict[str, Any], expected: dict[str, float]) -> None:
    plan = solved(goods(floor(**who), blocs={"both": ("CN", "ID")}))
    assert bought(plan) == pytest.approx(expected)


def test_a_share_that_is_owned_is_lost_in_its_share() -> None:
    only = [one for one in GOODS if one.offer in {"island", "south"}]
    asked = instance(
        only, {"2027": 100}, floor(0.4, country="CN", basis="control"), owners=OWNERS[1:], response=NOTHING
    )
    # 3/4 of island may be 60 t: 80 t of it
    assert bought(solved(asked)) == pytest.approx({"island": 80, "south": 20})


def test_a_stage_that_is_named_is_lost_alone() -> None:
    chain = [mined("pit", 1), offer("works", 5, yield_=0.5), offer("other", 20, country="CA")]
    lost = {"country": "AU", "basis": "place"}
    asked = instance(chain, {"2027": 100}, floor(0.6, **lost, stages=("mined",)), response=NOTHING)
    assert bought(solved(asked))["other"] == pytest.approx(60)


def test_a_lane_and_a_corridor_are_lost() -> None:
    lanes = [
        Lane(origin="north", destination="plant", corridor="strait"),
        Lane(origin="island", destination="plant", corridor="strait"),
        Lane(origin="far", destination="plant"),
    ]
    ways = {"lanes": lanes, "corridors": [Corridor(corridor="strait")]}
    assert bought(solved(goods(floor(lane="north/plant"), **ways))) == pytest.approx({"north": 40, "island": 60})
    subjects: list[dict[str, Any]] = [{"corridor": "strait"}, {"each": "corridor"}]
    for who in subjects:
        assert bought(solved(goods(floor(**who), **ways))) == pytest.approx({"north": 40, "far": 60})
    shut = Control(control="ban", material=ORE, stage="refined", from_country="AU", effect="closed")
    assert solved(
        goods(floor(lane="north/plant"), **ways, controls=[shut])
    ).proven  # a lane that law closed is lost already


def test_calls_and_stock_count_and_notice_delays_calls() -> None:
    # each of two may be lost, and the other doubles what it gives
    two = {"each": "offer", "name": "floor"}
    assert bought(solved(goods(floor(1.0, **two), response=ShortNotice(surge=1.0)))) == {"north": 50, "island": 50}
    with pytest.raises(NoPlan):
        solved(goods(floor(1.0, **two), response=ShortNotice(surge=1.0, notice=1)))
    kept = [Stock(site="plant", material=ORE, opening=30, capacity=30, closing_minimum=30)]
    assert bought(solved(goods(floor(offer="north"), stock=kept))) == pytest.approx({"north": 70, "island": 30})


def test_capacity_that_is_reserved_counts_unless_it_is_lost_too() -> None:
    prices = {"north": 0.1, "island": 1.0}
    offers = [one.model_copy(update={"capacity": 1000, "reservation_price": prices.get(one.offer)}) for one in GOODS]
    plan = solved(instance(offers, {"2027": 100}, floor(0.6), response=NOTHING))
    assert bought(plan) == {"north": 100}
    assert plan.account.plan.reserved == pytest.approx({"island": 60})
    assert plan.cost == pytest.approx(100 * 10 + 60 * 1.0)
    assert not solved(instance(offers, {"2027": 100}, floor(0.6, watch=True), response=NOTHING)).account.plan.reserved


def test_what_is_reserved_counts_in_periods_that_the_plan_pays_for() -> None:
    dear = [one.model_copy(update={"capacity": 1000, "fixed_cost_per_period": 50}) for one in GOODS]
    offers = [dear[0], *(one.model_copy(update={"reservation_price": 1.0}) for one in dear[1:])]
    plan = solved(instance(offers, {"2027": 100}, floor(0.6), response=NOTHING))
    assert plan.cost == pytest.approx(50 + 100 * 10 + 60 * 1.0 + 50, rel=1e-4)


def test_demand_counts_until_goods_ordered_afterwards_arrive() -> None:
    years = {"2027": 100.0, "2028": 100.0, "2029": 100.0}
    goods_of = [offer("near", 10), offer("other", 12)]
    late = [Lane(origin="near", destination="plant", lead_time=1), Lane(origin="other", destination="plant")]
    stock = [Stock(site="plant", material=ORE, opening=100, capacity=100)]
    asked = instance(goods_of, years, floor(0.9, offer="near"), lanes=late, stock=stock, response=NOTHING)
    keys = {reading.key.period: reading for _, reading in solved(asked).account.readings}
    assert set(keys) == {"2027", "2028", "2029"}
    # lost in 2028, what would arrive in 2029 is missing, and counts against the demand of 2028 and 2029
    plan = solved(asked)
    lost = plan.account.quantity["near", "2028"]
    kept = plan.account.plan.stock.get(("plant", ORE, "2029"), 0.0)
    assert lost - kept <= 0.1 * 200 + 1e-6


def test_only_the_beginnings_and_the_sites_that_are_named_count() -> None:
    years = {"2027": 100, "2028": 100}
    plan = solved(goods(floor(from_period="2028"), need=years))
    assert plan.account.quantity["north", "2027"] == pytest.approx(100)
    assert plan.account.quantity["north", "2028"] == pytest.approx(40)
    assert {reading.key.period for _, reading in plan.account.readings} == {"2028"}
    sites = {"sites": [Site(site="plant", country="US"), Site(site="works", country="US")]}
    needs = [Demand(site=site, material=ORE, period="2027", quantity=50) for site in ("plant", "works")]
    # what the loss leaves is sent to the site that counts
    assert bought(solved(goods(floor(1.0, sites=("plant",)), demand=needs, **sites))) == {"north": 50, "island": 50}


def two_materials(*limits: Limit) -> EnforcedInstance:
    """Return two materials whose spare offers share a corridor of 60 t; what is lost needs 100 t of it."""
    materials = [Material(material=name, stages="refined", basis="t") for name in ("tin", "zinc")]
    offers = [offer(f"{name}-main", 10, 50, "CN", material=name, company="main") for name in ("tin", "zinc")]
    offers += [offer(f"{name}-spare", 20, 100, "AU", material=name, surge=1.0) for name in ("tin", "zinc")]
    lanes = [
        Lane(origin=one.offer, destination="plant", corridor="strait" if "spare" in one.offer else None)
        for one in offers
    ]
    needs = [Demand(site="plant", material=name, period="2027", quantity=50) for name in ("tin", "zinc")]
    return instance(
        offers, {"2027": 1}, *limits, materials=materials, demand=needs, lanes=lanes, response=NOTHING,
        corridors=[Corridor(corridor="strait", capacity=60)],
    )  # fmt: skip


def test_materials_that_share_a_corridor_are_covered_in_one_response() -> None:
    # 60 t pass at the most, so that 60 % of each can be covered and no more
    plan = solved(two_materials(floor(0.6, company="main")))
    assert bought(plan) == pytest.approx(
        {f"{name}-{who}": t for name in ("tin", "zinc") for who, t in [("main", 35), ("spare", 15)]}
    )
    assert sum(1 - reading.used for _, reading in plan.account.readings) * 50 == pytest.approx(40)
    with pytest.raises(NoPlan):
        solved(two_materials(floor(0.61, company="main")))
    solved(two_materials(floor(1.0, company="main", materials=("tin",))))


def test_a_soft_floor_pays_for_each_tonne_that_is_missing_after_each_loss() -> None:
    plan = solved(goods(floor(0.6, offer="north", penalty=1.5)))
    # a tonne less of north costs 2 more, and 1.5 where it is missing
    assert bought(plan) == {"north": 100}
    assert plan.cost == pytest.approx(1000 + 60 * 1.5)
    plan = solved(goods(floor(0.6, offer="north", penalty=3)))
    assert bought(plan) == pytest.approx({"north": 40, "island": 60})
    assert plan.cost == pytest.approx(1120)
    joint = solved(two_materials(floor(0.8, company="main", penalty=1)))
    assert joint.cost == pytest.approx(1000 + 80)


def test_a_watched_floor_is_measured_and_says_nothing() -> None:
    plan = solved(goods(floor(0.6, watch=True)))
    assert bought(plan) == {"north": 100}
    worst = min(plan.account.readings, key=lambda one: one[1].used)[1]
    assert (worst.key.who, worst.used) == ("north", 0.0)
    assert worst.excess == pytest.approx(60)


def test_what_a_plan_uses_carries_something_where_its_use_costs_something() -> None:
    lanes = [Lane(origin=one.offer, destination="plant", fixed_cost=7.0) for one in GOODS]
    response = ShortNotice(surge=1.0)
    plan = solved(goods(floor(0.5, each="lane"), lanes=lanes, response=response))
    # island doubles what it gives: 25 t of it cover half of the demand
    assert bought(plan) == pytest.approx({"north": 75, "island": 25})
    assert plan.cost == pytest.approx(75 * 10 + 25 * 12 + 14)


def test_time_to_survive_counts_periods_and_the_horizon_is_enough() -> None:
    kept = [Stock(site="plant", material=ORE, opening=100, capacity=100, closing_minimum=100)]
    years = {"2027": 100, "2028": 100, "2029": 100}
    limit = TimeToSurviveFloor(name="floor", offer="north", min_periods=2, lasts=1, hard=True)
    plan = solved(goods(limit, need=years, stock=kept))
    assert [reading.used for _, reading in plan.account.readings] == [3, 2, 2]
    assert bought(plan) == {"north": 300}
    for_good = limit.model_copy(update={"lasts": None})
    plan = solved(goods(for_good, need=years, stock=kept))
    # two years without north from 2027 or 2028 on, and 100 t in stock
    assert [reading.used for _, reading in plan.account.readings] == [2, 2, 2]
    assert bought(plan) == pytest.approx({"north": 200, "island": 100})


# Every question ----------------------------------------------------------------------------------------------------


def test_a_floor_has_a_price() -> None:
    asked = goods(floor(0.6))
    found = price_limits(asked, asked.limits, settings_of(asked, gap=0.0)).prices[0]
    assert found.without is not None
    assert found.without.most == pytest.approx(200, rel=1e-6)


def test_the_highest_level_is_told_with_loss_period_and_material() -> None:
    capped = goods(floor(0.9, each="country", basis="place"))
    with pytest.raises(NoPlan) as none:
        solved(capped)
    said = str(explain_no_plan(none.value, capped))
    assert "limit floor: 75% is the highest that can be reached with all else as it is, for ore without" in said
    explained = explain(capped, settings_of(capped))
    assert isinstance(explained, NoPlanExplained)
    (repair,) = explained.infeasibilities[0].repairs
    assert repair.steps[0].after.level == pytest.approx(0.75)  # type: ignore[union-attr]
    solved(goods(floor(0.75, each="country", basis="place")))
    with pytest.raises(NoPlan):
        solved(goods(floor(0.7501, each="country", basis="place")))


def test_the_longest_time_to_survive_is_told() -> None:
    kept = [Stock(site="plant", material=ORE, opening=100, capacity=100)]
    limit = TimeToSurviveFloor(name="floor", offer="north", min_periods=3, hard=True)
    alone = instance([offer("north", 10)], dict.fromkeys(("a", "b", "c"), 50), limit, stock=kept, response=NOTHING)
    with pytest.raises(NoPlan) as none:
        solved(alone)
    assert "limit floor: 2 periods is the highest that can be reached" in str(explain_no_plan(none.value, alone))


def test_an_edited_plan_that_breaks_a_floor_is_found() -> None:
    plan = solved(goods(floor(0.6)))
    account = plan.account
    moved = dict(account.plan.flow)
    moved["north", "plant", "2027"], moved["far", "plant", "2027"] = 60.0, 0.0
    edited = Account(account.market, account.limits, type(account.plan)(flow=moved, signed=account.plan.signed))
    assert audit(edited) == ["limit floor: ore / north / 2027 uses 40% where at least 60% is allowed"]


def test_what_nobody_declared_is_noted() -> None:
    refined = {"each": "country", "stages": ("refined",)}
    notes = list_notes(goods(floor(0.6, basis="control", **refined)))
    assert any("limit floor loses nothing of what nobody declared by control, of 1 offer:" in note for note in notes)
    assert not any("loses nothing" in note for note in list_notes(goods(floor(0.6, basis="place", **refined))))


def test_other_solvers_are_refused() -> None:
    asked = goods(floor(0.6))
    with pytest.raises(InputError, match="takes no survival_floor and no time_to_survive_floor"):
        solve(asked, settings_of(asked, solver="cbc"))


# Wrong input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"each": None}, "speaks of nobody; write exactly one of each, country, bloc, company, offer, lane, corridor"),
        ({"offer": "north"}, "speaks of each and offer; write exactly one of each, country"),
        (
            {"each": "country"},
            'countries are counted by place or by control; write basis = "place" or basis = "control"',
        ),
        ({"basis": "place"}, 'basis = "place" goes with countries only; remove it'),
        ({"exempt": ("CN",)}, 'exempt goes with each = "country" only; remove it'),
        ({"from_share": 0.5}, 'from_share counts what is owned, so it goes with basis = "control" only; remove it'),
        ({"each": "lane", "stages": ("refined",)}, "a lane has no stage, so stages says nothing here; remove it"),
        ({"periods": ("2027",)}, "periods says nothing here, as a loss may begin in any period; write from_period"),
        ({"per": "horizon"}, "per says nothing here, as a loss may begin in any period"),
    ],
)
def test_a_floor_that_is_not_one_is_refused(fields: dict[str, Any], said: str) -> None:
    plain = {"kind": "survival_floor", "name": "floor", "each": "offer", "lasts": 1, "min_covered": 0.6, "hard": True}
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        SurvivalFloor.model_validate(plain | fields)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lasts": 2}, "lasts: 2 is no number of periods that fits; the horizon has 1 period; write 1"),
        ({"lasts": 0}, "lasts: 0 is no number of periods that fits; the horizon has 1 period; write 1"),
        ({"from_period": "2028"}, "from_period: '2028' is not in the instance"),
        ({"offer": "nort"}, "offer: 'nort' is not in the instance (did you mean north?)"),
        ({"corridor": "strait"}, "corridor: 'strait' is not in the instance; none is declared; add it"),
        ({"lane": "north/plane"}, "lane: 'north/plane' is not in the instance (did you mean north/plant?)"),
    ],
)
def test_a_floor_that_does_not_fit_is_refused(fields: dict[str, Any], said: str) -> None:
    told = list(floor(**fields).problems(goods().market))
    assert told[0].startswith(said)


def test_a_market_without_response_is_refused_and_surge_of_every_offer_is_enough() -> None:
    (told,) = floor().problems(goods(response=None).market)
    assert told == (
        "what suppliers give at short notice is not said, and what stays covered depends on it; write [response] with "
        "surge, surge_premium, notice and take_or_pay (surge = 0: nothing)"
    )
    each = [one.model_copy(update={"surge": 0.0}) for one in GOODS]
    assert not list(floor().problems(instance(each, {"2027": 100}).market))

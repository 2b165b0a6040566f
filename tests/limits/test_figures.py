"""Averages, totals, what is paid to a class, quotas and dependence: what their cases do not show, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from models.formulation.components import parts
from models.limits import value_ratio_floor
from models.market import Conversion, Demand, Lane, Material, Site, Tier
from optimizer.errors import AuditFailure, NoPlan
from optimizer.explain.answer import explain
from optimizer.explain.no_plan import NoPlanExplained
from optimizer.reasons import list_reasons
from optimizer.report.explanation import format_no_plan
from optimizer.results.solution import settings_of
from tests.blocks.markets import ORE, instance, mined, offer, solved
from tests.limits.cases.figures import stating
from tests.limits.cases.market import goods, limit

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.limits import Limit
    from models.market import Offer


def with_co2(figure: float, made: Offer) -> Offer:
    return made.model_copy(update={"attributes": {"co2": figure}})


def stated(*limits: Limit) -> EnforcedInstance:
    """Return the market of `GOODS` with 9, 6, 3 and 1 co2 a tonne."""
    facts = stating("co2", 9, 6, 3, 1)
    return instance(facts.pop("offers"), {"2027": 100}, *limits, **facts)


def two_materials(*limits: Limit, **more: Any) -> EnforcedInstance:
    """Return a market of 100 t of ore (10 at 9 co2, 14 at 1) and 100 t of tin (20 at 5 co2, 30 at 1)."""
    offers = [
        with_co2(9, offer("ore-dirty", 10)),
        with_co2(1, offer("ore-clean", 14)),
        with_co2(5, offer("tin-dirty", 20, material="tin", company="ore-dirty")),
        with_co2(1, offer("tin-clean", 30, material="tin")),
    ]
    materials = [Material(material=name, stages="mined; refined", basis="t") for name in (ORE, "tin")]
    demand = [Demand(site="plant", material=name, period="1", quantity=100) for name in (ORE, "tin")]
    facts = {"attributes": ["co2"], "materials": materials, "demand": demand}
    return instance(offers, {"1": 100}, *limits, **(facts | more))


# Attributes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [{"kind": "average_cap", "max_average": 4}, {"kind": "total_cap", "max_total": 800}])
def test_in_total_what_one_material_saves_is_left_to_another(asked: dict[str, Any]) -> None:
    total = two_materials(limit(**asked, attribute="co2", group="total"))
    # a unit of co2 less costs 0.5 with ore and 2.5 with tin; 600 less are 75 t of ore
    assert solved(total).cost == pytest.approx(3000 + 75 * 4)
    assert len(parts(total)) == 1


@pytest.mark.parametrize("asked", [{"kind": "average_cap", "max_average": 4}, {"kind": "total_cap", "max_total": 400}])
def test_each_material_by_itself_saves_its_own(asked: dict[str, Any]) -> None:
    each = two_materials(limit(**asked, attribute="co2", group="each"))
    # 62.5 t of ore and 25 t of tin
    assert solved(each).cost == pytest.approx(3000 + 62.5 * 4 + 25 * 10)
    assert len(parts(each)) == 2


def test_a_limit_in_total_says_of_one_material_what_it_says_of_it_alone() -> None:
    total = limit("total_cap", attribute="co2", group="total", max_total=400, materials=[ORE])
    # 500 less of ore; tin is left alone
    assert solved(two_materials(total)).cost == pytest.approx(3000 + 62.5 * 4)
    assert total.within(["tin"]) is None


def test_an_offer_counts_once_at_the_stage_at_which_it_is_sold() -> None:
    offers = [
        with_co2(2, mined("pit", 4)),
        with_co2(1, offer("works", 2, yield_=0.5)),
        with_co2(2, offer("lot", 16)),
    ]

    def cost(group: str) -> float:
        capped = limit("total_cap", attribute="co2", group=group, max_total=350, stages=None)
        return solved(instance(offers, {"1": 100}, capped, attributes=["co2"])).cost

    # a tonne through the works costs 10 and carries 2 x 2 + 1, the lot costs 16 and carries 2
    assert cost("total") == pytest.approx(50 * 10 + 50 * 16)
    # at the mine 4 a tonne of 350, where the lot does not count; at the works far less
    assert cost("each") == pytest.approx(87.5 * 10 + 12.5 * 16)


def test_an_attribute_is_per_unit_of_the_basis_of_its_row_and_a_score_is_not() -> None:
    half = offer("half", 5, 200, basis="t ore").model_copy(update={"attributes": {"co2": 3}})
    facts = {"attributes": ["co2"], "conversions": [Conversion(material=ORE, basis="t ore", factor=0.5)]}
    capped = limit("average_cap", attribute="co2", group="each", max_average=3)

    def cost(**more: Any) -> float:
        return solved(instance([half, with_co2(0, offer("clean", 20))], {"1": 100}, capped, **facts, **more)).cost

    # 5 and 3 for half a tonne are 10 and 6 a tonne
    assert cost() == pytest.approx(50 * 10 + 50 * 20)
    assert cost(scores=["co2"]) == pytest.approx(100 * 10)


def test_an_average_holds_in_every_period_or_over_the_horizon_weighted_by_quantity() -> None:
    offers = [with_co2(9, offer("dirty", 10)), with_co2(1, offer("clean", 20, 30))]

    def cost(per: str) -> float:
        capped = limit("average_cap", attribute="co2", group="each", max_average=7.4, per=per)
        return solved(instance(offers, {"1": 50, "2": 100}, capped, attributes=["co2"])).cost

    # a fifth is clean: 10 and 20 t, or the same 30 t in any period
    assert cost("period") == cost("horizon") == pytest.approx(1500 + 30 * 10)
    short = [with_co2(9, offer("dirty", 10)), with_co2(1, offer("clean", 20, to_period="1"))]
    over = limit("average_cap", attribute="co2", group="each", max_average=7.4, per="horizon")
    assert solved(instance(short, {"1": 50, "2": 100}, over, attributes=["co2"])).cost == pytest.approx(1800)


def test_a_figure_below_zero_makes_up_for_others() -> None:
    offers = [with_co2(9, offer("dirty", 10)), with_co2(-1, offer("sink", 20))]
    for kind, level in (("average_cap", "max_average"), ("total_cap", "max_total")):
        capped = limit(kind, attribute="co2", group="each", **{level: 0})
        made = instance(offers, {"1": 100}, capped, attributes=["co2"])
        assert solved(made).cost == pytest.approx(10 * 10 + 90 * 20)
        assert list_reasons(made) == []


# What is paid -------------------------------------------------------------------------------------


def ratio(**fields: Any) -> Limit:
    return limit("value_ratio_floor", **({"group": "each", "min_share": 0.5, "stages": None} | fields))


def paid(*bought: tuple[float, float]) -> float:
    return sum(price * units for price, units in bought)


@pytest.mark.parametrize(
    ("asked", "bought"),
    [
        # half of the money is not paid to the class: x t of it and 100 - x of the cheapest outside of it
        ({"basis": "place"}, [(10, 600 / 11), (12, 500 / 11)]),
        ({"basis": "control", "from_share": 0.8, "undisclosed": "apart"}, [(10, 600 / 11), (12, 500 / 11)]),
        ({"basis": "control", "from_share": 0.75, "undisclosed": "apart"}, [(10, 800 / 13), (16, 500 / 13)]),
        ({"basis": "control", "together_from": 0.75, "undisclosed": "apart"}, [(10, 800 / 13), (16, 500 / 13)]),
        # what nobody declared of far may be Chinese
        ({"basis": "control", "from_share": 0.75}, [(10, 200 / 3), (20, 100 / 3)]),
        ({"basis": "control", "together_from": 0.75}, [(10, 200 / 3), (20, 100 / 3)]),
        # island stands in ID
        ({"basis": "place", "bloc": "two"}, [(10, 800 / 13), (16, 500 / 13)]),
        # owned to 3/4 by CN and 1/4 by ID: none holds 80 %, and both together all of it
        ({"basis": "control", "bloc": "two", "from_share": 0.8, "undisclosed": "apart"},
         [(10, 600 / 11), (12, 500 / 11)]),
        ({"basis": "control", "bloc": "two", "from_share": 0.8, "together_from": 0.9, "undisclosed": "apart"},
         [(10, 800 / 13), (16, 500 / 13)]),
        # far stands in CA, north is Chinese: island is left, as three quarters are not 80 %
        ({"basis": "either", "bloc": "north", "from_share": 0.8, "undisclosed": "apart"},
         [(10, 600 / 11), (12, 500 / 11)]),
        ({"basis": None, "bloc": None, "companies": ["north", "island"]}, [(10, 800 / 13), (16, 500 / 13)]),
        ({"basis": "place", "companies": ["island"]}, [(10, 800 / 13), (16, 500 / 13)]),
    ],
)  # fmt: skip
def test_a_class_is_of_places_owners_or_companies_as_a_whole(
    asked: dict[str, Any], bought: list[tuple[float, float]]
) -> None:
    blocs = {"covered": ["CN"], "two": ["CN", "ID"], "north": ["CN", "CA"]}
    assert solved(goods(ratio(**({"bloc": "covered"} | asked)), blocs=blocs)).cost == pytest.approx(paid(*bought))


def test_the_stages_of_a_material_add_up_and_freight_does_not_count() -> None:
    offers = [mined("pit", 4, country="CN"), offer("works", 2, yield_=0.5), offer("lot", 16)]
    lanes = [
        Lane(origin="pit", destination="works", freight=1),
        Lane(origin="works", destination="plant", freight=3),
        Lane(origin="lot", destination="plant", freight=1),
    ]

    def cost(**fields: Any) -> float:
        asked = ratio(bloc="covered", basis="place", **fields)
        return solved(instance(offers, {"1": 100}, asked, lanes=lanes, blocs={"covered": ["CN"]})).cost

    # x t through the works pay 8 to the pit and 2 to the works: 2 x + 16 (100 - x) >= 8 x
    through = 1600 / 22
    assert cost() == pytest.approx(through * (10 + 2 + 3) + (100 - through) * 17)
    assert cost(stages=["refined"]) == pytest.approx(100 * 15)


def test_in_total_what_is_paid_for_one_material_makes_up_for_another() -> None:
    def cost(group: str) -> float:
        asked = ratio(companies=["ore-dirty"], group=group, min_share=0.3)
        return solved(two_materials(asked)).cost

    # each: 14 y >= 0.3 (10 (100 - y) + 14 y) and 30 z >= 0.3 (20 (100 - z) + 30 z)
    y, z = 300 / 12.8, 600 / 27
    assert cost("each") == pytest.approx(3000 + 4 * y + 10 * z)
    # in total the 900 that must be paid outside cost 4 / 12.8 with ore and 10 / 27 with tin
    assert cost("total") == pytest.approx(3000 + 4 * 900 / 12.8)


@pytest.mark.parametrize(
    ("price", "tier", "true"),
    [
        # 10 x 20 + 10 x 50, where the dear tier first would be 20 x 50
        (20, Tier(offer="south", from_quantity=10, price=50, kind="incremental"), 700),
        # at the step itself the lower price
        (50, Tier(offer="south", from_quantity=20, price=15, kind="all-units"), 300),
        (15, Tier(offer="south", from_quantity=20, price=50, kind="all-units"), 300),
    ],
)
def test_a_ratio_is_not_met_by_paying_more_than_the_price_list_says(
    price: float, tier: Tier, true: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = [offer("north", 10, country="CN"), offer("south", price)]
    few = [limit(f"quantity_{way}", name=way, offer="south", **{level: 20}) for way, level in WAYS]

    def solve(share: float) -> float:
        asked = ratio(companies=["north"], min_share=share)
        return solved(instance(offers, {"1": 100}, asked, *few, tiers=[tier])).cost

    # 20 t of south, and 800 for north
    share = true / (800 + true)
    assert solve(share - 1e-3) == pytest.approx(800 + true)
    with pytest.raises(NoPlan):
        solve(share + 1e-3)
    monkeypatch.setattr(value_ratio_floor, "kept_price_lists", lambda *_: iter(()))
    with pytest.raises(AuditFailure, match="limit asked"):
        solve(share + 1e-3)


WAYS = (("cap", "max_quantity"), ("floor", "min_quantity"))


def test_what_is_paid_for_taking_a_thing_counts_as_nothing() -> None:
    offers = [offer("north", -5, 50, "CN", resale=True), offer("east", 10, country="CN"), offer("south", 20)]
    asked = ratio(bloc="covered", basis="place")
    # 50 t of north at nothing; 20 y >= 10 (50 - y)
    y = 500 / 30
    solution = solved(instance(offers, {"1": 100}, asked, blocs={"covered": ["CN"]}))
    assert solution.cost == pytest.approx(-250 + 20 * y + 10 * (50 - y))
    assert solution.account.readings[0][1].used == pytest.approx(0.5)


# Quotas -------------------------------------------------------------------------------------------


def quota(**fields: Any) -> Limit:
    return limit("quota", **({"country": "ID", "max_quantity": 40} | fields))


def test_a_quota_counts_what_leaves_the_country_and_not_what_is_used_there() -> None:
    sites = [Site(site="plant", country="US"), Site(site="kiln", country="ID")]
    demand = [Demand(site=site.site, material=ORE, period="1", quantity=50) for site in sites]
    offers = [offer("island", 10, country="ID"), offer("far", 16)]
    left = {"sites": sites, "demand": demand}

    def cost(**fields: Any) -> float:
        return solved(instance(offers, {"1": 0}, quota(**fields), **left)).cost

    # the kiln takes 50 of island, and 40 leave
    assert cost() == pytest.approx(90 * 10 + 10 * 16)
    assert cost(committed=30) == pytest.approx(60 * 10 + 40 * 16)
    assert cost(to_country="US") == cost()
    assert cost(to_country="CN") == cost(sites=["kiln"]) == pytest.approx(1000)


def test_a_quota_of_ore_leaves_the_refineries_at_home_alone() -> None:
    offers = [
        mined("pit", 2, country="ID"),
        mined("hill", 5, country="PH"),
        offer("home", 8, 30, country="ID", yield_=0.5),
        offer("abroad", 4, country="CN", yield_=0.5),
    ]
    ore = quota(stages=["mined"], max_quantity=100)
    # 60 t of ore for home and 100 t for abroad, which needs 40 t of the hill
    assert solved(instance(offers, {"1": 100}, ore)).cost == pytest.approx(160 * 2 + 40 * 5 + 30 * 8 + 70 * 4)
    for to in ({"to_bloc": "asia"}, {"to_country": "CN"}):
        same = instance(offers, {"1": 100}, quota(stages=["mined"], max_quantity=100, **to), blocs={"asia": ["CN"]})
        assert solved(same).cost == pytest.approx(160 * 2 + 40 * 5 + 30 * 8 + 70 * 4)


def test_a_quota_is_per_year_and_counts_when_units_leave() -> None:
    offers = [offer("island", 10, country="ID"), offer("far", 16)]

    def cost(**fields: Any) -> float:
        asked = quota(max_quantity=50, committed=30, **fields)
        return solved(instance(offers, {"1": 10, "2": 90}, asked, years={"2": 2})).cost

    # 20 a year: 10 of the 20 in the first, 40 in the two years of the second; over the horizon 50 of 60
    assert cost() == pytest.approx(50 * 10 + 50 * 16)
    assert cost(per="horizon") == pytest.approx(60 * 10 + 40 * 16)
    late = [Lane(origin="island", destination="plant", lead_time=1), Lane(origin="far", destination="plant")]
    asked = instance(offers, {"1": 10, "2": 90}, quota(max_quantity=50, committed=30), years={"2": 2}, lanes=late)
    assert solved(asked).cost == pytest.approx(20 * 10 + 80 * 16)


def test_the_use_of_a_quota_is_told_with_what_others_hold() -> None:
    offers = [offer("island", 10, country="ID"), offer("far", 16)]
    asked = quota(max_quantity=50, committed=30, hard=None, watch=True)
    (_, reading), *_ = solved(instance(offers, {"1": 100}, asked, years={"1": 2})).account.readings
    assert (reading.used, reading.allowed, reading.excess) == pytest.approx((80, 50, 60))
    over = quota(max_quantity=50, committed=30, per="horizon", hard=None, watch=True)
    (_, reading), *_ = solved(instance(offers, {"1": 40, "2": 80}, over, years={"2": 2})).account.readings
    assert (reading.used, reading.allowed, reading.excess) == pytest.approx((70, 50, 60))
    assert (asked.unit("t", "USD"), asked.excess_unit("t", "USD")) == ("t a year", "t")


# Dependence ---------------------------------------------------------------------------------------


def test_the_capacity_of_a_company_is_that_of_all_its_offers_at_the_stage() -> None:
    offers = [offer("a1", 10, 60, company="a"), offer("a2", 11, 40, company="a"), offer("b", 20), offer("c", 30)]

    def cost(**fields: Any) -> float:
        return solved(instance(offers, {"1": 100}, limit("dependence_cap", max_share=0.5, **fields))).cost

    assert cost(each="company") == pytest.approx(50 * 10 + 50 * 20)
    assert cost(company="a") == cost(each="company")
    assert cost(each="offer") == pytest.approx(30 * 10 + 20 * 11 + 50 * 20)
    assert cost(offer="a1") == pytest.approx(30 * 10 + 40 * 11 + 30 * 20)


def test_capacity_is_what_can_be_sold_in_the_periods_at_hand() -> None:
    new = offer("new", 10, 200, from_period="2", ramp_up="50%")
    offers = [new, offer("old", 20, 1000)]

    def cost(per: str) -> float:
        asked = limit("dependence_cap", company="new", max_share=0.25, per=per)
        return solved(instance(offers, {"1": 100, "2": 100, "3": 100}, asked, years={"3": 2})).cost

    # a quarter of 100 in the second period and of 400 in the third; over the horizon of 500
    assert cost("period") == pytest.approx(125 * 10 + 175 * 20)
    more = [new, offer("old", 20, 20)]
    with pytest.raises(NoPlan):
        solved(instance(more, {"2": 100, "3": 100}, limit("dependence_cap", company="new", max_share=0.25)))
    assert cost("horizon") == pytest.approx(125 * 10 + 175 * 20)
    watched = limit("dependence_cap", company="new", max_share=0.25, hard=None, watch=True)
    readings = solved(instance(offers, {"1": 100, "2": 100, "3": 100}, watched, years={"3": 2})).account.readings
    assert [reading.used for _, reading in readings] == pytest.approx([0, 1, 0.25])


# Penalties, reasons -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "plain", "excess"),
    [
        # 2 a tonne of island instead of north, which has 3 co2 less; at 0.6 a unit of co2 nobody moves
        ({"kind": "average_cap", "attribute": "co2", "group": "each", "max_average": 6, "penalty": 0.6}, 1000, 300),
        ({"kind": "average_cap", "attribute": "co2", "group": "each", "max_average": 6, "penalty": 0.7}, 1200, 0),
        ({"kind": "average_floor", "attribute": "co2", "group": "each", "min_average": 10, "penalty": 1}, 1000, 100),
        ({"kind": "total_cap", "attribute": "co2", "group": "total", "max_total": 500, "penalty": 0.5}, 1000, 400),
        ({"kind": "value_ratio_floor", "companies": ["north"], "group": "each", "min_share": 0.3, "penalty": 0.1},
         1000, 300),
        ({"kind": "quota", "country": "CN", "max_quantity": 50, "committed": 20, "penalty": 1}, 1000, 70),
        ({"kind": "dependence_cap", "each": "company", "max_share": 0.4, "penalty": 1}, 1000, 60),
    ],
)  # fmt: skip
def test_a_penalty_is_charged_in_the_unit_of_the_rows(fields: dict[str, Any], plain: float, excess: float) -> None:
    solution = solved(stated(limit(**fields)))
    assert solution.account.penalty == pytest.approx(fields["penalty"] * excess)
    assert sum(solution.account.costs.values()) == pytest.approx(plain)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"kind": "average_cap", "attribute": "co2", "group": "each", "max_average": 0.5},
         "the 100 t of refined ore that must be bought in 2027 have at least 1 co2 on average, and 0.5 is allowed"),
        ({"kind": "average_floor", "attribute": "co2", "group": "each", "min_average": 9.5},
         "the 100 t of refined ore that must be bought in 2027 have at most 9 co2 on average, and 9.5 is asked for"),
        ({"kind": "total_cap", "attribute": "co2", "group": "each", "max_total": 99},
         "the 100 t of refined ore that must be bought in 2027 have at least 100 co2, and 99 is allowed"),
        ({"kind": "total_cap", "attribute": "co2", "group": "total", "max_total": 99},
         "the 100 t that must be bought in 2027 have at least 100 co2, and 99 is allowed"),
        ({"kind": "value_ratio_floor", "companies": ["north", "island", "far", "south"], "group": "each",
          "min_share": 0.1},
         "all ore that can be bought in 2027 counts as north, island, far, south, and 10% of what is paid must not"),
        ({"kind": "quota", "country": "CN", "max_quantity": 10, "committed": 20},
         "others hold 20 t a year of what may leave CN, and its quota is 10 t a year"),
        ({"kind": "dependence_cap", "each": "company", "max_share": 0.2},
         ("within 20% of the capacity of each company, at most 80 t of refined ore can be bought in 2027, and 100 t is "
          "needed")),
    ],
)  # fmt: skip
def test_a_plain_reason_is_told_where_no_plan_can_hold_a_limit(fields: dict[str, Any], reason: str) -> None:
    assert list_reasons(stated(limit(**fields))) == [f"limit asked: {reason}"]


def test_a_quota_of_the_only_source_is_a_plain_reason() -> None:
    offers = [offer("island", 10, country="ID"), offer("far", 16, 50)]
    assert list_reasons(instance(offers, {"1": 100}, quota())) == [
        (
            "limit asked: outside ID at most 50 t of refined ore can be bought in 1, its quota leaves 40 t, and 100 t "
            "is needed"
        )
    ]


@pytest.mark.parametrize(
    ("fields", "unit", "excess"),
    [
        ({"kind": "average_cap", "attribute": "co2", "group": "each", "max_average": 5}, "co2", "co2 x t"),
        ({"kind": "average_floor", "attribute": "co2", "group": "each", "min_average": 5}, "co2", "co2 x t"),
        ({"kind": "total_cap", "attribute": "co2", "group": "each", "max_total": 5}, "co2", "co2"),
        ({"kind": "value_ratio_floor", "companies": ["north"], "group": "each", "min_share": 0.1}, "share", "USD"),
        ({"kind": "dependence_cap", "each": "offer", "max_share": 0.1}, "share", "t"),
    ],
)
def test_levels_and_rows_have_units_of_their_own(fields: dict[str, Any], unit: str, excess: str) -> None:
    asked = limit(**fields)
    assert (asked.unit("t", "USD"), asked.excess_unit("t", "USD")) == (unit, excess)


@pytest.mark.parametrize(
    ("fields", "proposed"),
    [
        ({"kind": "average_cap", "attribute": "co2", "group": "each", "max_average": 0.5},
         "allow 1 co2 on average over refined ore instead of 0.5 co2"),
        ({"kind": "average_floor", "attribute": "co2", "group": "each", "min_average": 9.5},
         "ask for 9 co2 on average over refined ore instead of 9.5 co2"),
        ({"kind": "total_cap", "attribute": "co2", "group": "total", "max_total": 99},
         "allow 100 co2 over all of it instead of 99 co2"),
        ({"kind": "value_ratio_floor", "companies": ["north", "island", "far"], "group": "each", "min_share": 0.99},
         "ask for 97.43% of what is paid for ore to go outside north, island, far instead of 99%"),
        ({"kind": "quota", "country": "CN", "max_quantity": 10, "committed": 20},
         "allow 20 t a year of refined ore from CN instead of 10 t a year"),
        ({"kind": "dependence_cap", "each": "company", "max_share": 0.2},
         "let each company sell 25% of its capacity of refined ore instead of 20%"),
    ],
)  # fmt: skip
def test_a_level_that_would_give_a_plan_is_proposed(fields: dict[str, Any], proposed: str) -> None:
    asked = stated(limit(**fields))
    if "companies" in fields:
        # 95 t of south are 1900 of 1950
        offers = [o if o.offer != "south" else o.model_copy(update={"capacity": 95}) for o in asked.market.offers]
        asked = asked.model_copy(update={"market": asked.market.model_copy(update={"offers": tuple(offers)})})
    found = explain(asked, settings_of(asked, gap=0.0))
    assert isinstance(found, NoPlanExplained)
    assert proposed in format_no_plan(found)

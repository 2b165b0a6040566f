"""Faults that were found by trying hard, each on the smallest market that showed it."""

from __future__ import annotations

from typing import Any

import pytest

import optimizer.limits_cost
from models.enforcement import EnforcedInstance, enforce
from models.instance import Instance
from models.limits.contract.limit import Reading
from optimizer.audit import audit
from optimizer.errors import AuditFailure, NoPlan, SolverFailure
from optimizer.limits_cost import add_limits_cost
from optimizer.reasons import list_reasons
from optimizer.report.terminal import format_report
from optimizer.results.account import Account
from optimizer.results.plan import Plan
from optimizer.session import Session
from optimizer.solve import Solution, settings_of, solve

Table = dict[str, Any]


def market(tables: Table, *limits: Table) -> EnforcedInstance:
    """Return an instance of one material at one plant for a year, unless the tables say otherwise."""
    base: Table = {
        "periods": [{"name": "p", "years": 1}],
        "as_of": "2027-01-01",
        "materials": [{"material": "ore", "stages": "mined; refined", "basis": "t"}],
        "sites": [{"site": "plant", "country": "US"}],
    }
    asked = [limit if "penalty" in limit else {"hard": True} | limit for limit in limits]
    header = {"name": "x", "title": "x", "currency": "USD", "mass_unit": "t"}
    return enforce(Instance.model_validate(header | {"market": base | tables, "limits": asked}))


def offer(name: str, price: float, capacity: float = 100, country: str = "AU", **terms: Any) -> Table:
    place = {"offer": name, "company": name, "material": "ore", "stage": "refined", "country": country}
    return place | {"capacity": capacity, "price": price} | terms


def need(quantity: float, site: str = "plant", period: str = "p", material: str = "ore") -> Table:
    return {"site": site, "material": material, "period": period, "quantity": quantity}


def solved(instance: EnforcedInstance) -> Solution:
    return solve(instance, settings_of(instance, gap=0.0))


def bought(solution: Solution) -> dict[str, object]:
    return {name: pytest.approx(units) for (name, _, _), units in solution.account.plan.flow.items()}


def test_a_floor_of_nothing_is_not_said_to_let_nothing_through() -> None:
    floor = {"kind": "share_floor", "name": "floor0", "company": "a", "min_share": 0, "stages": ["refined"]}
    ban = {"kind": "quantity_cap", "name": "none", "company": "b", "max_quantity": 0, "stages": ["refined"]}
    tables = {"offers": [offer("a", 2), offer("b", 1)], "demand": [need(50)]}
    said = format_report(solved(market(tables, floor, ban)))
    assert "\nNot binding: floor0\n" in said
    assert "\nLetting nothing through (lodeplan price says what that costs): none\n" in said


# What a wide range of costs or quantities must not change -------------------------------------------


@pytest.mark.parametrize("shortage", [1e3, 1e6, 1e8])
def test_a_high_cost_of_shortage_does_not_blur_prices(shortage: float) -> None:
    periods = [f"m{i}" for i in range(12)]
    sites = [f"s{i}" for i in range(5)]
    tables = {
        "periods": [{"name": p, "years": 1} for p in periods],
        "materials": [{"material": "ore", "stages": "mined; refined", "basis": "t", "shortage_cost": shortage}],
        "sites": [{"site": s, "country": "US"} for s in sites],
        "offers": [offer(f"o{i}", 20 + i, 2000) for i in range(4)],
        "demand": [need(1000, s, p) for s in sites for p in periods],
    }
    # 2000 at 20, 2000 at 21, 1000 at 22 in every month
    assert solved(market(tables)).cost == pytest.approx(12 * (2000 * 20 + 2000 * 21 + 1000 * 22))


@pytest.mark.parametrize("penalty", [1e2, 1e6, 1e8])
def test_a_high_penalty_that_nobody_pays_does_not_blur_prices(penalty: float) -> None:
    offers = [offer(f"o{i}", 20 + i, 2000, ("AU", "CA", "CL")[i % 3]) for i in range(15)]
    loose = {"kind": "share_cap", "name": "c", "each": "country", "basis": "place", "max_share": 1.0}
    caps = {"kind": "quantity_cap", "name": "q", "each": "company", "max_quantity": 2000}
    scope = {"stages": ["refined"], "penalty": penalty}
    plan = solved(market({"offers": offers, "demand": [need(12_000)]}, loose | scope, caps | scope))
    assert plan.cost == pytest.approx(2000 * sum(range(20, 26)))


def test_a_small_dear_material_beside_a_large_cheap_one_is_bought_at_its_best_price() -> None:
    metals = [{"material": m, "stages": "refined", "basis": "t"} for m in ("gold", "sand")]
    offers = [
        offer(f"{m}{i}", price * (1 + i / 100), size, material=m)
        for m, price, size in (("gold", 3.5e8, 0.004), ("sand", 23.0, 2e4))
        for i in range(3)
    ]
    demand = [need(0.0046, material="gold"), need(2.4e4, material="sand")]
    cost = 3.5e8 * (0.004 + 0.0006 * 1.01) + 23 * (2e4 + 4e3 * 1.01)
    assert solved(market({"materials": metals, "offers": offers, "demand": demand})).cost == pytest.approx(cost)


def test_a_switching_cost_is_paid_however_large_the_quantities() -> None:
    size = 1e8
    incumbent: Table = {"incumbent_quantity": size, "minimum_take": size / 10, "switching_cost": 3 * size}
    offers = [offer("old", 10, 2 * size, **incumbent), offer("new", 8, 2 * size)]
    # keeping the old one for a tenth costs 0.2e8 more than all new, dropping it 3e8
    assert solved(market({"offers": offers, "demand": [need(size)]})).cost == pytest.approx(8.2e8)


# What a limit must count, once and not at all -------------------------------------------------------


def test_the_undisclosed_count_once_when_they_are_the_subject() -> None:
    offers = [offer("unknown", 1, country="ZZ"), offer("known", 10)]
    cap = {"kind": "share_cap", "name": "z", "country": "ZZ", "basis": "place", "max_share": 0.4, "stages": ["refined"]}
    assert bought(solved(market({"offers": offers, "demand": [need(100)]}, cap))) == {"unknown": 40, "known": 60}


def test_a_cap_on_one_offer_leaves_alone_what_it_does_not_sell() -> None:
    metals = [{"material": m, "stages": "mined; refined", "basis": "t"} for m in ("ore", "gas")]
    offers = [offer("a", 1), offer("b", 10, country="CA"), offer("g", 1, material="gas")]
    demand = [need(100), need(100, material="gas")]
    cap = {"kind": "quantity_cap", "name": "z", "offer": "a", "max_quantity": 60}
    plan = solved(market({"materials": metals, "offers": offers, "demand": demand}, cap))
    assert bought(plan) == {"a": 60, "b": 40, "g": 100}


def test_owners_that_add_up_to_the_threshold_are_excluded() -> None:
    tables = {
        "blocs": {"two": ["CN", "RU"]},
        "offers": [offer("a", 1), offer("b", 10)],
        "owners": [
            {"company": "a", "country": "CN", "share": 0.7},
            {"company": "a", "country": "RU", "share": 0.1},
            {"company": "a", "country": "AU", "share": 0.2},
            {"company": "b", "country": "AU", "share": 1},
        ],
        "demand": [need(100)],
    }
    ban = {"kind": "ban", "name": "z", "bloc": "two", "group": "total", "basis": "control", "from_share": 0.8}
    assert bought(solved(market(tables, ban | {"stages": ["refined"]}))) == {"b": 100}


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ({"materials": ["gas"], "stages": ["mined"]}, "'gas' has none of the stages mined"),
        ({"stages": ["refined"], "sites": ["plant"]}, "refined is not the last of gas"),
    ],
)
def test_a_scope_that_does_not_fit_a_material_is_refused(scope: Table, said: str) -> None:
    metals = [
        {"material": "ore", "stages": "mined; refined", "basis": "t"},
        {"material": "gas", "stages": "refined; cathode", "basis": "t"},
    ]
    tables = {"materials": metals, "offers": [offer("a", 1)], "demand": [need(100)]}
    cap = {"kind": "share_cap", "name": "z", "country": "CN", "basis": "place", "max_share": 0.1}
    with pytest.raises(ValueError, match=said):
        market(tables, cap | scope)


@pytest.mark.parametrize("strictness", [{}, {"penalty": 0.1}])
def test_a_floor_on_each_country_at_a_site_sees_a_country_that_supplies_nothing(strictness: Table) -> None:
    floor = {"kind": "share_floor", "name": "z", "each": "country", "basis": "place", "min_share": 0.2}
    tables = {"offers": [offer("a", 1), offer("b", 5, country="CA")], "demand": [need(100)]}
    instance = market(tables, floor | {"sites": ["plant"], "stages": ["refined"]} | strictness)
    account = Account(instance.market.prepared, instance.limits, Plan({("a", "plant", "p"): 100.0}))
    short = [reading for _, reading in account.readings if reading.excess]
    assert short == [Reading(short[0].key, 0.0, 0.2, 20.0)]
    # paying 20 x 0.1 is cheaper than buying 20 at 4 more
    assert solved(instance).cost == pytest.approx(102 if strictness else 180)


# What the audit must see ----------------------------------------------------------------------------


def test_the_audit_measures_a_limit_by_its_own_material() -> None:
    metals = [{"material": m, "stages": "refined", "basis": "t"} for m in ("ore", "gas")]
    offers = [offer("o", 1, 2e7), offer("g", 1, material="gas", country="CN"), offer("h", 2, material="gas")]
    demand = [need(1e7), need(10, material="gas")]
    cap = {"kind": "share_cap", "name": "z", "country": "CN", "basis": "place", "max_share": 0.2, "materials": ["gas"]}
    instance = market({"materials": metals, "offers": offers, "demand": demand}, cap)
    plan = Plan({("o", "plant", "p"): 1e7, ("g", "plant", "p"): 10.0})
    (finding,) = audit(Account(instance.market.prepared, instance.limits, plan))
    assert finding == "limit z: gas / refined / CN / p uses 100% where at most 20% is allowed"


def test_the_audit_finds_metal_without_a_feed_in_a_works_of_any_size() -> None:
    works = offer("works", 1, 1e9) | {"yield": 0.5}
    instance = market({"offers": [offer("pit", 1, 1e9, stage="mined"), works], "demand": [need(500)]})
    account = Account(instance.market.prepared, (), Plan({("works", "plant", "p"): 500.0}))
    assert audit(account) == ["works: sells 500 in p but its feed yields 0"]


def test_a_step_that_is_the_demand_but_for_a_rounding_is_reached() -> None:
    tables = {
        "periods": [{"name": "p", "years": 0.1}],
        "offers": [offer("a", 10)],
        "tiers": [{"offer": "a", "from_quantity": 3, "price": 5, "kind": "all-units"}],
        "demand": [need(0.3)],
    }
    assert solved(market(tables)).cost == pytest.approx(1.5)


def test_a_minimum_take_holds_where_nothing_is_needed_either() -> None:
    tables = {
        "periods": [{"name": "a", "years": 1}, {"name": "b", "years": 1}],
        "offers": [offer("x", 1, minimum_take=20, fixed_cost=1), offer("y", 9)],
        "demand": [need(30, period="a"), need(0, period="b")],
    }
    # the contract of x would have to be taken in b as well, where there is no room for it
    assert solved(market(tables)).cost == pytest.approx(270)


# Reasons are only told when they are true -----------------------------------------------------------


def test_no_reason_is_told_for_what_arrives_in_time() -> None:
    tables = {
        "periods": [{"name": "p1", "years": 1}, {"name": "p2", "years": 1}],
        "offers": [offer("a", 1, to_period="p1")],
        "lanes": [{"origin": "a", "destination": "plant", "lead_time": 1}],
        "demand": [need(50, period="p2")],
    }
    instance = market(tables)
    assert solved(instance).cost == pytest.approx(50)
    assert list_reasons(instance) == []


def test_no_reason_is_told_of_a_site_that_needs_nothing() -> None:
    tables = {
        "sites": [{"site": "plant", "country": "US"}, {"site": "idle", "country": "US"}],
        "offers": [offer("a", 1)],
        "demand": [need(50)],
    }
    cap = {"kind": "share_cap", "name": "z", "each": "company", "max_share": 0.4, "stages": ["refined"]}
    instance = market(tables, cap | {"sites": ["idle"]})
    assert solved(instance).cost == pytest.approx(50)
    assert list_reasons(instance) == []


def test_no_reason_is_told_of_a_capacity_that_adds_up_but_for_a_rounding() -> None:
    offers = [offer("a", 1, 0.7, "CA"), offer("b", 1, 0.1, "CA"), offer("c", 1)]
    floor = {"kind": "quantity_floor", "name": "z", "country": "CA", "basis": "place", "min_quantity": 0.8}
    instance = market({"offers": offers, "demand": [need(10)]}, floor | {"stages": ["refined"]})
    assert solved(instance).cost == pytest.approx(10)
    assert list_reasons(instance) == []


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (
            {"kind": "ban", "country": "CA", "basis": "place"},
            "without CA, at most 100 t of refined ore can be bought in p, and 150 t is needed",
        ),
        (
            {"kind": "quantity_cap", "each": "country", "basis": "place", "max_quantity": 70},
            "within 70 t from each country, at most 140 t of refined ore can be bought in p, and 150 t is needed",
        ),
        (
            {"kind": "share_floor", "country": "US", "basis": "place", "min_share": 0.5},
            "US can supply at most 0 t of refined ore in p, and 50% of what is needed is 75 t",
        ),
        (
            {"kind": "most_sources", "count": "company", "max_sources": 1},
            "the largest source can supply at most 100 t of refined ore in p, and 150 t is needed",
        ),
    ],
)
def test_a_limit_that_cannot_hold_says_so_in_numbers(limit: Table, said: str) -> None:
    tables = {"offers": [offer("a", 1), offer("b", 1, country="CA")], "demand": [need(150)]}
    instance = market(tables, limit | {"name": "z", "stages": ["refined"]})
    assert list_reasons(instance) == [f"limit z: {said}"]
    with pytest.raises(NoPlan):
        solved(instance)


# A side question that fails --------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [SolverFailure("broke down"), AuditFailure(["does not hold"])])
def test_a_comparison_that_fails_does_not_lose_the_plan(failure: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    cap = {"kind": "share_cap", "name": "z", "each": "country", "basis": "place", "max_share": 0.5}
    offers = [offer("a", 1), offer("b", 2, country="CA")]
    instance = market({"offers": offers, "demand": [need(100)]}, cap | {"stages": ["refined"]})
    session = Session(settings_of(instance))
    plan = solve(instance, session=session)

    def fails(*_: object) -> None:
        raise failure

    monkeypatch.setattr(optimizer.limits_cost, "Program", fails)
    after = add_limits_cost(plan, session)
    assert after.cost == pytest.approx(150)
    assert after.without_limits is None

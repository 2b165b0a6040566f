"""A capacity that is more than can be used says nothing: what stands there changes no plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.formulation.surplus import thrifty
from optimizer.audit import audit
from optimizer.results.account import Account
from optimizer.solve import Solution, settings_of, solve
from tests.cli.command import bundled
from tests.examples import examples
from tests.laws.markets import TERMS, edited, instances, read
from tests.laws.test_laws_of_figures import cost
from tests.laws.test_laws_of_hhi import capped

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.instance import Instance

Draw = Any
Tables = dict[str, Any]

ENOUGH = (1e6, 1e12, 1e30, None)
"""What people write for "as much as we like", or leave empty."""


def solved(asked: Instance) -> Solution:
    return solve(asked, settings_of(asked, gap=0.0))


def market(demand: float, offers: list[Tables], *limits: Tables, stages: str = "mined; refined") -> Instance:
    """Return an instance of one material at one plant for a year; offers stand where they are not told to."""
    place = {"material": "ore", "stage": stages.split("; ", maxsplit=1)[0], "country": "AU"}
    tables = {
        "periods": [{"name": "p", "years": 1}],
        "as_of": "2027-01-01",
        "materials": [{"material": "ore", "stages": stages, "basis": "t"}],
        "sites": [{"site": "plant", "country": "US"}],
        "demand": [{"site": "plant", "material": "ore", "period": "p", "quantity": demand}],
        "offers": [place | {"company": offer["offer"]} | offer for offer in offers],
    }
    return read({"market": tables, "limits": [{"hard": True} | limit for limit in limits]})


def chain(capacity: float | None) -> Instance:
    """Return a mine with a fixed cost, a near and a far refiner, and metal from elsewhere."""
    refined = {"stage": "refined"}
    return market(
        100,
        [
            {"offer": "mine", "capacity": capacity, "price": 32_000, "fixed_cost": 1_000},
            {"offer": "near", "capacity": capacity, "price": 8_000, "yield": 1} | refined,
            {"offer": "far", "capacity": capacity, "price": 14_000, "yield": 1} | refined,
            {"offer": "spot", "capacity": 10_000, "price": 50_000} | refined,
        ],
    )


@pytest.mark.parametrize("capacity", ENOUGH)
def test_a_capacity_that_means_no_limit_hides_no_plan_behind_a_fixed_cost(capacity: float | None) -> None:
    plan = solved(chain(capacity))
    assert plan.cost == pytest.approx(100 * (32_000 + 8_000) + 1_000, rel=1e-12)
    assert plan.account.plan.signed == {"mine": True}


@pytest.mark.parametrize("size", [1.0, 1e3, 1e6, 1e10])
def test_a_cap_on_the_hhi_beside_a_fixed_cost_has_a_plan_whatever_the_unit(size: float) -> None:
    cap = {"kind": "hhi_cap", "name": "spread", "stages": ["mined"], "count": "company", "max_hhi": 0.6}
    offers = [
        {"offer": "dear", "capacity": 5 * size, "price": 30, "fixed_cost": 200 * size},
        {"offer": "cheap", "capacity": 0.52 * size, "price": 10},
    ]
    plan = solved(market(size, offers, cap, stages="mined"))
    assert plan.cost == pytest.approx((0.52 * 10 + 0.48 * 30 + 200) * size, rel=1e-9)


@pytest.mark.parametrize("capacity", ENOUGH)
def test_the_tutorial_has_its_plan_without_capacities(capacity: float | None) -> None:
    def lifted(capacity: float | None) -> Solution:
        def lift(record: Tables) -> None:
            for offer in record["market"]["offers"]:
                offer["capacity"] = capacity

        return solved(edited(bundled("tutorial-lithium-cobalt"), lift))

    plan = lifted(capacity)
    assert plan.cost == pytest.approx(63.7e6, rel=1e-9)
    assert plan.account.plan == lifted(1e4).account.plan


def test_who_is_paid_for_taking_fills_the_stock_and_no_more() -> None:
    asked = stored(market(100, [{"offer": "paid", "capacity": None, "price": -5, "resale": True}], stages="mined"), 50)
    assert solved(asked).cost == pytest.approx(-5 * 150)


def test_a_plan_edited_by_hand_may_buy_into_stock() -> None:
    asked = stored(market(100, [{"offer": "mine", "capacity": None, "price": 5}], stages="mined"), 1e12)
    plan = solved(asked).account.plan
    assert plan.flow == {("mine", "plant", "p"): 100}
    more = replace(plan, flow={("mine", "plant", "p"): 5_100}, stock={("plant", "ore", "p"): 5_000})
    assert audit(Account(asked.market.prepared, asked.limits, more)) == []


def stored(asked: Instance, room: float) -> Instance:
    """Return a market with room for a stock."""
    row = {"site": "plant", "material": "ore", "capacity": room}
    return edited(asked, lambda record: record["market"].update(stock=[row]))


def _enough(market: Tables) -> float:
    """Return more than is used of anything in a year: yields are 0.5 at the least, and a quarter is there at first."""
    stored = sum(max(stock["capacity"], stock["opening"]) for stock in market["stock"])
    return float(4 / 0.5 * (sum(need["quantity"] for need in market["demand"]) + stored))


def _roomy(chosen: dict[str, list[int]], factor: float | None) -> Callable[[Tables], None]:
    """Return the edit that gives some rows of a market so many times more capacity than can be used; None empties it.

    A stock has a room in any case, and what ramps up is a share of a capacity.
    """

    def edit(record: Tables) -> None:
        enough = _enough(record["market"])
        for table, rows in chosen.items():
            for row in (record["market"][table][number] for number in rows):
                needed = table == "stock" or row.get("ramp_up")
                row["capacity"] = factor * enough if factor else enough if needed else None

    return edit


@examples(300)
@given(instances(terms=(*TERMS, "stock")), st.data())
def test_capacities_beyond_what_can_be_used_change_no_cost(plain: Instance, data: Any) -> None:
    asked = capped(data.draw, plain, data.draw(st.integers(0, 1)))
    tables: dict[str, Any] = {
        "offers": asked.market.offers,
        "lanes": asked.market.lanes,
        "corridors": asked.market.corridors,
    }
    if thrifty(asked.market, asked.limits):  # elsewhere a larger stock may serve to dilute a share
        tables["stock"] = asked.market.stock
    chosen = {table: [row for row in range(len(rows)) if data.draw(st.booleans())] for table, rows in tables.items()}
    expected = cost(edited(asked, _roomy(chosen, 1)))
    for factor in data.draw(st.sampled_from([(1e3, 1e12), (1e6, None)])):
        assert cost(edited(asked, _roomy(chosen, factor))) == pytest.approx(expected, rel=1e-9), factor

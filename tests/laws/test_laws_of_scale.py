"""A capacity that is more than can be used says nothing: what stands there changes no plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer.bundle import home
from optimizer.load import load
from optimizer.solve import Solution, settings_of, solve
from tests.laws.markets import edited, read

if TYPE_CHECKING:
    from models.instance import Instance

Tables = dict[str, Any]

ENOUGH = (1e6, 1e12, 1e30)
"""What people write for "as much as we like"."""


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


def chain(capacity: float) -> Instance:
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
def test_a_capacity_that_means_no_limit_hides_no_plan_behind_a_fixed_cost(capacity: float) -> None:
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
def test_the_tutorial_has_its_plan_without_capacities(capacity: float) -> None:
    def lift(record: Tables) -> None:
        for offer in record["market"]["offers"]:
            offer["capacity"] = capacity

    tutorial = load(home() / "tutorial-lithium-cobalt")
    assert solved(edited(tutorial, lift)).cost == pytest.approx(63.7e6, rel=1e-9)

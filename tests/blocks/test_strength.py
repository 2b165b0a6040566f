"""No row that others imply, and as few rows as say what is asked: HiGHS pays for the others."""

from __future__ import annotations

from typing import Any

import pytest

from models.formulation.build import build
from models.market import Corridor, Demand, Lane, Site
from tests.blocks.markets import ORE, instance, offer, solved

SITES = [Site(site="north", country="US"), Site(site="south", country="US")]
NEEDS = [Demand(site=site, material=ORE, period="1", quantity=units) for site, units in (("north", 40), ("south", 20))]


def rows_of(family: str, capacity: float, lane: dict[str, Any] | None = None, **more: Any) -> list[tuple[str, ...]]:
    """Return the names of the rows of one offer with a contract that serves two sites, of 40 and of 20."""
    lanes = [Lane(origin="a", destination=site, **(lane or {})) for site in ("north", "south")]
    terms = {"fixed_cost": 5, "minimum_take": more.pop("minimum_take", 0)}
    asked = instance([offer("a", 10, capacity, **terms)], {"1": 0}, sites=SITES, demand=NEEDS, lanes=lanes, **more)
    return list(build(asked).rows[family].keys)


def test_a_quantity_is_linked_to_its_contract_only_where_its_lanes_could_carry_more() -> None:
    lanes = [("signed", "a", "north", "1"), ("signed", "a", "south", "1")]
    assert rows_of("link", 60) == lanes
    assert rows_of("link", 50) == [("most", "signed", "a", "1"), *lanes]


def test_a_minimum_take_of_all_there_is_makes_one_equality() -> None:
    assert [key for key in rows_of("link", 50, minimum_take=50) if key[1] == "signed"] == [("all", "signed", "a", "1")]


@pytest.mark.parametrize(("minimum", "rows"), [(20, ["most", "least", "all"]), (10, ["most", "least"] * 2)])
def test_a_lane_that_is_used_wholly_or_not_at_all_has_one_equality(minimum: float, rows: list[str]) -> None:
    assert [key[0] for key in rows_of("lane", 60, {"minimum": minimum})] == rows


def test_a_corridor_that_its_lanes_cannot_fill_has_no_row_for_its_room() -> None:
    def rows(capacity: float) -> list[tuple[str, ...]]:
        corridor = Corridor(corridor="cape", capacity=capacity)
        return rows_of("corridor", 60, {"corridor": "cape"}, corridors=[corridor])

    assert rows(60) == []
    assert rows(59) == [("most", "cape", "1")]


def test_whole_deliveries_share_a_capacity_as_a_knapsack_does() -> None:
    """Units of 40 and of 20 at 10 a unit from `a`, which has 50; `b` asks 11 and delivers in parts."""
    lanes = [
        *(Lane(origin="a", destination=site, minimum=units) for site, units in (("north", 40), ("south", 20))),
        *(Lane(origin="b", destination=site) for site in ("north", "south")),
    ]
    offers = [offer("a", 10, 50), offer("b", 11, 100)]
    solution = solved(instance(offers, {"1": 0}, sites=SITES, demand=NEEDS, lanes=lanes))
    assert solution.cost == pytest.approx(40 * 10 + 20 * 11)
    assert solution.account.plan.flow == {
        ("a", "north", "1"): pytest.approx(40),
        ("b", "south", "1"): pytest.approx(20),
    }

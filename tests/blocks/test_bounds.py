"""The most that can pass, cut to what demand and yields can use."""

from __future__ import annotations

from typing import Any

import pytest

from models.market.network import Network
from optimizer.notes import list_notes
from tests.laws.markets import read

Tables = dict[str, Any]

OFFERS = [
    {"offer": "pit", "stage": "mined", "capacity": 1e12},
    {"offer": "hole", "stage": "mined", "capacity": 30},
    {"offer": "mill", "stage": "crushed", "capacity": 1e12, "yield": 0.5},
    {"offer": "works", "stage": "refined", "capacity": 1e12, "yield": 0.8},
    {"offer": "lot", "stage": "refined", "capacity": 70},
]


def network(tables: Tables, *lanes: tuple[str, str], lead_time: int = 0) -> Network:
    """Return the network of an ore that is mined, crushed and refined, of which a plant needs 100 and then 40."""
    return Network(read(record(tables, *lanes, lead_time=lead_time)).market.prepared)


def record(tables: Tables, *lanes: tuple[str, str], lead_time: int = 0) -> Tables:
    base: Tables = {
        "periods": [{"name": "y1", "years": 1}, {"name": "y2", "years": 1}],
        "as_of": "2027-01-01",
        "materials": [{"material": "ore", "stages": "mined; crushed; refined", "basis": "t"}],
        "sites": [{"site": "plant", "country": "US"}],
        "demand": [
            {"site": "plant", "material": "ore", "period": period, "quantity": quantity}
            for period, quantity in (("y1", 100), ("y2", 40))
        ],
        "lanes": [{"origin": one, "destination": other, "lead_time": lead_time} for one, other in lanes],
        "offers": [{"company": o["offer"], "material": "ore", "country": "AU", "price": 1} | o for o in OFFERS],
    }
    return {"market": base | tables, "limits": []}


def test_what_is_needed_bounds_every_stage_before_it() -> None:
    found = network({})
    assert [found.quantities[name, "y1"] for name in ("works", "mill", "pit", "hole", "lot")] == [100, 125, 250, 30, 70]
    assert found.flows["pit", "mill", "y2"] == 100
    assert found.available["pit", "y1"] == 1e12


def test_what_can_be_had_bounds_every_stage_after_it() -> None:
    found = network({"offers": [o for o in record({})["market"]["offers"] if o["offer"] != "pit"]})
    assert [found.quantities[name, "y1"] for name in ("hole", "mill", "works")] == [30, 15, 12]
    assert found.flows["works", "plant", "y1"] == 12


def test_units_count_in_the_period_in_which_they_arrive() -> None:
    ways = [("pit", "mill"), ("mill", "works"), ("works", "plant"), ("lot", "plant")]
    found = network({}, *ways, lead_time=1)
    # of three lanes with a lead time only the last can be used within two periods, and nothing feeds the works
    assert found.flows == {("lot", "plant", "y1"): 40}


def test_a_stock_keeps_no_more_than_can_arrive_unless_more_cannot_help() -> None:
    stock = {"stock": [{"site": "plant", "material": "ore", "capacity": 1e12, "opening": 5, "closing_minimum": 7}]}
    market = read(record(stock, ("lot", "plant"))).market.prepared
    assert list(Network(market).kept.values()) == [75, 145]
    assert list(Network(market, thrifty={"ore"}).kept.values()) == [47, 7]


@pytest.mark.parametrize("yield_", [0.7, 0.3, 0.9, 1 / 3])
def test_a_yield_and_back_cuts_nothing_off(yield_: float) -> None:
    offers = [offer | ({"yield": yield_} if "yield" in offer else {}) for offer in record({})["market"]["offers"]]
    found = network({"offers": [offer | ({"capacity": 9.1} if offer["offer"] == "works" else {}) for offer in offers]})
    assert found.quantities["works", "y1"] == 9.1


def test_processors_that_no_feed_reaches_are_told() -> None:
    told = list_notes(read(record({}, ("mill", "works"), ("works", "plant"), ("lot", "plant"))))
    assert "offers mill and works can never be bought: nothing that it could process reaches it" in told
    assert "offers hole and pit can never be bought: no lane leads from it; add one to lanes" in told

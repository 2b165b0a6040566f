"""Lanes and corridors that cost or carry something else in a period, and what of that is refused or noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from models.market import Corridor, Lane, LaneTerms
from optimizer.audit import audit
from optimizer.notes import list_notes
from optimizer.results.account import Account
from tests.blocks.markets import instance, offer, solved

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

CAPE = Corridor(corridor="cape", capacity=90, minimum=40)


def lane(origin: str, freight: float = 0, **more: Any) -> Lane:
    return Lane(origin=origin, destination="plant", freight=freight, **more)


def terms(period: str = "2", origin: str | None = "near", corridor: str | None = None, **differs: float) -> LaneTerms:
    destination = None if origin is None else "plant"
    return LaneTerms(origin=origin, destination=destination, corridor=corridor, period=period, **differs)


def shared(**differs: float) -> LaneTerms:
    return terms("2", None, "cape", **differs)


def asked(*rows: LaneTerms, near: Lane | None = None, **more: Any) -> EnforcedInstance:
    """Return two periods of 100 t at 10 and a freight of 1, or at 10 and a freight of 5 of another offer."""
    lanes = [near or lane("near", 1), lane("far", 5)]
    offers = [offer("near", 10, 100), offer("far", 10, 200)]
    return instance(offers, {"1": 100, "2": 100}, **({"lanes": lanes, "lane_terms": list(rows)} | more))


def moved(asked: EnforcedInstance) -> list[float]:
    solution = solved(asked)
    assert audit(solution.account) == []
    return [round(solution.account.flow.get(("near", "plant", period), 0.0), 6) for period in ("1", "2")]


def test_a_freight_holds_for_what_leaves_in_its_period() -> None:
    assert solved(asked(terms(freight=3))).account.costs["freight"] == pytest.approx(100 + 300)
    assert moved(asked(terms(freight=9))) == [100, 0]
    late = asked(terms("1", freight=3), near=lane("near", 1, lead_time=1))
    assert solved(late).account.costs["freight"] == pytest.approx(500 + 300)


def test_a_lane_carries_so_much_a_year_in_its_period() -> None:
    assert moved(asked(terms(capacity=30))) == [100, 30]
    assert moved(asked(terms(capacity=0))) == [100, 0]
    assert moved(asked(terms(capacity=80), near=lane("near", 1, capacity=50))) == [50, 80]
    assert moved(asked(terms(capacity=30), years={"2": 2})) == [100, 60]


def test_a_minimum_is_no_more_than_can_pass() -> None:
    assert moved(asked(terms(capacity=30), near=lane("near", 1, minimum=80))) == [100, 30]


def test_a_corridor_has_less_room_in_its_period() -> None:
    both: dict[str, Any] = {"lanes": [lane("near", 1, corridor="cape"), lane("far", 5)], "corridors": [CAPE]}
    assert moved(asked(**both)) == [90, 90]
    assert moved(asked(shared(capacity=50), **both)) == [90, 50]
    assert moved(asked(shared(capacity=20), **both)) == [90, 20]
    assert moved(asked(shared(capacity=0), **both)) == [90, 0]


def test_a_plan_beyond_the_room_of_a_period_is_refused() -> None:
    plan = solved(asked()).account.plan
    assert audit(Account(asked(terms(capacity=30)).market.prepared, (), plan)) == [
        "lane near to plant: 100 in 2 is above its capacity of 30"
    ]
    assert Account(asked(terms(freight=4)).market.prepared, (), plan).total == pytest.approx(2000 + 100 + 400)


LINES: list[tuple[LaneTerms, str]] = [
    (terms(origin="nere", freight=1), "lane_terms[0] origin: 'nere' is not among the offers (did you mean near?)"),
    (
        terms("3", freight=1),
        "lane_terms[0] period: '3' is not among the periods; add it there or use one of them: 1, 2",
    ),
    (
        shared(capacity=1),
        "lane_terms[0] corridor: 'cape' is not among the corridors; none is declared; add it to corridors",
    ),
    (
        LaneTerms(origin="near", period="2", freight=1),
        (
            "lane_terms[0] origin: a row speaks of a lane or of a corridor; fill in origin and destination, "
            "or corridor alone"
        ),
    ),
    (
        terms(),
        "lane_terms[0] capacity: nothing differs in the period; fill freight or capacity, or remove the row",
    ),
    (
        LaneTerms(origin="near", destination="far", period="2", freight=1),
        "lane_terms[0] destination: no lane leads from near to far; add it to lanes",
    ),
]


@pytest.mark.parametrize(("row", "line"), LINES)
def test_what_cannot_be_is_refused(row: LaneTerms, line: str) -> None:
    with pytest.raises(ValidationError) as found:
        asked(row)
    assert [one["msg"].removeprefix("Value error, ") for one in found.value.errors()] == [line]


def test_a_corridor_has_no_freight() -> None:
    with pytest.raises(ValidationError, match="a corridor has no freight of its own"):
        asked(shared(freight=1), corridors=[CAPE])


def test_without_lanes_there_is_nothing_that_could_differ() -> None:
    with pytest.raises(ValidationError, match="every way is open; state the lanes"):
        asked(terms(freight=1), lanes=[])


def test_a_row_without_effect_is_noted() -> None:
    def noted(*rows: LaneTerms) -> list[str]:
        return [line for line in list_notes(asked(*rows)) if "lane_terms" in line]

    assert noted(terms(freight=1)) == ["row of lane_terms of near to plant in 2 is as for every period"]
    assert noted(terms(freight=2)) == []

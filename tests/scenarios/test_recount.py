"""A response is recounted from its numbers and the market, and whatever is wrong in it is found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from models.enforcement import prepare
from models.market import Lane, ShortNotice, Stock, Tier
from optimizer.scenarios import judged_part as module
from optimizer.scenarios.recount import Recount
from tests.blocks.markets import instance, mined, offer
from tests.scenarios.planned import planned, stops, turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from optimizer.scenarios.recount import Told

    Change = Callable[[Told], Told]

SCENARIO = "scenario near from 1 for 99: "


@pytest.fixture(scope="module")
def told() -> tuple[Recount, Told]:
    """Return the response to the loss of the nearer of two suppliers, from the second of three periods on."""
    kept: list[tuple[Recount, Told]] = []

    class Kept(Recount):
        def list_findings(self, told: Told) -> list[str]:
            kept.append((self, told))
            return super().list_findings(told)

    terms = ShortNotice(surge=0.5, surge_premium=0.25, notice=1, take_or_pay=0.3)
    room = [Stock(site="plant", material="ore", capacity=10, closing_minimum=2, holding_cost=1)]
    need = {"a": 20.0, "b": 20.0, "c": 20.0}
    offers = [offer("near", 10, 14), offer("far", 13, 14)]
    asked = instance(offers, need, shortage_cost=80, response=terms, stock=room)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "Recount", Kept)
        planned(asked, stops(asked, "near", 0.1, 1))
    assert prepare(asked).offer.keys() == {"near", "far"}
    return kept[-1]


def _does(family: str, *key: str, more: float) -> Change:
    def changed(told: Told) -> Told:
        name = family, key
        return replace(told, done={**told.done, name: told.done.get(name, 0.0) + more})

    return changed


def test_what_was_solved_for_holds(told: tuple[Recount, Told]) -> None:
    recount, response = told
    assert response.done["called", ("far", "c")] > 0
    assert recount.list_findings(response) == []


def test_what_a_solver_leaves_of_nothing_is_nothing(told: tuple[Recount, Told]) -> None:
    recount, response = told
    key = "near", "plant", "b"
    assert not response.done.get(("flow", key))
    changed = _does("flow", *key, more=5e-9 * max(response.done.values()))(response)
    assert key not in changed.by_family["flow"]
    assert recount.list_findings(changed) == []


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (_does("taken", "near", "b", more=1.0), "near: 1 taken in b is above the 0 there is"),
        (_does("called", "far", "b", more=1.0), "far: 1 called in b is above the 0 there is"),
        (_does("flow", "far", "plant", "c", more=1.0), "taken and called in c, and"),
        (_does("flow", "far", "plant", "c", more=1.0), "plant: ore in c does not balance"),
        (_does("flow", "far", "plant", "c", more=9.0), "bought in c is above the capacity of 14"),
        (_does("stock", "plant", "ore", "b", more=20.0), "is above the room of 10"),
        (_does("unmet", "plant", "ore", "b", more=1.0), "of demand is said to be covered, and"),
        (_does("missing", "plant", "ore", "c", more=-1.0), "and what is missing make 1 of 2"),
        (_does("stock", "plant", "ore", "a", more=1.0), "stock is not the plan's before the scenario begins"),
        (lambda told: replace(told, extra_cost=told.extra_cost + 1.0), "more than the plan from b on, and costs"),
        (lambda told: replace(told, replacement_costs={"ore": 0.0}), "more than the plan from b on, and costs"),
    ],
)
def test_whatever_is_wrong_is_found(told: tuple[Recount, Told], change: Change, finding: str) -> None:
    recount, response = told
    found = recount.list_findings(change(response))
    assert any(one.startswith(SCENARIO) and finding in one for one in found), found


def test_what_is_called_of_an_order_that_is_lost_in_part_costs_its_last_tier_alone() -> None:
    """Of 20, 12 at 10 and 8 at 30, a half is left; a tenth of that comes on top, all of it at 30 and a quarter."""
    terms = ShortNotice(surge=0.1, surge_premium=0.25, notice=0, take_or_pay=0.0)
    dear = [Tier(offer="only", from_quantity=12, price=30, kind="incremental")]
    asked = instance([offer("only", 10, 40)], {"a": 20.0}, shortage_cost=80, response=terms, tiers=dear)
    half = stops(asked, "only", 0.1, 0)._replace(losses={("only", "a"): 0.5})
    risk = planned(asked, half).risk
    assert risk is not None
    (outcome,) = risk.outcomes
    assert risk.calm_cost == pytest.approx(12 * 10 + 8 * 30)
    assert outcome.extra_cost == pytest.approx(-10 * 10 + 1 * 30 * 1.25 + 9 * 80)


def test_a_lane_that_a_response_needs_stands_in_the_plan_that_pays_for_it() -> None:
    """What is reserved comes over a lane of its own, which costs something wherever it is used."""
    offers = [offer("near", 10, 40), offer("far", 12, 40, reservation_price=1.0)]
    lanes = [
        Lane(origin="near", destination="plant", lead_time=0),
        Lane(origin="far", destination="plant", lead_time=0, fixed_cost=30),
    ]
    terms = ShortNotice(surge=0.0, take_or_pay=0.0)
    asked = instance(offers, {"a": 20.0}, lanes=lanes, response=terms)
    plan = planned(asked, stops(asked, "near", 0.1, 0))
    assert plan.risk is not None
    assert plan.risk.calm_cost == pytest.approx(20 * 10 + 20 * 1 + 30, rel=1e-4)
    assert plan.risk.outcomes[0].covered == pytest.approx(1.0)


def test_what_is_reserved_is_called_in_periods_that_the_plan_pays_for() -> None:
    """A period with a fixed cost is paid whatever happens, or nothing can be called in it."""
    terms = ShortNotice(surge=0.0, take_or_pay=0.0)
    for fixed, covered in ((30.0, 1.0), (90.0, 0.0)):
        far = offer("far", 12, 40, reservation_price=1.0, fixed_cost_per_period=fixed)
        asked = instance([offer("near", 10, 40), far], {"a": 20.0}, response=terms, shortage_cost=60)
        plan = planned(asked, stops(asked, "near", 0.1, 0))
        assert plan.risk is not None
        assert plan.risk.outcomes[0].covered == pytest.approx(covered, abs=1e-5)
        paid = 200 + min(20 + fixed + 0.1 * 20 * (12 - 10), 0.1 * 20 * (60 - 10))
        assert plan.cost == pytest.approx(paid, rel=1e-5)


def test_of_tiers_of_one_price_the_last_is_reached() -> None:
    terms = ShortNotice(surge=1.0, surge_premium=0.25, notice=0, take_or_pay=0.0)
    same = [Tier(offer="only", from_quantity=23, price=10, kind="all-units")]
    asked = instance([offer("only", 10, 60)], {"a": 26.0}, response=terms, tiers=same)
    half = stops(asked, "only", 0.1, 0)._replace(losses={("only", "a"): 0.5})
    assert planned(asked, half).risk is not None


def test_a_tier_is_reached_by_nothing_but_what_is_bought_in_it() -> None:
    """At the step itself what is called has the price before it: of 20 that are cheaper from 20 on, no unit is."""
    terms = ShortNotice(surge=0.5, surge_premium=0.25, notice=0, take_or_pay=0.0)
    cheap = [Tier(offer="only", from_quantity=20, price=4, kind="incremental")]
    asked = instance([offer("only", 10, 60)], {"a": 20.0}, response=terms, tiers=cheap)
    (own,) = prepare(asked).demand
    plan = planned(asked, turns(asked, "more", 0.3, 0, demand=[own.model_copy(update={"quantity": 30.0})]))
    assert plan.cost == pytest.approx(200 + 0.3 * 10 * 10 * 1.25)
    assert plan.bound == pytest.approx(plan.cost)


def test_ore_under_way_to_a_works_that_can_send_nothing_on_any_more_is_written_off() -> None:
    offers = [mined("pit", 2), offer("works", 3, yield_=0.5)]
    lanes = [Lane(origin="pit", destination="works", lead_time=1), Lane(origin="works", destination="plant")]
    need = {"a": 0.0, "b": 10.0}
    asked = instance(offers, need, shortage_cost=1000, response=ShortNotice(surge=0.0), lanes=lanes)
    shut = turns(asked, "shut", 0.1, 1, lanes=[lanes[0], lanes[1].model_copy(update={"capacity": 0.0})])
    plan = planned(asked, shut)
    assert plan.risk is not None
    ((found,),) = (one.materials for one in plan.risk.outcomes)
    assert found.written_off == pytest.approx(20.0)
    assert found.unmet == (("b", 10.0),)

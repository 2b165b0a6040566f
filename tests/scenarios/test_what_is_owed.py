"""What is owed of orders that a loss hits, wholly, in part or not at all, and that are firm or not.

Of a firm order what the loss takes is refunded, and what it leaves is owed; of another nothing is owed where it is hit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from models.enforcement import prepare
from models.market import ShortNotice, Tier
from optimizer.programs import two_stage
from optimizer.scenarios.evaluate import evaluate
from tests.blocks.markets import instance, offer, solved
from tests.scenarios.planned import planned, turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.market.scenario import Scenario

Steps = dict[float, float]
"""Prices by the quantity that they hold from."""

NEED, MOST, SHORTAGE, OWED = 40.0, 60.0, 50.0, 0.3
CASES = [(0.0, 40.0, 0.2), (0.3, 40.0, 0.2), (0.5, 10.0, 0.3), (1.0, 15.0, 0.2)]
"""What a scenario leaves of the order, what is needed in it, and its probability."""
TIERS: dict[str, tuple[str, Steps]] = {
    "cheaper": ("incremental", {0: 20, 15: 12, 30: 4}),
    "dearer": ("incremental", {0: 8, 15: 20, 30: 30}),
    "up and down": ("incremental", {0: 20, 10: 30, 25: 9}),
    "rebate": ("all-units", {0: 20, 15: 16, 30: 11}),
    "surcharge": ("all-units", {0: 10, 20: 25, 30: 12}),
    "none": ("incremental", {0: 15}),
}


def _list_orders(kind: str, steps: Steps, quantity: float) -> Iterator[tuple[float, float]]:
    """Yield what an order costs, and what a unit of it is refunded at; both tiers of a step hold at the step."""
    starts, prices = list(steps), list(steps.values())
    for last, (start, end) in enumerate(zip(starts, [*starts[1:], MOST], strict=True)):
        if start <= quantity <= end:
            full = sum(p * (b - a) for p, a, b in zip(prices, starts, starts[1 : last + 1], strict=False))
            if kind == "all-units":
                yield prices[last] * quantity, prices[last]
            else:
                yield full + prices[last] * (quantity - start), min(prices[: last + 1])


def _least(kind: str, steps: Steps, *, firm: bool) -> float:
    """Return the least expected cost of any order: it is linear between these quantities."""
    calm = 1 - sum(chance for _, _, chance in CASES)
    bends = {*steps, NEED} | {need / left for left, need, _ in CASES if left and need / left <= NEED}
    costs = []
    for quantity in bends:
        for order in _list_orders(kind, steps, quantity):
            paid = [chance * _pay(order, quantity, left, need, firm=firm) for left, need, chance in CASES]
            costs.append(calm * _pay(order, quantity, 1.0, NEED, firm=firm) + sum(paid))
    return min(costs)


def _pay(order: tuple[float, float], quantity: float, left: float, need: float, *, firm: bool) -> float:
    """Return what an order and what is short cost where so much is left of it and so much is needed."""
    bill, refund = order
    taken, share = min(need, left * quantity), 1.0 if firm else 0.0 if left < 1 else OWED
    owed = share * refund * (left * quantity - taken)
    return bill - refund * (quantity - taken) + owed + SHORTAGE * (need - taken)


def _asked(kind: str, steps: Steps, *, firm: bool = True) -> tuple[EnforcedInstance, list[Scenario]]:
    tiers = [Tier(offer="lot", from_quantity=q, price=p, kind=kind) for q, p in steps.items() if q]
    terms = ShortNotice(surge=0, take_or_pay=OWED)
    sold = [offer("lot", steps[0], MOST, firm=firm)]
    asked = instance(sold, {"now": NEED}, shortage_cost=SHORTAGE, tiers=tiers, response=terms)
    (own,) = prepare(asked).demand
    return asked, [
        turns(asked, f"{left} of it", chance, 0, demand=[own.model_copy(update={"quantity": need})])._replace(
            losses={("lot", "now"): 1.0 - left} if left < 1 else {}
        )
        for left, need, chance in CASES
    ]


@pytest.mark.parametrize("firm", [True, False], ids=["firm", "not firm"])
@pytest.mark.parametrize("tiers", TIERS)
@pytest.mark.parametrize("rows", [0, 10_000], ids=["in parts", "in one"])
def test_what_is_ordered_is_the_best_of_all_orders(
    tiers: str, rows: int, monkeypatch: pytest.MonkeyPatch, *, firm: bool
) -> None:
    monkeypatch.setattr(two_stage, "MOST_ROWS", rows)
    asked, scenarios = _asked(*TIERS[tiers], firm=firm)
    plan = planned(asked, *scenarios)
    assert plan.risk is not None
    assert plan.cost == pytest.approx(_least(*TIERS[tiers], firm=firm))
    assert plan.risk.expected == pytest.approx(plan.cost)


@pytest.mark.parametrize("firm", [True, False], ids=["firm", "not firm"])
@pytest.mark.parametrize("tiers", TIERS)
@pytest.mark.parametrize("need", [NEED, 12.0])
def test_a_plan_that_did_not_know_owes_what_is_left_of_it(tiers: str, need: float, *, firm: bool) -> None:
    """At any price all that is needed is ordered where nothing is foreseen, of whichever tier that is."""
    kind, steps = TIERS[tiers]
    asked, scenarios = _asked(kind, steps, firm=firm)
    (own,) = asked.market.demand
    calm = asked.market.model_copy(update={"demand": (own.model_copy(update={"quantity": need}),)})
    little = asked.model_copy(update={"market": calm})
    told = evaluate(little.foreseeing(scenarios), solved(little).account)
    (order,) = _list_orders(kind, steps, need)
    for (left, short, _), outcome in zip(CASES, told.outcomes, strict=True):
        paid = _pay(order, need, left, short, firm=firm)
        assert told.cost_of(outcome) == pytest.approx(paid), outcome.scenario


@pytest.mark.parametrize("slight", [1e-10, 0.0, -1e-10])
def test_no_tier_is_reached_by_what_is_rounding(slight: float) -> None:
    """A quantity is a sum of flows, and at a step it may be off by a little: what is lost has the price before it."""
    asked, scenarios = _asked("incremental", {0: 20, NEED + slight: 12})
    told = evaluate(asked.foreseeing(scenarios), solved(asked).account)
    assert told.cost_of(told.outcomes[1]) == pytest.approx(20 * 12 + SHORTAGE * 28)

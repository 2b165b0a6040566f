"""Plans beside the best one: within the budget, holding every limit, and as different as can be."""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from models.limits.share_cap import ShareCap
from optimizer.alternatives.search import Alternatives, least_concentrated, most_different
from optimizer.alternatives.variety import distance, greatest_shares, supply_shares
from optimizer.audit import audit
from optimizer.errors import NoPlan
from optimizer.results.account import Account
from optimizer.solve import settings_of, solve
from tests.examples import examples
from tests.laws.markets import instances, read

if TYPE_CHECKING:
    from models.instance import Instance

Tables = dict[str, Any]

NEED = 20


def check(asked: Instance, found: Alternatives) -> None:
    """Every plan, recounted, holds; costs no more than it may; leaves no more unmet; and is another one."""
    best = found.best
    for other in found.others:
        account = Account(asked.market.prepared, asked.limits, other.solution.account.plan)
        assert audit(account) == []
        assert account.total <= other.budget + 1e-6 * abs(other.budget) + 1e-6
        assert other.budget <= best.cost + found.within * abs(best.cost) + 1e-9 * abs(best.cost)
        unmet, of_best = (sum(plan.unmet.values()) for plan in (account.plan, best.account.plan))
        assert unmet <= of_best * (1 + 1e-6) + 1e-6
    shares = [supply_shares(s.account) for s in (best, *(other.solution for other in found.others))]
    assert all(distance(one, other) >= 1e-3 for one, other in combinations(shares, 2))
    for i, other in enumerate(found.others, start=1):
        away = [distance(shares[i], known) for j, known in enumerate(shares) if j != i]
        assert (other.from_best, other.from_nearest) == pytest.approx((away[0], min(away)))


@examples(40)
@given(instances())
def test_plans_that_differ_hold_everything_within_the_budget(asked: Instance) -> None:
    with suppress(NoPlan):
        check(asked, most_different(asked, 0.1, 3, settings_of(asked, gap=0.0)))


@examples(25)
@given(instances())
def test_plans_that_are_less_concentrated_hold_everything_within_their_budget(asked: Instance) -> None:
    with suppress(NoPlan):
        check(asked, least_concentrated(asked, 0.2, 2, "control", settings_of(asked, gap=0.0)))


def market(*offers: Tables, limits: tuple[Tables, ...] = (), owners: tuple[Tables, ...] = ()) -> Instance:
    """Return a market of one stage that needs 20 t."""
    return read(
        {
            "market": {
                "periods": [{"name": "y1", "years": 1}],
                "as_of": "2027-01-01",
                "materials": [{"material": "tin", "stages": "refined", "basis": "t"}],
                "sites": [{"site": "plant", "country": "US"}],
                "demand": [{"site": "plant", "material": "tin", "period": "y1", "quantity": NEED}],
                "offers": [{"material": "tin", "stage": "refined", "company": o["offer"]} | o for o in offers],
                "owners": list(owners),
            },
            "limits": list(limits),
        }
    )


def offer(name: str, country: str, price: float, capacity: float, **terms: float) -> Tables:
    return {"offer": name, "country": country, "price": price, "capacity": capacity, **terms}


FIVE = (
    offer("a", "CN", 10, 20),
    offer("b", "CN", 11, 8, fixed_cost=3),
    offer("c", "DE", 12, 12, minimum_take=5),
    offer("d", "JP", 14, 20, fixed_cost=6),
    offer("e", "AU", 15, 6, minimum_take=2),
)
"""Whole numbers, and terms that need a choice."""


def cost_of(quantities: tuple[int, ...]) -> float:
    return float(
        sum(
            o["price"] * units + (o.get("fixed_cost", 0) if units else 0)
            for o, units in zip(FIVE, quantities, strict=True)
        )
    )


def every_plan() -> list[tuple[int, ...]]:
    """Return every way to buy 20 whole tonnes within the terms of `FIVE`."""
    choices = [[0, *range(int(o.get("minimum_take", 1)), int(o["capacity"]) + 1)] for o in FIVE]
    return [plan for plan in product(*choices) if sum(plan) == NEED]


@pytest.mark.parametrize("within", [0.03, 0.08, 0.15, 0.3, 0.5])
def test_the_first_hop_reuses_as_little_as_any_plan_within_the_budget(within: float) -> None:
    asked = market(*FIVE, limits=(cap("CN", 0.7),))
    found = most_different(asked, within, 1, settings_of(asked, gap=0.0))
    plans = [plan for plan in every_plan() if plan[0] + plan[1] <= 0.7 * NEED]
    cheapest = min(plans, key=cost_of)
    assert found.best.cost == pytest.approx(cost_of(cheapest))
    used = [units / NEED for units in cheapest]

    def reuse(shares: list[float]) -> float:
        return sum((1 + was) * now for was, now in zip(used, shares, strict=True) if was)

    affordable = [p for p in plans if cost_of(p) <= found.best.cost * (1 + within)]
    least = min(reuse([units / NEED for units in plan]) for plan in affordable)
    (other,) = found.others
    shares = supply_shares(other.solution.account)["tin", "refined"]
    reached = reuse([shares.get(o["offer"], 0.0) for o in FIVE])
    assert least - 2 / NEED < reached <= least + 1e-6  # a plan of parts of tonnes may do a little better


def cap(country: str, share: float, **fields: Any) -> Tables:
    limit = {"kind": "share_cap", "name": f"cap {country}", "country": country, "basis": "place", "max_share": share}
    return limit | ({"hard": True} | fields if "penalty" not in fields else fields)


def test_the_cheapest_is_taken_of_plans_that_differ_as_much() -> None:
    asked = market(offer("a", "CN", 10, 20), offer("b", "DE", 11, 20), offer("c", "JP", 12, 20))
    found = most_different(asked, 0.5, 1, settings_of(asked, gap=0.0))
    assert found.others[0].solution.account.quantity == {("a", "y1"): 0, ("b", "y1"): 20, ("c", "y1"): 0}
    assert found.others[0].from_best == 1


def test_when_nothing_new_comes_fewer_plans_are_given() -> None:
    asked = market(offer("a", "CN", 10, 20), offer("b", "DE", 30, 20))
    found = most_different(asked, 0.5, 4, settings_of(asked, gap=0.0))
    assert [other.solution.cost for other in found.others] == pytest.approx([300])
    asked = market(offer("a", "CN", 10, 20))
    assert most_different(asked, 0.5, 4, settings_of(asked, gap=0.0)).others == ()


def test_penalties_of_soft_limits_count_in_the_budget() -> None:
    # 8 t of a, 12 t of b; each tonne more of a costs 6 of penalty and saves 2, and 22.4 may be spent
    asked = market(offer("a", "CN", 10, 20), offer("b", "DE", 12, 20), limits=(cap("CN", 0.4, penalty=6),))
    found = most_different(asked, 0.1, 1, settings_of(asked, gap=0.0))
    assert found.best.cost == pytest.approx(224)
    check(asked, found)
    assert found.others[0].solution.account.quantity["a", "y1"] == pytest.approx(8 + 22.4 / 4)


def test_the_same_question_gives_the_same_plans() -> None:
    asked = market(*FIVE)
    one, other = (most_different(asked, 0.3, 4, settings_of(asked)) for _ in range(2))
    assert [a.solution.account.plan for a in one.others] == [a.solution.account.plan for a in other.others]


OWNERS = (
    {"company": "a", "country": "CN", "share": 1.0},
    {"company": "b", "country": "CN", "share": 0.5},
    {"company": "b", "country": "JP", "share": 0.5},
    {"company": "c", "country": "CN", "share": 0.25},
    {"company": "c", "country": "DE", "share": 0.75},
    {"company": "d", "country": "JP", "share": 1.0},
    {"company": "e", "country": "AU", "share": 0.6},
)
"""Of `e` 40 % is undisclosed."""


@pytest.mark.parametrize("basis", ["place", "control"])
def test_the_least_concentrated_is_the_tightest_cap_that_the_budget_allows(basis: Any) -> None:
    asked = market(*FIVE, owners=OWNERS)
    found = least_concentrated(asked, 0.4, 5, basis, settings_of(asked, gap=0.0))
    assert len(found.others) >= 3
    level = 1.0
    for other in found.others:
        reached = greatest_shares(other.solution.account, basis)["tin", "refined"].share
        assert reached <= level + 1e-6
        level = reached
        assert least_cost_within(asked, basis, reached + 1e-6) <= other.solution.cost * (1 + 1e-6)
        assert least_cost_within(asked, basis, reached - 1e-3) > other.budget


def least_cost_within(asked: Instance, basis: Any, share: float) -> float:
    """Return the least cost with a cap on each country, or more than anything where there is no plan."""
    each = ShareCap(name="each", each="country", basis=basis, max_share=share, hard=True)
    capped = asked.model_copy(update={"limits": (each,)})
    try:
        return solve(capped, settings_of(capped, gap=0.0)).cost
    except NoPlan:
        return float("inf")


def test_the_greatest_share_says_what_of_it_is_undisclosed() -> None:
    asked = market(offer("a", "CN", 10, 10), offer("e", "AU", 11, 20), owners=OWNERS[:1] + OWNERS[-1:])
    shares = greatest_shares(solve(asked).account, "control")
    share, country, undisclosed = shares["tin", "refined"]
    assert (share, undisclosed) == pytest.approx((0.7, 0.2))
    assert country == "CN"


def test_a_distance_is_the_share_bought_elsewhere() -> None:
    tin, zinc = ("tin", "refined"), ("zinc", "refined")
    one = {tin: {"a": 0.75, "b": 0.25}, zinc: {"x": 1.0}}
    assert distance(one, one) == 0
    assert distance(one, {tin: {"a": 0.5, "c": 0.5}, zinc: {"x": 1.0}}) == pytest.approx(0.25)
    assert distance(one, {tin: {"a": 0.75, "b": 0.25}}) == 0.5

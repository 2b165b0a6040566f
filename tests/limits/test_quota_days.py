"""Quotas that hold on a part of the days of a period: by hand, row by row, and against every way to split a flow."""

from __future__ import annotations

from itertools import combinations, product
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.optimize import linprog

from models.changes import ChangeError, apply_changes, parse
from models.limits.quota import Quota
from models.market import Demand, Lane, Site
from optimizer.errors import NoPlan
from optimizer.reasons import list_reasons
from tests.blocks.markets import ORE, instance, offer, solved
from tests.limits.cases.market import limit
from tests.limits.test_limits import rows_of_limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.enforcement import EnforcedInstance
    from models.limits import Limit

OFFERS = [offer("north", 10, 100, "CN"), offer("south", 20, 300)]


def quota(share: float, level: float = 30, **fields: Any) -> Limit:
    return limit("quota", country="CN", max_quantity=level, **{"share_of_days": {"1": share}} | fields)


def cost(asked: Limit, **market: Any) -> float:
    return solved(instance(OFFERS, {"1": 100}, asked, **market)).cost


def test_the_quota_counts_for_its_days_and_what_can_be_sold_passes_on_the_others() -> None:
    # half of 30 t under the quota, half of the 100 t that north has on the other days
    assert cost(quota(0.5)) == pytest.approx(65 * 10 + 35 * 20)
    assert cost(quota(0.5, committed=10)) == pytest.approx(60 * 10 + 40 * 20)
    assert cost(quota(0.25, 0)) == pytest.approx(75 * 10 + 25 * 20)
    assert cost(quota(1)) == cost(quota(1, share_of_days=None)) == pytest.approx(30 * 10 + 70 * 20)
    assert cost(quota(0)) == pytest.approx(1000)


def test_a_lane_with_a_capacity_of_its_own_carries_that_on_the_other_days() -> None:
    narrow = [Lane(origin="north", destination="plant", capacity=40), Lane(origin="south", destination="plant")]
    assert cost(quota(0.5, 10), lanes=narrow) == pytest.approx(25 * 10 + 75 * 20)
    # of two years the lane carries 40 t a year
    two = instance(OFFERS, {"1": 100}, quota(0.5, 10), lanes=narrow, years={"1": 2})
    assert solved(two).cost == pytest.approx(50 * 10 + 50 * 20)


def test_what_one_offer_leaves_on_the_other_days_is_not_lent_to_another() -> None:
    # dear could carry 50 t on the other days, cheap 50 t: no more of cheap goes because dear stays at home
    offers = [offer("cheap", 10, 100, "CN"), offer("dear", 30, 100, "CN"), offer("south", 20)]
    assert solved(instance(offers, {"1": 100}, quota(0.5, 0))).cost == pytest.approx(50 * 10 + 50 * 20)


def test_a_period_that_is_not_named_has_all_its_days_and_the_horizon_adds_up() -> None:
    each = instance(OFFERS, {"1": 100, "2": 100}, quota(0.5))
    assert solved(each).cost == pytest.approx((65 + 30) * 10 + (35 + 70) * 20)
    both = instance(OFFERS, {"1": 100, "2": 100}, quota(0.5, per="horizon"))
    # 1.5 years of 30 t, and 50 t on the other days of the first
    assert solved(both).cost == pytest.approx(95 * 10 + 105 * 20)
    (_, reading), *_ = solved(both).account.readings
    assert (reading.used, reading.allowed) == pytest.approx((30, 30))


def test_its_rows_are_these(tmp_path: Path) -> None:
    lanes = [Lane(origin="north", destination="plant", capacity=40), Lane(origin="south", destination="plant")]
    assert rows_of_limits(instance(OFFERS, {"1": 100}, quota(0.5), lanes=lanes), tmp_path / "model.lp") == (
        "s.t.\n\n"
        "c_u_limit(asked)_defines(ore_refined_north__1_)_:\n"
        "+1.0 flow(north_plant__1_)\n-1.0 limit(asked)_bound(north_plant__1_)\n<= 50.0\n\n"
        "c_u_limit(asked)_defines(ore_refined_north_to_plant__1_)_:\n"
        "+1.0 flow(north_plant__1_)\n-1.0 limit(asked)_bound(north_plant__1_)\n<= 20.0\n\n"
        "c_u_limit(asked)_holds(ore_refined_CN__1_)_:\n+1.0 limit(asked)_bound(north_plant__1_)\n<= 15.0\n\n"
        "bounds\n   0 <= limit(asked)_bound(north_plant__1_) <= +inf\nend\n"
    )


def test_what_it_lets_through_on_the_other_days_is_in_the_plain_reason() -> None:
    few = [offer("north", 10, 60, "CN"), offer("south", 20, 50)]
    asked = instance(few, {"1": 100}, quota(0.5, 20))
    with pytest.raises(NoPlan):
        solved(asked)
    assert list_reasons(asked) == [
        (
            "limit asked: outside CN at most 50 t of refined ore can be bought in 1, its quota leaves 40 t, and 100 t "
            "is needed"
        )
    ]
    assert list_reasons(instance(few, {"1": 100}, quota(0.5, 40))) == []


def test_it_gives_at_a_penalty_on_what_leaves_on_its_days() -> None:
    soft = instance(OFFERS, {"1": 100}, quota(0.5, hard=None, penalty=1))
    assert solved(soft).account.penalty == pytest.approx(35)


def test_a_wrong_share_or_period_is_told() -> None:
    asked = instance(OFFERS, {"1": 100}, quota(0.5))
    with pytest.raises(ChangeError) as told:
        apply_changes(asked, [parse("set limits.asked.share_of_days=half")])
    assert len(told.value.problems) == 1
    assert list(quota(0.5, share_of_days={"2": 0.5}).problems(asked.market)) == [
        "share_of_days: '2' is not in the instance; use one of: 1"
    ]


# Every way to split a flow ------------------------------------------------------------------------


def drawn(random: Random) -> EnforcedInstance:
    """Return a market of two periods, of which two offers stand in the country of the quota."""
    sites = [Site(site="a", country="US"), Site(site="b", country="JP"), Site(site="home", country="CN")]
    offers = [
        offer("one", random.randint(1, 9), random.choice([40, 80, None]), "CN"),
        offer("two", random.randint(1, 9), random.choice([40, 80]), "CN"),
        offer("abroad", random.randint(10, 19), 500),
    ]
    lanes = [
        Lane(
            origin=o.offer,
            destination=site.site,
            capacity=random.choice([None, None, 10, 30]),
            freight=random.randint(0, 3),
        )
        for o in offers[:2]
        for site in sites
    ] + [Lane(origin="abroad", destination=site.site) for site in sites]
    demand = [
        Demand(site=site.site, material=ORE, period=period, quantity=random.randint(0, 60))
        for site in sites
        for period in ("1", "2")
    ]
    shares = {period: random.choice([0.25, 0.5, 0.75, 1]) for period in ("1", "2")}
    asked = quota(1, random.choice([0, 10, 40]), share_of_days=shares, per=random.choice(["period", "horizon"]))
    return instance(offers, {"1": 0, "2": 0}, asked, years={"2": 2}, sites=sites, demand=demand, lanes=lanes)


def beyond(market: Any, share: float, origin: str, period: str) -> Iterator[tuple[list[tuple[str, str, str]], float]]:
    """Yield flows and a number: whatever leaves beyond it, leaves on days of the quota. All of them hold."""
    lanes = [lane for lane in market.lanes if lane.origin == origin and lane.destination != "home"]
    flows = [(origin, lane.destination, period) for lane in lanes]
    if share == 1:
        yield flows, 0.0
        return
    other = (1 - share) * market.years[period]
    own = [(flow, lane.capacity * other) for flow, lane in zip(flows, lanes, strict=True) if lane.capacity is not None]
    for some in (chosen for size in range(len(own) + 1) for chosen in combinations(own, size)):
        yield [flow for flow, _ in some], sum(number for _, number in some)
    if market.offer[origin].capacity is not None:
        yield flows, market.offer[origin].capacity * other


def least_cost(asked: EnforcedInstance) -> float:
    """Return the least cost as one linear program without variables for what leaves on days of the quota."""
    market, rule = asked.market, asked.limits[0]
    assert isinstance(rule, Quota)
    held = rule.share_of_days or {}
    flows = [(lane.origin, lane.destination, p) for lane in market.lanes for p in market.years]
    place = {flow: number for number, flow in enumerate(flows)}
    price = [market.offer[lane.origin].price + lane.freight for lane in market.lanes for _ in market.years]
    rows, most = [], []

    def ask(some: list[tuple[str, str, str]], bound: float) -> None:
        row = np.zeros(len(flows))
        row[[place[flow] for flow in some]] = 1
        rows.append(row)
        most.append(bound)

    for lane in market.lanes:
        for p, years in market.years.items():
            if lane.capacity is not None:
                ask([(lane.origin, lane.destination, p)], lane.capacity * years)
    for o in market.offers:
        for p, years in market.years.items():
            if o.capacity is not None:
                ask([flow for flow in flows if flow[0] == o.offer and flow[2] == p], o.capacity * years)
    spans = [tuple(market.years)] if rule.per == "horizon" else [(p,) for p in market.years]
    for span in spans:
        free = sum(rule.level * held[p] * market.years[p] for p in span)
        ways = [list(beyond(market, held[p], o, p)) for o in ("one", "two") for p in span]
        for chosen in product(*ways):
            ask([flow for some, _ in chosen for flow in some], free + sum(number for _, number in chosen))
    equal = [[float(flow[1] == d.site and flow[2] == d.period) for flow in flows] for d in market.demand]
    found = linprog(price, A_ub=np.array(rows), b_ub=most, A_eq=equal, b_eq=[d.quantity for d in market.demand])
    assert found.status == 0
    return float(found.fun)


@pytest.mark.parametrize("seed", range(25))
def test_the_least_cost_is_that_of_every_way_to_split_a_flow(seed: int) -> None:
    asked = drawn(Random(seed))  # noqa: S311 (no secret)
    assert solved(asked).cost == pytest.approx(least_cost(asked), rel=1e-7)


def test_a_level_without_a_unit_of_mass_is_per_year_all_the_same() -> None:
    quota = Quota(name="q", country="CD", max_quantity=1000, hard=True)
    assert quota.format_level(1000, "", "") == "1 000 a year"

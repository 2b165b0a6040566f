"""Price tiers that count over calendar years: discounts and rebates on what a year takes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from models.enforcement import enforce
from models.limits.value_ratio_floor import ValueRatioFloor
from models.market import Demand, Material, Shock, ShortNotice, StatedScenario, Stock, Terms, Tier
from optimizer.audit import audit
from optimizer.notes import list_notes
from optimizer.results.account import Account
from optimizer.results.used_rows import used_rows
from tests.blocks.markets import ORE, instance, offer, solved
from tests.stress.losing import lost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.enforcement import EnforcedInstance

QUARTERS = {f"2027-Q{n}": 0.25 for n in (1, 2, 3, 4)}
KINDS = {
    "rebate": ("all-units", 12, [(60, 10), (120, 7)]),
    "discount": ("incremental", 12, [(60, 9), (120, 6)]),
    "dearer": ("incremental", 8, [(60, 11), (120, 14)]),
}
"""Kind, first price, and steps with their prices."""


def asked(
    kind: str, years: dict[str, float], need: Sequence[float], rival: float = 9.5, **more: Any
) -> EnforcedInstance:
    """Return an offer with yearly tiers beside one that is always there at the same price."""
    how, price, steps = KINDS[kind]
    tiers = [Tier(offer="tiered", from_quantity=at, price=p, kind=how, per="year") for at, p in steps]
    needs = dict(zip(years, need, strict=True))
    offers = [offer("tiered", price, 160 * max(1, 1 / min(years.values()))), offer("rival", rival, None)]
    facts = {"start": "2027-01-01", "tiers": tiers} | more
    return instance(offers, needs, years=years, **facts)


def price_of(kind: str, bought: float, years: float = 1) -> float:
    """Return what a year costs, from the words of the tables."""
    how, first, steps = KINDS[kind]
    ladder = [(0.0, first), *((at * years, price) for at, price in steps)]
    if how == "all-units":
        return bought * min(price for at, price in ladder if at <= bought)
    ends = [at for at, _ in ladder[1:]] + [float("inf")]
    return sum(price * max(0, min(bought, end) - at) for (at, price), end in zip(ladder, ends, strict=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("need", [(20, 0, 45, 75), (5, 5, 40, 10), (30, 30, 0, 0)])
def test_four_quarters_cost_what_their_year_costs(kind: str, need: tuple[float, ...]) -> None:
    quarters, year = solved(asked(kind, QUARTERS, need)), solved(asked(kind, {"2027": 1}, [sum(need)]))
    tried = min(price_of(kind, units) + 9.5 * (sum(need) - units) for units in range(int(sum(need)) + 1))
    assert quarters.account.total == pytest.approx(tried)
    assert year.account.total == pytest.approx(tried)
    assert audit(quarters.account) == []


def test_each_year_counts_for_itself_and_a_broken_one_for_its_part() -> None:
    years = {str(n): 0.5 for n in range(3)}
    both = asked("rebate", years, [80, 60, 30], rival=100)
    solution = solved(both)
    assert solution.account.total == pytest.approx(140 * 7 + price_of("rebate", 30, 0.5))
    assert price_of("rebate", 30, 0.5) == 300
    note = "offer tiered has tiers that count in 2028 over the 0.5 years of it in which it is sold"
    assert note in list_notes(both)
    assert note.replace("2028", "2027") not in list_notes(both)


def test_what_is_bought_later_in_the_year_is_the_further_unit() -> None:
    solution = solved(asked("discount", QUARTERS, [50, 30, 20, 40], rival=100))
    spent = {period: [units for _, units in terms] for period, terms in solution.account.spent["tiered"].items()}
    assert spent == {"2027-Q1": [50, 0, 0], "2027-Q2": [10, 20, 0], "2027-Q3": [0, 20, 0], "2027-Q4": [0, 20, 20]}
    used = {row.key[1] for table, row in used_rows(solution.instance.market, solution.account) if table == "tiers"}
    assert used == {60, 120}


def test_stock_is_built_to_reach_the_rebate_of_a_year() -> None:
    room = Stock(site="plant", material=ORE, capacity=500)
    years = {str(n): 0.5 for n in range(4)}
    solution = solved(asked("rebate", years, [50, 50, 40, 0], rival=100, stock=[room]))
    assert solution.account.total == pytest.approx(min(140 * 7, 100 * 10 + 40 * 12))
    assert audit(solution.account) == []


def test_the_audit_recounts_the_year() -> None:
    found = solved(asked("rebate", QUARTERS, [30, 30, 30, 40], rival=100)).account
    half = Account(found.market, found.limits, replace(found.plan, flow={k: u / 2 for k, u in found.plan.flow.items()}))
    assert half.costs["purchases"] == pytest.approx(65 * 10)


def test_a_response_pays_by_the_tier_that_the_plan_reached_over_the_year() -> None:
    notice = ShortNotice(surge=0.5, surge_premium=0.1)
    calm = asked("rebate", QUARTERS, [30, 30, 30, 50], rival=100, response=notice)
    cheap = offer("cheap", 1, 40, from_period="2027-Q4")
    beside = calm.model_copy(update={"market": calm.market.model_copy(update={"offers": (*calm.market.offers, cheap)})})
    plan = solved(enforce(beside))
    assert plan.account.total == pytest.approx(130 * 7 + 10)
    assert lost(plan, "offer:cheap", begins=3).worst.extra_cost == pytest.approx(10 * (7 * 1.1 - 1))


def refused(**more: Any) -> str:
    with pytest.raises(ValidationError) as error:
        asked("rebate", QUARTERS, [1, 1, 1, 1], **more)
    return str(error.value)


def test_what_cannot_be_said_exactly_is_refused() -> None:
    assert "need a day of beginning" in refused(start=None)
    dearer = Terms(offer="tiered", period="2027-Q3", price=13)
    assert "year asks for one price in all of 2027, and that of tiered is another in 2027-Q3" in refused(terms=[dearer])
    strike: dict[str, Any] = {"scenarios": [StatedScenario(scenario="x", probability=0.1, begins="2027-Q2")]}
    strike["shocks"] = [Shock(scenario="x", what="capacity *", value="0")]
    assert "year cannot be planned for scenarios" in refused(**strike)
    mixed = [
        Tier(offer="tiered", from_quantity=n, price=9, kind="all-units", per=per)
        for n, per in ((1, "year"), (2, "period"))
    ]
    assert "some tiers of tiered count per period and some per year" in refused(tiers=mixed)
    market = asked("rebate", QUARTERS, [1, 1, 1, 1]).market
    floor = ValueRatioFloor(name="f", companies=("rival",), min_share=0.5, hard=True, group="each")
    assert any("the tiers of tiered count per year" in line for line in floor.problems(market))


def test_a_floor_on_what_is_paid_for_another_material_stands_beside_them() -> None:
    facts = asked("rebate", QUARTERS, [30] * 4).market
    tin: dict[str, Any] = {"material": "tin", "stage": "refined"}
    offers = [*facts.offers, offer("cheap", 10, **tin), offer("dear", 20, **tin)]
    needs = [Demand(site="plant", material="tin", period=quarter, quantity=10) for quarter in QUARTERS]
    floor: dict[str, Any] = {"name": "f", "companies": ("cheap",), "min_share": 0.6, "hard": True, "group": "each"}
    both: dict[str, Any] = {
        "materials": [*facts.materials, Material(material="tin", stages="refined", basis="t")],
        "demand": [*facts.demand, *needs],
        "tiers": facts.tiers,
        "years": QUARTERS,
        "start": "2027-01-01",
    }
    plan = solved(instance(offers, QUARTERS, ValueRatioFloor(materials=("tin",), **floor), **both))
    assert plan.account.total == pytest.approx(120 * 7 + 4 * (20 * 60 / 14 + 10 * 80 / 14))
    assert any("count per year" in line for line in ValueRatioFloor(**floor).problems(facts))

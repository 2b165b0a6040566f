"""Goods that are on their way when the horizon begins: they arrive, are used or stored, and cost nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from models.limits.share_cap import ShareCap
from models.market import Conversion, Shock, ShortNotice, StatedScenario, Stock, UnderWay
from optimizer.audit import audit
from optimizer.errors import NoPlan
from optimizer.reasons import list_reasons
from optimizer.results.account import Account
from optimizer.solve import solve
from optimizer.stress.asked import list_losses
from optimizer.stress.run import StressTest
from tests.blocks.markets import ORE, instance, offer, solved

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

NEED = {"1": 100.0, "2": 100.0}


def coming(quantity: float, period: str = "2", **more: Any) -> UnderWay:
    return UnderWay(destination="plant", material=ORE, period=period, quantity=quantity, **more)


def stock(**more: float) -> Stock:
    return Stock(**({"site": "plant", "material": ORE, "capacity": 50} | more))


def asked(*rows: UnderWay, need: dict[str, float] = NEED, **more: Any) -> EnforcedInstance:
    return instance([offer("near", 10, 200)], need, **({"under_way": list(rows)} | more))


def bought(asked: EnforcedInstance) -> list[float]:
    account = solved(asked).account
    assert audit(account) == []
    return [account.quantity["near", period] for period in ("1", "2")]


def test_what_arrives_is_not_bought() -> None:
    assert bought(asked(coming(30))) == pytest.approx([100, 70])
    assert solved(asked(coming(30), coming(20, "1"))).account.total == pytest.approx(1500)
    assert bought(asked(coming(100), coming(100, "1"))) == pytest.approx([0, 0])


def test_it_is_as_less_demand_where_no_share_is_asked_for() -> None:
    with_less = asked(need={"1": 80, "2": 60}, stock=[stock(holding_cost=1)], shortage_cost=12)
    rows = coming(20, "1"), coming(40)
    assert solved(asked(*rows, stock=[stock(holding_cost=1)], shortage_cost=12)).account.total == pytest.approx(
        solved(with_less).account.total
    )


def test_what_arrives_in_the_first_period_is_as_opening_stock() -> None:
    rooms = [stock(closing_minimum=20)], [stock(opening=30, closing_minimum=20)]
    assert bought(asked(coming(30, "1"), stock=rooms[0])) == pytest.approx(bought(asked(stock=rooms[1])))


def test_what_is_not_needed_yet_is_stored() -> None:
    late = asked(coming(140, "1"), stock=[stock(holding_cost=2)])
    assert bought(late) == pytest.approx([0, 60])
    assert solved(late).account.costs["holding"] == pytest.approx(80)


def test_a_share_is_one_of_what_is_bought() -> None:
    cap = ShareCap(name="half", country="AU", basis="place", stages=("refined",), max_share=0.5, of="demand", hard=True)
    both = [offer("near", 10, 200), offer("far", 20, 200, country="CN")]
    capped = instance(both, NEED, cap, under_way=(coming(60),))
    account = solved(capped).account
    assert [account.quantity["near", p] for p in NEED] == pytest.approx([50, 40])


def test_figures_follow_their_basis() -> None:
    kilograms = [Conversion(material=ORE, basis="half t", factor=0.5)]
    assert bought(asked(coming(60, basis="half t"), conversions=kilograms)) == pytest.approx([100, 70])


def test_a_plan_that_forgets_it_does_not_balance() -> None:
    account = solved(asked(coming(30))).account
    forgetful = replace(account.plan, flow=account.plan.flow | {("near", "plant", "2"): 100.0})
    (finding,) = audit(Account(account.market, account.limits, forgetful))
    assert "130 arriving" in finding
    assert "30 too much" in finding


def test_more_than_can_be_used_or_stored_leaves_no_plan() -> None:
    told = "ore at plant in {}: {} t are there or under way and at most {} can be used or stored"
    with pytest.raises(NoPlan):
        solve(asked(coming(130)))
    assert list_reasons(asked(coming(130))) == [told.format(2, 130, 100)]
    assert bought(asked(coming(130), stock=[stock()])) == pytest.approx([100, 0])
    assert list_reasons(asked(coming(170, "1"), stock=[stock(opening=30)])) == [told.format(1, 200, 150)]


def test_it_meets_demand_that_nothing_can_be_bought_for() -> None:
    far = instance([offer("far", 10, 70)], NEED, under_way=(coming(30), coming(30, "1")))
    assert solved(far).account.total == pytest.approx(1400)
    unmet = instance([offer("far", 10, 0)], NEED, under_way=(coming(30),), shortage_cost=50)
    assert solved(unmet).account.costs == {"shortage": pytest.approx(50 * 170)}


def test_it_arrives_though_all_else_is_lost() -> None:
    solution = solved(asked(coming(40), shortage_cost=100, response=ShortNotice(surge=0, take_or_pay=0.1)))
    test = StressTest(solution.instance, solution.account)
    (lost,) = test.test(list_losses(solution.account, ["offer:near"], 2)).tested
    assert dict(lost.materials[0].unmet) == pytest.approx({"1": 100, "2": 60})


def test_a_scenario_of_less_demand_writes_it_off() -> None:
    facts: dict[str, Any] = {
        "response": ShortNotice(surge=0, take_or_pay=0.1),
        "scenarios": [StatedScenario(scenario="slump", probability=0.2, begins="2")],
        "shocks": [Shock(scenario="slump", what=f"demand {ORE}", value="x0.2")],
    }
    solution = solve(asked(coming(30), shortage_cost=100, **facts))
    assert solution.risk is not None
    (slump,) = solution.risk.outcomes
    assert slump.materials[0].written_off == pytest.approx(10)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (coming(30, "3"), "under_way[0] period: '3' is not among the periods"),
        (
            UnderWay(destination="works", material=ORE, period="1", quantity=1),
            "under_way[0] destination: 'works' is not among the offers and sites",
        ),
    ],
)
def test_what_arrives_nowhere_is_refused(row: UnderWay, expected: str) -> None:
    with pytest.raises(ValidationError) as raised:
        asked(row)
    assert expected in str(raised.value)

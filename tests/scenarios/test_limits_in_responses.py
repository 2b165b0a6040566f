"""Limits that hold in an emergency too: in stress tests, in responses to scenarios and behind floors."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from models.enforcement import prepare
from models.limits import KINDS
from models.limits.quantity_cap import QuantityCap
from models.limits.share_cap import ShareCap
from models.limits.survival_floor import SurvivalFloor
from models.market import ShortNotice
from optimizer.best_plan import best_plan
from optimizer.errors import NoPlan
from optimizer.explain.answer import explain
from optimizer.explain.no_plan import NoPlanExplained
from optimizer.explain.repairs import Moved
from optimizer.price import price_limits
from optimizer.programs import two_stage
from optimizer.results.account import Account
from optimizer.scenarios.evaluate import evaluate
from optimizer.session import Session
from optimizer.solve import settings_of
from tests.blocks.markets import ORE, instance, offer, solved
from tests.scenarios.drawn import a_case
from tests.scenarios.planned import planned, stops
from tests.stress.losing import lost
from tests.stress.markets import drawn
from tests.stress.oracle import Responding

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.limits import Limit
    from models.market.scenario import Scenario

NEAR: dict[str, Any] = {"rel": 1e-6, "abs": 1e-4}
TERMS = ShortNotice(surge=1.0, surge_premium=0.25, notice=0, take_or_pay=0.3)
NEED = {"a": 100.0, "b": 100.0}


def china(**fields: Any) -> ShareCap:
    """Return the cap of half of what is refined, which holds in responses unless `fields` say otherwise."""
    said = {"name": "china", "country": "CN", "basis": "place", "stages": ("refined",), "max_share": 0.5}
    strict = {} if "penalty" in fields else {"hard": True}
    return ShareCap(**(said | strict | {"in_responses": True} | fields))


def goods(*limits: Limit, **more: Any) -> EnforcedInstance:
    """Return 100 t a year of near (10), far (CN, 13) and dear (30), 60 t of each, and as much again when called."""
    offers = [offer("near", 10, 60), offer("far", 13, 60, "CN"), offer("dear", 30, 60, "CL")]
    return instance(offers, NEED, *limits, **({"response": TERMS, "shortage_cost": 200.0} | more))


def only_ore(asked: EnforcedInstance, kind: type[Limit], **fields: Any) -> EnforcedInstance:
    """Return a drawn market with a limit on what its first lot brings of what is refined."""
    said = {"name": "lot", "offer": "lot0", "stages": ("refined",), "in_responses": True}
    strict = {} if "penalty" in fields else {"hard": True}
    limit: Any = kind(**(said | strict | fields))
    return asked.model_copy(update={"limits": (limit,)})


SHORTAGE = 1000.0


@pytest.mark.parametrize("penalty", [None, 7.0])
@pytest.mark.parametrize("kind", ["quantity_cap", "share_cap of supply", "share_cap of demand"])
@pytest.mark.parametrize("seed", [0, 3, 5, 8])
def test_a_loss_is_answered_within_the_limit(seed: int, kind: str, penalty: float | None) -> None:
    """The independent response of `tests/stress`, with the limit's row written down in plain numbers."""
    name, _, of = kind.partition(" of ")
    fields = {"max_quantity": 8.0} if name == "quantity_cap" else {"max_share": 0.3, "of": of}
    asked = only_ore(drawn(Random(seed), shortage_cost=SHORTAGE), KINDS[name], **fields, **_soft(penalty))  # noqa: S311
    try:
        plan = solved(asked)
    except NoPlan:
        pytest.skip("nothing covers what is needed")
    late, calm = list(plan.account.market.years), sum(plan.account.plan.unmet.values())
    excess = {reading.key.period: reading.excess for _, reading in plan.account.readings}
    for one in plan.account.market.offers:
        found = lost(plan, f"offer:{one.offer}", begins=0, lasts=1)
        other = Responding(plan.account, 0, 1, {one.offer: 1.0})
        for period in late if found.hits else ():
            _hold(other, kind, period, penalty)
            other.constant -= (penalty or 0.0) * excess.get(period, 0.0)
        if found.hits:
            cost, unmet = other.least()
            assert found.extra_cost == pytest.approx(cost - SHORTAGE * calm, rel=1e-4, abs=1e-3 * SHORTAGE), one.offer
            assert sum(units for _, units in found.worst.unmet) == pytest.approx(sum(unmet.values()), abs=1e-2)


def _soft(penalty: float | None) -> dict[str, float]:
    return {} if penalty is None else {"penalty": penalty}


def _hold(other: Responding, kind: str, period: str, penalty: float | None) -> None:
    """Add the row of a limit on what the first lot brings in a period."""
    arrive = dict.fromkeys((c for (_, to, p), c in other.flow.items() if (to, p) == ("plant", period)), 1.0)
    row = dict.fromkeys((c for (who, _, p), c in other.flow.items() if (who, p) == ("lot0", period)), 1.0)
    most = 8.0 if kind == "quantity_cap" else 0.0
    if kind == "share_cap of supply":
        row = {column: row.get(column, 0.0) - 0.3 for column in arrive}
    elif kind == "share_cap of demand":
        most = 0.3 * other.market.demand_of(ORE, [period])
    if penalty is not None:
        row[other.lp.column(penalty, float("inf"))] = -1.0
    other.lp.row(row, -float("inf"), most)


def test_worked_by_hand() -> None:
    """From b on near may be lost: far calls as much again, and half of 100 t is not China's if dear sells 25 t."""
    asked = goods(china())
    plan = planned(asked, stops(asked, "near", 0.1, 1))
    extra = -500 + 25 * 13 * 1.25 + 25 * 30 * 1.25
    assert plan.cost == pytest.approx(60 * 10 + 40 * 13 + 500 + 325 + 750 + 0.1 * extra)
    free = goods(china(in_responses=None))
    assert planned(free, stops(free, "near", 0.1, 1)).cost == pytest.approx(2683.75)
    assert lost(solved(asked), "offer:near", lasts=2).worst.covered == 0  # the calm buys nothing but China's then
    assert lost(solved(free), "offer:near", lasts=2).worst.covered == pytest.approx(0.6)


def test_a_floor_counts_what_the_limit_lets_through() -> None:
    floor = SurvivalFloor(name="n1", offer="near", min_covered=0.5, lasts=1, hard=True)
    plan = solved(goods(china(), floor))
    assert {k[0]: u for k, u in plan.account.quantity.items() if k[1] == "a"} == pytest.approx(
        {"near": 60, "far": 27.5, "dear": 12.5}  # 25 t of dear, called in full, let 25 t of far through
    )
    assert lost(plan, "offer:near", lasts=2).worst.covered == pytest.approx(0.5)
    soft = solved(goods(china(penalty=1.0), floor))  # what can be covered is no question of price
    assert soft.account.quantity == pytest.approx(solved(goods(china(in_responses=None), floor)).account.quantity)
    tighter = goods(china(max_share=0.4), floor)
    session_cost = solved(tighter).cost
    assert session_cost > plan.cost


def a_limited_case(seed: int, **fields: Any) -> tuple[EnforcedInstance, EnforcedInstance, list[Scenario]]:
    """Return a drawn case with a cap on the first lot that holds in responses, the same where it does not, and what
    may happen.
    """
    asked, scenarios = a_case(seed)
    kind, level = (QuantityCap, {"max_quantity": 8.0}) if seed % 2 else (ShareCap, {"max_share": 0.4})
    bound, free = (only_ore(asked, kind, in_responses=holds, **level, **fields) for holds in (True, None))
    return bound, free, scenarios


@pytest.mark.parametrize("penalty", [None, 7.0])
@pytest.mark.parametrize("seed", range(8))
def test_it_costs_no_less_than_a_limit_of_the_plan_alone_and_is_held_at_best(
    seed: int, penalty: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By both engines, and no worse than plans that care for no scenario, or for no limit in responses."""
    bound, free, scenarios = a_limited_case(seed, **_soft(penalty))
    plan, other = planned(bound, *scenarios), planned(free, *scenarios)
    slight = 1e-5 * abs(plan.cost) + 1e-4
    assert plan.risk is not None
    assert plan.bound == pytest.approx(plan.risk.expected, **NEAR)
    foreseeing = bound.foreseeing(scenarios)
    for careless in (other, solved(bound)):
        books = Account(prepare(bound), bound.limits, careless.account.plan)
        assert plan.cost <= evaluate(foreseeing, books).expected + slight
    assert penalty is not None or other.cost <= plan.cost + slight
    monkeypatch.setattr(two_stage, "MOST_ROWS", -1)
    assert planned(bound, *scenarios).cost == pytest.approx(plan.cost, **NEAR)


def test_a_limit_that_never_binds_changes_nothing() -> None:
    asked = goods(china(max_share=1.0))
    assert planned(asked, stops(asked, "near", 0.1, 1)).cost == pytest.approx(
        planned(goods(), stops(goods(), "near", 0.1, 1)).cost
    )


def test_levels_that_move_in_one_session_cost_what_they_cost_alone() -> None:
    """Rows of responses move with the limit, and no cut of another level is taken for one of this."""
    floor = SurvivalFloor(name="n1", offer="near", min_covered=0.5, lasts=1, hard=True)
    for more in ((), (floor,)):
        asked = [goods(china(max_share=level), *more) for level in (0.5, 0.3, 0.6, 0.4)]
        foreseen = [one if more else one.foreseeing([stops(one, "near", 0.1, 1)]) for one in asked]
        session = Session(settings_of(asked[0], gap=0.0))
        costs = [session.solve(one).cost for one in foreseen]
        assert costs == pytest.approx([solved(one).cost for one in foreseen])
        assert len({round(cost, 3) for cost in costs}) > 2


def test_a_limit_has_the_price_of_what_it_costs_in_responses_too() -> None:
    asked = goods(china())
    foreseeing = asked.foreseeing([stops(asked, "near", 0.1, 1)])
    plan = solved(foreseeing)
    (priced,) = price_limits(foreseeing, foreseeing.limits, settings_of(foreseeing, gap=0.0)).prices
    free = planned(goods(), stops(goods(), "near", 0.1, 1)).cost
    assert priced.without is not None
    assert priced.without.least == pytest.approx(plan.cost - free)


def test_where_a_scenario_cannot_be_covered_within_it_that_is_told() -> None:
    """Of the 60 t of dear and near's none at most 25.71 t more may be China's."""
    asked = goods(china(max_share=0.3), shortage_cost=None)
    foreseeing = asked.foreseeing([stops(asked, "near", 0.1, 1)])
    with pytest.raises(NoPlan) as told:
        best_plan(foreseeing, settings_of(foreseeing))
    said = str(told.value)
    assert "ore in b at most 85.7143 of 100 t can be had within china, which holds in responses, and no" in said
    assert "even without any limit" not in said
    explained = explain(foreseeing, settings_of(foreseeing))
    assert isinstance(explained, NoPlanExplained)
    (repair, *_) = explained.infeasibilities[0].repairs
    (step,) = repair.steps
    assert isinstance(step, Moved)
    assert step.after == china(max_share=0.4)
    assert [key[2:] for key in step.rows] == [("CN", "b")]
    free = goods(china(max_share=0.3, in_responses=None), shortage_cost=None)
    assert planned(free, *foreseeing.foreseen).cost > 0

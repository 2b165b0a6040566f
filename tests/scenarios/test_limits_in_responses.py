"""Limits that hold in an emergency too: in stress tests, in responses to scenarios and behind floors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from models.enforcement import prepare
from models.formulation.build import build_response, written_out
from models.formulation.components import parts
from models.formulation.response import respond_in
from models.limits import KINDS
from models.limits.ban import Ban
from models.limits.quantity_cap import QuantityCap
from models.limits.share_cap import ShareCap
from models.limits.survival_floor import SurvivalFloor
from models.limits.total_cap import TotalCap
from models.market import BillOfMaterials, Demand, Material, Product, ShortNotice
from optimizer.best_plan import best_plan
from optimizer.errors import NoPlan
from optimizer.explain.answer import explain
from optimizer.explain.no_plan import NoPlanExplained
from optimizer.explain.repairs import LevelMove
from optimizer.limits_cost import add_limits_cost
from optimizer.price import price_limits
from optimizer.programs import two_stage
from optimizer.report.terminal import format_report
from optimizer.results.account import Account
from optimizer.scenarios import judged_part as module
from optimizer.scenarios.evaluate import evaluate
from optimizer.scenarios.recount import Recount
from optimizer.session import Session
from optimizer.solve import settings_of
from optimizer.tables.limits import binds
from tests.blocks.markets import ORE, instance, offer, solved
from tests.scenarios.drawn import a_case
from tests.scenarios.limited import TERMS, china, goods, with_lot
from tests.scenarios.planned import planned, stops
from tests.stress.losing import lost

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.market.scenario import Scenario
    from optimizer.scenarios.recount import Told

NEAR: dict[str, Any] = {"rel": 1e-6, "abs": 1e-4}


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
    bound, free = (with_lot(asked, kind, in_responses=holds, **level, **fields) for holds in (True, None))
    return bound, free, scenarios


@pytest.mark.parametrize("penalty", [None, 7.0])
@pytest.mark.parametrize("seed", [1, 2, 4, 5, 6])
def test_it_costs_no_less_than_a_limit_of_the_plan_alone_and_is_held_at_best(
    seed: int, penalty: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By both engines, and no worse than plans that care for no scenario, or for no limit in responses."""
    bound, free, scenarios = a_limited_case(seed, penalty=penalty)
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
    assert isinstance(step, LevelMove)
    assert step.after == china(max_share=0.4)
    assert [key[2:] for key in step.rows] == [("CN", "b")]
    free = goods(china(max_share=0.3, in_responses=None), shortage_cost=None)
    assert planned(free, *foreseeing.foreseen).cost > 0


def test_a_floor_that_only_such_a_limit_keeps_from_being_held_is_in_conflict_with_it() -> None:
    floor = SurvivalFloor(name="n1", offer="near", min_covered=0.9, lasts=1, hard=True)
    asked = goods(china(max_share=0.1), floor, shortage_cost=None)
    explained = explain(asked, settings_of(asked))
    assert isinstance(explained, NoPlanExplained)
    (infeasibility,) = explained.infeasibilities
    (conflict,) = infeasibility.infeasible.conflicts
    assert [limit.name for limit in conflict.limits] == ["china", "n1"]
    ((step,),) = (repair.steps for repair in infeasibility.repairs)
    assert isinstance(step, LevelMove)
    assert step.after is not None
    assert step.after.level == 0.6666  # the 60 t of dear are 90% of what may be had then


METALS = (ORE, "tin")


@pytest.mark.parametrize("holds", [True, None])
def test_a_limit_over_several_materials_ties_their_responses(*, holds: bool | None) -> None:
    """At most 80 of 200 t are not clean. Where clean ore stops, tin gives way to ore as far as clean tin can be called.

    So 20 t of ore go unmet, which cost more than those of tin. Where the limit holds for the plan alone, tin goes on as
    planned, and more than 80 t are not clean.
    """
    offers = [
        offer(f"{name}-{metal}", price, 300, material=metal, attributes={"co2": co2})
        for metal in METALS
        for name, price, co2 in (("coal", 10, 1.0), ("hydro", 20, 0.0))
    ]
    costs = {ORE: 900.0, "tin": 500.0}
    materials = [Material(material=m, stages="refined", basis="t", shortage_cost=cost) for m, cost in costs.items()]
    demand = [Demand(site="plant", material=metal, period="a", quantity=100.0) for metal in METALS]
    facts: dict[str, Any] = {"materials": materials, "demand": demand, "attributes": ("co2",)}
    response = ShortNotice(surge=1.0, surge_premium=0.25, take_or_pay=0.3)
    co2 = TotalCap(name="co2", attribute="co2", group="total", max_total=80.0, hard=True, in_responses=holds)
    asked = instance(offers, {"a": 0.0}, co2, response=response, **facts)
    stop = stops(asked, "hydro-ore", 0.1, 0)
    (part,) = parts(asked.foreseeing([stop]))
    assert [set(one.market.material) for one in part.foreseen] == [set(METALS) if holds else {ORE}]
    plan = planned(asked, stop)
    assert plan.risk is not None
    unmet = {one.material: dict(one.unmet).get("a", 0.0) for one in plan.risk.outcomes[0].materials}
    assert unmet == pytest.approx({ORE: 20.0, "tin": 0.0} if holds else {ORE: 0.0}, abs=1e-6)


def test_every_kind_that_may_hold_in_responses_does() -> None:
    """The cheaper of two suppliers is wholly Chinese, small, dirty; in no response is more bought of it than may be."""
    offers = [
        offer("cheap", 10, 100, "CN", attributes={"co2": 10.0, "clean": 0.0}),
        offer("good", 20, 100, "AU", attributes={"co2": 1.0, "clean": 1.0}),
        offer("lost", 5, 60, "AU", attributes={"co2": 1.0, "clean": 1.0}),
    ]
    named = {"country": "CN", "basis": "place", "stages": ("refined",)}
    said: dict[str, dict[str, Any]] = {
        "ban": {**named, "max_quantity": 30.0},
        "quantity_cap": {**named, "max_quantity": 30.0},
        "share_cap": {**named, "max_share": 0.3},
        "share_floor": {**named, "country": "AU", "min_share": 0.7},
        "content_cap": {**named, "max_share": 0.3, "products": ("cell",)},
        "dependence_cap": {"offer": "cheap", "stages": ("refined",), "max_share": 0.3},
        "average_cap": {"attribute": "co2", "group": "each", "stages": ("refined",), "max_average": 3.7},
        "average_floor": {"attribute": "clean", "group": "each", "stages": ("refined",), "min_average": 0.7},
        "total_cap": {"attribute": "co2", "group": "each", "stages": ("refined",), "max_total": 370.0},
    }
    assert said.keys() == {kind for kind, record in KINDS.items() if record.IN_RESPONSES}
    facts: dict[str, Any] = {
        "attributes": ("co2", "clean"),
        "products": [Product(product="cell", site="plant", period="a", quantity=100)],
        "bill_of_materials": [BillOfMaterials(product="cell", material=ORE, quantity=1)],
        "response": TERMS,
        "shortage_cost": 15.0,
    }
    for kind, fields in said.items():
        used = []
        for holds in (True, None):
            limit: Any = KINDS[kind](name="asked", hard=True, in_responses=holds, **fields)
            asked = instance(offers, {"a": 100.0}, limit, **facts)
            plan = planned(asked, stops(asked, "lost", 1e-4, 0))
            assert plan.risk is not None
            (outcome,) = plan.risk.outcomes
            moved = {one.offer: one.quantity for one in outcome.actions if one.what == "called"}
            used.append(plan.account.quantity["cheap", "a"] + moved.get("cheap", 0.0))
        assert used[0] < used[1], kind


def test_a_response_that_breaks_it_is_found_by_the_recount() -> None:
    free = goods(china(in_responses=None))
    kept: list[tuple[Recount, Told]] = []

    class Kept(Recount):
        def list_findings(self, told: Told) -> list[str]:
            kept.append((self, told))
            return super().list_findings(told)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "Recount", Kept)
        plan = planned(free, stops(free, "near", 0.1, 1))
    ((recount, told),) = kept
    assert recount.list_findings(told) == []
    bound = Recount(prepare(free), plan.account.plan, (china(),))
    assert bound.list_findings(told) == [
        "scenario near from 1 for 99: limit china: ore / refined / CN / b uses 60% where at most 50% is allowed"
    ]


def test_a_response_writes_the_rows_of_its_golden_file(tmp_path: Path, update: bool) -> None:  # noqa: FBT001 (a fixture)
    """One period, in which the share counts what is supplied in the response."""
    market = prepare(instance([offer("near", 10, 60), offer("far", 13, 60, "CN")], {"a": 100.0}, response=TERMS))
    m = build_response(market, respond_in(market, {}), [china(penalty=7.0)])
    path, golden = tmp_path / "response.lp", Path(__file__).parent / "lp" / "share_cap_in_a_response.lp"
    written_out(m).write(str(path), io_options={"symbolic_solver_labels": True})
    text = "".join(line for line in path.read_text("utf-8").splitlines(keepends=True) if not line.startswith("\\"))
    if update:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


def test_a_limit_that_binds_in_a_response_alone_is_not_told_to_be_free() -> None:
    asked = goods(china())
    foreseeing = asked.foreseeing([stops(asked, "near", 0.1, 1)])
    session = Session(settings_of(foreseeing, gap=0.0))
    plan = add_limits_cost(session.solve(foreseeing), session)
    assert not any(binds(limit, reading) for limit, reading in plan.account.readings)
    assert plan.without_limits is not None
    assert plan.without_limits.cost == pytest.approx(2683.75)
    assert "Not binding in the plan, but held in responses too: china" in format_report(plan)


@pytest.mark.parametrize("holds", [True, None])
def test_what_is_reserved_of_whom_a_ban_shuts_out_is_called_unless_the_ban_holds_then(*, holds: bool | None) -> None:
    offers = [offer("near", 10, 100), offer("far", 12, 100, "CN", reservation_price=1.0)]
    ban = Ban(name="china", country="CN", basis="place", stages=("refined",), hard=True, in_responses=holds)
    asked = instance(offers, {"a": 100.0}, ban, response=ShortNotice(surge=0), shortage_cost=500.0)
    plan = planned(asked, stops(asked, "near", 0.1, 0))
    assert plan.account.reserved.get("far", 0.0) == pytest.approx(0.0 if holds else 100.0)
    assert plan.risk is not None
    assert plan.risk.outcomes[0].covered == pytest.approx(0.0 if holds else 1.0)

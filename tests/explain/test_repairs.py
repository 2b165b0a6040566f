"""What would give a plan, against solving at levels one by one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from pydantic import TypeAdapter

from models.limits import AnyLimit
from models.market import Conversion
from optimizer.explain.answer import explain
from optimizer.explain.levels import round_outward
from optimizer.explain.no_plan import Infeasibility, NoPlanExplained
from optimizer.explain.repairs import ExtraCapacity, LevelMove, Unmet, apply_repair
from optimizer.report.explanation import describe_step
from optimizer.results.solution import settings_of
from tests.blocks.markets import ORE, instance, offer
from tests.examples import examples
from tests.explain.crowded import at, cost, crowded, solved, with_only

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.limits import Limit
    from optimizer.explain.no_plan import Relaxed

SAME: Any = {"rel": 1e-6, "abs": 1e-6}
BETWEEN = 4
"""Levels that are tried between the limit and its repair."""


def explained(asked: EnforcedInstance, *relaxed: Relaxed) -> Infeasibility:
    found = explain(asked, settings_of(asked, gap=0.0), relaxed=relaxed)
    assert isinstance(found, NoPlanExplained)
    return found.infeasibilities[0]


def tighter(step: LevelMove) -> float:
    """Return the told level one step of its last digit nearer to the limit."""
    assert step.after is not None
    level = step.after.level
    if step.before.UNIT == "count":
        return level - 1 if step.before.SENSE == "at most" else level + 1
    last = 10.0 ** (math.floor(math.log10(level or step.before.level)) - 3)
    return level - last if step.before.SENSE == "at most" else level + last


def check_least(asked: EnforcedInstance, step: LevelMove) -> None:
    """Ask for no plan at the told level next to the limit's own, nor between the two."""
    name, level, whole = step.before.name, step.before.level, step.before.UNIT == "count"
    if step.after is None:
        assert solved(at(asked, name, 1.0)) is None
        return
    nearest = tighter(step)
    levels = [level + (nearest - level) * number / BETWEEN for number in range(1, BETWEEN + 1)]
    assert not any(solved(at(asked, name, tried)) for tried in ([round(nearest)] if whole else levels))


@examples(60)
@given(crowded())
def test_the_move_of_one_limit_is_the_least_that_gives_a_plan(asked: EnforcedInstance) -> None:
    assume(solved(asked) is None)
    found = explained(asked)
    for repair in found.repairs:
        after = apply_repair(asked, repair.steps)
        assert repair.cost is not None
        assert repair.cost.cost == pytest.approx(cost(after), **SAME)
        assert repair.cost.bound == pytest.approx(repair.cost.cost, **SAME)
        for step in repair.steps:
            assert isinstance(step, LevelMove)
            assert step.least
            check_least(apply_repair(asked, [other for other in repair.steps if other is not step]), step)
    for limit in found.not_enough:
        assert solved(with_only(asked, [other for other in asked.limits if other is not limit])) is None
    if found.infeasible.market_has_plan:
        assert found.repairs
        assert found.free is not None
        others = [limit for limit in asked.limits if limit not in found.infeasible.limits]
        assert found.free.cost == pytest.approx(cost(with_only(asked, others)), **SAME)


def test_no_more_is_asked_of_an_offer_that_has_no_end() -> None:
    cap = {"kind": "share_cap", "name": "half", "country": "CN", "basis": "place", "stages": ["refined"]}
    half = TypeAdapter(AnyLimit).validate_python(cap | {"max_share": 0.5, "hard": True})
    offers = [offer("far", 8, None, country="CN"), offer("near", 10, 30, country="US")]
    steps = [repair.steps for repair in explained(instance(offers, {"2027": 100.0}, half), "capacity").repairs]
    assert [step for (step, *_) in steps if isinstance(step, ExtraCapacity)] == [ExtraCapacity("near", 20.0)]


@examples(40)
@given(crowded())
def test_less_demand_and_more_of_one_offer_give_plans_that_hold_every_limit(asked: EnforcedInstance) -> None:
    assume(solved(asked) is None)
    found = explained(asked, "demand", "capacity")
    for repair in found.repairs:
        (step, *_) = repair.steps
        assert repair.cost is not None
        if isinstance(step, ExtraCapacity):
            assert cost(apply_repair(asked, repair.steps)) == pytest.approx(repair.cost.cost, **SAME)
            less = ExtraCapacity(step.offer, step.units * 0.999 - 1e-6)
            assert solved(apply_repair(asked, [less])) is None
        if isinstance(step, Unmet):
            assert sum(step.units.values()) == pytest.approx(least_shortage(asked), rel=2e-3)


def least_shortage(asked: EnforcedInstance) -> float:
    """Return the least demand that goes unmet, from what a shortage costs when it is all that costs anything."""
    materials = tuple(m.model_copy(update={"shortage_cost": 1e6}) for m in asked.market.materials)
    facts = asked.market.model_copy(update={"materials": materials})
    solution = solved(asked.model_copy(update={"market": facts}))
    assert solution is not None
    return sum(solution.account.plan.unmet.values())


@pytest.mark.parametrize(
    ("level", "limit"),
    [
        (0.4, {"kind": "share_cap", "offer": "b", "stages": ["refined"], "max_share": 0.1}),
        (0.6, {"kind": "share_floor", "offer": "a", "stages": ["refined"], "min_share": 0.9}),
        (60, {"kind": "quantity_floor", "offer": "b", "stages": ["refined"], "min_quantity": 80}),
        (2, {"kind": "most_sources", "count": "offer", "stages": ["refined"], "max_sources": 1}),
        (2, {"kind": "least_sources", "count": "offer", "counts_from": 0.1, "stages": ["refined"], "min_sources": 5}),
        (140, {"kind": "budget_cap", "max_cost": 100}),
    ],
)
def test_the_level_that_a_limit_has_to_move_to_is_that_worked_out_by_hand(level: float, limit: dict[str, Any]) -> None:
    offers = [offer("a", 1, capacity=60), offer("b", 2, capacity=60)]
    hard: Limit = TypeAdapter(AnyLimit).validate_python(limit | {"name": "it", "hard": True})
    (step,) = explained(instance(offers, {"2027": 100}, hard)).repairs[0].steps
    assert isinstance(step, LevelMove)
    assert step.after is not None
    assert step.after.level == level


def test_levels_are_rounded_away_from_what_is_too_tight() -> None:
    assert round_outward(1 / 3, up=True) == 0.3334
    assert round_outward(1 / 3, up=False) == 0.3333
    assert round_outward(0.41, up=True) == 0.41
    assert round_outward(1_234_567, up=True) == 1_235_000
    assert round_outward(0, up=True) == 0


def test_more_of_an_offer_is_told_in_the_unit_in_which_it_is_stated() -> None:
    pounds = [Conversion(material=ORE, basis="lb ore", factor=0.00045359237)]
    asked = instance([offer("a", 1, capacity=200_000, basis="lb ore")], {"1": 100.0}, conversions=pounds)
    (extra,) = (repair.steps[0] for repair in explained(asked, "capacity").repairs)
    assert isinstance(extra, ExtraCapacity)
    assert extra.units == pytest.approx(100 / 0.00045359237 - 200_000, rel=1e-3)
    assert describe_step(extra, asked) == "buy 20 470 lb ore a year more from a (a, AU) than it offers"

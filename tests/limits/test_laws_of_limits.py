"""Laws that hold for every kind of limit, tried on the case of each and on what is made of it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from models.formulation.components import parts
from models.limits.contract.scoped import ScopedLimit
from models.limits.share_floor import ShareFloor
from optimizer.errors import NoPlan
from optimizer.programs.program import Program
from optimizer.results.account import Account
from optimizer.results.plan import Plan
from optimizer.results.solution import settings_of
from optimizer.session import Session
from optimizer.solver.outer_approximation.minimise import minimise
from tests.blocks.markets import ORE, instance, offer, solved
from tests.laws.markets import edited
from tests.limits.test_limits import CASES
from tests.limits.variants import (
    TWIN,
    at_level,
    for_one,
    for_twin,
    in_units,
    levels,
    renamed,
    soft,
    twinned,
    with_limits,
)
from tests.mutation.further import COVERED, partly_declared

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

SAME: Any = {"rel": 1e-7, "abs": 1e-7}
UNITS = (1e-3, 1e3, 1e6)
each_kind = pytest.mark.parametrize("kind", CASES)


def cost(asked: EnforcedInstance) -> float:
    """Return the least cost of an audited plan, infinite when there is none."""
    try:
        return solved(asked).cost
    except NoPlan:
        return math.inf


def as_one(asked: EnforcedInstance) -> float:
    """Return the least cost of an instance as one program that is not taken to parts."""
    outcome = minimise(Program(asked).matrix, gap=0.0)
    return math.inf if outcome.verdict == "infeasible" else outcome.objective


def plain(asked: EnforcedInstance) -> dict[str, Any]:
    """Return the first limit as a plain record."""
    return asked.limits[0].model_dump(mode="json")


# Levels -------------------------------------------------------------------------------------------


@each_kind
def test_a_tighter_level_never_costs_less(kind: str) -> None:
    case = CASES[kind]
    asked = case.instance()
    costs = [cost(at_level(asked, level)) for level in levels(asked, case.loose, case.impossible)]
    assert all(later >= before * (1 - 1e-7) for before, later in pairwise(costs)), costs
    assert costs[-1] > costs[0], "from the loosest level to the tightest it matters"


@each_kind
def test_solved_again_at_another_level_it_costs_what_it_costs_from_nothing(kind: str) -> None:
    case = CASES[kind]
    asked = case.instance()
    session = Session(settings_of(asked, gap=0.0))
    there = levels(asked, case.loose, case.impossible)
    for level in (*there, *reversed(there)):
        moved = at_level(asked, level)
        try:
            again = session.solve(moved).cost
        except NoPlan:
            again = math.inf
        assert again == pytest.approx(cost(moved), **SAME), level


# Firmness -----------------------------------------------------------------------------------------


@each_kind
def test_a_penalty_that_nobody_pays_is_hard_and_one_that_is_nothing_is_none(kind: str) -> None:
    asked = CASES[kind].instance()
    dear, cheap = solved(soft(asked, 1e5)), solved(soft(asked, 1e-7))
    assert dear.cost == pytest.approx(CASES[kind].optimum, rel=1e-6)
    assert dear.account.penalty == pytest.approx(0, abs=1e-3)
    assert cheap.cost == pytest.approx(cost(asked.without_limits()), rel=1e-6)


@each_kind
def test_said_twice_it_says_no_more(kind: str) -> None:
    asked = CASES[kind].instance()
    twice = with_limits(asked, plain(asked), plain(asked) | {"name": "again"})
    assert cost(twice) == pytest.approx(CASES[kind].optimum, **SAME)


# Names, units, orders -----------------------------------------------------------------------------

COUNTRIES = {"CN": "ID", "ID": "AU", "AU": "CA", "CA": "CN", "US": "FI", "FI": "US"}


@each_kind
def test_names_are_names(kind: str) -> None:
    asked = CASES[kind].instance()
    market = asked.market
    known = (
        {o.offer for o in market.offers} | {o.company for o in market.offers} | {s.site for s in market.site.values()}
    )
    turned = {name: f"{number}{name[::-1]}" for number, name in enumerate(sorted(known, reverse=True))}
    relabelled = edited(asked, lambda record: record.update(renamed(record, COUNTRIES | turned)))
    assert cost(relabelled) == pytest.approx(CASES[kind].optimum, **SAME)


@each_kind
@pytest.mark.parametrize("mass", UNITS)
def test_another_unit_of_mass_scales_the_plan_and_nothing_else(kind: str, mass: float) -> None:
    before, after = solved(CASES[kind].instance()), solved(in_units(CASES[kind].instance(), mass=mass))
    assert after.cost == pytest.approx(before.cost, rel=1e-6)
    if not math.isclose(before.cost, cost(before.instance.without_limits())):
        flow = {key: units * mass for key, units in before.account.plan.flow.items()}
        assert after.account.plan.flow == pytest.approx(flow, rel=1e-5, abs=1e-5 * mass)


@each_kind
@pytest.mark.parametrize("money", UNITS)
def test_another_unit_of_money_scales_the_cost_and_nothing_else(kind: str, money: float) -> None:
    before, after = solved(CASES[kind].instance()), solved(in_units(CASES[kind].instance(), money=money))
    assert after.cost == pytest.approx(before.cost * money, rel=1e-6)
    assert after.account.plan.flow == pytest.approx(before.account.plan.flow, rel=1e-5, abs=1e-5)


@each_kind
def test_the_order_of_rows_changes_no_bit_of_the_plan(kind: str) -> None:
    asked = CASES[kind].instance()

    def turn_round(record: dict[str, Any]) -> None:
        for name, table in record["market"].items():
            if isinstance(table, list) and name not in {"periods", "attributes"}:
                record["market"][name] = table[::-1]

    before, after = solved(asked), solved(edited(asked, turn_round))
    assert after.account.plan == before.account.plan
    assert after.account.total == before.account.total


# Markets side by side -----------------------------------------------------------------------------


@each_kind
def test_of_two_materials_each_by_itself_it_costs_twice(kind: str) -> None:
    asked = CASES[kind].instance()
    if not isinstance(asked.limits[0], ScopedLimit) and for_twin(asked.limits[0], asked) == plain(asked) | {
        "name": TWIN + "asked"
    }:
        pytest.skip("speaks of no material")
    both = with_limits(twinned(asked), for_one(asked.limits[0]), for_twin(asked.limits[0], asked))
    assert len(parts(both)) == len(both.market.material)
    assert cost(both) == pytest.approx(2 * CASES[kind].optimum, **SAME)
    assert as_one(both) == pytest.approx(2 * CASES[kind].optimum, **SAME)


def forms(asked: EnforcedInstance) -> list[EnforcedInstance]:
    """Return the limit over two materials of unlike prices: as it is, of each, of one, and of both in total."""
    both, limit = twinned(asked, dearer=1.5), asked.limits[0]
    groups = [{"group": group} for group in ("each", "total")] if "group" in type(limit).model_fields else []
    told: list[list[dict[str, Any]]] = [
        *([plain(asked) | group] for group in ({}, *groups)),
        [for_one(limit)],
        [for_one(limit), for_twin(limit, asked)],
        [for_one(limit), plain(asked) | {"name": "whole"}],
    ]
    made = []
    for limits in told:
        try:
            made.append(with_limits(both, *limits))
        except ValueError:
            continue
    return made


@each_kind
def test_parts_solved_apart_cost_what_they_cost_as_one_program(kind: str) -> None:
    asked = CASES[kind].instance()
    made = forms(asked)
    assert len(made) >= 2
    for both in made:
        assert cost(both) == pytest.approx(as_one(both), rel=1e-6), both.limits


@each_kind
def test_what_it_ties_it_concerns_and_what_it_does_not_tie_it_says_apart(kind: str) -> None:
    for both in forms(CASES[kind].instance()):
        for limit in both.limits:
            coupled = {material for group in limit.couples(both.market) for material in group}
            assert coupled <= set(both.market.material)
            assert all(limit.concerns(material) for material in coupled)
            for material in (ORE, TWIN):
                alone = limit.within([material])
                assert (alone is not None) == limit.concerns(material)
                assert alone is None or alone.name == limit.name


# Offers that do not matter ------------------------------------------------------------------------


@each_kind
def test_ore_that_nobody_needs_changes_nothing(kind: str) -> None:
    asked = CASES[kind].instance()
    figures = dict.fromkeys(asked.market.attributes, 0.0)
    pit = offer("pit", 1, 1000, "FI", stage="mined", attributes=figures).model_dump(mode="json", by_alias=True)

    def dig(record: dict[str, Any]) -> None:
        record["market"]["offers"].append(pit)

    assert cost(edited(asked, dig)) == pytest.approx(CASES[kind].optimum, **SAME)


PAID_FOR_BEING_DEAR = {"value_ratio_floor": "what is paid outside of the class counts, so a dear offer helps"}


@each_kind
def test_an_offer_that_is_worse_in_all_respects_changes_nothing(kind: str) -> None:
    if kind in PAID_FOR_BEING_DEAR:
        pytest.skip(PAID_FOR_BEING_DEAR[kind])
    asked = CASES[kind].instance()
    dearest = max(asked.market.offers, key=lambda one: one.price)
    names = {"offer": "worse", "company": "worse", "price": 1000.0, "country": "FI", "incumbent_quantity": None}

    def add(record: dict[str, Any]) -> None:
        market = record["market"]
        (row,) = [row for row in market["offers"] if row["offer"] == dearest.offer]
        market["offers"].append(row | names)
        for lane in [lane for lane in market["lanes"] if lane["origin"] == dearest.offer]:
            market["lanes"].append(lane | {"origin": "worse", "freight": 1000.0})

    assert cost(edited(asked, add)) == pytest.approx(CASES[kind].optimum, **SAME)


AUSTRALIA = {"country": "AU", "basis": "control"}
COUNTED: dict[str, dict[str, Any]] = {
    "share_cap": AUSTRALIA | {"max_share": 0.5},
    "quantity_cap": AUSTRALIA | {"max_quantity": 50},
    "ban": AUSTRALIA | {"max_quantity": 50},
    "value_ratio_floor": COVERED | {"group": "each", "min_share": 0.2},
}
"""Kinds that count what nobody declared against their subjects, or leave it apart."""


@pytest.mark.parametrize("kind", COUNTED)
def test_what_a_reading_calls_undisclosed_is_what_it_would_not_count_if_that_were_left_apart(kind: str) -> None:
    for asked in partly_declared(kind, mass=1e-3, **COUNTED[kind]):
        limit, account = asked.limits[0], solved(asked).account
        apart = limit.model_copy(update={"undisclosed": "apart"})
        ((_, counted),) = Account(account.market, (limit,), account.plan).readings
        ((_, known),) = Account(account.market, (apart,), account.plan).readings
        further = counted.used - known.used if limit.SENSE == "at most" else known.used - counted.used
        assert (counted.undisclosed, known.undisclosed) == pytest.approx((further, 0.0))
        assert counted.undisclosed > 0


def test_a_limit_that_is_broken_by_rounding_alone_holds_and_costs_nothing() -> None:
    """Short by the last digits of a float it is met; short by tonnes it is not."""
    floor = ShareFloor(name="home", country="US", basis="place", stages=("refined",), min_share=0.1, penalty=5000)
    asked = instance([offer("far", 1), offer("near", 2, country="US")], {"a": 24070.3}, floor, shortage_cost=9000)
    short = 2407.03 - 1e-10
    for near, broken in ((short, 0.0), (2400.0, 7.03)):
        plan = Plan(flow={("near", "plant", "a"): near, ("far", "plant", "a"): 24070.3 - near})
        account = Account(asked.market.prepared, asked.limits, plan)
        ((_, reading),) = account.readings
        assert reading.used < 0.1
        assert (reading.excess, account.penalty) == pytest.approx((broken, 5000 * broken), rel=1e-12, abs=0)

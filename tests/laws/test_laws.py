"""What must hold in every market, tried on random small ones (the same at every run)."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyomo.contrib.appsi.solvers import Highs

from models.formulation.build import build, written_out
from optimizer.audit import audit
from optimizer.errors import NoPlan
from optimizer.results.account import Account
from optimizer.solve import Solution, settings_of, solve
from tests.examples import examples
from tests.laws.markets import CAPS, CHOICES, COUNTRIES, TERMS, edited, instances
from tests.laws.oracle import Oracle
from tests.limits.variants import in_units

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.instance import Instance

Tables = dict[str, Any]

SAME: Any = {"rel": 1e-6, "abs": 1e-6}
LIVELY = tuple(term for term in TERMS if term not in {"stock", "lead"})
MOST_COMBINATIONS = 128


def solved(asked: Instance) -> Solution | None:
    """Return the audited plan at gap 0, or None when there is none."""
    try:
        solution = solve(asked, settings_of(asked, gap=0.0))
    except NoPlan:
        return None
    assert solution.proven
    return solution


def cost(asked: Instance) -> float:
    solution = solved(asked)
    return math.inf if solution is None else solution.cost


def with_limits(asked: EnforcedInstance, *limits: Tables) -> EnforcedInstance:
    return edited(asked, lambda record: record.update(limits=list(limits)))


# Optima -------------------------------------------------------------------------------------------


@examples(250)
@given(instances())
def test_the_optimum_is_the_least_over_all_choices(asked: EnforcedInstance) -> None:
    oracle = Oracle(asked)
    assume(oracle.combinations <= MOST_COMBINATIONS)
    assert cost(asked) == pytest.approx(oracle.least_cost(), **SAME)


@examples(40)
@given(instances())
def test_the_program_written_out_has_the_same_optimum_through_pyomo(asked: EnforcedInstance) -> None:
    solver = Highs()
    solver.config.load_solution = False
    solver.highs_options = {"mip_rel_gap": 0.0, "mip_abs_gap": 0.0}
    found = solver.solve(written_out(build(asked)))
    least = found.best_feasible_objective if found.termination_condition.name == "optimal" else math.inf
    assert cost(asked) == pytest.approx(least, **SAME)


# Shares -------------------------------------------------------------------------------------------


@examples(40)
@given(instances(choices=("fixed", "minimum", "running"), terms=("ramp", "lanes", "window"), kinds=()), st.data())
def test_a_uniform_capacity_and_a_cap_on_the_share_of_each_company_are_the_same(
    asked: EnforcedInstance, data: Any
) -> None:
    most = data.draw(st.sampled_from([20, 30, 40]))

    def one_seller_each(record: Tables) -> None:
        market = record["market"]
        market["owners"] = []
        for need in market["demand"]:
            need["quantity"] = 80
        for offer in market["offers"]:
            offer["company"] = offer["offer"]

    def uniform(record: Tables) -> None:
        for offer in record["market"]["offers"]:
            if offer["stage"] == "refined":
                offer["capacity"] = min(offer["capacity"], most)
                assume(offer["minimum_take"] <= offer["capacity"])

    cap = {"kind": "share_cap", "name": "each", "each": "company", "of": "demand", "stages": ["refined"], "hard": True}
    base = edited(asked, one_seller_each)
    capped = with_limits(base, cap | {"max_share": most / 80})
    assert cost(capped) == pytest.approx(cost(edited(base, uniform)), **SAME)


@examples(40)
@given(instances(terms=LIVELY, kinds=("share_cap",), shortage=(None,)))
def test_surplus_does_not_dilute_a_share(asked: EnforcedInstance) -> None:
    # where nothing is stored, on its way or left unmet, supply is demand and no more
    assume(not asked.market.under_way)

    def of(whole: str) -> EnforcedInstance:
        caps = [limit.model_dump(mode="json") | {"of": whole, "stages": ["refined"]} for limit in asked.limits]
        return with_limits(asked, *caps)

    solution = solved(of("supply"))
    assert cost(of("demand")) == pytest.approx(math.inf if solution is None else solution.cost, **SAME)
    if solution is not None:
        bought, needed = solution.account.supplied, asked.market.needed
        for period in asked.market.years:
            need = sum(units for (_, _, when), units in needed.items() if when == period)
            assert bought["ore", "refined", period] == pytest.approx(need)


@examples(30)
@given(instances())
def test_nothing_is_bought_that_is_not_used_stored_or_fed(asked: EnforcedInstance) -> None:
    solution = solved(asked)
    assume(solution is not None)
    assert solution is not None
    account, market = solution.account, asked.market
    refined = {o.offer for o in market.offers if o.stage == "refined"}
    arrived = sum(units for (origin, _, _), units in account.plan.flow.items() if origin in refined)
    last = list(market.years)[-1]
    kept = sum(account.plan.stock[s.site, s.material, last] - s.opening for s in market.stock)
    used = sum(market.needed.values()) - sum(account.plan.unmet.values()) + kept
    arrived += sum(market.arriving_at_sites.values())
    assert arrived == pytest.approx(used, **SAME)
    fed = sum(
        units * (market.offer[to].yield_ or 0) for (_, to, _), units in account.plan.flow.items() if to in market.offer
    )
    fed += sum(units * (market.offer[to].yield_ or 0) for (to, _), units in market.arriving_feed.items())
    refinery = sum(units for (name, _), units in account.quantity.items() if market.offer[name].yield_ is not None)
    assert fed == pytest.approx(refinery, **SAME)


@examples(30)
@given(instances(kinds=("share_floor", "budget_cap")), st.sampled_from(["place", "control"]))
def test_a_cap_of_a_hundred_percent_is_no_cap(asked: EnforcedInstance, basis: str) -> None:
    whole = {"kind": "share_cap", "name": "whole", "max_share": 1, "hard": True}
    others = [limit.model_dump(mode="json") for limit in asked.limits]
    free = cost(asked)
    for undisclosed in ("apart", "counts"):
        each = whole | {"each": "country", "basis": basis, "undisclosed": undisclosed}
        assert cost(with_limits(asked, *others, each)) == pytest.approx(free, **SAME)


@examples(40)
@given(instances(kinds=(*CAPS, "share_floor", "quantity_floor", "least_sources", "most_sources")), st.data())
def test_tightening_a_limit_never_lowers_the_cost(asked: EnforcedInstance, data: Any) -> None:
    assume(asked.limits)

    def tighten(record: Tables) -> None:
        limit, kind = record["limits"][0], asked.limits[0]
        factor = data.draw(st.sampled_from([0.25, 0.5, 0.9]))
        whole = kind.UNIT == "count"
        if kind.SENSE == "at most":
            limit[kind.LEVEL] = int(kind.level - 1) if whole else kind.level * factor
        else:
            limit[kind.LEVEL] = int(kind.level + 1) if whole else kind.level / factor

    before, after = cost(asked), cost(edited(asked, tighten))
    assert after >= before * (1 - 1e-6) - 1e-6


@examples(30)
@given(instances())
def test_without_its_limits_a_plan_never_costs_more(asked: EnforcedInstance) -> None:
    assert cost(asked.without_limits()) <= cost(asked) * (1 + 1e-6) + 1e-6


@examples(40)
@given(instances(kinds=(*CAPS, "share_floor", "quantity_floor", "least_sources"), shortage=(60,)))
def test_a_soft_limit_at_a_price_that_nobody_pays_is_a_hard_one(asked: EnforcedInstance) -> None:
    assume(asked.limits)
    hard = cost(asked)
    assume(math.isfinite(hard))

    def soften(record: Tables) -> None:
        for limit in record["limits"]:
            limit.update(hard=None, penalty=1e5)

    assert cost(edited(asked, soften)) == pytest.approx(hard, **SAME)


# Names, units, orders -----------------------------------------------------------------------------


@examples(40)
@given(instances())
def test_relabelling_countries_changes_nothing_in_cost(asked: EnforcedInstance) -> None:
    names = dict(zip(COUNTRIES, (*COUNTRIES[1:], COUNTRIES[0]), strict=True)) | {"US": "CA"}

    def relabel(record: Any) -> Any:
        match record:
            case dict():
                return {key: relabel(part) for key, part in record.items()}
            case list():
                return [relabel(part) for part in record]
            case str():
                return names.get(record, record)
        return record

    assert cost(edited(asked, lambda record: record.update(relabel(record)))) == pytest.approx(cost(asked), **SAME)


@examples(40)
@given(instances(), st.sampled_from([1e-3, 0.1, 1e3, 1e6]))
def test_another_unit_of_mass_changes_nothing_in_cost(asked: EnforcedInstance, mass: float) -> None:
    assert cost(in_units(asked, mass=mass)) == pytest.approx(cost(asked), **SAME)


@examples(40)
@given(instances(), st.sampled_from([1e-3, 0.1, 1e3, 1e6]))
def test_another_unit_of_money_scales_the_cost(asked: EnforcedInstance, money: float) -> None:
    assert cost(in_units(asked, money=money)) == pytest.approx(cost(asked) * money, rel=1e-6, abs=1e-6 * money)


def shuffled(asked: EnforcedInstance, data: Any) -> EnforcedInstance:
    def shuffle(record: Tables) -> None:
        for name, table in record["market"].items():
            if isinstance(table, list) and name not in {"periods", "attributes"}:
                record["market"][name] = data.draw(st.permutations(table))

    return edited(asked, shuffle)


@examples(40)
@given(instances(), st.data())
def test_the_order_of_rows_changes_nothing_in_cost(asked: EnforcedInstance, data: Any) -> None:
    assert cost(shuffled(asked, data)) == pytest.approx(cost(asked), **SAME)


@examples(60)
@given(instances(), st.data())
def test_the_order_of_rows_changes_nothing_in_the_plan(asked: EnforcedInstance, data: Any) -> None:
    before, after = solved(asked), solved(shuffled(asked, data))
    assume(before is not None and after is not None)
    assert before is not None
    assert after is not None
    assert after.account.plan.flow == pytest.approx(before.account.plan.flow, **SAME)


# The audit ----------------------------------------------------------------------------------------


def findings_with(solution: Solution, **changed: Any) -> list[str]:
    account = solution.account
    return audit(Account(account.market, account.limits, replace(account.plan, **changed)))


@examples(60)
@given(instances(), st.data())
def test_the_audit_passes_what_is_solved_and_finds_one_wrong_number(asked: EnforcedInstance, data: Any) -> None:
    solution = solved(asked)
    assume(solution is not None)
    assert solution is not None
    plan = solution.account.plan
    assert findings_with(solution) == []
    if plan.flow:
        key = data.draw(st.sampled_from(sorted(plan.flow)))
        assert findings_with(solution, flow=plan.flow | {key: plan.flow[key] * 1.01})
        assert findings_with(solution, flow={other: units for other, units in plan.flow.items() if other != key})
        assert findings_with(solution, flow=plan.flow | {(key[0], "nowhere", key[2]): 1.0})
    bought = {origin for origin, _, _ in plan.flow}
    for name in sorted(bought & {offer for offer, signed in plan.signed.items() if signed}):
        assert findings_with(solution, signed=plan.signed | {name: False})
    for node, units in plan.stock.items():
        assert findings_with(solution, stock=plan.stock | {node: units + 1})
    node = ("plant", "ore", next(iter(asked.market.years)))
    assert findings_with(solution, unmet=plan.unmet | {node: plan.unmet.get(node, 0.0) + 1})


@examples(30)
@given(instances(choices=CHOICES, terms=("lanes", "duty"), kinds=()))
def test_a_plan_under_fewer_terms_is_found_wrong_under_more(asked: EnforcedInstance) -> None:
    # half the capacity of what is bought most must be noticed
    solution = solved(asked)
    assume(solution is not None)
    assert solution is not None
    assume(any(solution.account.quantity.values()))
    name, period = max(solution.account.quantity, key=lambda key: solution.account.quantity[key])
    bought = solution.account.quantity[name, period] / asked.market.years[period]

    def halve(record: Tables) -> None:
        for offer in record["market"]["offers"]:
            if offer["offer"] == name:
                offer.update(capacity=bought / 2, minimum_take=0)

    account = Account(edited(asked, halve).market.prepared, (), solution.account.plan)
    assert any("capacity" in finding for finding in audit(account))

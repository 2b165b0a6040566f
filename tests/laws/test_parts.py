"""Solving apart and solving again: the same optimum as one program, built and solved from nothing."""

from __future__ import annotations

import datetime
import math
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.changes import ChangeError, apply_changes, parse
from models.formulation.components import parts
from optimizer.errors import NoPlan
from optimizer.programs.data_update import update_data
from optimizer.programs.decomposition import Decomposition
from optimizer.programs.program import Program
from optimizer.results.solution import settings_of
from optimizer.session import Session
from optimizer.solve import solve
from optimizer.solver.deadline import Deadline
from optimizer.solver.outer_approximation.minimise import holds, minimise, relax
from tests.examples import examples
from tests.laws.markets import edited, instances, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.enforcement import EnforcedInstance

Draw = Any
Tables = dict[str, Any]

SAME: Any = {"rel": 1e-6, "abs": 1e-6}
NAMES = ("offer", "company", "origin", "corridor", "duty", "destination")


@st.composite
def pairs(draw: Draw) -> EnforcedInstance:
    """Return two random markets as the materials of one, with the limits of both, some of them over both."""
    one, other = draw(instances()), draw(instances())
    assume(one.market.years == other.market.years)
    record = one.model_dump(mode="json", by_alias=True)
    added = other.model_dump(mode="json", by_alias=True)
    sites = {site["site"] for site in added["market"]["sites"]}
    for table, rows in added["market"].items():
        if table in {"periods", "as_of", "blocs", "attributes", "sites"}:
            continue
        for row in rows or ():
            renamed = {"material": "tin"} if row.get("material") else {}
            renamed |= {name: f"x{row[name]}" for name in NAMES if row.get(name) and row[name] not in sites}
            record["market"][table] = [*record["market"][table], row | renamed]
    known = {site["site"] for site in record["market"]["sites"]}
    record["market"]["sites"] += [site for site in added["market"]["sites"] if site["site"] not in known]
    for limit in record["limits"]:
        own = limit.get("company") and limit["kind"] in {"share_floor", "quantity_floor"}  # it sells no tin
        scope = draw(st.sampled_from([["ore"]] if own else [["ore"], None]))
        limit["materials"] = scope if limit["kind"] != "budget_cap" else None
    for limit in added["limits"]:
        scoped = {"materials": ["tin"]} if limit["kind"] != "budget_cap" else {}
        company = {"company": f"x{limit['company']}"} if limit.get("company") else {}
        record["limits"].append(limit | scoped | company | {"name": f"x{limit['name']}"})
    for limit in record["limits"]:
        if limit["kind"] == "budget_cap":
            limit.pop("materials", None)
    return read({"market": record["market"], "limits": record["limits"]})


def as_one(asked: EnforcedInstance) -> float:
    """Return the optimum of an instance as a single program."""
    outcome = minimise(Program(asked).matrix, gap=0.0)
    return math.inf if outcome.verdict == "infeasible" else outcome.objective


def cost(solve_it: Callable[[], Any]) -> float:
    try:
        solution = solve_it()
    except NoPlan:
        return math.inf
    assert solution.proven
    return float(solution.cost)


@examples(60)
@given(pairs())
def test_parts_solved_apart_cost_what_the_whole_costs_as_one_program(asked: EnforcedInstance) -> None:
    assert cost(lambda: solve(asked, settings_of(asked, gap=0.0))) == pytest.approx(as_one(asked), **SAME)


@examples(30)
@given(pairs())
def test_no_row_of_the_whole_speaks_of_two_parts(asked: EnforcedInstance) -> None:
    group = {material: number for number, part in enumerate(parts(asked)) for material in part.market.material}
    of_offer = {offer.offer: group[offer.material] for offer in asked.market.offers}
    whole = Program(asked)
    seen: dict[int, set[int]] = {}
    places = {place: of_offer[key[0]] for (family, key), place in whole.columns.items() if family == "flow"}
    for row, column in zip(whole.matrix.A.row_of_entry, whole.matrix.A.indices, strict=True):
        if int(column) in places:
            seen.setdefault(int(row), set()).add(places[int(column)])
    assert all(len(found) == 1 for found in seen.values())


def texts(draw: Draw, asked: EnforcedInstance) -> str:
    """Draw a change of any kind, of something that is there."""
    market = asked.market
    offer = draw(st.sampled_from(market.offers))
    factor = draw(st.sampled_from(["+10%", "-10%", "+40%", "x0.5", "x2", "+7"]))
    who = draw(st.sampled_from(["AU", "CN", "ID", "each", offer.company]))
    scope = draw(st.sampled_from(["", f"{offer.stage}/{offer.material}:", f"{offer.material}:", f"{offer.stage}:"]))
    level = draw(st.sampled_from(["20%", "35%", "60%", "80%", "100%", "0%"]))
    limit = draw(st.sampled_from(asked.limits)).name if asked.limits else ""
    agreed = draw(st.sampled_from(market.commitments)) if market.commitments else None
    at = draw(st.sampled_from([period.name for period in market.periods]))
    day = draw(st.sampled_from([datetime.date(2026, 6, 1), datetime.date(2027, 6, 1)]))
    return str(
        draw(
            st.sampled_from(
                [
                    f"demand {offer.material}={factor}",
                    f"price {offer.offer}={factor}",
                    f"price {offer.stage}/{offer.material}={factor}",
                    f"capacity {offer.offer}={factor}",
                    f"capacity {offer.company}=0",
                    f"price {offer.offer}@{at}={factor}",
                    f"capacity {offer.offer}@{at}={draw(st.sampled_from(['0', '-30%', 'x2']))}",
                    f"capacity {offer.company}@{offer.country}@{at}=0",
                    f"minimum-take {offer.offer}@{at}=5",
                    *([f"lane {offer.offer}/*@{at}=20", f"freight {offer.offer}/*@{at}=+3"] if market.lanes else []),
                    f"demand {offer.material}@{at}={factor}",
                    f"ban {scope}{who}@{at}",
                    f"cap {scope}{who}@{at}={level}",
                    f"cap {scope}{who}={level}",
                    f"cap {scope}{who}={draw(st.sampled_from(['+5pp', '-10%', 'x1.5']))}",
                    f"ban {scope}{who}",
                    f"duty {scope}{offer.country}={draw(st.sampled_from(['+25%', '10%', 'x2']))}",
                    f"set offers.{offer.offer}.fixed_cost=+50",
                    f"set offers.{offer.offer}.opening_cost=+50",
                    f"set offers.{offer.offer}.ramp_up=25%; 50%",
                    *([f"set commitments.{agreed.offer}/{agreed.period}.quantity=+5"] if agreed else []),
                    f"set materials.{offer.material}.shortage_cost={draw(st.sampled_from(['', '90', '30']))}",
                    f"drop {limit}",
                    f"set limits.{limit}.per=horizon",
                    f"as-of {day}",
                ]
            )
        )
    )


@examples(60)
@given(pairs(), st.data())
def test_solved_again_after_any_changes_it_costs_what_it_costs_from_nothing(asked: EnforcedInstance, data: Any) -> None:
    session = Session(settings_of(asked, gap=0.0))
    told: list[Any] = []
    cost(lambda: session.solve(asked))
    now = asked
    for _ in range(data.draw(st.integers(1, 5))):
        text = texts(data.draw, now)
        try:
            now = apply_changes(now, [parse(text)])
        except ChangeError:
            continue
        again = cost(lambda: session.solve(now, told.append))  # noqa: B023 (called at once)
        assert again == pytest.approx(as_one(now), **SAME), text
        rounding = 1e-6 * min(abs(again), 1e9) + 1e-6
        for interval in told:  # it is told again as it narrows
            assert interval.bound <= again + rounding
            assert again <= interval.cost + rounding
        told.clear()
        now = data.draw(st.sampled_from([now, asked]))


@examples(60)
@given(pairs(), st.sampled_from([0.5, 0.9, 0.99]))
def test_prices_on_a_budget_bound_the_cost_from_below_and_lead_to_plans_that_hold(
    asked: EnforcedInstance, part: float
) -> None:
    free = asked.without_limits()
    spent = cost(lambda: solve(free, settings_of(free, gap=0.0)))
    assume(math.isfinite(spent) and spent > 0)
    budget = {"kind": "budget_cap", "name": "budget", "costs": ["purchases"], "max_cost": part * spent, "hard": True}
    coupled = edited(free, lambda record: record.update(limits=[budget]))
    program, least = Program(coupled), as_one(coupled)
    relaxed = partial(relax, program.matrix, Deadline())
    for priced in Decomposition(gap=0.0).solve(program.matrix, program.coupling_rows, relaxed, Deadline()):
        assert priced.bound <= least + 1e-6 * min(abs(least), 1e9) + 1e-6
        if priced.values is not None:
            assert holds(program.matrix, priced.values)
            assert float(program.matrix.cost @ priced.values) >= least - 1e-6 * abs(least) - 1e-6


@examples(60)
@given(pairs(), st.data())
def test_a_program_changed_in_its_numbers_is_the_one_that_is_built(asked: EnforcedInstance, data: Any) -> None:
    budget = {"kind": "budget_cap", "name": "budget", "costs": ["purchases", "fixed"], "max_cost": 900, "hard": True}
    whole = edited(asked, lambda record: record["limits"].append(budget))
    offer = data.draw(st.sampled_from(whole.market.offers))
    last = whole.market.periods[-1].name
    what = data.draw(
        st.sampled_from(
            [f"price {offer.offer}=+7", f"price {offer.offer}@{last}=x1.7", f"demand {offer.material}=+10%"]
        )
    )
    (before,), (after,) = parts(whole), parts(apply_changes(whole, [parse(what)]))
    put, built = update_data(Program(before), after), Program(after)
    assume(put is not None)
    assert put is not None
    assert (put.column_names, put.row_names) == (built.column_names, built.row_names)
    for name in ("cost", "lower", "upper", "integer", "row_lower", "row_upper"):
        assert getattr(put.matrix, name).tolist() == getattr(built.matrix, name).tolist(), name
    assert put.matrix.A.indices.tolist() == built.matrix.A.indices.tolist()
    assert put.matrix.A.data == pytest.approx(built.matrix.A.data, rel=1e-12)

"""Limits on awards, suppliers and time in random markets: by trying every choice, by parts, and from loose to tight."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.formulation.components import parts
from optimizer.errors import NoPlan
from optimizer.programs.program import Program
from optimizer.results.solution import settings_of
from optimizer.solve import solve
from optimizer.solver.mixed_integer import minimise
from tests.examples import examples
from tests.laws.markets import COUNTRIES, edited, instances, tens
from tests.laws.oracle_awards import OracleOfAwards
from tests.laws.test_parts import pairs

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.instance import Instance

Draw = Any
Tables = dict[str, Any]

NEAR: Any = {"rel": 1e-5, "abs": 1e-5}
"""At the step of an all-units price the program stays a millionth away."""
KINDS = (
    "split_award",
    "dual_source",
    "consistent_award",
    "requires",
    "at_most_of",
    "change_cap",
    "moved_cap",
    "lock",
    "ramp_cap",
    "cover_floor",
)
MOST_COMBINATIONS = 64
COUNTED = (("company", None), ("offer", None), ("country", "place"), ("country", "control"))


def cost(asked: Instance) -> float:
    """Return the cost of the audited plan at gap 0, infinite when there is none."""
    try:
        solution = solve(asked, settings_of(asked, gap=0.0))
    except NoPlan:
        return math.inf
    assert solution.proven
    return float(solution.cost)


def _asked(draw: Draw, market: Tables, kind: str, name: str) -> Tables:
    """Return a limit at a level that binds in some markets and leaves a plan in most; give the market what it needs."""
    strictness = draw(st.sampled_from([{"hard": True}, {"hard": True}, {"penalty": 4}]))
    limit: Tables = {"kind": kind, "name": name} | strictness
    if kind in {"requires", "at_most_of"}:
        return limit | _offers(draw, market, kind)
    if kind == "cover_floor":
        return limit | _kept(draw, market)
    limit["stages"] = [draw(st.sampled_from(["mined", "refined", "refined"]))]
    limit["per"] = "period" if kind == "ramp_cap" else draw(st.sampled_from(["period", "horizon"]))
    here = [offer for offer in market["offers"] if offer["stage"] == limit["stages"][0]]
    match kind:
        case "lock":
            return limit | _earlier(draw, market, here)
        case "ramp_cap":
            assume(len(market["periods"]) > 1)
            country = {"country": draw(st.sampled_from(COUNTRIES))} | draw(
                st.sampled_from([PLACE, {"basis": "control"}])
            )
            limit |= draw(st.sampled_from([country, {"each": "company"}, {"offer": here[0]["offer"]}]))
            return limit | {"max_change": draw(st.sampled_from([0, 0.1, 0.3]))}
        case "change_cap" | "moved_cap":
            return limit | _incumbents(draw, kind, here)
    return limit | _sources(draw, market, kind)


PLACE = {"basis": "place"}


def _offers(draw: Draw, market: Tables, kind: str) -> Tables:
    names = draw(st.permutations([offer["offer"] for offer in market["offers"]]))
    when = {"periods": draw(st.sampled_from([None, [market["periods"][0]["name"]]]))}
    if kind == "at_most_of":
        return when | {"offers": names[:3], "max_offers": draw(st.integers(1, 2))}
    needs = {"offer": names[0], "needs": names[1:3], "min_needed": draw(st.integers(1, 2))}
    return when | needs | {"counts_from": draw(st.sampled_from([0.1, 0.4]))}


def _kept(draw: Draw, market: Tables) -> Tables:
    rooms = {(row["site"], row["material"]) for row in market["stock"]}
    needing = {(row["site"], row["material"]) for row in market["demand"]}
    market["stock"] += [{"site": s, "material": m, "capacity": 60} for s, m in sorted(needing - rooms)]
    return {"group": draw(st.sampled_from(["each", "total"])), "min_days": draw(tens(3, 12))}


def _earlier(draw: Draw, market: Tables, here: list[Tables]) -> Tables:
    for offer in draw(st.permutations(here))[:2]:
        row = {"offer": offer["offer"], "period": draw(st.sampled_from(market["periods"]))["name"]}
        others = [other for other in market["earlier"] if other["offer"] != offer["offer"]]
        market["earlier"] = [*others, row | {"quantity": draw(tens(1, 3))}]
    return {"min_share": draw(st.sampled_from([0.5, 1]))}


def _incumbents(draw: Draw, kind: str, here: list[Tables]) -> Tables:
    free = [o for o in here if not (o["opening_cost"] or o["qualification"] or o["switching_cost"])]
    for offer in draw(st.permutations(free))[:2]:
        offer["incumbent_quantity"] = draw(tens(2, 4))
    assume(any(offer["incumbent_quantity"] for offer in here))
    if kind == "moved_cap":
        return {"max_share": draw(st.sampled_from([0.2, 0.3, 0.5]))}
    many = {"group": draw(st.sampled_from(["each", "total"])), "kept_from": draw(st.sampled_from([0.5, 1]))}
    return many | {"max_changes": draw(st.integers(0, 2))}


def _sources(draw: Draw, market: Tables, kind: str) -> Tables:
    counted = dict(zip(("count", "basis"), draw(st.sampled_from(COUNTED)), strict=True))
    share = draw(st.sampled_from([0.2, 0.3, 0.5]))
    match kind:
        case "split_award":
            return counted | {"min_share": share}
        case "dual_source":
            return counted | {"max_share": draw(st.sampled_from([0.5, 0.7, 0.9])), "counts_from": share}
    over = "periods" if len(market["periods"]) > 1 and draw(st.booleans()) else "sites"
    assume(over == "periods" or len(market["sites"]) > 1)
    where = PER_PERIOD if over == "periods" else {"stages": ["refined"]}
    return counted | {"over": over, "max_difference": draw(st.sampled_from([0, 0.2]))} | where


PER_PERIOD = {"per": "period"}


def with_awards(draw: Draw, asked: Instance, *kinds: str) -> EnforcedInstance:
    def edit(record: Tables) -> None:
        record["limits"] += [_asked(draw, record["market"], kind, f"award{i}") for i, kind in enumerate(kinds)]

    return edited(asked, edit)


@pytest.mark.parametrize("kind", KINDS)
@examples(40)
@given(instances(kinds=("share_cap", "budget_cap")), st.data())
def test_the_optimum_is_the_least_over_all_choices(kind: str, plain: EnforcedInstance, data: Any) -> None:
    asked = with_awards(data.draw, plain, kind, *data.draw(st.lists(st.sampled_from(KINDS), max_size=1)))
    oracle = OracleOfAwards(asked)
    assume(oracle.combinations <= MOST_COMBINATIONS)
    assert cost(asked) == pytest.approx(oracle.least_cost(), **NEAR)


@pytest.mark.parametrize("kind", KINDS)
@examples(6)
@given(pairs(), st.data())
def test_parts_solved_apart_cost_what_the_whole_costs_as_one_program(
    kind: str, plain: EnforcedInstance, data: Any
) -> None:
    asked = with_awards(data.draw, plain.without_limits(), kind)
    outcome = minimise(Program(asked).matrix, gap=0.0)
    whole = math.inf if outcome.verdict == "infeasible" else outcome.objective
    assert cost(asked) == pytest.approx(whole, rel=1e-6, abs=1e-6)
    named = kind in {"requires", "at_most_of"} or getattr(asked.limits[0], "group", "each") == "total"
    assert len(parts(asked)) == 2 or named or asked.market.lanes


@pytest.mark.parametrize("kind", KINDS)
@examples(8)
@given(instances(kinds=()), st.data())
def test_tightening_a_limit_on_awards_never_lowers_the_cost(kind: str, plain: EnforcedInstance, data: Any) -> None:
    asked = with_awards(data.draw, plain, kind)
    (limit,) = asked.limits
    up = limit.SENSE == "at least"
    level = limit.level + (1 if up else -1) if limit.UNIT == "count" else limit.level * (1.2 if up else 0.7)
    level = min(max(level, 0), 1.0) if limit.UNIT == "share" else max(level, 0)
    tighter = edited(asked, lambda record: record["limits"][0].update({limit.LEVEL: level}))
    assert cost(tighter) >= cost(asked) * (1 - 1e-5) - 1e-5

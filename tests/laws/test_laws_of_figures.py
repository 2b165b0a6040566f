"""Limits on figures in random markets: the optimum by trying every choice, by parts, and from loose to tight."""

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
from tests.laws.oracle_figures import OracleOfFigures
from tests.laws.test_parts import pairs

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.instance import Instance

Draw = Any
Tables = dict[str, Any]

NEAR: Any = {"rel": 1e-5, "abs": 1e-5}
"""At the step of an all-units price the program stays a millionth away."""
KINDS = ("average_cap", "average_floor", "total_cap", "value_ratio_floor", "quota", "dependence_cap", "content_cap")
MOST_COMBINATIONS = 32


def cost(asked: Instance) -> float:
    """Return the cost of the audited plan at gap 0, infinite when there is none."""
    try:
        solution = solve(asked, settings_of(asked, gap=0.0))
    except NoPlan:
        return math.inf
    assert solution.proven
    return float(solution.cost)


def _asked(draw: Draw, market: Tables, kind: str, name: str) -> Tables:
    """Return a limit at a level that binds in some markets and leaves a plan in most."""
    strictness = draw(st.sampled_from([{"hard": True}, {"hard": True}, {"penalty": 2}]))
    limit: Tables = {"kind": kind, "name": name, "per": draw(st.sampled_from(["period", "horizon"]))} | strictness
    limit["stages"] = draw(st.sampled_from([None, ["mined"], ["refined"]]))
    company = draw(st.sampled_from(market["offers"]))["company"]
    country = st.sampled_from(COUNTRIES)
    group = {"attribute": "co2", "group": draw(st.sampled_from(["each", "total"]))}
    match kind:
        case "average_cap":
            return limit | group | {"max_average": draw(st.sampled_from([3, 4, 5.5, 7]))}
        case "average_floor":
            return limit | group | {"min_average": draw(st.sampled_from([2, 3, 4.5]))}
        case "total_cap":
            return limit | group | {"max_total": draw(tens(10, 90))}
        case "quota":
            held = draw(st.sampled_from([0, 10]))
            to = draw(st.sampled_from([None, None, *COUNTRIES]))
            limit |= {"country": draw(country), "committed": held, "to_country": to}
            return limit | {"max_quantity": draw(tens(1, 5))}
        case "dependence_cap":
            whose = draw(st.sampled_from([{"each": "company"}, {"each": "offer"}, {"company": company}]))
            limit |= whose
            return limit | {"max_share": draw(st.sampled_from([0.2, 0.5, 0.75]))}
        case "content_cap":
            basis = {"basis": draw(st.sampled_from(["place", "control"]))}
            limit |= draw(
                st.sampled_from([basis | {"each": "country"}, basis | {"country": "CN"}, {"company": company}])
            )
            limit |= {"by": draw(st.sampled_from(["mass", "value"]))}
            limit |= {"undisclosed": draw(st.sampled_from(["counts", "apart"]))}
            return limit | {"max_share": draw(st.sampled_from([0.3, 0.5, 0.75]))}
    owned = draw(st.sampled_from([{"from_share": 0.5}, {"together_from": 0.6}]))
    owned |= {"undisclosed": draw(st.sampled_from(["counts", "apart"]))}
    basis = draw(st.sampled_from(["place", "control", "either"]))
    bloc = {"bloc": "covered", "basis": basis} | (owned if basis != "place" else {})
    whom = draw(st.sampled_from([bloc, bloc, {"companies": [company]}, bloc | {"companies": [company]}]))
    limit |= whom
    return limit | {"group": group["group"], "min_share": draw(st.sampled_from([0.4, 0.6, 0.8]))}


def _make_products(draw: Draw, market: Tables) -> None:
    """Let a site make two products that share what they hold."""
    amounts, names = st.sampled_from([0, 1, 2]), ["cell", "pack"]
    site = market["sites"][0]["site"]
    market["products"] = [
        {"product": name, "site": site, "period": period["name"], "quantity": draw(amounts)}
        for name in names
        for period in market["periods"]
    ]
    market["bill_of_materials"] = [
        {"product": name, "material": material["material"], "quantity": draw(st.sampled_from([1, 4]))}
        | {"value": draw(st.sampled_from([1, 3])), "scrap": draw(st.sampled_from([0, 0.5]))}
        for name in names
        for material in market["materials"]
    ]


def with_figures(draw: Draw, asked: Instance, *kinds: str) -> EnforcedInstance:
    """Return an instance of which every offer states its co2, with limits on figures."""

    def edit(record: Tables) -> None:
        market = record["market"]
        market["attributes"], market["blocs"] = ["co2"], {"covered": draw(st.sampled_from([["CN"], ["CN", "ID"]]))}
        for offer in market["offers"]:
            offer["attributes"] = {"co2": draw(st.integers(0, 9))}
        if "content_cap" in kinds:
            _make_products(draw, market)
        record["limits"] += [_asked(draw, market, kind, f"figure{i}") for i, kind in enumerate(kinds)]

    return edited(asked, edit)


@pytest.mark.parametrize("kind", KINDS)
@examples(40)
@given(instances(kinds=("share_cap", "budget_cap")), st.data())
def test_the_optimum_is_the_least_over_all_choices(kind: str, plain: EnforcedInstance, data: Any) -> None:
    asked = with_figures(data.draw, plain, kind, *data.draw(st.lists(st.sampled_from(KINDS), max_size=1)))
    oracle = OracleOfFigures(asked)
    assume(oracle.combinations <= MOST_COMBINATIONS)
    assert cost(asked) == pytest.approx(oracle.least_cost(), **NEAR)


@pytest.mark.parametrize("kind", KINDS)
@examples(6)
@given(pairs(), st.data())
def test_parts_solved_apart_cost_what_the_whole_costs_as_one_program(
    kind: str, plain: EnforcedInstance, data: Any
) -> None:
    asked = with_figures(data.draw, plain.without_limits(), kind)
    outcome = minimise(Program(asked).matrix, gap=0.0)
    whole = math.inf if outcome.verdict == "infeasible" else outcome.objective
    assert cost(asked) == pytest.approx(whole, rel=1e-6, abs=1e-6)
    assert len(parts(asked)) == 1 or getattr(asked.limits[0], "group", "each") == "each"


@pytest.mark.parametrize("kind", KINDS)
@examples(8)
@given(instances(kinds=()), st.data())
def test_tightening_a_limit_on_figures_never_lowers_the_cost(kind: str, plain: EnforcedInstance, data: Any) -> None:
    asked = with_figures(data.draw, plain, kind)
    (limit,) = asked.limits
    level = limit.level * (0.7 if limit.SENSE == "at most" else 1.2)
    tighter = edited(asked, lambda record: record["limits"][0].update({limit.LEVEL: level}))
    assert cost(tighter) >= cost(asked) * (1 - 1e-5) - 1e-5

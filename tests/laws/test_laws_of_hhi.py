"""Caps on the HHI in random markets: the optimum by trying every choice, by parts, and from level to level."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.formulation.components import parts
from optimizer.programs.program import Program
from optimizer.results.solution import settings_of
from optimizer.session import Session
from optimizer.solver.outer_approximation import minimise as outer_approximation
from optimizer.solver.outer_approximation.minimise import minimise
from tests.examples import examples
from tests.laws.markets import COUNTRIES, edited, instances
from tests.laws.oracle_hhi import OracleOfHhi
from tests.laws.test_laws_of_figures import cost
from tests.laws.test_parts import pairs

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.instance import Instance

Draw = Any
Tables = dict[str, Any]

NEAR: Any = {"rel": 1e-6, "abs": 1e-6}
_COUNTED = ({"count": "company"}, {"count": "country", "basis": "place"}, {"count": "country", "basis": "control"})
MOST_COMBINATIONS = 16


def _asked(draw: Draw, name: str) -> Tables:
    """Return a cap that binds in some markets and leaves a plan in most."""
    limit: Tables = {"kind": "hhi_cap", "name": name, "per": draw(st.sampled_from(["period", "horizon"]))}
    limit |= draw(st.sampled_from(_COUNTED)) | draw(st.sampled_from([{"hard": True}, {"hard": True}, {"penalty": 7}]))
    limit["stages"] = [draw(st.sampled_from(["mined", "refined", "refined"]))]
    limit["of"] = draw(st.sampled_from(["supply", "demand"]))
    limit["undisclosed"] = draw(st.sampled_from(["counts", "apart"]))
    if limit["count"] == "country" and draw(st.booleans()):
        return limit | {"weight": "risk", "max_hhi": draw(st.sampled_from([1.2, 2, 3.5]))}
    # none that equal shares of two or three only just hold: there a cost moves by the root of a rounding
    return limit | {"max_hhi": draw(st.sampled_from([0.4, 0.52, 0.6, 0.8]))}


def capped(draw: Draw, asked: Instance, number: int) -> EnforcedInstance:
    """Return an instance whose countries have risks, with some caps on the HHI."""

    def edit(record: Tables) -> None:
        risks = zip((*COUNTRIES, "ZZ"), (2, 5, 3.5, 6), strict=True)
        record["market"]["countries"] = [{"country": country, "risk": risk} for country, risk in risks]
        record["limits"] += [_asked(draw, f"hhi{i}") for i in range(number)]

    return edited(asked, edit)


@examples(60)
@given(instances(kinds=("share_floor", "least_sources")), st.data())
def test_with_a_cap_on_the_hhi_the_optimum_is_the_least_cost_over_every_choice(
    plain: EnforcedInstance, data: Any
) -> None:
    asked = capped(data.draw, plain, data.draw(st.integers(1, 2)))
    oracle = OracleOfHhi(asked)
    assume(oracle.combinations <= MOST_COMBINATIONS)
    # nodes of our own tree: as many as it takes, some, or none, so that branch and bound on tangents goes on
    with patch.object(outer_approximation, "_NODES", data.draw(st.sampled_from([40, 3, 0]))):
        assert cost(asked) == pytest.approx(oracle.least_cost(), **NEAR)


@examples(20)
@given(pairs(), st.data())
def test_parts_with_caps_on_the_hhi_cost_what_one_program_costs(plain: EnforcedInstance, data: Any) -> None:
    asked = capped(data.draw, plain, 1)
    assert len(parts(asked)) == len(parts(plain)), "it holds for each material by itself"
    outcome = minimise(Program(asked).matrix, gap=0.0)
    assert cost(asked) == pytest.approx(math.inf if outcome.verdict == "infeasible" else outcome.objective, **NEAR)


@examples(20)
@given(instances(kinds=("share_cap",)), st.data())
def test_a_study_that_moves_the_level_finds_what_a_new_one_finds(plain: EnforcedInstance, data: Any) -> None:
    asked = capped(data.draw, plain, 1)
    session = Session(settings_of(asked, gap=0.0))
    before = {}
    for factor in data.draw(st.permutations([1.0, 0.9, 0.8, 0.97])):
        cap = asked.limits[-1]
        there = asked.model_copy(
            update={"limits": (*asked.limits[:-1], cap.model_copy(update={"max_hhi": cap.level * factor}))}
        )
        before[factor] = cost_of(session, there)
        assert before[factor] == pytest.approx(cost(there), **NEAR)
    loose_to_tight = [before[factor] for factor in sorted(before, reverse=True)]
    assert loose_to_tight == pytest.approx(sorted(loose_to_tight), **NEAR)


def cost_of(session: Session, asked: Instance) -> float:
    from optimizer.errors import NoPlan

    try:
        return session.solve(asked).cost
    except NoPlan:
        return math.inf

"""The sentence that stands in every answer: what stays covered when a country stops."""

from __future__ import annotations

from typing import Any

import pytest

from models.market import Demand, Material, Owner, ShortNotice
from optimizer.best_plan import best_plan
from optimizer.report.survival import describe_survival
from optimizer.results.solution import settings_of
from optimizer.results.survival import Survival, survival_in
from optimizer.stress import survival as engine
from tests.blocks.markets import ORE, instance, offer

BOTH = [offer("north", 10, 40), offer("south", 11, 400)]
NEED = {"q1": 20.0, "q2": 20.0, "q3": 20.0}
QUARTERS = dict.fromkeys(NEED, 0.25)


def said(owners: list[tuple[str, str, float]], **more: Any) -> str:
    asked = instance(
        more.pop("offers", BOTH),
        NEED,
        years=dict(QUARTERS),
        shortage_cost=100,
        owners=[Owner(company=company, country=country, share=share) for company, country, share in owners],
        **more,
    )
    found = best_plan(asked, settings_of(asked)).survival
    assert found is not None
    assert survival_in(found.as_data()) == found
    return describe_survival(found)


def test_it_says_the_worst_country_for_half_a_year_in_the_words_of_the_periods() -> None:
    sure = [("north", "CN", 1.0), ("south", "AU", 1.0)]
    worst = "for two quarters from any period, 50% of ore, the worst-off material, stays covered until goods ordered"
    told = said(sure)
    assert worst in told
    assert "by stock and what was planned only" in told
    told = said(sure, response=ShortNotice(surge=0.2, surge_premium=0.5))  # north has no capacity left to give it from
    assert told.startswith(f"Without what Australia controls, {worst}")
    assert "(without China, which controls most of it, 60%)" in told
    assert "only" not in told


def test_what_nobody_is_known_to_own_is_told_and_without_any_owner_nothing_is_tested() -> None:
    told = said([("north", "CN", 1.0), ("south", "AU", 0.5)])
    assert told.startswith("Without what China controls, for two quarters from any period, 50% of ore")
    assert told.endswith("; who controls 100% of ore at one stage is not disclosed, and counts as kept.")  # mined
    assert said([]) == "What stays covered when a country stops is not tested: no owner is disclosed."


def test_what_nobody_is_known_to_own_is_told_of_the_worst_off_material_alone() -> None:
    told = said(
        [("north", "CN", 1.0), ("south", "AU", 1.0)],
        offers=[*BOTH, offer("hidden", 9, material="tin")],
        materials=[Material(material=name, stages="refined", basis="t", shortage_cost=100) for name in (ORE, "tin")],
        demand=[Demand(site="plant", material=m, period=q, quantity=20) for m in (ORE, "tin") for q in NEED],
    )
    assert "50% of ore, the worst-off material, stays covered" in told
    assert "disclosed" not in told


def test_too_many_programs_and_faults_cost_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    untested = "What stays covered when a country stops is not tested: lodeplan stress."
    owners = [("north", "CN", 1.0)]
    monkeypatch.setattr(engine, "MOST", 0)
    assert said(owners) == untested
    monkeypatch.undo()
    monkeypatch.setattr(engine, "survival_of", lambda _: 1 / 0)
    assert said(owners) == untested


def test_a_stated_survival_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="covered"):
        survival_in(Survival().as_data() | {"covered": "all"})
    with pytest.raises(KeyError):
        survival_in({"who": "CN"})
    assert survival_in(None) is None

"""Hazards as scenarios: which strikes first, in which period and way, with which probability."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Any

import pytest

from models.enforcement import EnforcedInstance, prepare
from models.market import Hazard, Shock, StatedScenario
from models.scenarios import Draws, ScenarioError, chance_of_several, draw_scenarios, list_scenarios
from models.scenarios.hazards import list_hazard_events
from optimizer.base.open_runner import open_runner
from optimizer.best_plan import best_plan
from optimizer.results.solution import settings_of
from optimizer.work.runner import TaskRunner
from tests.blocks.markets import offer
from tests.scenarios.test_scenarios import QUARTERS, asked

if TYPE_CHECKING:
    from pathlib import Path


def hazard(what: str = "capacity near", value: str | None = "0", chance: float = 0.1, **more: Any) -> Hazard:
    return Hazard(**({"hazard": "near stops", "what": what, "value": value, "chance": chance} | more))


def hazards(*rows: Hazard, **more: Any) -> EnforcedInstance:
    return asked(**({"scenarios": [], "shocks": [], "hazards": list(rows)} | more))


def test_a_hazard_strikes_first_in_each_period_with_its_exact_weight() -> None:
    found = list_scenarios(hazards(hazard(lasts=1)))
    assert [one.name for one in found] == [f"near stops in {period} for 1 quarter" for period in QUARTERS]
    # That it has not struck before, and strikes within a quarter: 0.9 ** 0.25 is that it does not.
    quiet = 0.9**0.25
    assert [one.probability for one in found] == pytest.approx([quiet**n * (1 - quiet) for n in range(4)])
    assert [one.losses for one in found] == [{("near", period): 1.0} for period in QUARTERS]
    assert [one.begins for one in found] == [0, 1, 2, 3]


def test_of_two_hazards_that_is_counted_which_strikes_first() -> None:
    both = hazards(hazard(lasts=1), hazard("capacity far", hazard="far stops", chance=0.3, lasts=1))
    found = list_scenarios(both)
    assert sum(one.probability for one in found) == pytest.approx(1 - 0.9 * 0.7)
    near = sum(one.probability for one in found if one.name.startswith("near"))
    assert near == pytest.approx((1 - 0.63) * log(0.9) / log(0.63))
    expected = -log(0.63)
    assert chance_of_several(both.market) == pytest.approx(1 - exp(-expected) * (1 + expected))


def test_ways_that_hit_the_same_are_one_scenario() -> None:
    one = list_scenarios(hazards(hazard(lasts=1), hazard(lasts=3), hazard(lasts=8)))
    assert [s.name for s in one if s.begins == 3] == ["near stops in q4 for 1 quarter"]
    assert len(one) == 3 + 3 + 2 + 1 - 1  # three ways, of which those that the horizon cuts are one
    by_other_words = hazards(hazard(lasts=1), hazard("capacity near@AU", hazard="a strike", lasts=1))
    found = list_scenarios(by_other_words)
    assert found[0].name == "a strike in q1 for 1 quarter and near stops in q1 for 1 quarter"
    assert sum(s.probability for s in found) == pytest.approx(1 - 0.81)


def test_what_hits_nothing_is_the_calm() -> None:
    late = [offer("near", 10, 400, from_period="q3"), offer("far", 20)]
    found = list_scenarios(hazards(hazard(lasts=1), offers=late))
    assert [one.begins for one in found] == [2, 3]
    assert list_scenarios(hazards(hazard("price near", "x1"))) == ()
    assert list_scenarios(hazards(hazard(chance=0))) == ()


def test_named_scenarios_leave_the_rest_to_hazards() -> None:
    named = {
        "scenarios": [StatedScenario(scenario="s", probability=0.4, begins="q2")],
        "shocks": [Shock(scenario="s", what="price near", value="x2")],
    }
    found = list_scenarios(hazards(hazard(lasts=1), **named))
    assert sum(one.probability for one in found) == pytest.approx(0.4 + 0.6 * 0.1)
    assert chance_of_several(hazards(hazard(), **named).market) == pytest.approx(
        0.4 * 0.1 + 0.6 * (1 - 0.9 * (1 - log(0.9)))
    )


def test_two_halves_of_a_hazard_are_as_likely_as_it_is() -> None:
    rate = 1 - 0.9**0.5
    halves = hazards(hazard(chance=rate, lasts=1), hazard(chance=rate, lasts=1, hazard="other half"))
    whole = list_scenarios(hazards(hazard(lasts=1)))
    assert [one.probability for one in list_scenarios(halves)] == pytest.approx([one.probability for one in whole])


def test_draws_keep_the_weight_of_each_hazard_in_each_period() -> None:
    ways = [hazard(value=f"x{1 - number / 100:g}", chance=0.001 * number, lasts=1) for number in range(1, 60)]
    many = hazards(*ways, hazard("capacity far", hazard="far stops", chance=0.05, lasts=2))
    exact, drawn = list_scenarios(many), draw_scenarios(many, samples=40, seed=3)
    assert len(drawn) < len(exact) / 4
    for begins in range(4):
        for who in ("near", "far"):
            weights = [
                sum(one.probability for one in some if one.begins == begins and one.name.startswith(who))
                for some in (exact, drawn)
            ]
            assert weights[0] == pytest.approx(weights[1])
    assert drawn == draw_scenarios(many, samples=40, seed=3)
    assert [one.name for one in drawn] != [one.name for one in draw_scenarios(many, samples=40, seed=4)]
    assert draw_scenarios(many, samples=10_000) == exact


def test_a_journal_tells_plans_for_other_draws_apart(tmp_path: Path) -> None:
    many = hazards(*(hazard(value=f"x0.{number}", chance=0.02, lasts=number % 4 + 1) for number in range(1, 10)))
    settings = [settings_of(many, gap=0.0, draws=Draws(4, seed)) for seed in (3, 4)]
    alone = [best_plan(many, how, runner=TaskRunner()) for how in settings]
    assert alone[0].risk != alone[1].risk
    for how, known in zip(settings, alone, strict=True):
        with open_runner(1, journal=tmp_path / "journal") as runner:
            assert best_plan(many, how, runner=runner).risk == known.risk


def test_tables_in_which_nothing_differs_are_shared() -> None:
    many = hazards(hazard(lasts=1), hazard("demand ore", "+10%", hazard="boom"))
    calm = prepare(many)
    for one in list_scenarios(many):
        assert one.market.offers is calm.offers
        assert (one.market.demand is calm.demand) == one.name.startswith("near")
    assert len(list_hazard_events(many.market)) == 8


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (hazard("capacity nere"), "hazards[0] what: 'nere' is no offer, company or material (did you mean near?)"),
        (hazard("capacity near@q1@q2"), "hazards[0] what: no period is @q1 and @q2 at once; write one change for each"),
        (hazard("price near", "-10.5"), "hazards[0] what: the price of near in q4: -0.5 is below zero"),
        (hazard("ban CN", None), "hazards[0] what: ban is a limit, and limits hold for the plan"),
    ],
)
def test_a_hazard_that_cannot_strike_is_told(row: Hazard, expected: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        list_scenarios(hazards(row))
    assert raised.value.problems[0].startswith(expected)


def test_a_hazard_that_hits_what_is_never_there_is_told() -> None:
    late = [offer("near", 10, 400, from_period="q3"), offer("far", 20)]
    with pytest.raises(ScenarioError, match="q1 is named, and it happens in q4 alone"):
        list_scenarios(hazards(hazard("price near@q1", "x2"), offers=late))

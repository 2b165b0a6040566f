"""Scenarios resolved: the market from their beginning on, and what is lost of what was ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from models.changes import apply_changes, parse
from models.enforcement import EnforcedInstance, enforce, prepare
from models.market import TABLES, Control, Corridor, Duty, Lane, Shock, ShortNotice, StatedScenario
from models.scenarios import Scenario, ScenarioError, list_scenarios, scenario_problems
from tests.blocks.markets import instance, offer
from tests.cli.command import bundled

if TYPE_CHECKING:
    from models.market import Market

QUARTERS = {"q1": 100.0, "q2": 100.0, "q3": 100.0, "q4": 100.0}
LENGTHS = {"years": dict.fromkeys(QUARTERS, 0.25), "start": "2027-01-01", "as_of": "2026-12-01"}


def asked(*shocks: tuple[Any, ...], begins: str = "q2", probability: float = 0.1, **more: Any) -> EnforcedInstance:
    """Return four quarters with one scenario; a shock is what, value, periods that it lasts and what it is a cut of."""
    rows = [dict(zip(("what", "value", "lasts", "of"), shock, strict=False)) for shock in shocks]
    facts: dict[str, Any] = {
        "response": ShortNotice(surge=0.1),
        "lanes": [Lane(origin="near", destination="plant", freight=1), Lane(origin="far", destination="plant")],
        "scenarios": [StatedScenario(scenario="s", probability=probability, begins=begins)],
        "shocks": [Shock(scenario="s", **row) for row in rows],
    }
    offers = more.pop("offers", [offer("near", 10, 400), offer("far", 20, None, country="CN")])
    return instance(offers, QUARTERS, **(LENGTHS | facts | more))


def only(asked: EnforcedInstance) -> Scenario:
    (scenario,) = list_scenarios(asked)
    return scenario


def is_calm(scenario: Scenario, calm: Market) -> bool:
    """Whether a scenario changes nothing of the market without it."""
    return scenario.market is calm and not scenario.losses


def test_a_shock_holds_from_the_beginning_of_its_scenario_for_as_long_as_it_lasts() -> None:
    scenario = only(asked(("price near", "x2", 2), ("demand *", "+20%")))
    assert scenario[:3] == ("s", 0.1, 1)
    assert [scenario.market.price("near", period) for period in QUARTERS] == [10, 20, 20, 10]
    assert [scenario.market.demand_of("ore", [period]) for period in QUARTERS] == [100, 120, 120, 120]
    assert not scenario.losses


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("price *", "+10%"),
        ("capacity near", "x0.5"),
        ("capacity *@CN@place", "0"),
        ("demand ore@plant", "-20"),
        ("lane near/*", "30"),
        ("freight */plant", "+3"),
        ("duty CN", "25%"),
    ],
)
def test_a_shock_makes_what_a_change_of_these_periods_makes(what: str, value: str) -> None:
    calm = asked(scenarios=[], shocks=[])
    changed = apply_changes(calm, [parse(f"{what}@q2..q3={value}")])
    scenario = only(asked((what, value, 2)))
    for table in TABLES:
        if table not in {"scenarios", "shocks"}:
            assert getattr(scenario.market, table) == getattr(prepare(changed), table), table


def test_a_cut_of_capacity_takes_as_much_of_what_was_ordered() -> None:
    scenario = only(asked(("capacity near", "x0.4", 1), ("capacity far", "x0.5"), ("capacity near", "x0.5", 2)))
    assert [scenario.market.capacity("near", period) for period in QUARTERS] == [400, 80, 200, 400]
    assert scenario.losses == pytest.approx(
        {("near", "q2"): 0.8, ("near", "q3"): 0.5} | {("far", period): 0.5 for period in ("q2", "q3", "q4")}
    )
    gone = only(asked(("capacity *", "0", 1)))
    assert gone.losses == {("near", "q2"): 1, ("far", "q2"): 1}
    assert [gone.market.capacity("far", period) for period in ("q1", "q2")] == [float("inf"), 0]
    assert only(asked(("capacity near", "100", 1))).losses == {("near", "q2"): 0.75}
    assert not only(asked(("capacity near", "+50%", 1))).losses


def test_a_cut_of_capacity_by_name_leaves_what_was_ordered() -> None:
    scenario = only(asked(("capacity near", "x0.4", 1, "capacity")))
    assert (scenario.market.capacity("near", "q2"), scenario.losses) == (160, {("near", "q2"): 0.0})
    gone = only(asked(("capacity near", "0", 1, "capacity")))
    assert gone.losses == {("near", "q2"): 1.0}  # who has nothing to sell delivers no order


def test_what_differs_in_the_calm_already_is_changed_from_there() -> None:
    scenario = only(asked(("capacity near", "x0.5"), terms=[{"offer": "near", "period": "q3", "capacity": 100}]))
    assert [scenario.market.capacity("near", period) for period in QUARTERS] == [400, 200, 50, 200]


def test_lanes_corridors_and_duties_change_for_a_while() -> None:
    lanes = [
        Lane(origin="near", destination="plant", freight=1, corridor="cape"),
        Lane(origin="far", destination="plant"),
    ]
    corridors = [Corridor(corridor="cape", capacity=50)]
    duties = [Duty(duty="old", material="ore", stage="refined", from_country="CN", to_country="US", rate=0.1)]
    shocks = ("lane cape", "0", 1), ("freight near/plant", "x3", 2), ("duty CN", "+25%", 2)
    scenario = only(asked(*shocks, lanes=lanes, corridors=corridors, duties=duties))
    passage = scenario.market.passage
    assert [passage.freight("near", "plant", period) for period in QUARTERS] == [1, 3, 3, 1]
    assert [row.capacity for row in scenario.market.lane_terms if row.corridor] == [0]
    charged = [sum(d.rate * scenario.market.shares_of(d).get(p, 0) for d in scenario.market.duties) for p in QUARTERS]
    assert charged == pytest.approx([0.1, 0.35, 0.35, 0.1])


def test_law_is_other_law_on_the_days_in_which_it_lasts() -> None:
    names = {"material": "ore", "stage": "refined", "from_country": "CN"}
    pause = {"suspended_from": "2026-11-01", "suspended_to": "2028-11-01"}
    ban = Control(control="ban", effect="closed", **names, **pause)
    duties = [Duty(duty="old", to_country="US", rate=0.1, **names)]
    facts: dict[str, Any] = {"controls": [ban], "duties": duties}
    scenario = only(asked(("law ban", "on", 2), ("law old", "off", 1), **facts))
    market = scenario.market
    closed = [max((market.shares_of(row).get(period, 0) for row in market.controls), default=0) for period in QUARTERS]
    assert closed == [0, 1, 1, 0]
    assert [sum(d.rate * market.shares_of(d).get(p, 0) for d in market.duties) for p in QUARTERS] == [0.1, 0, 0.1, 0.1]


def test_law_that_holds_already_is_the_calm_after_a_change_and_refused_where_it_is_stated() -> None:
    """A what-if may bring about what a scenario waits for; who states such a scenario has named the wrong law."""
    names = {"material": "ore", "stage": "refined", "from_country": "CN"}
    duty = Duty(duty="old", to_country="US", rate=0.1, **names)
    stated = asked(("law old", "on", 1), duties=[duty])
    scenario = only(stated)
    assert is_calm(scenario, prepare(stated))
    (problem,) = scenario_problems(stated, as_stated=True)
    assert "law old=on changes no duty and no control; name a measure that is one" in problem.line


def test_a_case_happens_as_it_would_be_asked() -> None:
    cases = {"bad": ("price near=x2", "capacity far=0")}
    scenario = only(asked(("case bad", None, 1)).model_copy(update={"cases": cases}))
    assert [scenario.market.price("near", period) for period in QUARTERS] == [10, 20, 10, 10]
    assert scenario.losses == {("far", "q2"): 1}


def test_a_case_that_may_happen_tells_two_instances_apart() -> None:
    for shock, told_apart in (("case bad", True), ("price near", False)):
        one = asked((shock, None if told_apart else "x2"))
        digests = {one.model_copy(update={"cases": {"bad": (text,)}}).digest for text in ("price far=x2", "ban CN")}
        assert len(digests) == 1 + told_apart


def test_policies_are_looked_up_anew_for_other_law() -> None:
    quarterly = enforce(bundled("us-battery-quarterly"))
    row = StatedScenario(scenario="s", probability=0.1, begins="2027-Q3")
    shock = Shock(scenario="s", what="law fl301-china", value="off", lasts=2)

    def rates(market: Market) -> list[float]:
        charged = [duty for duty in market.duties if duty.duty == "fl301-china"]
        return [round(sum(duty.rate * market.shares_of(duty).get(p, 0) for duty in charged), 9) for p in market.years]

    calm = rates(quarterly.market)
    market = quarterly.market.model_copy(update={"scenarios": (row,), "shocks": (shock,), "hazards": ()})
    asked = EnforcedInstance(quarterly.model_copy(update={"market": market}))
    scenario = only(asked)
    assert calm[2] > 0
    assert rates(scenario.market) == [*calm[:2], 0, 0, *calm[4:]]
    assert scenario.market.offers is prepare(asked).offers


def test_what_does_not_differ_is_the_calms() -> None:
    calm = asked(("price near", "x2"))
    scenario = only(calm)
    theirs = prepare(calm)
    assert scenario.market.offers is theirs.offers
    assert scenario.market.demand is theirs.demand
    assert not is_calm(scenario, theirs)
    same = asked(("price near", "x1"), ("demand *", "x1"), ("capacity near", "400"))
    assert is_calm(only(same), prepare(same))


def test_the_order_of_rows_says_nothing() -> None:
    rows = [
        StatedScenario(scenario=name, probability=0.1, begins=begins) for name, begins in (("b", "q3"), ("a", "q3"))
    ]
    shocks = [Shock(scenario=name, what="price near", value="x2") for name in ("a", "b")]
    one, other = (asked(scenarios=some, shocks=shocks) for some in (rows, rows[::-1]))
    assert [(s.name, s.begins) for s in list_scenarios(one)] == [("a", 2), ("b", 2)]
    assert list_scenarios(one) == list_scenarios(other)
    assert list_scenarios(asked(scenarios=[], shocks=[])) == ()


REFUSED: dict[str, tuple[tuple[Any, ...], str]] = {
    "offer that is not there": (("capacity nere", "0"), "'nere' is no offer, company or material (did you mean near?)"),
    "no verb": (("capazity near", "0"), "'capazity' is no change (did you mean capacity?)"),
    "no value": (("capacity near",), "has no value; write capacity OFFERS[@WHERE][@PERIODS]=AMOUNT"),
    "limit": (("cap CN", "40%"), "cap is a limit, and limits hold for the plan; write a change of facts instead"),
    "cell": (("set offers.near.price", "3"), "set changes a cell for the whole horizon; write a change of facts"),
    "minimum take": (("minimum-take near", "3"), "minimum-take binds the plan alone"),
    "case that is not there": (("case bad",), "'bad' is no case; the instance names none"),
    "period before it": (("price near@q1", "x2"), "q1 is named, and it happens in q2, q3, q4 alone"),
    "price below zero": (("price near", "-20"), "the price of near in q2: -10 is below zero"),
    "of what is no capacity": (("demand *", "x2", 1, "capacity"), "only a change of capacity leaves orders or not"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_shock_that_cannot_be_is_told(case: str) -> None:
    shock, expected = REFUSED[case]
    with pytest.raises(ValueError, match=r"shocks\[0\]") as raised:
        list_scenarios(asked(shock))
    assert expected in str(raised.value)


def test_scenarios_ask_what_suppliers_give_at_short_notice() -> None:
    with pytest.raises(ScenarioError, match=r"response: is missing, and scenarios ask"):
        list_scenarios(asked(("price near", "x2"), response=None))
    own = [offer("near", 10, 400, surge=0.1), offer("far", 20, None, surge=0)]
    assert list_scenarios(asked(("price near", "x2"), response=None, offers=own))
    assert list_scenarios(asked(("price near", "x2"), response=None, probability=0))

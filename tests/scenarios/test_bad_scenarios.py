"""What is wrong with scenarios and hazards of a file is one sentence with its place; what may mislead is noted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from models.changes import apply_changes, parse
from models.enforcement import enforce
from models.instance import Risk
from models.market import Hazard, Shock, ShortNotice, StatedScenario
from models.scenarios import list_scenarios, scenario_problems
from optimizer.errors import InputError
from optimizer.files.bundle import copy
from optimizer.load import load
from optimizer.notes import list_notes
from optimizer.requests import change_instance
from tests.blocks.markets import offer
from tests.scenarios.test_scenarios import asked

if TYPE_CHECKING:
    from pathlib import Path

SPOILT: dict[str, tuple[str, str, str, list[str]]] = {
    "probability of more than 1": (
        "scenarios.csv", ",0,2028", ",1.2,2028",
        ["scenarios.csv:2 probability: 1.2 is not a share; write one from 0 to 1, or from 0% to 100%"],
    ),
    "probabilities of more than 1 in sum": (
        "scenarios.csv", "drought,0,2028", "drought,70%,2027\nflood,0.4,2028\nstorm,0.1,2028",
        [
            "scenarios.csv:3 probability: with this one, probabilities are 1.1 in sum, and scenarios exclude ",
            "scenarios.csv:3 scenario: nothing happens in 'flood'; add a row of it to shocks, or remove it",
            "scenarios.csv:4 scenario: nothing happens in 'storm'; add a row of it to shocks, or remove it",
        ],
    ),
    "begins after the horizon": (
        "scenarios.csv", ",0,2028", ",0,2031",
        ["scenarios.csv:2 begins: '2031' is not among the periods; add it there or use one of them: 2027, 2028"],
    ),
    "scenario twice": (
        "scenarios.csv", "drought,0,2028", "drought,0,2028\ndrought,0,2027",
        ["scenarios.csv:3 scenario: drought stands there twice; keep one of the two rows"],
    ),
    "scenario called as none is": (
        "scenarios.csv", "drought,0,2028", "drought,0,2028\ncalm,0,2028",
        [
            "scenarios.csv:3 scenario: 'calm' is what a plan calls the case in which nothing happens; take another ",
            "scenarios.csv:3 scenario: nothing happens in 'calm'; add a row of it to shocks, or remove it",
        ],
    ),
    "shock of no scenario": (
        "shocks.csv", "drought,demand", "drouht,demand",
        ["shocks.csv:3 scenario: 'drouht' is not among the scenarios (did you mean drought?)"],
    ),
    "shock that matches nothing": (
        "shocks.csv", "capacity *,x0.5", "capacity mined/lithium@FR,x0.5",
        ["shocks.csv:2 what: 'FR' is no country, company, stage, period or basis; there are countries: AU, "],
    ),
    "shock that lasts no period": (
        "shocks.csv", "x0.5,1,", "x0.5,0,", ["shocks.csv:2 lasts: 0 is none; write a whole number of 1 or more"],
    ),
    "shock of which a spreadsheet dropped the sign": (
        "shocks.csv", "+10%", "10%",
        ["shocks.csv:3 value: 10% reads both ways, as a spreadsheet drops the + of +10%; write a multiple (x1.2 is a "],
    ),
    "what a shock is a cut of": (
        "shocks.csv", "x0.5,1,", "x0.5,1,orders", ["shocks.csv:2 of: 'orders' is not one of capacity"],
    ),
    "duty for a while without days": (
        "shocks.csv", "capacity *,x0.5,1", "duty CN,x2,1",
        ["shocks.csv:2 what: duties hold on days, and the periods have none: state start in the header"],
    ),
    "chance below 0": (
        "hazards.csv", "strike,0,", "strike,-0.1,",
        ["hazards.csv:2 chance: -0.1 is not a share; write one from 0 to 1, or from 0% to 100%"],
    ),
    "chance that is certain": (
        "hazards.csv", "strike,0,", "strike,1,",
        ["hazards.csv:2 chance: 1 is certain to strike within a year; write less, or a scenario with its probability"],
    ),
    "hazard that cannot strike": (
        "hazards.csv", "capacity *,0", "as-of,2027-01-01",
        ["hazards.csv:2 what: as-of changes what is known, not what happens; write a change of facts instead: "],
    ),
    "terms at short notice missing": (
        "hazards.csv", "strike,0,", "strike,5%,",
        ["instance.toml: response: is missing, and scenarios ask what suppliers give at short notice; write surge, "],
    ),
    "measure of risk": (
        "instance.toml", "[solve]", '[risk]\nmeasure = "cvar"\n[solve]',
        ["instance.toml: risk: cvar needs a weight from 0 to below 1 (1 saves nowhere else); write weight = 0.5"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SPOILT)
def test_a_spoilt_file_is_told_line_by_line(small: Path, case: str) -> None:
    name, old, new, expected = SPOILT[case]
    text = (small / name).read_text("utf-8")
    assert text.count(old) == 1
    (small / name).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(InputError) as raised:
        load(small, foreseeing=True)
    told = raised.value.problems
    assert len(told) == len(expected)
    assert all(line.startswith(start) for line, start in zip(told, expected, strict=True)), told


def noted(*shocks: tuple[Any, ...], **more: Any) -> str:
    return "\n".join(list_notes(asked(*shocks, **more)))


def test_how_likely_it_is_that_more_happens_is_noted() -> None:
    row = Hazard(hazard="near stops", what="capacity near", value="0", chance=0.1)
    one = noted(scenarios=[], shocks=[], hazards=[row])
    assert "with a probability of 0.52%, and a scenario holds the first alone\n" in f"{one}\n"
    often = noted(scenarios=[], shocks=[], hazards=[row.model_copy(update={"chance": 0.5})])
    assert "with a probability of 15%, and a scenario holds the first alone; the risk is understated: plan" in often


def test_shocks_that_are_cut_and_responses_that_cost_nothing_are_noted() -> None:
    told = noted(("price near", "x2", 9), response=ShortNotice(surge=0.1))
    assert "shock price near=x2 of s lasts beyond the horizon, and is cut there" in told
    assert "surge_premium and take_or_pay of all offers are both 0: what is done" in told
    assert "both 0" not in noted(("price near", "x2"), response=ShortNotice(surge=0.1, take_or_pay=0.1))


def test_terms_that_nobody_states_are_noted_and_those_that_count_for_nothing_are_not() -> None:
    stop = ("price near", "x2")
    states = "offers near and far state no surge_premium and no notice, which count as 0; write 0 where that is meant"
    assert states in noted(stop, response=ShortNotice(surge=0.1, take_or_pay=0.1))
    assert "offers near and far state no take_or_pay, which" in noted(stop, response=ShortNotice(surge=0))
    assert " state no " not in noted(stop, probability=0, response=ShortNotice(surge=0))
    stated: dict[str, Any] = {"surge_premium": 0.1, "notice": 0}
    own = [offer("near", 10, 400, take_or_pay=0.1, surge=0.1, **stated), offer("far", 20, None, surge=0.1, **stated)]
    assert "offer far states no take_or_pay, which counts as 0" in noted(stop, response=None, offers=own)


def test_what_cannot_happen_and_what_changes_nothing_is_noted() -> None:
    rows = [
        Hazard(hazard=name, what="capacity near", value=x, chance=p) for name, x, p in (("a", 0, 0), ("b", "x1", 0.1))
    ]
    told = noted(("price near", "x1"), ("price far", "x2"), probability=0, hazards=rows)
    assert "scenario s has a probability of 0, so no plan is made for it; lodeplan stress --scenario tests a" in told
    assert "hazard a has a chance of 0, so no plan is made for it\n" in told
    assert "shock price near=x1 of s changes nothing" in told
    assert "hazard capacity near=x1 of b changes nothing" in told
    assert told.count("changes nothing") == 2


@pytest.mark.parametrize("name", ["fire in q2 for 1 quarter", "fire in q2 for 1 quarter and flood in q2 for 1 quarter"])
def test_no_scenario_is_called_as_a_strike_of_a_hazard_is(name: str) -> None:
    """Else answers, which go by name, would tell of one of them alone."""
    rows = [StatedScenario(scenario=one, probability=0.1, begins="q2") for one in (name, "fire in q2")]
    stop = [Shock(scenario=row.scenario, what="price near", value="x2") for row in rows]
    fire = Hazard(hazard="fire", what="capacity near", value="0", chance=0.1, lasts=1)
    found = asked(scenarios=rows, shocks=stop, hazards=[fire])
    (problem,) = scenario_problems(found)
    assert (problem.table, problem.row, problem.column) == ("scenarios", 0, "scenario")
    assert problem.message.endswith("is what the hazard fire is called where it strikes then; take another name")


def test_a_measure_of_risk_without_scenarios_is_noted() -> None:
    calm = asked(scenarios=[], shocks=[]).model_copy(update={"risk": Risk(measure="expected")})
    assert "[risk] is without effect: nothing happens" in "\n".join(list_notes(calm))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"measure": "expected", "weight": 0.5}, "the expected cost has no weight beside it"),
        ({"measure": "worst", "weight": 1}, "worst needs a weight from 0 to below 1"),
        ({"measure": "regret", "weight": 0.5, "level": 0.9}, "regret has no level"),
        ({"measure": "cvar", "weight": 0.5, "level": 1}, "a level lies between 0 and 1"),
    ],
)
def test_a_measure_of_risk_that_says_nothing_is_refused(keys: dict[str, Any], expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        Risk(**keys)


def changed(*texts: str, **more: Any) -> Any:
    calm = asked(("price near", "x2"), **more).model_copy(update={"risk": Risk(measure="cvar", weight=0.5)})
    return apply_changes(calm, [parse(text) for text in texts])


def test_probabilities_and_how_risk_is_weighed_are_changed_as_any_cell() -> None:
    after = changed("set scenarios.s.probability=30%", "set risk.weight=0.8", "set response.surge=+5pp")
    assert [one.probability for one in list_scenarios(after)] == [0.3]
    assert (after.risk.weight, after.market.response.surge) == (0.8, pytest.approx(0.15))
    with pytest.raises(ValueError, match=r"set risk.weight=1: .*needs a weight from 0 to below 1"):
        changed("set risk.weight=1")
    weighed = apply_changes(
        asked(("price near", "x2")), [parse(f"set risk.{s}") for s in ("measure=worst", "weight=0.5")]
    )
    assert weighed.risk == Risk(measure="worst", weight=0.5)
    with pytest.raises(ValueError, match=r"the instance has no \[response\] of which one key could be changed"):
        changed("set response.surge=1", response=None)


def test_changes_that_leave_a_shock_nothing_to_hit_are_refused(small: Path) -> None:
    replaced = (small / "scenarios.csv").read_text("utf-8").replace(",0,", ",10%,")
    (small / "scenarios.csv").write_text(replaced, "utf-8")
    (small / "shocks.csv").write_text("scenario,what,value\ndrought,price Syrah,x2\n", "utf-8")
    (small / "instance.toml").write_text(
        f"{(small / 'instance.toml').read_text('utf-8')}[response]\nsurge=0\n", "utf-8"
    )
    with pytest.raises(InputError, match=r"with these changes, shocks\[0\] what: 'Syra' is no offer"):
        change_instance(load(small), [parse("set shocks.drought/*.what=price Syra")])


def test_a_copy_of_an_instance_has_templates_that_can_be_filled_in(tmp_path: Path) -> None:
    copy("tutorial-lithium-cobalt", tmp_path / "new")
    header = tmp_path / "new" / "instance.toml"
    filled = re.sub(r"(?m)^# (?=\[|surge|notice|take|measure|level|weight)", "", header.read_text("utf-8"))
    header.write_text(filled, "utf-8")
    tables = dict(re.findall(r"(?m)^#   (\w+,.*)\n#   (.*)$", filled))
    names = {"scenario,probability,begins": "scenarios", "scenario,what,value,lasts": "shocks"}
    for heading, row in tables.items():
        (tmp_path / "new" / f"{names.get(heading, 'hazards')}.csv").write_text(f"{heading}\n{row}\n", "utf-8")
    read = load(tmp_path / "new")
    assert len(list_scenarios(enforce(read))) == 1 + len(read.market.years)
    assert read.risk == Risk(measure="cvar", level=0.95, weight=0.5)

"""What planning for scenarios is worth, and what stands in the files of such a plan."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from optimizer.planning_value import find_value
from optimizer.results.solution import settings_of
from optimizer.session import Session
from tests.cli.command import copied, lodeplan
from tests.scenarios.drawn import a_case
from tests.scenarios.planned import planned

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", range(8))
def test_it_is_what_plans_cost_that_know_more_and_less(seed: int) -> None:
    """The least cost of a scenario is that of a plan to which it is sure; the plan of the calm is the plan of today."""
    asked, scenarios = a_case(seed)
    plan = planned(asked, *scenarios)
    value = find_value(plan, Session(settings_of(plan.instance, gap=0.0)))
    assert value is not None
    assert value.calm is not None
    calm, *each = value.regrets
    assert calm.least.cost == pytest.approx(planned(asked).cost, rel=1e-6)
    assert value.calm.calm_cost == pytest.approx(calm.least.cost, rel=1e-6)
    for scenario, one in zip(scenarios, each, strict=True):
        sure = planned(asked, scenario._replace(probability=1.0))
        assert sure.risk is not None
        assert one.least.cost == pytest.approx(sure.risk.cost_of(sure.risk.outcomes[0]), rel=1e-4)
        assert one.of(one.cost).cost >= 0
    knowing, saved = value.perfect_information, value.stochastic_solution
    mean = sum(one.probability * one.least.cost for one in value.regrets)
    slight = 1e-6 * abs(plan.cost)
    assert knowing.cost == pytest.approx(plan.cost - mean, abs=slight)
    assert saved is not None
    assert saved.cost == pytest.approx(max(0.0, value.calm.expected - plan.cost), abs=slight)


def test_the_files_of_a_plan_say_what_happens_in_each_scenario(tmp_path: Path) -> None:
    """Costs add up to the expected one, what is met is what is taken, called and delivered, and an audit goes on."""
    tutorial = copied("tutorial-lithium-cobalt", tmp_path)
    add_scenarios(tutorial)
    plan = tmp_path / "plan"
    said = lodeplan("solve", tutorial, "--value", "-o", plan)
    assert said.code == 0, said.err
    assert "on average (EVPI)" in said.out
    summary = json.loads((plan / "summary.json").read_text("utf-8"))
    risk, responses, regret = (read(plan / f"{name}.csv") for name in ("risk", "responses", "regret"))
    assert [row["scenario"] for row in risk] == ["calm", "china stops", "dear"]
    expected = sum(float(row["probability [share]"]) * float(row["cost [USD]"]) for row in risk)
    assert expected == pytest.approx(summary["risk"]["expected"])
    assert [row["cost [USD]"] for row in risk] == [row["cost [USD]"] for row in regret]
    assert all(float(row["regret [USD]"]) >= 0 for row in regret)
    lost = {row["offer"] for row in responses if row["scenario"] == "china stops" and float(row["quantity [t]"]) == 0}
    assert lost == {"china-lithium", "china-cobalt", "sudbury"}  # whose ore only the last of these could refine
    (short,) = (row for row in responses if row["what"] == "unmet")
    assert (short["material"], short["quantity [t]"]) == ("cobalt", risk[1]["unmet [t]"])
    again = lodeplan("audit", plan, tutorial)
    assert (again.code, again.err) == (0, "")


def test_without_scenarios_there_is_nothing_to_value(tmp_path: Path) -> None:
    """And no file that says so by having no rows."""
    tutorial = copied("tutorial-lithium-cobalt", tmp_path)
    said = lodeplan("solve", tutorial, "--value", "-o", tmp_path / "plan")
    assert (said.code, said.err) == (0, "note: --value: there are no scenarios, so there is nothing to plan for\n")
    assert not {"risk.csv", "responses.csv", "regret.csv"} & {path.name for path in (tmp_path / "plan").iterdir()}


def test_a_plan_for_drawn_hazards_is_judged_on_other_draws(tmp_path: Path) -> None:
    """Draws that leave no way out give what counting all ways gives."""
    tutorial = copied("tutorial-lithium-cobalt", tmp_path)
    add_scenarios(tutorial)
    (tutorial / "hazards.csv").write_text(
        "hazard,what,value,chance,lasts\nstrike,capacity atacama,x0.5,0.2,1\nstrike,capacity atacama,0,0.1,1\n"
        "flood,capacity *@AU,0,0.05,1\nflood,capacity greenbushes,0,0.05,1\n",
        "utf-8",
    )
    counted, drawn, some = (
        json.loads(lodeplan("solve", tutorial, "--json", *options).out)["risk"]
        for options in ((), ("--samples", "1000"), ("--samples", "2", "--seed", "1"))
    )
    assert counted["redrawn"] is None
    assert drawn["redrawn"] == drawn["expected"] == pytest.approx(counted["expected"])
    assert len(some["scenarios"]) == len(counted["scenarios"]) - 2
    assert some["redrawn"] != some["expected"]
    said = lodeplan("solve", tutorial, "--samples", "2").out
    assert "on a second set of draws the plan is expected to cost" in " ".join(said.split())
    refused = lodeplan("solve", tutorial, "--seed", "1")
    why = "--seed is of draws, and nothing says that there are any; give --samples as well"
    assert (refused.code, refused.err) == (2, f"{why}\n")


def add_scenarios(folder: Path) -> None:
    """Let China stop, or all prices rise; what cannot be had then is left unmet at a cost."""
    (folder / "scenarios.csv").write_text("scenario,probability,begins\nchina stops,0.1,2027\ndear,0.3,2027\n", "utf-8")
    (folder / "shocks.csv").write_text("scenario,what,value\nchina stops,capacity *@CN,0\ndear,price *,+20%\n", "utf-8")
    (folder / "materials.csv").write_text(
        "material,stages,shortage_cost,basis\n"
        "lithium,mined; refined,200000,t Li content\ncobalt,mined; refined,200000,t Co content\n",
        "utf-8",
    )
    with (folder / "instance.toml").open("a", encoding="utf-8") as file:
        file.write("\n[response]\nsurge = 0.1\nsurge_premium = 0.25\ntake_or_pay = 0.3\n")


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

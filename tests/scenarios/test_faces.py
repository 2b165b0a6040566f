"""What a plan for scenarios says of itself: in Python, on the command line, in its folder."""

from __future__ import annotations

import json
import queue
import re
import shlex
import threading
from typing import TYPE_CHECKING, Any

import pytest

import lodeplan
from optimizer.book.lines import list_lines
from optimizer.folders.shown import read_shown
from optimizer.serve.controls import HAPPENING
from optimizer.serve.moves import Moves, read_moves
from optimizer.serve.studio import Studio
from tests.cli.command import lodeplan as command

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an instance of two suppliers, of which one may stop."""
    place = tmp_path / "two"
    place.mkdir()
    files = {
        "instance.toml": 'name = "two"\ntitle = "Two"\ncurrency = "USD"\nmass_unit = "t"\nas_of = 2026-01-01\n'
        '[[periods]]\nname = "2027"\nyears = 1\n[[periods]]\nname = "2028"\nyears = 1\n'
        "[response]\nsurge = 0.5\nsurge_premium = 0.2\nnotice = 0\ntake_or_pay = 0.3\n",
        "materials.csv": "material,stages,basis,shortage_cost\ntin,refined,t,100\n",
        "sites.csv": "site,country\nplant,US\n",
        "demand.csv": "site,material,period,quantity\nplant,tin,2027,20\nplant,tin,2028,20\n",
        "offers.csv": "offer,company,material,stage,country,capacity,price\n"
        "near,a,tin,refined,US,100,12\nfar,b,tin,refined,CN,100,10\n",
        "scenarios.csv": "scenario,probability,begins\nfar stops,0.1,2028\n",
        "shocks.csv": "scenario,what,value,lasts\nfar stops,capacity far,0,\n",
    }
    for name, text in files.items():
        (place / name).write_text(text, "utf-8")
    return place


def test_python_plans_for_scenarios_or_for_the_calm_alone(folder: Path) -> None:
    plan = lodeplan.solve(folder, gap=0)
    # in 2028 near sells 13.33 and surges to 20: 2 more a unit, instead of 90 times 0.1
    assert plan.risk is not None
    assert plan.cost == pytest.approx(plan.risk.expected)
    assert plan.risk.calm_cost == pytest.approx(400 + 2 * 20 / 1.5)
    assert plan.risk.outcomes[0].covered == pytest.approx(1.0)
    calm = lodeplan.solve(folder, gap=0, calm=True)
    assert (calm.cost, calm.risk) == (400.0, None)
    assert lodeplan.price(folder, calm=True).plan.cost == 400


def test_the_answer_says_expected_cost_worst_scenario_and_what_is_not_counted(folder: Path, tmp_path: Path) -> None:
    told = command("solve", folder, "-o", tmp_path / "plan").out
    assert "is expected to cost" in told
    assert "if nothing happens" in told
    assert re.search(r"far stops +2028 +10.0% +4\d\d", told)
    assert "covered" not in told.partition("\n\n")[2].partition("\n\n")[0], "a column of nothing but all says no more"
    assert "All demand is covered in the scenario." in told
    assert "Not counted: limits once a scenario begins" in " ".join(told.split())
    risk = json.loads((tmp_path / "plan" / "summary.json").read_text("utf-8"))["risk"]
    assert [one["scenario"] for one in risk["scenarios"]] == ["far stops"]
    assert risk["calm"]["probability"] == pytest.approx(0.9)
    assert "holds" in command("audit", tmp_path / "plan", folder).out
    assert "the plan costs 400 USD" in command("solve", folder, "--calm", "-q").out


def test_the_calm_asks_for_no_response_and_all_that_plans_for_scenarios_does(folder: Path, tmp_path: Path) -> None:
    header = folder / "instance.toml"
    header.write_text(header.read_text("utf-8").partition("[response]")[0], "utf-8")
    plan = tmp_path / "plan"
    assert command("solve", folder, "--calm", "-q", "-o", plan).code == 0
    for question in ("price", "explain", "alternatives"):
        assert command(question, folder, "--calm").code == 0
    assert command("whatif", folder, "--calm", "-q", "--price", "far=x2").code == 0
    assert command("sweep", folder, "--calm", "-q", "--demand", "tin=x1..x2:2").code == 0
    assert command("audit", plan, folder).code == 0
    assert command("stress", plan, folder, "--lose", "offer:far").code == 0
    for question in ("solve", "explain", "whatif", "validate"):
        said = command(question, folder)
        assert said.code == 2
        told = " ".join(said.err.split())
        assert "instance.toml: response: is missing, and scenarios ask what suppliers give at short notice" in told
        assert "or leave scenarios out with --calm" in told
    assert command("stress", plan, folder, "--scenario", "far stops").code == 2
    assert Studio(folder, calm=True).controls
    with pytest.raises(lodeplan.InputError, match=r"response: is missing"):
        lodeplan.solve(folder)


def test_what_changed_adds_up_with_what_is_for_scenarios(folder: Path, tmp_path: Path) -> None:
    """In a whatif, and beside another plan folder: parts are those of the calm, the total is the expected cost."""
    command("solve", folder, "-o", tmp_path / "plan")
    command("solve", folder, "--calm", "-o", tmp_path / "calm")
    told = command("whatif", folder, "--set", "scenarios.*.probability=0").out
    again = command("compare", tmp_path / "plan", tmp_path / "calm").out
    for said in (told, again):
        rows = {row[0]: list(map(float, row[1:])) for row in re.findall(r"(?m)^(\w+) +(\d+) +(\d+) +([-+]\d+)$", said)}
        assert rows["total"][:2] == [430, 400]
        assert rows["scenarios"] == [3, 0, -3]
        for place in range(3):
            assert rows["purchases"][place] + rows["scenarios"][place] == pytest.approx(rows["total"][place], abs=1)


def test_another_solver_plans_for_the_calm_alone(folder: Path) -> None:
    said = command("solve", folder, "--solver", "appsi_highs")
    assert said.code == 2
    assert "plans for scenarios are made by highs alone; leave --solver out" in said.err


def test_a_reservation_stands_in_the_folder_and_is_read_back(folder: Path, tmp_path: Path) -> None:
    (folder / "offers.csv").write_text(
        "offer,company,material,stage,country,capacity,price,reservation_price,surge\n"
        "near,a,tin,refined,US,100,12,0.5,0\nfar,b,tin,refined,CN,100,10,,0\n",
        "utf-8",
    )
    place = tmp_path / "plan"
    answered = command("solve", folder, "-o", place)
    assert answered.code == 0
    told = answered.out[answered.out.index("reserved for what may happen  [t a year]  [USD]") :].splitlines()
    assert told[2].split()[:2] == ["near", "20"]
    contracts = (place / "contracts.csv").read_text("utf-8").splitlines()
    at = next(number for number, name in enumerate(contracts[0].split(",")) if name.startswith("reserved"))
    assert [line.split(",")[at] for line in contracts if line.startswith("near")] == ["20"]
    said = command("audit", place, folder)
    assert (said.code, "holds, at a cost of 420 USD if nothing happens (" in said.out) == (0, True)
    assert "note" not in said.err.replace("note: scenario", "")


@pytest.mark.parametrize("question", ["whatif", "price", "sweep", "explain", "alternatives"])
def test_every_question_draws_hazards_as_solve_does(question: str, folder: Path) -> None:
    asked = {"sweep": ("--cap", "CN=50%..100%:2"), "explain": ("near",)}.get(question, ())
    refused = command(question, folder, *asked, "--seed", "1")
    assert refused.code == 2
    assert refused.err.startswith("--seed is of draws, and nothing says that there are any; give --samples as well")


def test_a_what_if_of_draws_begins_with_the_plan_of_the_same_draws(folder: Path) -> None:
    (folder / "hazards.csv").write_text(
        "hazard,what,value,chance,lasts\nstrike,capacity far,x0.5,0.2,1\nstrike,capacity far,x0.2,0.1,1\n", "utf-8"
    )
    draws = ("--samples", "2", "--seed", "3")
    solved = json.loads(command("solve", folder, "--json", *draws).out)["risk"]["expected"]
    told = json.loads(command("whatif", folder, "--json", "--demand", "tin=+10%", *draws).out)
    assert told["costs"][-1]["before"] == pytest.approx(solved)


def test_a_workbook_compares_what_plans_cost_if_nothing_happens_and_for_scenarios(folder: Path, tmp_path: Path) -> None:
    command("solve", folder, "-o", tmp_path / "risky", "--gap", "0")
    command("solve", folder, "--calm", "-o", tmp_path / "calm", "--gap", "0")
    plans = [read_shown(tmp_path / one) for one in ("risky", "calm")]
    lines = {line.item: list(line.figures) for line in list_lines(plans)}
    calm = 400 + 2 * 20 / 1.5
    assert lines["if nothing happens [USD]"] == pytest.approx([calm, 400.0])
    expected, _ = lines["of the plan [USD]"]
    assert expected is not None
    assert lines["of it for scenarios [USD]"] == pytest.approx([expected - calm, 0.0])


def test_a_live_page_of_the_calm_has_no_switches_for_what_may_happen(folder: Path) -> None:
    studio = Studio(folder, calm=True)
    assert not HAPPENING & {one.group for one in studio.controls.values()}
    assert HAPPENING & {one.group for one in Studio(folder).controls.values()}
    studio.solve_base(threading.Event())
    assert studio.base is not None
    assert studio.base["scenarios"] == ["Planned as if nothing could happen."]
    assert Moves(()).command("two", calm=studio.calm) == "lodeplan whatif two --calm"


def test_what_never_happens_as_it_stands_has_a_slider_that_says_how_likely_it_is(folder: Path) -> None:
    (folder / "scenarios.csv").write_text("scenario,probability,begins\nfar stops,0,2028\n", "utf-8")
    strike = "hazard,chance,what,value,lasts\nstrike,0,capacity far,0,1\nstrike,0,capacity far,x0.5,\n"
    (folder / "hazards.csv").write_text(strike, "utf-8")
    studio = Studio(folder)
    assert {one.name: one.greatest for one in studio.controls.values() if one.group in HAPPENING} == {
        "scenario far stops": 1.0,
        "hazard strike": 0.5,
    }
    studio.solve_base(threading.Event())
    assert studio.base is not None
    assert studio.base["scenarios"] == ["Planned as if nothing could happen."]
    moves = read_moves([["scenario far stops", 0.1], ["hazard strike", 0.05]], studio.controls)
    assert moves.command("two") == (
        "lodeplan whatif two --set 'scenarios.\"far stops\".probability=10%' --set 'hazards.\"strike/*\".chance=5%'"
    )
    answers = queue.Queue[tuple[str, Any]]()
    studio.answer(moves, "", lambda kind, data: answers.put((kind, data)), threading.Event())
    assert "Expected cost 460 USD" in " ".join(dict(answers.queue)["answer"]["scenarios"])
    planned = command("whatif", folder, *shlex.split(moves.command("two"))[3:])
    assert planned.code == 0
    assert "460 USD" in planned.out


def test_an_audit_tells_of_scenarios_that_the_instance_states_otherwise(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "plan"
    assert command("solve", folder, "-o", place).code == 0
    heading, calm, first, *rest = (place / "risk.csv").read_text("utf-8").splitlines()
    name, chance, begins, *figures = first.split(",")
    (place / "risk.csv").write_text("\n".join([heading, calm, ",".join([name, "0.9", "soon", *figures]), *rest, ""]))
    audited = command("audit", place, folder)
    told = audited.out + audited.err
    assert f"risk.csv:3 probability says 0.9, and the instance says {chance}" in " ".join(told.split())
    assert "(and so in 1 further place)" in " ".join(told.split())
    assert begins

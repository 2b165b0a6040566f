"""``lodeplan stress``: what it prints and writes, and the exact line for each thing that is wrong."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import copied, edit, lodeplan, solved

if TYPE_CHECKING:
    from pathlib import Path

TUTORIAL = "tutorial-lithium-cobalt"
TERMS = "\n[response]\nsurge = 0.1\nsurge_premium = 0.25\nnotice = 0\ntake_or_pay = 0.3\n"


@pytest.fixture
def tutorial(tmp_path: Path) -> Path:
    return copied(TUTORIAL, tmp_path)


@pytest.fixture
def plan(tutorial: Path, tmp_path: Path) -> Path:
    return solved(tutorial, tmp_path / "plan")


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_without_terms_it_says_what_is_not_counted_and_with_them_more_is_covered(plan: Path, tutorial: Path) -> None:
    missing = "no [response] of the instance says what suppliers give at short notice"
    before = lodeplan("stress", plan, tutorial, "--json")
    assert missing in lodeplan("stress", plan, tutorial).out
    add(tutorial / "instance.toml", TERMS)
    said = lodeplan("stress", plan, tutorial)
    assert said.code == 0
    assert missing not in said.out
    assert said.err.startswith("note: the instance has changed since the plan was made\n")
    after = json.loads(lodeplan("stress", plan, tutorial, "--json").out)
    keys = ("loss", "begins", "material")
    old = {tuple(row[key] for key in keys): row for row in json.loads(before.out)["losses"]}
    hit = [row for row in after["losses"] if row["covered"] < row["planned"]]
    assert hit
    assert all(row["covered"] > old[tuple(row[key] for key in keys)]["covered"] for row in hit)
    assert after["at_short_notice"] is True


def test_calls_that_cost_nothing_more_are_noted(plan: Path, tutorial: Path) -> None:
    add(tutorial / "instance.toml", "\n[response]\nsurge = 0.1\n")
    assert "State a surge_premium or take_or_pay." in lodeplan("stress", plan, tutorial).out


def test_what_is_written_is_what_is_printed(plan: Path, tutorial: Path, tmp_path: Path) -> None:
    said = lodeplan("stress", plan, tutorial, "--lose", "each-company", "-o", tmp_path / "risk")
    assert said.code == 0, said.err
    shown = lodeplan("stress", plan, tutorial, "--lose", "each-company", "--csv").out
    assert (tmp_path / "risk/losses.csv").read_text("utf-8") == shown
    with (tmp_path / "risk/unmet.csv").open(encoding="utf-8") as file:
        assert sum(float(row["unmet [t]"]) for row in csv.DictReader(file)) > 0
    again = lodeplan("stress", plan, tutorial, "-o", tmp_path / "risk")
    assert again.code == 2
    assert "holds a stress test already" in again.err
    assert lodeplan("stress", plan, tutorial, "-o", tmp_path / "risk", "--force").code == 0
    assert f"{plan}: holds a plan; name another place\n" == lodeplan("stress", plan, tutorial, "-o", plan).err


def test_the_order_in_which_losses_are_asked_for_changes_nothing(plan: Path, tutorial: Path) -> None:
    one = lodeplan("stress", plan, tutorial, "--lose", "CN@place", "--lose", "each-company", "--json")
    other = lodeplan("stress", plan, tutorial, "--lose", "each-company", "--lose", "China@place", "--json")
    assert one == other


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--lose", "Mongolia"], "--lose Mongolia: nothing of the instance stands in Mongolia or is owned there"),
        (["--lose", "company:glencor"], "--lose company:glencor: 'glencor' is no company (did you mean glencore?)"),
        (["--lose", "CN@contrl"], "--lose CN@contrl: 'contrl' is no basis, stage or period (did you mean control?)"),
        (
            ["--lose", "CN@place@control"],
            "--lose CN@place@control: no basis is @place and @control at once; write one change for each",
        ),
        (
            ["--lose", "refined/cobalt:CN@refined"],
            "--lose refined/cobalt:CN@refined: refined/cobalt names a stage already; leave out @refined",
        ),
        (["--lose", "refind:CN"], "--lose refind:CN: 'refind' is no stage or material (did you mean refined?)"),
        (
            ["--lose", "company:glencore@place"],
            "--lose company:glencore@place: a company has no place of its own; leave out @place",
        ),
        (
            ["--lose", "each-cuntry"],
            (
                "--lose each-cuntry: 'each-cuntry' is not known (did you mean each-country?); write one of "
                "each-country, each-company, each-offer, each-lane, each-corridor"
            ),
        ),
        (["--from", "2029"], "--from 2029: is no period (did you mean 2027?)"),
        (["--duration", "9"], "--duration 9: the horizon has 1 period; write 1 or fewer"),
        (["--from-share", "0"], "--from-share 0: 0 is not above zero; write more than 0"),
    ],
)
def test_what_cannot_be_lost_is_told_in_one_line(words: list[str], told: str, plan: Path, tutorial: Path) -> None:
    said = lodeplan("stress", plan, tutorial, *words)
    assert (said.code, said.out, said.err) == (2, "", f"{told}\n")


def test_a_stage_may_stand_before_or_behind_who_stops(plan: Path, tutorial: Path) -> None:
    said = lodeplan("stress", plan, tutorial, "--lose", "refined/cobalt:CN@place", "--json")
    assert said.code == 0
    for other in ("cobalt:CN@refined@place", "cobalt:China@place@refined"):
        assert lodeplan("stress", plan, tutorial, "--lose", other, "--json") == said


def test_everything_that_is_wrong_is_told_at_once(plan: Path, tutorial: Path) -> None:
    said = lodeplan("stress", plan, tutorial, "--from", "2030", "--lose", "XX", "--lose", "Mongolia")
    assert [line.partition(":")[0] for line in said.err.splitlines()] == ["--from 2030", "--lose XX", "--lose Mongolia"]


def test_a_plan_of_another_instance_is_not_tested(plan: Path) -> None:
    said = lodeplan("stress", plan, plan.parents[1] / "nowhere")
    assert said.code == 2
    from tests.cli.command import ROOT

    said = lodeplan("stress", plan, ROOT / "instances/us-battery-2027")
    first, *findings = said.err.splitlines()
    assert (said.code, first) == (1, f"{plan}: does not hold, so it is not tested:")
    assert findings[0].endswith("there is no such lane in the instance")
    assert findings[-1].endswith(" more; lodeplan audit tells them all")


def test_a_plan_that_was_edited_by_hand_is_tested_as_it_stands(plan: Path, tutorial: Path) -> None:
    path = plan / "purchases.csv"
    lines = path.read_text("utf-8").splitlines()
    assert lodeplan("stress", plan, tutorial).code == 0
    path.write_text("\n".join(lines[:-1]) + "\n", "utf-8")
    assert lodeplan("stress", plan, tutorial).code == 1


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    from models.market import Owner
    from optimizer.dump import dump
    from tests.blocks.markets import instance, offer

    bad = "=1+1 [red]<b>{x}</b>"
    both = [offer(bad, 10, 40), offer("south", 11, 400)]
    owners = [Owner(company=bad, country="CN", share=1.0)]
    asked = instance(both, {"2027": 20.0, "2028": 20.0}, shortage_cost=100, owners=owners)
    dump(asked, tmp_path / "bad")
    plan = solved(tmp_path / "bad", tmp_path / "plan")
    said = lodeplan("stress", plan, tmp_path / "bad", "--lose", f'company:"{bad}"', "-o", tmp_path / "risk")
    assert said.code == 0, said.err
    assert f"company {bad}" in said.out
    assert f"company:{bad}" in (tmp_path / "risk/losses.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[response]\nnotice = 1\n", "instance.toml: response.surge: is missing"),
        ("[response]\nsurge = 1.5\n", "response.surge: 1.5 is not a share; write one from 0 to 1, or from 0% to 100%"),
        ("[response]\nsurge = 0.1\nnotice = 0.5\n", "response.notice: 0.5 is not a whole number of 0 or more"),
        ("[response]\nsurge = 0.1\nsurg_premium = 1\n", "surg_premium"),
    ],
)
def test_terms_that_cannot_be_are_refused(text: str, told: str, tutorial: Path) -> None:
    add(tutorial / "instance.toml", f"\n{text}")
    said = lodeplan("validate", tutorial)
    assert said.code == 2
    assert told in said.err + said.out


def test_an_offer_has_terms_of_its_own_in_its_row(tutorial: Path, plan: Path) -> None:
    path = tutorial / "offers.csv"
    heading, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([f"{heading},surge,notice", *(f"{row},50%,0" for row in rows)]) + "\n", "utf-8")
    assert json.loads(lodeplan("stress", plan, tutorial, "--json").out)["at_short_notice"] is True
    edit(path, f"{rows[0]},50%,0", f"{rows[0]},150%,0")
    assert "surge" in lodeplan("validate", tutorial).out + lodeplan("validate", tutorial).err


def test_a_copied_instance_has_a_template_of_terms_that_only_has_to_be_switched_on(tmp_path: Path) -> None:
    assert lodeplan("instances", "new", TUTORIAL, "--to", tmp_path / "own").code == 0
    header = tmp_path / "own/instance.toml"
    plan = solved(tmp_path / "own", tmp_path / "plan")
    assert json.loads(lodeplan("stress", plan, tmp_path / "own", "--json").out)["at_short_notice"] is False
    lines = header.read_text("utf-8").splitlines()
    start = lines.index("# [response]")
    template = lines[start : lines.index("", start)]
    header.write_text("\n".join([*lines[:start], *(line.removeprefix("# ") for line in template)]), "utf-8")
    from optimizer.load import load

    terms = load(tmp_path / "own").market.response
    assert terms is not None
    assert terms.model_dump() == {"surge": 0.1, "surge_premium": 0.25, "notice": 1, "take_or_pay": 0.3}

"""Every command with a floor on what survives a loss, on the tutorial's market."""

from __future__ import annotations

import csv
import io
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import ROOT, lodeplan

if TYPE_CHECKING:
    from pathlib import Path

FLOOR = """
[response]
surge = 0.2
surge_premium = 0.25
notice = 0
take_or_pay = 0.3

[limits.n1]
kind = "survival_floor"
each = "country"
basis = "control"
exempt = ["US"]
lasts = 1
min_covered = "60%"
hard = true
"""
HIGHEST = "limit n1: 68% is the highest that can be reached with all else as it is, for cobalt without BE by control."


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """Return the folder of the tutorial with a floor."""
    folder = tmp_path / "asked"
    shutil.copytree(ROOT / "instances/tutorial-lithium-cobalt", folder)
    with (folder / "instance.toml").open("a", encoding="utf-8") as file:
        file.write(FLOOR)
    return folder


def readings_of(plan: Path) -> list[dict[str, str]]:
    """Return the rows of the floor in the limits of a plan."""
    with (plan / "limits.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["limit"] == "n1"]


def test_a_plan_is_written_audited_and_compared_with_its_floor(asked: Path, tmp_path: Path) -> None:
    assert lodeplan("solve", asked, "-o", tmp_path / "plan").code == 0
    rows = readings_of(tmp_path / "plan")
    worst = min(rows, key=lambda row: float(row["used"]))
    assert (worst["material"], worst["who"], worst["period"], worst["binding"]) == ("cobalt", "CN", "2027", "yes")
    assert {row["unit"] for row in rows} == {"share"}
    assert "US" not in {row["who"] for row in rows}
    assert lodeplan("audit", tmp_path / "plan", asked).code == 0
    other = lodeplan("solve", asked, "--set", "limits.n1.min_covered=50%", "-o", tmp_path / "other")
    assert other.code == 0
    assert lodeplan("audit", tmp_path / "other", asked).code == 1
    assert "30 000 USD less" in lodeplan("compare", tmp_path / "plan", tmp_path / "other").out.replace("\u00a0", " ")


def test_a_stress_test_leaves_covered_what_the_floor_promised(asked: Path, tmp_path: Path) -> None:
    lodeplan("solve", asked, "-o", tmp_path / "plan")
    told = json.loads(lodeplan("stress", tmp_path / "plan", asked, "--lose", "each-country@control", "--json").out)
    covered = {(row["loss"], row["material"]): row["covered"] for row in told["losses"] if row["hits"] == "yes"}
    promised = {(row["who"], row["material"]): float(row["used"]) for row in readings_of(tmp_path / "plan")}
    assert all(
        covered[f"{who}@control", name] == pytest.approx(used) for (who, name), used in promised.items() if used < 1
    )


def test_a_sweep_ends_where_no_plan_survives(asked: Path) -> None:
    said = lodeplan("sweep", asked, "--set", "limits.n1.min_covered=50%..70%:3", "--csv")
    points = list(csv.DictReader(io.StringIO(said.out)))
    assert [point["status"] for point in points] == ["proven", "proven", "no plan"]
    assert [float(point["cost [USD]"]) for point in points[:2]] == [64_300_000, 64_330_000]


def test_what_if_price_and_alternatives_know_the_floor(asked: Path) -> None:
    assert "30 000 USD less" in lodeplan("whatif", asked, "--set", "limits.n1.min_covered=50%", "-q").out.replace(
        "\u00a0", " "
    )
    price = next(row for row in csv.DictReader(io.StringIO(lodeplan("price", asked, "--limit", "n1", "--csv").out)))
    assert price["limit"] == "n1"
    found = json.loads(lodeplan("alternatives", asked, "--json").out)
    assert len(found["plans"]) > 1


def test_a_floor_that_cannot_be_reached_says_how_high_it_can_be(asked: Path) -> None:
    said = lodeplan("solve", asked, "--set", "limits.n1.min_covered=70%")
    assert said.code == 3
    assert HIGHEST in said.err.splitlines()
    explained = lodeplan("explain", asked, "--set", "limits.n1.min_covered=70%").out
    assert "ask that 68% of cobalt stay covered without BE by control instead of 70%" in explained
    assert lodeplan("solve", asked, "--set", "limits.n1.min_covered=68%").code == 0
    assert lodeplan("solve", asked, "--set", "limits.n1.min_covered=68.1%").code == 3


def test_the_written_program_says_what_it_leaves_out(asked: Path, tmp_path: Path) -> None:
    said = lodeplan("model", asked, "-o", tmp_path / "program.lp")
    assert said.out.endswith("without what ties n1 to the plan: cuts, found while it is solved\n")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("lasts = 1\n", "lasts = 2\n", "lasts: 2 is no number of periods that fits; the horizon has 1 period; write 1"),
        ("lasts = 1\n", "", "lasts: is missing; every record needs it"),
        ('"60%"', '"160%"', "min_covered: 160% is not a share; write one from 0 to 1"),
        ('exempt = ["US"]\n', 'outside = "nowhere"\n', "outside: 'nowhere' is not in the instance; none is declared"),
        ('basis = "control"\n', "", 'countries are counted by place or by control; write basis = "place"'),
        ('each = "country"', 'each = "mine"', "each: 'mine' is not one of country, company, offer, lane, corridor"),
    ],
)
def test_a_floor_that_is_written_wrongly_is_told_in_a_line(asked: Path, old: str, new: str, line: str) -> None:
    path = asked / "instance.toml"
    text, floor = path.read_text(encoding="utf-8").split("[limits.n1]")
    assert old in floor
    path.write_text(f"{text}[limits.n1]{floor.replace(old, new)}", encoding="utf-8")
    said = lodeplan("validate", asked)
    assert said.code == 2
    assert any(told.startswith("instance.toml: limits.n1") and line in told for told in said.err.splitlines()), said.err


def test_a_floor_without_response_is_told_in_a_line(asked: Path) -> None:
    path = asked / "instance.toml"
    before, after = path.read_text(encoding="utf-8").split("\n[response]\n")
    path.write_text(f"{before}\n[limits.n1]{after.split('[limits.n1]')[1]}", encoding="utf-8")
    said = lodeplan("validate", asked)
    assert said.code == 2
    assert said.err == (
        "instance.toml: limits.n1: what suppliers give at short notice is not said, and what stays covered depends on "
        "it; write [response] with surge, surge_premium, notice and take_or_pay (surge = 0: nothing)\n"
    )

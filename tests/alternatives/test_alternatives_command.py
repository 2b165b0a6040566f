"""The command `alternatives`: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from optimizer.alternatives.nearby import Nearby
from tests.cli.command import contents, copied, lodeplan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from optimizer.results.solution import Solution


@pytest.fixture
def tutorial(tmp_path: Path) -> Path:
    return copied("tutorial-lithium-cobalt", tmp_path)


@pytest.mark.parametrize("words", [(), ("--least-concentrated", "--basis", "place")])
def test_each_plan_that_is_written_passes_the_audit_and_costs_what_the_table_says(
    tutorial: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    place = tmp_path / "others"
    said = lodeplan("alternatives", tutorial, "--count", 2, "-o", place, *words)
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith(f"\nAlternatives written to {place}\n")
    with (place / "alternatives.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["plan"] for row in rows] == ["best", "1", "2"]
    for row in rows:
        folder = place / "plans" / row["plan"]
        assert lodeplan("audit", folder, tutorial).code == 0
        cost = json.loads((folder / "summary.json").read_text("utf-8"))["cost"]
        assert float(row["cost [USD]"]) == pytest.approx(cost, rel=1e-9)
    assert sorted(path.name for path in (place / "plans").iterdir()) == ["1", "2", "best"]


def test_json_says_what_the_text_says(tutorial: Path) -> None:
    told = json.loads(lodeplan("alternatives", tutorial, "--count", 2, "--json").out)
    assert [plan["plan"] for plan in told["plans"]] == ["best", "1", "2"]
    text = lodeplan("alternatives", tutorial, "--count", 2).out
    for plan in told["plans"][1:]:
        figures = f"{plan['more']:+.1%} {plan['differs_from_best']:.1%} {plan['differs_from_nearest']:.1%}"
        assert figures in " ".join(text.split())
        assert {row["what"] for row in plan["suppliers"]} <= {"in", "out", "more", "less"}
        assert f"Plan {plan['plan']}: who supplies instead" in text
    best = {(row["material"], row["stage"]): row for row in told["plans"][0]["greatest_shares"]}
    assert (best["lithium", "refined"]["country"], best["lithium", "refined"]["share"]) == ("CL", pytest.approx(0.45))


def test_quietly_the_answer_is_one_line(tutorial: Path) -> None:
    said = lodeplan("alternatives", tutorial, "--count", 1, "-q").out
    assert said.startswith("Tutorial: lithium and cobalt for one cell plant: the best plan costs 64.30 million USD")
    assert "; rests on 30 assumed rows (100% of the cost). 1 other plan costs at most 2% more.\n" in said
    assert said.count("\n") == 1


def test_when_fewer_are_found_than_asked_for_it_says_so(tutorial: Path) -> None:
    said = lodeplan("alternatives", tutorial, "--within", "0%", "-q").out
    few = "5 were asked for; the search found no other that buys 0.1% of supply or more elsewhere."
    assert said.endswith(f". No other plans cost at most 0% more. {few}\n")


def test_an_interruption_keeps_what_was_found(tutorial: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    search = Nearby.least_reuse

    def interrupted(self: Nearby, reuse: Mapping[str, float], budget: float, label: str = "") -> Solution | None:
        self.stopped = True
        return search(self, reuse, budget, label)

    monkeypatch.setattr(Nearby, "least_reuse", interrupted)
    said = lodeplan("alternatives", tutorial, "-q")
    assert said.code == 0
    assert ". 1 other plan costs at most" in said.out
    assert said.out.endswith("Stopped before the search was done.\n")


def test_a_search_that_the_time_ended_is_not_said_to_have_found_all(tutorial: Path) -> None:
    said = lodeplan("alternatives", copied("us-battery-2027", tutorial.parent), "--time-limit", "1e-9", "-q")
    assert said.code == 0
    assert "stopped before the proof" in said.out
    assert said.out.endswith("Stopped before the search was done.\n")


def test_the_plans_of_a_changed_instance_are_those_of_the_change(tutorial: Path) -> None:
    told = json.loads(lodeplan("alternatives", tutorial, "--ban", "CD", "--demand", "cobalt=-60%", "--json").out)
    assert "(with ban CD; demand cobalt=-60%)" in told["title"]
    bought = {row["country"] for plan in told["plans"][1:] for row in plan["suppliers"] if row["after"] > 0}
    assert bought
    assert "CD" not in bought


def test_without_a_plan_it_points_to_explain(tutorial: Path) -> None:
    said = lodeplan("alternatives", tutorial, "--demand", "cobalt=x10")
    assert said.code == 3
    assert said.err.endswith(" holds every limit; lodeplan explain says why\n")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--within", "2"], '--within 2: 2 is not a share; write 0.02 or "2%"'),
        (["--within", "120%"], "--within 120%: 120% is not a share; write one from 0 to 1, or from 0% to 100%"),
        (["--within", "some"], "--within some: 'some' is not a number; write one such as 1234.5"),
    ],
)
def test_a_bad_share_gives_one_line(tutorial: Path, words: list[str], line: str) -> None:
    said = lodeplan("alternatives", tutorial, *words)
    assert (said.code, said.out, said.err) == (2, "", f"{line}\n")


def test_alternatives_are_replaced_as_a_whole_and_only_when_forced(tutorial: Path, tmp_path: Path) -> None:
    place = tmp_path / "others"
    assert lodeplan("alternatives", tutorial, "--count", 3, "-o", place).code == 0
    before = contents(place)
    said = lodeplan("alternatives", tutorial, "-o", place)
    assert said.code == 2
    assert said.err == (
        f"{place}: holds a set of alternatives already; name another place, or add --force to replace it\n"
    )
    assert contents(place) == before
    (place / "notes.txt").write_text("mine", "utf-8")
    assert lodeplan("alternatives", tutorial, "--count", 1, "-o", place, "--force").code == 0
    assert sorted(path.name for path in (place / "plans").iterdir()) == ["1", "best"]
    assert (place / "notes.txt").read_text("utf-8") == "mine"

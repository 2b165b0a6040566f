"""The command `price`: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import TYPE_CHECKING

import pytest

from optimizer.report.prices import format_saving
from optimizer.results.interval import Interval, Progress
from optimizer.results.price import Saving
from optimizer.session import Session
from tests.cli.command import contents, copied, lodeplan, solved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from models.instance import Instance
    from optimizer.results.solution import Solution

LIMITS = "china-refined-control, china-refined-place, drc-cobalt-mined"


@pytest.fixture
def tutorial(tmp_path: Path) -> Path:
    return copied("tutorial-lithium-cobalt", tmp_path)


def test_json_csv_and_file_say_what_the_text_says(tutorial: Path, tmp_path: Path) -> None:
    text = lodeplan("price", tutorial, "-o", tmp_path / "prices")
    assert (text.code, text.err) == (0, "")
    assert text.out.endswith(f"\nPrices written to {tmp_path / 'prices' / 'prices.csv'}\n")
    told = json.loads(lodeplan("price", tutorial, "--json").out)
    table = lodeplan("price", tutorial, "--csv").out
    assert (tmp_path / "prices/prices.csv").read_text("utf-8") == table
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["limit"] for row in rows] == [price["limit"] for price in told["prices"]]
    assert rows[0]["saved without least [USD]"] == rows[0]["saved without most [USD]"] == "1100000"
    assert told["prices"][0]["without"] == {"least": 1.1e6, "most": 1.1e6, "free": False}
    assert told["prices"][0]["looser"] == {"level": 0.61, "least": 35e3, "most": 35e3, "free": False}
    assert told["prices"][2]["without"] == {"least": 0, "most": 0, "free": True}


def test_the_prices_of_a_plan_are_not_replaced_behind_its_back(tutorial: Path, tmp_path: Path) -> None:
    plan = solved(tutorial, tmp_path / "plan")
    before = contents(plan)
    said = lodeplan("price", tutorial, "-o", plan, "--force")
    line = f"{plan}: holds a plan; its prices come with lodeplan solve -o --report; name another place\n"
    assert said == (2, "", line)
    assert contents(plan) == before


def test_only_the_limits_asked_for_are_priced(tutorial: Path) -> None:
    said = lodeplan("price", tutorial, "--limit", "china-*", "--limit", "drc-cobalt-mined", "--json")
    assert len(json.loads(said.out)["prices"]) == 3
    said = lodeplan("price", tutorial, "--limit", "china-*", "--csv")
    assert [line.partition(",")[0] for line in said.out.splitlines()[1:]] == [
        "china-refined-control",
        "china-refined-place",
    ]


def test_an_instance_that_is_changed_is_priced_as_changed(tutorial: Path) -> None:
    said = lodeplan("price", tutorial, "--drop", "china-refined-control", "--limit", "china-refined-place")
    assert "(with drop china-refined-control): the plan costs 63.40 million USD" in said.out
    assert "free" not in said.out.partition("\n\n")[2].partition("\n\n")[0]


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [
        (0.0, 0.0, "free"),
        (1.2e6, 1.2e6, "1 200 000"),
        (1.2e6, 1.35e6, "1 200 000 to 1 350 000"),
        (0.0, 4e4, "at most 40 000"),
        (1.2e6, math.inf, "at least 1 200 000"),
        (0.0, math.inf, "not known"),
    ],
)
def test_a_saving_is_told_as_one_figure_only_where_it_is_known(least: float, most: float, said: str) -> None:
    assert format_saving(Saving(least, most)) == said


def test_without_limits_there_is_nothing_to_price(tutorial: Path) -> None:
    said = lodeplan("price", tutorial, "--drop", "*")
    assert said.out.endswith("The instance has no limits: there is nothing to price.\n")


def test_after_an_interruption_it_says_which_limits_were_not_priced(
    tutorial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(Session):
        def solve(self, instance: Instance, tell: Callable[[Interval], None] | None = None) -> Solution:
            if all(limit.name != "china-refined-control" for limit in instance.limits):
                assert self.settings.watch is not None
                self.settings.watch(Progress(1.0, 1.0, 1.0, stopping=True))
            return super().solve(instance, tell)

    monkeypatch.setattr("optimizer.price.Session", Interrupted)
    said = lodeplan("price", tutorial)
    assert said.code == 0
    assert said.out.count("not priced") == 4
    answer = said.out.partition("\n\n")[0]
    assert answer.endswith("Stopped before every limit was priced.")


def test_quietly_the_answer_is_one_line(tutorial: Path) -> None:
    said = lodeplan("price", tutorial, "--limit", "drc-*", "-q")
    assert said.out.startswith("Tutorial: lithium and cobalt for one cell plant: the plan costs 64.30 million USD")
    assert said.out.count("\n") == 1


def test_without_a_plan_it_points_to_explain(tutorial: Path) -> None:
    said = lodeplan("price", tutorial, "--demand", "cobalt=x10")
    assert said.code == 3
    assert said.err.endswith(" holds every limit; lodeplan explain says why\n")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["--limit", "drc-cobalt-mine"],
            "--limit drc-cobalt-mine: no limit of the instance has that name (did you mean drc-cobalt-mined?)",
        ),
        (["--limit", "zzz*"], f"--limit zzz*: no limit of the instance has that name; use one of {LIMITS}"),
        (["--json", "--csv"], "--json and --csv exclude each other; give one of them"),
    ],
)
def test_a_bad_option_gives_one_line(tutorial: Path, words: list[str], line: str) -> None:
    said = lodeplan("price", tutorial, *words)
    assert (said.code, said.out, said.err) == (2, "", f"{line}\n")


def test_prices_are_replaced_only_when_forced(tutorial: Path, tmp_path: Path) -> None:
    place = tmp_path / "prices"
    assert lodeplan("price", tutorial, "-o", place).code == 0
    said = lodeplan("price", tutorial, "-o", place)
    assert said.code == 2
    assert said.err == f"{place}: holds a table of prices already; name another place, or add --force to replace it\n"
    (place / "notes.txt").write_text("mine", "utf-8")
    assert lodeplan("price", tutorial, "-o", place, "--force").code == 0
    assert (place / "notes.txt").read_text("utf-8") == "mine"

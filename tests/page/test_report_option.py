"""`solve --report`: the plan, what its limits cost and its page in one go; where the page goes, and what is refused."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from optimizer.errors import SolverFailure
from optimizer.results.interval import Interval, Progress
from optimizer.session import Session
from tests.cli.command import copied, lodeplan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from models.instance import Instance
    from optimizer.results.solution import Solution


@pytest.fixture
def tutorial(tmp_path: Path) -> Path:
    return copied("tutorial-lithium-cobalt", tmp_path)


def prices(plan: Path) -> dict[str, str]:
    """Return what is saved at least without each limit, as prices.csv of a plan has it."""
    with (plan / "prices.csv").open(encoding="utf-8", newline="") as file:
        return {row["limit"]: row["saved without least [USD]"] for row in csv.DictReader(file)}


def test_it_writes_prices_and_the_page_that_the_folder_makes(tutorial: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    said = lodeplan("solve", tutorial, "-o", plan, "--report", "-q")
    assert (said.code, said.err) == (0, "")
    written, drawn = said.out.splitlines()[1:]
    assert written.startswith(f"Plan written to {plan}: 64.30 million USD")
    assert drawn == f"Report written to {plan / 'report.html'}"
    assert prices(plan) == {
        "drc-cobalt-mined": "1100000",
        "china-refined-control": "900000",
        "china-refined-place": "0",
    }
    assert lodeplan("report", plan, "-o", tmp_path / "again.html").code == 0
    assert (tmp_path / "again.html").read_bytes() == (plan / "report.html").read_bytes()
    assert lodeplan("audit", plan, tutorial).out.startswith(f"{plan}: holds")


def test_a_plan_has_no_report_and_no_prices_unless_asked_and_loses_them_when_it_is_replaced(
    tutorial: Path, tmp_path: Path
) -> None:
    plan = tmp_path / "plan"
    assert lodeplan("solve", tutorial, "-o", plan, "--report", "-q").code == 0
    assert lodeplan("solve", tutorial, "-o", plan, "--force", "-q").code == 0
    assert not {"report.html", "prices.csv"} & {path.name for path in plan.iterdir()}


def test_the_page_may_stand_elsewhere_and_without_a_plan(tutorial: Path, tmp_path: Path) -> None:
    alone, beside = tmp_path / "alone.html", tmp_path / "new" / "beside.html"
    said = lodeplan("solve", "--report", alone, tutorial, "-q")
    assert said.out.endswith(f"Report written to {alone}\n")
    assert lodeplan("solve", tutorial, "-o", tmp_path / "plan", "--report", beside, "-q").code == 0
    assert alone.read_bytes() == beside.read_bytes()
    assert not (tmp_path / "plan/report.html").exists()


def test_it_may_stand_before_the_instance(tutorial: Path, tmp_path: Path) -> None:
    assert lodeplan("solve", "-o", tmp_path / "plan", "--report", tutorial, "-q").code == 0
    assert (tmp_path / "plan/report.html").is_file()


def test_as_data_the_prices_stand_with_the_plan(tutorial: Path, tmp_path: Path) -> None:
    said = lodeplan("solve", tutorial, "--report", tmp_path / "page.html", "--json")
    found = json.loads(said.out)["prices"]
    assert [(row["limit"], row["saved_without_least"], row["looser_level"]) for row in found] == [
        ("drc-cobalt-mined", 1.1e6, 0.61),
        ("china-refined-control", 9e5, 0.41),
        ("china-refined-place", 0.0, 0.41),
    ]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["--report"],
            "--report: has no place to go to; name a file, such as --report report.html, or write the plan with -o",
        ),
        (
            ["--report", "plan.pdf"],
            "plan.pdf: the report is a page of HTML; name a file that ends in .html, such as plan.html",
        ),
        (["--report", "page"], "page: the report is a page of HTML; name a file that ends in .html, such as page.html"),
        (
            ["-o", "plan.html"],
            (
                "plan.html: a plan is written as a folder and not as one file (.html); name a folder, such as plan, or "
                "draw it by --report plan.html"
            ),
        ),
    ],
)
def test_a_place_that_does_not_do_is_refused_in_one_line(
    tutorial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert lodeplan("solve", tutorial, *words) == (2, "", f"{line}\n")
    assert sorted(tmp_path.iterdir()) == before


def test_a_report_is_replaced_by_force_only_and_a_file_of_somebody_else_never(tutorial: Path, tmp_path: Path) -> None:
    page, mine = tmp_path / "page.html", tmp_path / "mine.html"
    mine.write_text("mine", "utf-8")
    assert lodeplan("solve", tutorial, "--report", page, "-q").code == 0
    said = lodeplan("solve", tutorial, "--report", page, "-q")
    assert (said.code, said.err) == (
        2,
        f"{page}: holds a report already; name another place, or add --force to replace it\n",
    )
    assert lodeplan("solve", tutorial, "--report", page, "-q", "--force").code == 0
    said = lodeplan("solve", tutorial, "-o", tmp_path / "plan", "--report", mine, "-q", "--force")
    assert said.err == f"{mine}: is a file of something else and is not replaced; name another place\n"
    assert mine.read_text("utf-8") == "mine"
    assert not (tmp_path / "plan").exists()


def test_a_place_below_a_file_is_refused_before_the_solve(tutorial: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    said = lodeplan("solve", tutorial, "--report", tmp_path / "file/page.html")
    assert (said.code, said.out) == (2, "")
    assert said.err.endswith(f"cannot be made, because {tmp_path / 'file'} is a file; name another place\n")


def test_sources_of_several_lines_do_not_keep_a_plan_from_its_page(tutorial: Path, tmp_path: Path) -> None:
    (tutorial / "sites.csv").write_text('site,country,source\nohio-cells,US,"of two\nlines\tand tabs"\n', "utf-8")
    assert lodeplan("solve", tutorial, "-o", tmp_path / "plan", "--report", "-q").code == 0
    assert "sites,ohio-cells,,,of two lines and tabs,\n" in (tmp_path / "plan/sources.csv").read_text("utf-8")


class Interrupted(Session):
    """A session in which somebody presses Ctrl-C as soon as a limit is left out."""

    def solve(self, instance: Instance, tell: Callable[[Interval], None] | None = None) -> Solution:
        if self.solves and all(limit.name != "china-refined-control" for limit in instance.limits):
            assert self.settings.watch is not None
            self.settings.watch(Progress(1.0, 1.0, 1.0, stopping=True))
        return super().solve(instance, tell)


class Broken(Session):
    """A session that fails once the plan is there."""

    def solve(self, instance: Instance, tell: Callable[[Interval], None] | None = None) -> Solution:
        if self.solves:
            msg = "broken"
            raise SolverFailure(msg)
        return super().solve(instance, tell)


def test_what_was_priced_before_an_interruption_is_kept(
    tutorial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.best_plan.Session", Interrupted)
    said = lodeplan("solve", tutorial, "-o", tmp_path / "plan", "--report", "-q")
    some = "stopped before every limit was priced: the report has what 1 of 3 limits cost"
    assert (said.code, said.err) == (0, f"note: {some}; lodeplan price says the rest\n")
    assert sorted(prices(tmp_path / "plan").values())[:2] == ["", ""]


def test_a_failure_while_pricing_leaves_the_plan_and_says_what_is_missing(
    tutorial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.best_plan.Session", Broken)
    said = lodeplan("solve", tutorial, "-o", tmp_path / "plan", "--report")
    assert said.code == 0
    assert said.err == "note: what each limit costs is not in the report; lodeplan price says it\n"
    assert {"report.html", "summary.json"} < {path.name for path in (tmp_path / "plan").iterdir()}
    assert not (tmp_path / "plan/prices.csv").exists()


def test_a_what_if_is_drawn_beside_the_plan_that_it_changes(tutorial: Path, tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    assert lodeplan("solve", tutorial, "-o", before, "-q").code == 0
    said = lodeplan("whatif", tutorial, "--demand", "lithium=1100", "-o", after, "--report", "-q")
    assert said.out.endswith(f"Report written to {after / 'report.html'}\n")
    assert len(prices(after)) == 3
    assert lodeplan("report", after, "--compare", before, "-o", tmp_path / "page.html").code == 0
    assert (after / "report.html").read_bytes() == (tmp_path / "page.html").read_bytes()


def test_a_what_if_where_there_was_no_plan_before_is_drawn_alone(tutorial: Path, tmp_path: Path) -> None:
    change = ["--demand", "cobalt=x10"]
    assert lodeplan("solve", tutorial, *change).code == 3
    folder = copied("tutorial-lithium-cobalt", tmp_path / "none")
    demand = (folder / "demand.csv").read_text("utf-8")
    (folder / "demand.csv").write_text(demand.replace(",cobalt,2027,500", ",cobalt,2027,5000"), "utf-8")
    said = lodeplan("whatif", folder, "--demand", "cobalt=500", "--report", tmp_path / "page.html", "-q")
    assert said.code == 0
    assert 'id="compared"' not in (tmp_path / "page.html").read_text("utf-8")


def _found(command: str, folder: Path) -> list[object]:
    """Return what the options of a command are that finds several plans; cases are written into a folder."""
    if command == "whatif":
        (folder / "cases.csv").write_text(
            "case,what,value\nmore,demand,lithium=1100\nless,demand,lithium=900\n", "utf-8"
        )
        return ["--changes", folder / "cases.csv", "--grid", "more,less"]
    return ["--demand", "lithium=900,1000"] if command == "sweep" else ["--count", "1"]


@pytest.mark.parametrize("command", ["whatif", "sweep", "alternatives"])
def test_several_plans_are_drawn_as_their_folder_is(tutorial: Path, tmp_path: Path, command: str) -> None:
    words, folder = [command, tutorial, *_found(command, tmp_path)], tmp_path / "found"
    said = lodeplan(*words, "-o", folder, "--report", "-q")
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith(f"Report written to {folder / 'report.html'}\n")
    assert lodeplan("report", folder, "-o", tmp_path / "again.html").code == 0
    assert (folder / "report.html").read_bytes() == (tmp_path / "again.html").read_bytes()
    alone = lodeplan(*words, "--report", tmp_path / "alone.html")
    assert (alone.code, alone.out) == (2, "")
    assert alone.err == "--report: shows one of several plans beside the others; add -o FOLDER, which holds them all\n"


def test_a_folder_that_is_replaced_takes_its_report_along(tutorial: Path, tmp_path: Path) -> None:
    words = ["whatif", tutorial, *_found("whatif", tmp_path), "-o", tmp_path / "found", "-q", "--force"]
    assert lodeplan(*words, "--report").code == 0
    assert lodeplan(*words).code == 0
    assert not (tmp_path / "found/report.html").exists()


def test_of_a_grid_without_any_plan_no_report_is_drawn(tutorial: Path, tmp_path: Path) -> None:
    demand = (tutorial / "demand.csv").read_text("utf-8")
    (tutorial / "demand.csv").write_text(demand.replace(",cobalt,2027,500", ",cobalt,2027,5000"), "utf-8")
    words = _found("whatif", tmp_path)
    said = lodeplan("whatif", tutorial, *words, "-o", tmp_path / "found", "--report", "-q")
    assert said.code == 3
    assert "no plan as it is; none of 2 cases has a plan" in said.out
    assert not (tmp_path / "found/report.html").exists()
    assert lodeplan("report", tmp_path / "found").err.endswith("no case has a plan, so there is none to draw\n")

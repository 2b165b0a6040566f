"""`lodeplan report`: where it writes, what it replaces, and what it says of a plan that cannot be shown."""

from __future__ import annotations

import json
import resource
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import ROOT, START, launched, lodeplan

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def plan(battery: Path, tmp_path: Path) -> Path:
    """Return a copy of a plan; a test may spoil it."""
    return shutil.copytree(battery, tmp_path / "plan")


def test_it_writes_into_the_plan_and_replaces_its_own_only_when_told(plan: Path) -> None:
    said = lodeplan("report", plan)
    assert (said.code, said.out) == (0, f"Report written to {plan / 'report.html'}\n")
    before = (plan / "report.html").read_bytes()
    again = lodeplan("report", plan)
    assert again.code == 2
    assert "add --force to replace it" in again.err
    assert lodeplan("report", plan, "--force").code == 0
    assert (plan / "report.html").read_bytes() == before


def test_it_loads_neither_model_nor_solver(plan: Path) -> None:
    heavy = ("pyomo", "highspy", "pandas", "numpy", "models.limits", "models.policies")
    code = (
        "import atexit, sys; from optimizer.cli import main; "
        f"atexit.register(lambda: print('heavy:', *sorted(set({heavy}) & set(sys.modules)))); main()"
    )
    said = launched("report", plan, start=[START[0], "-c", code])
    assert said.code == 0
    assert said.out.endswith("heavy:\n")


def test_a_plan_that_is_replaced_takes_its_report_along(plan: Path) -> None:
    lodeplan("report", plan)
    assert lodeplan("solve", ROOT / "instances/tutorial-lithium-cobalt", "-o", plan, "--force").code == 0
    assert not (plan / "report.html").exists()


def test_a_file_of_somebody_else_is_left_alone(plan: Path, tmp_path: Path) -> None:
    page = tmp_path / "mine.html"
    page.write_text("<!doctype html><title>mine</title>")
    said = lodeplan("report", plan, "-o", page, "--force")
    assert said.code == 2
    assert "is a file of something else" in said.err
    assert page.read_text() == "<!doctype html><title>mine</title>"


@pytest.mark.parametrize("name", ["report.pdf", "report", "report.xlsx"])
def test_a_name_that_reads_as_something_else_is_refused(plan: Path, tmp_path: Path, name: str) -> None:
    said = lodeplan("report", plan, "-o", tmp_path / name)
    assert said.code == 2
    assert "name a file that ends in .html, such as report.html" in said.err
    assert not (tmp_path / name).exists()


def test_what_cannot_be_read_is_told_line_by_line(plan: Path) -> None:
    exposure = plan / "exposure.csv"
    heading, first, *rest = exposure.read_text("utf-8").splitlines(keepends=True)
    exposure.write_text(heading + first.replace("place", "plaec") + "".join(rest), "utf-8")
    (plan / "stock.csv").unlink()
    said = lodeplan("report", plan)
    assert said.code == 2
    assert f"{plan}/exposure.csv:2 basis: 'plaec' is not one of place, control (did you mean place?)" in said.err
    assert f"{plan}/stock.csv: is missing; lodeplan solve -o writes it anew" in said.err


@pytest.mark.parametrize(
    ("key", "value"), [("sizes", {}), ("policies", [1]), ("versions", {"highspy": 1}), ("unfinished", None)]
)
def test_a_summary_that_is_none_is_told(plan: Path, key: str, value: object) -> None:
    summary = json.loads((plan / "summary.json").read_text("utf-8"))
    (plan / "summary.json").write_text(json.dumps(summary | {key: value}), "utf-8")
    said = lodeplan("report", plan)
    assert said.code == 2
    assert "summary.json" in said.err
    assert "lodeplan solve -o writes it anew" in said.err


def test_a_plan_of_an_earlier_version_is_reported_without_what_it_lacks(plan: Path) -> None:
    (plan / "contracts.csv").unlink()
    lines = (plan / "exposure.csv").read_text("utf-8").splitlines()
    (plan / "exposure.csv").write_text("".join(f"{line.rsplit(',', 2)[0]}\n" for line in lines), "utf-8")
    said = lodeplan("report", plan)
    assert said.code == 0, said.err
    page = (plan / "report.html").read_text("utf-8")
    assert "table-contracts" not in page
    assert "no cap" in page


def test_a_report_takes_at_most_half_the_time_of_its_solve(plan: Path, tmp_path: Path) -> None:
    solved = _seconds("solve", ROOT / "instances/us-battery-2027", "-o", tmp_path / "again", "-q")
    assert _seconds("report", plan) <= 0.5 * solved


def _seconds(*words: object) -> float:
    """Return the seconds of processor time that a command takes as a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert launched(*words).code == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

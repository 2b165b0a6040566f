"""``lodeplan export`` and ``-o plan.xlsx``: what is written where, and what is refused in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

import lodeplan as api
from tests.cli.command import ROOT, copied, edit, lodeplan, solved

if TYPE_CHECKING:
    from pathlib import Path

OLD = ROOT / "tests/cli/plan-of-0.1"


@pytest.fixture
def tutorial(tmp_path: Path) -> Path:
    """Return a copy of the bundled tutorial; a test may spoil it."""
    return copied("tutorial-lithium-cobalt", tmp_path)


@pytest.fixture
def plan(tutorial: Path, tmp_path: Path) -> Path:
    """Return the folder of its plan."""
    return solved(tutorial, tmp_path / "plan")


def names(book: Path) -> list[str]:
    with CalamineWorkbook.from_path(book) as opened:
        return opened.sheet_names


def cells(book: Path, sheet: str) -> list[list[Any]]:
    with CalamineWorkbook.from_path(book) as opened:
        return opened.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def test_a_plan_is_exported_and_replaced_only_when_that_is_asked(plan: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "plan.xlsx"
    assert lodeplan("export", plan, target) == (0, f"{plan} written to {target}\n", "")
    first = target.read_bytes()
    line = f"{target}: holds a plan already; name another place, or add --force to replace it\n"
    assert lodeplan("export", plan, target) == (2, "", line)
    assert lodeplan("export", plan, target, "--force", "-q") == (0, "", "")
    assert target.read_bytes() == first
    assert "Compare" not in names(target)


def test_a_plan_is_exported_beside_others(plan: Path, tmp_path: Path) -> None:
    target = tmp_path / "plan.xlsx"
    assert lodeplan("export", plan, target, "--compare", OLD, "--compare", plan).code == 0
    assert names(target)[:2] == ["Summary", "Compare"]
    assert cells(target, "Plans")[0] == ["about", "of", "plan", "plan-of-0.1", "plan (2)"]


def test_a_plan_of_an_earlier_version_says_what_it_lacks(tmp_path: Path) -> None:
    target = tmp_path / "old.xlsx"
    assert lodeplan("export", OLD, target, "-q") == (0, "", "")
    missing = next(row[1] for row in cells(target, "Summary") if row[0] == "Missing")
    assert missing == "The plan has no attribution.csv, sources.csv; lodeplan solve writes it anew."
    said = [row[0] for row in cells(target, "Assumptions")]
    assert said[1] == (
        "The plan has no sources.csv, as an earlier version wrote it: here are the assumed rows that it uses alone."
    )
    assert said[4] == "table"


@pytest.mark.parametrize("suffix", [".pdf", ".pptx", ".html", ".xls", ""])
def test_only_a_workbook_is_written(suffix: str, plan: Path, tmp_path: Path) -> None:
    target = tmp_path / f"deck{suffix}"
    line = "a plan is exported as a workbook; name a file that ends in .xlsx, such as deck.xlsx"
    assert lodeplan("export", plan, target) == (2, "", f"{target}: {line}\n")
    assert not target.exists()


def test_nothing_of_anybody_else_is_replaced(plan: Path, tutorial: Path, tmp_path: Path) -> None:
    note, instance, taken = tmp_path / "note.xlsx", tmp_path / "instance.xlsx", tmp_path / "folder.xlsx"
    note.write_text("mine")
    taken.mkdir()
    assert lodeplan("convert", tutorial, instance, "-q").code == 0
    for target in (note, instance):
        before = target.read_bytes()
        line = f"{target}: is a file of something else and is not replaced; name another place\n"
        assert lodeplan("export", plan, target, "--force") == (2, "", line)
        assert lodeplan("solve", tutorial, "-o", target, "--force") == (2, "", line)
        assert target.read_bytes() == before
    line = f"{taken}: is a folder; name a file, such as {taken / 'plan.xlsx'}\n"
    assert lodeplan("export", plan, taken, "--force") == (2, "", line)


def test_plans_that_count_otherwise_are_not_compared(plan: Path, tutorial: Path, tmp_path: Path) -> None:
    edit(tutorial / "instance.toml", 'currency = "USD"', 'currency = "EUR"')
    euro = solved(tutorial, tmp_path / "euro")
    line = f"{euro}: money: is in EUR, and in USD in {plan}; convert one of them\n"
    target = tmp_path / "plan.xlsx"
    assert lodeplan("export", plan, target, "--compare", euro) == (2, "", line)
    assert not target.exists()


def test_a_folder_that_is_no_plan_is_told(tmp_path: Path) -> None:
    line = f"{tmp_path / 'none'}: there is no such plan folder\n"
    assert lodeplan("export", tmp_path / "none", tmp_path / "plan.xlsx") == (2, "", line)


def test_solve_writes_the_workbook_that_export_writes(tutorial: Path, tmp_path: Path) -> None:
    target = tmp_path / "plan.xlsx"
    said = lodeplan("solve", tutorial, "-o", target)
    assert said.code == 0
    assert f"Plan written to {target}: " in said.out
    folder = solved(tutorial, tmp_path / tutorial.name.replace("tutorial", "plan"))
    assert lodeplan("export", folder, tmp_path / "exported.xlsx", "-q").code == 0
    assert target.read_bytes() == (tmp_path / "exported.xlsx").read_bytes()


def test_solve_puts_its_report_beside_a_workbook_and_prices_into_it(tutorial: Path, tmp_path: Path) -> None:
    target = tmp_path / "plan.xlsx"
    said = lodeplan("solve", tutorial, "-o", target, "--report", "-q")
    assert (said.code, said.err) == (0, "")
    assert (tmp_path / "plan.html").exists()
    assert "Prices of limits" in names(target)


def test_whatif_writes_a_workbook_that_compares_with_the_plan_as_it_was(tutorial: Path, tmp_path: Path) -> None:
    target = tmp_path / "changed.xlsx"
    assert lodeplan("whatif", tutorial, "--cap", "refined/cobalt:CN=20%", "-o", target, "-q").code == 0
    found = {row[0]: row[1] for row in cells(target, "Compare")}
    assert (found["base plan"], found["other plan"]) == ("as it was", "with the changes")
    assert {row[6] for row in cells(target, "Compare") if len(row) > 6} >= {"as before", "more", "less"}


def test_all_plans_of_a_grid_are_compared(tutorial: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("case,what,value\nlow,cap,refined/cobalt:CN=20%\nhigh,cap,refined/cobalt:CN=60%\n", "utf-8")
    folder, target = tmp_path / "grid", tmp_path / "grid.xlsx"
    said = lodeplan("whatif", tutorial, "--changes", cases, "--grid", "low,high", "-o", folder, "-q")
    assert said.code == 0, said.err
    first, *rest = sorted((folder / "plans").iterdir())
    assert lodeplan("export", rest[0], target, "--compare", folder, "-q") == (0, "", "")
    assert cells(target, "Plans")[0][2:] == [rest[0].name, first.name, *(path.name for path in rest[1:])]


def test_a_grid_is_written_as_a_workbook_with_its_cases_all_of_which_can_be_picked(
    tutorial: Path, tmp_path: Path
) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("case,what,value\nlow,cap,refined/cobalt:CN=20%\nnone,cap,*:each=0%\n", "utf-8")
    words = ["whatif", tutorial, "--changes", cases, "-q"]
    target = tmp_path / "grid.xlsx"
    assert lodeplan(*words, "--grid", "low,none", "-o", target).code == 0
    rows = [row[:4] for row in cells(target, "Cases")[-3:]]
    assert rows == [["as it is", "proven", 64.3e6, ""], ["low", "proven", 64.6e6, 0.3e6], ["none", "no plan", "", ""]]
    assert cells(target, "Plans")[0][2:] == ["as it is", "low"]
    found = {row[0]: row[1] for row in cells(target, "Compare")}
    assert (found["base plan"], found["other plan"]) == ("as it is", "low")
    lodeplan("whatif", tutorial, "--changes", cases, "--grid", "low,none", "-q", "-o", tmp_path / "grid")
    assert lodeplan("export", tmp_path / "grid", tmp_path / "same.xlsx", "-q").code == 0
    assert cells(tmp_path / "same.xlsx", "Plans") == cells(target, "Plans")
    beside = lodeplan(*words, "--grid", "low", "-o", tmp_path / "other.xlsx", "--report")
    assert beside.err.endswith("add -o FOLDER, which holds them all; lodeplan export makes a workbook of it\n")
    nothing = lodeplan(*words, "--grid", "none", "--cap", "*:each=0%", "-o", tmp_path / "nothing.xlsx")
    assert nothing.code == 3


def test_alternatives_are_written_as_a_workbook(tutorial: Path, tmp_path: Path) -> None:
    target = tmp_path / "others.xlsx"
    assert lodeplan("alternatives", tutorial, "--count", "1", "-o", target, "-q").code == 0
    assert [row[0] for row in cells(target, "Alternatives")[-2:]] == ["best", "1"]
    assert cells(target, "Plans")[0][2:] == ["best", "1"]


def test_a_sweep_is_kept_in_a_folder_and_exported_from_there(tutorial: Path, tmp_path: Path) -> None:
    asked = ["sweep", tutorial, "--cap", "refined/cobalt:CN=20%,40%", "-q"]
    refused = lodeplan(*asked, "-o", tmp_path / "sweep.xlsx")
    assert refused.code == 2
    assert f"lodeplan export {tmp_path / 'sweep'} {tmp_path / 'sweep.xlsx'}" in refused.err
    assert lodeplan(*asked, "-o", tmp_path / "sweep").code == 0
    assert lodeplan("export", tmp_path / "sweep", tmp_path / "sweep.xlsx", "-q") == (0, "", "")
    heading, *rows = cells(tmp_path / "sweep.xlsx", "Sweep")[-3:]
    assert heading[:2] == ["cap refined/cobalt:CN", "status"]
    assert [row[0] for row in rows] == ["40%", "20%"]
    assert set(cells(tmp_path / "sweep.xlsx", "Plans")[0][2:]) == {
        "cap refined/cobalt:CN=20%",
        "cap refined/cobalt:CN=40%",
    }


def test_a_solution_is_written_as_the_workbook_of_its_plan(tutorial: Path, tmp_path: Path) -> None:
    target = tmp_path / "api.xlsx"
    api.solve(tutorial).write(target)
    assert lodeplan("solve", tutorial, "-o", tmp_path / "cli.xlsx", "-q").code == 0
    assert [cells(target, name) for name in names(target)] == [
        cells(tmp_path / "cli.xlsx", name) for name in names(target)
    ]
    with pytest.raises(api.InputError, match="holds a plan already; name another place, or add --force"):
        api.solve(tutorial).write(target)

"""A plan is written whole or not at all, harmless to spreadsheets, and the same every time."""

from __future__ import annotations

import csv
import errno
import json
import os
import random
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import optimizer.tables.frames
from models.enforcement import enforce
from optimizer.files.atomic import write_whole
from optimizer.folders.read_plan import read_plan
from optimizer.load import load
from tests.cli.command import contents, copied, edit, launched, lodeplan, solved

if TYPE_CHECKING:
    import pandas as pd

CALL = "from optimizer.cli import main; main()"
SMALL_DISK = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700)); {CALL}"
UNMEASURED = {"COVERAGE_PROCESS_CONFIG": ""}
"""There `make coverage` could not write its own file either."""
DIES = "os.kill(os.getpid(), signal.SIGKILL)"
KILLED_IN_THE_THIRD_TABLE = f"""
import os, signal
import optimizer.tables.frames as tables
whole, written = tables.to_csv, []
def to_csv(frame, path):
    written.append(path)
    if len(written) == 3:
        path.write_text("material,stage")
        {DIES}
    whole(frame, path)
tables.to_csv = to_csv
{CALL}
"""
KILLED_BETWEEN_RENAMES = f"""
import os, pathlib, signal
rename, done = pathlib.Path.replace, []
def replace(path, target):
    if done:
        {DIES}
    done.append(path)
    return rename(path, target)
pathlib.Path.replace = replace
{CALL}
"""


def beside(plan: Path) -> set[str]:
    return {path.name for path in plan.parent.iterdir()}


def changed(tutorial: Path) -> None:
    """Change the instance so that its plan is another one."""
    edit(tutorial / "offers.csv", "refined,CL,600,50000", "refined,CL,600,60000")


# disks that fill, processes that are killed -------------------------------------------------------


def test_a_disk_that_fills_leaves_the_earlier_plan_and_nothing_else(
    tutorial: Path, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: pd.DataFrame, path: Path) -> None:
        path.write_text("half a ta")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    changed(tutorial)
    before, names = contents(plan), beside(plan)
    monkeypatch.setattr(optimizer.tables.frames, "to_csv", full)
    line = f"{plan}: cannot be written: no space left on device; what stood there is as it was\n"
    assert lodeplan("solve", tutorial, "-o", plan, "--force") == (2, "", line)
    assert contents(plan) == before
    assert beside(plan) == names


@pytest.mark.skipif(sys.platform == "win32", reason="files have no limit of size there")
@pytest.mark.parametrize("earlier", [True, False])
def test_a_file_that_may_not_grow_leaves_what_stood_there(tutorial: Path, plan: Path, earlier: bool) -> None:  # noqa: FBT001
    target = plan if earlier else plan.with_name("new")
    before, names = contents(plan), beside(plan)
    start = [sys.executable, "-B", "-c", SMALL_DISK]
    said = launched("solve", tutorial, "-o", target, "--force", start=start, environment=UNMEASURED)
    assert said == (2, "", f"{target}: cannot be written: file too large; what stood there is as it was\n")
    assert contents(plan) == before
    assert beside(plan) == names


def test_a_rename_that_fails_leaves_the_earlier_plan(
    tutorial: Path, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if target == plan and path.parent.name != "old":
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        return rename(path, target)

    changed(tutorial)
    before, names = contents(plan), beside(plan)
    monkeypatch.setattr(Path, "replace", replace)
    said = lodeplan("solve", tutorial, "-o", plan, "--force")
    assert said == (2, "", f"{plan}: cannot be written: permission denied; what stood there is as it was\n")
    assert contents(plan) == before
    assert beside(plan) == names


def test_a_process_killed_while_it_writes_leaves_the_earlier_plan_whole(tutorial: Path, plan: Path) -> None:
    changed(tutorial)
    before, names = contents(plan), beside(plan)
    start = [sys.executable, "-c", KILLED_IN_THE_THIRD_TABLE]
    said = launched("solve", tutorial, "-o", plan, "--force", start=start)
    assert said.code == -signal.SIGKILL
    assert contents(plan) == before
    assert len(beside(plan) - names) == 1, "what it had begun is left"
    assert lodeplan("solve", tutorial, "-o", plan, "--force").code == 0
    assert contents(plan)["costs.csv"] != before["costs.csv"]
    assert beside(plan) == names, "the next run to the same place clears it away"


def test_a_run_at_work_keeps_what_it_has_begun(tutorial: Path, plan: Path) -> None:
    with write_whole(plan, {"notes.md"}) as draft:
        draft.mkdir()
        (draft / "notes.md").write_text("begun")
        assert lodeplan("solve", tutorial, "-o", plan, "--force").code == 0
    assert (plan / "notes.md").read_text() == "begun"


def test_a_process_killed_between_two_renames_loses_nothing(tutorial: Path, plan: Path) -> None:
    changed(tutorial)
    before = contents(plan)
    start = [sys.executable, "-c", KILLED_BETWEEN_RENAMES]
    said = launched("solve", tutorial, "-o", plan, "--force", start=start)
    assert said.code == -signal.SIGKILL
    assert not plan.exists()
    said = lodeplan("solve", tutorial, "-o", plan)
    assert said == (2, "", f"{plan}: holds a plan already; name another place, or add --force to replace it\n")
    assert contents(plan) == before
    assert beside(plan) == {plan.name, tutorial.name}


# names that a spreadsheet would run ---------------------------------------------------------------

RISKY = ("=", "+", "-", "@", "\t", "\r")
HOSTILE = {
    "instance.toml": """\
name = "hostile"
title = "=HYPERLINK(0)"
currency = "USD"
mass_unit = "t"
as_of = 2027-01-01
[[periods]]
name = "+2027"
years = 1
[limits."@SUM(A1)"]
kind = "share_cap"
each = "company"
stages = ["=sold"]
max_share = 0.75
hard = true
""",
    "materials.csv": 'material,stages,basis,shortage_cost\n-ore,"+dug; =sold","@t, ""dry""",1000\n',
    "sites.csv": "site,country\n'=site,DE\n",
    "demand.csv": "site,material,period,quantity\n'=site,-ore,+2027,100\n",
    "offers.csv": (
        "offer,company,material,stage,country,capacity,price,minimum_take\n"
        "=cmd|' /C calc'!A0,@first,-ore,=sold,AU,80,10,1\n"
        '"-2, ""two""","+1,5",-ore,=sold,CL,50,20,1\n'
    ),
    "stock.csv": "site,material,capacity\n'=site,-ore,10\n",
}


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    folder = tmp_path / "hostile"
    folder.mkdir()
    for name, text in HOSTILE.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def test_names_are_harmless_in_every_table_and_the_audit_reads_them_back(hostile: Path, tmp_path: Path) -> None:
    plan = solved(hostile, tmp_path / "plan")
    cells = [
        cell for path in plan.glob("*.csv") for row in csv.reader(path.read_text("utf-8").splitlines()) for cell in row
    ]
    assert not [cell for cell in cells if cell.startswith(RISKY)]
    assert {"'=cmd|' /C calc'!A0", "'@first", "'+1,5", '\'-2, "two"', "'@SUM(A1)", "'=site", "'-ore"} <= set(cells)
    flow = read_plan(plan, enforce(load(hostile))).plan.flow
    assert flow == {("=cmd|' /C calc'!A0", "=site", "+2027"): 75, ('-2, "two"', "=site", "+2027"): 25}
    assert lodeplan("audit", plan, hostile).code == 0


@pytest.mark.parametrize("sign", ["\n", "\t"])
def test_a_name_with_a_line_end_or_a_tab_is_refused(hostile: Path, sign: str) -> None:
    edit(hostile / "offers.csv", "@first", f'"first{sign}second"')
    code, out, err = lodeplan("validate", hostile)
    assert (code, out) == (2, "")
    assert [line.split(":")[0] for line in err.splitlines()] == ["offers.csv"]
    assert "company" in err


# the same every time ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tutorial-lithium-cobalt", "us-battery-2027"])
def test_two_runs_write_the_same_bytes_but_for_the_seconds(name: str, tmp_path: Path) -> None:
    instance = copied(name, tmp_path)
    first = contents(solved(instance, tmp_path / "first"))
    said = launched("solve", instance, "-o", tmp_path / "second", environment={"PYTHONHASHSEED": "7"})
    assert said.code == 0
    second = contents(tmp_path / "second")
    summaries = [json.loads(files.pop("summary.json")) for files in (first, second)]
    assert first == second
    for summary in summaries:
        assert summary.pop("seconds") >= 0
    assert summaries[0] == summaries[1]


def rows_of(path: Path) -> list[tuple[object, ...]]:
    """Return the rows of a table, ordered, with numbers rounded to what sums in another order agree on."""
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    return sorted((tuple(rounded(cell) for cell in row) for row in rows), key=str)


def rounded(cell: str) -> str:
    try:
        return f"{float(cell) + 0.0:.9g}"
    except ValueError:
        return cell


@pytest.mark.parametrize("name", ["tutorial-lithium-cobalt", "us-battery-2027"])
def test_the_order_of_rows_in_an_instance_changes_no_row_of_its_plan(name: str, tmp_path: Path) -> None:
    instance = copied(name, tmp_path)
    shuffled = shutil.copytree(instance, tmp_path / "shuffled")
    for path in shuffled.glob("*.csv"):
        heading, *rows = path.read_text("utf-8").splitlines(keepends=True)
        random.Random(path.name).shuffle(rows)  # noqa: S311 (no secret)
        path.write_text("".join([heading, *rows]), "utf-8")
    first, second = (solved(path, tmp_path / f"plan-{path.name}") for path in (instance, shuffled))
    for path in first.glob("*.csv"):
        assert rows_of(path) == rows_of(second / path.name), path.name


def test_a_hidden_folder_of_the_user_is_neither_taken_back_nor_removed(tutorial: Path, plan: Path) -> None:
    mine = [plan.parent / f".{plan.name}.{name}" for name in ("january", "0123abcd")]
    for folder in mine:
        folder.mkdir()
        (folder / "notes.md").write_text("mine")
    assert lodeplan("solve", tutorial, "-o", plan, "--force").code == 0
    shutil.rmtree(plan)
    assert lodeplan("solve", tutorial, "-o", plan).code == 0
    assert [(folder / "notes.md").read_text() for folder in mine] == ["mine", "mine"]


def test_a_plan_for_spreadsheets_says_the_same_and_is_read_back(tutorial: Path, plan: Path) -> None:
    excel = plan.with_name("excel")
    assert lodeplan("solve", tutorial, "-o", excel, "--excel").code == 0
    for table in plan.glob("*.csv"):
        data = (excel / table.name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        with (
            table.open(encoding="utf-8", newline="") as file,
            (excel / table.name).open(encoding="utf-8-sig", newline="") as other,
        ):
            rows = [[cell.replace(",", ".") for cell in row] for row in csv.reader(file)]
            assert rows == [[cell.replace(",", ".") for cell in row] for row in csv.reader(other, delimiter=";")]
    assert b";0," in (excel / "exposure.csv").read_bytes()
    for words in (("audit", excel, tutorial), ("compare", plan, excel)):
        said, same = lodeplan(*words), lodeplan(*(plan if word is excel else word for word in words))
        assert (said.code, said.out.replace(str(excel), str(plan)), said.err) == same
    assert lodeplan("export", excel, plan.with_name("excel.xlsx")).code == 0


def test_a_point_in_a_plan_with_semicolons_is_told(tutorial: Path, plan: Path) -> None:
    table = plan / "contracts.csv"
    assert lodeplan("solve", tutorial, "-o", plan, "--force", "--excel").code == 0
    text = table.read_text("utf-8-sig")
    assert text
    purchases = plan / "purchases.csv"
    heading, first, *rest = purchases.read_text("utf-8-sig").splitlines()
    cells = first.split(";")
    at = [cell.partition(" [")[0] for cell in heading.split(";")].index("quantity")
    cells[at] = "1.250"
    purchases.write_text("\n".join([heading, ";".join(cells), *rest]), "utf-8")
    cure = "write quantity with a decimal comma and without groups of three, or separate the cells by commas"
    line = f"purchases.csv:2 quantity: '1.250' holds a point, and the table has semicolons; {cure}\n"
    assert lodeplan("audit", plan, tutorial) == (2, "", line)


def test_excel_is_about_a_folder(tutorial: Path, plan: Path) -> None:
    line = "--excel: says how the tables of a plan are written; add -o FOLDER\n"
    assert lodeplan("solve", tutorial, "--excel") == (2, "", line)
    book = plan.with_name("plan.xlsx")
    line = f"--excel: is about the CSV tables of a folder, and {book} is a workbook; leave it out\n"
    assert lodeplan("solve", tutorial, "-o", book, "--excel") == (2, "", line)

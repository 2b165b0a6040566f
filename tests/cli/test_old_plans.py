"""A plan folder that an earlier version wrote: read as ever, and its columns are those that are written today."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import ROOT, lodeplan
from tests.cli.plan_edits import set_cell

if TYPE_CHECKING:
    from pathlib import Path

OLD = ROOT / "tests/cli/plan-of-0.1"
MISSING = "attribution.csv and sources.csv are missing; lodeplan solve -o writes them anew\n"


def test_a_plan_of_an_earlier_version_is_audited_and_compared(tutorial: Path, plan: Path) -> None:
    said = lodeplan("audit", OLD, tutorial)
    assert (said.code, said.out) == (
        0,
        f"note: {MISSING}{OLD}: holds, at a cost of 64.30 million USD; rests on 30 assumed rows (100% of the cost)\n",
    )
    said = lodeplan("compare", OLD, plan)
    assert said.code == 0
    assert "64.30 million USD as before" in said.out
    assert said.out.endswith("Nothing else changed.\n")
    assert f"note: {OLD}/{MISSING}" in said.err


def test_the_report_of_a_plan_of_an_earlier_version_says_what_it_lacks(plan: Path, tmp_path: Path) -> None:
    assert lodeplan("report", OLD, "-o", tmp_path / "old.html").code == 0
    assert lodeplan("report", plan, "-o", tmp_path / "new.html").code == 0
    said = f"What the plan lacks is not shown: {MISSING.strip()}."
    old, new = ((tmp_path / name).read_text("utf-8") for name in ("old.html", "new.html"))
    assert said in old
    assert said not in new


@pytest.mark.parametrize("table", sorted(path.name for path in OLD.glob("*.csv")))
def test_the_columns_of_an_earlier_version_are_written_as_they_were(plan: Path, table: str) -> None:
    old, new = ((folder / table).read_text("utf-8").splitlines() for folder in (OLD, plan))
    heading = next(csv.reader(old))
    kept = [",".join(row[column] for column in heading) for row in csv.DictReader(new)]
    assert [",".join(heading), *kept] == old


def test_a_kind_that_was_renamed_is_read_as_it_is_called_now(plan: Path, tutorial: Path, tmp_path: Path) -> None:
    set_cell(plan / "limits.csv", "kind", "ban", who="CD")
    set_cell(plan / "limits.csv", "unit", "t", who="CD")
    other = shutil.copytree(plan, tmp_path / "other")
    set_cell(other / "limits.csv", "kind", "exclude", who="CD")
    same = lodeplan("compare", plan, plan)
    assert lodeplan("compare", plan, other) == lodeplan("compare", other, plan) == same
    assert "kind says 'ban'" in lodeplan("audit", other, tutorial).out


def test_a_unit_of_a_limit_may_be_any_that_begins_with_what_its_kind_counts(plan: Path) -> None:
    def counted_in(unit: str) -> str:
        set_cell(plan / "limits.csv", "unit", unit, who="CD")
        return lodeplan("compare", plan, plan).err

    set_cell(plan / "limits.csv", "kind", "quota", who="CD")
    assert counted_in("t a year") == counted_in("t a month") == counted_in("t") == ""
    assert counted_in("tons") == f"{plan}/limits.csv:6 unit: 'tons' is not one of t\n"
    set_cell(plan / "limits.csv", "kind", "average_cap", who="CD")
    assert counted_in("kg CO2 per t") == ""

"""What may happen, on the page of a plan for scenarios: rows and marks as risk.csv and regret.csv have them."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

import lodeplan as api
from models.records.wording import format_count
from optimizer.charts.outcomes import MOST_ROWS, draw_outcomes, draw_regrets
from optimizer.folders.shown import read_shown
from optimizer.report.risk import NOT_COUNTED, describe_risk_in, describe_value_in
from tests.cli.command import lodeplan
from tests.page.conftest import NAMED
from tests.scenarios.hostile import write_instance

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.page.conftest import Heard, Rows


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an instance of more scenarios than are drawn, some with names that want to be more than text."""
    return write_instance(tmp_path_factory.mktemp("outcomes"))


@pytest.fixture(scope="module")
def plan(instance: Path) -> Path:
    """Return its plan, with what planning for scenarios is worth."""
    folder = instance.with_name("plan")
    said = lodeplan("solve", instance, "--value", "-o", folder, "--report", "-q")
    assert said.code == 0, said.err
    return folder


def test_each_scenario_is_drawn_as_the_file_has_it_the_worst_first(
    plan: Path, visit: Callable[..., Any], listen: Callable[[Any], Heard]
) -> None:
    calm, *rows = read(plan / "risk.csv")
    rows.sort(key=lambda row: (float(row["covered"]), -float(row["extra cost"])))
    shown, rest = rows[:MOST_ROWS], rows[MOST_ROWS:]
    page = visit(plan / "report.html")
    first, *drawn, together = page.query_selector_all(".outcomes tbody tr")
    assert cells(first)[:2] == [f"if nothing happens\ncosts {float(calm['cost']) / 1e6:.1f} million USD", "56.0 %"]
    ends = [0.0, *(float(row["extra cost"]) for row in shown), mean(rest)]
    for one, row in zip(drawn, shown, strict=True):
        who, chance, _, covered, _, more = cells(one)
        assert who == f"{row['scenario']}\nfrom {row['begins']}"
        assert chance == f"{100 * float(row['probability']):.1f} %"
        share, extra = float(row["covered"]), float(row["extra cost"])
        assert covered == (f"{100 * share:.0f} %\nof {row['material']}" if share < 1 else "all")
        assert float(more) == pytest.approx(extra / 1e6, abs=0.051)
        assert wide(one)[1] == pytest.approx(100 * share, abs=0.006)
        assert wide(one)[2] == pytest.approx(100 * abs(extra) / (max(ends) - min(ends)), abs=0.006)
    who, chance, _, covered, _, more = cells(together)
    assert (who, covered) == (f"{format_count(len(rest), 'others')} together\non the mean", "all")
    assert chance == f"{100 * sum(float(row['probability']) for row in rest):.1f} %"
    assert float(more.replace("\u2212", "-")) == pytest.approx(mean(rest) / 1e6, abs=0.051)
    assert page.query_selector(".costs .sum th").inner_text() == "all, if nothing happens"
    heard = listen(page)
    assert {role: names for role, names in heard.names.items() if role in NAMED and not all(names)} == {}


def test_regret_stands_beside_that_of_the_plan_for_the_calm(plan: Path, visit: Callable[..., Any]) -> None:
    rows = {row["scenario"]: row for row in read(plan / "regret.csv")}
    drawn = visit(plan / "report.html").query_selector_all(".regrets tbody tr")
    assert len(drawn) == MOST_ROWS + 1
    most = max(float(row["calm plan regret"]) for row in rows.values())
    for one in drawn[:MOST_ROWS]:
        who, _, _, own, calm, mean = cells(one)
        row = rows["calm" if who == "if nothing happens" else who]
        assert float(mean) == pytest.approx(float(row["mean plan regret"]) / 1e6, abs=0.051)
        for told, column, mark in ((own, "regret", 1), (calm, "calm plan regret", 0)):
            assert float(told) == pytest.approx(float(row[column]) / 1e6, abs=0.051)
            assert wide(one)[mark] == pytest.approx(100 * float(row[column]) / most, abs=0.006)
    assert cells(drawn[-1])[0] == f"{len(rows) - MOST_ROWS} others, all less"


def test_the_caps_alone_have_a_column_of_their_own_where_they_are_another_plan_than_the_calm(plan: Path) -> None:
    shown = read_shown(plan)
    rows = shown.rows("regret")
    assert [row["caps plan cost"] for row in rows] == [row["calm plan cost"] for row in rows]
    assert "caps alone" not in draw_regrets(shown)
    dearer = [{**row, "caps plan regret": float(row["calm plan regret"] or 0) + 1e6} for row in rows]
    assert "caps alone, million" in draw_regrets(replace(shown, tables={**shown.tables, "regret": dearer}))
    older = [{key: cell for key, cell in row.items() if not key.startswith("caps")} for row in rows]
    drawn = draw_regrets(replace(shown, tables={**shown.tables, "regret": older}))
    assert "calm plan" in drawn
    assert "caps alone" not in drawn


def test_where_all_is_covered_in_each_scenario_no_column_of_full_bars_says_so(plan: Path) -> None:
    shown = read_shown(plan)
    rows = [{**row, "covered": 1.0} for row in shown.rows("risk")]
    named = {**rows[1], "scenario": "strike in 2027", "begins": "2027", "probability": 0.0001}
    whole = draw_outcomes(replace(shown, tables={**shown.tables, "risk": [rows[0], named]}))
    assert "stays covered" in draw_outcomes(shown)
    assert "stays covered</th>" not in whole
    assert "from <bdi>" not in whole, "said in the name already"
    assert "<td>0.01\u202f%</td>" in whole
    assert (whole.count('<th scope="col">'), whole.count("</td>")) == (4, 2 * 3)


@pytest.mark.parametrize("width", [390, 1400])
def test_what_may_happen_is_told_in_the_words_of_the_terminal_also_without_javascript(
    plan: Path, visit: Callable[..., Any], width: int
) -> None:
    page = visit(plan / "report.html", width, java_script_enabled=False)
    words = plain(page.locator("#may-happen").inner_text()).replace("\n", " ")
    shown = read_shown(plan)
    for told in (*describe_risk_in(shown.summary), *describe_value_in(shown.summary), NOT_COUNTED):
        assert told.replace("%", " %") in words
    assert page.locator("img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sides = [page.locator(f"{table} tbody tr").first.bounding_box() for table in (".outcomes", ".regrets")]
    assert all(side["x"] >= 0 and side["x"] + side["width"] <= width for side in sides)


def test_a_notebook_shows_what_may_happen_and_only_of_a_plan_for_scenarios(instance: Path) -> None:
    drawn = api.solve(instance)._repr_html_()
    assert 'class="outcomes"' in drawn
    assert "Expected cost" in drawn
    assert "<img" not in drawn
    assert "What may happen" not in api.solve(instance, calm=True)._repr_html_()


def test_the_workbook_has_the_tables_of_scenarios(plan: Path, tmp_path: Path) -> None:
    assert lodeplan("export", plan, tmp_path / "book.xlsx").code == 0
    with CalamineWorkbook.from_path(tmp_path / "book.xlsx") as book:
        found = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    for sheet, table in (("Scenarios", "risk"), ("Responses", "responses"), ("Regret", "regret")):
        rows = read(plan / f"{table}.csv")
        top = next(at for at, row in enumerate(found[sheet]) if row[0] == "scenario")
        names = [row[0] for row in found[sheet][top + 1 :] if row[0]]
        assert names == [row["scenario"] for row in rows]
        heading, last = found[sheet][top], found[sheet][top + len(rows)]
        figures = {
            key: value
            for key, value in rows[-1].items()
            if re.fullmatch(r"-?[\d.]+", value) and key not in {"begins", "period"}
        }
        for key, value in figures.items():
            place = next(at for at, name in enumerate(heading) if plain(str(name)).partition(" [")[0] == key)
            assert last[place] == float(value)
    assert any("Expected cost" in str(cell) for row in found["Summary"] for cell in row)


def test_a_summary_without_what_follows_in_its_scenarios_is_refused(plan: Path, tmp_path: Path) -> None:
    broken = shutil.copytree(plan, tmp_path / "plan")
    summary = json.loads((broken / "summary.json").read_text("utf-8"))
    summary["risk"]["scenarios"][0]["materials"] = None
    (broken / "summary.json").write_text(json.dumps(summary), "utf-8")
    said = lodeplan("report", broken, "-o", tmp_path / "page.html")
    assert said.code == 2
    assert "summary.json: does not say what follows in its scenarios" in said.err


def read(file: Path) -> Rows:
    """Return the rows of a table, by column without its unit; texts as they were before they were guarded."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [{key.partition(" [")[0]: cell for key, cell in row.items()} for row in csv.DictReader(opened)]
    return [{key: cell[1:] if cell.startswith("'=") else cell for key, cell in row.items()} for row in rows]


def mean(rows: Rows) -> float:
    chance = sum(float(row["probability"]) for row in rows)
    return sum(float(row["probability"]) * float(row["extra cost"]) for row in rows) / chance


def cells(row: Any) -> list[str]:
    return [plain(cell.inner_text()) for cell in row.query_selector_all("th, td")]


def plain(said: str) -> str:
    return re.sub("[\u202f\u00a0]", " ", said)


def wide(row: Any) -> list[float]:
    """Return how wide the marks of a row are, in per cent of their bar."""
    return [float(mark.get_attribute("width").rstrip("%")) for mark in row.query_selector_all("rect")]

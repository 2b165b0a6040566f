"""Period by period: columns stand as high as the shares of the plan's CSV file, in two years and in eight quarters."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from models.records.countries import country_name
from optimizer.charts.periods import draw_periods
from optimizer.charts.stages import BASES
from optimizer.folders.shown import read_shown
from optimizer.page.report import draw_report
from tests.cli.command import ROOT, lodeplan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from optimizer.charts.shown import Row, ShownPlan

Key = tuple[str, str, str]
Shares = dict[Key, dict[str, dict[str, dict[str, str]]]]


@pytest.fixture(scope="module")
def quarterly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the plan of eight quarters."""
    folder = tmp_path_factory.mktemp("quarterly") / "plan"
    said = lodeplan("solve", ROOT / "instances/us-battery-quarterly", "--calm", "-o", folder, "-q")
    assert said.code == 0, said.err
    return folder


def _read(plan: Path) -> Shares:
    """Return the rows of the shares by (material, stage, basis), period and country."""
    found: Shares = {}
    with (plan / "exposure.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["period"]:
                key = row["material"], row["stage"], row["basis"]
                found.setdefault(key, {}).setdefault(row["period"], {})[row["country"]] = row
    return found


def _part(mark: Any, attribute: str) -> float:
    return float(mark.get_attribute(attribute).rstrip("%")) / 100


def _largest(rows: dict[str, dict[str, str]]) -> dict[str, str]:
    named = [row for country, row in rows.items() if country != "ZZ" and float(row["share"]) > 5e-5]
    return max(named, key=lambda row: float(row["share"]), default={})


def _look(rows: dict[str, dict[str, str]]) -> tuple[Any, ...]:
    """Return what a column of these rows has to show."""
    first, hidden = _largest(rows), rows.get("ZZ", {"share": "0"})
    return (
        first.get("country"),
        round(float(first.get("share", 0)), 2),
        first.get("cap"),
        round(float(hidden["share"]), 2),
    )


@pytest.mark.parametrize(("plan", "count"), [("battery", 2), ("quarterly", 8)])
def test_each_column_is_as_high_as_the_share_of_its_period(
    plan: str, count: int, request: pytest.FixtureRequest, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    folder: Path = request.getfixturevalue(plan)
    place = tmp_path / "report.html"
    place.write_text(draw_report(read_shown(folder)), "utf-8")
    page, shares = visit(place), _read(folder)
    drawn: set[Key] = set()
    for basis in BASES:
        for row in page.query_selector_all(f"#periods .by.{basis} tbody tr"):
            material, stage = (one.text_content() for one in row.query_selector_all("th bdi"))
            drawn.add((material, stage, basis))
            columns = row.query_selector_all("g")
            assert len(columns) == count
            for column in columns:
                period = column.query_selector("title").text_content().partition(":")[0]
                _must_show(column, row.text_content(), shares[material, stage, basis].get(period, {}))
    changing = {key for key, periods in shares.items() if len({_look(rows) for rows in periods.values()}) > 1}
    assert changing <= drawn
    page.check("#by-place", force=True)
    assert page.locator("#periods .place").is_visible()
    assert not page.locator("#periods .control").is_visible()


def _must_show(column: Any, words: str, rows: dict[str, dict[str, str]]) -> None:
    """Compare one column with its rows: the named part from the floor, the hatched one on it, the tick at the cap."""
    first = _largest(rows)
    share, hidden = float(first.get("share", 0)), float(rows.get("ZZ", {"share": "0"})["share"])
    _, *marks = column.query_selector_all("rect")
    solid = [mark for mark in marks if mark.get_attribute("class") != "hatched"]
    hatched = [mark for mark in marks if mark.get_attribute("class") == "hatched"]
    assert sum(_part(mark, "height") for mark in solid) == pytest.approx(share, abs=1e-3)
    assert sum(_part(mark, "height") for mark in hatched) == pytest.approx(min(hidden, 1 - share), abs=1e-3)
    for mark in hatched:
        assert _part(mark, "y") == pytest.approx(1 - share - hidden, abs=1e-3)
    tick = column.query_selector("line")
    assert (tick is None) == (not first.get("cap"))
    if first:
        assert country_name(first["country"]) in words
    if tick is not None:
        assert 1 - _part(tick, "y1") == pytest.approx(float(first["cap"]), abs=1e-4)
        at_cap = float(first["counted"]) >= float(first["cap"]) - 1e-6
        assert ("reached" in tick.get_attribute("class")) == at_cap
        assert ("at its cap" in words) >= at_cap


@pytest.mark.parametrize("width", [390, 700, 1400])
def test_eight_quarters_fit_every_width(quarterly: Path, tmp_path: Path, visit: Callable[..., Any], width: int) -> None:
    place = tmp_path / "report.html"
    place.write_text(draw_report(read_shown(quarterly)), "utf-8")
    page = visit(place, width)
    wider = "one => one.scrollWidth - one.clientWidth"
    assert all(cell.evaluate(wider) <= 2 for cell in page.query_selector_all("#periods .control :is(th, td)"))
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def _said(drawn: str) -> str:
    return re.sub("<.*?>", "", drawn).replace("\u202f", " ")


def test_who_leads_and_who_is_at_a_cap_is_said_from_when_to_when(shown: ShownPlan) -> None:
    periods = ("Q1", "Q2", "Q3", "Q4")
    led = (("CN", 0.6, 0.6), ("CN", 0.5, 0.6), ("CN", 0.6, 0.6), ("CL", 0.4, None))
    rows: list[Row] = []
    for period, (who, share, cap) in zip(periods, led, strict=True):
        row: Row = {"material": "ore", "stage": "mined", "basis": "place", "period": period, "country": who}
        rows.append(row | {"share": share, "cap": cap, "counted": share if cap else None})
    stock: list[Row] = [{"period": period} for period in periods]
    plan = replace(shown, tables={"exposure": rows, "stock": stock})
    told = _said(draw_periods(plan, {}))
    assert (
        "China 50.0 to 60.0 % (most in Q1) in Q1 to Q3; Chile 40.0 % in Q4; China at its cap, 60 %, in Q1 and Q3"
    ) in told


def test_where_nothing_changes_a_sentence_says_so_and_nothing_is_drawn(shown: ShownPlan) -> None:
    rows = [row for row in shown.rows("exposure") if row["period"] != "2028"]
    again = [row | {"period": "2028"} for row in rows if row["period"]]
    drawn = draw_periods(replace(shown, tables={**shown.tables, "exposure": [*rows, *again]}), {})
    assert drawn.count("are the same in every period.</p>") == 2
    assert "<svg" not in drawn
    one = [row for row in shown.rows("stock") if row["period"] == "2027"]
    alone = replace(shown, tables={**shown.tables, "exposure": rows, "stock": one})
    assert draw_periods(alone, {}) == ""
    assert "Period by period" not in draw_report(alone)

"""A plan beside another one, and on a sweep that it is a point of."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from optimizer.charts.shown_sweep import LargestShare, ShownPoint, ShownSweep
from optimizer.folders.shown_sweep import read_shown_sweep
from optimizer.page.report import draw_report
from tests.cli.command import ROOT, lodeplan
from tests.page.conftest import NAMED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from optimizer.charts.shown import ShownPlan
    from tests.page.conftest import Heard


SMALLEST = 11.5
"""Pixels of the smallest text."""
SIZES = """[...document.querySelectorAll('svg text')].filter(one => one.getClientRects().length).map(one =>
    parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)"""
"""What gives the sizes of texts in drawings, as they stand on the screen."""


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sweep of the battery instance; its plan at 60 % is a point of it."""
    folder = tmp_path_factory.mktemp("sweep") / "sweep"
    said = lodeplan(
        "sweep", ROOT / "instances/us-battery-2027", "--cap", "refined/graphite:CN=60%,50%,40%", "-o", folder, "-q"
    )
    assert said.code == 0, said.err
    return folder


def _texts(page: Any, where: str) -> list[str]:
    return [one.text_content() for one in page.query_selector_all(where)]


def test_a_sweep_is_drawn_point_by_point_with_the_plan_on_it(
    battery: Path, sweep: Path, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    place = tmp_path / "report.html"
    assert lodeplan("report", battery, "--sweep", sweep, "-o", place).code == 0
    points = json.loads((sweep / "sweep.json").read_text("utf-8"))["points"]
    plan = json.loads((battery / "summary.json").read_text("utf-8"))
    page = visit(place)
    path = page.locator("#frontier .path").get_attribute("points").split()
    spots = [tuple(map(float, spot.split(","))) for spot in path]
    costs = [point["cost"] for point in reversed(points)]  # from the left, the lowest level first
    assert len(spots) == len(costs)
    down = [y for _, y in spots]
    parts = [(y - down[0]) / (down[-1] - down[0]) for y in down]
    assert parts == pytest.approx([(cost - costs[0]) / (costs[-1] - costs[0]) for cost in costs], abs=0.01)
    assert len({round(b[0] - a[0], 1) for a, b in pairwise(spots)}) == 1
    same = [point["levels"][0] for point in points if point["cost"] == pytest.approx(plan["cost"], rel=1e-6)]
    assert page.locator("#frontier .diamond").count() == len(same) == 1
    assert f"this plan, {same[0]}" in [said.replace("\u202f", "") for said in _texts(page, "#frontier .strong")]
    assert page.locator("#frontier .knee").count() == sum(point["knee"] for point in points)
    assert _texts(page, "#frontier .axis") == ["cap on China in refined graphite, by place and by control, %"]
    costs_said = [float(re.sub(r"\s", "", said)) for said in _texts(page, "#frontier .end") if "knee" not in said]
    steps = {round(b - a, 6) for a, b in pairwise(costs_said)}
    assert len(steps) == 1
    assert all(said % min(steps) == 0 for said in costs_said)
    page.locator("#table-frontier summary").click()
    rows = [row.inner_text().split("\t") for row in page.query_selector_all("#table-frontier tbody tr")]
    assert [row[0] for row in rows] == [point["levels"][0] for point in points]
    told = [float(re.sub(r"\s", "", row[5])) for row in rows]
    assert told == pytest.approx([point["cost"] for point in points], abs=0.51)


def test_levels_without_a_plan_unmet_demand_and_a_second_change_are_drawn(
    shown: ShownPlan, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    points = [
        ShownPoint(
            f"{level}%",
            level,
            line,
            "proven" if cost else "no plan",
            level == 40,
            cost,
            unmet,
            place=most,
            control=most,
        )
        for line in ("0%", "10%")
        for level, cost, unmet in ((20, None, 0.0), (40, 3e9, 0.25), (60, 2e9, 0.0))
        for most, status in [(LargestShare(0.5, "CN, refined <b>"), "proven") if cost else (None, "no plan")]
    ]
    words = ("cap on <i>, %", "demand, change in %")
    sweep = ShownSweep(("cap <i>", "demand"), words, shown.currency, "another", complete=False, points=points)
    place = tmp_path / "report.html"
    place.write_text(draw_report(shown, sweep=sweep), "utf-8")
    page = visit(place, 390)
    assert page.locator("#frontier svg").count() == 2
    assert _texts(page, "#frontier h3") == ["0\u202f% demand, change in %", "10\u202f% demand, change in %"]
    assert [text for text in _texts(page, "#frontier .alarm") if text == "\u00d7"] == ["\u00d7"] * 2
    assert page.locator("#frontier .path.unmet").count() == 2
    assert page.locator("#frontier svg").first.get_attribute("aria-label").startswith("Cost in USD by cap on <i>, %")
    assert _texts(page, "#frontier .axis") == ["cap on <i>, %"] * 2
    words = page.inner_text("#frontier > p")
    assert "another state of the instance" in words
    assert "stopped before its end" in words
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("levels", ["-5%,-10%", "x0.8,x1.2", "+50,-50"])
def test_levels_that_say_a_change_are_drawn_in_their_order(tmp_path: Path, levels: str) -> None:
    words = ("--demand", f"lithium={levels}", "-o", tmp_path / "sweep", "--report", "-q")
    said = lodeplan("sweep", ROOT / "instances/tutorial-lithium-cobalt", *words)
    assert said.code == 0, said.err
    shown = read_shown_sweep(tmp_path / "sweep")
    costs = [point.cost for point in sorted(shown.points, key=lambda point: point.number)]
    assert costs == sorted(costs, key=lambda cost: cost or 0.0)  # more is dearer


@pytest.mark.parametrize("width", [360, 390, 700, 1000, 1400])
def test_no_text_of_a_drawing_is_smaller_than_may_be(
    battery: Path, sweep: Path, tmp_path: Path, visit: Callable[..., Any], width: int
) -> None:
    place = tmp_path / "report.html"
    assert lodeplan("report", battery, "--sweep", sweep, "-o", place).code == 0
    page = visit(place, width)
    heights = page.evaluate(SIZES)
    assert heights
    assert min(heights) >= SMALLEST


def test_a_plan_beside_another_tells_what_moved(
    battery: Path, sweep: Path, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    other = sweep / "plans/3"
    place = tmp_path / "report.html"
    assert lodeplan("report", battery, "--compare", other, "-o", place).code == 0
    here, there = (json.loads((folder / "summary.json").read_text("utf-8")) for folder in (battery, other))
    page = visit(place)
    words = page.inner_text("#compared > p").replace("\u202f", " ").replace("\u00a0", " ")
    change = (there["cost"] - here["cost"]) / 1e6
    assert f"This plan costs {change:.2f} million USD" in words
    assert "less than the other" in words
    rows = {
        row.query_selector("th").inner_text(): [cell.inner_text() for cell in row.query_selector_all("td")[1:]]
        for row in page.query_selector_all(".moved >> nth=0 >> tbody tr")
    }
    for cost, (before, after, moved) in rows.items():
        amounts = [one["costs"][cost] / 1e6 for one in (there, here)]
        told = [float(re.sub(r"\s", "", cell)) for cell in (before, after)]
        assert told == pytest.approx(amounts, abs=0.0051)
        assert float(re.sub(r"[\s+]", "", moved).replace("\u2212", "-")) == pytest.approx(
            amounts[1] - amounts[0], abs=0.0051
        )
    graphite = next(
        row
        for row in page.query_selector_all(".moved >> nth=2 >> tbody tr")
        if row.query_selector("th").inner_text().startswith("China") and "by control" in row.inner_text()
    )
    assert [cell.inner_text()[:4] for cell in graphite.query_selector_all("td")[1:3]] == ["40.0", "60.0"]


def test_a_screen_reader_hears_a_name_for_all_that_stands_beside_a_plan(
    sweep: Path, cases: Path, tmp_path: Path, visit: Callable[..., Any], listen: Callable[[Any], Heard]
) -> None:
    assert lodeplan("report", sweep, "--compare", sweep / "plans/3", "-o", tmp_path / "1.html").code == 0
    assert lodeplan("report", cases, "-o", tmp_path / "2.html").code == 0
    for number, words in (
        ("1", "Cost in USD by cap on China in refined graphite"),
        ("2", "What the plan of each case"),
    ):
        heard = listen(visit(tmp_path / f"{number}.html"))
        assert all(after <= before + 1 for before, after in pairwise(heard.headings))
        assert {role: names for role, names in heard.names.items() if role in NAMED and not all(names)} == {}
        assert any(said.startswith(words) for said in heard.names["table"] + heard.names["image"])


def test_a_plan_beside_itself_moved_nothing(shown: ShownPlan, tmp_path: Path, visit: Callable[..., Any]) -> None:
    place = tmp_path / "report.html"
    place.write_text(draw_report(shown, other=shown), "utf-8")
    page = visit(place)
    assert "This plan costs the same as the other" in page.inner_text("#compared > p")
    assert page.locator("#compared .moved").count() == 0
    assert "The same limits bind in both." in page.inner_text("#compared")


def test_what_nobody_may_read_past_of_the_other_plan_is_said(shown: ShownPlan) -> None:
    summary = {**shown.summary, "status": "stopped", "bound": None}
    page = draw_report(shown, other=replace(shown, summary=summary))
    assert '</code>), which <b class="alarm">was stopped before its proof</b>.' in page


def test_what_counts_in_other_money_or_is_no_sweep_is_refused(
    battery: Path, sweep: Path, shown: ShownPlan, tmp_path: Path
) -> None:
    said = lodeplan("report", battery, "--sweep", battery, "-o", tmp_path / "report.html")
    assert said.code == 2
    assert f"{battery}/sweep.json: leads to a file that is not there; lodeplan sweep -o writes one" in said.err
    record = json.loads((sweep / "sweep.json").read_text("utf-8"))
    spoilt = tmp_path / "spoilt"
    spoilt.mkdir()
    for key, value in (("points", [{"levels": ["x"]}]), ("axes", 3), ("points", [record["points"][0] | {"cost": "a"}])):
        (spoilt / "sweep.json").write_text(json.dumps(record | {key: value}), "utf-8")
        said = lodeplan("report", battery, "--sweep", spoilt, "-o", tmp_path / "report.html")
        assert f"{spoilt}/sweep.json: is not the record of a sweep" in said.err
    with pytest.raises(Exception, match="the other plan is in EUR and this plan in USD; convert one of them"):
        draw_report(shown, other=replace(shown, currency="EUR"))
    assert not (tmp_path / "report.html").exists()


def test_the_folder_of_a_sweep_is_drawn_by_the_plan_at_its_knee(sweep: Path, tmp_path: Path) -> None:
    points = json.loads((sweep / "sweep.json").read_text("utf-8"))["points"]
    planned = [point for point in points if point["plan"]]
    chosen = min(planned, key=lambda point: (not point["knee"], point["cost"]))
    assert lodeplan("report", sweep, "-o", tmp_path / "one.html").code == 0
    assert lodeplan("report", sweep / chosen["plan"], "--sweep", sweep, "-o", tmp_path / "two.html").code == 0
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
    assert "another state of the instance" not in (tmp_path / "one.html").read_text("utf-8")


def test_alternatives_are_drawn_as_the_best_plan_and_their_list(tmp_path: Path, visit: Callable[..., Any]) -> None:
    folder = tmp_path / "alternatives"
    words = ("alternatives", ROOT / "instances/tutorial-lithium-cobalt", "-o", folder, "-q")
    assert lodeplan(*words).code == 0
    assert lodeplan("report", folder).code == 0
    with (folder / "alternatives.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    page = visit(folder / "report.html")
    told = [row.inner_text().split("\t") for row in page.query_selector_all("#table-alternatives tbody tr")]
    assert [row[0] for row in told] == [row["plan"] for row in rows]
    costs = [float(re.sub(r"\s", "", row[1])) for row in told]
    assert costs == pytest.approx([float(row["cost [USD]"]) for row in rows], abs=0.51)
    assert lodeplan(*words, "--force").code == 0
    assert not (folder / "report.html").exists()
    (folder / "alternatives.csv").write_text("plan,cost\nbest\n", "utf-8")
    said = lodeplan("report", folder)
    assert said.code == 2
    assert "alternatives.csv: is not a table of plans; lodeplan alternatives -o writes one" in said.err


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return cases of the tutorial: one costs more, one less, and one has no plan."""
    folder = tmp_path_factory.mktemp("cases")
    (folder / "cases.csv").write_text(
        "case,what,value\nmore,demand,lithium=1100\nless,demand,lithium=900\nnone,demand,cobalt=x10\n", "utf-8"
    )
    words = ("--changes", folder / "cases.csv", "--grid", "more,less,none", "-o", folder / "found", "-q")
    said = lodeplan("whatif", ROOT / "instances/tutorial-lithium-cobalt", *words)
    assert said.code == 0, said.err
    return folder / "found"


def test_cases_are_drawn_as_the_plan_as_it_is_and_what_each_costs(
    cases: Path, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    place = tmp_path / "page.html"
    assert lodeplan("report", cases, "-o", place).code == 0
    with (cases / "whatif.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["case"]: row for row in csv.DictReader(file)}
    page = visit(place)
    assert "This page shows the plan as it is" in page.inner_text("#cases > p")
    drawn = {row.query_selector("bdi").inner_text(): row for row in page.query_selector_all("#cases tbody tr")}
    assert list(drawn) == list(rows) == ["as it is", "more", "less", "none"]
    changes = {case: float(rows[case]["change [USD]"]) for case in ("more", "less")}
    base, width = float(rows["as it is"]["cost [USD]"]), changes["more"] - changes["less"]
    for case, change in changes.items():
        bar = drawn[case].query_selector("rect")
        assert float(bar.get_attribute("width").rstrip("%")) == pytest.approx(100 * abs(change) / width, abs=0.02)
        begin = 100 * (min(change, 0.0) - changes["less"]) / width
        assert float(bar.get_attribute("x").rstrip("%")) == pytest.approx(begin, abs=0.02)
        cells = [cell.inner_text() for cell in drawn[case].query_selector_all("td")[1:]]
        cost, more = (float(re.sub(r"[\s%]", "", cell).replace("\u2212", "-")) for cell in cells)
        assert (cost, more) == pytest.approx(((base + change) / 1e6, 100 * change / base), abs=0.0051)
    assert drawn["none"].query_selector(".alarm").inner_text() == "no plan"
    assert rows["none"]["why"][:40] in drawn["none"].inner_text()


def test_without_a_plan_as_it_is_the_cheapest_case_is_drawn(cases: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(cases, tmp_path / "found")
    heading, first, *rest = (folder / "whatif.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "whatif.csv").write_text(
        heading + "as it is,no plan" + "," * (heading.count(",") - 1) + "\n" + "".join(rest)
    )
    assert first.endswith("plans/01-as-it-is\n")
    assert lodeplan("report", folder).code == 0
    assert "This page shows that of <b><bdi>less</bdi></b>" in (folder / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new"), [("plans/02-more", "plans/../../x"), ("cost [USD]", "price"), ("proven,", "proven,many")]
)
def test_what_is_no_table_of_cases_is_refused(cases: Path, tmp_path: Path, old: str, new: str) -> None:
    folder = shutil.copytree(cases, tmp_path / "found")
    told = (folder / "whatif.csv").read_text("utf-8")
    (folder / "whatif.csv").write_text(told.replace(old, new, 1), "utf-8")
    said = lodeplan("report", folder)
    assert said.code == 2
    assert said.err == f"{folder}/whatif.csv: is not a table of cases; lodeplan whatif --grid -o writes one\n"

"""What a notebook shows of each kind of result: drawings and tables in a style of their own, and names as text."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pandas as pd
import pytest

import lodeplan as api
from lodeplan._html import table
from models.records.countries import country_name
from optimizer.charts.markup import percent, text
from optimizer.folders.shown import read_shown
from optimizer.folders.shown_solved import show_solved
from tests.cli.command import ROOT, copied, edit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TUTORIAL = ROOT / "instances/tutorial-lithium-cobalt"
HOSTILE = "</p><script>alert(1)</script>"


@pytest.fixture(scope="module")
def plan() -> api.Solution:
    return api.solve(TUTORIAL)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tutorial with names that would be mark-up where they are not written as text."""
    folder = copied("tutorial-lithium-cobalt", tmp_path_factory.mktemp("hostile"))
    edit(folder / "instance.toml", 'title = "Tutorial', f'title = "{HOSTILE} Tutorial')
    for name in ("offers.csv", "owners.csv"):
        table = (folder / name).read_text("utf-8").replace("talison", '"<img src=x onerror=""alert(1)"">"')
        (folder / name).write_text(table.replace("greenbushes", "<b>greenbushes"), "utf-8")
    return folder


def cases_of(folder: Path) -> api.Cases:
    file = folder.parent / "cases.csv"
    file.write_text("case,what,value\n<i>low,cap refined/lithium:CN,30%\nnone,cap *:each,0%\n", encoding="utf-8")
    return api.whatif(folder, grid=["<i>low,none"], changes_file=file)


def _as_bought(folder: Path) -> api.Exposure:
    """Return what hangs on whom where all is bought of one offer, which has a name that would be mark-up."""
    place = folder.parent / "bought"
    if not place.exists():
        shutil.copytree(folder, place)
        heading, first, *others = (place / "offers.csv").read_text("utf-8").splitlines()
        rows = [f"{heading},incumbent_quantity", f"{first},100", *(f"{row}," for row in others)]
        (place / "offers.csv").write_text("\n".join(rows), "utf-8")
    return api.exposure(place)


RESULTS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "plan": (api.solve, 'class="matrix"'),
    "priced": (lambda folder: api.solve(folder, prices=True), 'class="prices"'),
    "audit": (lambda folder: api.audit(api.solve(folder), folder), 'class="matrix"'),
    "prices": (api.price, 'class="prices"'),
    "alternatives": (lambda folder: api.alternatives(folder, count=1), 'class="amounts"'),
    "comparison": (lambda folder: api.whatif(folder, "cap refined/lithium:CN=20%"), 'class="pair moved"'),
    "stress": (lambda folder: api.stress(api.solve(folder), folder, lose="each-company"), 'class="stressed"'),
    "cases": (cases_of, 'class="amounts"'),
    "frontier": (lambda folder: api.sweep(folder, "cap refined/cobalt:CN=20%,40%"), 'class="frontier"'),
    "no plan": (lambda folder: api.explain(api.change(folder, "cap *:each=0%")), 'class="amounts"'),
    "offer": (lambda folder: api.explain(folder, "<b>greenbushes"), 'class="amounts"'),
    "why": (api.explain, 'class="binding"'),
    "policies": (lambda _: api.policies("eu-crma", as_of="2027-01-01"), 'class="spans"'),
    "law": (lambda _: api.law(ROOT / "instances/us-battery-2027"), 'class="spans"'),
    "instance": (api.load, "<table>"),
    "data": (lambda _: api.data("cobalt"), 'class="amounts"'),
    "data of a country": (lambda _: api.data("CN"), 'class="amounts"'),
    "exposure": (_as_bought, 'class="amounts"'),
}


@pytest.mark.parametrize("kind", RESULTS)
def test_a_result_shows_its_drawings_and_every_name_as_text(kind: str, hostile: Path) -> None:
    ask, drawn = RESULTS[kind]
    html = ask(hostile)._repr_html_()
    assert drawn in html
    assert not [sign for sign in ("<script", "<img", "<b>green", "<i>", "http", "@import", "url(h") if sign in html]
    if kind not in {"policies", "law", "data", "data of a country"}:
        assert text(HOSTILE) in html
    assert html.count("<style>") == (kind != "instance")
    ElementTree.fromstring(f"<div>{html}</div>")  # noqa: S314 (our own)


def test_a_plan_shows_what_it_leaves_unsaid_and_its_tables_with_units(plan: api.Solution) -> None:
    html = plan._repr_html_()
    assert html.count("<dt>") == 5
    assert html.count("<details>") == 3, "costs, contracts and limits"
    assert '<th scope="col">amount [USD]</th>' in html
    assert text("\u202egpj") == "\\u202egpj"


def test_a_plan_opens_on_the_basis_of_its_report(plan: api.Solution) -> None:
    assert '<div class="shown-control"><table class="matrix">' in plan._repr_html_()
    unknown = api.solve(ROOT / "instances/eu-strategic-2030")._repr_html_()
    assert '<div class="shown-place">' in unknown, "most of its owners are undisclosed"
    assert "the largest country at each stage by place" in unknown


def test_years_are_no_amounts() -> None:
    frame = pd.DataFrame({"what": ["x"], "year": [2025], "quantity": [2025.0]})
    assert "<td>x</td><td>2025</td><td>2\u202f025</td>" in table("x", frame, opened=True)


def test_a_plan_is_shown_from_memory_as_it_is_from_its_folder(plan: api.Solution, tmp_path: Path) -> None:
    plan.write(tmp_path / "plan")
    ours, read = show_solved(plan.found), read_shown(tmp_path / "plan")
    assert ours.summary == read.summary
    assert ours.tables == read.tables
    assert (ours.title, ours.currency, ours.mass_unit) == (read.title, read.currency, read.mass_unit)


def test_folders_are_compared_as_the_plans_in_them(plan: api.Solution, tmp_path: Path) -> None:
    after = api.solve(api.change(TUTORIAL, "cap refined:CN@control=30%"))
    plan.write(tmp_path / "before")
    after.write(tmp_path / "after")
    html = api.compare(tmp_path / "before", tmp_path / "after")._repr_html_()
    assert html == api.compare(plan, after)._repr_html_()
    assert html.count("<dt>") == 5, "what the later plan leaves unsaid"
    assert "Bind only before: <bdi>china-refined-place</bdi>." in html
    assert f"<td>{percent(0.4)}</td><td>{percent(0.3)}</td>" in html, "of what China refines"
    assert country_name("CN") in html


def test_the_style_of_a_result_reaches_nothing_else(plan: api.Solution) -> None:
    style = plan._repr_html_().partition("<style>")[2].partition("</style>")[0]
    selectors, depth, begin = [], 0, 0
    for place, sign in enumerate(style):
        if sign == "{" and depth == 0:
            selectors.append(style[begin:place])
        depth += (sign == "{") - (sign == "}")
        begin = place + 1 if sign == "}" and depth == 0 else begin
    assert depth == 0
    # the first is a query of the colour scheme, and holds the colours in the dark
    reached = {part for one in selectors if not one.startswith("@media") for part in one.split(",")}
    assert all(part.startswith(".lodeplan-drawn") for part in reached), reached
    assert "prefers-color-scheme:dark){.lodeplan-drawn{" in style


STRIPES = """<style>.cell td,.cell th{text-align:right;padding:.5em;white-space:nowrap}
.cell tbody tr:nth-child(odd){background:#fff}.cell table{table-layout:fixed;font-size:30px}</style>"""
"""Styles of the kind that notebooks have for tables."""


@pytest.mark.slow(reason="a browser")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_result_looks_the_same_in_a_page_with_styles_of_its_own(
    plan: api.Solution, scheme: str, browser: Any
) -> None:
    heard: list[str] = []
    seen = []
    for style in ("", STRIPES):
        page = browser.new_page(viewport={"width": 900, "height": 600}, color_scheme=scheme)
        page.on("console", lambda message: heard.append(message.text))
        page.on("request", lambda asked: heard.append(asked.url))
        page.set_content(f"<body>{style}<div class='cell'>{plan._repr_html_()}</div>")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        row = "getComputedStyle(document.querySelector('.binding tbody tr')).backgroundColor"
        cell = "getComputedStyle(document.querySelector('.data td')).fontSize"
        ground = "getComputedStyle(document.querySelector('.lodeplan-drawn')).backgroundColor"
        seen.append([page.evaluate(one) for one in (row, cell, ground)])
        page.close()
    assert seen[0] == seen[1]
    assert seen[0][2] == ("rgb(18, 21, 25)" if scheme == "dark" else "rgb(255, 255, 255)")
    assert not heard


@pytest.mark.slow(reason="a browser")
def test_a_name_that_nobody_reads_to_its_end_stays_within_its_cell(browser: Any, tmp_path: Path) -> None:
    folder = copied("tutorial-lithium-cobalt", tmp_path)
    for file in (*folder.glob("*.csv"), folder / "instance.toml"):
        said = file.read_text("utf-8")
        for name in ("kokkola", "cobalt", "china-refined-control"):
            said = re.sub(rf"(?<![\w-]){name}(?![\w-])", name.ljust(5_000, "x"), said)
        file.write_text(said, "utf-8")
    for ask in (api.solve, api.price, api.explain):
        page = browser.new_page(viewport={"width": 900, "height": 600})
        page.set_content(ask(folder)._repr_html_())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), ask.__name__
        page.close()

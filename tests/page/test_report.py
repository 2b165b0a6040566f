"""The report in a real browser: complete without JavaScript, quiet, readable at every width and by every reader."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from optimizer.folders.shown import read_shown
from optimizer.page.report import draw_report
from tests.cli.command import lodeplan
from tests.page.conftest import NAMED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from optimizer.charts.shown import ShownPlan
    from tests.page.conftest import Heard, Rows

LARGEST = 300_000
"""Bytes of the report of the battery instance."""
HOSTILE = ("</script><script>alert(1)</script>", "=cmd|' /C calc'!A0", "\u202eevil\u2067", "\x1b[31mred", "x" * 5000)


def _sideways(page: Any) -> int:
    wider: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wider


def test_the_same_plan_gives_the_same_bytes_and_not_many(battery: Path, report: Path) -> None:
    assert draw_report(read_shown(battery)) == report.read_text("utf-8")
    assert report.stat().st_size <= LARGEST


def test_nothing_is_asked_of_others_and_no_style_stands_outside_the_sheet(
    report: Path, visit: Callable[..., Any]
) -> None:
    page = visit(report)  # that nothing is complained of or asked for, `visit` says
    assert " style=" not in report.read_text("utf-8")
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 100
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_the_answer_the_five_fields_and_the_matrix_fit_the_first_screen(
    report: Path, visit: Callable[..., Any]
) -> None:
    page = visit(report)
    assert [term.inner_text() for term in page.query_selector_all(".unsaid dt")] == [
        "Unmet demand", "Undisclosed", "Assumed", "Lapsed law", "Proof",
    ]  # fmt: skip
    for part in ("h1", ".unsaid", ".survival", ".matrix", "#matrix .legend"):
        box = page.locator(part).bounding_box()
        assert box["y"] + box["height"] <= 900, part


def test_the_two_numbers_of_the_headline_are_those_of_the_terminal(report: Path, visit: Callable[..., Any]) -> None:
    said = lodeplan("solve", "instances/us-battery-2027", "-q").out
    heading = visit(report).inner_text("h1").replace("\u202f", " ").replace("\u00a0", " ")
    cost, limits = re.findall(r"[\d ]*\d\.\d+ million", heading)
    assert heading == f"The plan covers all demand for{cost} USD, of which its limits cost{limits}."
    assert f"the plan costs{cost} USD, proven to be the least; of it the limits cost{limits} USD" in said


def test_what_stays_covered_when_a_country_stops_is_said_as_on_the_terminal(
    report: Path, visit: Callable[..., Any]
) -> None:
    said = lodeplan("solve", "instances/us-battery-2027", "-q").out
    told = visit(report).inner_text(".survival").replace("\u202f", "").replace("\u00a0", " ")
    assert told.startswith("Without what China controls")
    assert told in said


def test_a_page_begins_with_place_where_most_owners_are_undisclosed(
    shown: ShownPlan, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    rows = shown.rows("exposure")
    hidden = [row | {"country": "ZZ", "share": 1.0} if row["basis"] == "control" else row for row in rows]
    place = tmp_path / "report.html"
    place.write_text(draw_report(replace(shown, tables={**shown.tables, "exposure": hidden})), "utf-8")
    page = visit(place)
    assert page.locator(".matrix .place").first.is_visible()
    assert not page.locator(".matrix .control").first.is_visible()
    page.locator("label[for=by-control]").click()
    assert page.locator(".matrix .control .top").first.inner_text().split() == ["undisclosed", "100.0", "%"]


CROWDED = """[...document.querySelectorAll('main th, main td, dd')].filter(one => one.getClientRects().length
    && !one.closest('.scroll') && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 2)
    .map(one => one.textContent)"""
"""What gives the cells that are narrower than what they say."""


@pytest.mark.parametrize("width", [360, 390, 700, 894, 1000, 1400])
def test_no_cell_is_narrower_than_what_it_says(report: Path, visit: Callable[..., Any], width: int) -> None:
    page = visit(report, width)
    assert page.evaluate(CROWDED) == []
    assert _sideways(page) <= 0


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways(report: Path, visit: Callable[..., Any], width: int, scheme: str) -> None:
    page = visit(report, width, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert _sideways(page) <= 0


def test_it_is_complete_without_javascript(
    report: Path, visit: Callable[..., Any], table: Callable[[str], Rows]
) -> None:
    page = visit(report, java_script_enabled=False)
    assert page.locator("#table-purchases tbody tr").count() == len(table("purchases"))
    assert page.locator("button").count() == 0
    assert page.locator(".matrix .control").first.is_visible()
    page.locator("#by-control").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".matrix .place").first.is_visible()
    assert not page.locator(".matrix .control").first.is_visible()


def test_tables_sort_filter_and_are_saved(
    report: Path, visit: Callable[..., Any], table: Callable[[str], Rows]
) -> None:
    page = visit(report)
    box = page.locator("#table-purchases")
    quantities = sorted((float(row["quantity"]) for row in table("purchases")), reverse=True)
    head = box.get_by_role("button", name="quantity [t]")
    head.focus()
    page.keyboard.press("Enter")
    column = [th.inner_text() for th in box.locator("thead th").all()].index("quantity [t]")
    first = box.locator("tbody tr").first.locator("td").nth(column).inner_text()
    assert float(re.sub(r"\s", "", first)) == pytest.approx(quantities[0], abs=0.5)
    assert box.locator("th[aria-sort=descending]").inner_text() == "quantity [t]"
    page.keyboard.press("Enter")
    least = box.locator("tbody tr").first.locator("td").nth(column).inner_text()
    assert float(re.sub(r"\s", "", least)) == pytest.approx(quantities[-1], rel=0.01)
    asked = table("purchases")[0]
    box.get_by_role("searchbox", name="Filter purchases").fill(f"{asked['offer'].upper()} {asked['period']}")
    kept = [row for row in table("purchases") if (row["offer"], row["period"]) == (asked["offer"], asked["period"])]
    assert len(table("purchases")) > box.locator("tbody tr").count() == len(kept) > 0
    with page.expect_download() as saving:
        box.get_by_role("button", name="Save as CSV").click()
    lines = saving.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == len(kept) + 1
    assert lines[0].startswith("offer,company,material")


@pytest.mark.parametrize("width", [390, 1400])
def test_a_screen_reader_hears_a_name_for_everything_and_headings_in_order(
    report: Path, visit: Callable[..., Any], listen: Callable[[Any], Heard], width: int
) -> None:
    page = visit(report, width)
    heard = listen(page)
    assert heard.headings[0] == 1
    assert heard.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(heard.headings))
    assert {role: names for role, names in heard.names.items() if role in NAMED and not all(names)} == {}
    seen = "one => one.getClientRects().length > 0 && !one.closest('details:not([open])')"
    tables = [one for one in page.query_selector_all("table") if one.evaluate(seen)]
    assert len(heard.names["table"]) == len(tables)
    assert len(heard.names["image"]) == 6  # five flows and the map
    assert heard.names["radio"] == ["control", "place"]


def test_every_table_and_control_has_a_name_for_those_who_hear_it(report: Path, visit: Callable[..., Any]) -> None:
    page = visit(report)
    for one in page.query_selector_all("table"):
        assert one.query_selector("caption").text_content().strip()
        assert one.query_selector("thead th")
        assert all(head.get_attribute("scope") for head in one.query_selector_all("th"))
    for drawn in page.query_selector_all("svg"):
        assert drawn.get_attribute("aria-hidden") == "true" or drawn.get_attribute("aria-label")
    unnamed = "e => !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim())"
    assert not [one for one in page.query_selector_all("button, input") if one.evaluate(unnamed)]
    assert page.locator("html").get_attribute("lang") == "en"
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))


def test_it_prints_on_ten_pages_of_a4_at_most(report: Path, visit: Callable[..., Any]) -> None:
    pdf = visit(report).pdf(prefer_css_page_size=True)
    assert 3 <= max(int(count) for count in re.findall(rb"/Count (\d+)", pdf)) <= 10
    assert re.search(rb"/MediaBox \[0 0 59[45]\.\d+ 84[12]\.\d+\]", pdf)


def test_a_licence_that_few_purchases_need_breaks_no_name_of_an_offer_on_paper(
    shown: ShownPlan, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    rows = [row | {"offer": "cu-refined-id"} for row in shown.rows("purchases")]
    rows[0] |= {"licence": "graphite-licence; october-2025-anode-graphite; synthetic-graphite-licence"}
    place = tmp_path / "report.html"
    place.write_text(draw_report(replace(shown, tables={**shown.tables, "purchases": rows})), "utf-8")
    page = visit(place, 703)  # a sheet of A4 without its margins
    page.emulate_media(media="print")
    lines = (
        "one => { const all = document.createRange(); all.selectNodeContents(one); return all.getClientRects().length }"
    )
    cells = page.query_selector_all("#table-purchases tbody td:first-child")
    assert {cell.evaluate(lines) for cell in cells} == {1}
    assert _sideways(page) <= 0


@pytest.mark.parametrize("name", HOSTILE, ids=["script", "formula", "direction", "escape", "long"])
def test_hostile_names_stay_text(name: str, shown: ShownPlan, tmp_path: Path, visit: Callable[..., Any]) -> None:
    material = shown.rows("exposure")[0]["material"]
    tables = {
        key: [
            row | {column: name for column, cell in row.items() if column in {"offer", "company"} or cell == material}
            for row in rows
        ]
        for key, rows in shown.tables.items()
    }
    summary = {**shown.summary, "instance": name, "notes": [name]}
    spoilt = replace(shown, title=name, tables=tables, summary=summary)
    place = tmp_path / "report.html"
    place.write_text(draw_report(spoilt), "utf-8")
    for width in (390, 1400):
        page = visit(place, width)
        assert _sideways(page) <= 0
        written = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in name)
        assert page.locator("header b bdi").text_content() == written
        assert page.locator("#table-purchases tbody td").first.text_content() == written
        assert page.locator(".matrix tbody th bdi").first.text_content() == written
        assert page.locator("script").count() == 1


def test_years_are_no_amounts(report: Path) -> None:
    assert "<td>2027" in report.read_text("utf-8")
    assert "<td>2\u202f027" not in report.read_text("utf-8")


def test_an_edited_plan_says_so_below_its_headline(shown: ShownPlan) -> None:
    assert "Edited since" not in draw_report(shown)
    rows = [dict(row) for row in shown.rows("purchases")]
    rows[0]["quantity"] = 1.0
    page = draw_report(replace(shown, tables={**shown.tables, "purchases": rows}))
    assert '</h1><p class="alarm">Edited since it was solved: of ' in page


def test_a_very_large_plan_shows_its_largest_rows_and_sorts(
    shown: ShownPlan, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    purchases = shown.rows("purchases")
    count = 100_000
    rows = [
        dict(purchases[i % len(purchases)])
        | {"offer": f"offer-{i // 40}", "company": f"company-{i // 160}", "destination": f"site-{i % 40}"}
        | {"quantity": 1000.0 + i * 7919 % 104729 / 7, "purchase": (1000.0 + i * 7919 % 104729 / 7) * 31.7}
        for i in range(count)
    ]
    place = tmp_path / "report.html"
    place.write_text(draw_report(replace(shown, tables={**shown.tables, "purchases": rows})), "utf-8")
    assert place.stat().st_size <= 8_000_000
    bare = visit(place, java_script_enabled=False)
    assert bare.locator("#table-purchases tbody tr").count() == 500
    rest = bare.locator("#table-purchases tfoot").inner_text()
    assert "99\u202f500 smaller rows" in rest
    assert "purchases.csv" in rest
    page = visit(place)
    page.get_by_role("button", name="quantity [t]").first.click()
    assert page.locator("#table-purchases th[aria-sort]").get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="quantity [t]").first.click()
    least = min(float(row["quantity"] or 0) for row in rows)
    column = [th.inner_text() for th in page.locator("#table-purchases thead th").all()].index("quantity [t]")
    told = page.locator("#table-purchases tbody tr").first.locator("td").nth(column).inner_text()
    assert float(re.sub(r"\s", "", told)) == pytest.approx(least, abs=0.5)

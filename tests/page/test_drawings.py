"""What drawings show is what the plan's CSV files say, mark by mark."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from models.records.countries import country_name
from optimizer.charts import sankey
from optimizer.charts.flows import SMALL, list_flows
from optimizer.charts.landed import list_routes
from optimizer.charts.matrix import draw_matrix
from optimizer.charts.place_over_control import draw_place_over_control
from optimizer.charts.prices import draw_prices
from optimizer.charts.stages import BASES
from optimizer.page.report import draw_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.page.conftest import Rows

Shares = dict[tuple[str, str, str], dict[str, dict[str, float]]]


@pytest.fixture(scope="session")
def shares(table: Callable[[str], Rows]) -> Shares:
    """Return the shares by (material, stage, basis), period and country."""
    found: Shares = defaultdict(lambda: defaultdict(dict))
    for row in table("exposure"):
        if row["period"]:
            key = row["material"], row["stage"], row["basis"]
            found[key][row["period"]][row["country"]] = float(row["share"])
    return found


def _figure(text: str) -> float:
    """Return a number as it is set."""
    return float(re.sub(r"[\s%*]", "", text).replace("\u2212", "-"))


def _wide(mark: Any) -> float:
    """Return how wide a mark is, in per cent of its bar."""
    return float(mark.get_attribute("width").rstrip("%"))


def _named(shares: dict[str, float]) -> dict[str, float]:
    return {country: share for country, share in shares.items() if country != "ZZ"}


def test_each_cell_of_the_matrix_shows_the_largest_country_of_its_worst_period(
    report: Path, visit: Callable[..., Any], shares: Shares
) -> None:
    page = visit(report)
    stages = [head.inner_text() for head in page.query_selector_all(".matrix thead th")][1:]
    cells = 0
    for row in page.query_selector_all(".matrix tbody tr"):
        material = row.query_selector("th bdi").inner_text()
        for stage, cell in zip(stages, row.query_selector_all("td"), strict=True):
            for basis in BASES:
                periods = shares[material, stage, basis].values()
                worst = max(periods, key=lambda period: max(_named(period).values()))
                country, share = max(_named(worst).items(), key=lambda one: one[1])
                view = cell.query_selector(f".by.{basis}")
                assert view.query_selector(".top span").text_content() == country_name(country)
                assert _figure(view.query_selector(".top b").text_content()) == pytest.approx(100 * share, abs=0.051)
                track, *marks = view.query_selector_all("rect")
                assert _wide(track) == 100
                assert _wide(marks[0]) == pytest.approx(100 * share, abs=0.006)
                hidden = worst.get("ZZ", 0.0)
                drawn = [mark for mark in marks if mark.get_attribute("class") == "hatched"]
                assert sum(map(_wide, drawn)) == pytest.approx(100 * min(hidden, 1 - share), abs=0.006)
                if drawn:
                    assert float(drawn[0].get_attribute("x").rstrip("%")) == pytest.approx(_wide(marks[0]), abs=0.011)
                cells += 1
    assert cells == len(shares)


def test_fill_and_hatching_touch_the_tick_where_a_cap_binds(report: Path, visit: Callable[..., Any]) -> None:
    page = visit(report)
    reached = page.query_selector_all(".matrix .tick.reached")
    assert reached
    for tick in reached:
        if "over all periods" in tick.query_selector("xpath=../..").text_content():
            continue  # the bar is that of one period
        marks = tick.query_selector_all("xpath=../*[local-name()='rect'][not(@class='track')]")
        assert float(tick.get_attribute("x1").rstrip("%")) == pytest.approx(sum(map(_wide, marks)), abs=0.02)
        assert "at its cap" in tick.query_selector("xpath=../..").text_content()


def test_a_cap_that_counts_less_than_the_share_says_so(shown: Any) -> None:
    """A cap on what is needed, of which a part is unmet, may have room beside a share of what is bought above it."""
    rows = [
        row | {"share": 0.74, "cap": 0.65, "counted": 0.59}
        if (row["material"], row["stage"], row["basis"], row["country"]) == ("manganese", "refined", "place", "CN")
        else row
        for row in shown.rows("exposure")
    ]
    drawn = draw_matrix(replace(shown, tables={**shown.tables, "exposure": rows}), {})
    assert "<span>counts 59\u202f%, cap 65\u202f%</span>" in drawn
    assert "counts" not in draw_matrix(shown, {})


def test_of_what_is_not_bought_no_country_is_named(shown: Any) -> None:
    rows = [row | {"share": 0.0} if row["material"] == "lithium" else row for row in shown.rows("exposure")]
    drawn = draw_matrix(replace(shown, tables={**shown.tables, "exposure": rows}), {})
    assert drawn.count("nothing is bought") == 4  # two stages on two bases
    assert "0.0</b> effective" not in drawn


def test_place_stands_over_control_for_every_country(report: Path, visit: Callable[..., Any], shares: Shares) -> None:
    page = visit(report)
    panels = page.query_selector_all(".pair")
    assert len(panels) == len(shares) / 2
    for panel in panels:
        caption = panel.query_selector("caption")
        material = caption.query_selector("bdi").text_content()
        stage = caption.query_selector("span").text_content()
        told: dict[str, dict[str, float]] = {}
        for row in panel.query_selector_all("tbody tr"):
            cells = row.query_selector_all("td")
            country = row.query_selector("th").text_content()
            told[country] = {}
            shapes = ("rect.hollow", "rect:not(.hollow)")
            for basis, cell, shape in zip(("place", "control"), cells[1:], shapes, strict=True):
                mark, text = row.query_selector(shape), cell.text_content()
                assert (mark is None) == (text == "\u2013")
                if mark is not None:
                    assert _wide(mark) == pytest.approx(_figure(text), abs=0.051)
                    told[country][basis] = _figure(text)
        for basis in BASES:
            periods = list(shares[material, stage, basis].values())
            for country in {country for period in periods for country in period}:
                seen = [period.get(country, 0.0) for period in periods]
                if max(seen) > 1e-3:
                    shown = told[country_name(country)][basis]
                    assert 100 * min(seen) - 0.06 <= shown <= 100 * max(seen) + 0.06


def test_ticks_stand_at_caps_and_a_star_where_one_is_reached_in_a_period_or_over_all(
    report: Path, visit: Callable[..., Any], table: Callable[[str], Rows]
) -> None:
    caps: dict[tuple[str, ...], set[float]] = defaultdict(set)
    reached, bought = set(), set()
    for row in table("exposure"):
        key = row["material"], row["stage"], country_name(row["country"]), row["basis"]
        bought |= {key} if float(row["share"]) > 1e-3 else set()
        if row["cap"]:
            caps[key].add(round(100 * float(row["cap"]), 2))
            reached |= {key} if float(row["counted"]) >= float(row["cap"]) - 1e-6 else set()
    drawn, starred = set(), set()
    for panel in visit(report).query_selector_all(".pair"):
        place = [panel.query_selector(f"caption {part}").text_content() for part in ("bdi", "span")]
        for row in panel.query_selector_all("tbody tr:not(.rest)"):
            who = row.query_selector("th").text_content()
            for tick in row.query_selector_all(".tick"):
                key = (*place, who, "place" if tick.get_attribute("y1") == "0" else "control")
                assert float(tick.get_attribute("x1").rstrip("%")) in caps[key]
                drawn.add(key)
            cells = zip(("place", "control"), row.query_selector_all("td")[1:], strict=True)
            starred |= {(*place, who, basis) for basis, cell in cells if "*" in cell.text_content()}
    assert drawn == caps.keys() & bought
    assert starred == reached & bought
    assert ("graphite", "refined", "China", "control") in starred


def test_costs_are_drawn_on_one_scale_and_add_up(
    report: Path, visit: Callable[..., Any], table: Callable[[str], Rows]
) -> None:
    costs: dict[str, float] = defaultdict(float)
    for row in table("costs"):
        costs[row["material"]] += float(row["amount"])
    page = visit(report)
    *rows, total = page.query_selector_all(".costs tbody tr")
    assert [row.query_selector("th").inner_text() for row in rows] == sorted(costs, key=lambda one: -costs[one])
    for row in rows:
        cost = costs[row.query_selector("th").inner_text()]
        assert _figure(row.query_selector_all("td")[1].inner_text()) == pytest.approx(cost / 1e6, abs=0.051)
        drawn = sum(map(_wide, row.query_selector_all("rect")))
        assert drawn == pytest.approx(100 * cost / max(costs.values()), abs=0.05)
    assert _figure(total.query_selector_all("td")[1].inner_text()) == pytest.approx(sum(costs.values()) / 1e6, abs=0.06)


def test_the_landed_costs_of_routes_come_to_what_is_paid(shown: Any, table: Callable[[str], Rows]) -> None:
    paid: dict[str, float] = defaultdict(float)
    for row in table("costs"):
        if row["cost"] in {"purchases", "processing", "freight", "duty", "fixed"}:
            paid[row["material"]] += float(row["amount"])
    routes = list_routes(shown)
    for material, amount in paid.items():
        own = [route for route in routes if route.material == material]
        assert sum(route.unit_cost * route.units for route in own) == pytest.approx(amount, rel=1e-9)
        assert [route.unit_cost for route in own] == sorted(route.unit_cost for route in own)


def test_landed_costs_are_drawn_by_name_and_come_to_the_costs_of_the_plan(
    report: Path, visit: Callable[..., Any], table: Callable[[str], Rows]
) -> None:
    called = {"purchases": "ore"}  # as a mark is called, where that is not the name of the cost
    paid = {(row["material"], called.get(row["cost"], row["cost"])): float(row["amount"]) for row in table("costs")}
    drawn: dict[tuple[str, str], float] = defaultdict(float)
    for panel in visit(report).query_selector_all("table.landed"):
        material = panel.query_selector("caption bdi").text_content()
        rows = panel.query_selector_all("tbody tr")
        costs = [_figure(row.query_selector_all("td")[1].text_content()) for row in rows]
        assert costs == sorted(costs)
        for row, cost in zip(rows, costs, strict=True):
            marks = row.query_selector_all("rect")
            assert sum(map(_wide, marks)) == pytest.approx(100 * cost / costs[-1], abs=0.05)
            for mark in marks:
                units = _figure(row.query_selector_all("td")[2].text_content())
                drawn[material, mark.get_attribute("class")] += _wide(mark) / 100 * costs[-1] * units
    assert drawn.keys() == {key for key in paid if key[1] != "holding"}
    for key, amount in drawn.items():
        whole = sum(cost for (material, _), cost in paid.items() if material == key[0])
        assert amount == pytest.approx(paid[key], abs=5e-4 * whole), key


def test_without_the_largest_the_rest_covers_what_is_left(
    report: Path, visit: Callable[..., Any], shares: Shares
) -> None:
    page = visit(report)
    rows = page.query_selector_all(".stopped tbody tr")
    assert len(rows) == len(shares) / 2
    for row in rows:
        material, stage = (part.text_content() for part in row.query_selector_all("th > bdi, th > span"))
        cells = row.query_selector_all("td")
        for basis, (who, _, covers) in zip(("place", "control"), (cells[:3], cells[3:]), strict=True):
            worst = max(shares[material, stage, basis].values(), key=lambda period: max(_named(period).values()))
            country, share = max(_named(worst).items(), key=lambda one: one[1])
            assert who.text_content() == country_name(country)
            least, most = (covers.text_content().rstrip("\u202f%").split("\u2013") * 2)[:2]
            ends = [max(0.0, 1 - share - worst.get("ZZ", 0.0)), 1 - share]
            assert [float(least), float(most)] == pytest.approx([100 * end for end in ends], abs=0.51)


def test_the_flows_of_each_stage_are_the_shares_of_its_countries_over_the_horizon(
    shown: Any, table: Callable[[str], Rows]
) -> None:
    whole = {
        (row["material"], row["stage"], row["basis"], row["country"]): float(row["share"])
        for row in table("exposure")
        if not row["period"] and float(row["share"])
    }
    compared = 0
    for basis in BASES:
        for flows in list_flows(shown, basis):
            leaves: dict[tuple[int, str], float] = defaultdict(float)
            for (begin, _), part in flows.links.items():
                leaves[begin] += part
            for (column, country), part in leaves.items():
                share = whole[flows.material, flows.stages[column], basis, country]
                assert part == pytest.approx(share, abs=0.02)  # what stands in stock at the end has not arrived
                compared += 1
            for column in range(len(flows.stages)):
                assert sum(part for (at, _), part in leaves.items() if at == column) == pytest.approx(1)
    assert compared >= len(whole) - 2


def test_every_flow_is_drawn_as_thick_as_it_is(report: Path, shown: Any, visit: Callable[..., Any]) -> None:
    page = visit(report)
    for basis in BASES:
        drawn = page.query_selector_all(f"#flows .by.{basis} svg")
        for svg, flows in zip(drawn, list_flows(shown, basis), strict=True):
            seen = [part for part in flows.links.values() if part >= SMALL]
            paths = [link.get_attribute("d") for link in svg.query_selector_all(".link")]
            thick = [float(path.split("v")[1].split("C")[0]) for path in paths]
            assert sorted(thick) == pytest.approx(sorted(170 * part for part in seen), abs=0.06)
            words = svg.get_attribute("aria-label")
            assert words.startswith(f"{flows.material} by {basis}; mined: ")


def test_labels_of_flows_do_not_collide(report: Path, visit: Callable[..., Any]) -> None:
    page = visit(report)
    for svg in page.query_selector_all("#flows .by.control svg"):
        columns: dict[str, list[float]] = defaultdict(list)
        for label in svg.query_selector_all("text:not(.stage-name)"):
            columns[label.get_attribute("x")].append(float(label.get_attribute("y")))
        for heights in columns.values():
            gaps = [b - a for a, b in pairwise(sorted(heights))]
            assert all(gap >= 12.9 for gap in gaps)


@pytest.mark.parametrize(
    ("signs", "tall", "label"),
    [
        (18, True, ["United States <tspan>60 %</tspan>"]),
        (14, True, ["United States", "<tspan>60 %</tspan>"]),
        (14, False, ["US <tspan>60 %</tspan>"]),
        (9, True, ["US <tspan>60 %</tspan>"]),
    ],
)
def test_a_label_without_room_gives_the_code_of_its_country(signs: int, tall: bool, label: list[str]) -> None:  # noqa: FBT001
    assert sankey._named("US", "60 %", signs, tall=tall) == label


CUT = """[...document.querySelectorAll('svg.sankey text')].filter(one => one.getClientRects().length
    && one.getBoundingClientRect().right > one.ownerSVGElement.getBoundingClientRect().right
        + (getComputedStyle(one.ownerSVGElement).overflow == 'visible' ? 16 : 0.5)).map(one => one.textContent)"""
"""What gives the labels that are cut at the edge of their drawing, or reach further than the side of a page is wide."""


@pytest.mark.parametrize("width", [360, 390, 1400])
def test_no_label_of_a_flow_is_cut_at_the_edge(
    shown: Any, tmp_path: Path, visit: Callable[..., Any], width: int
) -> None:
    sites = {"georgia-cells": "kumamoto-fab", "texas-cells": "pennsylvania-ordnance"}
    rows = [row | {"destination": sites.get(row["destination"], row["destination"])} for row in shown.rows("purchases")]
    place = tmp_path / "report.html"
    place.write_text(draw_report(replace(shown, tables={**shown.tables, "purchases": rows})), "utf-8")
    page = visit(place, width)
    assert "kumamoto-" in page.inner_text("#flows")
    assert page.evaluate(CUT) == []


def test_the_name_of_a_site_is_broken_where_it_may_be() -> None:
    assert sankey._lines("texas-cells") == ["texas-cells"]
    assert sankey._lines("kumamoto-fab") == ["kumamoto-", "fab"]
    assert sankey._lines("pennsylvania-ordnance") == ["pennsylvania-", "ordnance"]
    assert sankey._lines("a" * 40) == ["a" * 12, "a" * 11 + "\u2026"]


def test_prices_are_drawn_where_the_plan_has_them(shown: Any, tmp_path: Path, visit: Callable[..., Any]) -> None:
    base = {
        "kind": "share_cap",
        "who": "CN by place",
        "sense": "at most",
        "level": 0.35,
        "unit": "share",
        "firm": "hard",
    }
    priced = [
        base | _saved("dear", (8e6, 8e6), (2e6, 2e6)),
        base | _saved("vague", (1e6, 4e6), (0.0, 1e6)),
        base | _saved("free", (0.0, 0.0), (0.0, 0.0)) | {"looser level": None},
        base | _saved("unknown", (None, None), (None, None)),
    ]
    place = tmp_path / "report.html"
    place.write_text(draw_report(replace(shown, tables={**shown.tables, "prices": priced})), "utf-8")
    page = visit(place)
    rows = page.query_selector_all(".prices tbody tr")
    assert [row.query_selector("th bdi").inner_text() for row in rows] == ["dear", "vague"]
    assert [[_wide(mark) for mark in row.query_selector_all("rect")] for row in rows] == [[25, 75], [12.5, 37.5]]
    cells = [[cell.inner_text().split("\n")[0] for cell in row.query_selector_all("td")[1:]] for row in rows]
    assert cells == [["8.00", "2.00"], ["1.00\u20134.00", "0.00\u20131.00"]]
    assert "Cost nothing in this plan: free. Not priced: unknown." in page.inner_text("#prices")
    assert not page.query_selector("#limits-used")


def test_a_level_has_its_unit_and_its_digits_and_one_saving_does_not_add_up_with_others(shown: Any) -> None:
    own = {"kind": "cover_floor", "who": "all sites", "sense": "at least", "level": 60.0, "unit": "days"}
    row = own | {"firm": "hard"} | _saved("cover", (2e6, 2e6), (1e6, 1e6), 59.4)
    drawn = draw_prices(replace(shown, tables={**shown.tables, "prices": [row]}))
    assert "all sites</bdi>, min 60 days</small>" in drawn
    assert "<small>at 59.4</small>" in drawn
    assert "do not add up" not in drawn


def test_who_is_at_a_cap_that_counts_less_than_the_share_is_named_with_the_cap(shown: Any) -> None:
    rows = [_share("AU", 0.6), _share("CN", 0.4, cap=0.35, counted=0.35)]
    drawn = draw_matrix(_shown_with(shown, rows), {})
    assert "<bdi>China</bdi> at its cap, 35\u202f%</b>" in drawn


def _saved(
    limit: str,
    without: tuple[float | None, float | None],
    looser: tuple[float | None, float | None],
    level: float = 0.36,
) -> Any:
    return {
        "limit": limit,
        "saved without least": without[0],
        "saved without most": without[1],
        "looser level": level,
        "saved looser least": looser[0],
        "saved looser most": looser[1],
    }


def _shown_with(shown: Any, rows: list[dict[str, Any]]) -> Any:
    return replace(shown, tables={**shown.tables, "exposure": rows})


def _share(country: str, share: float, **more: Any) -> dict[str, Any]:
    own = {"material": "ore", "stage": "mined", "basis": "place", "period": "2027", "country": country, "share": share}
    return own | {"cap": None, "counted": None} | more


def test_of_many_countries_the_smallest_are_counted_together_but_for_those_at_a_cap(shown: Any) -> None:
    codes = ("AU", "BR", "CA", "CL", "CN", "FI", "FR", "ID", "JP", "KR", "NO", "US")
    rows = [_share(code, 0.1 - 0.006 * place) for place, code in enumerate(codes)]
    rows[-1] |= {"cap": rows[-1]["share"], "counted": rows[-1]["share"]}
    rows.append(_share("ZZ", 0.2))
    drawn = draw_place_over_control(_shown_with(shown, rows), {})
    heads = re.findall(r'<th scope="row">(.*?)</th>', drawn)
    assert [re.sub("<.*?>", "", head) for head in heads] == [
        "Australia", "Brazil", "Canada", "Chile", "China", "Finland", "France", "United States",
        "4 more", "undisclosed",
    ]  # fmt: skip
    assert 'title="Indonesia, Japan, South Korea, Norway"' in drawn
    assert "\u2264\u202f5.8\u202f%" in drawn
    assert "more</abbr>" not in draw_place_over_control(_shown_with(shown, rows[:10]), {})


def test_many_materials_stand_in_two_tables_with_the_stages_that_they_have(shown: Any) -> None:
    one = [_share("CN", 1.0, material=f"m{number}", stage="mined") for number in range(4)]
    two = [_share("CN", 1.0, material=f"m{number}", stage="refined") for number in range(8)]
    drawn = draw_matrix(_shown_with(shown, [*one, *two]), {})
    first, second = drawn.split("<table")[1:]
    assert [re.findall("<thead>.*?</thead>", part)[0].count("<bdi>") for part in (first, second)] == [2, 1]
    assert [re.findall(r"by place: (.*?)</caption>", part) for part in (first, second)] == [
        ["<bdi>m0</bdi> to <bdi>m3</bdi>"],
        ["<bdi>m4</bdi> to <bdi>m7</bdi>"],
    ]
    assert draw_matrix(_shown_with(shown, two[:7]), {}).count("<table") == 1

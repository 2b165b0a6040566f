"""A plan as a workbook: its figures are those of the plan, texts stay texts, formulas are ours, bytes are the same."""

from __future__ import annotations

import csv
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

from optimizer.book.compare import DATA, NO_FIGURE, name_plans
from optimizer.book.words import plain
from optimizer.book.write import build_book, write_book
from optimizer.charts.landed import list_routes
from optimizer.charts.shown import figure
from optimizer.folders.shown import read_shown
from optimizer.report.answer import answer_in, describe_cost
from optimizer.report.survival import describe_survival_in
from tests.cli.command import ROOT, lodeplan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from optimizer.charts.shown import Row, ShownPlan

Rows = list[list[Any]]
HOSTILE = ("=cmd|' /C calc'!A0", "+1", "-1+1", "@x", "</x>", "a\u202eb", "\x1b[2J", "_x0041_", "5" * 5_000, "*?~")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a plan with prices."""
    place = tmp_path_factory.mktemp("book") / "plan"
    said = lodeplan("solve", ROOT / "instances/us-battery-2027", "-o", place, "--report", "-q")
    assert said.code == 0, said.err
    return place


@pytest.fixture(scope="module")
def shown(folder: Path) -> ShownPlan:
    """Return that plan as charts see it."""
    return read_shown(folder)


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Return what writes a workbook of plans by name."""

    def write(*plans: tuple[str, ShownPlan]) -> Path:
        place = tmp_path / "book.xlsx"
        write_book(build_book(plans[0], plans[1:]), place)
        return place

    return write


def sheets(book: Path) -> dict[str, Rows]:
    with CalamineWorkbook.from_path(book) as opened:
        return {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}


def table_on(rows: Rows, first: str) -> list[dict[str, Any]]:
    """Return the table of a sheet whose first column has a name, up to its end."""
    top = next(at for at, row in enumerate(rows) if row[0] == first)
    heading = [cell for cell in rows[top] if cell != ""]
    return [dict(zip(heading, row, strict=False)) for row in rows[top + 1 :] if any(cell != "" for cell in row)]


def members(book: Path, under: str) -> dict[str, str]:
    with zipfile.ZipFile(book) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.startswith(under)}


@pytest.mark.parametrize(
    ("sheet", "table"),
    [
        ("Purchases", "purchases"), ("Limits", "limits"), ("Costs", "costs"), ("Contracts", "contracts"),
        ("Prices of limits", "prices"), ("Demand and stock", "stock"), ("Assumptions", "sources"),
    ],
)  # fmt: skip
def test_a_sheet_says_what_the_file_of_the_plan_says(
    sheet: str, table: str, folder: Path, shown: ShownPlan, written: Callable[..., Path]
) -> None:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        asked = list(csv.DictReader(file))
    found = table_on(sheets(written(("plan", shown)))[sheet], next(iter(asked[0])))
    assert len(found) == len(asked) > 0
    if sheet == "Limits":
        asked.sort(key=lambda row: row["binding"] != "yes")
    for row, figures in zip(found, asked, strict=True):
        for column, text in figures.items():
            cell = row.get(column, "")
            assert str(cell) == text or float(cell) == float(text), (column, cell, text)
            assert column in {"period", "arrives"} or isinstance(cell, float) == _is_number(text)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(e[-+]\d+)?", text) is not None


def test_shares_stand_beside_their_caps_and_say_in_words_how(shown: ShownPlan, written: Callable[..., Path]) -> None:
    found = table_on(sheets(written(("plan", shown)))["Shares"], "material")
    asked = [row for row in shown.rows("exposure") if row["share"] or row["counted"]]
    assert [(row["country"], row["share"]) for row in found] == [(row["country"], row["share"]) for row in asked]
    for row in found:
        room = None if row["cap"] == "" else row["cap"] - row["counted"]
        word = "" if room is None else "over" if room < -1e-6 else "ok" if room > 1e-6 else "at cap"
        assert row["against its cap"] == word
    assert {row["against its cap"] for row in found} == {"", "ok", "at cap"}


def test_landed_costs_are_those_of_the_routes_and_add_up(shown: ShownPlan, written: Callable[..., Path]) -> None:
    found = table_on(sheets(written(("plan", shown)))["Landed cost"], "last offer")
    for row, route in zip(found, list_routes(shown), strict=True):
        assert (row["last offer"], row["unit"]) == (route.offer, shown.units[route.material])
        figures = [cell for heading, cell in row.items() if heading.endswith("a\N{NO-BREAK SPACE}unit]")]
        assert figures[0] == pytest.approx(route.unit_cost)
        assert sum(figures[1:]) == pytest.approx(figures[0])


def test_the_summary_begins_with_the_answer_and_five_fields(shown: ShownPlan, written: Callable[..., Path]) -> None:
    rows = sheets(written(("plan", shown)))["Summary"]
    said = [row[0] for row in rows if row[0]]
    answer = describe_cost(answer_in(shown.summary))
    assert said[:2] == [shown.title, f"T{answer[1:]}."]
    assert said[2:7] == ["Unmet demand", "Undisclosed", "Assumed", "Lapsed law", "Proof"]
    survives = next(row for row in rows if row[0] == "If a country stops")
    assert describe_survival_in(shown.summary) in survives
    assert [row[2] for row in rows if row[0] == "Cost [USD]"] == [pytest.approx(shown.summary["cost"])]


def test_the_charts_draw_the_figures_of_the_plan(shown: ShownPlan, written: Callable[..., Path]) -> None:
    costs, shares = members(written(("plan", shown)), "xl/charts/chart").values()
    assert 1e6 * drawn(costs)["duty"]["lithium"] == pytest.approx(
        sum(
            figure(row, "amount")
            for row in shown.rows("costs")
            if (row["cost"], row["material"]) == ("duty", "lithium")
        )
    )
    china = {
        f"{row['stage']} {row['material']}": figure(row, "share")
        for row in shown.rows("exposure")
        if (row["basis"], row["period"], row["country"]) == ("control", "", "CN")
    }
    assert {name: share for name, share in drawn(shares)["China"].items() if share} == pytest.approx(china)
    for stage in china:
        assert sum(one[stage] for one in drawn(shares).values()) == pytest.approx(1.0)


def drawn(chart: str) -> dict[str, dict[str, float]]:
    """Return the values of a chart by the name of the series and what they are of."""
    found = {}
    for series in re.findall(r"<c:ser>.*?</c:ser>", chart):
        name, of, values = (
            re.findall(r"<c:v>([^<]*)</c:v>", part)
            for part in re.findall(r"<c:(?:tx|cat|val)>.*?</c:(?:tx|cat|val)>", series)
        )
        found[name[0]] = dict(zip(of, map(float, values), strict=True))
    return found


def test_every_sheet_is_set_up_for_print(shown: ShownPlan, written: Callable[..., Path]) -> None:
    book = written(("plan", shown), ("other", shown))
    parts = members(book, "xl/worksheets/sheet")
    assert len(parts) == len(sheets(book)) == 15
    for part in parts.values():
        assert 'orientation="landscape"' in part
        assert "page &amp;P of &amp;N" in part
    long = [name for name, part in zip(sheets(book), parts.values(), strict=True) if 'fitToHeight="0"' in part]
    assert set(sheets(book)) - set(long) == {"Summary"}, "its charts stay on its one page"
    assert all(len(name) <= 31 for name in sheets(book))
    titles = members(book, "xl/workbook.xml")["xl/workbook.xml"].count("_xlnm.Print_Titles")
    assert titles == len(parts) - len({"Summary", "Notes", "Chart figures"})


def test_the_same_plan_gives_the_same_bytes(shown: ShownPlan) -> None:
    assert build_book(("plan", shown), [("b", shown)]) == build_book(("plan", shown), [("b", shown)])


def _with_hostile_names(shown: ShownPlan) -> ShownPlan:
    purchases = [
        {**row, "offer": name, "company": name, "material": name}
        for name, row in zip(HOSTILE, shown.rows("purchases"), strict=False)
    ]
    costs: list[Row] = [{"cost": "purchases", "material": name, "amount": 1.0} for name in HOSTILE]
    exposure = [{**row, "material": name} for name in HOSTILE for row in shown.rows("exposure")[:3]]
    tables: dict[str, Sequence[Row]] = {**shown.tables, "purchases": purchases, "costs": costs, "exposure": exposure}
    summary = {**shown.summary, "title": HOSTILE[0], "notes": list(HOSTILE), "instance": HOSTILE[4]}
    return replace(shown, title=HOSTILE[0], currency=HOSTILE[0], mass_unit=HOSTILE[8], summary=summary, tables=tables)


def test_hostile_names_stay_text(shown: ShownPlan, written: Callable[..., Path]) -> None:
    hostile = _with_hostile_names(shown)
    book = written(*((name, hostile) for name in HOSTILE))
    found = sheets(book)
    assert [row["offer"] for row in table_on(found["Purchases"], "offer")] == [plain(name) for name in HOSTILE]
    assert [row[0] for row in found["Notes"] if row[0]][2:] == [plain(name) for name in HOSTILE]
    assert plain(HOSTILE[5]) == "a\\u202eb"
    for part in members(book, "xl/").values():
        assert "\x1b" not in part
        assert "\u202e" not in part
    for formula in formulas(book):
        assert "cmd" not in formula
        assert OURS.fullmatch(formula), formula


OURS = re.compile(
    r"SUMPRODUCT\(EXACT\(Plans!\$C\$1:\$[A-Z]+\$1,\$B\$[45]\)\*\(COLUMN\(Plans!\$C\$1:\$[A-Z]+\$1\)-2\)\)"
    r"|INDEX\(Plans!\$C\$\d+:\$[A-Z]+\$\d+,1,\$C\$[45]\)"
    r'|IF\(COUNT\(C\d+:D\d+\)=2,D\d+-C\d+,""\)'
    r'|""'
    r'|IF\(COUNT\(C\d+:D\d+\)=2,IF\(C\d+=0,"",E\d+/ABS\(C\d+\)\),""\)'
    r'|IF\(COUNT\(C\d+:D\d+\)=2,IF\(ABS\(E\d+\)&lt;=1e-09\*MAX\(ABS\(C\d+\),ABS\(D\d+\)\),"as before",'
    r'IF\(C\d+=0,"in",IF\(D\d+=0,"out",IF\(E\d+&gt;0,"more","less"\)\)\)\),'
    r'IF\(COUNT\(C\d+:D\d+\)=0,"as before",IF\(COUNT\(C\d+\)=0,"in","out"\)\)\)'
)


def formulas(book: Path) -> list[str]:
    """Return every formula in the cells of a workbook."""
    return [f for part in members(book, "xl/worksheets/").values() for f in re.findall(r"<f[^>]*>([^<]*)</f>", part)]


def test_a_plan_alone_has_no_formula(shown: ShownPlan, written: Callable[..., Path]) -> None:
    assert formulas(written(("plan", shown))) == []


def test_two_plans_are_compared_with_right_figures_before_anything_computes(
    shown: ShownPlan, written: Callable[..., Path]
) -> None:
    dearer = [{**row, "amount": 2 * figure(row, "amount")} for row in shown.rows("costs")]
    fewer = shown.rows("purchases")[1:]
    other = replace(shown, tables={**shown.tables, "costs": dearer, "purchases": fewer})
    found = sheets(written(("mine", shown), ("base", other)))
    lines = {(row[0], row[1]): row[2:7] for row in found["Compare"]}
    assert lines["base plan", "base"][0] == 2
    assert lines["other plan", "mine"][0] == 1
    was, now, difference, part, word = lines["cost by name", "freight"]
    assert now == pytest.approx(sum(figure(row, "amount") for row in shown.rows("costs") if row["cost"] == "freight"))
    assert (was, difference, part, word) == (2 * now, -now, pytest.approx(-0.5), "less")
    assert lines["cost", "of the plan [USD]"][4] == "as before"
    cost = pytest.approx(shown.summary["cost"])
    heading, total = found[DATA][:2]
    assert heading[:4] == ["about", "of", "mine", "base"]
    assert total[:4] == ["cost", "of the plan [USD]", cost, cost]


def test_limits_are_compared_by_what_binds_what_is_used_and_what_is_asked(
    shown: ShownPlan, written: Callable[..., Path]
) -> None:
    binding = [row for row in shown.rows("limits") if row["limit"] == "china-cobalt" and row["binding"] == "yes"]
    (loose, gone) = binding[:2]
    rest = [row for row in shown.rows("limits") if row not in (loose, gone)]
    moved = {**loose, "used": 0.2, "allowed": 0.5, "binding": "no"}
    other = replace(shown, tables={**shown.tables, "limits": [moved, *rest]})
    found = sheets(written(("mine", shown), ("base", other)))
    lines = {(row[0], row[1]): row[2:7] for row in found["Compare"]}
    assert lines["limit binds, rows", "china-cobalt"][:3] == [0, 2, 2]
    where, lost = (f"china-cobalt: mined cobalt CN {row['period']}" for row in (loose, gone))
    assert lines["used of limit", where][:2] == [0.2, pytest.approx(loose["used"])]
    assert lines["level of limit", where] == [0.5, 0.35, pytest.approx(-0.15), "", "less"]
    assert lines["level of limit", lost][:2] == [NO_FIGURE, 0.35]
    assert lines["level of limit", lost][4] == "in"


def test_names_of_plans_are_told_apart(shown: ShownPlan) -> None:
    names = list(name_plans((name, shown) for name in ("plan", "Plan", "", "n" * 100)))
    assert names == ["plan", "Plan (2)", "plan (3)", f"{'n' * 59}…"]


def test_a_plan_of_nothing_and_one_of_sums_beyond_numbers_are_written(
    shown: ShownPlan, written: Callable[..., Path]
) -> None:
    nothing = replace(shown, tables={table: [] for table in shown.tables})
    huge = [{**row, "amount": 1e308} for row in shown.rows("costs")]
    beyond = replace(shown, tables={**shown.tables, "costs": huge})
    found = sheets(written(("nothing", nothing), ("beyond", beyond)))
    assert [row[0] for row in found["Purchases"] if row[0]][:3] == [
        "Purchases",
        "What is bought of whom, where it goes, and what that costs.",
        "There are none.",
    ]
    assert {(row[0], row[1]): row[2:7] for row in found["Compare"]}["cost by name", "freight"] == [
        1e300, 0, -1e300, -1, "out",
    ]  # fmt: skip
    assert "Costs" in sheets(written(("beyond", beyond)))

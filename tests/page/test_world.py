"""The map: outlines in their places, colours by share on both bases, and a list that has everybody."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from facts.outlines import list_outlines
from models.records.countries import country_name
from optimizer.charts.world import last_stages, step

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from optimizer.charts.stages import Basis
    from tests.page.conftest import Rows


def _outline(code: str, *ring: tuple[float, float]) -> dict[str, Any]:
    return {"id": code, "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}


def _across(row: str) -> list[int]:
    """Return where the points of a path stand from the left."""
    x, *steps = map(int, re.findall(r"-?\d+", row)[::2])
    found = [x]
    for one in steps:
        found.append(found[-1] + one)
    return found


def test_a_country_beyond_180_degrees_is_drawn_in_one_piece() -> None:
    (row,) = list_outlines([_outline("RU", (170, 60), (-170, 60), (-170, 70), (170, 70))])
    across = _across(row)
    assert max(across) - min(across) < 60


def test_what_has_no_code_or_no_size_and_the_antarctic_are_left_out() -> None:
    square = ((0, 0), (20, 0), (20, 20), (0, 20))
    speck = ((0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1))
    countries = [("AQ", square), ("", square), ("SG", speck), ("FR", square)]
    rows = list(list_outlines([_outline(code, *ring) for code, ring in countries]))
    assert [row[:2] for row in rows] == ["FR"]


def test_the_outlines_that_are_shipped_are_small_and_have_the_large_countries() -> None:
    shipped = (files("optimizer.charts") / "outlines.txt").read_text("utf-8")
    assert len(shipped) < 40_000
    rows = {row[:2]: row[3:] for row in shipped.splitlines()}
    assert {"AR", "AU", "BR", "CA", "CD", "CL", "CN", "ID", "KZ", "MZ", "PH", "RU", "US", "ZA"} <= rows.keys()
    assert all(re.fullmatch(r"(M-?\d+ -?\d+l[-\d ]+z)+", path) for path in rows.values())


@pytest.mark.parametrize("basis", ["place", "control"])
def test_countries_are_coloured_by_their_share_of_the_last_stage(
    basis: Basis, report: Path, shown: Any, table: Callable[[str], Rows], visit: Callable[..., Any]
) -> None:
    costs: dict[str, float] = {}
    for row in table("costs"):
        costs[row["material"]] = costs.get(row["material"], 0.0) + float(row["amount"])
    total = sum(costs.values())
    expected: dict[str, float] = {}
    for row in table("exposure"):
        if (row["stage"], row["basis"], row["period"]) == ("refined", basis, ""):
            share = float(row["share"]) * costs[row["material"]] / total
            expected[row["country"]] = expected.get(row["country"], 0.0) + share
    found = last_stages(shown, basis)
    assert found == pytest.approx({who: share for who, share in expected.items() if share >= 0.0005})
    page = visit(report)
    if basis == "place":
        page.locator("label[for=by-place]").click()
    told = [one.inner_text() for one in page.query_selector_all("#world li") if one.is_visible()]
    for country, share in list(found.items())[:5]:
        if country != "ZZ":
            assert f"{country_name(country)} {100 * share:.1f}\u202f%" in told
    drawn = {
        path.query_selector("title").text_content().partition(":")[0]: path.evaluate("(e) => getComputedStyle(e).fill")
        for path in page.query_selector_all("#world path[class]")
    }
    root = "getComputedStyle(document.documentElement)"
    hue = [page.evaluate(f"{root}.getPropertyValue('--step{n}')") for n in range(1, 6)]
    for country, share in found.items():
        if country_name(country) in drawn:
            code = hue[step(share) - 1].strip().lstrip("#")
            rgb = ", ".join(str(int(code[at : at + 2], 16)) for at in (0, 2, 4))
            assert drawn[country_name(country)] == f"rgb({rgb})"

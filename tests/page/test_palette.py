"""Colours can be told apart, and countries keep theirs."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from optimizer.charts.costs import GROUPS
from optimizer.charts.palette import DARK, GREYS, HUES, LIGHT, choose, declare_colours, rank
from tests.page.palette_distance import SIGHTS, distance

if TYPE_CHECKING:
    from optimizer.charts.shown import Row, ShownPlan


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize(("colours", "hues", "greys"), [(LIGHT, 11.6, 8.4), (DARK, 8.2, 8.2)], ids=["light", "dark"])
def test_every_two_colours_of_countries_differ_to_every_sight(
    colours: dict[str, str], hues: float, greys: float, sight: str
) -> None:
    assert min(distance(colours[a], colours[b], sight) for a, b in combinations(HUES, 2)) >= hues
    assert min(distance(colours[a], colours[b], sight) for a, b in combinations((*HUES, *GREYS), 2)) >= greys


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_two_colours_of_costs_differ_to_every_sight(colours: dict[str, str], sight: str) -> None:
    assert min(distance(colours[a], colours[b], sight) for a, b in combinations(GROUPS, 2)) >= 8.2


def test_a_colour_is_as_far_from_itself_as_nothing_and_black_from_white_as_everything() -> None:
    assert distance("#123456", "#123456", "deutan") == 0
    assert distance("#000000", "#ffffff", "normal") == pytest.approx(100, abs=0.01)


def test_the_country_of_the_sites_and_china_come_first_whatever_their_share() -> None:
    colours = choose(["CL", "ID", "PH", "CA", "AU", "BR", "ZA"], ["DE"])
    assert colours["DE"] == "blue"
    assert colours["CN"] == "rust"
    assert [colours[country] for country in ("CL", "ID", "PH", "CA")] == ["teal", "plum", "gold", "lilac"]
    assert [colours[country] for country in ("AU", "BR", "ZA")] == ["grey", "pale", "grey"]


def test_a_country_takes_the_hue_it_prefers_if_it_is_free() -> None:
    assert choose(["AU", "PH"], ["US"])["PH"] != choose(["AU"], ["US"])["AU"] == "gold"
    assert choose(["ID", "CL"], ["US"])["CL"] == choose(["CL", "ID"], ["US"])["CL"]


def test_paper_takes_the_light_colours() -> None:
    light, dark = declare_colours().split("@media screen and (prefers-color-scheme:dark)")
    assert LIGHT["blue"] in light
    assert DARK["blue"] not in light
    assert DARK["blue"] in dark


def test_those_that_lead_a_stage_choose_before_those_with_more_in_all(shown: ShownPlan) -> None:
    def row(stage: str, country: str, share: float) -> Row:
        return {"material": "ore", "stage": stage, "basis": "place", "period": "1", "country": country, "share": share}

    rows = [row(stage, "BR", 0.4) for stage in ("mined", "refined", "melted")]
    rows += [row(stage, who, 0.6) for stage, who in (("mined", "CL"), ("refined", "CL"), ("melted", "PE"))]
    assert rank([replace(shown, tables={"exposure": rows})]) == ["CL", "PE", "BR"]

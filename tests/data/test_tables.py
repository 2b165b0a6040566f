"""The tables of reference data: each row has a source, each code is known, and countries add up to the world."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any

import iso3166
import pytest

from models.data import (
    TABLES,
    WORLD,
    Control,
    Distance,
    Governance,
    Listed,
    Membership,
    Naming,
    Price,
    Production,
    Reserve,
    Source,
    Stage,
    find_material,
    governance_risks,
    read_rows,
)

KEYS = {
    "materials": 1,
    "stages": 3,
    "production": 4,
    "control": 4,
    "reserves": 3,
    "lists": 2,
    "governance": 1,
    "blocs": 2,
    "intensities": 2,
    "sources": 1,
}
"""How many of the first columns tell rows of a table apart."""
ROUNDED = 0.035
"""By which part the countries may add up to more than a total of two digits."""
MORE = 0.2
"""By which part they may where the total is published as more than a round figure."""
UNNAMED = 0.19
"""The largest part of the world that is left to countries that are not named."""


def countries() -> set[str]:
    named = {row.country for record in (Production, Governance, Membership) for row in read_rows(record)}
    named |= {code for row in read_rows(Control) for code in (row.host, row.owner)}
    named |= {row.country for row in read_rows(Reserve)}
    return named | {port[:2] for row in read_rows(Distance) for port in (row.origin_port, row.destination_port)}


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_source_with_a_licence_and_stands_there_once(name: str) -> None:
    sources = {row.source: row for row in read_rows(Source)}
    rows: tuple[Any, ...] = read_rows(TABLES[name])
    assert rows
    if name not in {"materials", "sources"}:
        assert {row.source for row in rows} <= sources.keys()
    if name in KEYS:
        assert not [row for row, times in Counter(row[: KEYS[name]] for row in rows).items() if times > 1]
    assert all(source.licence and source.found and source.title and source.year for source in sources.values())


def test_every_source_is_used() -> None:
    used = {row.source for record in TABLES.values() if record not in {Naming, Source} for row in read_rows(record)}
    assert {row.source for row in read_rows(Source)} == used


def test_every_country_code_is_known() -> None:
    assert countries() - {WORLD} <= iso3166.countries_by_alpha2.keys() | {"XK"}


def test_what_produces_has_a_risk() -> None:
    assert {row.country for row in read_rows(Production)} <= governance_risks().keys()


@pytest.mark.parametrize("stage", read_rows(Stage), ids=lambda row: f"{row.material}-{row.stage}-{row.year}")
def test_countries_add_up_to_the_world_as_published(stage: Stage) -> None:
    scope = stage.material, stage.stage, stage.year, stage.source
    total = sum(row.quantity for row in read_rows(Production) if (*row[:2], row.year, row.source) == scope)
    assert stage.world * (1 - UNNAMED) < total < stage.world * (1 + ROUNDED)


def test_every_figure_of_production_has_a_total() -> None:
    stages = {(row.material, row.stage, row.year, row.source) for row in read_rows(Stage)}
    assert {(*row[:2], row.year, row.source) for row in read_rows(Production)} == stages


def test_countries_hold_no_more_reserves_than_the_world_and_these_last_for_years() -> None:
    held: dict[str, dict[str, float]] = defaultdict(dict)
    for row in read_rows(Reserve):
        held[row.material][row.country] = row.quantity
    made = {row.material: row.world for row in read_rows(Stage) if row.stage == "mined"}
    for material, reserves in held.items():
        if material == "tantalum":  # of which the Survey gives no total
            continue
        world = reserves.pop(WORLD)
        assert sum(reserves.values()) <= world * (1 + MORE), material
        assert material not in made or 10 < world / made[material] < 300, material


def test_materials_are_known_by_one_name_each() -> None:
    known = {row.material for row in read_rows(Naming)}
    records = (Stage, Production, Control, Price, Reserve)
    assert {row.material for record in records for row in read_rows(record)} == known
    assert find_material("Natural_Graphite") == "graphite"
    assert find_material("aluminum") == "aluminium"
    assert find_material("unobtainium") is None


def test_lists_are_whole() -> None:
    assert Counter(row.list for row in read_rows(Listed)) == {
        "US critical minerals": 60,
        "EU critical raw materials": 34,
        "EU strategic raw materials": 19,  # 17 entries of Annex I, one of which is bauxite, alumina and aluminium
    }


def test_blocs_have_the_members_of_today() -> None:
    today = Counter(row.bloc for row in read_rows(Membership) if not row.until)
    assert today == {"EU": 27, "G7": 7, "OECD": 38}
    assert all(re.fullmatch(r"\d{4}(-\d\d-\d\d)?", row.since) for row in read_rows(Membership))


def test_a_way_without_the_canal_is_no_shorter() -> None:
    assert all(0 < row.nautical_miles <= row.without_suez for row in read_rows(Distance))

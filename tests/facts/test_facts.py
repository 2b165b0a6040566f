"""The real instances hold what their own notes and the free tables come to; and what does not is found."""

from __future__ import annotations

import datetime
from functools import cache
from typing import TYPE_CHECKING

import pytest

from facts.check import INSTANCES, REAL, find_all, main
from models.market import CountryRisk
from optimizer.dump import dump
from optimizer.load import load

if TYPE_CHECKING:
    from pathlib import Path

    from facts.findings import Finding
    from models.instance import Instance

TODAY = datetime.date(2026, 11, 29)


@cache
def loaded(name: str) -> Instance:
    return load(INSTANCES / name)


def changed(name: str, table: str, row: int, **values: object) -> list[Finding]:
    """Return what is found in an instance of which one row of a table says something else."""
    instance = loaded(name)
    rows = list(getattr(instance.market, table))
    rows[row] = rows[row].model_copy(update=values)
    market = instance.market.model_copy(update={table: tuple(rows)})
    return find_all(instance.model_copy(update={"market": market}), TODAY)


@pytest.mark.parametrize("name", REAL)
def test_figures_are_what_their_notes_and_tables_come_to(name: str) -> None:
    assert not [one for one in find_all(loaded(name), TODAY) if one.kind == "mismatch"]


@pytest.mark.parametrize("name", REAL)
def test_most_freights_state_how_they_come_about(name: str) -> None:
    found = find_all(loaded(name), TODAY)
    silent = sum(int(one.what.split(" ")[0]) for one in found if (one.kind, one.about) == ("not checked", "freight"))
    lanes = loaded(name).market.lanes
    assert not lanes or silent < len(lanes) / 2


def test_a_freight_that_is_not_distance_times_rate_is_a_mismatch() -> None:
    row, lane = next(
        (row, lane) for row, lane in enumerate(loaded("chips-2026").market.lanes) if " nm at " in (lane.note or "")
    )
    assert lane.freight > 0
    found = changed("chips-2026", "lanes", row, freight=round(lane.freight * 1.01, 4))
    (wrong,) = [one for one in found if one.kind == "mismatch"]
    assert wrong.about == "freight"
    assert wrong.what.startswith(f"{lane.origin} to {lane.destination}: ")


def test_owners_that_add_up_to_less_must_say_that_a_rest_is_undisclosed() -> None:
    market = loaded("chips-2026").market
    row, owner = next((row, owner) for row, owner in enumerate(market.owners) if owner.share == 1)
    (wrong,) = [one for one in changed("chips-2026", "owners", row, share=0.9) if one.kind == "mismatch"]
    name = owner.company or owner.offer
    assert wrong.what == f"{name}: shares add up to 0.9, and no note says what is missing"
    said = changed("chips-2026", "owners", row, share=0.9, note="rest undisclosed")
    assert not [one for one in said if one.kind == "mismatch"]


def test_a_capacity_above_what_the_country_makes_is_flagged() -> None:
    market = loaded("chips-2026").market
    row, offer = next(
        (row, offer) for row, offer in enumerate(market.offers) if (offer.material, offer.country) == ("gallium", "CN")
    )
    assert not [one for one in find_all(loaded("chips-2026"), TODAY) if "gallium of CN" in one.what]
    found = changed("chips-2026", "offers", row, capacity=1_000_000.0, note=None)
    assert [(one.kind, one.about, one.what) for one in found if "gallium of CN" in one.what] == [
        ("flag", "country", "refined gallium of CN: 1 000 t on offer, 111% of the 900 t made in 2025")
    ], offer.offer


def test_a_stated_risk_that_is_not_what_the_indicators_come_to_is_a_mismatch() -> None:
    instance = loaded("chips-2026")
    rows = (CountryRisk(country="CN", risk=5), CountryRisk(country="JP", risk=2.251), CountryRisk(country="IS", risk=1))
    market = instance.market.model_copy(update={"countries": rows})
    found = find_all(instance.model_copy(update={"market": market}), TODAY)
    assert [(one.kind, one.what) for one in found if one.about == "countries"] == [
        ("mismatch", "CN: 5 is stated, and 5.667 follows from the governance indicators"),
        ("flag", "IS is named by no offer, owner or origin"),
    ]


def test_a_country_of_which_nobody_knows_a_risk_is_a_mismatch() -> None:
    (wrong,) = [one for one in changed("chips-2026", "offers", 0, country="FK") if one.kind == "mismatch"]
    assert wrong.what == "FK has no risk, and the reference data know none"


def test_rows_of_more_than_three_years_before_the_horizon_and_law_not_looked_at_are_flagged() -> None:
    market = loaded("chips-2026").market
    first = (market.start or market.as_of).year
    found = changed("chips-2026", "sites", 0, year=first - 4)
    assert f"sites, 1 of {first - 4}, 4 years back: {market.sites[0].site}" in [one.what for one in found]
    assert not [one for one in changed("chips-2026", "sites", 0, year=first - 3) if one.what.startswith("sites, ")]
    late = find_all(loaded("chips-2026"), TODAY + datetime.timedelta(days=400))
    assert [one for one in late if one.about == "policy"]


def test_it_ends_with_1_where_a_figure_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "chips-2026"
    dump(loaded("chips-2026"), folder)
    assert main(["--today", "2026-11-29", str(folder)]) == 0
    (folder / "countries.csv").write_text("country,risk\nCN,5.5\n", "utf-8")
    assert main(["--today", "2026-11-29", str(folder)]) == 1
    assert "MISMATCH countries: CN: 5.5 is stated, and 5.667 follows" in capsys.readouterr().out

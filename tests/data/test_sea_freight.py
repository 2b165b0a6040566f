"""Freight by sea: what it is estimated as while an instance is read, and what keeps it from being so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from models.enforcement import enforce
from optimizer.dump import dump
from optimizer.errors import InputError
from optimizer.load import load
from optimizer.notes import list_notes
from optimizer.solve import settings_of, solve

if TYPE_CHECKING:
    from pathlib import Path

MILES = 11258
"""Nautical miles from Fremantle to Houston, as the reference data have them."""
FILES = {
    "instance.toml": """\
name = "sea"
title = "By sea"
currency = "USD"
mass_unit = "t"
as_of = 2026-11-30
sea_rate = 5.5
[[periods]]
name = "2027"
years = 1
""",
    "materials.csv": "material,stages,basis\nlithium,refined,t Li\n",
    "sites.csv": "site,country\nplant,US\n",
    "demand.csv": "site,material,period,quantity\nplant,lithium,2027,100\n",
    "offers.csv": (
        "offer,company,material,stage,country,price,basis\n"
        "metal,A,lithium,refined,AU,9000,\ncarbonate,B,lithium,refined,AU,900,kg LCE\n"
    ),
    "lanes.csv": (
        "origin,destination,freight,from_port,to_port,note\n"
        "metal,plant,sea,AUFRE,Houston,\ncarbonate,plant, Sea ,houston,fremantle,by bulk\n"
    ),
}


def written(folder: Path, **spoilt: tuple[str, str]) -> Path:
    """Write the instance, with a text of some files replaced."""
    for name, text in FILES.items():
        before, after = spoilt.get(name.split(".")[0], ("", ""))
        assert before in text
        (folder / name).write_text(text.replace(before, after, 1) if before else text, "utf-8")
    return folder


def test_a_freight_is_the_distance_at_the_rate_of_what_is_shipped_and_assumed(tmp_path: Path) -> None:
    instance = load(written(tmp_path))
    carbonate, metal = sorted(instance.market.lanes, key=lambda lane: lane.origin)
    assert metal.freight == pytest.approx(MILES / 1000 * 5.5)
    assert carbonate.freight == pytest.approx(MILES / 1000 * 5.5 / 0.18785, rel=1e-4)
    assert metal.note == "estimate: 11258 nm from AUFRE to USHOU at 5.5 USD per t and 1000 nm, t Li shipped"
    assert (carbonate.note or "").startswith("by bulk; estimate: 11258 nm from USHOU to AUFRE")
    assert metal.assumed == ("freight",)
    solution = solve(enforce(instance), settings_of(instance))
    freight = next(one for one in solution.caveats.assumed.costs if one.cost == "freight")
    assert freight.assumed == freight.amount == pytest.approx(100 * metal.freight)


def test_what_was_estimated_is_a_row_like_any_other_in_each_form(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    instance = load(written(tmp_path / "first"))
    for name in ("copy", "copy.json", "copy.xlsx"):
        dump(instance, tmp_path / name)
        assert load(tmp_path / name) == instance


@pytest.mark.parametrize(
    ("table", "before", "after", "line"),
    [
        (
            "instance",
            "sea_rate = 5.5\n",
            "",
            "freight: sea needs a rate per tonne and 1000 nautical miles",
        ),
        ("lanes", "AUFRE,", ",", "from_port: is empty, and freight by sea is from port to port"),
        ("lanes", "AUFRE", "Fremantel", "'Fremantel' is no port of the reference data (did you mean Fremantle?)"),
        (
            "lanes",
            "AUFRE",
            "USNYC",
            (
                "lanes.csv:2 freight: sea cannot be had: the reference data have no distance between New York (USNYC) "
                "and Houston (USHOU); write the freight as a number"
            ),
        ),
        ("lanes", "sea,", "by sea,", "'by sea' is not a number"),
    ],
)
def test_what_is_missing_is_told_with_its_cure(tmp_path: Path, table: str, before: str, after: str, line: str) -> None:
    with pytest.raises(InputError) as found:
        load(written(tmp_path, **{table: (before, after)}))
    assert line in str(found.value)
    if table == "instance":
        assert len(str(found.value).splitlines()) == len(FILES["lanes.csv"].splitlines()) - 1


def test_ports_without_a_freight_are_noted(tmp_path: Path) -> None:
    instance = load(written(tmp_path, lanes=("metal,plant,sea,", "metal,plant,,")))
    said = "lane metal to plant has ports and is free of freight; write sea there to have it estimated"
    assert said in list_notes(enforce(instance))

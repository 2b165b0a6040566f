"""National offers: what a column of materials adds to an instance as it is read, and what keeps it from doing so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from models.changes import ChangeError, apply_changes, parse
from models.data import latest_price, supplies_of
from models.market import Material
from models.references import problems_of
from optimizer.dump import dump
from optimizer.errors import InputError
from optimizer.load import load
from optimizer.solve import solve
from tests.cli.command import lodeplan

if TYPE_CHECKING:
    from pathlib import Path

HEADER = """\
name = "world"
title = "World"
currency = "USD"
mass_unit = "t"
as_of = 2026-11-30
[[periods]]
name = "2027"
years = 1
"""
MATERIALS = "material,stages,basis,offers,world_freight\n"


def written(folder: Path, *materials: str, **tables: str) -> Path:
    """Write an instance of a site in the United States that needs 1 000 units of each material."""
    names = [row.split(",")[0] for row in materials]
    files = {
        "instance.toml": HEADER,
        "materials.csv": MATERIALS + "".join(f"{row}\n" for row in materials),
        "sites.csv": "site,country\nplant,US\n",
        "demand.csv": "site,material,period,quantity\n" + "".join(f"plant,{name},2027,1000\n" for name in names),
        "offers.csv": "offer,company,material,stage,country,price\n",
    } | {f"{table}.csv": text for table, text in tables.items()}
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def test_each_country_sells_what_it_made_at_the_price_of_the_data(tmp_path: Path) -> None:
    market = load(written(tmp_path, "lithium,mined; refined,t LCE,world,")).market
    made = supplies_of("lithium", "refined")[0]
    price = latest_price("lithium", "refined")
    assert price is not None
    offers = {offer.country: offer for offer in market.prepared.offers}
    assert offers.keys() == made.countries.keys()
    for country, offer in offers.items():
        # a tonne of lithium is 5.3233 t of carbonate, and the price is one of carbonate
        assert offer.capacity == pytest.approx(made.countries[country] * 5.3233, rel=1e-4)
        assert offer.price == pytest.approx(price.usd)
        assert (offer.offer, offer.stage) == (f"world-lithium-{country}", "refined")
        assert offer.assumes("price")
        assert (offer.note or "").startswith("national: ")


def test_known_owners_come_with_them_and_the_rest_is_undisclosed(tmp_path: Path) -> None:
    market = load(written(tmp_path, "nickel,refined,t Ni,world,")).market
    assert [(row.offer, row.country, row.share) for row in market.owners] == [("world-nickel-ID", "CN", 0.75)]


def test_a_plan_says_that_it_rests_on_them(tmp_path: Path) -> None:
    said = lodeplan("solve", written(tmp_path, "graphite,mined,t natural graphite,world,")).out
    assert "Rests on 1 assumed row of the 4 that it uses: offer world-graphite-" in said
    assert "Of the cost 100% is at assumed prices" in said


def test_an_offer_of_the_instance_under_the_name_of_one_goes_before(tmp_path: Path) -> None:
    own = "offer,company,material,stage,country,price,capacity\nworld-gallium-CN,mine,gallium,refined,CN,5,400\n"
    market = load(written(tmp_path, "gallium,refined,t Ga,world,", offers=own)).market
    assert [(offer.country, offer.price) for offer in market.offers] == [
        ("CN", 5.0),
        ("RU", 580000.0),
        ("JP", 580000.0),
    ]


@pytest.mark.parametrize("form", ["copy", "copy.xlsx", "copy.json"])
def test_they_are_rows_from_then_on(form: str, tmp_path: Path) -> None:
    (tmp_path / "world").mkdir()
    instance = load(written(tmp_path / "world", "nickel,refined,t Ni,world,0"))
    assert instance.market.materials[0].offers is None
    dump(instance, tmp_path / form)
    assert load(tmp_path / form).digest == instance.digest


def test_lanes_with_a_stated_freight_lead_to_the_sites_that_need_it(tmp_path: Path) -> None:
    own = "offer,company,material,stage,country,price,capacity\nnear,mine,gallium,refined,US,600000,400\n"
    lanes = "origin,destination,freight\nnear,plant,10\nworld-gallium-RU,plant,7\n"
    market = load(written(tmp_path, "gallium,refined,t Ga,world,25", offers=own, lanes=lanes)).market
    assert {lane.origin: lane.freight for lane in market.lanes} == {
        "near": 10,
        "world-gallium-CN": 25,
        "world-gallium-JP": 25,
        "world-gallium-RU": 7,
    }


def test_freight_is_paid_where_there_are_no_other_offers(tmp_path: Path) -> None:
    instance = load(written(tmp_path, "indium,refined,t In,world,25"))
    assert solve(instance).cost == pytest.approx(1000 * (380_000 + 25))


DATA = "materials.csv:2 offers: world cannot be had: the reference data"
OWN = "offer,company,material,stage,country,price\nnear,mine,gallium,refined,US,600000\n"


@pytest.mark.parametrize(
    ("material", "tables", "told"),
    [
        (
            "granite,refined,t granite,world,", {},
            f"{DATA} know nobody who supplies it, and its last stage here is refined; state offers of your own",
        ),
        (
            "tungsten,mined; refined,t W,world,", {},
            f"{DATA} know tungsten as mined only, and its last stage here is refined; state offers of your own",
        ),
        (
            "rare-earths,mined,t REO,world,", {},
            f"{DATA} have no price of rare-earths; state offers of your own",
        ),
        (
            "graphite,refined,t natural graphite,world,", {},
            (f"{DATA} count in t battery-grade graphite, which is no basis of it (t natural graphite): what "
            "battery-grade graphite holds is not known; add the factor to conversions"),
        ),
        (
            "gallium,refined,t Ga,everywhere,", {},
            "materials.csv:2 offers: 'everywhere' is not one of world",
        ),
        (
            "gallium,refined,t Ga,,25", {},
            ("materials.csv:2 world_freight: is paid by national offers, and none are asked for; write offers = world, "
            "or leave it empty"),
        ),
        (
            "gallium,refined,t Ga,world,", {"offers": OWN, "lanes": "origin,destination\nnear,plant\n"},
            ("materials.csv:2 world_freight: the instance has lanes, and none leads from its national offers; write "
            "what a unit pays to a site, or lanes from world-gallium-CN and others"),
        ),
        (
            "gallium,refined,t Ga,world,25", {"offers": OWN},
            ("materials.csv:2 world_freight: the instance has no lanes, so that its own offers reach every site free "
            "of freight, and would not beside lanes of others; leave it empty, or state the lanes"),
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_told_by_its_cell(
    material: str, tables: dict[str, str], told: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as error:
        load(written(tmp_path, material, **tables))
    assert told in error.value.problems


def test_prices_are_in_dollars_and_need_a_rate_elsewhere(tmp_path: Path) -> None:
    folder = written(tmp_path, "indium,refined,t In,world,")
    (folder / "instance.toml").write_text(HEADER.replace("USD", "EUR"), "utf-8")
    with pytest.raises(InputError, match="have prices in USD, and this instance counts in EUR; add a row USD to rates"):
        load(folder)
    (folder / "rates.csv").write_text("currency,rate\nUSD,0.9\n", "utf-8")
    assert solve(load(folder)).cost == pytest.approx(0.9 * 1000 * 380_000)


def test_offers_may_be_missing_only_where_they_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no rows; every instance needs some offers"):
        load(written(tmp_path, "gallium,refined,t Ga,,"))
    (tmp_path / "offers.csv").unlink()
    with pytest.raises(InputError, match=r"offers\.csv: is missing; every instance needs this table"):
        load(tmp_path)
    (tmp_path / "materials.csv").write_text(f"{MATERIALS}gallium,refined,t Ga,world,\n", "utf-8")
    assert len(load(tmp_path).market.offers) == 3


def test_a_record_that_asks_for_them_and_was_not_read_is_refused(tmp_path: Path) -> None:
    instance = load(written(tmp_path, "gallium,refined,t Ga,world,"))
    asking = (Material(material="gallium", stages=("refined",), basis="t Ga", offers="world"),)
    (problem,) = problems_of(instance.market.model_copy(update={"materials": asking}), "t", "USD")
    assert problem.line == (
        "materials[0] offers: national offers are made when a table of materials is read; write it there, or state the "
        "offers"
    )
    with pytest.raises(ChangeError, match="national offers are made when a table of materials is read"):
        apply_changes(instance, [parse("set materials.gallium.offers=world")])

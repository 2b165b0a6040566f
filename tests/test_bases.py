"""Units of mass and substances: what a basis holds, and that an instance costs the same in whatever it is stated."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest

import lodeplan
from models.enforcement import enforce
from models.records.bases import units_held
from optimizer.errors import InputError
from optimizer.load import load
from optimizer.notes import list_notes
from optimizer.solve import solve

if TYPE_CHECKING:
    from pathlib import Path

HELD = [
    ("t Li", "t LCE", 5.3233),
    ("t Li2CO3", "t Li content", 0.18785),
    ("t LiOH.H2O", "t Li content", 0.16539),
    ("t Li2O", "t Li content", 0.46454),
    ("t Co3O4", "t Co content", 0.7342),
    ("t Co(OH)2", "t Co content", 0.6341),
    ("t CoSO4.7H2O", "t Co content", 0.2097),
    ("t NiSO4·6H2O", "t Ni", 0.2233),
    ("mtu WO3", "kg W content", 7.930),
    ("t APT", "t W content", 0.7043),
    ("t Nd2O3", "t NdPr content", 0.8574),
    ("t Pr6O11", "t Nd, Pr, Dy and Tb content", 0.8277),
    ("t LiNi0.8Mn0.1Co0.1O2", "t Ni", 0.4827),
    ("kg graphite", "t graphite", 1e-3),
    ("lb Co", "kg Co", 0.4536),
    ("oz t Pt", "kg Pt content", 0.031103),
    ("flask Hg", "kg Hg", 34.473),
    ("st U3O8", "kg U", 769.26),
    ("t MHP 39% Ni, 2% Co", "t Ni content", 0.39),
    ("t MHP 39% Ni, 2% Co", "t Co content", 0.02),
    ("t spodumene concentrate 6% Li2O", "t LCE", 0.14838),
    ("t fluorspar 97% CaF2", "t CaF2", 0.97),
]
"""Factors from the literature of trade, to the digits that it gives."""


@pytest.mark.parametrize(("basis", "of", "factor"), HELD)
def test_a_unit_holds_what_its_formula_says(basis: str, of: str, factor: float) -> None:
    assert units_held(basis, of=of) == pytest.approx(factor, rel=4e-4)


REFUSED = [
    ("lbs Co", "t Co", "'lbs' is no unit of mass (did you mean lb?)"),
    ("t CO", "t Co", "CO holds no Co"),
    ("t MHP", "t Ni", "what MHP holds is not known"),
    ("t Al2O3.2SiO2", "t Al", "'3.2' in Al2O3.2SiO2 reads both ways; write · between parts, and counts below one"),
    ("t Lx2O3", "t Li", "'Lx2O3' is no formula, as no element is called Lx2"),
    ("t NdPr", "t Nd", "NdPr does not say how much of it is Nd"),
    ("t Li", "t LiFePO4", "LiFePO4 holds Fe and Li, so that it cannot be told which is counted"),
    ("t MHP 60% Ni, 50% Co", "t Ni", "the grades of MHP 60% Ni, 50% Co add up to 110%; they are shares of its mass"),
    ("t MHP 39% Ni wet", "t Ni", "'MHP 39% Ni wet' says more behind its grade; write the grade last"),
    ("t", "t Ni", "'t' does not say of which substance it is"),
]  # fmt: skip


@pytest.mark.parametrize(("basis", "of", "why"), REFUSED)
def test_what_cannot_be_known_is_refused(basis: str, of: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        units_held(basis, of=of)


def restate(folder: Path, table: str, key: str, **cells: str) -> None:
    """Put texts into the row of a table whose first cells are a key; columns that are not there are added."""
    path = folder / f"{table}.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    (meant,) = [row for row in rows if ",".join(row.values()).startswith(key)]
    meant |= cells
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys([*rows[0], *cells])), restval="")
        writer.writeheader()
        writer.writerows(rows)


def test_an_instance_in_pounds_and_carbonate_costs_the_same(small: Path) -> None:
    cost = solve(load(small)).cost
    pound, lce = (units_held(basis, of="t Li content") for basis in ("lb Li", "kg LCE"))
    pounds = {"capacity": f"{2000 / pound}", "price": f"{9000 * pound}", "co2": f"{1.5 * pound}", "basis": "lb Li"}
    restate(small, "offers", "Pilbara", **pounds)
    restate(small, "offers", "Ganfeng", capacity=f"{2500 / lce}", price=f"{4000 * lce}", basis="kg LCE")
    restate(small, "terms", "Atacama", capacity=f"{1400 / lce}")
    restate(small, "offers", "Atacama", capacity=f"{1500 / lce}", price=f"{8500 * lce}", basis="kg LCE")
    restate(small, "demand", "Gigafactory,lithium,2028", quantity=f"{2500 / pound}", basis="lb Li")
    restate(small, "commitments", "Bitterfeld", quantity=f"{100 / lce}", basis="kg LCE")
    assert solve(load(small)).cost == pytest.approx(cost, rel=1e-9)


def test_prices_may_be_per_another_unit_than_amounts(small: Path) -> None:
    (small / "tiers.csv").write_text("offer,from_quantity,price,kind\nPilbara,500,8000,incremental\n", encoding="utf-8")
    restate(small, "terms", "Atacama,2027", price="8600")
    restate(small, "offers", "Ganfeng", customs_value="15000")
    cost = solve(load(small)).cost
    pound, lce = (units_held(basis, of="t Li content") for basis in ("lb Li", "kg LCE"))
    restate(small, "offers", "Pilbara", price=f"{9000 * pound}", price_basis="lb Li")
    restate(small, "tiers", "Pilbara", price=f"{8000 * pound}")
    restate(small, "offers", "Atacama", capacity=f"{1500 / lce}", co2=f"{0.9 * lce}", basis="kg LCE")
    restate(small, "offers", "Atacama", price=f"{8500 * pound}", price_basis="lb Li")
    restate(small, "terms", "Atacama,2027", capacity=f"{1400 / lce}", price=f"{8600 * pound}")
    restate(small, "offers", "Ganfeng", price=f"{4000 * pound}", customs_value=f"{15000 * pound}", price_basis="lb Li")
    assert solve(load(small)).cost == pytest.approx(cost, rel=1e-9)
    restate(small, "offers", "Pilbara", price_basis="lbs Li")
    with pytest.raises(InputError, match=r"offers.csv:2 price_basis: 'lbs Li' is no basis of lithium"):
        load(small)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("price mined/lithium=5", "5 is per t Li content for Pilbara, and per lb Li for Atacama"),
        ("price mined/lithium=+5", "+5 is per t Li content for Pilbara, and per lb Li for Atacama"),
        ("price mined/lithium@2027=5", "5 is per t Li content for Pilbara, and per lb Li for Atacama"),
        ("price lithium@CL=5", None),
        ("price lithium=+5%", None),
        ("capacity lithium=900", "900 is in t Li content for Pilbara, and in kg LCE for Ganfeng"),
        ("capacity mined/lithium=0", None),
        ("demand lithium=900", "900 is in lb Li for lithium at Gigafactory, and in t Li content for lithium at Giga"),
        ("demand lithium@2027=900", None),
    ],
)
def test_an_amount_that_would_be_in_several_units_is_refused(small: Path, said: str, why: str | None) -> None:
    restate(small, "offers", "Atacama", price="4", price_basis="lb Li")
    restate(small, "offers", "Ganfeng", basis="kg LCE")
    restate(small, "demand", "Gigafactory,lithium,2027", basis="lb Li")
    if why is None:
        assert lodeplan.change(small, said) is not None
        return
    with pytest.raises(InputError, match=re.escape(f"{why}")) as refused:
        lodeplan.change(small, said)
    assert "name those of one unit, or write a relative amount such as +10% or x1.1" in str(refused.value)


def test_wrong_bases_are_told_by_row(small: Path) -> None:
    restate(small, "materials", "graphite", basis="kg graphite")
    restate(small, "demand", "Gigafactory,lithium,2027", basis="lbs Li")
    restate(small, "demand", "Gigafactory,lithium,2028", basis="t CO")
    with pytest.raises(InputError) as refused:
        load(small)
    cure = "write t Li content, another formula or a grade, such as t MHP 39% Ni, or add the factor to conversions"
    of = "is no basis of lithium (t Li content)"
    assert refused.value.problems == (
        (
            "materials.csv:3 basis: 'kg graphite' is not in t, the mass_unit of the instance; write 't graphite', and "
            "give rows that are stated so the basis 'kg graphite'"
        ),
        f"demand.csv:2 basis: 'lbs Li' {of}: 'lbs' is no unit of mass (did you mean lb?); {cure}",
        f"demand.csv:3 basis: 't CO' {of}: CO holds no Li; {cure}",
    )


def test_a_stated_factor_is_followed_and_compared_with_the_formula(small: Path) -> None:
    restate(small, "offers", "Atacama", basis="t LCE")
    assert not [note for note in list_notes(enforce(load(small))) if "LCE" in note]
    restate(small, "conversions", "lithium,t LCE", factor="5.32")
    instance = load(small)
    assert instance.market.bases.factor("lithium", "t LCE") == 5.32
    said = "says 5.32 and is followed, and the words of both say 0.187852"
    assert f"conversion of lithium from t LCE {said}" in list_notes(enforce(instance))


def test_of_two_prices_each_is_beside_the_other(small: Path) -> None:
    restate(small, "offers", "Pilbara", basis="kg LCE")
    told = [note for note in list_notes(enforce(load(small))) if "look at" in note]
    said = "ask a hundred times more or less than others of their stage: look at its unit, basis and currency"
    assert told == [f"offers Atacama and Pilbara {said}"]


def test_a_price_per_tonne_in_a_row_per_kilogram_is_noted(small: Path) -> None:
    third = "Uyuni,Salar,lithium,mined,Bolivia,100,7000,,,2,"
    (small / "offers.csv").write_text(
        f"{(small / 'offers.csv').read_text(encoding='utf-8')}{third}\n", encoding="utf-8"
    )
    assert not [note for note in list_notes(enforce(load(small))) if "look at" in note]
    restate(small, "offers", "Pilbara", basis="kg LCE")
    told = [note for note in list_notes(enforce(load(small))) if "look at" in note]
    asked = "asks 47 910 100 USD a t Li content, and what lies in the middle of mined lithium is 8 500"
    assert told == [f"offer Pilbara {asked}: look at its unit, basis and currency"]

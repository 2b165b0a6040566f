"""Policies of importing countries: their days, their tables by year, the goods that they find, what is pending."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest

from models.market import Material
from models.policies import Measure, list_shipped, read_shipped
from tests.cli.command import bundled

IMPORTERS = ("australia", "canada", "eu", "india", "japan", "korea", "uk", "us")
MINE = [name for name in list_shipped() if name.split("-")[0] in IMPORTERS]


def measure(policy: str, name: str) -> Measure:
    return next(m for m in read_shipped(policy).measures if m.name == name)


def found(policy: str, material: Material) -> dict[str, list[str]]:
    """Return the stages of a material that each measure of a policy speaks of, where there are any."""
    said = {m.name: m.concerns(material) for m in read_shipped(policy).measures}
    return {name: stages for name, stages in said.items() if stages}


def material(name: str, stages: str, known_as: str | None = None) -> Material:
    return Material(material=name, stages=stages, basis="t", **({"known_as": known_as} if known_as else {}))


# Days ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "name", "first", "last"),
    [
        ("us-dfars-7052", "dfars-melted-or-produced", None, "2026-12-31"),
        ("us-dfars-7052", "dfars-whole-chain", "2027-01-01", None),
        ("us-pfe", "45x-critical-minerals", "2030-01-01", None),
        ("us-pfe", "45x-wind-components", "2026-01-01", "2027-12-31"),
        ("us-pfe", "45x-mineral-phase-out", "2031-01-01", None),
        ("us-section-301", "s301-synthetic-graphite", "2019-05-10", None),
        ("us-section-301", "s301-natural-graphite", "2026-01-01", None),
        ("us-section-301", "s301-magnets", "2026-01-01", None),
        ("us-section-301", "s301-tungsten-powder", "2024-09-27", None),
        ("us-section-301", "s301-tungsten-metal", "2025-01-01", None),
        ("us-section-301-2026", "fl301-china", "2026-07-24", None),
        ("us-section-301-2026", "br301-brazil", "2026-07-22", None),
        ("us-anode-graphite", "anode-graphite-cases", "2025-05-28", "2026-03-31"),
        ("us-section-232", "s232-polysilicon", "2026-12-04", None),
        ("us-russian-metals", "us-russian-metals-ban", "2024-04-13", None),
        ("us-trade-preferences", "section-122", "2026-02-24", "2026-07-23"),
        ("us-trade-preferences", "agoa", "2026-02-03", "2026-12-31"),
        ("eu-crma", "crma-third-country", "2030-01-01", None),
        ("eu-russian-metals", "eu-russian-aluminium-quota", "2025-02-25", "2026-12-31"),
        ("eu-russian-metals", "eu-russian-aluminium-ban", "2027-01-01", None),
        ("eu-batteries", "batteries-due-diligence", "2027-08-18", None),
        ("eu-batteries", "batteries-recycled-content-2031", "2031-08-18", "2036-08-17"),
        ("eu-batteries", "batteries-recycled-content-2036", "2036-08-18", None),
        ("uk-critical-minerals", "uk-one-country", "2035-01-01", None),
    ],
)
def test_a_measure_holds_from_its_first_day_to_its_last(
    policy: str, name: str, first: str | None, last: str | None
) -> None:
    meant, one = measure(policy, name), datetime.timedelta(days=1)
    if first is not None:
        day = datetime.date.fromisoformat(first)
        assert meant.status(day) == "in force"
        assert meant.status(day - one) in {"not yet in force", "not yet known"}
    if last is not None:
        day = datetime.date.fromisoformat(last)
        assert meant.status(day) == "in force"
        assert meant.status(day + one) == "expired"


# Tables by year -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "first", "levels"),
    [
        ("45x-battery-components", 2026, [0.60, 0.65, 0.70, 0.80, 0.85, 0.85]),
        ("48e-45y-facilities", 2026, [0.40, 0.45, 0.50, 0.55, 0.60, 0.60]),
        ("48e-storage", 2026, [0.55, 0.60, 0.65, 0.70, 0.75, 0.75]),
        ("45x-solar-components", 2026, [0.50, 0.60, 0.70, 0.80, 0.85, 0.85]),
        ("45x-wind-components", 2026, [0.85, 0.90]),
        ("45x-inverters", 2026, [0.50, 0.55, 0.60, 0.65, 0.70, 0.70]),
        ("45x-critical-minerals", 2030, [0.25, 0.30, 0.40, 0.50, 0.50]),
    ],
)
def test_the_cost_ratio_of_a_year_is_that_of_its_table(name: str, first: int, levels: list[float]) -> None:
    meant = measure("us-pfe", name)
    for year, level in enumerate(levels, first):
        for day in (datetime.date(year, 1, 1), datetime.date(year, 12, 31)):
            limit = meant.limit_on(day)
            assert limit is not None
            assert limit.level == level


def test_tables_that_nobody_read_say_so() -> None:
    assumed = {m.name for m in read_shipped("us-pfe").measures if m.evidence == "assumed"}
    assert assumed == {"45x-solar-components", "45x-wind-components", "45x-inverters", "45x-mineral-phase-out"}


# Goods --------------------------------------------------------------------------------------------


def test_duties_on_china_find_the_goods_of_the_real_instances_by_stage() -> None:
    rates: dict[tuple[str, str], list[str]] = {}
    for instance in ("us-battery-2027", "us-defense-2027", "chips-2026"):
        for row in bundled(instance).market.materials:
            for name, stages in found("us-section-301", row).items():
                for stage in stages if measure("us-section-301", name).duty else ():
                    rates.setdefault((row.material, stage), []).append(name)
    assert not [names for names in rates.values() if len(names) > 1]
    expected = {
        ("graphite", "mined"): "s301-natural-graphite",
        ("graphite", "refined"): "s301-synthetic-graphite",
        ("lithium", "refined"): "s301-lithium-chemicals",
        ("cobalt", "refined"): "s301-cobalt",
        ("nickel", "refined"): "s301-nickel",
        ("tungsten", "mined"): "s301-tungsten-concentrates",
        ("tungsten", "refined"): "s301-tungsten-chemicals",
        ("tungsten", "produced"): "s301-tungsten-powder",
        ("tantalum", "produced"): "s301-tantalum",
        ("neodymium-praseodymium", "produced"): "s301-magnets",
        ("samarium", "produced"): "s301-magnets",
        ("gallium", "refined"): "s301-gallium",
        ("indium", "refined"): "s301-indium",
    }
    assert {cell: rates[cell][0] for cell in expected} == expected
    assert not {("manganese", "refined"), ("germanium", "refined"), ("tantalum", "mined")} & rates.keys()


def test_the_duties_of_july_2026_spare_minerals_and_sintered_magnets_and_charge_graphite() -> None:
    charged = {m.name for m in read_shipped("us-section-301-2026").measures if m.duty is not None}
    lithium, tungsten = material("lithium", "mined; refined"), material("tungsten", "mined; refined; produced")
    for spared in (lithium, tungsten, material("natural graphite", "mined; refined")):
        assert not charged & found("us-section-301-2026", spared).keys()
    anode = found("us-section-301-2026", material("anode", "mined; refined", "synthetic graphite"))
    assert anode["fl301-china"] == anode["fl301-korea-graphite"] == ["refined"]
    for freed in ("neodymium-iron-boron magnets", "permanent magnets"):
        assert not charged & found("us-section-301-2026", material("NdFeB", "separated; produced", freed)).keys()
    magnets = found("us-section-301-2026", material("SmCo", "separated; produced", "samarium-cobalt magnets"))
    assert magnets["fl301-japan-magnets"] == magnets["fl301-china"] == ["produced"]
    japan, estonia = (measure("us-section-301-2026", f"fl301-{who}-magnets").duty for who in ("japan", "estonia"))
    assert japan is not None
    assert estonia is not None
    # to 12.5 %, as Japan pays no ordinary duty, and with the ordinary 2.1 % to 10 %
    assert japan.rate == pytest.approx(0.125)
    assert estonia.rate == pytest.approx(0.10 - 0.021)


def test_no_country_pays_two_duties_of_july_2026_on_one_good_but_brazil() -> None:
    duties = [m for m in read_shipped("us-section-301-2026").measures if m.duty is not None]
    for good in (
        material("a", "refined; produced", "synthetic graphite"),
        material("b", "produced", "samarium-cobalt magnets"),
    ):
        payers = [m.duty.from_country for m in duties if m.duty and m.concerns(good)]
        assert [payer for payer in payers if payers.count(payer) > 1] == ["BR", "BR"]


def test_the_european_cap_is_asked_of_battery_grade_and_not_of_ore_for_steel() -> None:
    assert found("eu-crma", material("manganese", "mined")) == {}
    assert found("eu-crma", material("nickel", "mined; refined")) == {}
    assert found("eu-crma", material("natural-graphite", "mined", "natural graphite")) == {}
    graded = material("sulphate", "mined; refined", "battery-grade manganese")
    assert found("eu-crma", graded)["crma-third-country"] == ["mined", "refined"]
    for name in ("lithium", "tungsten", "iridium", "ruthenium", "silicon metal", "battery-grade nickel"):
        assert "crma-third-country" in found("eu-crma", material(name, "mined"))


def test_russian_metal_is_shut_out_at_the_stage_of_metal() -> None:
    copper = material("copper", "mined; refined")
    assert found("us-russian-metals", copper) == {"us-russian-metals-ban": ["refined"]}
    for metal in (copper, material("cobalt", "mined; refined"), material("tungsten", "mined; refined")):
        assert found("uk-russian-metals", metal) == {"uk-russian-metals-ban": ["refined"]}
    becomes = {m.name: m.no_limit is None for m in read_shipped("eu-russian-metals").measures}
    assert becomes == {
        "eu-russian-aluminium-quota": False,
        "eu-russian-aluminium-ban": True,
        "eu-russian-metals-20th-package": False,
    }


# What is pending ----------------------------------------------------------------------------------


def test_the_day_on_which_the_defence_rule_widens_is_told_as_contested() -> None:
    pending = measure("us-dfars-7052", "dfars-whole-chain").pending
    assert [(one.from_day and one.from_day.isoformat()) for one in pending] == [None, "2026-12-31", "2032-01-01"]
    assert [word in one.source for one, word in zip(pending, ("P.L. 119-60", "H.R. 8800", "H.R. 9073"), strict=True)]
    assert all(one.evidence == "reported" for one in pending)


def test_proposals_and_challenges_stand_beside_what_is_in_force() -> None:
    assert "COM(2025) 946" in read_shipped("eu-crma").pending[0].source
    assert "Court of International Trade" in read_shipped("us-section-301-2026").pending[0].source
    assert "H.R. 6500" in measure("us-trade-preferences", "agoa").pending[0].source
    assert len(measure("us-section-232", "s232-critical-minerals").pending) == 2


@pytest.mark.parametrize("name", MINE)
def test_every_measure_says_when_somebody_last_looked(name: str) -> None:
    policy = read_shipped(name)
    assert all(m.looked_at is not None for m in policy.measures)
    for m in policy.measures:
        assert all(before < after for before, after in pairwise(m.levels or ()))

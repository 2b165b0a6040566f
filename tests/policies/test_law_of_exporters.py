"""The law of exporting countries that comes with Lodeplan: its exact days, and the goods that it finds in instances."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from models.policies import read_shipped, standings
from optimizer.report.standing import describe_standing
from tests.cli.command import bundled

if TYPE_CHECKING:
    from models.policies import Measure, Policy

CHINA = "china-export-controls"
EXPORTERS = (
    "argentina-export-duty",
    "chile-lithium-copper",
    CHINA,
    "drc-cobalt",
    "gabon-manganese",
    "guinea-bauxite",
    "indonesia-nickel",
    "malawi-raw-minerals",
    "malaysia-rare-earths",
    "mozambique-graphite",
    "namibia-raw-minerals",
    "vietnam-rare-earths",
    "zimbabwe-lithium",
)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def measure(policy: str, name: str) -> Measure:
    return next(one for one in read_shipped(policy).measures if one.name == name)


def days(first: str, last: str) -> list[datetime.date]:
    """Return the days from the first to the last, both counted."""
    return [day(first) + datetime.timedelta(n) for n in range((day(last) - day(first)).days + 1)]


@pytest.mark.parametrize(
    ("policy", "name", "on", "status"),
    [
        (CHINA, "gallium-germanium-licence", "2023-07-02", "not yet known"),
        (CHINA, "gallium-germanium-licence", "2023-07-31", "not yet in force"),
        (CHINA, "gallium-germanium-licence", "2023-08-01", "in force"),
        (CHINA, "graphite-licence", "2023-11-30", "not yet in force"),
        (CHINA, "graphite-licence", "2023-12-01", "in force"),
        (CHINA, "antimony-licence", "2024-09-14", "not yet in force"),
        (CHINA, "antimony-licence", "2024-09-15", "in force"),
        (CHINA, "magnets-with-dysprosium-or-terbium-licence", "2025-04-03", "not yet known"),
        (CHINA, "magnets-with-dysprosium-or-terbium-licence", "2025-04-04", "in force"),
        (CHINA, "magnets-with-dysprosium-or-terbium-licence", "2025-11-08", "in force"),
        (CHINA, "japan-military-ban", "2026-01-05", "not yet known"),
        (CHINA, "japan-military-ban", "2026-01-06", "in force"),
        (CHINA, "us-listed-companies", "2026-06-22", "in force"),
        (CHINA, "state-trading", "2025-12-31", "not yet in force"),
        (CHINA, "state-trading", "2026-01-01", "in force"),
        (CHINA, "state-trading", "2027-12-31", "in force"),
        (CHINA, "state-trading", "2028-01-01", "expired"),
        ("drc-cobalt", "cobalt-export-stop", "2025-02-21", "not yet in force"),
        ("drc-cobalt", "cobalt-export-stop", "2025-10-15", "in force"),
        ("drc-cobalt", "cobalt-export-stop", "2025-10-16", "expired"),
        ("drc-cobalt", "cobalt-quota-2025", "2025-10-15", "not yet in force"),
        ("drc-cobalt", "cobalt-quota-2025", "2025-10-16", "in force"),
        ("drc-cobalt", "cobalt-quota-2025-carried", "2026-03-31", "in force"),
        ("drc-cobalt", "cobalt-quota-2025-carried", "2026-04-01", "expired"),
        ("drc-cobalt", "cobalt-quota", "2025-12-31", "not yet in force"),
        ("drc-cobalt", "cobalt-quota", "2027-12-31", "in force"),
        ("drc-cobalt", "cobalt-quota", "2028-01-01", "expired"),
        ("indonesia-nickel", "nickel-ore-ban", "2019-12-31", "not yet in force"),
        ("indonesia-nickel", "nickel-ore-ban", "2020-01-01", "in force"),
        ("indonesia-nickel", "nickel-mine-plans-2026", "2027-01-01", "expired"),
        ("zimbabwe-lithium", "lithium-concentrate-stop", "2026-02-24", "not yet known"),
        ("zimbabwe-lithium", "lithium-concentrate-stop", "2026-02-25", "in force"),
        ("zimbabwe-lithium", "lithium-concentrate-stop", "2026-04-01", "in force"),
        ("zimbabwe-lithium", "lithium-concentrate-stop", "2026-04-02", "expired"),
        ("zimbabwe-lithium", "lithium-concentrate-ban", "2026-12-31", "not yet in force"),
        ("zimbabwe-lithium", "lithium-concentrate-ban", "2027-01-01", "in force"),
        ("gabon-manganese", "manganese-ore-ban", "2028-12-31", "not yet in force"),
        ("gabon-manganese", "manganese-ore-ban", "2029-01-01", "in force"),
        ("malaysia-rare-earths", "raw-rare-earths-ban", "2023-12-31", "not yet in force"),
        ("malaysia-rare-earths", "raw-rare-earths-ban", "2024-01-01", "in force"),
        ("vietnam-rare-earths", "rare-earth-ore-ban", "2025-12-31", "not yet in force"),
        ("vietnam-rare-earths", "rare-earth-ore-ban", "2026-01-01", "in force"),
    ],
)
def test_law_of_an_exporter_holds_on_its_days(policy: str, name: str, on: str, status: str) -> None:
    assert measure(policy, name).status(day(on)) == status


@pytest.mark.parametrize(
    "name",
    [
        "october-2025-superhard",
        "october-2025-rare-earth-equipment",
        "october-2025-rare-earths",
        "october-2025-cells",
        "october-2025-cathode-materials",
        "october-2025-anode-graphite",
        "october-2025-foreign-made",
    ],
)
def test_what_was_to_apply_after_its_suspension_began_was_never_in_force(name: str) -> None:
    meant = measure(CHINA, name)
    assert {meant.status(on) for on in days("2025-10-08", "2027-01-10")} == {
        "not yet known",
        "not yet in force",
        "suspended",
    }
    assert meant.status(day("2027-01-11")) == "in force"


@pytest.mark.parametrize("name", ["october-2025-re-export", "october-2025-rare-earth-technology"])
def test_what_applied_at_once_was_in_force_until_its_suspension(name: str) -> None:
    meant = measure(CHINA, name)
    held = [on for on in days("2025-10-01", "2027-01-12") if meant.status(on) == "in force"]
    assert held == days("2025-10-09", "2025-11-06") + days("2027-01-11", "2027-01-12")


def test_before_a_suspension_was_announced_the_law_seemed_to_come_into_force() -> None:
    meant = measure(CHINA, "october-2025-anode-graphite")
    assert meant.status(day("2025-11-08"), as_of=day("2025-11-06")) == "in force"
    assert meant.status(day("2025-11-08"), as_of=day("2025-11-07")) == "suspended"
    assert meant.status(day("2026-11-11"), as_of=day("2026-09-27")) == "in force"
    assert meant.status(day("2026-11-11"), as_of=day("2026-09-28")) == "suspended"


def test_no_suspension_that_ended_is_told_as_law_that_plainly_holds() -> None:
    paused = [one for one in read_shipped(CHINA).measures if one.suspended]
    assert len(paused) == 11
    for one in paused:
        end = max(pause.to_day for pause in one.suspended if pause.to_day)
        assert describe_standing(one, end + datetime.timedelta(1)).startswith(
            f"suspension lapsed {end}, last looked at"
        )


@pytest.mark.parametrize(
    ("instance", "policy", "name", "cells"),
    [
        ("chips-2026", CHINA, "gallium-germanium-licence", "gallium refined; germanium refined"),
        ("chips-2026", CHINA, "indium-compounds-licence", ""),
        ("us-battery-2027", CHINA, "graphite-licence", "graphite mined; graphite refined"),
        ("us-battery-2027", CHINA, "october-2025-anode-graphite", "graphite refined"),
        ("us-battery-2027", CHINA, "october-2025-cathode-materials", ""),
        ("us-battery-2027", "drc-cobalt", "cobalt-quota", "cobalt mined; cobalt refined"),
        ("us-battery-2027", "gabon-manganese", "manganese-ore-ban", "manganese mined"),
        ("us-battery-2027", "indonesia-nickel", "nickel-ore-ban", "nickel mined"),
        ("us-battery-2027", "zimbabwe-lithium", "lithium-concentrate-ban", "lithium mined"),
        (
            "us-defense-2027",
            CHINA,
            "magnets-with-dysprosium-or-terbium-licence",
            "neodymium-praseodymium produced",
        ),
        (
            "us-defense-2027",
            CHINA,
            "seven-rare-earths-licence",
            "dysprosium separated; terbium separated; samarium separated; samarium melted; samarium produced",
        ),
        ("us-defense-2027", CHINA, "tungsten-licence", "tungsten refined; tungsten produced"),
        ("eu-strategic-2030", CHINA, "seven-rare-earths-licence", "magnet-rare-earths refined"),
        ("eu-strategic-2030", "zimbabwe-lithium", "lithium-concentrate-ban", "lithium mined"),
    ],
)
def test_law_of_an_exporter_finds_its_goods_in_the_instances(instance: str, policy: str, name: str, cells: str) -> None:
    market = bundled(instance).market
    found = next(one for one in standings(read_shipped(policy), market) if one.measure.name == name)
    assert "; ".join(f"{material} {stage}" for material, stage in found.cells) == cells


@pytest.mark.parametrize("policy", [read_shipped(name) for name in EXPORTERS], ids=lambda policy: policy.name)
def test_law_of_an_exporter_says_when_it_was_looked_at_and_binds_who_exports(policy: Policy) -> None:
    for one in policy.measures:
        assert one.looked_at is not None
        assert one.looked_at <= day("2026-11-29")
        assert one.known_from is None or one.known_from <= one.looked_at
        assert one.evidence in {"seen", "reported", "derived"}
        assert one.control is None or one.control.to_country != one.control.from_country

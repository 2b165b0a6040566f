"""What a policy becomes on a day: in force, suspended, expired or not yet, and in which cells of an instance."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from models.changes import apply_changes, parse
from models.enforcement import enforce
from models.instance import Instance
from models.market import Demand, Market, Material, Site, Stock
from models.policies import Policy, build_toml, list_shipped, read_policy, read_shipped, standings
from optimizer.check import check
from optimizer.solve import settings_of, solve
from tests.blocks.markets import instance, offer, solved
from tests.limits.cases.market import GOODS, OWNERS

if TYPE_CHECKING:
    from collections.abc import Iterable

HALF: dict[str, Any] = {"kind": "share_cap", "each": "country", "basis": "place", "max_share": 0.5, "hard": True}
REFINED: dict[str, Any] = {"limit": HALF, "stages": ["refined"]}
SAID: dict[str, Any] = {"words": "w", "bound": "b", "source": "s", "evidence": "assumed"}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def policy(**measures: dict[str, Any]) -> Policy:
    """Return a policy of measures, each with what every measure needs."""
    named = {name.replace("_", "-"): SAID | measure for name, measure in measures.items()}
    return read_policy({"name": "ours", "title": "t", "note": "n", "measures": named})


def market(*policies: Policy, as_of: str = "2027-01-01", **facts: Any) -> Instance:
    """Return the market of `GOODS`, where north (CN) is the cheapest, with policies."""
    plain = instance(GOODS, {"2027": 100}, **({"owners": OWNERS, "as_of": as_of} | facts))
    return Instance.model_validate(plain.model_dump(by_alias=True) | {"policies": policies})


# Days ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "measure", "on", "status"),
    [
        ("china-export-controls", "gallium-germanium-antimony-us-ban", "2024-12-02", "not yet known"),
        ("china-export-controls", "gallium-germanium-antimony-us-ban", "2025-11-08", "in force"),
        ("china-export-controls", "gallium-germanium-antimony-us-ban", "2025-11-09", "suspended"),
        ("china-export-controls", "gallium-germanium-antimony-us-ban", "2026-11-27", "suspended"),
        ("china-export-controls", "gallium-germanium-antimony-us-ban", "2026-11-28", "in force"),
        ("china-export-controls", "october-2025-rare-earths", "2026-11-11", "suspended"),
        ("china-export-controls", "october-2025-rare-earths", "2027-01-11", "in force"),
        ("us-dfars-7052", "dfars-melted-or-produced", "2026-12-31", "in force"),
        ("us-dfars-7052", "dfars-melted-or-produced", "2027-01-01", "expired"),
        ("us-dfars-7052", "dfars-whole-chain", "2026-12-31", "not yet in force"),
        ("us-dfars-7052", "dfars-whole-chain", "2027-01-01", "in force"),
        ("eu-crma", "crma-third-country", "2030-01-01", "in force"),
    ],
)
def test_a_measure_stands_on_a_day_as_its_dates_say(name: str, measure: str, on: str, status: str) -> None:
    meant = next(m for m in read_shipped(name).measures if m.name == measure)
    assert meant.status(day(on)) == status


def test_a_level_holds_from_its_day_on_and_before_the_first_there_is_no_limit() -> None:
    steps = policy(half={"limit": HALF, "levels": {"2026-01-01": "60%", "2028-01-01": 0.4}})
    levels = {
        on: [limit.level for limit in enforce(market(steps, as_of=on)).limits]
        for on in ("2025-12-31", "2026-01-01", "2027-12-31", "2028-01-01")
    }
    assert levels == {"2025-12-31": [], "2026-01-01": [0.6], "2027-12-31": [0.6], "2028-01-01": [0.4]}


def test_what_is_pending_was_last_looked_at_when_its_measure_was_unless_it_says_another_day() -> None:
    bill: dict[str, Any] = {"words": "w", "source": "s", "evidence": "reported"}
    later = bill | {"looked_at": "2026-11-28"}
    measure = SAID | {"limit": HALF, "pending": [bill, later]}
    said = {"name": "ours", "title": "t", "note": "n", "looked_at": "2026-11-21", "pending": [bill]}
    read = read_policy(said | {"measures": {"half": measure, "other": measure | {"looked_at": "2026-11-25"}}})
    assert [str(one.looked_at) for one in read.pending] == ["2026-11-21"]
    assert [[str(one.looked_at) for one in measure.pending] for measure in read.measures] == [
        ["2026-11-21", "2026-11-28"],
        ["2026-11-25", "2026-11-28"],
    ]
    assert read_policy(build_toml(read)) == read


# What it becomes ----------------------------------------------------------------------------------


def test_a_limit_of_a_policy_holds_in_a_plan_only_while_it_is_in_force() -> None:
    dated = policy(half=REFINED | {"valid_from": "2027-01-01", "valid_to": "2027-12-31"})
    assert solved(market(dated, as_of="2026-12-31")).cost == pytest.approx(1000)
    assert solved(market(dated, as_of="2027-12-31")).cost == pytest.approx(50 * 10 + 50 * 12)
    assert solved(market(dated, as_of="2028-01-01")).cost == pytest.approx(1000)


def test_a_duty_of_a_policy_is_charged_on_top() -> None:
    # 30 % on north makes it 13, dearer than island
    duty = policy(duty={"duty": {"from_country": "CN", "to_country": "US", "rate": "30%"}})
    assert solved(market(duty)).cost == pytest.approx(1200)


def test_a_ban_of_a_policy_closes_the_ways_out_of_the_country() -> None:
    ban = policy(ban={"control": {"from_country": "CN", "to_country": "US", "effect": "closed"}})
    assert solved(market(ban)).cost == pytest.approx(1200)
    elsewhere = policy(ban={"control": {"from_country": "CN", "to_country": "JP", "effect": "closed"}})
    assert solved(market(elsewhere)).cost == pytest.approx(1000)


def test_policies_are_looked_up_once_and_by_whoever_solves() -> None:
    asked = market(policy(half=REFINED))
    looked_up = enforce(asked)
    assert enforce(looked_up) is looked_up
    assert solve(asked, settings_of(asked)).cost == solve(looked_up, settings_of(looked_up)).cost == pytest.approx(1100)


def test_a_watched_benchmark_of_a_policy_costs_nothing() -> None:
    watched = {key: value for key, value in HALF.items() if key != "hard"} | {"watch": True}
    solution = solved(market(policy(half=REFINED | {"limit": watched})))
    assert solution.cost == pytest.approx(1000)
    assert max(reading.used for _, reading in solution.account.readings) == pytest.approx(1)


# Materials and stages -----------------------------------------------------------------------------


def test_a_measure_finds_materials_by_every_name_and_only_the_stages_that_they_have() -> None:
    material = Material(material="NdFeB", stages="mined; separated; produced", basis="t", known_as="Magnets; ree")
    other = Material(material="steel", stages="mined; refined", basis="t")
    facts = market().market.model_copy(update={"materials": (material, other)})
    cells = {
        name: next(one.cells for one in standings(policy(half={"limit": HALF} | scope), facts))
        for name, scope in {
            "by another name": {"materials": ["magnets"], "stages": ["mined", "produced", "melted"]},
            "not at its stages": {"materials": ["ree"], "stages": ["refined"]},
            "everything refined": {"stages": ["refined"]},
            "nothing": {"materials": ["gold"]},
        }.items()
    }
    assert cells == {
        "by another name": (("NdFeB", "mined"), ("NdFeB", "produced")),
        "not at its stages": (),
        "everything refined": (("steel", "refined"),),
        "nothing": (),
    }


# Changes ------------------------------------------------------------------------------------------


def after(before: Instance, *texts: str) -> Instance:
    return apply_changes(before, [parse(text) for text in texts])


def test_the_day_and_the_policies_come_before_all_other_changes() -> None:
    dated = market(policy(half={"limit": HALF, "valid_from": "2028-01-01"}))
    for texts in (
        ("as-of 2028-06-01", "set limits.half.max_share=40%"),
        ("set limits.half.max_share=40%", "as-of 2028-06-01"),
    ):
        assert [limit.level for limit in after(dated, *texts).limits] == [0.4]
    assert after(dated).limits == ()
    assert after(dated, "as-of 2028-06-01", "drop half").limits == ()


def test_a_policy_may_be_asked_for_as_a_change() -> None:
    rare = market(materials=(Material(material="ore", stages="mined; refined", basis="t", known_as="gallium"),))
    held = after(rare, "policy eu-crma", "as-of 2030-01-01")
    assert [limit.name for limit in held.limits] == ["crma-third-country", "crma-extraction", "crma-processing"]
    assert after(rare, "policy eu-crma:crma-third*", "as-of 2029-12-31").limits == ()


# Those that come with Lodeplan --------------------------------------------------------------------


def every_material(policies: Iterable[Policy]) -> Instance:
    """Return an instance that has every material and stage of which policies speak."""
    stages = ("mined", "recycled", "refined", "separated", "melted", "produced")
    names = sorted({name for p in policies for m in p.measures for name in m.materials or ()}) or ["ore"]
    facts: dict[str, Any] = {
        "materials": tuple(Material(material=name, stages=stages, basis="t") for name in names),
        "offers": tuple(offer(f"{name} cn", 1, country="CN", material=name, stage="produced") for name in names),
        "demand": tuple(Demand(site="plant", material=name, period="2027", quantity=1) for name in names),
        "owners": (),
        "stock": tuple(Stock(site="plant", material=name, capacity=1) for name in names),
        "sites": (Site(site="plant", country="US"),),
    }
    plain = market()
    return plain.model_copy(update={"market": Market(**(dict(plain.market) | facts))})


def test_what_a_measure_becomes_is_as_well_known_as_its_law() -> None:
    duty = {"duty": {"from_country": "CN", "to_country": "US", "rate": 0.3}, "evidence": "reported"}
    ban = {"control": {"from_country": "CN", "effect": "closed"}, "evidence": "seen"}
    asked = enforce(market(policy(tariff=duty, ban=ban, half=REFINED)))
    (half,) = asked.limits
    known = [row.quality for row in (*asked.market.duties[:1], *asked.market.controls[:1], half)]
    assert known == ["reported", "seen", "assumed"]


@pytest.mark.parametrize("name", list_shipped())
def test_a_policy_that_comes_with_lodeplan_fits_an_instance_that_has_its_materials(name: str) -> None:
    mine = read_shipped(name)
    assert mine.name == name
    assert "no legal advice" in mine.note
    asked = mine.model_copy(update={"chosen": (mine.measures[0].name,)}) if mine.choose else mine
    for on in {d for m in mine.measures for d in (m.valid_from, m.valid_to, *(m.levels or ())) if d}:
        there = every_material([mine])
        there = there.model_copy(update={"market": there.market.model_copy(update={"as_of": on}), "policies": (asked,)})
        check(there)
        assert not any(one.idle for one in standings(asked, there.market))

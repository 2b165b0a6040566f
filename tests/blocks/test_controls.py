"""Export controls on the day of the instance: what one closes, and what a licence has a plan say."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from models.changes import apply_changes, parse
from models.formulation.components import parts
from models.market import Commitment, Control, Duty, Lane
from models.market.network import Network
from models.records.validity import in_force_since
from optimizer.audit import audit
from optimizer.dump import dump
from optimizer.errors import NoPlan
from optimizer.notes import list_notes
from optimizer.reasons import list_reasons
from optimizer.results.account import Account
from optimizer.tables.purchases import list_purchases
from optimizer.tables.table import Units
from tests.blocks.markets import ORE, instance, mined, offer, solved
from tests.cli.command import lodeplan

if TYPE_CHECKING:
    from pathlib import Path

    from models.enforcement import EnforcedInstance


def control(effect: str = "closed", **more: Any) -> Control:
    terms: dict[str, Any] = {"control": "No. 46", "material": ORE, "stage": "refined", "from_country": "CN"}
    return Control(**(terms | {"effect": effect} | more))


def asked(*controls: Control, **more: Any) -> EnforcedInstance:
    """Return an instance on 2027-01-01: 100 at 10 from China, or at 15 from Australia."""
    offers = [offer("near", 15), offer("far", 10, country="CN")]
    return instance(offers, {"1": 100}, controls=list(controls), **more)


@pytest.mark.parametrize(
    ("dates", "in_force"),
    [
        ({}, True),
        ({"valid_from": "2027-01-01", "valid_to": "2027-01-01"}, True),
        ({"valid_from": "2027-01-02"}, False),
        ({"valid_to": "2026-12-31"}, False),
        ({"suspended_from": "2026-11-10", "suspended_to": "2027-01-01"}, False),
        ({"suspended_from": "2026-11-10", "suspended_to": "2026-12-31"}, True),
        ({"suspended_from": "2027-01-02"}, True),
        ({"suspended_from": "2026-11-10"}, False),
        ({"suspended_to": "2027-01-01"}, False),
        ({"suspended_to": "2026-12-31"}, True),
    ],
)
def test_a_ban_and_a_duty_are_in_force_between_their_dates_but_for_a_suspension(
    dates: dict[str, str], *, in_force: bool
) -> None:
    assert solved(asked(control(**dates))).cost == pytest.approx(1500 if in_force else 1000)
    way: dict[str, Any] = {"duty": "301", "material": ORE, "stage": "refined", "from_country": "CN"}
    duty = Duty(**way, to_country="US", rate=0.1, **dates)
    assert solved(asked(duties=[duty])).cost == pytest.approx(1100 if in_force else 1000)


@pytest.mark.parametrize(
    ("terms", "closes"),
    [
        ({"to_country": "US"}, True),
        ({"to_country": "DE"}, False),
        ({"from_country": "AU"}, False),
        ({"stage": "mined"}, False),
    ],
)
def test_a_ban_closes_the_lanes_that_it_speaks_of(terms: dict[str, str], *, closes: bool) -> None:
    assert solved(asked(control(**terms))).cost == pytest.approx(1500 if closes else 1000)


@pytest.mark.parametrize("listed", [True, False])
def test_a_ban_leaves_lanes_inside_the_country_open(*, listed: bool) -> None:
    offers = [mined("pit", 4, country="CN"), offer("home", 2, 60, "CN", yield_=1), offer("away", 3, yield_=1)]
    ways = [("pit", "home"), ("pit", "away"), ("home", "plant"), ("away", "plant")]
    lanes = [Lane(origin=origin, destination=destination) for origin, destination in ways] if listed else []
    closed = [control(stage="mined")]
    solution = solved(instance(offers, {"1": 100}, lanes=lanes, controls=closed, shortage_cost=50))
    assert solution.account.plan.flow == pytest.approx({("pit", "home", "1"): 60, ("home", "plant", "1"): 60})
    assert solution.cost == pytest.approx(60 * 6 + 40 * 50)


def test_a_licence_lets_units_through_and_the_plan_names_it() -> None:
    account = solved(asked(control("licence"), control("licence", control="No. 58"))).account
    assert [row.licence for row in list_purchases(account, Units("t", "USD"))] == ["No. 46; No. 58"]
    assert account.costs == pytest.approx({"purchases": 1000})


def test_a_ban_beside_a_licence_closes_the_lane() -> None:
    borders = Network(asked(control("licence"), control(control="No. 1")).market.prepared).borders
    assert [one.control for one in borders.closed["far", "plant"].controls] == ["No. 1"]
    assert not borders.licences


def test_a_change_of_day_looks_controls_up_anew() -> None:
    closed = asked(control(suspended_from="2027-03-01", suspended_to="2027-11-10"))
    assert solved(apply_changes(closed, [parse("as-of 2027-06-01")])).cost == pytest.approx(1000)
    assert solved(apply_changes(closed, [parse("as-of 2027-11-11")])).cost == pytest.approx(1500)
    lifted = apply_changes(closed, [parse(f"set controls.No. 46/{ORE}/refined/CN.effect=licence")])
    assert solved(lifted).cost == pytest.approx(1000)


def test_a_part_holds_the_controls_in_force_as_if_they_always_were() -> None:
    (part,) = parts(asked(control(valid_from="2026-01-01"), control(control="old", valid_to="2026-01-01")))
    assert part.market.controls == (control(),)
    (moved,) = parts(apply_changes(asked(control(valid_from="2026-01-01")), [parse("as-of 2027-06-01")]))
    assert moved.market == part.market


@pytest.mark.parametrize(
    ("dates", "since"),
    [
        ({}, None),
        ({"valid_from": "2024-12-03"}, "2024-12-03"),
        ({"valid_from": "2024-12-03", "suspended_from": "2025-11-09", "suspended_to": "2026-11-27"}, "2026-11-28"),
        ({"valid_from": "2024-12-03", "suspended_to": "2024-11-27"}, "2024-12-03"),
        ({"valid_from": "2024-12-03", "suspended_from": "2028-01-01", "suspended_to": "2028-12-31"}, "2024-12-03"),
    ],
)
def test_the_audit_says_which_control_closes_a_lane_and_since_when(dates: dict[str, str], since: str | None) -> None:
    closed = control(**dates)
    first = in_force_since(closed, datetime.date(2027, 1, 1))
    assert (first.isoformat() if first else None) == since
    account = solved(asked(closed)).account
    plan = replace(account.plan, flow={("far", "plant", "1"): 100.0})
    said = f"closed by the control No. 46{f' since {since}' if since else ''}"
    assert audit(Account(account.market, (), plan)) == [f"purchases: far to plant in 1: {said}"]


def test_a_control_is_named_where_it_is_why_too_little_can_come() -> None:
    offers = [offer("near", 15, 30), offer("far", 10, country="CN")]
    short = instance(offers, {"1": 100}, controls=[control()])
    closes = "; the control No. 46 closes far to plant"
    with pytest.raises(NoPlan):
        solved(short)
    assert list_reasons(short) == [f"ore in 1: demand is 100 t and at most 30 can be supplied{closes}"]
    lanes = [Lane(origin=name, destination="plant") for name in ("near", "far")]
    by_lane = instance(offers, {"1": 100}, controls=[control()], lanes=lanes)
    assert f"ore at plant in 1: demand is 100 t and its lanes can bring at most 30{closes}" in list_reasons(by_lane)
    agreed = asked(control(), commitments=[Commitment(offer="far", period="1", quantity=20)])
    assert list_reasons(agreed) == [f"far in 1: 20 t are committed and at most 0 can be bought{closes}"]


def test_an_offer_that_a_control_shuts_out_is_told() -> None:
    assert list_notes(asked(control())) == ["offer far can never be bought: No. 46 closes its lanes"]


def test_a_plan_that_needs_a_licence_says_so_on_stderr(tmp_path: Path) -> None:
    dump(asked(control("licence", valid_from="2027-01-01")), tmp_path / "small")
    needed = "No. 46: the plan needs a licence for 100 t of refined ore out of CN, bought of far\n"
    assert lodeplan("solve", tmp_path / "small", "-q").err == f"note: {needed}"
    assert lodeplan("solve", tmp_path / "small", "-q", "--as-of", "2026-12-31").err == ""
    assert lodeplan("whatif", tmp_path / "small", "-q", "--as-of", "2026-12-31").err == ""
    assert lodeplan("whatif", tmp_path / "small", "-q", "--demand", f"{ORE}=x1").err.endswith(f"note: {needed}")

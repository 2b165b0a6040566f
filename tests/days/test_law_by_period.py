"""Law that turns within a period, each figure worked out by hand.

2027 has 365 days: 181 to the end of June, 184 after it. 2028 has 366, of which 182 to the end of June.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from models.formulation.components import parts
from models.limits.quota import Quota
from models.market import Commitment, Control, Corridor, Duty, Lane, Stock
from models.market.network import Network
from optimizer.audit import audit
from optimizer.errors import NoPlan
from optimizer.explain.physics import least_extras
from optimizer.notes import list_licence_notes, list_notes
from optimizer.reasons import list_reasons
from optimizer.results.account import Account
from optimizer.results.used_rows import used_rows
from optimizer.solver.deadline import Deadline
from optimizer.tables.purchases import list_purchases
from optimizer.tables.table import Units
from tests.blocks.golden import is_golden, text_of
from tests.blocks.markets import ORE, instance, offer, solved

if TYPE_CHECKING:
    from pathlib import Path

    from models.enforcement import EnforcedInstance
    from models.market import Offer

AFTER, OPEN = 184 / 365, 181 / 365
"""Shares of 2027: the days after June, and those to its end."""


def duty(rate: float, **dates: Any) -> Duty:
    way: dict[str, Any] = {"duty": "301", "material": ORE, "stage": "refined", "from_country": "CN"}
    return Duty(**(way | {"to_country": "US", "rate": rate} | dates))


def control(effect: str = "closed", **dates: Any) -> Control:
    terms: dict[str, Any] = {"control": "No. 46", "material": ORE, "stage": "refined", "from_country": "CN"}
    return Control(**(terms | {"effect": effect} | dates))


def asked(need: dict[str, float], *, far: dict[str, Any] | None = None, **more: Any) -> EnforcedInstance:
    """Return an instance from 2027 on: 100 a year at 10 from China, or any quantity at 15 from Australia."""
    offers = [offer("near", 15, None), offer("far", 10, country="CN", **(far or {}))]
    return instance(offers, need, start="2027-01-01", **more)


def moved(asked: EnforcedInstance) -> dict[tuple[str, str, str], float]:
    return {key: units for key, units in solved(asked).account.plan.flow.items() if units > 1e-6}


def test_a_duty_that_begins_within_a_period_is_charged_for_its_days() -> None:
    solution = solved(asked({"2027": 90, "2028": 90}, duties=[duty(0.25, valid_from="2027-07-01")]))
    # 90 t at 10 pay 25 % on 184 of 365 days in 2027 (113.42) and on all days of 2028 (225)
    assert solution.account.costs["duty"] == pytest.approx(113.4246575342 + 225, abs=1e-9)
    assert round(solution.cost, 2) == 1800 + 113.42 + 225
    rows = list(list_purchases(solution.account, Units("t", "USD")))
    assert [round(row.duty, 2) for row in rows] == [113.42, 225]
    assert audit(solution.account) == []


def test_a_duty_that_changes_is_the_mean_over_the_days_of_the_period() -> None:
    duties = [duty(0.25, valid_to="2027-06-30"), duty(0.5, valid_from="2027-07-01", valid_to="2027-12-31")]
    solution = solved(asked({"2027": 10, "2028": 10}, duties=[*duties, duty(0.1, duty="base")]))
    assert solution.account.costs["duty"] == pytest.approx(100 * (0.25 * OPEN + 0.5 * AFTER) + 2 * 100 * 0.1)


def test_a_duty_decides_by_the_period_in_which_units_arrive() -> None:
    lanes = [Lane(origin="near", destination="plant"), Lane(origin="far", destination="plant", lead_time=1)]
    late: dict[str, Any] = {"lanes": lanes, "stock": [Stock(site="plant", material=ORE, capacity=0)]}
    solution = solved(asked({"2027": 50, "2028": 50}, duties=[duty(0.25, valid_from="2028-07-01")], **late))
    # what leaves in 2027 arrives in 2028, of whose 366 days 184 are charged
    assert solution.account.plan.flow == pytest.approx({("near", "plant", "2027"): 50, ("far", "plant", "2027"): 50})
    assert solution.account.costs["duty"] == pytest.approx(500 * 0.25 * 184 / 366)


def test_a_duty_is_dear_in_one_period_and_not_in_the_next() -> None:
    plan = moved(asked({"2027": 50, "2028": 50}, duties=[duty(0.6, valid_to="2027-12-31")]))
    assert plan == pytest.approx({("near", "plant", "2027"): 50, ("far", "plant", "2028"): 50})


def test_a_ban_that_ends_within_a_period_leaves_an_offer_what_it_has_on_the_other_days() -> None:
    closed = asked({"2027": 100, "2028": 100}, controls=[control(valid_to="2027-06-30")])
    assert moved(closed) == pytest.approx(
        {
            ("far", "plant", "2027"): 100 * AFTER,
            ("near", "plant", "2027"): 100 * OPEN,
            ("far", "plant", "2028"): 100,
        }
    )


def test_a_ban_leaves_a_lane_its_own_capacity_on_the_other_days() -> None:
    lanes = [Lane(origin="near", destination="plant"), Lane(origin="far", destination="plant", capacity=60)]
    closed = asked({"2027": 100, "2028": 100}, controls=[control(valid_to="2027-06-30")], lanes=lanes)
    assert moved(closed)["far", "plant", "2027"] == pytest.approx(60 * AFTER)
    assert moved(closed)["far", "plant", "2028"] == pytest.approx(60)


def at_two_sites(*controls: Control, home: float = 0.0) -> EnforcedInstance:
    """Return an instance of 2027 in which far has 100 for a plant in the US and one in Japan, which each need 100."""
    need = {"plant": 100.0, "works": 100.0} | ({"home": home} if home else {})
    countries = {"plant": "US", "works": "JP", "home": "CN"}
    return asked(
        {"2027": 0.0},
        controls=list(controls),
        sites=[{"site": site, "country": countries[site]} for site in need],
        demand=[{"site": site, "material": ORE, "period": "2027", "quantity": units} for site, units in need.items()],
    )


def test_lanes_that_are_closed_together_share_what_their_offer_has_on_the_other_days() -> None:
    closed = at_two_sites(control(valid_to="2027-06-30"))
    plan = moved(closed)
    assert sum(units for key, units in plan.items() if key[0] == "far") == pytest.approx(100 * AFTER)
    # what cannot leave may be sold at home
    plan = moved(at_two_sites(control(valid_to="2027-06-30"), home=60))
    assert plan["far", "home", "2027"] >= 100 * OPEN - 1e-6
    abroad = sum(units for (origin, to, _), units in plan.items() if origin == "far" and to != "home")
    assert abroad == pytest.approx(100 - plan["far", "home", "2027"])
    plan = {("far", "plant", "2027"): 40.0, ("far", "works", "2027"): 40.0}
    account = solved(at_two_sites(control(valid_to="2027-06-30"), home=60)).account
    found = audit(Account(account.market, (), replace(account.plan, flow=account.plan.flow | plan)))
    part = "on 181 of the 365 days of 2027"
    closes = f"; the control No. 46 closes far to plant {part}, far to works {part}"
    assert f"far: 80 leaves in 2027 where 50.411 can leave on open days{closes}" in found


def test_open_days_write_the_rows_of_their_golden_file(tmp_path: Path, update: bool) -> None:  # noqa: FBT001 (a fixture)
    text = text_of(at_two_sites(control(valid_to="2027-06-30"), home=60), tmp_path, "open")
    assert is_golden("open-days", text, update=update)


def test_lanes_that_are_closed_on_some_days_together_share_those_on_which_one_is_open() -> None:
    # to the US until June, to Japan from April to September: on 91 days to neither
    to_japan = control(control="B", to_country="JP", valid_from="2027-04-01", valid_to="2027-09-30")
    closed = at_two_sites(control(to_country="US", valid_to="2027-06-30"), to_japan)
    plan = moved(closed)
    assert plan["far", "plant", "2027"] <= 100 * AFTER + 1e-6
    assert plan["far", "works", "2027"] <= 100 * (365 - 183) / 365 + 1e-6
    assert plan["far", "plant", "2027"] + plan["far", "works", "2027"] == pytest.approx(100 * (365 - 91) / 365)


def test_what_has_no_capacity_passes_on_the_other_days() -> None:
    closed = asked({"2027": 100}, controls=[control(valid_to="2027-06-30")], far={"capacity": None})
    assert moved(closed) == pytest.approx({("far", "plant", "2027"): 100})
    told = (
        "lane far to plant is closed by No. 46 for part of a period and carries as much on the other days: "
        "no capacity is stated, of the lane or of its offer"
    )
    assert told in list_notes(closed)


def test_a_corridor_keeps_its_room_and_a_lane_its_part_of_it() -> None:
    lanes = [
        Lane(origin="near", destination="plant"),
        Lane(origin="far", destination="plant", capacity=60, corridor="strait"),
    ]
    more: dict[str, Any] = {"lanes": lanes, "corridors": [Corridor(corridor="strait", capacity=20)]}
    closed = asked({"2027": 100}, controls=[control(valid_to="2027-06-30")], **more)
    assert moved(closed)["far", "plant", "2027"] == pytest.approx(20)


def test_a_ban_leaves_a_minimum_take_for_the_days_on_which_a_lane_is_open() -> None:
    offers = [offer("near", 15, 70), offer("far", 20, 50, country="CN", minimum_take=40)]
    closed = instance(offers, {"2027": 80}, start="2027-01-01", controls=[control(valid_to="2027-06-30")])
    # 10 t are lacking without far, whose contract asks for 40 t on 184 of 365 days
    assert moved(closed)["far", "plant", "2027"] == pytest.approx(40 * AFTER)
    network = Network(closed.market.prepared)
    assert network.minimum_takes.by_period == pytest.approx({("far", "2027"): 40 * AFTER})


def test_a_minimum_take_is_owed_by_the_lane_that_is_open_most() -> None:
    offers = [offer("far", 10, 50, country="CN", minimum_take=40, fixed_cost=1), offer("near", 15)]
    sites: dict[str, Any] = {
        "sites": [{"site": "plant", "country": "US"}, {"site": "home", "country": "CN"}],
        "demand": [{"site": site, "material": ORE, "period": "2027", "quantity": 30} for site in ("plant", "home")],
    }
    both = instance(offers, {"2027": 0}, start="2027-01-01", controls=[control(valid_to="2027-06-30")], **sites)
    network = Network(both.market.prepared)
    assert network.minimum_takes.by_period == {("far", "2027"): 40}
    assert network.flows["far", "plant", "2027"] == pytest.approx(50 * AFTER)
    assert network.flows["far", "home", "2027"] == 30


def test_a_ramping_offer_owes_no_more_than_its_open_days_let_through() -> None:
    far = {"minimum_take": 80, "ramp_up": ["50%"], "opening_cost": 1.0}
    closed = asked({"2027": 100, "2028": 100}, controls=[control(valid_to="2027-06-30")], far=far)
    least = Network(closed.market.prepared).minimum_takes.by_period
    assert least == pytest.approx({("far", "2027"): 50 * AFTER, ("far", "2028"): 80})


def test_a_lane_keeps_its_minimum_for_the_days_on_which_it_is_open() -> None:
    lanes = [Lane(origin="near", destination="plant"), Lane(origin="far", destination="plant", minimum=50, capacity=90)]
    closed = asked({"2027": 30}, controls=[control(valid_to="2027-06-30")], lanes=lanes)
    assert moved(closed) == pytest.approx({("far", "plant", "2027"): 30})  # at least 50 * 184 / 365 = 25.2
    whole = asked({"2027": 30}, lanes=lanes)
    assert moved(whole) == pytest.approx({("near", "plant", "2027"): 30})


def test_a_ban_counts_in_the_period_in_which_units_leave() -> None:
    lanes = [Lane(origin="near", destination="plant"), Lane(origin="far", destination="plant", lead_time=1)]
    closed = asked({"2027": 100, "2028": 100}, controls=[control(valid_to="2027-06-30")], lanes=lanes)
    # what arrives in 2028 left in 2027
    assert moved(closed) == pytest.approx(
        {
            ("near", "plant", "2027"): 100,
            ("far", "plant", "2027"): 100 * AFTER,
            ("near", "plant", "2028"): 100 * OPEN,
        }
    )


def test_two_bans_close_a_day_once() -> None:
    twice = [control(valid_to="2027-06-30"), control(control="B", valid_from="2027-06-01", valid_to="2027-07-31")]
    network = Network(asked({"2027": 100}, controls=twice).market.prepared)
    assert network.borders.closures["far", "plant"].days == {"2027": 212}
    assert network.flows["far", "plant", "2027"] == pytest.approx(100 * 153 / 365)


def test_bans_that_follow_each_other_close_a_lane_for_good() -> None:
    halves = [control(valid_to="2027-06-30"), control(control="B", valid_from="2027-07-01")]
    closed = asked({"2027": 100}, controls=halves)
    assert set(Network(closed.market.prepared).lanes) == {("near", "plant")}
    assert list_notes(closed)[-1] == "offer far can never be bought: B and No. 46 close its lanes"
    account = solved(closed).account
    found = audit(Account(account.market, (), replace(account.plan, flow={("far", "plant", "2027"): 100.0})))
    assert found == ["purchases: far to plant in 2027: closed by the controls B and No. 46"]


def test_lanes_with_many_days_of_their_own_are_few_groups() -> None:
    countries = ["US", "JP", "KR", "DE", "FR", "GB", "IT", "ES", "CA", "MX", "BR", "IN", "ID", "NO"]
    sites = [{"site": "plant" if country == "US" else country, "country": country} for country in countries]
    bans = [
        control(
            control=country,
            to_country=country,
            suspended_from=f"2027-{month:02d}-01",
            suspended_to=f"2027-{month:02d}-20",
        )
        for month, country in enumerate(countries[:12], start=1)
    ]
    lanes = [Lane(origin="far", destination=site["site"]) for site in sites]
    network = Network(asked({"2027": 100}, sites=sites, lanes=lanes, controls=bans).market.prepared)
    groups = network.borders.groups["far", "2027"]
    # each lane by itself, and what is open to any of them: lanes with no common day need no row together
    assert sorted((len(group.lanes), round(group.share * 365)) for group in groups) == [(1, 20)] * 12 + [(12, 240)]


def test_a_lane_that_is_closed_in_one_whole_period_is_one_in_the_next() -> None:
    closed = asked({"2027": 100, "2028": 100}, controls=[control(valid_to="2027-12-31")], far={"minimum_take": 70})
    assert moved(closed) == pytest.approx({("near", "plant", "2027"): 100, ("far", "plant", "2028"): 100})
    account = solved(closed).account
    found = audit(Account(account.market, (), replace(account.plan, flow={("far", "plant", "2027"): 100.0})))
    assert found == ["purchases: far to plant in 2027: closed by the control No. 46, on 365 of the 365 days of 2027"]


def test_the_audit_finds_what_a_ban_does_not_let_through() -> None:
    closed = asked({"2027": 100}, controls=[control(valid_to="2027-06-30")])
    account = solved(closed).account
    assert audit(account) == []
    found = audit(Account(account.market, (), replace(account.plan, flow={("far", "plant", "2027"): 100.0})))
    assert found == [
        (
            "lane far to plant: 100 in 2027 is above its capacity of 50.411; the control No. 46 closes far to plant "
            "on 181 of the 365 days of 2027"
        )
    ]


def test_a_licence_is_named_in_the_periods_in_which_it_is_needed_on_any_day() -> None:
    solution = solved(asked({"2027": 40, "2028": 40}, controls=[control("licence", valid_from="2028-12-31")]))
    rows = list(list_purchases(solution.account, Units("t", "USD")))
    assert [(row.period, row.licence) for row in rows] == [("2027", ""), ("2028", "No. 46")]
    assert list_licence_notes(solution) == [
        "No. 46: the plan needs a licence for 40 t of refined ore out of CN, bought of far"
    ]


def test_reasons_name_the_days_on_which_a_control_closes_a_way() -> None:
    offers = [offer("near", 15, 30), offer("far", 10, country="CN")]
    more: dict[str, Any] = {"start": "2027-01-01", "controls": [control(valid_to="2027-06-30")]}
    short = instance(offers, {"2027": 100, "2028": 100}, **more)
    closes = "; the control No. 46 closes far to plant on 181 of the 365 days of 2027"
    with pytest.raises(NoPlan):
        solved(short)
    assert list_reasons(short) == [f"ore in 2027: demand is 100 t and at most 80.411 can be supplied{closes}"]
    agreed = [Commitment(offer="far", period="2027", quantity=90)]
    bought = instance([offer("near", 15), offers[1]], {"2027": 100}, commitments=agreed, **more)
    assert list_reasons(bought) == [f"far in 2027: 90 t are committed and at most 50.411 can be bought{closes}"]


def test_more_of_an_offer_counts_only_for_the_days_on_which_its_lane_is_open() -> None:
    short = instance(
        [offer("far", 10, country="CN")], {"2027": 80}, start="2027-01-01", controls=[control(valid_to="2027-06-30")]
    )
    (extra,) = least_extras(short, Deadline())
    assert (100 + extra.units) * AFTER == pytest.approx(80, rel=1e-4)  # told rounded up


def test_an_offer_whose_lanes_are_closed_when_anything_could_arrive_is_told() -> None:
    lanes = [Lane(origin="near", destination="plant"), Lane(origin="far", destination="plant", lead_time=1)]
    closed = asked({"2027": 50, "2028": 50}, controls=[control(valid_to="2027-12-31")], lanes=lanes)
    never = "offer far can never be bought: No. 46 closes its lanes in every period in which it could leave and arrive"
    assert any(note.startswith(never) for note in list_notes(closed))


def test_facts_that_hold_on_no_day_of_the_horizon_are_told() -> None:
    dated: dict[str, Any] = {
        "duties": [duty(0.25, valid_from="2028-01-01")],
        "controls": [control(known_from="2027-01-02")],
    }
    never = "does not hold on any day from 2027-01-01 to 2027-12-31, as known on 2027-01-01"
    assert list_notes(asked({"2027": 50}, **dated))[-2:] == [
        f"duty 301 on refined ore from CN to US {never}",
        f"control No. 46 on refined ore from CN {never}",
    ]


def test_more_of_an_offer_is_shared_by_the_lanes_that_are_closed_together() -> None:
    two = at_two_sites(control(valid_to="2027-06-30"))
    far = tuple(offer for offer in two.market.offers if offer.offer == "far")
    short = two.model_copy(update={"market": two.market.model_copy(update={"offers": far})})
    (extra,) = least_extras(short, Deadline())
    assert (100 + extra.units) * AFTER == pytest.approx(200, rel=1e-3)  # told rounded up


@pytest.mark.parametrize(("others", "more"), [((), 60), ((offer("two", 10, 20, country="CN"),), 40)])
def test_more_of_an_offer_leaves_on_the_days_without_a_quota(others: tuple[Offer, ...], more: float) -> None:
    quota = Quota(name="q", country="CN", max_quantity=0, hard=True, share_of_days={"2027": 0.5})
    short = instance([offer("far", 10, 100, country="CN"), *others], {"2027": 80}, quota)
    # 80 t on half of the days of the year need 160 t a year
    extras = {extra.offer: extra.units for extra in least_extras(short, Deadline())}
    assert extras == pytest.approx({"far": more} | {one.offer: more for one in others}, rel=1e-3)  # told rounded up


def test_a_quota_beside_a_ban_on_other_days_of_a_period_is_told() -> None:
    quota = Quota(name="q", country="CN", max_quantity=20, hard=True, share_of_days={"2027": 0.5})
    offers = [offer("near", 15, None), offer("far", 10, country="CN")]
    facts: dict[str, Any] = {"start": "2027-01-01", "controls": [control(valid_to="2027-06-30")]}
    told = (
        "limit q holds on a part of the days of 2027, as does No. 46: which days they share is not counted, and "
        "together they may bind less than day by day; write such a period as two"
    )
    assert list_notes(instance(offers, {"2027": 50}, quota, **facts))[-1] == told
    twice = quota.model_copy(update={"name": "r"})
    assert any(
        note.startswith("limit q holds on a part") for note in list_notes(instance(offers, {"2027": 50}, quota, twice))
    )
    assert not any("part of the days" in note for note in list_notes(instance(offers, {"2027": 50}, quota)))


def test_rows_that_count_are_those_that_hold_when_anything_passes() -> None:
    duties = [
        duty(0.25, valid_to="2027-12-31"),
        duty(0.1, duty="base"),
        duty(0.2, duty="late", known_from="2027-01-02"),
    ]
    only = asked({"2027": 0, "2028": 50}, duties=duties, controls=[control(valid_to="2027-06-30")])
    account = solved(only).account
    used = [row for table, row in used_rows(only.market, account) if table in {"duties", "controls"}]
    assert used == [duties[1], *only.market.controls]


def test_what_became_known_later_does_not_exist() -> None:
    facts: dict[str, Any] = {
        "duties": [duty(0.6, known_from="2027-01-02")],
        "controls": [control(known_from="2027-01-02")],
    }
    assert moved(asked({"2027": 50}, **facts)) == {("far", "plant", "2027"): 50}
    assert moved(asked({"2027": 50}, as_of="2027-01-02", **facts)) == {("near", "plant", "2027"): 50}


def test_a_part_whose_law_does_not_turn_equals_one_without_days() -> None:
    need = {"2027": 50.0, "2028": 50.0}
    (plain,) = parts(asked(need, duties=[duty(0.25)]))
    steady = duty(0.25, valid_from="2020-01-01", known_from="2026-01-01", looked_at="2026-06-01")
    gone = [duty(0.5, duty="old", valid_to="2026-12-31"), duty(0.5, duty="new", known_from="2027-01-02")]
    (same,) = parts(asked(need, duties=[steady, *gone]))
    assert same.market == plain.market
    assert plain.market.start is None
    (turning,) = parts(asked(need, duties=[duty(0.25, valid_to="2027-06-30", known_from="2026-01-01")]))
    (known,) = parts(asked(need, duties=[duty(0.25, valid_to="2027-06-30")]))
    assert turning.market == known.market
    assert str(turning.market.start) == "2027-01-01"
    assert turning.market != plain.market


def test_without_a_start_one_day_stands_for_all_periods() -> None:
    offers = [offer("near", 15, None), offer("far", 10, country="CN")]
    facts: dict[str, Any] = {"duties": [duty(0.25, valid_to="2027-06-30")], "controls": []}
    solution = solved(instance(offers, {"2027": 50, "2028": 50}, **facts))
    assert solution.account.costs["duty"] == pytest.approx(250)

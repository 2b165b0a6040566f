"""What each change makes of the records of an instance, and what it leaves alone."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from models.changes import apply_changes, format_changes, parse
from models.instance import Instance
from models.limits.ban import Ban
from models.limits.share_cap import ShareCap
from optimizer.load import load

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def before(small: Path) -> Instance:
    return load(small)


def after(before: Instance, *texts: str) -> Instance:
    return apply_changes(before, [parse(text) for text in texts])


def figures(instance: Instance, table: str, column: str) -> dict[str, Any]:
    """Return a column of a table by the keys of its rows."""
    records = getattr(instance.market, table)
    return {"/".join(str(part) for part in r.key if part is not None): getattr(r, column) for r in records}


def moved(before: Instance, after: Instance, table: str, column: str) -> dict[str, Any]:
    old = figures(before, table, column)
    return {key: value for key, value in figures(after, table, column).items() if value != old.get(key)}


DEMAND = {
    "demand lithium=+20%": {"Gigafactory/lithium/2027": 1200, "Gigafactory/lithium/2028": 3000},
    "demand lithium@2028=x0.5": {"Gigafactory/lithium/2028": 1250},
    "demand lithium@202?=1 500": {"Gigafactory/lithium/2027": 1500, "Gigafactory/lithium/2028": 1500},
    "demand *@Germany=-100": {
        "Gigafactory/lithium/2027": 900, "Gigafactory/lithium/2028": 2400, "Gigafactory/graphite/2027": 400,
    },
    "demand l*@Giga*=50%": {"Gigafactory/lithium/2027": 500, "Gigafactory/lithium/2028": 1250},
}  # fmt: skip


@pytest.mark.parametrize("text", DEMAND)
def test_demand_changes_the_rows_that_are_meant(before: Instance, text: str) -> None:
    assert moved(before, after(before, text), "demand", "quantity") == DEMAND[text]


CAPACITY = {
    "capacity Pilbara=+10%": {"Pilbara": 2200},
    "capacity Northern=1000": {"Pilbara": 1000},
    "capacity lithium@Chile=x2": {"Atacama": 3000},
    "capacity lithium@DE=+200": {"Bitterfeld": 1000},
    "capacity refined/*=x2": {"Ganfeng": 5000, "Bitterfeld": 1600, "Syrah": 1200},
    "capacity mined/lithium=-50%": {"Pilbara": 1000, "Atacama": 750},
    "capacity *a*a=0": {"Pilbara": 0, "Atacama": 0},
    "capacity material:graphite=90%": {"Syrah": 540},
}


@pytest.mark.parametrize("text", CAPACITY)
def test_capacity_changes_the_offers_that_are_meant(before: Instance, text: str) -> None:
    assert moved(before, after(before, text), "offers", "capacity") == CAPACITY[text]


def test_a_price_changes_with_its_tiers_and_without_binary_dust(before: Instance) -> None:
    dearer = after(before, "price Syrah=+10%", "price Pilbara=9500")
    assert moved(before, dearer, "offers", "price") == {"Syrah": 7700, "Pilbara": 9500}
    assert moved(before, dearer, "tiers", "price") == {"Syrah/300.0": 7150}
    assert after(before, "set offers.Pilbara.co2=+10%").market.offer["Pilbara"].attributes == {"co2": 1.65}


def test_a_company_and_an_offer_of_one_name_are_one_where_they_are_the_same(before: Instance) -> None:
    assert moved(before, after(before, "price Ganfeng=x2"), "offers", "price") == {"Ganfeng": 8000}


def test_quotes_hide_the_signs_of_the_language(before: Instance) -> None:
    odd = after(
        before,
        "set offers.Pilbara.offer=a=b@c/d",
        "set lanes.Pilbara/*.origin=a=b@c/d",
        "set owners.Pilbara/*.offer=a=b@c/d",
    )
    assert after(odd, 'price "a=b@c/d"@AU=x2').market.offer["a=b@c/d"].price == 18000


ADDED = {"duty": "change", "material": "graphite", "stage": "refined", "from_country": "CN", "to_country": "DE"}


def rows_of_duties(instance: Instance) -> list[dict[str, Any]]:
    return [duty.model_dump(exclude_defaults=True) for duty in instance.market.duties]


def test_a_duty_comes_on_top(before: Instance) -> None:
    there, new = rows_of_duties(after(before, "duty refined/graphite:CN=+10%"))
    assert there["rate"] == 0.25
    assert new == ADDED | {"rate": 0.1}


def test_duties_on_top_of_each_other_are_one_row(before: Instance) -> None:
    _, new = rows_of_duties(after(before, "duty refined/graphite:CN=+10%", "duty refined/graphite:China>DE=+5%"))
    assert new == ADDED | {"rate": 0.15}


def test_a_duty_replaces_what_is_in_force_from_that_country(before: Instance) -> None:
    assert rows_of_duties(after(before, "duty graphite:CN=40%")) == [ADDED | {"rate": 0.4}]
    assert rows_of_duties(after(before, "duty graphite:CN=0%")) == []
    expired = after(before, "as-of 2030-06-01", "duty refined/graphite:CN=40%")
    assert [row["rate"] for row in rows_of_duties(expired)] == [0.25, 0.4]


def test_a_duty_that_holds_on_any_day_of_the_horizon_is_meant(before: Instance) -> None:
    """The one duty of the instance holds until 2029-12-31."""
    for start, left in (("2029-12-31", [0.4]), ("2030-01-01", [0.25, 0.4])):
        market = before.market.model_copy(update={"start": datetime.date.fromisoformat(start)})
        changed = after(before.model_copy(update={"market": market}), "duty refined/graphite:CN=40%")
        assert [row["rate"] for row in rows_of_duties(changed)] == left


def test_a_duty_is_multiplied_and_a_star_means_any_country(before: Instance) -> None:
    assert [row["rate"] for row in rows_of_duties(after(before, "duty *=x2"))] == [0.5]
    new = rows_of_duties(after(before, "duty lithium:*=+5%"))[1:]
    assert {(row["stage"], row["to_country"], row.get("from_country")) for row in new} == {
        ("mined", "CN", None), ("mined", "DE", None), ("refined", "DE", None),
    }  # fmt: skip


def test_a_ban_excludes_by_place_and_from_half_control(before: Instance) -> None:
    new = after(before, "ban Russia").limits[1:]
    common = {"country": "RU", "undisclosed": "apart", "hard": True}
    assert new == (
        Ban.model_validate(common | {"name": "ban RU place", "basis": "place"}),
        Ban.model_validate(common | {"name": "ban RU control", "basis": "control", "from_share": 0.5}),
    )
    assert after(before, "ban Russia", "ban RU").limits[1:] == new


def test_a_ban_of_a_bloc_a_company_and_of_one_basis(before: Instance) -> None:
    bloc, company = after(before, "ban mined/*:covered@place", "ban Sal").limits[1:]
    assert isinstance(bloc, Ban)
    assert (bloc.bloc, bloc.group, bloc.basis, bloc.stages) == ("covered", "total", "place", ("mined",))
    assert bloc.name == "ban covered place (mined/*)"
    assert company == Ban(name="ban Sal", company="Sal", hard=True)


def test_a_cap_moves_the_limit_that_is_there(before: Instance) -> None:
    (limit,) = after(before, "cap CN@place=40%").limits
    assert limit == before.limits[0].model_copy(update={"max_share": 0.4})
    assert after(before, "cap China=+5pp", "cap CN=x0.5").limits[0].level == 0.325


def test_a_cap_splits_a_limit_that_lies_partly_outside(before: Instance) -> None:
    outside, other, inside = after(before, "cap refined/graphite:CN=40%").limits
    assert (outside.name, outside.level) == ("china", 0.6)
    assert (other.name, other.level) == ("china (outside refined/graphite)", 0.6)
    assert (inside.name, inside.level) == ("china (refined/graphite)", 0.4)


def test_a_cap_on_whom_no_limit_speaks_of_is_new(before: Instance) -> None:
    place, control = after(before, "cap refined:each=50%").limits[1:]
    expected = {"each": "country", "max_share": 0.5, "hard": True, "stages": ("refined",)}
    assert place == ShareCap.model_validate(expected | {"name": "cap each place (refined)", "basis": "place"})
    assert control == ShareCap.model_validate(expected | {"name": "cap each control (refined)", "basis": "control"})
    again = after(before, "cap refined:each=50%", "cap refined:each=45%").limits[1:]
    assert [limit.level for limit in again] == [0.45, 0.45]
    assert after(before, "cap each-company=50%").limits[1] == ShareCap(
        name="cap each-company", each="company", max_share=0.5, hard=True
    )


def test_a_cap_of_one_period_does_not_stand_for_all(before: Instance) -> None:
    partly = after(before, "set limits.china.periods=2027", "cap CN@place=40%").limits
    assert [(limit.name, limit.level) for limit in partly] == [("china", 0.4), ("cap CN place", 0.4)]


def test_set_reads_as_a_file_does_and_clears_with_nothing(before: Instance) -> None:
    texts = [
        "set limits.*.max_share=x0.5", "set limits.china.hard=", "set limits.china.penalty=300",
        "set limits.china.stages=mined; refined", "set solve.gap=x10", "set solve.time_limit=60",
        "set materials.lithium.shortage_cost=", "set offers.Ganfeng.yield=95%", "set tiers.Syrah/300.price=+100",
        "set owners.Pilbara/AU.share=+10pp", "set owners.Pilbara/JP.share=-10pp", "set stock.*.opening=+50",
        "set lanes.Pilbara/*.freight=+10%", 'set "offers"."Atacama".note=dry', "set offers.Atacama.co2=",
    ]  # fmt: skip
    new = after(before, *[text.replace('"offers"', "offers") for text in texts])
    (limit,) = new.limits
    assert (limit.level, limit.hard, limit.penalty) == (0.3, None, 300)
    assert isinstance(limit, ShareCap)
    assert limit.stages == ("mined", "refined")
    assert (new.solve.gap, new.solve.time_limit) == (0.01, 60)
    assert new.market.material["lithium"].shortage_cost is None
    assert new.market.offer["Ganfeng"].yield_ == 0.95
    assert figures(new, "tiers", "price") == {"Syrah/300.0": 6600}
    assert [owner.share for owner in new.market.owners] == [1, 0.8, 0.2]
    assert new.market.stock[0].opening == 100
    assert [lane.freight for lane in new.market.lanes][:3] == [44, 99, 80]
    assert (new.market.offer["Atacama"].note, new.market.offer["Atacama"].attributes) == ("dry", {})


def test_drop_and_as_of(before: Instance) -> None:
    new = after(before, "drop c*", "as-of 2027-03-01")
    assert new.limits == ()
    assert new.market.as_of == datetime.date(2027, 3, 1)


def test_what_does_not_change_stays_the_same_object(before: Instance) -> None:
    new = after(before, "price Pilbara=+10%", "cap RU=50%", "duty CN=+5%")
    assert new.limits[0] is before.limits[0]
    assert [a is b for a, b in zip(new.market.offers, before.market.offers, strict=True)] == [False] + [True] * 4
    assert new.market.duties[0] is before.market.duties[0]
    assert new.market.demand is before.market.demand
    assert after(before, "cap CN=60%", "drop china").market is before.market


def test_cases_of_the_instance_are_made_where_they_are_named(before: Instance) -> None:
    named = Instance.model_validate(dict(before) | {"cases": {"winter": ["cap CN=40%", "demand lithium=+20%"]}})
    direct = after(before, "demand lithium=x2", "cap CN=40%", "demand lithium=+20%")
    through = after(named, "demand lithium=x2", "case winter")
    assert (through.market, through.limits) == (direct.market, direct.limits)
    assert named.digest == before.digest


def test_changes_are_equal_when_they_say_the_same_and_described_as_they_were_written() -> None:
    assert parse("cap CN=40%", "--cap CN=40%") == parse(" cap  CN = 0.4")
    assert parse("cap CN=40%") != parse("cap CN=41%")
    assert format_changes([parse(" cap CN=40%", "--cap CN=40%"), parse("ban RU")]) == "cap CN=40%; ban RU"

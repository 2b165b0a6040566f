"""Capacity that is not there yet: what opening it costs, when it is qualified, and how it ramps up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from models.limits.budget_cap import BudgetCap
from models.market import Lane
from optimizer.audit import audit
from optimizer.explain.physics import least_extras
from optimizer.notes import list_notes
from optimizer.results.account import Account
from optimizer.solver.deadline import Deadline
from optimizer.tables.contracts import list_contracts
from optimizer.tables.table import Units
from tests.blocks.golden import is_golden, text_of
from tests.blocks.markets import instance, mined, offer, solved

if TYPE_CHECKING:
    from pathlib import Path

    from models.enforcement import EnforcedInstance
    from models.market import Offer

NEED: dict[str, float] = {"1": 100, "2": 100, "3": 100, "4": 100}


def new(**terms: Any) -> Offer:
    opening: dict[str, Any] = {"opening_cost": 700, "qualification": 1, "ramp_up": "25%; 50%"}
    return offer("new", 10, **(opening | terms))


def asked(*, need: dict[str, float] = NEED, **terms: Any) -> EnforcedInstance:
    return instance([new(**terms), offer("old", 15)], need)


def test_new_capacity_is_opened_when_what_it_saves_in_time_pays_for_it() -> None:
    # 25, 50 and 100 units, from the second period on, save 5 each: 875
    solution = solved(asked())
    assert solution.cost == pytest.approx(400 * 15 - 875 + 700)
    assert solution.account.costs == pytest.approx({"purchases": 1750 + 225 * 15, "opening": 700})
    budget = BudgetCap(name="budget", costs=("opening",), max_cost=699, hard=True)
    assert solved(asked().model_copy(update={"limits": (budget,)})).cost == pytest.approx(6000)
    assert solved(asked(opening_cost=876)).account.costs == pytest.approx({"purchases": 6000})


def test_qualification_counts_whole_periods_from_the_first_in_which_an_offer_sells() -> None:
    # from period 2, one to qualify: 25 in period 3 and 50 in period 4
    assert solved(asked(from_period="2", opening_cost=0)).cost == pytest.approx(6000 - 75 * 5)
    assert solved(asked(qualification=3, ramp_up=(), opening_cost=0)).cost == pytest.approx(6000 - 100 * 5)


def test_a_share_of_a_long_period_is_a_share_of_all_its_years() -> None:
    long = instance([new(opening_cost=0), offer("old", 15)], {"1": 100, "2": 200}, years={"2": 2})
    assert solved(long).account.quantity["new", "2"] == pytest.approx(50)


def test_a_minimum_take_asks_for_no_more_than_there_is() -> None:
    # of the 60 a period there are 25, 50 and 100; below 60 in the last period it cannot be signed
    need: dict[str, float] = {"1": 100, "2": 30, "3": 50, "4": 60}
    assert solved(asked(need=need, minimum_take=60, opening_cost=0)).cost == pytest.approx(1500 + 135 * 10 + 5 * 15)
    assert solved(asked(need=need | {"4": 59}, minimum_take=60, opening_cost=0)).cost == pytest.approx(239 * 15)


def test_a_refiner_that_ramps_up_takes_the_feed_of_what_it_makes() -> None:
    offers = [mined("mine", 4), offer("works", 2, yield_=0.5, ramp_up="50%"), offer("bought", 30)]
    solution = solved(instance(offers, {"1": 100, "2": 100}))
    assert solution.cost == pytest.approx(150 * 10 + 50 * 30)
    assert solution.account.plan.flow["mine", "works", "1"] == pytest.approx(100)


def test_the_contract_says_what_capacity_there_was_and_what_opening_it_cost() -> None:
    (row,) = (row for row in list_contracts(solved(asked()).account, Units("t", "USD")) if row.offer == "new")
    assert (row.capacity, row.capacity_used, row.opening_cost) == pytest.approx((175, 1, 700))


@pytest.mark.parametrize(
    ("period", "units", "finding"),
    [
        ("1", 10, "purchases: new to plant in 1: cannot be bought before it is qualified, in 2"),
        ("2", 40, "new: 40 bought in 2 is above the capacity of 25, ramped up to 0.25 of it by then"),
        ("4", 140, "new: 140 bought in 4 is above the capacity of 100"),
    ],
)
def test_the_audit_names_what_is_bought_too_early(period: str, units: float, finding: str) -> None:
    account = solved(asked()).account
    plan = replace(account.plan, flow=account.plan.flow | {("new", "plant", period): units})
    assert finding in audit(Account(account.market, (), plan))


def test_more_of_an_offer_that_ramps_up_is_counted_in_its_full_capacity() -> None:
    # 50 are missing in period 1, of which there is half: 100 a year more
    short = instance([offer("new", 10, ramp_up="50%")], {"1": 100})
    (extra,) = least_extras(short, Deadline())
    assert extra.units == pytest.approx(100)


def test_an_offer_whose_first_units_arrive_too_late_is_told() -> None:
    late = [Lane(origin="new", destination="plant", lead_time=2), Lane(origin="old", destination="plant")]
    told = list_notes(instance([new(qualification=2), offer("old", 15)], NEED, lanes=late))
    assert told == ["offer new can never be bought: it would arrive after the last period; lead times are in periods"]


def test_opening_writes_the_rows_of_its_golden_file(tmp_path: Path, update: bool) -> None:  # noqa: FBT001 (a fixture)
    text = text_of(asked(minimum_take=60), tmp_path, "link", "minimum_take")
    assert is_golden("opening", text, update=update)

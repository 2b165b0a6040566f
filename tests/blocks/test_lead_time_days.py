"""Lead times in days, which the dates of periods turn into periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from models.market import Lane, Stock
from optimizer.audit import audit
from tests.blocks.markets import ORE, instance, mined, offer, solved

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

QUARTERS = {f"Q{n}": 0.25 for n in (1, 2, 3, 4)}


def asked(need: list[float], years: dict[str, float] | None = None, **lead: Any) -> EnforcedInstance:
    """Return an offer behind a lane with a lead time, beside one that is dear and at hand."""
    years = QUARTERS if years is None else years
    lanes = [Lane(origin="far", destination="plant", **lead), Lane(origin="near", destination="plant")]
    needs = dict(zip(years, need, strict=True))
    offers = [offer("far", 1, 4000), offer("near", 9, None)]
    return instance(offers, needs, years=years, lanes=lanes, start="2027-01-01")


def leaves(asked: EnforcedInstance) -> dict[str, float]:
    solution = solved(asked)
    assert audit(solution.account) == []
    return {period: units for (name, _, period), units in solution.account.plan.flow.items() if name == "far"}


def test_days_are_rounded_up_to_the_period_in_which_they_end() -> None:
    need = [5.0, 6.0, 7.0, 8.0]
    assert leaves(asked(need, lead_time_days=0)) == {"Q1": 5, "Q2": 6, "Q3": 7, "Q4": 8}
    assert leaves(asked(need, lead_time_days=1)) == leaves(asked(need, lead_time=1)) == {"Q1": 6, "Q2": 7, "Q3": 8}
    assert leaves(asked(need, lead_time_days=91)) == {"Q1": 6, "Q2": 7, "Q3": 8}
    # 92 days after 31 March is 1 July, and after 30 June 30 September: both arrive in the third quarter
    assert sum(leaves(asked(need, lead_time_days=92)).values()) == pytest.approx(7 + 8)
    assert leaves(asked(need, lead_time_days=183)) == {"Q1": 7, "Q2": 8}
    assert leaves(asked(need, lead_time_days=1000)) == {}


def test_periods_of_different_lengths_have_lead_times_of_their_own() -> None:
    years = {"Jan": 1 / 12, "Feb": 1 / 12, "rest": 5 / 6}
    # 40 days after 31 January and after 28 February the rest of the year has begun, so either may be bought in
    found = leaves(asked([1, 2, 3], years, lead_time_days=40))
    assert found.keys() <= {"Jan", "Feb"}
    assert sum(found.values()) == pytest.approx(3)
    lane = Lane(origin="far", destination="plant", lead_time_days=28)
    assert asked([1, 2, 3], years).market.lags(lane) == (1, 1, 1)


def test_a_chain_of_lanes_in_days_costs_what_it_costs_in_periods() -> None:
    def chain(**lead: Any) -> EnforcedInstance:
        lanes = [Lane(origin="pit", destination="works", **lead), Lane(origin="works", destination="plant", **lead)]
        room = Stock(site="plant", material=ORE, capacity=50, opening=45, holding_cost=1)
        offers = [mined("pit", 2), offer("works", 3, 400, yield_=0.9)]
        needs = dict.fromkeys(QUARTERS, 20.0)
        facts: dict[str, Any] = {"start": "2027-01-01", "stock": [room], "lanes": lanes}
        return instance(offers, needs, years=QUARTERS, **facts)

    days, periods = solved(chain(lead_time_days=60)), solved(chain(lead_time=1))
    assert days.account.total == pytest.approx(periods.account.total)
    assert audit(days.account) == []


def test_days_without_dates_and_two_lead_times_are_refused() -> None:
    with pytest.raises(ValidationError, match="lead_time says it in periods; leave one of the two empty"):
        asked([1, 1, 1, 1], lead_time=1, lead_time_days=30)
    lane = Lane(origin="far", destination="plant", lead_time_days=30)
    with pytest.raises(ValidationError, match="days count from those of a period, and periods have none"):
        instance([offer("far", 1)], {"1": 1}, lanes=[lane])

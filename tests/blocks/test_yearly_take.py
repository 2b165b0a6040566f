"""A minimum take that counts over calendar years, in whichever of their periods."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from models.market import Terms
from optimizer.audit import audit
from optimizer.notes import list_notes
from optimizer.results.account import Account
from tests.blocks.markets import instance, offer, solved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.enforcement import EnforcedInstance

QUARTERS = {f"2027-Q{n}": 0.25 for n in (1, 2, 3, 4)}


def asked(years: dict[str, float], need: Sequence[float], **more: Any) -> EnforcedInstance:
    """Return an offer that is cheap to sign only if its 100 a year are taken, beside one without terms."""
    taken = offer("taken", 8, 400, minimum_take=100, minimum_take_per="year", **more)
    needs = dict(zip(years, need, strict=True))
    return instance([taken, offer("free", 9, None)], needs, years=years, start="2027-01-01")


def test_four_quarters_cost_what_their_year_costs() -> None:
    for need in ([10, 20, 30, 60], [10, 20, 30, 30]):
        quarters, year = solved(asked(QUARTERS, need)), solved(asked({"2027": 1}, [sum(need)]))
        assert quarters.account.total == pytest.approx(year.account.total)
        assert quarters.account.plan.signed == year.account.plan.signed == {"taken": sum(need) >= 100}
        assert audit(quarters.account) == []


def test_a_year_takes_what_its_periods_would_each_of_its_own() -> None:
    year = [0, 0, 10, 90]
    two = {f"{n}": 0.25 for n in range(6)}
    assert solved(asked(two, [*year, 0, 0])).account.plan.signed == {"taken": False}  # 50 are asked of half a year
    assert solved(asked(two, [*year, 0, 50])).account.plan.signed == {"taken": True}
    note = "offer taken counts its minimum take in 2028 over the 0.5 years of it that lie in the horizon"
    assert note in list_notes(asked(two, [*year, 0, 50]))
    late = asked(QUARTERS, [0, 0, 10, 40], from_period="2027-Q3")
    assert solved(late).account.plan.signed == {"taken": True}


def test_terms_of_a_period_change_what_its_year_asks() -> None:
    less = asked(QUARTERS, [10, 20, 30, 15])
    assert solved(less).account.plan.signed == {"taken": False}
    closed = Terms(offer="taken", period="2027-Q2", capacity=0)
    market = less.market.model_copy(update={"terms": (closed,)})
    solution = solved(less.model_copy(update={"market": market}))
    assert solution.account.plan.signed == {"taken": False}  # 55 can be taken of the 75 that are asked
    eased = market.model_copy(update={"terms": (Terms(offer="taken", period="2027-Q2", minimum_take=0),)})
    assert solved(less.model_copy(update={"market": eased})).account.plan.signed == {"taken": True}


def test_the_audit_recounts_what_a_year_takes() -> None:
    found = solved(asked(QUARTERS, [10, 20, 30, 60])).account
    flow = {key: units * (0.5 if key[0] == "taken" else 1) for key, units in found.plan.flow.items()}
    fewer = Account(found.market, found.limits, replace(found.plan, flow=flow))
    assert any("below the minimum take of 100 over the year" in line for line in audit(fewer))


def test_years_need_a_start_and_periods_within_them() -> None:
    def refused(years: dict[str, float], start: str | None) -> str:
        with pytest.raises(ValidationError) as error:
            instance([offer("a", 1, 9, minimum_take_per="year")], dict.fromkeys(years, 1), years=years, start=start)
        return str(error.value)

    assert "need a day of beginning; write start = YYYY-MM-DD" in refused(QUARTERS, None)
    assert "and p lasts from 2027-07-01 to 2028-06-30" in refused({"p": 1}, "2027-07-01")

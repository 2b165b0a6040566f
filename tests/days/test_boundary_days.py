"""Boundary days of duties and controls, each a day early, on it and a day late: no day is lost or counted twice.

The days were counted by hand from the calendar.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from models.market import Control, Duty, Lane
from models.market.network import Network
from tests.blocks.markets import ORE, instance, offer

if TYPE_CHECKING:
    from models.market.borders import Borders

TWO, QUARTERS, MONTHS, HALVES, TENTHS = (1, 1), (0.25,) * 4, (1 / 12,) * 3, (1.5, 1.5), (0.3,) * 3
"""Lengths of periods in years. From 2027-01-01 they have 365 and 366 days; 90, 91, 92 and 92; 547 and 549; 110, 109 and
110. The months from 2027-01-31 begin on 02-28 and 03-31, and have 28, 31 and 30 days; the years from 2028-02-29 have
365 each."""

# Start, lengths, the date that is moved and its day, and the days on which the fact holds in each period when that date
# is a day earlier, as written, and a day later.
CASES: list[tuple[str, tuple[float, ...], str, str, list[list[int]]]] = [
    ("2027-01-01", TWO, "valid_from", "2027-01-01", [[365, 366], [365, 366], [364, 366]]),
    ("2027-01-01", TWO, "valid_from", "2027-07-01", [[185, 366], [184, 366], [183, 366]]),
    ("2027-01-01", TWO, "valid_from", "2028-01-01", [[1, 366], [0, 366], [0, 365]]),
    ("2027-01-01", TWO, "valid_from", "2028-02-29", [[0, 308], [0, 307], [0, 306]]),
    ("2027-01-01", TWO, "valid_from", "2028-12-31", [[0, 2], [0, 1], [0, 0]]),
    ("2027-01-01", TWO, "valid_to", "2027-01-01", [[0, 0], [1, 0], [2, 0]]),
    ("2027-01-01", TWO, "valid_to", "2027-12-31", [[364, 0], [365, 0], [365, 1]]),
    ("2027-01-01", TWO, "valid_to", "2028-02-28", [[365, 58], [365, 59], [365, 60]]),
    ("2027-01-01", TWO, "valid_to", "2028-12-31", [[365, 365], [365, 366], [365, 366]]),
    ("2027-01-01", TWO, "suspended_from", "2027-11-10", [[312, 0], [313, 0], [314, 0]]),
    ("2027-01-01", TWO, "suspended_from", "2028-01-01", [[364, 0], [365, 0], [365, 1]]),
    ("2027-01-01", TWO, "suspended_to", "2027-01-10", [[356, 366], [355, 366], [354, 366]]),
    ("2027-01-01", TWO, "suspended_to", "2027-12-31", [[1, 366], [0, 366], [0, 365]]),
    ("2027-01-01", TWO, "suspended_to", "2028-02-29", [[0, 307], [0, 306], [0, 305]]),
    ("2027-01-01", QUARTERS, "valid_from", "2027-04-01", [[1, 91, 92, 92], [0, 91, 92, 92], [0, 90, 92, 92]]),
    ("2027-01-01", QUARTERS, "valid_to", "2027-09-30", [[90, 91, 91, 0], [90, 91, 92, 0], [90, 91, 92, 1]]),
    ("2027-01-31", MONTHS, "valid_from", "2027-02-28", [[1, 31, 30], [0, 31, 30], [0, 30, 30]]),
    ("2027-01-31", MONTHS, "valid_to", "2027-03-30", [[28, 30, 0], [28, 31, 0], [28, 31, 1]]),
    ("2028-02-29", TWO, "valid_from", "2029-02-28", [[1, 365], [0, 365], [0, 364]]),
    ("2027-01-01", HALVES, "valid_from", "2028-07-01", [[1, 549], [0, 549], [0, 548]]),
    ("2027-01-01", HALVES, "suspended_to", "2028-06-30", [[1, 549], [0, 549], [0, 548]]),
    ("2027-01-01", TENTHS, "valid_from", "2027-04-21", [[1, 109, 110], [0, 109, 110], [0, 108, 110]]),
    ("2027-01-01", TENTHS, "valid_to", "2027-08-07", [[110, 108, 0], [110, 109, 0], [110, 109, 1]]),
    ("2027-01-01", TENTHS, "suspended_from", "2027-11-25", [[110, 109, 108], [110, 109, 109], [110, 109, 110]]),
]
WHOLE = {
    ("2027-01-01", TWO): [365, 366],
    ("2027-01-01", QUARTERS): [90, 91, 92, 92],
    ("2027-01-31", MONTHS): [28, 31, 30],
    ("2028-02-29", TWO): [365, 365],
    ("2027-01-01", HALVES): [547, 549],
    ("2027-01-01", TENTHS): [110, 109, 110],
}


def later(day: str, days: int) -> str:
    return str(datetime.date.fromisoformat(day) + datetime.timedelta(days=days))


MOVED = [
    pytest.param(start, years, {field: later(day, shift)}, expected, id=f"{start} {len(years)} {field} {day} {shift:+}")
    for start, years, field, day, found in CASES
    for shift, expected in zip((-1, 0, 1), found, strict=True)
]


def borders(periods: dict[str, float], dates: dict[str, str], **header: Any) -> Borders:
    """Return the borders of a market with a lane that a duty of 100 % and, to its other site, a ban meet."""
    goods: dict[str, Any] = {"material": ORE, "stage": "refined", "from_country": "CN"}
    facts: dict[str, Any] = {
        "duties": [Duty(duty="d", to_country="US", rate=1, **goods, **dates)],
        "controls": [Control(control="c", to_country="JP", effect="closed", **goods, **dates)],
        "sites": [{"site": "plant", "country": "US"}, {"site": "other", "country": "JP"}],
        "lanes": [Lane(origin="far", destination=site) for site in ("plant", "other")],
        "years": periods,
    }
    asked = instance([offer("far", 1, country="CN")], dict.fromkeys(periods, 1.0), **facts, **header)
    return Network(asked.market.prepared).borders


@pytest.mark.parametrize(("start", "years", "dates", "expected"), MOVED)
def test_the_days_of_a_duty_and_of_a_ban_are_counted_exactly(
    start: str, years: tuple[float, ...], dates: dict[str, str], expected: list[int]
) -> None:
    periods = {f"p{number}": length for number, length in enumerate(years)}
    found = borders(periods, dates, start=start)
    days = dict(zip(periods, expected, strict=True))
    closure = found.closures.get(("far", "other"))
    assert (closure.days if closure else {}) == {period: held for period, held in days.items() if held}
    whole = dict(zip(periods, WHOLE[start, years], strict=True))
    steady, turning = found.duty_rate("far", "plant"), found.turning_rates.get(("far", "plant"), {})
    charged = {period: (steady + turning.get(period, 0.0)) * whole[period] for period in periods}
    assert charged == pytest.approx(days, abs=1e-9)


@pytest.mark.parametrize(
    ("field", "holds"),
    [
        ("valid_from", [False, True, True]),
        ("valid_to", [True, True, False]),
        ("suspended_from", [True, False, False]),
        ("suspended_to", [False, False, True]),
        ("known_from", [False, True, True]),
    ],
)
@pytest.mark.parametrize("day", ["2027-01-01", "2027-12-31", "2028-02-29", "2028-03-01", "2027-11-10"])
def test_without_a_start_a_fact_holds_in_all_periods_or_in_none_by_as_of(
    field: str, holds: list[bool], day: str
) -> None:
    for shift, held in zip((-1, 0, 1), holds, strict=True):
        found = borders({"1": 1, "2": 1}, {field: day}, as_of=later(day, shift))
        assert bool(found.closed) is held
        assert found.duty_rate("far", "plant") == held
        assert found.turning_rates == found.open_shares == {}


@pytest.mark.parametrize("day", ["2026-11-29", "2027-01-01", "2028-02-29"])
def test_what_is_known_on_a_day_holds_on_all_its_days(day: str) -> None:
    for shift, known in ((-1, False), (0, True), (1, True)):
        dates = {"known_from": day, "valid_from": "2027-07-01"}
        found = borders({"1": 1, "2": 1}, dates, start="2027-01-01", as_of=later(day, shift))
        assert {pair: closure.days for pair, closure in found.closures.items()} == (
            {("far", "other"): {"1": 184, "2": 366}} if known else {}
        )
        assert found.turning_rates == ({("far", "plant"): {"1": pytest.approx(184 / 365), "2": 1}} if known else {})

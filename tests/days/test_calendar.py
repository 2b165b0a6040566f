"""The days of periods: whole months where they are whole, days rounded where they are not, and nothing drifts."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.market.calendar import add_months, lay_periods
from tests.examples import examples

Day = datetime.date.fromisoformat


def firsts(start: str, *years: float) -> list[str]:
    """Return the first day of each period, and the day after the last."""
    spans = list(lay_periods(Day(start), dict(zip(map(str, range(len(years))), years, strict=True))).values())
    assert all(before.last < after.first for before, after in pairwise(spans))
    return [str(span.first) for span in spans] + [str(spans[-1].last + datetime.timedelta(days=1))]


def test_a_year_has_its_own_number_of_days() -> None:
    calendar = lay_periods(Day("2027-01-01"), {"2027": 1, "2028": 1, "2029": 1})
    assert [span.days for span in calendar.values()] == [365, 366, 365]
    assert [str(span.last) for span in calendar.values()] == ["2027-12-31", "2028-12-31", "2029-12-31"]


@pytest.mark.parametrize(
    ("start", "years", "expected"),
    [
        ("2027-01-01", [0.25] * 4, ["2027-01-01", "2027-04-01", "2027-07-01", "2027-10-01", "2028-01-01"]),
        ("2027-01-01", [1.5, 1.5], ["2027-01-01", "2028-07-01", "2030-01-01"]),
        ("2028-02-29", [1, 1, 1, 1], ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ("2027-01-31", [1 / 12] * 3, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ("2027-10-31", [0.25, 0.25], ["2027-10-31", "2028-01-31", "2028-04-30"]),
        ("2027-01-01", [0.083333] * 12, [*(f"2027-{month:02}-01" for month in range(1, 13)), "2028-01-01"]),
        # 0.3 years are 109.6 days and 0.6 are 219.2; five of them are 18 months again.
        (
            "2027-01-01",
            [0.3] * 5,
            ["2027-01-01", "2027-04-21", "2027-08-08", "2027-11-26", "2028-03-14", "2028-07-01"],
        ),
        # A whole year after 0.3 years ends on the day on which it began.
        ("2027-01-01", [0.3, 1, 1], ["2027-01-01", "2027-04-21", "2028-04-21", "2029-04-21"]),
        # Halves of months meet the months.
        ("2027-01-01", [1 / 24] * 4, ["2027-01-01", "2027-01-16", "2027-02-01", "2027-02-16", "2027-03-01"]),
        ("2027-03-15", [0.003, 0.003], ["2027-03-15", "2027-03-16", "2027-03-17"]),
        ("9000-01-01", [999], ["9000-01-01", "9999-01-01"]),
    ],
)
def test_periods_begin_on_days_of_the_calendar(start: str, years: list[float], expected: list[str]) -> None:
    assert firsts(start, *years) == expected


LENGTHS = st.lists(st.sampled_from([1 / 24, 1 / 12, 0.1, 0.25, 0.3, 0.5, 0.7, 1, 1.5, 2]), min_size=1, max_size=24)
STARTS = st.dates(datetime.date(2000, 1, 1), datetime.date(2060, 12, 31))


@examples(400)
@given(STARTS, LENGTHS)
def test_periods_follow_each_other_without_drift(start: datetime.date, years: list[float]) -> None:
    spans = list(lay_periods(start, {str(number): length for number, length in enumerate(years)}).values())
    assert spans[0].first == start
    assert all(after.first - before.last == datetime.timedelta(days=1) for before, after in pairwise(spans))
    for count, span in enumerate(spans, 1):
        assert span.days > 0
        assert abs((span.last - start).days + 1 - 365.25 * sum(years[:count])) < 5


@examples(200)
@given(STARTS, LENGTHS, st.sampled_from([1 / 2, 1 / 3, 0.3]))
def test_periods_cut_in_two_end_where_they_did(start: datetime.date, years: list[float], part: float) -> None:
    whole = [length for length in years if (12 * length) % 1 == 0] or [1]
    pieces = {
        f"{number}{half}": length * share
        for number, length in enumerate(whole)
        for half, share in (("a", part), ("b", 1 - part))
    }
    cut = lay_periods(start, pieces)
    months = 0
    for number, length in enumerate(whole):
        months += round(12 * length)
        assert cut[f"{number}b"].last == add_months(start, months) - datetime.timedelta(days=1)

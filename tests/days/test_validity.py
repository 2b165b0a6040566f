"""Spans of days against the question asked of each day by itself: does the fact hold, as it is known then?"""

from __future__ import annotations

import datetime
import random

import pytest

from models.market import Duty
from models.market.calendar import lay_periods
from models.records.validity import ALWAYS, Span, count_days, in_force, is_known, list_spans, spans_of, unite

DAY = datetime.timedelta(days=1)
FIRST = datetime.date(2027, 1, 1)


def draw_day(rng: random.Random) -> datetime.date | None:
    return rng.choice([None, FIRST + rng.randrange(-90, 800) * DAY])


def draw_fact(rng: random.Random) -> Duty:
    pairs = [sorted(filter(None, [draw_day(rng), draw_day(rng)])) for _ in range(2)]
    names = (("valid_from", "valid_to"), ("suspended_from", "suspended_to"))
    dates: dict[str, object] = {}
    for pair, both in zip(pairs, names, strict=True):
        dates |= dict(zip(rng.sample(both, 1) if len(pair) == 1 else both, pair, strict=False))
    known = {"known_from": draw_day(rng)}
    return Duty.model_validate(
        dates | known | {"duty": "d", "material": "m", "stage": "s", "to_country": "US", "rate": 0}
    )


@pytest.mark.parametrize("seed", range(200))
def test_days_counted_by_spans_are_those_on_which_the_fact_holds(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (no secret)
    facts, known_on = [draw_fact(rng) for _ in range(rng.choice([1, 1, 2, 3]))], FIRST + rng.randrange(-100, 900) * DAY
    spans = unite(span for fact in facts for span in spans_of(fact, known_on))
    for within in lay_periods(FIRST, dict.fromkeys("abc", rng.choice([0.3, 0.25, 1, 1.5, 1 / 24]))).values():
        days = [within.first + n * DAY for n in range(within.days)]
        held = [day for day in days if any(in_force(f, day) and is_known(f.known_from, known_on) for f in facts)]
        assert count_days(spans, within) == len(held)


def test_days_without_an_end_reach_to_the_ends_of_the_calendar() -> None:
    assert list_spans(None, None) == (ALWAYS,)
    assert list_spans(None, None, [(None, None)]) == ()
    assert list_spans(FIRST, None, [(FIRST, FIRST)]) == (Span(FIRST + DAY, ALWAYS.last),)
    assert unite([ALWAYS, Span(FIRST, FIRST)]) == (ALWAYS,)


def test_days_that_follow_each_other_are_one_span() -> None:
    assert unite([Span(FIRST + DAY, FIRST + DAY), Span(FIRST, FIRST)]) == (Span(FIRST, FIRST + DAY),)
    assert len(unite([Span(FIRST + 2 * DAY, FIRST + 2 * DAY), Span(FIRST, FIRST)])) == 2


def test_several_pauses_each_leave_out_their_days() -> None:
    spans = list_spans(FIRST, FIRST + 9 * DAY, [(FIRST + 2 * DAY, FIRST + 3 * DAY), (FIRST + 4 * DAY, FIRST + 5 * DAY)])
    assert spans == (Span(FIRST, FIRST + DAY), Span(FIRST + 6 * DAY, FIRST + 9 * DAY))

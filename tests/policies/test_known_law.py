"""What is known on a day: a measure or a suspension that was announced later is not there yet."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from models.enforcement import enforce
from tests.policies.test_lookup import HALF, market, policy

if TYPE_CHECKING:
    from models.policies import Policy

PAUSE = {"from": "2027-03-01", "to": "2027-06-30", "by": "a notice", "known_from": "2026-11-10"}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def half(**dates: Any) -> Policy:
    return policy(half={"limit": HALF} | dates)


@pytest.mark.parametrize(
    ("on", "as_of", "status"),
    [
        ("2027-04-01", "2026-11-09", "in force"),
        ("2027-04-01", "2026-11-10", "suspended"),
        ("2027-02-28", "2026-11-10", "in force"),
        ("2027-07-01", "2026-11-10", "in force"),
        ("2027-04-01", None, "suspended"),
    ],
)
def test_a_suspension_is_there_from_the_day_on_which_it_was_known(on: str, as_of: str | None, status: str) -> None:
    measure = half(suspended=[PAUSE]).measures[0]
    assert measure.status(day(on), None if as_of is None else day(as_of)) == status


def test_a_measure_announced_later_is_no_limit_before() -> None:
    announced = half(known_from="2026-11-10", valid_from="2026-01-01")
    assert [len(enforce(market(announced, as_of=on)).limits) for on in ("2026-11-09", "2026-11-10")] == [0, 1]
    assert announced.measures[0].status(day("2027-01-01"), day("2026-11-09")) == "not yet known"

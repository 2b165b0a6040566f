"""Between what the least cost of the whole lies is told while its parts are solved."""

from __future__ import annotations

import json
import math

import pytest

from optimizer.results.interval import NOTHING_KNOWN, Interval, Progress
from optimizer.results.solution import settings_of
from optimizer.results.total import Total
from optimizer.session import Session
from tests.cli.command import bundled


def test_the_interval_of_the_whole_is_told_again_and_only_gets_narrower() -> None:
    instance = bundled("us-battery-2027")
    told: list[Interval] = []
    session = Session(settings_of(instance))
    solution = session.solve(instance, told.append)
    assert len(told) > 1
    assert [one.bound for one in told] == sorted(one.bound for one in told)
    assert [one.cost for one in told] == sorted((one.cost for one in told), reverse=True)
    slight = 1e-6 * solution.cost
    assert all(one.bound - slight <= solution.cost <= one.cost + slight for one in told)
    assert told[-1].cost == pytest.approx(solution.cost, rel=1e-9)


def test_progress_of_a_part_is_told_as_one_of_the_whole_and_passed_on() -> None:
    told: list[Interval] = []
    heard: list[Progress] = []
    total = Total({1: Interval(5.0, 6.0), 2: Interval(10.0, math.inf)}, told.append)
    hear = total.listen(2, heard.append)
    hear(Progress(0.1, 20.0, 11.0))
    hear(Progress(0.2, 20.0, 10.5))  # worse than what is known: not told
    total.narrow(1, Interval(5.5, 5.5))
    assert told == [Interval(15.0, math.inf), Interval(16.0, 26.0), Interval(16.5, 25.5)]
    assert [progress.seconds for progress in heard] == [0.1, 0.2]


def test_what_is_not_known_of_a_cost_is_null_in_json() -> None:
    assert json.dumps(NOTHING_KNOWN.as_data(), allow_nan=False) == '{"bound": null, "cost": null}'

"""Every point of a frontier is the least cost there, found with as few solves as it takes."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from models.changes import apply_changes, parse
from models.enforcement import enforce
from models.limits.hhi_cap import HhiCap
from optimizer.errors import NoPlan
from optimizer.solve import settings_of, solve
from optimizer.sweep.axis import Level
from optimizer.sweep.found import Found
from optimizer.sweep.knee import knees
from optimizer.sweep.points import Point
from tests.cli.command import bundled

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.sweep.run import Sweep
    from tests.sweep.conftest import Swept

_NAMES = ("tutorial-lithium-cobalt", "us-battery-2027")
TUTORIAL, BATTERY = (enforce(bundled(name)) for name in _NAMES)
CHINA = "cap refined/*:CN"
_HHI = HhiCap(name="spread", count="country", basis="control", stages=("refined",), max_hhi=0.9, hard=True)
SPREAD = TUTORIAL.model_copy(update={"limits": (*TUTORIAL.limits, _HHI)})


def cold(instance: Instance) -> float | None:
    """Return what an instance costs when it is solved by itself, None without a plan."""
    try:
        return solve(instance, settings_of(instance, gap=0.0)).cost
    except NoPlan:
        return None


def costs(sweep: Sweep) -> list[float | None]:
    return [there.cost if there.has_plan else None for _, there in sorted(sweep.found.items())]


@pytest.mark.parametrize(
    ("instance", "axes"),
    [
        (TUTORIAL, [f"{CHINA}=0%..100%:11"]),
        (TUTORIAL, ["price kwinana=x0..x3:7"]),
        (TUTORIAL, ["demand lithium=-50%..+50%:5"]),
        (TUTORIAL, ["capacity refined/cobalt=+0%,-20%,-60%"]),
        (TUTORIAL, ["set limits.drc-cobalt-mined.max_share=40%..80%:5"]),
        (TUTORIAL, [f"{CHINA}=20%,40%,60%", "cap mined/cobalt:CD=40%,60%,80%"]),
        (SPREAD, ["set limits.spread.max_hhi=0.4..0.9:11"]),
        (BATTERY, ["set limits.four-lithium-countries.min_sources=1..6:6"]),
        (BATTERY, [f"{CHINA}=50%..100%:6"]),
    ],
    ids=lambda value: value.name if hasattr(value, "name") else "-and-".join(value),
)
def test_every_point_costs_what_it_costs_solved_by_itself(instance: Instance, axes: list[str], swept: Swept) -> None:
    sweep = swept(instance, *axes)
    for point in sweep.points:
        texts = [f"{axis.partition('=')[0]}={level.text}" for axis, level in zip(axes, point.levels, strict=True)]
        alone = cold(apply_changes(instance, map(parse, texts)))
        there = sweep.found[point.number]
        assert there.status == ("no plan" if alone is None else "proven")
        if alone is not None:
            assert there.cost == pytest.approx(alone, rel=1e-6)
            assert there.bound <= there.cost


def test_a_tighter_cap_never_costs_less_and_stays_without_a_plan(swept: Swept) -> None:
    found = costs(swept(TUTORIAL, f"{CHINA}=0%..100%:21"))
    for looser, tighter in pairwise(found):
        assert tighter is None or (looser is not None and tighter >= looser - 1e-6)
    assert found[0] is not None
    assert found[-1] is None


def test_where_half_the_points_are_slack_half_the_solves_are_saved(swept: Swept) -> None:
    sweep = swept(BATTERY, "cap refined/graphite:CN=81%..100%:20")
    slack = sum(cost == pytest.approx(costs(sweep)[0], rel=1e-9) for cost in costs(sweep))
    assert 10 <= slack < 20
    untouched = len(BATTERY.market.materials) - 1
    assert sweep.solves - untouched <= 10
    assert [there.solved for _, there in sorted(sweep.found.items())][1:slack] == [False] * (slack - 1)


def test_beyond_the_first_level_without_a_plan_nothing_is_solved(swept: Swept) -> None:
    sweep = swept(BATTERY, "cap refined/manganese:CN=10%..60%:11")
    without = [there.solved for _, there in sorted(sweep.found.items()) if there.status == "no plan"]
    assert len(without) >= 3
    assert without == [True] + [False] * (len(without) - 1)


def test_points_that_cost_the_same_keep_the_same_plan(swept: Swept) -> None:
    for jobs in (1, 2):
        sweep = swept(BATTERY, f"{CHINA}=70%..100%:7", jobs=jobs)
        coupled = [
            (sweep.plan(before), sweep.plan(after), there.same_plan)
            for before, after in pairwise(range(len(sweep.points)))
            if (there := sweep.found[after]).cost == pytest.approx(sweep.found[before].cost, rel=1e-9)
        ]
        assert len(coupled) >= 2
        assert all(before == after and same for before, after, same in coupled)


def test_processes_find_the_same_frontier(swept: Swept) -> None:
    axes = (f"{CHINA}=0%..100%:6", "cap mined/cobalt:CD=60%,80%")
    alone, together = (swept(TUTORIAL, *axes, jobs=jobs) for jobs in (1, 3))
    assert together.found == alone.found
    assert [together.plan(number) for number in together.found] == [alone.plan(number) for number in together.found]


def test_a_part_without_a_plan_is_told_by_processes_as_by_one(swept: Swept) -> None:
    one, two = (swept(TUTORIAL, "cap refined/*:CN=5%,8%,10%,60%,100%", jobs=jobs).found for jobs in (1, 2))
    assert [there.status for there in one.values()] == ["proven"] * 2 + ["no plan"] * 3
    assert [there.solved for there in one.values()][2:] == [True, False, False]
    assert "lithium" in one[4].reason
    assert two == one


def test_concentration_is_that_of_the_country_on_which_most_hangs(swept: Swept) -> None:
    sweep = swept(TUTORIAL, f"{CHINA}=40%,90%")
    loose, tight = (sweep.found[number] for number in (0, 1))
    assert loose.place is not None
    assert loose.place.share == pytest.approx(0.9)
    assert loose.place.of == "CN, refined cobalt"
    assert loose.place.hhi == pytest.approx(0.9**2 + 0.1**2)
    assert tight.place is not None
    assert tight.place.share == pytest.approx(0.6)
    assert tight.place.of == "CL, refined lithium"


def bent(*levels: tuple[float, float, float]) -> tuple[list[Point], dict[int, Found]]:
    """Return points and what was found there, from (level, cost, bound)."""
    points = [Point(number, (Level(f"{x:g}", x),), TUTORIAL) for number, (x, _, _) in enumerate(levels)]
    found = {n: Found(n, "proven", solved=True, cost=cost, bound=bound) for n, (_, cost, bound) in enumerate(levels)}
    return points, found


@pytest.mark.parametrize(
    ("levels", "knee"),
    [
        ([(1.0, 10, 10), (0.6, 11, 11), (0.2, 20, 20)], 1),
        ([(1.0, 10, 10), (0.8, 10, 10), (0.6, 12, 12), (0.4, 14, 14), (0.2, 20, 20)], 3),
        ([(1.0, 10, 10), (0.2, 20, 20)], None),
        ([(1.0, 10, 10), (0.6, 10, 10), (0.2, 10, 10)], None),
        ([(1.0, 10, 10), (0.6, 18, 18), (0.2, 20, 20)], None),
        ([(1.0, 10, 10), (0.6, 11, 6), (0.2, 20, 20)], None),
        ([(1.0, 10, 10), (0.6, 12, 12), (0.4, 12.9, 12.9), (0.2, math.inf, -math.inf)], None),
        ([(1.0, 10, 10), (0.6, 11, 11), (0.4, 16, 16), (0.2, math.inf, -math.inf)], 1),
        ([(0.0, 10, 10), (1.0, 11, 11), (2.0, 20, 20)], 1),
    ],
    ids=["bend", "tightest-of-several", "two", "flat", "above", "hidden", "straight", "end-without-plan", "rising"],
)
def test_the_knee_lies_farthest_below_the_line_between_the_ends(
    levels: list[tuple[float, float, float]], knee: int | None
) -> None:
    points, found = bent(*levels)
    assert knees(points, found) == (frozenset() if knee is None else {knee})


def test_a_line_with_points_missing_has_no_knee_yet() -> None:
    points, found = bent((1.0, 10, 10), (0.6, 11, 11), (0.2, 20, 20), (0.1, 40, 40))
    del found[3]
    assert knees(points, found) == frozenset()

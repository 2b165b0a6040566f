"""Law looked up in the days of each period: its days against what is said of each day, and what comes of them."""

from __future__ import annotations

import datetime
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from models.enforcement import enforce
from models.instance import Instance
from models.limits.quota import Quota
from models.policies import list_shipped, read_named, read_policy, read_shipped, standings
from tests.blocks.markets import instance, offer, solved
from tests.limits.cases.market import GOODS, OWNERS
from tests.policies.test_lookup import HALF, SAID, policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Market
    from models.policies import Measure, PeriodStanding, Policy, Standing

DAY = datetime.timedelta(days=1)
Day = datetime.date.fromisoformat
YEARS = {"2027": 1.0, "2028": 1.0, "2029": 1.0}


def planned(
    *policies: Policy, years: dict[str, float] = YEARS, start: str | None = "2027-01-01", **facts: Any
) -> Instance:
    """Return a market of 100 t a period, where north (CN) is the cheapest, with policies and a start."""
    offers = facts.pop("offers", GOODS)
    known = {"owners": OWNERS, "as_of": "2026-11-29", "start": start, "years": years} | facts
    plain = instance(offers, dict.fromkeys(years, 100), **known)
    return Instance.model_validate(plain.model_dump(by_alias=True) | {"policies": policies})


def limits_of(asked: Instance) -> dict[str, tuple[float, tuple[str, ...] | None]]:
    """Return the level and the periods of each limit."""
    return {limit.name: (limit.level, getattr(limit, "periods", None)) for limit in enforce(asked).limits}


# Days ---------------------------------------------------------------------------------------------


def boundaries(measure: Measure) -> set[datetime.date]:
    """Return the days from which a measure stands otherwise than on the day before."""
    begins = [measure.valid_from, measure.known_from, *(measure.levels or {})]
    ends = [measure.valid_to]
    for pause in measure.suspended:
        begins += [pause.from_day, pause.known_from]
        ends += [pause.to_day]
    return {day for day in begins if day is not None} | {day + DAY for day in ends if day is not None}


def measures() -> Iterator[tuple[Policy, Measure]]:
    for name in list_shipped():
        for measure in read_shipped(name).measures:
            yield read_shipped(name), measure


def test_boundaries_of_the_shipped_measures_are_at_least_forty() -> None:
    assert len({(m.name, day) for _, m in measures() for day in boundaries(m)}) >= 40


def level_on(measure: Measure, day: datetime.date) -> float | None:
    if measure.limit is None or not measure.levels:
        return None if measure.limit is None else measure.limit.level
    return measure.levels[max(start for start in measure.levels if start <= day)]


def counted(measure: Measure, market: Market) -> Iterator[tuple[int, float | None]]:
    """Yield on how many days of each period a measure is in force, and its level: asked day by day."""
    for span in (market.calendar or {}).values():
        days = [span.first + number * DAY for number in range(span.days)]
        held = [day for day in days if measure.status(day, market.as_of) == "in force"]
        levels = [level for day in held if (level := level_on(measure, day)) is not None]
        tally = Counter(levels)
        if isinstance(measure.limit, Quota):
            yield len(held), sum(levels) / len(levels) if levels else None
        else:
            most = max(tally.values(), default=0)
            yield len(held), next((level for level in reversed(levels) if tally[level] == most), None)


@pytest.mark.parametrize("name", list_shipped())
def test_days_of_a_period_are_those_on_which_the_measure_is_in_force(name: str) -> None:
    plain = planned(years={"a": 0.25, "b": 0.75}).market
    for measure in read_shipped(name).measures:
        rule = read_shipped(name).model_copy(update={"chosen": (measure.name,)})
        ends = sorted(boundaries(measure))
        for day, moved in product(ends, (-1, 0, 1)):
            edge = day + moved * DAY
            for as_of in {Day("2026-11-29"), edge}:
                # the boundary is the first day of a period, the day after the last, and within one
                for start in (edge, edge - 91 * DAY, edge - 200 * DAY):
                    market = plain.model_copy(update={"start": start, "as_of": as_of})
                    (one,) = standings(rule, market)
                    there = [(period.days, period.level) for period in one.periods if period.days]
                    asked = [(days, level) for days, level in counted(measure, market) if days]
                    assert there == [
                        (days, pytest.approx(level) if level is not None else None) for days, level in asked
                    ]


def periods(measure: dict[str, Any], **planning: Any) -> list[PeriodStanding]:
    (one,) = standings(policy(half=measure), planned(**planning).market)
    return list(one.periods)


def test_a_measure_holds_from_its_first_to_its_last_day_but_for_suspensions() -> None:
    pause = {"from": "2027-03-01", "to": "2027-03-31", "by": "x"}
    dated = {"limit": HALF, "valid_from": "2027-01-02", "valid_to": "2028-12-30", "suspended": [pause]}
    assert [(one.days, one.of) for one in periods(dated)] == [(364 - 31, 365), (365, 366), (0, 365)]


def test_a_suspension_that_is_not_known_yet_does_not_count() -> None:
    pause = {"from": "2027-01-01", "to": "2027-12-31", "by": "x", "known_from": "2026-11-30"}
    for as_of, days in {"2026-11-29": 365, "2026-11-30": 0}.items():
        assert periods({"limit": HALF, "suspended": [pause]}, as_of=as_of)[0].days == days


# Limits -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valid_from", "held"),
    [
        # of 365 days of 2027 it holds on 183, and on 182
        ("2027-07-02", None),
        ("2027-07-03", ("2028", "2029")),
        # of 366 days of 2028 it holds on 183, and on 182
        ("2028-07-02", ("2028", "2029")),
        ("2028-07-03", ("2029",)),
    ],
)
def test_a_limit_holds_in_the_periods_of_which_it_holds_on_half_of_the_days(
    valid_from: str, held: tuple[str, ...] | None
) -> None:
    assert limits_of(planned(policy(half={"limit": HALF, "valid_from": valid_from}))) == {"half": (0.5, held)}


def test_levels_that_change_make_one_limit_for_each_run_of_periods() -> None:
    levels = {"2027-01-01": 0.6, "2028-01-01": 0.5, "2029-12-31": 0.4}
    assert limits_of(planned(policy(half={"limit": HALF, "levels": levels}))) == {
        "half (2027)": (0.6, ("2027",)),
        "half (2028..2029)": (0.5, ("2028", "2029")),
    }
    assert limits_of(planned(policy(half={"limit": HALF, "levels": {"2026-01-01": 0.6, "2030-01-01": 0.5}}))) == {
        "half": (0.6, None)
    }


def test_a_limit_that_is_set_aside_between_has_a_run_on_either_side() -> None:
    pause = {"from": "2028-01-01", "to": "2028-12-31", "by": "x"}
    one = {"limit": HALF, "suspended": [pause]}
    assert limits_of(planned(policy(half=one))) == {"half": (0.5, ("2027", "2029"))}
    two = one | {"levels": {"2020-01-01": 0.6, "2029-06-01": 0.5}}
    assert limits_of(planned(policy(half=two), years=YEARS | {"2030": 1})) == {
        "half (2027)": (0.6, ("2027",)),
        "half (2029..2030)": (0.5, ("2029", "2030")),
    }


def test_the_level_of_a_period_is_that_of_most_of_its_days() -> None:
    for start, level in {"2027-07-01": 0.4, "2027-07-02": 0.4, "2027-07-03": 0.6}.items():
        levels = {"2020-01-01": 0.6, start: 0.4}
        assert limits_of(planned(policy(half={"limit": HALF, "levels": levels}), years={"2027": 1.0})) == {
            "half": (level, None)
        }


def test_a_limit_without_periods_holds_where_it_does_on_half_of_the_horizon() -> None:
    budget = {"kind": "budget_cap", "costs": ["freight"], "max_cost": 5, "hard": True}
    for last, names in {"2027-12-31": [], "2028-07-01": ["budget"]}.items():
        asked = planned(policy(budget={"limit": budget, "valid_to": last}))
        assert list(limits_of(asked)) == names


def test_a_run_can_be_changed_by_its_name_and_binds_in_its_periods() -> None:
    levels = {"2027-01-01": 0.6, "2028-01-01": 0.5}
    shares = solved(enforce(planned(policy(half={"limit": HALF, "stages": ["refined"], "levels": levels}))))
    # north at 10 and island at 12: 60 and 40 t in 2027, 50 and 50 in the two years after
    assert shares.cost == pytest.approx(600 + 480 + 2 * (500 + 600))


# Duties and controls ------------------------------------------------------------------------------


def test_a_duty_becomes_a_row_for_each_stretch_of_days_that_touches_the_horizon() -> None:
    pauses = [
        {"from": "2026-01-01", "to": "2026-12-31", "by": "before"},
        {"from": "2027-07-01", "to": "2028-06-30", "by": "within"},
        {"from": "2030-06-01", "to": "2030-12-31", "by": "after"},
    ]
    duty = {"duty": {"from_country": "CN", "to_country": "US", "rate": 0.3}, "suspended": pauses}
    rows = enforce(planned(policy(levy=duty | {"valid_from": "2020-01-01"}))).market.duties
    assert [(str(row.valid_from), str(row.valid_to)) for row in rows if row.stage == "refined"] == [
        ("2027-01-01", "2027-06-30"),
        ("2028-07-01", "2030-05-31"),
    ]


def test_a_control_without_dates_is_a_row_without_dates() -> None:
    ban = {"control": {"from_country": "CN", "to_country": "US", "effect": "closed"}}
    rows = enforce(planned(policy(ban=ban))).market.controls
    assert {(row.valid_from, row.valid_to) for row in rows} == {(None, None)}


def test_without_a_start_the_one_day_stands_for_all_periods() -> None:
    dated = {"limit": HALF, "valid_from": "2027-12-31", "levels": {"2027-12-31": 0.6, "2028-01-01": 0.4}}
    for as_of, levels in {"2027-12-30": [], "2027-12-31": [0.6], "2028-01-01": [0.4]}.items():
        held = limits_of(planned(policy(half=dated), start=None, as_of=as_of))
        assert held == dict.fromkeys(["half"] * len(levels), (*levels, None))


# Quotas -------------------------------------------------------------------------------------------


def weighed(quota: dict[str, Any]) -> Policy:
    """Return a policy of one measure in tonnes."""
    head = {"name": "ours", "title": "t", "note": "n", "mass_unit": "t"}
    return read_policy(head | {"measures": {"quota": SAID | quota}})


NORTH = [offer("north", 10, 100, "CN"), offer("south", 20, 300)]
QUOTA = {"kind": "quota", "country": "CN", "max_quantity": 20, "hard": True}


def test_a_quota_counts_for_its_days_and_the_capacity_of_the_others_passes() -> None:
    # 73 of 365 days: 4 t of the quota, and 80 t that north can sell on the 292 others
    ends = weighed({"limit": QUOTA, "stages": ["refined"], "valid_to": "2027-03-14"})
    asked = planned(ends, years={"2027": 1.0}, offers=NORTH, owners=())
    (limit,) = enforce(asked).limits
    assert isinstance(limit, Quota)
    assert (limit.share_of_days or {})["2027"] == pytest.approx(0.2)
    assert solved(asked).cost == pytest.approx(84 * 10 + 16 * 20)


def test_a_quota_whose_level_changes_within_a_period_has_the_mean_of_its_days() -> None:
    # 146 days at 20 and 219 at 40 make 32
    steps = weighed({"limit": QUOTA, "levels": {"2027-01-01": 20, "2027-05-27": 40}})
    assert limits_of(planned(steps)) == {
        "quota (2027)": (pytest.approx(32), ("2027",)),
        "quota (2028..2029)": (40, ("2028", "2029")),
    }


# Those that come with Lodeplan --------------------------------------------------------------------


def rule(name: str, materials: str, stages: str, **planning: Any) -> tuple[Instance, Standing]:
    """Return an instance that has a material of which a measure speaks, and how the measure stands there."""
    asked = planned(read_named(name), **planning)
    (material,) = asked.market.materials
    known = material.model_copy(update={"known_as": (materials,), "stages": tuple(stages.split())})
    asked = asked.model_copy(update={"market": asked.market.model_copy(update={"materials": (known,)})})
    return asked, next(iter(standings(asked.policies[0], asked.market)))


def test_the_ratio_of_the_us_cost_rule_is_that_of_each_year() -> None:
    asked, one = rule("us-pfe:45x-battery-components", "lithium", "mined refined", years={"2027": 1.0, "2028": 1.0})
    assert [(period.period, period.level) for period in one.periods] == [("2027", 0.65), ("2028", 0.7)]
    assert limits_of(asked) == {
        "45x-battery-components (2027)": (0.65, ("2027",)),
        "45x-battery-components (2028)": (0.7, ("2028",)),
    }


def test_the_cobalt_quota_ends_with_2027_and_is_not_asked_of_2028() -> None:
    asked, _ = rule("drc-cobalt:cobalt-quota", "cobalt", "mined refined", years={"2027": 1.0, "2028": 1.0})
    assert limits_of(asked) == {"cobalt-quota": (96600, ("2027",))}
    first, _ = rule("drc-cobalt:cobalt-quota", "cobalt", "mined refined", years={"2027": 1.0})
    assert limits_of(first) == {"cobalt-quota": (96600, None)}


def test_a_ban_on_a_part_of_the_days_is_a_quota_of_nothing_on_them() -> None:
    dates = {"valid_from": "2027-04-01", "valid_to": "2028-10-31"}
    ban = {"control": {"from_country": "CN", "to_country": "US", "effect": "closed"}}
    nothing = {"limit": QUOTA | {"max_quantity": 0, "to_country": "US"}}
    costs = [
        solved(enforce(planned(weighed(measure | dates), offers=NORTH, owners=()))).cost for measure in (ban, nothing)
    ]
    # north sells on 90 of 365 days of 2027, 61 of 366 of 2028, and all of 2029
    north = 100 * (90 / 365 + 61 / 366 + 1)
    assert costs == pytest.approx([north * 10 + (300 - north) * 20] * 2)

"""How the measures of a policy stand in the days of a horizon, and what each becomes: limits, duties or controls.

A period has days where the instance has a `start`, and else one day stands for all of it. A measure holds on the days
between its first and its last one that no suspension covers, as it is known on `as_of`. What it becomes:

- a duty or a control: one row for each stretch of these days that touches the horizon, with its true dates;
- a quota: a limit in every period in which it holds on a day, for its share of the days, at the mean level of these;
- any other limit: one in the periods of which it holds on at least half of the days, at the level of most of these
  days; a kind without periods, where it holds on at least half of the days of the horizon.

Where the level changes, each run of periods with one level has a limit: ``NAME (2028)``, ``NAME (2028..2030)``.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from models.limits.quota import Quota
from models.market import Control, Duty
from models.records.validity import ALWAYS, Span, count_days, list_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from models.limits import AnyLimit
    from models.market import Market
    from models.policies.policy import Measure, Policy, Status

Cells = tuple[tuple[str, str], ...]
"""(material, stage) of an instance."""
_DAY = datetime.timedelta(days=1)


class PeriodStanding(NamedTuple):
    """How a measure stands in one period."""

    period: str
    days: int
    """Days of the period on which it holds."""
    of: int
    """Days of the period: 1 where one day stands for all of it."""
    level: float | None
    """That of its limit in this period; None where it becomes none."""
    asked: bool
    """Whether it counts there: a limit on at least half of the days, a quota, a duty or a control on any."""

    @property
    def share(self) -> float:
        """The share of the days on which it holds."""
        return self.days / self.of


@dataclass(frozen=True)
class Standing:
    """How one measure stands in an instance, and what it becomes there."""

    policy: Policy
    measure: Measure
    status: Status
    """How it stands on the day whose knowledge counts, `as_of`."""
    cells: Cells = ()
    """What it speaks of."""
    periods: tuple[PeriodStanding, ...] = ()
    """Every period of the instance, in order."""
    limits: tuple[AnyLimit, ...] = ()
    duties: tuple[Duty, ...] = ()
    controls: tuple[Control, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it holds on any day that is planned."""
        return any(period.days for period in self.periods)

    @property
    def idle(self) -> bool:
        """Whether it holds on a day that is planned, and speaks of nothing in the instance."""
        return self.holds and not self.cells


def choose_measures(policy: Policy) -> list[Measure]:
    """Return the measures of a policy that are meant."""
    patterns = policy.chosen or ("*",)
    return [m for m in policy.measures if any(fnmatchcase(m.name, pattern) for pattern in patterns)]


def standings(policy: Policy, market: Market, day: datetime.date | None = None) -> Iterator[Standing]:
    """Yield how every measure that is meant stands as known on a day, by default the market's own."""
    day = market.as_of if day is None else day
    calendar = market.calendar or dict.fromkeys(market.years, Span(day, day))
    for measure in choose_measures(policy):
        cells = tuple((m.material, stage) for m in market.materials for stage in measure.concerns(m))
        periods = tuple(_stand_in(measure, day, calendar))
        made: dict[str, Any] = _make(measure, day, periods, cells, market) if cells else {}
        yield Standing(policy, measure, measure.status(day), cells, periods, **made)


def days_of(measure: Measure, as_of: datetime.date) -> tuple[Span, ...]:
    """Return the days on which a measure holds as known on a day."""
    if measure.status(as_of) == "not yet known":
        return ()
    starts = [day for day in (measure.valid_from, min(measure.levels or {}, default=None)) if day is not None]
    pauses = [(one.from_day, one.to_day) for one in measure.suspended if one.is_known(as_of)]
    return list_spans(max(starts, default=None), measure.valid_to, pauses)


def _stand_in(measure: Measure, as_of: datetime.date, calendar: Mapping[str, Span]) -> Iterator[PeriodStanding]:
    """Yield how a measure stands in each period."""
    spans = days_of(measure, as_of)
    for period, within in calendar.items():
        days = count_days(spans, within)
        asked = days > 0 if measure.limit is None or isinstance(measure.limit, Quota) else 2 * days >= within.days
        yield PeriodStanding(period, days, within.days, _level_in(measure, spans, within), asked)


def _level_in(measure: Measure, spans: Sequence[Span], within: Span) -> float | None:
    """Return the level of a measure's limit on most of the days on which it holds, the later of two with as many.

    Of a quota, the mean over these days.
    """
    if measure.limit is None or not measure.levels:
        return None if measure.limit is None else measure.limit.level
    days = Counter[float]()
    starts = sorted(measure.levels)
    lasts = [*(start - _DAY for start in starts[1:]), ALWAYS.last]
    for first, last in zip(starts, lasts, strict=True):
        both = Span(max(first, within.first), min(last, within.last))
        days[float(measure.levels[first])] += count_days(spans, both) if both.first <= both.last else 0
    held = {level: count for level, count in days.items() if count}
    if isinstance(measure.limit, Quota) and len(held) > 1:
        return sum(level * count for level, count in held.items()) / sum(held.values())
    return max(reversed(held), key=held.__getitem__, default=None)


def _make(
    measure: Measure, as_of: datetime.date, periods: Sequence[PeriodStanding], cells: Cells, market: Market
) -> dict[str, Any]:
    """Return what a measure becomes."""
    known: dict[str, Any] = {"source": measure.source, "quality": measure.evidence}
    if measure.limit is not None:
        scope = known | _scope(measure, cells, market)
        fields = {key: value for key, value in scope.items() if key in type(measure.limit).model_fields}
        return {"limits": tuple(_make_limits(measure.limit.model_copy(update=fields), periods, market, measure, as_of))}
    stretches = [known | dates for dates in _list_dates(measure, as_of, periods, market)]
    if measure.duty is not None:
        duty = measure.duty.model_dump() | {"duty": measure.name}
        return {"duties": tuple(Duty(**duty, **s, material=m, stage=stage) for s in stretches for m, stage in cells)}
    if measure.control is not None:
        control = measure.control.model_dump() | {"control": measure.name}
        return {
            "controls": tuple(Control(**control, **s, material=m, stage=stage) for s in stretches for m, stage in cells)
        }
    return {}


def _list_dates(
    measure: Measure, as_of: datetime.date, periods: Sequence[PeriodStanding], market: Market
) -> list[dict[str, datetime.date | None]]:
    """Return the dates of each stretch of days on which a measure holds and that touches the horizon."""
    if market.calendar is None:
        held = any(period.days for period in periods)
        return [{"valid_from": measure.valid_from, "valid_to": measure.valid_to}] if held else []
    first, last = (list(market.calendar.values())[place] for place in (0, -1))
    return [
        {
            "valid_from": span.first if span.first > ALWAYS.first else None,
            "valid_to": span.last if span.last < ALWAYS.last else None,
        }
        for span in days_of(measure, as_of)
        if span.first <= last.last and first.first <= span.last
    ]


def _make_limits(
    limit: AnyLimit, periods: Sequence[PeriodStanding], market: Market, measure: Measure, as_of: datetime.date
) -> Iterator[AnyLimit]:
    """Yield the limits that a measure becomes: one, or one for each run of periods with a level."""
    if "periods" not in type(limit).model_fields:
        if 2 * sum(period.days for period in periods) >= sum(period.of for period in periods):
            spans = list(market.law_days.values()) if market.calendar else [Span(as_of, as_of)]
            whole = Span(spans[0].first, spans[-1].last)
            yield _relevelled(limit, _level_in(measure, days_of(measure, as_of), whole))
        return
    own = getattr(limit, "periods", None)
    held = [period for period in periods if period.asked and (own is None or period.period in own)]
    for run in _list_runs(held, list(market.years)):
        names = tuple(period.period for period in run)
        update: dict[str, Any] = {} if names == tuple(market.years) else {"periods": names}
        if len(run) < len(held):
            update["name"] = f"{limit.name} ({names[0] if len(names) == 1 else f'{names[0]}..{names[-1]}'})"
        shares = {period.period: period.share for period in run if period.share < 1}
        if isinstance(limit, Quota) and shares:
            update["share_of_days"] = shares
        yield _relevelled(limit.model_copy(update=update), run[0].level)


def _list_runs(held: Sequence[PeriodStanding], order: Sequence[str]) -> list[list[PeriodStanding]]:
    """Return periods run by run: those that follow each other and have one level; all where there is but one."""
    if len({period.level for period in held}) <= 1:
        return [list(held)] if held else []
    place = {period: number for number, period in enumerate(order)}
    runs = groupby(enumerate(held), key=lambda one: (place[one[1].period] - one[0], one[1].level))
    return [[period for _, period in run] for _, run in runs]


def _relevelled(limit: AnyLimit, level: float | None) -> AnyLimit:
    """Return a limit with another level."""
    if level is None or level == limit.level:
        return limit
    return type(limit).model_validate(limit.model_dump() | {limit.LEVEL: level})


def _scope(measure: Measure, cells: Cells, market: Market) -> dict[str, Any]:
    """Return the materials and stages of a limit; absent where it holds for all."""
    materials = tuple(dict.fromkeys(material for material, _ in cells))
    stages = tuple(dict.fromkeys(stage for _, stage in cells))
    return {
        "materials": None if len(materials) == len(market.materials) else materials,
        "stages": None if measure.stages is None else stages,
    }

"""The periods of an instance, the days that they stand for, and on which of these facts hold."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import Field

from models.market.calendar import Calendar, count_periods, lay_periods
from models.market.tables.period import Period
from models.records.fields import Day
from models.records.sourced import Sourced
from models.records.validity import Span, count_days, spans_of

if TYPE_CHECKING:
    from models.market.tables.lane import Lane
    from models.records.validity import Date, Dated


class Timeline(Sourced):
    """When an instance happens, and as of which day."""

    periods: tuple[Period, ...] = Field(min_length=1)
    as_of: Day
    """The day whose knowledge counts: what became known later does not exist. Without a `start` it is also the day on
    which law is looked up, for all periods."""
    start: Day | None = None
    """The first day of the first period; periods follow each other from it, and law is looked up in the days of each.
    Absent = one day, `as_of`, stands for all of them."""

    @cached_property
    def years(self) -> dict[str, float]:
        """Length of each period in years, in order."""
        return {period.name: period.years for period in self.periods}

    @cached_property
    def calendar(self) -> Calendar | None:
        """The first and the last day of each period, both counted; None without a `start`."""
        return None if self.start is None else lay_periods(self.start, self.years)

    @cached_property
    def calendar_years(self) -> dict[str, tuple[str, ...]]:
        """The periods that begin in each calendar year, by that year; none without a `start`."""
        found: dict[str, list[str]] = {}
        for period, days in (self.calendar or {}).items():
            found.setdefault(str(days.first.year), []).append(period)
        return {year: tuple(periods) for year, periods in found.items()}

    def lags(self, lane: Lane) -> tuple[int, ...]:
        """Return how many periods later arrives what leaves over a lane, by period of leaving."""
        stated = lane.lead_time, lane.lead_time_days
        if stated not in self._lags:
            periods, days = stated
            in_days = count_periods(self.calendar or {}, days) if days is not None else ()
            self._lags[stated] = in_days or (periods,) * len(self.periods)
        return self._lags[stated]

    @cached_property
    def _lags(self) -> dict[tuple[int, int | None], tuple[int, ...]]:
        """What `lags` found, by periods and days that a lane states: many state the same."""
        return {}

    @cached_property
    def law_days(self) -> Calendar:
        """The days in which the law of each period is looked up: its own, or `as_of` where there is no `start`."""
        return self.calendar or dict.fromkeys(self.years, Span(self.as_of, self.as_of))

    @cached_property
    def horizon(self) -> Span:
        """All days in which law is looked up, from the first to the last."""
        days = list(self.law_days.values())
        return Span(days[0].first, days[-1].last)

    def shares_of(self, fact: Dated) -> dict[str, float]:
        """Return the share of each period's days on which a fact holds, as known on `as_of`; none of 0."""
        dates = (fact.valid_from, fact.valid_to, fact.suspended_from, fact.suspended_to, fact.known_from)
        if dates not in self._shares:
            spans = spans_of(fact, self.as_of)
            held = {period: count_days(spans, within) for period, within in self.law_days.items()}
            self._shares[dates] = {period: days / self.law_days[period].days for period, days in held.items() if days}
        return self._shares[dates]

    def always_holds(self, fact: Dated) -> bool:
        """Whether a fact holds on all days of all periods."""
        shares = self.shares_of(fact)
        return len(shares) == len(self.years) and all(share == 1 for share in shares.values())

    @cached_property
    def _shares(self) -> dict[tuple[Date, ...], dict[str, float]]:
        """What `shares_of` found, by the dates of the fact: many rows have the same."""
        return {}

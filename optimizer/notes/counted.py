"""How law that holds on a part of the days of a period counts there, in words for one and for many."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.limits.quota import Quota
from models.policies import days_of
from models.records.validity import count_days

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from models.enforcement import EnforcedInstance
    from models.limits import AnyLimit
    from models.policies import PeriodStanding, Standing
    from models.records.validity import Span


class Words(NamedTuple):
    """What is said of one and of many: ``begins on 2027-07-01``, ``begin on 2027-07-01``."""

    one: str = ""
    many: str = ""


def count_fact(spans: Sequence[Span], calendar: Mapping[str, Span]) -> dict[str, Words]:
    """Return how periods count on a part of whose days a duty or a control holds."""
    days = {period: count_days(spans, within) for period, within in calendar.items()}
    partly = [period for period, within in calendar.items() if 0 < days[period] < within.days]
    return {period: _by_share(f"{days[period]} of the {calendar[period].days} days of {period}") for period in partly}


def count_measure(one: Standing, instance: EnforcedInstance) -> dict[str, Words]:
    """Return how periods count on a part of whose days a measure holds, or in which its level changes."""
    limit, partly = one.measure.limit, [period for period in one.periods if 0 < period.days < period.of]
    if limit is None:
        return {period.period: _by_share(_part(period)) for period in partly}
    counted = dict(_list_levels(one, limit, instance))
    if isinstance(limit, Quota):
        return {period.period: _by_share(_part(period)) for period in partly} | counted
    if "periods" in type(limit).model_fields:
        return counted | {period.period: _as_whole(_part(period), "it", asked=period.asked) for period in partly}
    held, planned = sum(period.days for period in one.periods), sum(period.of for period in one.periods)
    whole = _as_whole(f"{held} of the {planned} days that are planned", "them", asked=bool(one.limits))
    return {period.period: whole for period in partly[:1]}


def _list_levels(one: Standing, limit: AnyLimit, instance: EnforcedInstance) -> Iterator[tuple[str, Words]]:
    """Yield periods within which the level of a limit changes, and which is asked of it."""
    spans = days_of(one.measure, one.policy.looked_up or instance.market.as_of)
    for period in one.periods if instance.market.start else ():
        within = instance.market.law_days[period.period]
        changes = [day for day in one.measure.levels or () if within.first < day <= within.last]
        if period.asked and period.level is not None and any(s.first < day <= s.last for day in changes for s in spans):
            level = limit.format_level(period.level, instance.mass_unit, instance.currency)
            what = period.period if period.days == period.of else _part(period)
            whole = f"{level} is asked of all of {period.period}"
            said = f"{level} on average is asked of {what}" if isinstance(limit, Quota) else whole
            yield period.period, Words(said, said)


def _part(period: PeriodStanding) -> str:
    return f"{period.days} of the {period.of} days of {period.period}"


def _by_share(part: str) -> Words:
    return Words(f"it counts for {part}", f"they count for {part}")


def _as_whole(part: str, what: str, *, asked: bool) -> Words:
    end = f"asked of all of {what}" if asked else f"not asked of {what}"
    return Words(f"it holds on {part}, and is {end}", f"they hold on {part}, and are {end}")

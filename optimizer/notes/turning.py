"""What of the law turns within the horizon: begins, ends, is suspended, resumes or changes, and how that is counted."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from models.limits.quota import Quota
from models.policies import days_of, standings
from models.records.validity import Span, spans_of
from models.records.wording import list_some
from optimizer.notes.border import kind_of, name_of, own_facts
from optimizer.notes.counted import Words, count_fact, count_measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from models.enforcement import EnforcedInstance
    from models.market import Market
    from models.policies import Standing
    from models.records.validity import Date

_DAYS = 365.25
_DAY = datetime.timedelta(days=1)
_MOST_COUNTED = 4
"""Turns of which a sentence tells how they count."""
_MOST_LISTED = 12
"""Turns that it tells."""


class _Law(NamedTuple):
    """A duty, a control or a measure, with the days on which it holds as they are known."""

    name: str
    first: Date
    """Its first day, as it is stated."""
    last: Date
    spans: Sequence[Span]
    counted: Mapping[str, Words]
    """How periods count on a part of whose days it holds, or in which its level changes."""
    levels: Mapping[datetime.date, str]
    """Levels that it changes to, by their days."""
    is_rounded: bool
    """Whether it is asked of all or of nothing of such a period."""


class _Turn(NamedTuple):
    day: datetime.date
    """The first day on which it is so."""
    what: Words
    counted: Words
    is_rounded: bool


def find_turning_law(instance: EnforcedInstance) -> Iterator[str]:
    """Yield one sentence on all law that turns within the horizon; without a start, one day stands for all of it.

    Of many turns those are told first that are asked of more or less than their days, and those that count for a part;
    of the others only what happens on which day.
    """
    market, turning = instance.market, defaultdict[_Turn, dict[str, None]](dict)
    for law in _list_law(instance):
        for turn in _list_turns(law, _days_planned(market), market.calendar or {}):
            turning[turn][law.name] = None
    if not turning:
        return
    first = sorted(turning, key=lambda turn: (not turn.is_rounded, not turn.counted.one, turn.day))
    brief = [turn._replace(counted=Words()) for turn in first[_MOST_COUNTED:_MOST_LISTED]]
    names = [list(turning[turn]) for turn in first]
    listed = sorted(zip([*first[:_MOST_COUNTED], *brief], names, strict=False))
    told = [_format_turn(turn, laws) for turn, laws in listed]
    rest = len(turning) - len(listed)
    told += [f"{rest} more change{'s are' if rest > 1 else ' is'} listed by policies show --instance"] if rest else []
    if market.start:
        yield f"as law is known on {market.as_of} (as_of), {'; '.join(told)}"
        return
    years = sum(market.years.values())
    horizon = f"the {years:g} years" if years != 1 else "the year"
    yield (
        f"every period is solved under the law of {market.as_of} (as_of), as no start says when they begin; "
        f"within {horizon} from that day {'; '.join(told)}"
    )


def _days_planned(market: Market) -> Span:
    """Return the days of the horizon; without a start, as many from the day whose law holds throughout."""
    if market.start:
        return market.horizon
    try:
        after = market.as_of + datetime.timedelta(days=_DAYS * sum(market.years.values()))
    except OverflowError:
        after = datetime.date.max
    return Span(market.as_of, after - _DAY)


def _format_turn(turn: _Turn, names: Sequence[str]) -> str:
    many = len(names) > 1
    counted = f": {turn.counted[many]}" if turn.counted[many] else ""
    return f"{list_some(names)} {turn.what[many]}{counted}"


def _list_turns(law: _Law, within: Span, calendar: Mapping[str, Span]) -> Iterator[_Turn]:
    """Yield the turns of a law within some days, the first in each period with how that period is counted."""
    counted = dict(law.counted)
    for day, what in sorted(_list_changes(law)):
        if within.first < day <= within.last:
            period = next((name for name, days in calendar.items() if days.first < day <= days.last), "")
            yield _Turn(day, what, counted.pop(period, Words()), law.is_rounded and period in law.counted)


def _list_changes(law: _Law) -> Iterator[tuple[datetime.date, Words]]:
    """Yield every first day on which a law stands otherwise than before, and what happens then."""
    for span in law.spans:
        begins = ("begins on", "begin on") if span.first == law.first else ("holds again from", "hold again from")
        yield span.first, Words(*(f"{words} {span.first}" for words in begins))
        if span.last < datetime.date.max:
            after = span.last + _DAY
            ends = Words(f"ends on {span.last}", f"end on {span.last}")
            paused = Words(f"is suspended from {after}", f"are suspended from {after}")
            yield after, ends if span.last == law.last else paused
        for day, level in law.levels.items():
            if span.first < day <= span.last:
                yield day, Words(f"changes to {level} on {day}", f"change to {level} on {day}")


def _list_law(instance: EnforcedInstance) -> Iterator[_Law]:
    """Yield the duties and controls that an instance states, and the measures that concern it and become something."""
    market = instance.market
    for fact in own_facts(instance):
        spans, name = spans_of(fact, market.as_of), f"{kind_of(fact)} {name_of(fact)}"
        counted = count_fact(spans, market.calendar or {})
        yield _Law(name, fact.valid_from, fact.valid_to, spans, counted, {}, is_rounded=False)
    for policy in instance.policies:
        for one in standings(policy, market, policy.looked_up):
            if one.cells and one.measure.no_limit is None:
                yield _as_law(one, instance)


def _as_law(one: Standing, instance: EnforcedInstance) -> _Law:
    """Return a measure as law that may turn."""
    measure, limit = one.measure, one.measure.limit
    starts = [day for day in (measure.valid_from, min(measure.levels or {}, default=None)) if day is not None]
    levels = {
        day: limit.format_level(level, instance.mass_unit, instance.currency)
        for day, level in (measure.levels or {}).items()
        if limit is not None
    }
    return _Law(
        f"measure {one.policy.name}:{measure.name}",
        max(starts, default=None),
        measure.valid_to,
        days_of(measure, one.policy.looked_up or instance.market.as_of),
        count_measure(one, instance),
        levels,
        is_rounded=limit is not None and not isinstance(limit, Quota),
    )

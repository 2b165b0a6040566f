"""Law and time: what turns within the horizon, what does not hold on the day, and what is charged twice."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import TYPE_CHECKING

from models.policies import standings
from models.records.wording import list_some
from optimizer.notes.border import kind_of, name_of, own_facts, words_of
from optimizer.notes.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.enforcement import EnforcedInstance
    from models.market import Duty
    from models.policies import Measure
    from optimizer.notes.border import AtBorder

_DAYS = 365.25
_DAY = datetime.timedelta(days=1)
_MOST_LISTED = 4
"""Turns that a sentence tells."""

_Words = tuple[str, str]
"""What happens on a day, of one and of many: ``begins on 2027-07-01``, ``begin on 2027-07-01``."""
_Turn = tuple[datetime.date, _Words]


def find_turning_law(instance: EnforcedInstance) -> Iterator[str]:
    """Yield one sentence on all law that begins, ends or changes within the horizon: one day stands for all of it."""
    market = instance.market
    first, years = market.as_of, sum(market.years.values())
    try:
        last = first + datetime.timedelta(days=_DAYS * years)
    except OverflowError:
        last = datetime.date.max
    said: dict[_Turn, dict[str, None]] = defaultdict(dict)
    for name, turns in _turns_of_law(instance, first, last):
        for turn in turns:
            said[turn][name] = None
    if not said:
        return
    order = sorted(said)
    told = [f"{list_some(list(said[turn]))} {turn[1][len(said[turn]) > 1]}" for turn in order[:_MOST_LISTED]]
    more = [f"{len(order) - _MOST_LISTED} more changes follow"] if len(order) > _MOST_LISTED else []
    horizon = f"the {years:g} years" if years != 1 else "the year"
    yield (
        f"every period is solved under the law of {first} (as_of), as periods have no dates; within {horizon} from "
        f"that day {'; '.join([*told, *more])}"
    )


def find_expired(instance: EnforcedInstance) -> Iterator[Remark]:
    """Yield duties and controls of an instance's own of which no row holds on any day that is looked at."""
    market, facts = instance.market, own_facts(instance)
    holding = {words_of(fact) for fact in facts if market.shares_of(fact)}
    first, last = market.horizon
    days = f"any day from {first} to {last}, as known on {market.as_of}" if market.start else f"{first} (as_of)"
    for fact in facts:
        if words_of(fact) not in holding:
            yield Remark(kind_of(fact), words_of(fact), f"does not hold on {days}", f"do not hold on {days}")


def find_double_charges(instance: EnforcedInstance) -> Iterator[str]:
    """Yield duties of a policy that the instance states as well, or another policy: both are charged."""
    market = instance.market
    charged: dict[tuple[object, ...], list[Duty]] = defaultdict(list)
    for duty in market.duties:
        if duty.holds(market.as_of):
            charged[_charge(duty)].append(duty)
    told: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for policy in instance.policies:
        for duty in (duty for one in standings(policy, market, policy.looked_up) for duty in one.duties):
            for other in charged[_charge(duty)]:
                if other != duty:
                    told[policy.name, duty.duty, other.duty][f"{duty.stage} {duty.material}"] = None
    for (name, mine, theirs), goods in told.items():
        yield (
            f"policy {name}: its duty {mine} and the duty {theirs} take the same of "
            f"{list_some(list(goods))}, and add up; "
            "leave one out if they are one"
        )


def _charge(duty: Duty) -> tuple[object, ...]:
    """What a duty is charged on, where, and how much it is."""
    return (duty.material, duty.stage, duty.from_country, duty.to_country, duty.rate)


def _turns_of_law(
    instance: EnforcedInstance, first: datetime.date, last: datetime.date
) -> Iterator[tuple[str, Iterable[_Turn]]]:
    """Yield duties, controls and measures that concern an instance, each with its turns between two days."""
    for fact in own_facts(instance):
        yield f"{kind_of(fact)} {name_of(fact)}", _turns_of_fact(fact, first, last)
    for policy in instance.policies:
        for one in standings(policy, instance.market, policy.looked_up):
            if one.cells and one.measure.no_limit is None:
                yield f"measure {policy.name}:{one.measure.name}", _turns_of_measure(one.measure, first, last)


def _turns_of_fact(fact: AtBorder, first: datetime.date, last: datetime.date) -> Iterator[_Turn]:
    days = _days((fact.valid_from, fact.suspended_from), (fact.valid_to, fact.suspended_to), first, last)
    for day in days:
        if fact.holds(day) != fact.holds(day - _DAY):
            yield day, _words(day, holds=fact.holds(day), valid_from=fact.valid_from, valid_to=fact.valid_to)


def _turns_of_measure(measure: Measure, first: datetime.date, last: datetime.date) -> Iterator[_Turn]:
    levels = measure.levels or {}
    begins = (measure.valid_from, *levels, *(pause.from_day for pause in measure.suspended))
    ends = (measure.valid_to, *(pause.to_day for pause in measure.suspended))
    for day in _days(begins, ends, first, last):
        holds = measure.status(day) == "in force"
        if holds != (measure.status(day - _DAY) == "in force"):
            starts = max((start for start in (measure.valid_from, min(levels, default=None)) if start), default=None)
            yield day, _words(day, holds=holds, valid_from=starts, valid_to=measure.valid_to)
        elif holds and day in levels:
            yield day, (f"changes to {levels[day]:g} on {day}", f"change to {levels[day]:g} on {day}")


def _days(
    begins: Iterable[datetime.date | None],
    ends: Iterable[datetime.date | None],
    first: datetime.date,
    last: datetime.date,
) -> list[datetime.date]:
    """Return the days after the first and before the last on which something may turn; an end is a last day."""
    days = {day for day in begins if day is not None and first < day < last}
    days |= {day + _DAY for day in ends if day is not None and first <= day < last - _DAY}
    return sorted(days)


def _words(
    day: datetime.date, *, holds: bool, valid_from: datetime.date | None, valid_to: datetime.date | None
) -> _Words:
    """Say what happens to a fact on a day on which it begins or ceases to hold."""
    if holds and day == valid_from:
        return f"begins on {day}", f"begin on {day}"
    if holds:
        return f"holds again from {day}", f"hold again from {day}"
    if valid_to is not None and day == valid_to + _DAY:
        return f"ends on {valid_to}", f"end on {valid_to}"
    return f"is suspended from {day}", f"are suspended from {day}"

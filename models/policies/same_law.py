"""Duties that state one law: on each day it is charged once, however often it is stated.

A measure has a name, and says under `known_as` what else its law is called: ``Section 301``. Two duties are one law
where their names meet: the name of a row of an instance, and those of a measure. What an instance states itself goes
before what a policy states, an earlier policy before a later one, and in a policy the higher rate before the lower.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from models.records.validity import ALWAYS, clip, count_days, list_spans, spans_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from models.market import Duty, Market
    from models.policies.policy import Measure
    from models.policies.standing import Standing

Names = frozenset[str]
"""What a law is called, without regard to capitals."""
Goods = tuple[str, str, str]
"""Material, stage, and the country that is entered."""


class CountedOnce(NamedTuple):
    """A duty of a policy that is not charged on some days, and the one that is, as both are one law."""

    duty: Duty
    instead: Duty


def names_of(measure: Measure) -> Names:
    """Return what the law of a measure is called."""
    return frozenset(name.casefold() for name in (measure.name, *(measure.known_as or ())))


def count_once(
    market: Market, found: Sequence[Standing], laws: Mapping[str, Names]
) -> tuple[list[Duty], list[CountedOnce]]:
    """Return the duties that measures add to those of a market, without days on which one states the same law already.

    `laws` says what the laws of measures are called that were looked up before. Second are those that lost days.
    """
    known = {**laws, **{one.measure.name: names_of(one.measure) for one in found}}
    left = list[CountedOnce]()
    added: list[tuple[int, Duty]] = []
    asked = [duty for one in found for duty in one.duties]
    charged: dict[Goods, list[Duty]] = defaultdict(list)
    for duty in market.duties if asked else ():
        charged[_goods_of(duty)].append(duty)
    for place, duty in sorted(enumerate(asked), key=lambda numbered: -numbered[1].rate):
        beside = charged[_goods_of(duty)]
        same = [other for other in beside if _is_same_law(duty, other, known) and share_days(duty, other, market)]
        kept = _without(duty, same, market) if same else [duty]
        left += [CountedOnce(duty, other) for other in same]
        added += [(place, one) for one in kept]
        beside += kept
    return [duty for _, duty in sorted(added, key=lambda numbered: numbered[0])], left


def _is_same_law(duty: Duty, other: Duty, known: Mapping[str, Names]) -> bool:
    """Whether another duty on the same goods to the same country states the law of a duty, wherever that is charged."""
    names = (known.get(one.duty, frozenset({one.duty.casefold()})) for one in (duty, other))
    return other.from_country in {duty.from_country, None} and not frozenset.isdisjoint(*names)


def _goods_of(duty: Duty) -> Goods:
    return duty.material, duty.stage, duty.to_country


def share_days(duty: Duty, other: Duty, market: Market) -> bool:
    """Whether two duties are both charged on a day on which the law of a market is looked up."""
    some, others = market.shares_of(duty), market.shares_of(other)
    if not some.keys() & others.keys():
        return False
    spans = [clip(spans_of(one, market.as_of), market.horizon) for one in (duty, other)]
    return any(count_days(spans[0], span) for span in spans[1])


def _without(duty: Duty, others: Iterable[Duty], market: Market) -> list[Duty]:
    """Return a duty on the days of the horizon on which none of some others is charged, a row for each stretch."""
    pauses = [span for other in others for span in spans_of(other, market.as_of)]
    spans = [rest for span in spans_of(duty, market.as_of) for rest in list_spans(*span, pauses)]
    return [
        duty.model_copy(
            update={
                "valid_from": None if span.first == ALWAYS.first else span.first,
                "valid_to": None if span.last == ALWAYS.last else span.last,
            }
        )
        for span in spans
        if count_days([span], market.horizon)
    ]

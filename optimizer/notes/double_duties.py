"""Duties that a policy states beside others: one law that is charged once, or two that add up."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.enforcement import list_counted_once, list_own
from models.policies import share_days, standings
from models.records.wording import format_percent, list_some

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.enforcement import EnforcedInstance
    from models.market import Duty, Market

_MOST_ALONE = 2
"""Pairs of duties at one rate that have a sentence each."""
_MOST_LISTED = 8
"""Duties that a sentence names with those on top of which they come."""


def find_double_charges(instance: EnforcedInstance) -> Iterator[str]:
    """Yield duties of policies that are charged once with another, and those that add up with one."""
    yield from _tell_counted_once(instance)
    alike: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    other: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for policy, duty, beside in _list_pairs(instance):
        found = alike if beside.rate == duty.rate else other
        found[policy, _call(duty), _call(beside)][_goods(duty)] = None
    if len(alike) > _MOST_ALONE:
        many = _list_on_top(list(alike), "and")
        yield f"duties of policies take as much as others of the same goods, and add up; leave out what is one: {many}"
        alike.clear()
    for (policy, mine, theirs), goods in alike.items():
        yield (
            f"policy {policy}: its duty {mine} and the duty {theirs} take the same of {list_some(list(goods))}, and "
            "add up; leave one out if they are one"
        )
    if len(other) > 1:
        yield f"duties of policies come on top of others on the same goods: {_list_on_top(list(other))}"
        return
    for (policy, mine, theirs), goods in other.items():
        yield f"policy {policy}: its duty {mine} comes on top of the duty {theirs} on {list_some(list(goods))}"


def _list_on_top(pairs: Sequence[tuple[str, ...]], word: str = "on") -> str:
    """Return (policy, duty, other duty) as a list: each duty with those beside which it stands, of many the first."""
    below: dict[str, dict[str, None]] = defaultdict(dict)
    for policy, mine, theirs in pairs:
        below[f"{policy}:{mine}"][theirs] = None
    told = [f"{mine} {word} {list_some(list(theirs))}" for mine, theirs in below.items()]
    rest = len(told) - _MOST_LISTED
    return "; ".join([*told[:_MOST_LISTED], *([f"and {rest} more"] if rest > 0 else [])])


def _tell_counted_once(instance: EnforcedInstance) -> Iterator[str]:
    """Yield one sentence for each duty that states the law of measures already."""
    own = {id(duty) for duty in list_own(instance.market.duties, instance.policies)}
    measures: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    goods: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for policy, (duty, instead) in list_counted_once(instance):
        rate = f" instead of {format_percent(duty.rate)}" if duty.rate != instead.rate else ""
        by = "the instance" if id(instead) in own else "another measure"
        told = (policy.name, by, f"{_call(instead)}{rate}")
        measures[told][duty.duty] = goods[told][_goods(duty)] = None
    for key, names in measures.items():
        of, by, law = key
        stated = f"{by} states the law of {list_some(list(names))} as {law}"
        yield f"policy {of}: {stated}; it is charged once on {list_some(list(goods[key]))}"


def _list_pairs(instance: EnforcedInstance) -> Iterator[tuple[str, Duty, Duty]]:
    """Yield (policy, a duty of it that is charged, another on the same goods, at a border and on a day of both)."""
    market = instance.market
    by_goods: dict[tuple[str, str, str], list[Duty]] = defaultdict(list)
    for duty in market.duties:
        by_goods[duty.material, duty.stage, duty.to_country].append(duty)
    seen: set[frozenset[str]] = set()
    for policy in instance.policies:
        made = {one.measure.name for one in standings(policy, market, policy.looked_up) if one.duties}
        mine = [duty for duty in market.duties if duty.duty in made]
        for duty in mine:
            for beside in by_goods[duty.material, duty.stage, duty.to_country]:
                pair = frozenset((duty.duty, beside.duty, _goods(duty)))
                if duty.duty != beside.duty and pair not in seen and _meet(duty, beside, market):
                    seen.add(pair)
                    yield policy.name, duty, beside


def _meet(duty: Duty, other: Duty, market: Market) -> bool:
    ends = duty.from_country == other.from_country or None in {duty.from_country, other.from_country}
    return ends and share_days(duty, other, market)


def _goods(duty: Duty) -> str:
    return f"{duty.stage} {duty.material}"


def _call(duty: Duty) -> str:
    return f"{duty.duty} ({format_percent(duty.rate)})"

"""What a reader must know of the policies that an instance rests on: what lapsed unseen, and what may change."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

from models.policies import standings
from models.records.wording import list_some

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from models.enforcement import EnforcedInstance
    from models.policies import Measure, Standing

_TOLD = 2
"""Measures of which is told what they bind, before the others are only counted."""
_LONGEST = 120
"""Signs of what a measure binds, before the rest is left to the report and to ``policies show``."""


def find_doubtful_law(instance: EnforcedInstance) -> Iterator[str]:
    """Yield a sentence for every measure that lapsed with nobody looking, then one for each other kind of doubt."""
    unseen, pending, partly = list[str](), list[str](), list[str]()
    for policy in instance.policies:
        day = policy.looked_up or instance.market.as_of
        here = [one for one in standings(policy, instance.market, day) if one.cells]
        lapsed = [one for one in here if one.measure.no_limit is None and one.measure.lapsed(day) is not None]
        yield from (f"measure {_name(one)} {_describe_lapse(one.measure, day)}" for one in lapsed)
        unseen += _list_unseen([one.measure for one in here if one not in lapsed], policy.name, day)
        pending += [policy.name] * bool(here and any(entry.is_known(day) for entry in policy.pending))
        pending += [_name(one) for one in here if any(entry.is_known(day) for entry in one.measure.pending)]
        partly += [
            f"{_name(one)} binds only {shorten(one.measure.partly, _LONGEST, placeholder=' ...')}"
            for one in here
            if one.holds and one.measure.partly is not None and one.measure.no_limit is None
        ]
    if unseen:
        yield f"nobody looked whether this is still law on {instance.market.as_of} (as_of): {list_some(unseen)}"
    if pending:
        yield f"contested, or pending to be changed: {list_some(pending)}; lodeplan policies show says how"
    if partly:
        yield f"asked of all here: {_list_told(partly)}"


def _name(one: Standing) -> str:
    return f"{one.policy.name}:{one.measure.name}"


def _list_unseen(here: Sequence[Measure], policy: str, day: datetime.date) -> Iterator[str]:
    """Yield the policy with the day since which nobody looked at one of its measures that hold or are suspended."""
    unseen = [m for m in here if m.status(day) in {"in force", "suspended"} and not m.looked_since(day)]
    looks = [measure.last_look for measure in unseen if measure.last_look is not None]
    if unseen:
        known = f"last looked at {min(looks)}" if len(looks) == len(unseen) else "not known when it was last looked at"
        yield f"{policy} ({known})"


def _describe_lapse(measure: Measure, day: datetime.date) -> str:
    """Say that a measure holds or does not because something ended, and that nobody looked since."""
    look = measure.last_look
    looked = f"was last looked at on {look}" if look else "is not known to have been looked at since"
    if measure.status(day) == "expired":
        return f"ended on {measure.lapsed(day)}, and {looked}; see whether it was prolonged"
    ended = f"holds here because its suspension ended on {measure.lapsed(day)}"
    return f"{ended}, and {looked}; see whether the suspension was prolonged"


def _list_told(sentences: Sequence[str]) -> str:
    rest = len(sentences) - _TOLD if len(sentences) > _TOLD + 1 else 0
    shown = "; ".join(sentences[:_TOLD] if rest else sentences)
    return f"{shown}; and {rest} more" if rest else shown

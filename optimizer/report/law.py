"""What of its policies holds in an instance, and what a reader must know of that: lapsed, unseen, pending, in part."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from models.enforcement import list_counted_once
from models.policies import choose_measures, days_of, format_request, standings
from models.records.validity import clip
from models.records.wording import list_some
from optimizer.report.layout import wrap
from optimizer.report.standing import (
    describe_effect,
    describe_in_horizon,
    describe_standing,
    list_looks,
    list_pending,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Sequence

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from models.market import Market
    from models.policies import Pending, Policy, Standing
    from models.records.validity import Span

_TOLD = 2
"""Sentences that a line tells before the others are only counted."""


def list_looked_up(instance: Instance) -> list[dict[str, Any]]:
    """Return how every measure stood when the policies of an instance were looked up, one record each."""
    return [
        _as_record(policy, one, instance.market, policy.looked_up or instance.market.as_of)
        for policy in instance.policies
        for one in standings(policy, instance.market, policy.looked_up)
    ]


def _as_record(policy: Policy, one: Standing, market: Market, day: datetime.date) -> dict[str, Any]:
    measure = one.measure
    return {
        "policy": policy.name,
        "measure": measure.name,
        "day": str(day),
        "status": "concerns nothing here" if one.idle else one.status,
        "standing": describe_in_horizon(one, market),
        **list_looks(measure, day),
        "evidence": measure.evidence,
        "becomes": describe_effect(measure, day, policy),
        "periods": [period._asdict() for period in one.periods],
        "partly": measure.partly,
        "pending": [*list_pending(policy, day), *list_pending(measure, day)],
    }


def format_in_force(instance: EnforcedInstance) -> str:
    """Return one line a policy: what of it holds in an instance, and what not and why; then a line for each doubt."""
    market = instance.market
    told: list[Standing] = []
    lines: list[str] = []
    for policy in instance.policies:
        here = [one for one in standings(policy, market, policy.looked_up) if one.cells]
        once = {left.duty.duty: left.instead.duty for other, left in list_counted_once(instance) if other is policy}
        lines.append(wrap(f"{format_request(policy)}: {'; '.join(_list_held(policy, here, once, market))}", 2, 4))
        told += here
    lines += [wrap(line, 2, 4) for line in _list_doubts(told, instance.policies, market.as_of)]
    return "\n".join([f"Policies {_describe_days(market)}", *lines]) if lines else ""


def _describe_days(market: Market) -> str:
    """Say in which days law is looked up, and as known when."""
    first, last = market.horizon
    return f"on {first}" if market.start is None else f"from {first} to {last}, as known on {market.as_of}"


def _list_held(policy: Policy, here: Sequence[Standing], once: dict[str, str], market: Market) -> Iterator[str]:
    """Yield parts of the line of a policy: what holds, what no program can say, what does not hold, and why."""
    held = [one for one in here if one.holds and one.measure.no_limit is None]
    holding = _by(held, lambda one: describe_holding(one, market))
    yield from (f"{list_some(names)} ({how})" if how else list_some(names) for how, names in sorted(holding.items()))
    if not held:
        yield "nothing of it holds here"
    for law, names in _by(
        [one for one in held if one.measure.name in once], lambda one: once[one.measure.name]
    ).items():
        yield f"{list_some(names)} {'is' if len(names) == 1 else 'are'} charged once with {law}"
    mute = [one.measure.name for one in here if one.holds and one.measure.no_limit is not None]
    if mute:
        yield f"{list_some(mute)} ask{'s' if len(mute) == 1 else ''} what no limit can say"
    others = [one for one in here if not one.holds and one.status != "not yet known"]
    alike = _by(others, lambda one: _describe_missing(one, market))
    yield from (f"{list_some(names)} {standing}" for standing, names in alike.items())
    rest = len(choose_measures(policy)) - len(here)
    if rest:
        yield f"{rest} of its measures concern{'s' if rest == 1 else ''} nothing here"
    later = sum(one.status == "not yet known" for one in here)
    if later:
        yield f"{later} of its measures {'was' if later == 1 else 'were'} not yet known"


def _describe_missing(one: Standing, market: Market) -> str:
    """Say why a measure holds on no day that is planned."""
    standing = describe_standing(one.measure, market.as_of, looks=False)
    return f"{standing}, and on no day that is planned" if one.status == "in force" else standing


def describe_holding(one: Standing, market: Market) -> str:
    """Say what is doubtful of a measure that holds, and on which days of the horizon where not on all; else nothing."""
    lapsed = one.measure.lapsed(market.as_of) is not None
    said = [describe_standing(one.measure, market.as_of)] if lapsed else []
    if any(period.days < period.of for period in one.periods):
        spans = clip(days_of(one.measure, market.as_of), market.horizon)
        said.append(" and ".join(_describe_span(span, market.horizon) for span in spans))
    return ", ".join(said)


def _describe_span(span: Span, within: Span) -> str:
    """Say on which days of others some lie, by the ends that are not theirs."""
    ends = [f"from {span.first}"] * (span.first > within.first) + [f"to {span.last}"] * (span.last < within.last)
    return " ".join(ends)


def _by(here: Sequence[Standing], key: Callable[[Standing], str]) -> dict[str, list[str]]:
    """Return the names of measures by what is said of them."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in here:
        found[key(one)].append(one.measure.name)
    return found


def _list_doubts(here: Sequence[Standing], policies: Sequence[Policy], day: datetime.date) -> Iterator[str]:
    """Yield one line for each thing that a reader must know of the measures that concern an instance."""
    now = [one for one in here if one.holds or one.status in {"in force", "suspended"}]
    unseen = [one for one in now if one.measure.lapsed(day) is None and not one.measure.looked_since(day)]
    if unseen:
        looks = _by(
            unseen, lambda one: f"since {look}" if (look := one.measure.last_look) else "on a day that is known"
        )
        yield f"Nobody looked {'; '.join(f'{since} at {list_some(names)}' for since, names in looks.items())}."
    doubtful = [one for one in now if one.measure.evidence != "seen"]
    for word, names in _by(doubtful, lambda one: one.measure.evidence).items():
        yield f"{word.capitalize()}, not seen: {list_some(names)}."
    pending = [(policy.name, one) for policy in policies for one in policy.pending]
    pending += [(one.measure.name, pending) for one in here for pending in one.measure.pending]
    pending = [(name, one) for name, one in pending if one.is_known(day)]
    if pending:
        yield f"Pending or contested: {_list_told([f'{name}: {_brief(one)}' for name, one in pending])}."
    used = [one.measure for one in now if one.holds and one.measure.no_limit is None]
    partly = [f"{measure.name} binds only {measure.partly}" for measure in used if measure.partly is not None]
    if partly:
        yield f"Asked of all here: {_list_told(partly)}."


def _brief(pending: Pending) -> str:
    about = [f"from {pending.from_day}"] * (pending.from_day is not None)
    about += [pending.evidence] * (pending.evidence != "seen")
    words = pending.words.rstrip(".")
    return f"{words} ({', '.join(about)})" if about else words


def _list_told(sentences: Sequence[str]) -> str:
    rest = len(sentences) - _TOLD if len(sentences) > _TOLD + 1 else 0
    shown = "; ".join(sentences[:_TOLD] if rest else sentences)
    return f"{shown}; and {rest} more" if rest else shown

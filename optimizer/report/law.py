"""What of its policies holds in an instance, and what a reader must know of that: lapsed, unseen, pending, in part."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from models.policies import choose_measures, format_request, standings
from models.records.wording import list_some
from optimizer.report.standing import describe_effect, describe_standing, list_looks, wrap

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Sequence

    from models.instance import Instance
    from models.policies import Measure, Pending, Policy, Standing

_TOLD = 2
"""Sentences that a line tells before the others are only counted."""


def list_looked_up(instance: Instance) -> list[dict[str, Any]]:
    """Return how every measure stood when the policies of an instance were looked up, one record each."""
    return [
        _as_record(policy, one, policy.looked_up or instance.market.as_of)
        for policy in instance.policies
        for one in standings(policy, instance.market, policy.looked_up)
    ]


def _as_record(policy: Policy, one: Standing, day: datetime.date) -> dict[str, Any]:
    measure = one.measure
    return {
        "policy": policy.name,
        "measure": measure.name,
        "day": str(day),
        "status": "concerns nothing here" if one.idle else one.status,
        "standing": describe_standing(measure, day),
        **list_looks(measure, day),
        "evidence": measure.evidence,
        "becomes": describe_effect(measure, day, policy),
        "partly": measure.partly,
        "pending": [
            pending.model_dump(mode="json", by_alias=True)
            for pending in (*policy.pending, *measure.pending)
            if pending.is_known(day)
        ],
    }


def format_in_force(instance: Instance) -> str:
    """Return one line a policy: what of it holds in an instance, and what not and why; then a line for each doubt."""
    day = instance.market.as_of
    here = {
        number: [one for one in standings(policy, instance.market, day) if one.cells]
        for number, policy in enumerate(instance.policies)
    }
    lines = [_format_policy(policy, here[number], day) for number, policy in enumerate(instance.policies)]
    told = [one for found in here.values() for one in found]
    lines += [wrap(line, 2, 4) for line in _list_doubts(told, instance.policies, day)]
    return "\n".join([f"Policies on {day}", *lines]) if lines else ""


def _format_policy(policy: Policy, here: Sequence[Standing], day: datetime.date) -> str:
    now = [one.measure for one in here if one.status == "in force"]
    held = [measure for measure in now if measure.no_limit is None]
    mute = [measure.name for measure in now if measure.no_limit is not None]
    plain = [measure.name for measure in held if measure.lapsed(day) is None]
    said = [list_some(plain)] if plain else []
    lapsed = _by_standing([measure for measure in held if measure.lapsed(day) is not None], day)
    said += [f"{list_some(names)} ({standing})" for standing, names in lapsed.items()]
    said = said or ["nothing of it holds here"]
    said += [f"{list_some(mute)} ask{'s' if len(mute) == 1 else ''} what no limit can say"] if mute else []
    others = _by_standing([one.measure for one in here if one.status not in {"in force", "not yet known"}], day)
    said += [f"{list_some(names)} {standing}" for standing, names in others.items()]
    rest = len(choose_measures(policy)) - len(here)
    said += [f"{rest} of its measures concern{'s' if rest == 1 else ''} nothing here"] if rest else []
    later = sum(one.status == "not yet known" for one in here)
    said += [f"{later} of its measures {'was' if later == 1 else 'were'} not yet known"] if later else []
    return wrap(f"{format_request(policy)}: {'; '.join(said)}", 2, 4)


def _by_standing(measures: Sequence[Measure], day: datetime.date) -> dict[str, list[str]]:
    return _by(measures, lambda measure: describe_standing(measure, day, looks=False))


def _by(measures: Sequence[Measure], key: Callable[[Measure], str]) -> dict[str, list[str]]:
    """Return the names of measures by what is said of them."""
    found: dict[str, list[str]] = defaultdict(list)
    for measure in measures:
        found[key(measure)].append(measure.name)
    return found


def _list_doubts(here: Sequence[Standing], policies: Sequence[Policy], day: datetime.date) -> Iterator[str]:
    """Yield one line for each thing that a reader must know of the measures that concern an instance."""
    now = [one.measure for one in here if one.status in {"in force", "suspended"}]
    unseen = [measure for measure in now if measure.lapsed(day) is None and not measure.looked_since(day)]
    if unseen:
        looks = _by(unseen, lambda m: f"since {m.last_look}" if m.last_look else "on a day that is known")
        yield f"Nobody looked {'; '.join(f'{since} at {list_some(names)}' for since, names in looks.items())}."
    for word, names in _by([m for m in now if m.evidence != "seen"], lambda measure: measure.evidence).items():
        yield f"{word.capitalize()}, not seen: {list_some(names)}."
    pending = [(policy.name, one) for policy in policies for one in policy.pending]
    pending += [(one.measure.name, pending) for one in here for pending in one.measure.pending]
    pending = [(name, one) for name, one in pending if one.is_known(day)]
    if pending:
        yield f"Pending or contested: {_list_told([f'{name}: {_brief(one)}' for name, one in pending])}."
    partly = [f"{measure.name} binds only {measure.partly}" for measure in now if measure.partly is not None]
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


def describe_moves(before: Instance, after: Instance) -> str:
    """Return what a change of the day, or of the policies, brings in force and what it ends; nothing where neither."""
    sides = [_in_force(instance) for instance in (before, after)]
    said = {"In force now": [name for name in sides[1] if name not in sides[0]]}
    said["No longer in force"] = [name for name in sides[0] if name not in sides[1]]
    return "\n".join(wrap(f"{what}: {', '.join(names)}", later=4) for what, names in said.items() if names)


def _in_force(instance: Instance) -> list[str]:
    """Return the measures of an instance's policies that are in force and concern something."""
    found = [one for policy in instance.policies for one in standings(policy, instance.market, policy.looked_up)]
    return [one.measure.name for one in found if one.status == "in force" and one.cells]

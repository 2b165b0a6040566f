"""Policies for people and programs: what is in force on a day, who is bound, and what it becomes."""

from __future__ import annotations

import datetime
import textwrap
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from models.changes.change import read_as
from models.policies import choose_measures, format_request, standings
from models.records.fields import Day
from models.records.wording import suggest
from optimizer.errors import InputError
from optimizer.report.asks import format_level
from optimizer.report.layout import blank_repeats, format_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.instance import Instance
    from models.policies import Measure, Pending, Policy

_WIDTH = 100
_SOME = 3
"""Materials that a row of the list names."""
EVIDENCE = {
    "seen": "the text itself or an official page was seen",
    "reported": "reports of it were seen, not the text itself",
    "derived": "worked out from what was seen or reported",
    "assumed": "from memory or assumed, not verified",
}
READ_IT = "read the source before you rely on it"


def format_measures(policies: Iterable[Policy], day: datetime.date, material: str | None = None) -> str:
    """Return one row a measure, with how it stands on a day; of those alone that speak of a material."""
    rows = [
        [
            format_request(policy),
            measure.name,
            describe_standing(measure, day, brief=True),
            _materials(measure, _SOME),
            describe_effect(measure, day, policy),
        ]
        for policy in policies
        for measure in choose_measures(policy)
        if material is None or speaks_of(measure, material)
    ]
    text = format_table(
        ["policy", "measure", f"on {day}", "materials", "becomes"], blank_repeats(rows, columns=1), left=5
    )
    more = "lodeplan policies show NAME says who is bound, the source, and how well it was seen."
    return f"{text}\n\n{more}\nThis is no legal advice: {READ_IT}.\n"


def format_policy(policy: Policy, day: datetime.date) -> str:
    """Return everything that is known of a policy, measure by measure."""
    parts = [f"{policy.name}: {policy.title}", _fill(policy.note), f"{READ_IT.capitalize()}."]
    parts += [_fill(f"Pending: {describe_pending(one)}", indent=2) for one in policy.pending]
    for measure in choose_measures(policy):
        facts = {
            "on " + str(day): describe_standing(measure, day),
            "asks": measure.words,
            "binds": measure.bound,
            "binds only": measure.partly or "",
            "materials": _materials(measure),
            "stages": ", ".join(measure.stages or ("every stage",)),
            "becomes": describe_effect(measure, day, policy),
            "levels": "; ".join(f"{level:g} from {start}" for start, level in (measure.levels or {}).items()),
            "source": measure.source,
            "evidence": f"{measure.evidence}: {EVIDENCE[measure.evidence]}",
            "looked at": str(measure.looked_at or "not known"),
            "why nothing": measure.no_limit or "",
            "note": measure.note or "",
        }
        told = [(key, said) for key, said in facts.items() if said]
        told += [("pending", describe_pending(one)) for one in measure.pending]
        width = max(len(key) for key, _ in told)
        lines = [_fill(f"{key.ljust(width)}  {said}", indent=width + 4) for key, said in told]
        parts.append("\n".join([measure.name, *lines]))
    return "\n\n".join(parts) + "\n"


def list_records(policies: Iterable[Policy], day: datetime.date, material: str | None = None) -> list[dict[str, Any]]:
    """Return the same as plain data, one record a measure."""
    return [
        {
            "policy": policy.name,
            "measure": measure.name,
            "day": day.isoformat(),
            "status": measure.status(day),
            "standing": describe_standing(measure, day),
            "becomes": describe_effect(measure, day, policy),
            **measure.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"name"}),
        }
        for policy in policies
        for measure in choose_measures(policy)
        if material is None or speaks_of(measure, material)
    ]


def list_looked_up(instance: Instance) -> list[dict[str, Any]]:
    """Return how every measure stood when the policies of an instance were looked up, one record each."""
    return [
        {
            "policy": policy.name,
            "measure": one.measure.name,
            "day": str(policy.looked_up or instance.market.as_of),
            "status": "concerns nothing here" if one.idle else one.status,
            "standing": describe_standing(one.measure, policy.looked_up or instance.market.as_of),
            "becomes": describe_effect(one.measure, policy.looked_up or instance.market.as_of, policy),
        }
        for policy in instance.policies
        for one in standings(policy, instance.market, policy.looked_up)
    ]


def format_in_force(instance: Instance) -> str:
    """Return one line a policy: what of it holds in an instance, and what does not and why."""
    lines = []
    day = instance.market.as_of
    for policy in instance.policies:
        here = [one for one in standings(policy, instance.market, day) if one.cells]
        now = [one.measure for one in here if one.status == "in force"]
        said = [", ".join(_format_name(m, day) for m in now if m.no_limit is None) or "nothing of it holds here"]
        said += [f"{m.name} asks what no limit can say" for m in now if m.no_limit is not None]
        said += [
            f"{one.measure.name} {describe_standing(one.measure, day)}" for one in here if one.status != "in force"
        ]
        rest = len(choose_measures(policy)) - len(here)
        said += [f"{rest} of its measures concern{'s' if rest == 1 else ''} nothing here"] if rest else []
        lines.append(_fill(f"{format_request(policy)}: {'; '.join(said)}", indent=4))
    return "\n".join([f"Policies on {day}", *lines]) if lines else ""


def _format_name(measure: Measure, day: datetime.date) -> str:
    """Return the name of a measure in force, with what is doubtful about that."""
    return f"{measure.name} ({describe_standing(measure, day)})" if measure.unseen_since(day) else measure.name


def describe_moves(before: Instance, after: Instance) -> str:
    """Return what a change of the day, or of the policies, brings in force and what it ends; nothing where neither."""
    sides = [_in_force(instance) for instance in (before, after)]
    said = {"In force now": [name for name in sides[1] if name not in sides[0]]}
    said["No longer in force"] = [name for name in sides[0] if name not in sides[1]]
    return "\n".join(_fill(f"{what}: {', '.join(names)}", indent=4).strip() for what, names in said.items() if names)


def _in_force(instance: Instance) -> list[str]:
    """Return the measures of an instance's policies that are in force and concern something."""
    found = [one for policy in instance.policies for one in standings(policy, instance.market, policy.looked_up)]
    return [one.measure.name for one in found if one.status == "in force" and one.cells]


def describe_pending(pending: Pending) -> str:
    """Say what is contested or pending, from when it would hold, and how well and when it was seen."""
    since = f" It would hold from {pending.from_day}." if pending.from_day else ""
    looked = f"last looked at {pending.looked_at}" if pending.looked_at else "not known when it was last looked at"
    return f"{pending.words}{since} ({pending.source}; {pending.evidence}, {looked})"


def describe_standing(measure: Measure, day: datetime.date, *, brief: bool = False) -> str:
    """Say how a measure stands on a day, until or since when, and unless in brief by what it is suspended."""
    measure = measure.as_known_on(day)
    match measure.status(day):
        case "not yet known":
            return f"not yet known (from {measure.known_from})"
        case "not yet in force":
            starts = [start for start in (measure.valid_from, min(measure.levels or {}, default=None)) if start]
            return f"not yet in force (from {max(starts)})"
        case "expired":
            return f"expired on {measure.valid_to}"
        case "suspended":
            pause = next(one for one in measure.suspended if one.covers(day))
            until = f"until {pause.to_day}" if pause.to_day else "until further notice"
            return f"suspended {until}" if brief else f"suspended {until} by {pause.by}"
        case _:
            return _in_force_since(measure, day)


def _in_force_since(measure: Measure, day: datetime.date) -> str:
    """Say since when a measure is in force; after a suspension, whether anybody looked at it since."""
    ended = measure.resumed_after(day)
    if ended is None:
        return " ".join(["in force", *_span(measure)])
    if not measure.unseen_since(day):
        return f"in force again since {ended + datetime.timedelta(days=1)}"
    looked = f"last looked at {measure.looked_at}" if measure.looked_at else "not known when it was last looked at"
    return f"suspension ended {ended}; {looked}"


def _span(measure: Measure) -> Iterator[str]:
    starts = [start for start in (measure.valid_from, min(measure.levels or {}, default=None)) if start]
    if starts:
        yield f"since {max(starts)}"
    if measure.valid_to is not None:
        yield f"until {measure.valid_to}"


def speaks_of(measure: Measure, material: str) -> bool:
    """Whether a measure speaks of a material; part of its name will do."""
    return measure.materials is None or any(material.casefold() in name.casefold() for name in measure.materials)


def must_speak_of(policies: Iterable[Policy], material: str) -> None:
    """Raise InputError unless a measure of some policies names a material, part of whose name will do."""
    measures = [measure for policy in policies for measure in policy.measures]
    if not any(speaks_of(measure, material) for measure in measures if measure.materials):
        known = {name for measure in measures for name in measure.materials or ()}
        cure = suggest(material, known) or f"; there are {', '.join(sorted(known))}"
        raise InputError([f"--material {material}: no measure names it{cure}"])


def day_of(as_of: str | datetime.date | None) -> datetime.date:
    """Return the day on which policies are to be looked up, today where none is given.

    Raises:
        InputError: the text is no day.
    """
    if as_of is None:
        return datetime.datetime.now(tz=datetime.UTC).date()
    try:
        day: datetime.date = read_as(TypeAdapter(Day), str(as_of))
    except ValueError as error:
        raise InputError([f"--as-of: {error}"]) from None
    return day


def describe_effect(measure: Measure, day: datetime.date, policy: Policy) -> str:
    """Say what a measure becomes in the program when it is in force."""
    limit = measure.limit_on(day) if measure.status(day) in {"in force", "suspended", "expired"} else measure.limit
    if limit is not None:
        about = f", {limit.about}" if limit.about else ""
        watched = ", only watched" if limit.watch else ""
        level = format_level(limit, policy.mass_unit or "units", "of the currency")
        return f"{limit.kind}{about}: {limit.SENSE} {level}{watched}"
    if measure.duty is not None:
        origin = measure.duty.from_country or "any other country"
        return f"duty of {100 * measure.duty.rate:.4g} % from {origin} to {measure.duty.to_country}"
    if measure.control is not None:
        target = measure.control.to_country or "any other country"
        return f"{measure.control.effect} from {measure.control.from_country} to {target}"
    return "nothing in the program"


def _materials(measure: Measure, most: int | None = None) -> str:
    names = measure.materials or ("every material",)
    rest = len(names) - most if most is not None else 0
    return f"{', '.join(names[:most])} and {rest} more" if rest > 0 else ", ".join(names)


def _fill(text: str, indent: int = 0) -> str:
    first = "  " if indent else ""
    wrapper = textwrap.TextWrapper(
        _WIDTH, initial_indent=first, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    )
    return wrapper.fill(text)

"""Policies for people and programs: what is in force on a day, who is bound, and what it becomes."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from models.changes.change import read_as
from models.policies import choose_measures, format_request
from models.records.fields import Day
from models.records.wording import list_some, suggest
from optimizer.errors import InputError
from optimizer.report.asks import format_levels
from optimizer.report.layout import wrap
from optimizer.report.standing import (
    EVIDENCE,
    describe_effect,
    describe_pending,
    describe_standing,
    describe_suspensions,
    describe_unseen,
    list_looks,
    list_materials,
    list_pending,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from models.policies import Measure, Policy

_SOME = 3
"""Materials that a line of the list names."""
_SHARED = frozenset({"binds", "materials", "stages", "evidence", "looked at"})
"""Facts of measures that are told once where they are the same of all."""
_Fact = tuple[str, str]
READ_IT = "read the source before you rely on it"


def format_measures(policies: Iterable[Policy], day: datetime.date, material: str | None = None) -> str:
    """Return every measure in a few lines, with how it stands on a day.

    Where a material is asked for, of those alone that name it; those that speak of every material are named behind.
    """
    parts, general = [f"Policies on {day}"], list[str]()
    for policy in policies:
        speaking = [m for m in choose_measures(policy) if material is None or speaks_of(m, material)]
        named = [measure for measure in speaking if material is None or measure.materials is not None]
        if named:
            parts.append("\n".join(_list_policy(policy, named, day, material)))
        if rest := [measure.name for measure in speaking if measure not in named]:
            general.append(wrap(f"{format_request(policy)}: {list_some(rest)}", 2, 4))
    if general:
        parts.append("\n".join(["Measures that speak of every material:", *general]))
    parts.append(
        "lodeplan policies show NAME says who is bound, the source, and how well it was\n"
        f"seen. This is no legal advice: {READ_IT}."
    )
    return "\n\n".join(parts) + "\n"


def _list_policy(
    policy: Policy, measures: Sequence[Measure], day: datetime.date, material: str | None
) -> Iterator[str]:
    """Yield the lines of a policy; that nobody looked since stands once where it is the same of all measures."""
    looks = {measure.last_look for measure in measures}
    unseen = describe_unseen(next(iter(looks)), day) if len(looks) == 1 else ""
    yield wrap(f"{format_request(policy)}: {policy.title}{f' ({unseen})' if unseen else ''}", later=2)
    for measure in measures:
        yield wrap(f"{measure.name}: {describe_standing(measure, day, looks=len(looks) > 1)}", 2, 6)
        doubts = "; ".join(_list_doubts(measure, day))
        said = f"{list_materials(measure, _SOME, material)}: {describe_effect(measure, day, policy)}"
        yield wrap(f"{said} ({doubts})" if doubts else said, 4, 6)
    if pending := sum(one.is_known(day) for one in policy.pending):
        yield f"  {pending} pending on all of it"


def _list_doubts(measure: Measure, day: datetime.date) -> Iterator[str]:
    if measure.evidence != "seen":
        yield measure.evidence
    if measure.partly is not None:
        yield "binds only a part"
    if pending := sum(one.is_known(day) for one in measure.pending):
        yield f"{pending} pending"


def format_policy(policy: Policy, day: datetime.date) -> str:
    """Return everything that is known of a policy, measure by measure."""
    parts = [wrap(f"{policy.name}: {policy.title}"), wrap(policy.note), f"{READ_IT.capitalize()}."]
    parts += [wrap(f"Pending: {describe_pending(one)}", later=2) for one in policy.pending if one.is_known(day)]
    facts = {measure.name: list(_list_facts(measure, day, policy)) for measure in choose_measures(policy)}
    shared = _find_shared(list(facts.values()))
    if shared:
        parts.append(_format_facts("Of every measure", shared))
    parts += [_format_facts(name, [fact for fact in of if fact not in shared]) for name, of in facts.items()]
    return "\n\n".join(parts) + "\n"


def _find_shared(facts: Sequence[Sequence[_Fact]]) -> list[_Fact]:
    """Return what is the same of all of several measures, and of which it is worth to say so once."""
    return [fact for fact in facts[0] if fact[0] in _SHARED and all(fact in other for other in facts)] * (
        len(facts) > 1
    )


def _format_facts(title: str, facts: Sequence[_Fact]) -> str:
    width = max(len(key) for key, _ in facts)
    return "\n".join([title, *(wrap(f"{key.ljust(width)}  {said}", 2, width + 4) for key, said in facts)])


def _list_facts(measure: Measure, day: datetime.date, policy: Policy) -> Iterator[_Fact]:
    """Yield what is known of a measure, each fact behind its name."""
    becomes = describe_effect(measure, day, policy)
    facts = {
        f"on {day}": describe_standing(measure, day),
        "suspended": describe_suspensions(measure, day),
        "asks": measure.words,
        "binds": measure.bound,
        "binds only": measure.partly,
        "materials": list_materials(measure),
        "stages": ", ".join(measure.stages or ("every stage",)),
        "becomes": becomes if measure.no_limit is None else f"nothing: {measure.no_limit}",
        "levels": "; ".join(_list_levels(measure, policy)),
        "source": measure.source,
        "evidence": f"{measure.evidence}: {EVIDENCE[measure.evidence]}",
        "looked at": str(measure.last_look or "not known"),
        "note": measure.note,
    }
    yield from ((key, said) for key, said in facts.items() if said)
    yield from (("pending", describe_pending(one)) for one in measure.pending if one.is_known(day))


def _list_levels(measure: Measure, policy: Policy) -> Iterator[str]:
    """Yield the levels that change, each with its unit and its first day."""
    if measure.limit is not None and measure.levels:
        levels = format_levels(
            measure.limit,
            [float(level) for level in measure.levels.values()],
            policy.mass_unit or "units",
            "of the currency",
        )
        yield from (f"{level} from {day}" for day, level in zip(measure.levels, levels, strict=True))


def list_records(policies: Iterable[Policy], day: datetime.date, material: str | None = None) -> list[dict[str, Any]]:
    """Return the same as plain data, one record a measure."""
    return [
        {
            "policy": policy.name,
            "measure": measure.name,
            "day": day.isoformat(),
            "status": measure.status(day),
            "standing": describe_standing(measure, day),
            **list_looks(measure, day),
            "becomes": describe_effect(measure, day, policy),
            **measure.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"name", "pending"}),
            "pending": list_pending(measure, day),
            "pending_for_policy": list_pending(policy, day),
        }
        for policy in policies
        for measure in choose_measures(policy)
        if material is None or speaks_of(measure, material)
    ]


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

"""Changes made one after the other, and the instance that they leave validated once, as a file would be.

A fault of the result is told with the change that brought it: the last one after which it was there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from models.changes.settings import format_key
from models.enforcement import enforce, policy_problems
from models.limits.contract.fit import limit_problems
from models.market import TABLES
from models.records.fields import FROM_FILE
from models.records.messages import describe_fault, list_own_faults
from models.references import problems_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from models.changes.change import Change, Edit
    from models.instance import Instance
    from models.records.frozen import Frozen

Fault = tuple[tuple[str, ...], str]
"""Table, key of the row and column (as far as they are known), and what is wrong there."""

_MOST_LISTED = 10
"""Faults of one change that are told: a wildcard may break thousands of rows in the same way."""


def apply_and_check(instance: Instance, edits: Sequence[Edit]) -> tuple[Instance, list[list[str]]]:
    """Return the instance with every edit made that can be, and for each edit what is wrong with it."""
    order, states, told = _apply(instance, edits)
    for fault in dict.fromkeys(_find_faults(states[-1], instance)) if edits else ():
        number = order[_find_edit(fault, states)]
        told[number].append(f"{_format_place(fault, edits[number])}{fault[1]}")
    return states[-1], [_shorten(sentences) for sentences in told]


def apply_edits(instance: Instance, edits: Sequence[Edit]) -> Instance | None:
    """Return the instance with every edit made and not validated, or None when one cannot be made."""
    _, states, told = _apply(instance, edits)
    return None if any(told) else states[-1]


def _apply(instance: Instance, edits: Sequence[Edit]) -> tuple[list[int], list[Instance], list[list[str]]]:
    """Return the order in which edits are made, the instance before them and after each, and what is wrong with each.

    Policies are looked up after the edits that say which there are, on which day and what law holds, and before others.
    """
    first = sorted((number for number, edit in enumerate(edits) if edit.FIRST), key=lambda number: edits[number].FIRST)
    rest = [number for number, edit in enumerate(edits) if not edit.FIRST]
    states: list[Instance] = [instance]
    told: list[list[str]] = [[] for _ in edits]

    def make(numbers: Iterable[int]) -> None:
        for number in numbers:
            try:
                states.append(edits[number].apply(states[-1]))
            except ValueError as error:
                states.append(states[-1])
                told[number].append(str(error))

    make(first)
    misfits = [message for _, message in policy_problems(states[-1])] if first else []
    if misfits:
        told[max(number for number in first if edits[number].FIRST == edits[first[0]].FIRST)] += misfits
    else:
        states[-1] = enforce(states[-1])
    make(rest)
    return [*first, *rest], states, told


def _find_faults(after: Instance, before: Instance) -> Iterator[Fault]:
    """Yield what is wrong with an instance of which some records differ from those of a valid one.

    Whether records fit each other is asked only when each is right by itself.
    """
    broken = list(find_broken(after, before))
    yield from broken or _find_misfits(after, before)


def find_broken(after: Instance, before: Instance) -> Iterator[Fault]:
    """Yield what is wrong, each by itself, with the records of an instance that another does not have."""
    for table in TABLES:
        for record in _list_new(getattr(after.market, table), getattr(before.market, table)):
            yield from _describe_own_faults((table, format_key(record)), record)
    for limit in _list_new(after.limits, before.limits):
        yield from _describe_own_faults(("limits", limit.name), limit)
    for name, record in (("solve", after.solve), ("risk", after.risk), ("response", after.market.response)):
        if record is not None:
            yield from _describe_own_faults((name,), record)


def _find_misfits(after: Instance, before: Instance) -> Iterator[Fault]:
    if after.market is not before.market:
        for problem in problems_of(after.market, after.mass_unit, after.currency):
            row = (format_key(getattr(after.market, problem.table)[problem.row]),) if problem.row is not None else ()
            yield (problem.table, *row, *([problem.column] if problem.column else [])), problem.message
    if after.market is not before.market or after.limits is not before.limits:
        for name, message in limit_problems(after.limits, after.market, after.currency):
            yield ("limits", name), message


def _list_new(after: Iterable[Any], before: Iterable[Any]) -> Iterator[Any]:
    if after is not before:
        known = set(map(id, before))
        yield from (record for record in after if id(record) not in known)


def _describe_own_faults(place: tuple[str, ...], record: Frozen) -> Iterator[Fault]:
    """Yield what a record's own validators say."""
    try:
        type(record).model_validate(record.model_dump(by_alias=True), context=FROM_FILE)
    except ValidationError as error:
        for one in list_own_faults(error):
            yield (*place, *(str(part) for part in one["loc"])), describe_fault(one, type(record))


def _find_edit(fault: Fault, states: Sequence[Instance]) -> int:
    """Return the number of the last edit after which a fault was there, and before which it was not."""
    for number in reversed(range(len(states) - 1)):
        before = states[number]
        there = {*find_broken(before, states[0]), *_find_misfits(before, states[0])}
        if before is not states[number + 1] and fault not in there:
            return number
    return len(states) - 2


def _format_place(fault: Fault, edit: Change) -> str:
    """Return where a fault is, unless the change itself names the place."""
    _, *named = fault[0]
    return "" if all(part in edit.text for part in named) else f"{'.'.join(fault[0])}: "


def _shorten(sentences: list[str]) -> list[str]:
    rest = len(sentences) - _MOST_LISTED
    return sentences if rest <= 0 else [*sentences[:_MOST_LISTED], f"breaks {rest} more rows in this way"]

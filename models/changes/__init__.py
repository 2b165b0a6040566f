"""One small language for changing an instance: flags, rows of a CSV and named cases are the same text.

>>> parse("cap refined/graphite:CN=40%").level.of(0)
0.4
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from models.changes.applying import apply_and_check, apply_edits
from models.changes.caps import BanChange, CapChange
from models.changes.change import Change, ChangeError
from models.changes.demand import DemandChange
from models.changes.duties import DutyChange
from models.changes.lanes import FreightChange, LaneChange
from models.changes.law import LawChange
from models.changes.products import ProductChange
from models.changes.rates import RateChange
from models.changes.settings import AsOfChange, CaseChange, DropChange, PolicyChange, SetChange
from models.changes.terms import CapacityChange, MinimumTakeChange, PriceChange
from models.enforcement import enforce
from models.records.messages import suggest_or_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from models.records.renamed import OldWord

AnyEdit = (
    AsOfChange
    | PolicyChange
    | LawChange
    | DropChange
    | CapChange
    | BanChange
    | ProductChange
    | DemandChange
    | PriceChange
    | CapacityChange
    | MinimumTakeChange
    | LaneChange
    | FreightChange
    | RateChange
    | DutyChange
    | SetChange
)
AnyChange = CaseChange | AnyEdit

VERBS: dict[str, type[AnyChange]] = {kind.VERB: kind for kind in get_args(AnyChange)}
"""Every change by its verb, in the order in which flags are applied: what is taken away comes before what is added."""

__all__ = [
    "VERBS",
    "AnyChange",
    "AnyEdit",
    "CaseChange",
    "Change",
    "ChangeError",
    "apply_edits",
    "case_problems",
    "changed",
    "described",
    "edits_of",
    "parse",
    "read_edit",
]


def parse(text: str, origin: str | None = None) -> AnyChange:
    """Return the change that a text says: ``VERB TARGET=VALUE``, or ``VERB VALUE`` where nothing is aimed at.

    `origin` is what messages about it start with; without one, the text itself.

    Raises:
        ChangeError: with one line, when it says none.
    """
    origin = text if origin is None else origin
    try:
        return _read(text, origin)
    except ValueError as error:
        raise ChangeError([f"{origin}: {error}"]) from None


def read_edit(text: str, origin: str) -> AnyEdit:
    """Return a change that stands in a case, which cannot name another.

    Raises:
        ValueError: with one sentence, when the text says none.
    """
    change = _read(text, origin)
    if isinstance(change, CaseChange):
        msg = "a case cannot hold another; write its changes here"
        raise ValueError(msg)  # noqa: TRY004 (told as every wrong value)
    return change


def apply_changes(instance: Instance, changes: Iterable[AnyChange]) -> EnforcedInstance:
    """Return an instance with changes made in order, policies looked up, and validated once.

    Its other records stay the same objects.

    It remembers old words in the changes; those in cases of its own are remembered when it is read.

    Raises:
        ChangeError: with one line for everything that is wrong, each starting with the change.
    """
    edits: list[AnyEdit] = []
    words: list[OldWord] = []
    lines: list[str] = []
    for change in changes:
        words += () if isinstance(change, CaseChange) else change.old_words
        try:
            edits += list_edits(instance, change)
        except ValueError as error:
            lines.append(f"{change.origin}: {error}")
    after, told = apply_and_check(instance, edits)
    lines += [f"{edit.origin}: {what}" for edit, faults in zip(edits, told, strict=True) for what in faults]
    if lines:
        raise ChangeError(lines)
    return enforce(after).with_old_words(words)


def case_problems(instance: Instance) -> Iterator[tuple[str, int, str]]:
    """Yield (case, number of the change from 0, sentence) for everything that is wrong with the cases of an instance.

    Each case is tried by itself.
    """
    for name, texts in instance.cases.items():
        edits: dict[int, AnyEdit] = {}
        found: dict[int, list[str]] = {}
        for number, text in enumerate(texts):
            try:
                edits[number] = read_edit(text, text)
            except ValueError as error:
                found[number] = [str(error)]
        _, told = apply_and_check(instance, list(edits.values()))
        found |= zip(edits, told, strict=True)
        yield from ((name, number, what) for number in sorted(found) for what in found[number])


def _read(text: str, origin: str) -> AnyChange:
    verb, _, said = text.strip().partition(" ")
    kind = VERBS.get(verb)
    if kind is None:
        msg = f"{verb!r} is no change{suggest_or_list(verb, VERBS)}"
        raise ValueError(msg)
    if not said.strip():
        msg = f"says no more; write {kind.VERB} {kind.FORM}, such as {kind.EXAMPLE}"
        raise ValueError(msg)
    return kind.read(said.strip(), text=text.strip(), origin=origin)


def list_edits(instance: Instance, change: AnyChange) -> list[AnyEdit]:
    """Return a change as edits: itself, or those of the case that it names.

    Raises:
        ValueError: with one sentence, when the instance has no such case.
    """
    if not isinstance(change, CaseChange):
        return [change]
    texts = instance.cases.get(change.name)
    if texts is None:
        known = suggest_or_list(change.name, instance.cases) if instance.cases else "; the instance names none"
        msg = f"{change.name!r} is no case{known}"
        raise ValueError(msg)
    return [read_edit(text, f"cases.{change.name}.{number} {text}") for number, text in enumerate(texts, start=1)]


def format_changes(changes: Sequence[AnyChange]) -> str:
    """Return changes as a title names them.

    >>> format_changes([parse("cap CN=40%"), parse("ban RU")])
    'cap CN=40%; ban RU'
    """
    return "; ".join(change.text for change in changes)

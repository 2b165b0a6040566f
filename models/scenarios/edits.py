"""What a shock or a hazard says, in the language of changes: facts, each by itself, or those of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.changes import list_edits, parse
from models.changes.change import FactChange
from models.changes.law import LawChange
from models.changes.settings import PolicyChange
from models.changes.terms import MinimumTakeChange

if TYPE_CHECKING:
    from models.changes import AnyEdit
    from models.instance import Instance
    from models.market import Event

_MAY_CHANGE = "capacity, price, product, demand, lane, freight, duty, law or policy"
_WHY_NOT = {
    "cap": "is a limit, and limits hold for the plan",
    "ban": "is a limit, and limits hold for the plan",
    "drop": "takes a limit away, and limits hold for the plan",
    "set": "changes a cell for the whole horizon",
    "rate": "holds on all days, and what limits cost rests on it",
    "as-of": "changes what is known, not what happens",
    "minimum-take": "binds the plan alone: what is not taken once something has happened is paid for (take_or_pay)",
}


def read_edits(event: Event, instance: Instance) -> list[AnyEdit]:
    """Return the changes of facts that a shock or a hazard says, in their order.

    Raises:
        ValueError: with one sentence, when it says none that may happen.
    """
    change = parse(event.text, event.text)
    edits = list_edits(instance, change)
    for edit in edits:
        if isinstance(edit, MinimumTakeChange) or not isinstance(edit, FactChange | LawChange | PolicyChange):
            within = f" (in {change.text})" if edit is not change else ""
            why = _WHY_NOT[edit.VERB]
            msg = f"{edit.VERB}{within} {why}; write a change of facts instead: {_MAY_CHANGE}"
            raise ValueError(msg)  # noqa: TRY004 (told as every wrong value)
    if event.of is not None and not any(edit.VERB == "capacity" for edit in edits):
        msg = f"{event.text} changes no capacity, and of = {event.of} says how one is changed; leave of empty"
        raise ValueError(msg)
    return edits

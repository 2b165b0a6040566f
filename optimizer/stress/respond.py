"""Losses as tasks: some of one part and one beginning, answered from what all tasks of a test share."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from optimizer.stress.held_response import HeldResponse
from optimizer.work.journal import key_of
from optimizer.work.task import Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from models.market.losses import Impact, Window
    from optimizer.results.plan_figures import PlanFigures
    from optimizer.stress.held_response import Answer
    from optimizer.stress.planned_parts import PlannedPart

_TOGETHER = 50
"""Losses of a task at most: some 50 ms of work, and what is done again of those that were lost with a process."""


class HeldParts:
    """A plan by part; the program of a part is built when it is first asked for, and held from then on."""

    def __init__(self, planned: PlanFigures, parts: Mapping[str, PlannedPart]) -> None:
        """Take the figures of a plan, and its parts by their names."""
        self._planned, self._parts = planned, parts
        self._held: dict[str, HeldResponse] = {}

    def of(self, name: str) -> HeldResponse:
        """Return the program of a part."""
        if name not in self._held:
            part = self._parts[name]
            self._held[name] = HeldResponse(part.market, self._planned, part.response, part.limits)
        return self._held[name]


class Hit(NamedTuple):
    """What a loss takes of a part."""

    part: str
    window: Window
    taken: Impact


class Hits(NamedTuple):
    """What is asked: the best response to each of some hits of one part that begin together."""

    hits: tuple[Hit, ...]
    how_long: bool
    """Whether it is also asked how long all can be met."""


def respond_to(plan: HeldParts, asked: Hits) -> list[Answer | None]:
    """Return the best response to each hit, in their order; None where the solver finds none. A task."""
    return [plan.of(hit.part).respond(hit.window, hit.taken, how_long=asked.how_long) for hit in asked.hits]


def list_tasks(hits: Iterable[Hit], plan: str, *, how_long: bool) -> list[Task[Hits]]:
    """Return hits of a plan as tasks, the plan by its key."""
    together: dict[tuple[str, int], list[Hit]] = defaultdict(list)
    for hit in hits:
        together[hit.part, hit.window.begins].append(hit)
    tasks = []
    for (part, begins), those in together.items():
        for first in range(0, len(those), _TOGETHER):
            few = tuple(those[first : first + _TOGETHER])
            name = f"{len(few)} losses of {part} from period {begins + 1}"
            tasks.append(Task(Hits(few, how_long), key_of("stress", plan, how_long, few), name))
    return tasks

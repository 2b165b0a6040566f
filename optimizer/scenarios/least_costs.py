"""What each outcome costs at least: a plan that knows which scenario comes.

No outcome hangs on another, so they are tasks: some of one part.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from models.enforcement import prepare
from models.formulation.components import parts
from optimizer import __version__
from optimizer.programs.extensive_form import Weighed, known_before
from optimizer.programs.program import Program
from optimizer.programs.response_block import PlanColumns
from optimizer.programs.responses import Responses
from optimizer.results.interval import NOTHING_KNOWN, Interval
from optimizer.scenarios.judge import describe, list_alike
from optimizer.solver.deadline import Deadline
from optimizer.solver.outer_approximation.minimise import minimise
from optimizer.versions import version_of
from optimizer.work.journal import key_of
from optimizer.work.runner import TaskRunner
from optimizer.work.task import SharedState, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.enforcement import EnforcedInstance

_TOGETHER = 10
"""Outcomes of a task at most: a second of work or so, and what is done again if a process is lost."""

Hits = tuple[int, ...]
"""What an outcome is to a part: the scenarios of the part that happen, by their places; none = the calm."""


class OutcomesAsked(NamedTuple):
    """What is asked: the least cost of a part in each of some outcomes."""

    part: int
    outcomes: tuple[Hits, ...]


class KnowingParts:
    """The parts of an instance, as who knows what comes plans for them; one is built when it is first asked for."""

    def __init__(self, parts: Sequence[EnforcedInstance], gap: float) -> None:
        """Take the parts, and the relative gap that a least cost may leave."""
        self._parts, self._gap = parts, gap
        self._known: dict[int, _KnowingPart] = {}

    def of(self, number: int) -> _KnowingPart:
        """Return a part."""
        if number not in self._known:
            self._known[number] = _KnowingPart(self._parts[number], self._gap)
        return self._known[number]


class _KnowingPart:
    """The program of the plan of a part, and the responses to what happens to it."""

    def __init__(self, part: EnforcedInstance, gap: float) -> None:
        self._foreseen, self._gap = part.foreseen, gap
        program = Program(part, alone=True)  # with what a plan may do for scenarios, such as reserve capacity
        self._matrix = program.matrix
        columns = PlanColumns(list(program.columns), program.matrix.cost, prepare(part), part.limits)
        self._responses = Responses(part.limits, columns)

    def least(self, happens: Hits, deadline: Deadline) -> Interval:
        """Return what a plan costs at least that knows what happens."""
        some = [self._foreseen[place] for place in happens]
        matrix = known_before(self._matrix, [Weighed([one], self._responses.respond(one)) for one in some])
        outcome = minimise(matrix, gap=self._gap, deadline=deadline)
        return Interval(outcome.bound, math.inf if outcome.values is None else outcome.objective)


def find_least_costs(known: KnowingParts, asked: OutcomesAsked) -> list[Interval]:
    """Return what a part costs at least in each outcome, in their order; a task.

    Raises:
        KeyboardInterrupt: stopped before the proof.
    """
    with Deadline() as deadline:
        found = [known.of(asked.part).least(happens, deadline) for happens in asked.outcomes]
    if deadline.stopping:
        raise KeyboardInterrupt
    return found


def list_least_costs(instance: EnforcedInstance, gap: float, runner: TaskRunner | None = None) -> list[Interval]:
    """Return what a plan costs that knows which outcome comes, of the calm first: the sum of its parts.

    They are found by a runner, or in this process. There an interrupt leaves some unknown.

    Raises:
        SolverFailure: a task ended its process again and again, or a cluster was lost.
        KeyboardInterrupt: interrupted; the journal of the runner holds what was found by then.
    """
    pieces = parts(instance)
    happening = [_list_hits(piece) for piece in pieces]
    asked = [(number, tuple(dict.fromkeys([(), *one.values()]))) for number, one in enumerate(happening)]
    found: dict[tuple[int, Hits], Interval] = {}
    try:
        shared = SharedState(KnowingParts(pieces, gap))
        for task, least in (runner or TaskRunner()).answers(
            find_least_costs, shared, _list_tasks(instance, pieces, asked, gap)
        ):
            found |= zip(((task.own.part, happens) for happens in task.own.outcomes), least, strict=True)
    except KeyboardInterrupt:
        if runner is not None:
            raise
    names = ["", *(scenario.name for scenario in instance.foreseen)]
    each = [
        [found.get((number, one.get(name, ())), NOTHING_KNOWN) for number, one in enumerate(happening)]
        for name in names
    ]
    return [Interval(sum(one.bound for one in ends), sum(one.cost for one in ends)) for ends in each]


def _list_hits(part: EnforcedInstance) -> dict[str, Hits]:
    """Return what each scenario does to a part that it hits, by its name; those that do the same have the same."""
    hits: dict[str, Hits] = {}
    for group in list_alike([part]):
        for place in group.places:
            name = part.foreseen[place].name
            hits[name] = (*hits.get(name, ()), group.places[0])
    return hits


def _list_tasks(
    instance: EnforcedInstance,
    pieces: Sequence[EnforcedInstance],
    asked: Sequence[tuple[int, tuple[Hits, ...]]],
    gap: float,
) -> Iterator[Task[OutcomesAsked]]:
    """Yield what is asked as tasks."""
    base = key_of("least costs", __version__, version_of("highspy"), instance.digest, gap)
    for number, outcomes in asked:
        part, calm = pieces[number], prepare(pieces[number])
        for first in range(0, len(outcomes), _TOGETHER):
            few = outcomes[first : first + _TOGETHER]
            said = [[describe(part.foreseen[place], calm) for place in happens] for happens in few]
            name = f"{len(few)} least costs of {part.name}"
            yield Task(OutcomesAsked(number, few), key_of(base, part.name, said), name)

"""A plan judged, as tasks: some scenarios that hit one part and begin together, answered from what all tasks share."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from models.enforcement import prepare
from models.market import TABLES
from optimizer.programs.responses import merge_alike
from optimizer.scenarios.judged_part import JudgedPart
from optimizer.work.journal import key_of
from optimizer.work.task import Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from models.enforcement import EnforcedInstance
    from models.market import PreparedMarket
    from models.market.scenario import Scenario
    from optimizer.results.plan import Plan
    from optimizer.results.plan_figures import PlanFigures
    from optimizer.scenarios.outcome import PartOutcome

_TOGETHER = 50
"""Scenarios of a task at most: some fifth of a second of work, and what is done again if a process is lost."""


class JudgedPlan:
    """A plan by part; a part is built when it is first asked for, and held from then on."""

    def __init__(
        self, parts: Sequence[EnforcedInstance], plan: Plan, figures: PlanFigures, unmet_price: float | None
    ) -> None:
        """Take the parts of an instance, and a plan of the whole with its figures."""
        self.parts, self._plan, self._figures, self._unmet_price = parts, plan, figures, unmet_price
        self._judged: dict[int, JudgedPart] = {}

    def of(self, number: int) -> JudgedPart:
        """Return a part."""
        if number not in self._judged:
            self._judged[number] = JudgedPart(self.parts[number], self._plan, self._figures, self._unmet_price)
        return self._judged[number]


class MergedScenarios(NamedTuple):
    """Scenarios that do the same to a part."""

    part: int
    places: tuple[int, ...]
    """Among the scenarios of the part."""


class ScenariosAsked(NamedTuple):
    """What is asked: the best response to each of some scenarios of a part."""

    part: int
    places: tuple[int, ...]


def respond_to(plan: JudgedPlan, asked: ScenariosAsked) -> list[PartOutcome]:
    """Return what the best response to each scenario makes of it, in their order; a task."""
    foreseen = plan.parts[asked.part].foreseen
    return plan.of(asked.part).respond([foreseen[place] for place in asked.places])


def list_alike(parts: Sequence[EnforcedInstance]) -> list[MergedScenarios]:
    """Return the scenarios of all parts by what they do."""
    found = []
    for number, part in enumerate(parts):
        place = {id(scenario): place for place, scenario in enumerate(part.foreseen)}
        groups = merge_alike(part.foreseen)
        found += [MergedScenarios(number, tuple(place[id(scenario)] for scenario in group)) for group in groups]
    return found


def list_tasks(
    parts: Sequence[EnforcedInstance], groups: Iterable[MergedScenarios], plan: str
) -> Iterator[Task[ScenariosAsked]]:
    """Yield the first of each group as tasks; `plan` is its key, and empty where no journal asks for keys."""
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for group in groups:
        together[group.part, parts[group.part].foreseen[group.places[0]].begins].append(group.places[0])
    for (number, begins), places in together.items():
        part = parts[number]
        for first in range(0, len(places), _TOGETHER):
            few = tuple(places[first : first + _TOGETHER])
            key = key_of(plan, part.name, [describe(part.foreseen[one], prepare(part)) for one in few]) if plan else ""
            name = f"{len(few)} scenarios of {part.name} from period {begins + 1}"
            yield Task(ScenariosAsked(number, few), key, name)


def describe(scenario: Scenario, calm: PreparedMarket) -> list[object]:
    """Return all that a response to a scenario hangs on beside what it has in common with the calm."""
    market, other = scenario.market, list[object]()
    for table in TABLES if market is not calm else ():
        rows, before = getattr(market, table), getattr(calm, table)
        if rows is not before:
            own, known = set(map(id, rows)), set(map(id, before))
            new = [[place, row.model_dump_json()] for place, row in enumerate(rows) if id(row) not in known]
            gone = [place for place, row in enumerate(before) if id(row) not in own]
            other.append([table, new, gone])
    return [scenario.begins, sorted((*sale, share) for sale, share in scenario.losses.items()), other]

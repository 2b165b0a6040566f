"""The plans within a budget of the best one, searched by a runner: each search by itself, from the best plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from optimizer.alternatives.nearby import Nearby
from optimizer.base.reply import Question, Reply, reply_of, solve_from
from optimizer.base.solve import solve_base
from optimizer.work.task import SharedState, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from optimizer.alternatives.variety import Basis, Stage
    from optimizer.results.solution import Settings, Solution
    from optimizer.work.runner import TaskRunner


class Search(NamedTuple):
    """What is asked: a plan within a budget that reuses least, or is least concentrated."""

    budget: float
    reuse: Mapping[str, float] | None = None
    """By what a unit of each offer weighs; None where concentration is asked for."""
    basis: Basis = "control"
    whole: Mapping[Stage, float] | None = None


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """What all searches have in common."""

    instance: EnforcedInstance
    best: Reply
    settings: Settings

    @cached_property
    def nearby(self) -> Nearby:
        """The searches of this process."""
        return Nearby(self.best.solution(self.instance), self.settings)


class ParallelNearby:
    """Searches as `Nearby` does, by a runner."""

    def __init__(self, runner: TaskRunner, instance: Instance, settings: Settings) -> None:
        """Solve the instance; raises what `solve_base` raises, and NoPlan when there is none."""
        enforced = settings.enforce(instance)
        self._runner = runner
        self._base = solve_base(enforced, settings, runner)
        whole = Task(Question(enforced), self._base.key_of("solve", enforced.digest), enforced.title)
        (_, reply), *_ = runner.answers(solve_from, self._base.shared, [whole])
        self._instance = enforced
        self._ground = SharedState(Neighbourhood(enforced, reply, self._base.session.settings))
        self.best = reply.solution(enforced)
        self.stopped = False
        """Whether Ctrl-C was pressed in a search."""
        self.cut_short = False
        """Whether the time ended a search, so that there may be plans that it did not find."""

    def budget(self, within: float) -> float:
        """Return what a plan may cost that costs at most a part more than the best one [currency]."""
        return self.best.cost + within * abs(self.best.cost)

    def least_reuse(self, reuse: Mapping[str, float], budget: float, label: str = "") -> Solution | None:
        """Return the plan within a budget that buys least, by weight of a unit of each offer; None as in `Nearby`."""
        found = dict(self._answers([Search(budget, {**reuse})], [label]))
        return found.get(0)

    def each_least_concentrated(
        self, basis: Basis, whole: Mapping[Stage, float], budgets: Sequence[float], labels: Sequence[str]
    ) -> Iterator[tuple[float, Solution | None]]:
        """Yield each budget with the least concentrated plan within it, in order; after an interrupt no more."""
        found = dict(self._answers([Search(budget, None, basis, {**whole}) for budget in budgets], labels))
        yield from ((budget, found[number]) for number, budget in enumerate(budgets) if number in found)

    def _answers(self, searches: Sequence[Search], labels: Sequence[str]) -> Iterator[tuple[int, Solution | None]]:
        """Yield the number of each search with its plan, as they come; none after an interrupt."""
        keys = [self._key_of(search) for search in searches]
        tasks = [Task(search, key, label) for search, key, label in zip(searches, keys, labels, strict=True)]
        try:
            for task, reply in self._runner.answers(search_nearby, self._ground, tasks):
                self.cut_short = self.cut_short or not reply.proof.get("searched", True)
                yield keys.index(task.key), None if reply.plan is None else reply.solution(self._instance)
        except KeyboardInterrupt:
            self.stopped = True

    def _key_of(self, search: Search) -> str:
        reuse = None if search.reuse is None else sorted(search.reuse.items())
        whole = None if search.whole is None else sorted(search.whole.items())
        return self._base.key_of("nearby", search.budget, reuse, search.basis, whole)


def search_nearby(there: Neighbourhood, asked: Search) -> Reply:
    """Search once, knowing nothing of other searches; a task.

    Raises:
        KeyboardInterrupt: stopped before its end.
        SolverFailure, AuditFailure: as of a search.
    """
    nearby = there.nearby
    nearby.forget()
    if asked.reuse is not None:
        found = nearby.least_reuse(asked.reuse, asked.budget)
    else:
        assert asked.whole is not None  # noqa: S101 (one of both is asked for)
        found = nearby.least_concentrated(asked.basis, asked.whole, asked.budget)
    if nearby.stopped:
        raise KeyboardInterrupt
    if found is None:
        return Reply(1, proof={"searched": not nearby.cut_short})
    return reply_of(found, 1)

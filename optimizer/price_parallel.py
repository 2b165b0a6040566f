"""The price of each limit, found by a runner: each limit from the instance as it is, by itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from optimizer.base.reply import Question, solve_from
from optimizer.base.solve import solve_base
from optimizer.errors import LodeplanError, WorkersLost
from optimizer.price import Counter, Prices, Shortages, find_limits, rank
from optimizer.results.price import Price, Saving, one_notch_looser
from optimizer.work.task import Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from models.limits import Limit
    from optimizer.base.solve import Base
    from optimizer.results.solution import Settings, Solution
    from optimizer.session import Session
    from optimizer.work.runner import TaskRunner

Found = tuple[Saving | None, Saving | None, Shortages, Shortages]
"""What is saved without a limit and with a looser one, and what is unmet with it and without."""


def price_limits_parallel(
    runner: TaskRunner, instance: Instance, limits: Sequence[Limit], settings: Settings
) -> Prices:
    """Return what `price_limits` does, to the last bit the same whoever prices which limit.

    After an interrupt those that are not priced yet are returned as such.

    Raises:
        NoPlan: there is no plan with every limit as it is, or none was found in time.
        SolverFailure, AuditFailure: as of a solve.
        KeyboardInterrupt: interrupted before the instance as it is was solved.

    """
    enforced = settings.enforce(instance)
    base = solve_base(enforced, settings, runner)
    whole = Task(Question(enforced), base.key_of("solve", enforced.digest), enforced.title)
    (_, reply), *_ = runner.answers(solve_from, base.shared, [whole])
    solution = reply.solution(enforced)
    keys, found = _keys_of(limits, base), dict[str, Found]()
    with suppress(KeyboardInterrupt):
        for key, priced in _answers(runner, enforced, base, keys):
            found[key] = priced
    return Prices(solution, _ranked(keys, found))


def add_prices_parallel(runner: TaskRunner, solution: Solution, base: Base) -> Solution:
    """Return a solution that also knows what each of its limits costs, found by a runner from the base it came from.

    It stays unknown for a plan that was stopped before its proof; whatever goes wrong here, the plan is not lost.

    Raises:
        WorkersLost: the cluster was lost, or a task ended its process again and again.
        KeyboardInterrupt: interrupted; the journal of the runner holds what was found by then.
    """
    if not solution.proven:
        return solution
    keys = _keys_of(find_limits(solution.instance, ()), base)
    try:
        found = dict(_answers(runner, solution.instance, base, keys))
    except WorkersLost:
        raise
    except LodeplanError:
        return solution
    return replace(solution, prices=_ranked(keys, found))


def _keys_of(limits: Sequence[Limit], base: Base) -> dict[str, Limit]:
    """Return limits by the keys of their prices."""
    return {base.key_of("price", number, limit.name): limit for number, limit in enumerate(limits)}


def _answers(
    runner: TaskRunner, instance: EnforcedInstance, base: Base, keys: Mapping[str, Limit]
) -> Iterator[tuple[str, Found]]:
    """Yield what is found of each limit, by its key, as it comes."""
    tasks = [Task((instance, limit), key, f"the price of {limit.name}") for key, limit in keys.items()]
    for task, priced in runner.answers(price_from, base.shared, tasks):
        yield task.key, priced


def _ranked(keys: Mapping[str, Limit], found: Mapping[str, Found]) -> tuple[Price, ...]:
    """Return prices in the order of `Prices`; those that are not found are unknown."""
    return tuple(sorted((_price(limit, found.get(key, (None, None, (), ()))) for key, limit in keys.items()), key=rank))


def price_from(base: Session, asked: tuple[EnforcedInstance, Limit]) -> Found:
    """Price one limit of an instance from a base; a task.

    Raises:
        KeyboardInterrupt: stopped before its proof.
        SolverFailure, AuditFailure: as of a solve.
    """
    instance, limit = asked
    counter = Counter(instance, base.branch())
    with counter.watching():
        price = counter.price(limit)
    if counter.interrupted:
        raise KeyboardInterrupt
    return price.without, price.notch, price.unmet, price.unmet_without


def _price(limit: Limit, found: Found) -> Price:
    without, notch, unmet, unmet_without = found
    return Price(limit, without, one_notch_looser(limit), notch, unmet, unmet_without)

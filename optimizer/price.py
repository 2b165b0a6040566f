"""The price of each limit: what the least cost would fall by without it, and with its level one notch looser.

Found by solving again, never from the duals of a mixed-integer program. A price is an interval: the least
cost is known to lie between a bound and the cost of a plan, with the limit and without it, and all four
count. Only the parts of the instance (`models.formulation.components`) that a limit concerns are compared, so that
what is not known of the others does not blur it.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from models.changes.selection import match_names
from models.formulation.components import parts
from models.records.messages import suggest_or_list
from models.records.tolerances import RECOUNTED
from optimizer.errors import InputError, LodeplanError, NoPlan
from optimizer.results.caveats import Unmet, unmet_of
from optimizer.results.interval import NOTHING_KNOWN, Interval
from optimizer.results.price import FREE, Price, Saving, one_notch_looser
from optimizer.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from models.limits import Limit
    from optimizer.results.interval import Progress
    from optimizer.results.solution import Settings, Solution

Shortages = tuple[Unmet, ...]


@dataclass(frozen=True, eq=False)
class Prices:
    """What the limits of an instance cost."""

    base: Solution
    """The plan with every limit as it is."""
    prices: tuple[Price, ...]
    """The proven savings first, the largest first; what was not priced comes last."""

    @property
    def complete(self) -> bool:
        """Whether every limit that was asked for was priced."""
        return all(price.without is not None for price in self.prices)


def price_limits(instance: Instance, limits: Sequence[Limit], settings: Settings) -> Prices:
    """Return the prices of some limits of an instance, the time limit of the settings holding for each solve.

    Ctrl-C ends the solves: what was priced so far is returned.

    Raises:
        NoPlan: there is no plan with every limit as it is, or none was found in time.
        SolverFailure, AuditFailure, KeyboardInterrupt: as `Session.solve`.

    """
    session = Session(settings)
    base = session.solve(instance)
    return Prices(base, price_of_each(limits, base, session))


def add_prices(solution: Solution, session: Session) -> Solution:
    """Return a solution of a session that also knows what each of its limits costs.

    It stays unknown for a plan that was stopped before its proof; whatever goes wrong here, the plan is not lost.
    """
    if not solution.proven:
        return solution
    try:
        return replace(solution, prices=price_of_each(find_limits(solution.instance, ()), solution, session))
    except LodeplanError:
        return solution


def price_of_each(limits: Sequence[Limit], base: Solution, session: Session) -> tuple[Price, ...]:
    """Return the prices of some limits of an instance that a session has solved, in the order of `Prices`.

    The time limit of its settings holds for each solve, and Ctrl-C ends them: as `price_limits`.

    Raises:
        SolverFailure, AuditFailure, KeyboardInterrupt: as `Session.solve`.

    """
    counter = Counter(base.instance, session)
    with counter.watching():
        return tuple(sorted((counter.price(limit) for limit in limits), key=rank))


def find_limits(instance: Instance, names: Sequence[str]) -> list[Limit]:
    """Return the limits that match names or wildcards, in the order of the instance; without names all that hold.

    Raises:
        InputError: with one line for every name that no limit has, or only one that is watched.
    """
    known = [limit.name for limit in instance.limits]
    problems = [
        f"--limit {name}: no limit of the instance has that name{suggest_or_list(name, known)}"
        for name in names
        if not match_names(name, known)
    ]
    problems += [
        f"--limit {limit.name}: is only watched, so it costs nothing; name a limit that holds"
        for limit in instance.limits
        if limit.watch and limit.name in names
    ]
    if problems:
        raise InputError(problems)
    meant = {one for name in names for one in match_names(name, known)}
    return [limit for limit in instance.limits if not limit.watch and (limit.name in meant or not names)]


class Counter:
    """Solves an instance with one limit changed, again and again."""

    def __init__(self, instance: EnforcedInstance, session: Session) -> None:
        """Take the instance, which the session has solved."""
        self._session = session
        self._watch = _Watch(session.settings.watch)
        self._pieces = parts(instance)
        self._known: dict[int, _Found] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Listen to the progress of the session's solves meanwhile."""
        settings = self._session.settings
        self._session.settings = replace(settings, watch=self._watch)
        try:
            yield
        finally:
            self._session.settings = settings

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended a solve."""
        return self._watch.stopping or self._session.interrupted

    def price(self, limit: Limit) -> Price:
        """Return the price of a limit; what is cheapest without it bounds what a looser one can save."""
        looser = one_notch_looser(limit)
        without, *unmet = self._saving(limit, None)
        if without is None or looser is None:
            return Price(limit, without, looser, None, *unmet)
        notch = FREE if without.free else self._saving(limit, looser)[0]
        if notch is not None:
            without, notch = (
                Saving(max(without.least, notch.least), without.most),
                Saving(notch.least, min(notch.most, without.most)),
            )
        return Price(limit, without, looser, notch, *unmet)

    def _saving(self, limit: Limit, other: Limit | None) -> tuple[Saving | None, Shortages, Shortages]:
        """Return what is saved with another limit in the place of one, or with none, and what is unmet before and then.

        The saving is None when stopped.
        """
        before, after = _Found(Interval(0.0, 0.0), ()), _Found(Interval(0.0, 0.0), ())
        for number, piece in enumerate(self._pieces):
            here = next((one for one in piece.limits if one.name == limit.name), None)
            if here is None:
                continue
            if self._watch.stopping:
                return None, (), ()
            self._watch.about = f"without {limit.name}" if other is None else f"{limit.name}, one notch looser"
            known = self._base_of(number)
            before = _sum(before, known)
            after = _sum(after, self._least(_replace_limit(piece, here, other), known))
        most = before.cost.cost - after.cost.bound
        free = most <= RECOUNTED * abs(before.cost.cost)
        saving = FREE if free else Saving(max(0.0, before.cost.bound - after.cost.cost), most)
        return saving, before.unmet, after.unmet

    def _base_of(self, number: int) -> _Found:
        """Return what a part costs with every limit as it is."""
        if number not in self._known:
            self._known[number] = self._least(self._pieces[number], _NOTHING)
        return self._known[number]

    def _least(self, piece: EnforcedInstance, known: _Found) -> _Found:
        """Return the interval of the least cost of a part, of which this plan is known already."""
        try:
            solution = self._session.solve(piece)
        except NoPlan as none:
            if none.proven or math.isinf(known.cost.cost):
                raise
            return _Found(Interval(-math.inf, known.cost.cost), known.unmet)
        bound = min(solution.bound, solution.cost)
        if known.cost.cost < solution.cost:
            return _Found(Interval(bound, known.cost.cost), known.unmet)
        return _Found(Interval(bound, solution.cost), unmet_of(solution.account))


class _Found(NamedTuple):
    """What is known of a part, or of several: in which interval the least cost lies, what its plan leaves unmet."""

    cost: Interval
    unmet: Shortages


_NOTHING = _Found(NOTHING_KNOWN, ())


class _Watch:
    """Listens to the progress of a solve, says what it is about, and notices Ctrl-C."""

    def __init__(self, watch: Callable[[Progress], None] | None) -> None:
        self._watch = watch
        self.about = ""
        self.stopping = False

    def __call__(self, progress: Progress) -> None:
        self.stopping = self.stopping or progress.stopping
        if self._watch is not None:
            self._watch(replace(progress, part=self.about or progress.part))


def _replace_limit(piece: EnforcedInstance, limit: Limit, other: Limit | None) -> EnforcedInstance:
    """Return a part with another limit in the place of one, or with none."""
    new: Iterable[Limit] = () if other is None else (other,)
    limits = tuple(one for old in piece.limits for one in (new if old == limit else (old,)))
    return piece.model_copy(update={"limits": limits})


def _sum(one: _Found, other: _Found) -> _Found:
    cost = Interval(one.cost.bound + other.cost.bound, one.cost.cost + other.cost.cost)
    return _Found(cost, one.unmet + other.unmet)


def rank(price: Price) -> tuple[bool, float, float]:
    """Return by what the prices of limits are ordered."""
    saving = price.without
    return (True, 0.0, 0.0) if saving is None else (False, -saving.least, -saving.most)

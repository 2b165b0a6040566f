"""Losses answered: what stays unmet in the best response of a plan, and the cuts that make a plan answer them.

Few limits hold for responses, so these are taken apart wherever nothing but the market and such limits tie materials.
The programs of a market are held while anybody may ask again, as a plan and its recount ask the same.
"""

from __future__ import annotations

import copy
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from models.enforcement import EnforcedInstance
from models.formulation.components import limits_in_responses, parts
from models.formulation.response import Response, UnitPrice
from models.instance import Instance, SolveSettings
from models.market.losses import Impact, Trial
from optimizer.errors import SolverFailure
from optimizer.programs.held_answer import Figures, HeldAnswer
from optimizer.programs.response_program import ResponseProgram
from optimizer.results.plan_figures import PlanFigures
from optimizer.solver.arrays import Ceiling

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from models.formulation.response import Name
    from models.limits import AnyLimit, Limit
    from models.market import PreparedMarket
    from optimizer.results.account import Account

    Numbers = NDArray[np.float64]
    Unmet = dict[str, float]
    Asked = tuple[Any, ...]
    Limits = tuple[AnyLimit, ...]

_REMEMBERED = 64
"""Markets whose responses are held."""
_DIGITS = 9
"""Digits of a figure that are told, as of a stress test."""


class HeldAnswers:
    """The responses of a market that nothing binds but its own facts, and limits that hold in responses."""

    def __init__(self, market: PreparedMarket, limits: Limits) -> None:
        """Build the program of a response, over all offers."""
        self.market, self.limits = market, limits
        terms = {offer.offer: market.short_notice(offer.offer) for offer in market.offers}
        response = Response(terms, defaultdict(UnitPrice), 0.0, defaultdict(float))
        self.program = ResponseProgram(market, response, limits)
        self.figures = Figures(self.program)
        self._held: dict[int, HeldAnswer] = {}
        self._found: dict[Asked, Unmet] = {}
        self._found_for = b""
        """The figures of the plan that this was found for."""

    def expect(self, trials: Sequence[Trial]) -> None:
        """Make ready for some trials."""
        for begins in sorted({trial.begins for trial in trials}):
            if begins not in self._held:
                self._held[begins] = HeldAnswer(self.program, self.figures, begins)
            self._held[begins].expect(trial for trial in trials if trial.begins == begins)

    def at(self, figures: Numbers, begins: int) -> HeldAnswer:
        """Return the responses that begin in a period, turned to a plan."""
        self._held[begins].turn_to(figures)
        return self._held[begins]

    def find_unmet(self, figures: Numbers, trial: Trial, most: Mapping[str, float]) -> Unmet | None:
        """Return what stays unmet after a loss, as `HeldAnswer.find_unmet`; of the last plan it is known."""
        plan = figures.tobytes()
        if plan != self._found_for:
            self._found, self._found_for = {}, plan
        beyond = tuple(most.values()) if len(trial.ends) > 1 else ()
        asked = (trial.impact, trial.begins, trial.lasts, tuple(trial.ends.items()), trial.sites, beyond)
        if asked not in self._found:
            unmet = self.at(figures, trial.begins).find_unmet(trial, most)
            if unmet is None:
                return None
            self._found[asked] = {name: float(f"{units:.{_DIGITS}g}") for name, units in unmet.items()}
        return self._found[asked]


class _Asked(NamedTuple):
    """One loss, of the materials of one part."""

    trial: Trial
    columns: dict[str, int]
    """Where the plan says what may stay unmet, by material."""
    demand: float
    """All that counts [quantity], of all materials."""


@dataclass(eq=False)
class _Group:
    """What is asked of one part, and where the figures stand that its responses hang on."""

    held: HeldAnswers
    asked: list[_Asked]
    places: NDArray[np.int64]
    """In the values of the plan; -1 of what it does not have."""
    suspects: dict[int, None]
    """Losses that plans could not answer so far, by their numbers."""


class PlanAnswers:
    """What a program must answer: the recourse of its matrix."""

    def __init__(
        self,
        market: PreparedMarket,
        limits: Iterable[Limit],
        columns: Mapping[tuple[str, Any], int],
        answers: Sequence[tuple[Trial, dict[str, int]]],
    ) -> None:
        """Take losses with the columns of what may stay unmet after each, by material."""
        self.market, self.answers = market, answers
        self.limits = _list_binding(limits, market)
        keyed = (
            ((family, key if isinstance(key, tuple) else (key,)), place) for (family, key), place in columns.items()
        )
        self.columns: dict[Name, int] = dict(keyed)
        self.cuts: list[Ceiling] = []

    def __getstate__(self) -> dict[str, Any]:
        """Return all but the programs, which are the solver's own and stay in their process."""
        return {name: value for name, value in self.__dict__.items() if name != "groups"}

    @cached_property
    def groups(self) -> list[_Group]:
        """What is asked, by the parts of the market."""
        found = []
        materials = {name for trial, _ in self.answers for name in trial.ends}
        for held in _hold(self.market, self.limits, materials):
            asked = [
                _Asked(mine, {name: columns[name] for name in mine.ends}, _demand(mine, held.market))
                for trial, columns in self.answers
                if (mine := _within(trial, held.market)) is not None
            ]
            if asked:
                held.expect([one.trial for one in asked])
                places = [self.columns.get(name, -1) for name in held.figures.place]
                found.append(_Group(held, asked, np.array(places, dtype=np.int64), {}))
        return found

    def separate(self, values: Numbers, near: float, look: Callable[[], None]) -> list[Ceiling]:
        """Return cuts of losses that a plan does not answer: of those that others did not, or else of any."""
        return [cut for group in self.groups for cut in _separate(group, values, near, look)]

    def apart(self) -> PlanAnswers:
        """Return the same with cuts of its own."""
        other = copy.copy(self)
        other.cuts = [*self.cuts]
        return other

    def without(self, names: Collection[str]) -> PlanAnswers:
        """Return the same, and no limits of some names hold in responses; cuts that hold within these are let go."""
        limits = tuple(limit for limit in self.limits if limit.name not in names)
        return self if limits == self.limits else PlanAnswers(self.market, limits, self.columns, self.answers)

    def copy_cuts(self, other: PlanAnswers) -> None:
        """Take over the cuts of another program with the same market, of losses that are asked here too."""
        if self.cuts or not self._is_bound_like(other):
            return
        names, mine, theirs = list(other.columns), self._by_column(), other._by_column()
        places = np.array([self.columns.get(name, -1) for name in names], dtype=np.int64)
        for cut in other.cuts:
            here = places[cut.columns]
            same = [
                mine.get(now) == theirs.get(then) for now, then in zip(here.tolist(), cut.columns.tolist(), strict=True)
            ]
            if (here >= 0).all() and all(same):
                self.cuts.append(Ceiling(here, cut.weights, cut.most))

    def asks_all_of(self, other: PlanAnswers, places: NDArray[np.int64]) -> bool:
        """Whether what answers these losses answers those of another program, whose columns stand at these places."""
        if not self._is_bound_like(other):
            return False
        mine = self._by_column()
        return all(mine.get(int(places[column])) == asked for column, asked in other._by_column().items())

    def _is_bound_like(self, other: PlanAnswers) -> bool:
        """Whether responses may do what they may do in another program."""
        return self.market == other.market and self.limits == other.limits

    def _by_column(self) -> dict[int, tuple[Any, ...]]:
        """Return what a loss takes and asks, by the column of what may stay unmet after it."""
        return {column: _plain(trial, name) for trial, columns in self.answers for name, column in columns.items()}


def _separate(group: _Group, values: Numbers, near: float, look: Callable[[], None]) -> Iterator[Ceiling]:
    figures = np.where(group.places >= 0, values[group.places], 0.0)
    idle: dict[object, Unmet | None] = {}
    others = [number for number in range(len(group.asked)) if number not in group.suspects]
    for numbers in (sorted(group.suspects, key=lambda n: group.asked[n].trial.begins), others):
        found = False
        for number in numbers:
            look()
            one = group.asked[number]
            most = {name: float(values[column]) for name, column in one.columns.items()}
            held = group.held.at(figures, one.trial.begins)
            if not held.is_hit(one.trial) and _is_met_idle(held, one, most, near, idle):
                continue
            cut = held.separate(one.trial, most, near * one.demand)
            if cut is None:
                continue
            found = True
            group.suspects[number] = None
            yield _ceiling(group, one, cut.weights, cut.shares, cut.most)
        if found:
            return


def _is_met_idle(held: HeldAnswer, one: _Asked, most: Unmet, near: float, known: dict[object, Unmet | None]) -> bool:
    """Whether a plan that a loss does not hit leaves no more unmet than it may in the best response to nothing."""
    trial = Trial(Impact(), one.trial.begins, one.trial.lasts, one.trial.ends, one.trial.sites)
    key = (trial.begins, tuple(trial.ends.items()), trial.sites)
    if key not in known:
        known[key] = held.find_unmet(trial, dict.fromkeys(trial.ends, 0.0))
    unmet = known[key]
    return unmet is not None and all(unmet[name] <= most[name] + near * one.demand for name in unmet)


def _ceiling(group: _Group, one: _Asked, weights: Numbers, shares: Mapping[str, float], most: float) -> Ceiling:
    """Return a cut as a row over the columns of the plan."""
    some = np.flatnonzero((weights != 0) & (group.places >= 0))
    columns = np.concatenate([group.places[some], [one.columns[name] for name in shares]])
    return Ceiling(columns.astype(np.int64), np.concatenate([weights[some], [-s for s in shares.values()]]), most)


class PlanResponses:
    """The responses of a plan that is accounted for."""

    def __init__(self, account: Account) -> None:
        """Read its figures."""
        self._market, self._planned = account.market, PlanFigures(account)
        self._limits = _list_binding(account.limits, account.market)
        self._materials: set[str] = set()
        self._groups: list[tuple[HeldAnswers, Numbers]] = []

    def find_unmet(self, asked: Sequence[tuple[Trial, Mapping[str, float]]]) -> list[Unmet]:
        """Return what stays unmet after each loss, by material, as little beyond what may be as can be [quantity].

        Raises:
            SolverFailure: the solver does not find it.
        """
        found: list[Unmet] = [{} for _ in asked]
        for held, figures in self._among({name for trial, _ in asked for name in trial.ends}):
            mine = [(number, one) for number, (trial, _) in enumerate(asked) if (one := _within(trial, held.market))]
            held.expect([trial for _, trial in mine])
            for number, trial in sorted(mine, key=lambda one: one[1].begins):
                most = {name: asked[number][1][name] for name in trial.ends}
                unmet = held.find_unmet(figures, trial, most)
                if unmet is None:
                    msg = "highs finds no response to a loss that a floor speaks of; tell the authors"
                    raise SolverFailure(msg)
                found[number] |= unmet
        return found

    def _among(self, materials: set[str]) -> list[tuple[HeldAnswers, Numbers]]:
        """Return the responses of all parts that have any of some materials, with the figures of the plan there."""
        if not materials <= self._materials:
            self._materials |= materials
            self._groups = [(held, self._figures(held)) for held in _hold(self._market, self._limits, self._materials)]
        return self._groups

    def _figures(self, held: HeldAnswers) -> Numbers:
        return np.array([self._planned.value(*name) for name in held.figures.place], dtype=float)


class _Held(threading.local):
    """The responses that are held, each thread its own."""

    def __init__(self) -> None:
        self.known: deque[HeldAnswers] = deque(maxlen=_REMEMBERED)


_HELD = _Held()


def _hold(market: PreparedMarket, limits: Limits, materials: Collection[str]) -> list[HeldAnswers]:
    """Return the responses of the parts of a market that have any of some materials, held anew where they are not."""
    whole = Instance.model_construct(
        name="",
        title="",
        currency="",
        mass_unit="",
        market=market,
        limits=limits,
        policies=(),
        cases={},
        solve=SolveSettings(),
    )
    found = []
    for part in parts(EnforcedInstance(whole)):
        if part.market.material.keys().isdisjoint(materials):
            continue
        held = next((one for one in _HELD.known if (one.market, one.limits) == (part.market, part.limits)), None)
        if held is None:
            held = HeldAnswers(cast("PreparedMarket", part.market), part.limits)
            _HELD.known.append(held)
        found.append(held)
    return found


def _list_binding(limits: Iterable[Limit], market: PreparedMarket) -> Limits:
    """Return the limits that bind responses of which only unmet demand counts: soft ones cost nothing there."""
    return limits_in_responses((cast("AnyLimit", limit) for limit in limits if limit.hard), market)


def _within(trial: Trial, market: PreparedMarket) -> Trial | None:
    """Return what a trial says of a part; None where that is nothing."""
    ends = {name: end for name, end in trial.ends.items() if name in market.material}
    if not ends:
        return None
    offers = tuple((name, share) for name, share in trial.impact.offers if name in market.offer)
    lanes = tuple(pair for pair in trial.impact.lanes if pair[0] in market.offer)
    return Trial(Impact(offers, lanes), trial.begins, trial.lasts, ends, trial.sites)


def _demand(trial: Trial, market: PreparedMarket) -> float:
    return sum(trial.demand(market, name) for name in trial.ends)


def _plain(trial: Trial, material: str) -> tuple[Any, ...]:
    """Return what a loss takes and asks of a material, to be compared."""
    return trial.impact, trial.begins, trial.lasts, trial.ends[material], trial.sites

"""Plans that cost little more than the best one: those that differ most from it, or are least concentrated.

*Most different.* Modelling to generate alternatives by hop, skip and jump: minimise, within a budget, what
is bought of offers that earlier plans used; add the plan found to the earlier ones; go on until nothing new
comes. In what plan k bought, offer i has the share s_{ikj} of the supply S_j of stage j, and v_{ik} arrives of a
unit of it, behind all yields. A unit q_i weighs

    sum over plans k that used i, and stages j that i passes, of (1 + s_{ikj}) v_{ik} / S_j

so tonnes of different materials compare, and what an offer supplied much of is left before what it supplied
little of. E. D. Brill, "The use of optimization models in public-sector planning", Management Science 25
(1979), gives whatever was used a weight of 1; J. F. DeCarolis, "Using modeling to generate alternatives (MGA)
to expand our thinking on energy futures", Energy Economics 33 (2011), brings the method to energy supply. That
weights add up over the plans, and grow with the share, is ours.

*Least concentrated.* Within each of several budgets, minimise the sum over all stages of the greatest share
of a country.

In both, the cheapest is taken of what is as good.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from models.records.fields import Share
from models.records.messages import describe_fault
from optimizer.alternatives.nearby import Nearby
from optimizer.alternatives.parallel import ParallelNearby
from optimizer.alternatives.variety import distance, supply, supply_shares
from optimizer.errors import InputError
from optimizer.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.instance import Instance
    from optimizer.alternatives.variety import Basis, Stage
    from optimizer.results.solution import Settings, Solution
    from optimizer.work.runner import TaskRunner

_NEW = 1e-3
"""Share of supply that a plan buys elsewhere than every earlier one, for it to be another plan."""
_BARREN = 3
"""Hops in a row that bring nothing new, after which there is nothing new."""


@dataclass(frozen=True, eq=False)
class Alternative:
    """A plan beside the best one."""

    solution: Solution
    budget: float
    """What it was allowed to cost [currency]."""
    from_best: float
    """Share of supply that is bought elsewhere than in the best plan, the mean over all stages."""
    from_nearest: float
    """The same against whichever other plan is nearest."""


@dataclass(frozen=True, eq=False)
class Alternatives:
    """The best plan of an instance, and others that cost little more."""

    best: Solution
    others: tuple[Alternative, ...]
    within: float
    """How much more than the best they may cost, as a part of its cost."""
    asked: int
    """How many were asked for."""
    stopped: bool
    """Whether Ctrl-C or the time limit ended the search."""


@dataclass(eq=False)
class _Found:
    """The plans found so far, the best one first."""

    solutions: list[Solution] = field(default_factory=list)
    shares: list[dict[Stage, dict[str, float]]] = field(default_factory=list)
    budgets: list[float] = field(default_factory=list)

    def add(self, solution: Solution, budget: float) -> bool:
        """Add a plan if it is another one than all so far; return whether it is."""
        shares = supply_shares(solution.account)
        if any(distance(shares, known) < _NEW for known in self.shares):
            return False
        self.solutions.append(solution)
        self.shares.append(shares)
        self.budgets.append(budget)
        return True

    @property
    def others(self) -> Iterator[Alternative]:
        """All but the best one."""
        for i in range(1, len(self.solutions)):
            away = [distance(self.shares[i], known) for j, known in enumerate(self.shares) if j != i]
            yield Alternative(self.solutions[i], self.budgets[i], away[0], min(away))


def most_different(
    instance: Instance, within: float, count: int, settings: Settings, runner: TaskRunner | None = None
) -> Alternatives:
    """Return the best plan and up to `count` others within a part of its cost that differ most in who supplies.

    The time limit of the settings holds for each plan. Each search hangs on what those before it found, so a runner
    does one after the other. Raises what `Session.solve` raises.
    """
    nearby, found = _searches(instance, settings, runner), _Found()
    best = nearby.best
    found.add(best, best.cost)
    budget, barren = nearby.budget(within), 0
    weights: dict[str, float] = defaultdict(float)
    _weigh(best, best, weights)
    while len(found.solutions) <= count and barren < _BARREN and not nearby.stopped:
        solution = nearby.least_reuse(weights, budget, f"alternative {len(found.solutions)} of {count}")
        if solution is None:
            break
        barren = 0 if found.add(solution, budget) else barren + 1
        _weigh(solution, best, weights)
    return Alternatives(best, tuple(found.others), within, count, nearby.stopped or nearby.cut_short)


def least_concentrated(  # noqa: PLR0913 (what is asked, and who is to do it)
    instance: Instance, within: float, count: int, basis: Basis, settings: Settings, runner: TaskRunner | None = None
) -> Alternatives:
    """Return the best plan and the least concentrated ones within `count` equal steps up to a part of its cost.

    Concentration is the sum, over every stage of every material, of the greatest share of a country by
    place or by control over the horizon; shares are of what the best plan supplies there. A step that
    gives no other plan than those before it is left out. Raises what `Session.solve` raises.
    """
    nearby, found = _searches(instance, settings, runner), _Found()
    best = nearby.best
    found.add(best, best.cost)
    budgets = [nearby.budget(within * step / count) for step in range(1, count + 1)]
    labels = [f"budget {step} of {count}" for step in range(1, count + 1)]
    for budget, solution in nearby.each_least_concentrated(basis, supply(best.account), budgets, labels):
        if solution is not None:
            found.add(solution, budget)
    return Alternatives(best, tuple(found.others), within, count, nearby.stopped or nearby.cut_short)


def _searches(instance: Instance, settings: Settings, runner: TaskRunner | None) -> Nearby | ParallelNearby:
    """Solve an instance, and return what searches beside its best plan: this process, or a runner."""
    if runner is None:
        return Nearby(Session(settings).solve(instance), settings)
    return ParallelNearby(runner, instance, settings)


def share_within(given: float | str, origin: str) -> float:
    """Return how much more alternatives may cost, as a share from 0 to 1; text is read as in a file.

    Raises:
        InputError: it is no share.
    """
    try:
        return TypeAdapter(Share).validate_python(given)
    except ValidationError as error:
        raise InputError([f"{origin} {given}: {describe_fault(error.errors()[0])}"]) from None


def _weigh(solution: Solution, best: Solution, weights: dict[str, float]) -> None:
    """Add what a unit of each offer weighs for being used in a plan."""
    account = solution.account
    mine, whole = supply(account), supply(account) | supply(best.account)
    bought: dict[str, float] = defaultdict(float)
    for (offer, _), units in account.quantity.items():
        bought[offer] += units
    for stage, shares in supply_shares(account).items():
        for offer, share in shares.items():
            weights[offer] += (1 + share) * (share * mine[stage] / bought[offer]) / whole[stage]

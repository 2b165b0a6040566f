"""What a sweep found at a point: whether there is a plan, what it costs, how concentrated it is."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from models.records.countries import UNDISCLOSED
from models.records.tolerances import NO_COST
from optimizer.results.caveats import Caveats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.changes.selection import Cell
    from optimizer.results.account import Account
    from optimizer.results.plan import Plan
    from optimizer.results.solution import Solution

Status = Literal["proven", "stopped", "no plan", "none found"]
Basis = Literal["place", "control"]
BASES: tuple[Basis, Basis] = ("place", "control")


class Concentration(NamedTuple):
    """How much is attributed to one country, over the whole horizon, where that is most."""

    share: float
    """The greatest share of one country, from 0 to 1; what nobody declared is not one."""
    of: str
    """Whose share of what that is: ``CN, refined graphite``."""
    hhi: float
    """The greatest sum of squared shares, from 0 to 1; what nobody declared is counted as one country."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a point; money in the currency of the instance."""

    number: int
    status: Status
    """`none found` in the time that there was is not yet `no plan`."""
    solved: bool
    """Whether it took a solve, or was known from the points before it."""
    reason: str = ""
    """Why there is no plan."""
    cost: float = math.inf
    bound: float = -math.inf
    same_plan: bool = False
    """Whether its plan is that of the point before it, which costs the same."""
    place: Concentration | None = None
    control: Concentration | None = None
    caveats: Caveats = field(default_factory=Caveats)
    """What its plan leaves out."""
    expected: float | None = None
    """The expected cost; None where it is planned for no scenarios."""
    measured: float | None = None
    """The measure of risk beside it, of costs: the mean of the dearest cases (cvar) or the dearest (worst)."""

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan."""
        return math.isfinite(self.cost)

    @property
    def gap(self) -> float:
        """Relative distance of cost and bound, infinite while either is unknown."""
        return (self.cost - self.bound) / max(abs(self.cost), NO_COST) if self.has_plan else math.inf


class Result(NamedTuple):
    """What was found at a point, with its plan when there is one."""

    found: Found
    plan: Plan | None
    solution: Solution | None


def concentration(account: Account, basis: Basis, cells: Iterable[Cell]) -> Concentration | None:
    """Return how concentrated a plan is over some (material, stage) pairs; None where nothing passes any of them."""
    periods = tuple(account.market.years)
    best = Concentration(0.0, "", 0.0)
    for material, stage in cells:
        whole = sum(account.supplied[material, stage, period] for period in periods)
        if whole <= 0:
            continue
        attribution = account.exposure.attribution(account, basis, material, stage, periods, arriving=True)
        shares = {country: units / whole for country, units in attribution.total_units().items()}
        hhi = max(best.hhi, sum(share * share for share in shares.values()))
        known = {country: share for country, share in shares.items() if country != UNDISCLOSED}
        first = min(known, key=lambda country: (-known[country], country), default=None)
        if first is not None and known[first] > best.share:
            best = Concentration(known[first], f"{first}, {stage} {material}", hhi)
        else:
            best = best._replace(hhi=hhi)
    return best if best.hhi else None

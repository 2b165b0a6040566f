"""What is known of a cost before it is known: interval, gap, progress."""

from __future__ import annotations

import math
from dataclasses import dataclass

from models.records.tolerances import NO_COST


@dataclass(frozen=True, slots=True)
class Interval:
    """A cost that is known to lie between a bound and that of a plan [currency]; infinite ends are not known."""

    bound: float
    cost: float

    def as_data(self) -> dict[str, float | None]:
        """Return this as plain data; what is not known is None, which JSON has a word for."""
        return {"bound": finite_or_none(self.bound), "cost": finite_or_none(self.cost)}


NOTHING_KNOWN = Interval(-math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a solve stands; costs [currency] are infinite while nothing is known."""

    seconds: float
    incumbent: float
    bound: float
    stopping: bool = False
    """Whether the solver was asked to stop, and will at its next chance."""
    part: str = ""
    """Which of several parts is being solved, as in ``graphite, 3 of 5``."""

    @property
    def gap(self) -> float:
        """Relative distance of incumbent and bound."""
        return relative_gap(self.incumbent, self.bound)


def relative_gap(objective: float, bound: float) -> float:
    """Return ``|objective - bound| / |objective|``, infinite while either is unknown."""
    if not (math.isfinite(objective) and math.isfinite(bound)):
        return math.inf
    return abs(objective - bound) / max(abs(objective), NO_COST) if objective != bound else 0.0


def limits_cost(cost: float, bound: float, free: Interval | None) -> Interval | None:
    """Return between what the cost of all limits together lies, where that of a plan without them is known."""
    return None if free is None else Interval(max(0.0, bound - free.cost), max(0.0, cost - free.bound))


def finite_or_none(number: float) -> float | None:
    """Return a number as plain data has it: None where it is infinite or no number, which is not known."""
    return number if math.isfinite(number) else None

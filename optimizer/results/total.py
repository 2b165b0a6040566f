"""The cost of a whole, told again whenever one of its parts is known better."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from optimizer.results.interval import NOTHING_KNOWN, Interval, Progress

if TYPE_CHECKING:
    from collections.abc import Mapping

Watch = Callable[[Progress], None]
"""What hears of the progress of a solve."""

_WORTH_TELLING = 1e-3
"""By how much of its width an interval must be narrower to be told again."""


class Total:
    """The interval in which the sum of the least costs of some parts lies, which only gets narrower."""

    def __init__(self, parts: Mapping[int, Interval], tell: Callable[[Interval], None]) -> None:
        """Start from what is known of each part by its number, and tell it."""
        self._parts = dict(parts)
        self._tell = tell
        self._told = NOTHING_KNOWN
        self._tell_once()

    def narrow(self, number: int, interval: Interval) -> None:
        """Take what is known of a part now, and tell the sum if that makes it narrower."""
        known = self._parts[number]
        self._parts[number] = Interval(max(known.bound, interval.bound), min(known.cost, interval.cost))
        self._tell_once()

    def listen(self, number: int, watch: Watch | None) -> Watch:
        """Return what hears of the progress of a part, and passes it on to `watch`."""

        def hear(progress: Progress) -> None:
            self.narrow(number, Interval(progress.bound, progress.incumbent))
            if watch is not None:
                watch(progress)

        return hear

    def _tell_once(self) -> None:
        bound = sum(interval.bound for interval in self._parts.values())
        cost = sum(interval.cost for interval in self._parts.values())
        gained = max(_gain(bound, self._told.bound), _gain(self._told.cost, cost))
        if gained > _WORTH_TELLING * min(1e300, self._told.cost - self._told.bound):
            self._told = Interval(bound, cost)
            self._tell(self._told)


def _gain(better: float, than: float) -> float:
    """Return by how much a number is greater than another, where both may be infinite."""
    return math.inf if math.isinf(than) and math.isfinite(better) else max(0.0, better - than if better != than else 0)

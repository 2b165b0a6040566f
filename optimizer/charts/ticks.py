"""Round numbers along an axis."""

from __future__ import annotations

import math

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_ROUNDING = 1e-9


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """Return at most so many evenly spaced round numbers from `low` to `high`, both of which may be among them.

    >>> round_ticks(4117.9, 4293.6, 5), round_ticks(20, 100, 9), round_ticks(3, 3, 5)
    ([4150.0, 4200.0, 4250.0], [20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0], [3])
    """
    if not high > low:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for step in (part * power * ten for ten in (1.0, 10.0) for part in _STEPS):
        first, last = math.ceil(low / step - _ROUNDING), math.floor(high / step + _ROUNDING)
        if last - first < most:
            return [round(number * step, 12) for number in range(first, last + 1)]
    return [low]


def decimals_of(ticks: list[float]) -> int:
    """Return how many decimals it takes to tell ticks apart.

    >>> decimals_of([4150.0, 4200.0]), decimals_of([0.25, 0.5]), decimals_of([7.0])
    (0, 2, 0)
    """
    return next((places for places in range(9) if all(abs(t - round(t, places)) < _ROUNDING for t in ticks)), 9)

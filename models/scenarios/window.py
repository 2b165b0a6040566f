"""The periods in which something lasts that has begun."""

from __future__ import annotations

from typing import NamedTuple


class Window(NamedTuple):
    """A run of periods, by their places from 0."""

    begins: int
    ends: int
    """The first that it does not hold in."""


def window_of(begins: int, lasts: int | None, periods: int) -> Window:
    """Return the periods in which something holds, of a horizon of so many; to its end at the latest."""
    return Window(begins, periods if lasts is None else min(begins + lasts, periods))

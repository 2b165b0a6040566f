"""Coverage rests where a test is more of what is measured: watching takes 0.75 of the time of what it watches.

It is asked for by its name among what is imported, as these tests also run where it is not installed.
"""

from __future__ import annotations

import sys
from typing import Any

_resting: list[Any] = []


def rest() -> None:
    """Let coverage rest, if it measures at all."""
    measuring = sys.modules["coverage"].Coverage.current() if "coverage" in sys.modules else None
    if measuring is not None:
        measuring.stop()
        _resting.append(measuring)


def go_on() -> None:
    """Let coverage measure again, if it rests."""
    while _resting:
        _resting.pop().start()

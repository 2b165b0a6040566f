"""Tasks that a worker process finds by name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def double(shared: float, own: float) -> float:
    """Return the sum of two numbers twice."""
    return 2 * (shared + own)


def die_first(marks: Path, own: int) -> int:
    """Kill the process that does this for the first time; return what was given, the second time."""
    mark = Path(marks, str(own))
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return own


def die(_shared: object, _own: object) -> None:
    """Kill the process that does this."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail(_shared: object, own: str) -> None:
    """Raise what it is told."""
    raise ValueError(own)


def sleep(_shared: object, own: float) -> bool:
    """Sleep for some seconds."""
    time.sleep(own)
    return True


def mark(marks: Path, own: int) -> int:
    """Leave a mark for each time that this is done."""
    with Path(marks, str(own)).open("a", encoding="utf-8") as file:
        file.write("x")
    return own


def slow_double(shared: float, own: float) -> float:
    """Return the sum of two numbers twice, after a moment."""
    time.sleep(0.3)
    return 2 * (shared + own)

"""When a solve must stop: at a deadline, at the end of its share of the time, at Ctrl-C, or after so much effort.

All of these keep the best plan that there is. A stop from outside keeps nothing: another question took the place of
this one, and what waits for it should get the machine at once.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from optimizer.errors import Stopped
from optimizer.solver.effort import Effort

if TYPE_CHECKING:
    from collections.abc import Iterator

GRACE = 10.0
"""Seconds after the deadline or the first Ctrl-C in which a program without any plan may still find its first."""


class Deadline:
    """Time for one solve, of one program or of several in turn.

    While entered, the first Ctrl-C asks for an end and the second raises KeyboardInterrupt. Times are
    those of `time.perf_counter`.
    """

    def __init__(self, seconds: float | None = None, stop: threading.Event | None = None) -> None:
        """Allow `seconds` from now, or any time, unless somebody sets `stop`, in whichever thread."""
        self.stop = stop
        self.ends_at = math.inf if seconds is None else time.perf_counter() + seconds
        self.spent = Effort()
        """What the programs took so far that were solved within this deadline."""
        self.most: Effort | None = None
        """What they may take, if that is limited."""
        self._share_ends = math.inf
        self._has_plan = False
        self._late_until = -math.inf
        self._stopped_at = math.inf
        self._before: Any = None
        self._depth = 0

    @property
    def left(self) -> float:
        """Seconds to the deadline, or to the end of the share of what has a plan; never less than zero."""
        ends = min(self.ends_at, self._share_ends) if self._has_plan else self.ends_at
        return max(0.0, max(ends, self._late_until) - time.perf_counter())

    @property
    def iterations_left(self) -> int | None:
        """How many iterations a linear program may take; None where they are not limited."""
        return None if self.most is None else max(0, self.most.iterations - self.spent.iterations)

    @property
    def is_limited(self) -> bool:
        """Whether there is a deadline."""
        return math.isfinite(self.ends_at)

    @property
    def stopping(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return math.isfinite(self._stopped_at)

    @property
    def stopped(self) -> bool:
        """Whether somebody asked for an end from outside."""
        return self.stop is not None and self.stop.is_set()

    def look(self) -> None:
        """Raise Stopped once somebody asked for an end from outside; called wherever work may be left."""
        if self.stopped:
            raise Stopped

    @contextmanager
    def share(self, part: float, *, has_plan: bool = False) -> Iterator[None]:
        """Give what is inside a part (0 to 1) of the time that is left; it may take more while it has no plan."""
        before, now = (self._share_ends, self._has_plan), time.perf_counter()
        self._share_ends = now + part * max(0.0, min(self.ends_at, self._share_ends) - now)
        self._has_plan = self._has_plan or has_plan
        try:
            yield
        finally:
            self._share_ends, self._has_plan = before

    @contextmanager
    def late(self, *, anew: bool) -> Iterator[None]:
        """Give what is inside the grace to find a first plan, though the time is over; counted from now when `anew`."""
        now = time.perf_counter()
        self._late_until = (now if anew else min(now, self.ends_at, self._stopped_at)) + GRACE
        try:
            yield
        finally:
            self._late_until = -math.inf

    @property
    def may_look(self) -> bool:
        """Whether a branch and bound may go on, as far as the number of its callbacks is concerned."""
        return self.most is None or self.spent.looks < self.most.looks

    def looks_once_more(self) -> bool:
        """Count one callback of a branch and bound; return whether it may go on to the next."""
        self.spent.looks += 1
        return self.may_look

    def is_over(self, *, has_plan: bool) -> bool:
        """Whether to stop now; a program without a plan gets a little more time to find one."""
        now = time.perf_counter()
        if math.isfinite(self._late_until):
            return has_plan or now >= self._late_until
        if now >= self.ends_at:
            return True
        if has_plan or self._has_plan:
            return self.stopping or now >= self._share_ends
        return now >= self._stopped_at + GRACE

    def __enter__(self) -> Self:
        """Take over Ctrl-C; entering again inside changes nothing."""
        self._depth += 1
        if self._depth == 1 and threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._press)
        return self

    def __exit__(self, *_: object) -> None:
        """Let Ctrl-C mean again what it meant before."""
        self._depth -= 1
        if self._depth == 0 and self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            self._before = None

    def _press(self, *_: object) -> None:
        if self.stopping:
            raise KeyboardInterrupt
        self._stopped_at = time.perf_counter()

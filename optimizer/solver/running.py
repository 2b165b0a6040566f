"""A run of HiGHS: in which thread it is, who tells its progress, and how it is left behind.

A branch and bound looks at its callbacks between steps only, and one that it makes inside for a plan looks at none for
a second and more. Who is told to stop meanwhile (`Deadline.stop`) leaves it: it ends by itself at its next callback,
in its thread, with a solver and a program that nobody else reads, while the next solve begins.
"""

from __future__ import annotations

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any

from optimizer.results.interval import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from optimizer.solver.deadline import Deadline

_TELL = 0.1
"""Seconds after which progress is told again."""
_LOOK = 0.01
"""Seconds after which it is seen that a branch and bound is to be left."""
_AT_ONCE = 2
"""Runs that may be at work at once: one that is waited for, and one that was left; the next waits for one of them."""


class Runner:
    """Runs a solver, and tells its progress some times a second."""

    def __init__(self, watch: Callable[[Progress], None] | None, deadline: Deadline, *, leaves: bool) -> None:
        """Tell `watch`; with `leaves` a run is left where it stands once the deadline is told to stop."""
        self.known = [math.inf, -math.inf]
        """Cost of the best plan and bound so far."""
        self._watch, self._deadline = watch, deadline
        self._start = self._told = time.perf_counter()
        self._has_main_thread = threading.current_thread() is threading.main_thread()
        self._leaves = leaves and deadline.stop is not None and not self._has_main_thread

    def run(self, solver: Any) -> None:
        """Run to the end: the main thread stays free for Ctrl-C; any other saves the time that a thread takes.

        Raises:
            Stopped: the run was left, and nobody may touch its solver any more.
        """
        if self._leaves:
            self._run_or_leave(solver)
        elif self._has_main_thread:
            worker = threading.Thread(target=solver.run, daemon=True)
            worker.start()
            while worker.is_alive():
                worker.join(_TELL)
                self._tell()
        else:
            solver.run()

    def tell_in_callback(self) -> None:
        """Tell the progress where nobody else does, unless that was done just now."""
        if not (self._has_main_thread or self._leaves):
            self._tell_in_time()

    def _run_or_leave(self, solver: Any) -> None:
        running = _threads().submit(solver.run)
        while True:
            try:
                running.result(_LOOK)
            except TimeoutError:
                if self._deadline.stopped:
                    running.cancel()  # if it has not begun
                self._deadline.look()
                self._tell_in_time()
            else:
                return

    def _tell_in_time(self) -> None:
        if time.perf_counter() >= self._told + _TELL:
            self._tell()

    def _tell(self) -> None:
        self._told = time.perf_counter()
        if self._watch is not None:
            incumbent, bound = self.known
            self._watch(Progress(self._told - self._start, incumbent, bound, self._deadline.stopping))


@cache
def _threads() -> ThreadPoolExecutor:
    """The threads of runs that may be left; they stay, as one costs HiGHS some milliseconds."""
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="highs")

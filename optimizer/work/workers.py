"""Who does the work: an `Executor` of `concurrent.futures`, which is all that tasks are ever given to.

`SerialExecutor` is this process, `ProcessExecutor` (`optimizer.work.processes`) are others on this machine, and
`DaskExecutor` (`optimizer.work.cluster`) is a Dask cluster. Whoever does a task, and in whichever order, its answer is
the same.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import ParamSpec

    from optimizer.errors import LodeplanError

    Given = ParamSpec("Given")

Answer = TypeVar("Answer")


class Workers(Executor):
    """An executor that also says how much it can use, and what its own faults mean."""

    notes: tuple[str, ...] = ()
    """What a user should know of it before the work begins, in sentences."""

    @property
    @abstractmethod
    def room(self) -> int:
        """How many tasks may wait with it at once, so that nobody is idle."""

    @property
    @abstractmethod
    def count(self) -> int:
        """How many tasks are worked at side by side."""

    def explain(self, fault: BaseException, task: str) -> LodeplanError | None:  # noqa: ARG002 (most have no such faults)
        """Return what to tell of a task that was lost; None where the fault is the task's own."""
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> bool | None:
        """End the work; what is not done by now nobody waits for."""
        self.shutdown(wait=True, cancel_futures=True)
        return None


class SerialExecutor(Workers):
    """This process: a task is done when it is given, before anything else goes on."""

    room = 1
    count = 1

    def submit(self, fn: Callable[Given, Answer], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Answer]:
        """Do a task; an interrupt goes through to whoever gave it."""
        future: Future[Answer] = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 (whatever it raises belongs to the future)
            future.set_exception(error)
        return future


def processors() -> int:
    """Return how many processes run at once on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""A Dask cluster, by the address of its scheduler. Dask gives a task again whose worker is gone."""

from __future__ import annotations

import logging
import time
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from optimizer import __version__
from optimizer.errors import InputError, WorkersLost
from optimizer.work.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from optimizer.errors import LodeplanError

PATIENCE = 10
"""Seconds in which a scheduler must answer."""
_LOOK = 2.0
"""Seconds after which it is asked again how many workers there are."""
_TALKATIVE = ("distributed", "tornado")
"""Loggers that tell of a lost connection by a traceback."""
_SLOW = 60.0
"""Seconds of silence of a worker from which it is told that a cut link is noticed late."""


class DaskExecutor(Workers):
    """Whatever workers a Dask scheduler has, now and later."""

    def __init__(self, address: str) -> None:
        """Meet a scheduler.

        Raises:
            InputError: Dask is not installed, or no scheduler answers.
        """
        try:
            import dask
            from distributed import Client
        except ImportError:
            cure = 'install it with pip install "lodeplan[cluster]"'
            raise InputError([f"--workers {address}: needs Dask, which is not installed; {cure}"]) from None
        for name in [name for name in logging.root.manager.loggerDict if name.startswith(_TALKATIVE)]:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what a user needs to know is said by us
        dask.config.set({"distributed.comm.timeouts.connect": f"{PATIENCE}s"})
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"})  # a shared state may be large
        try:
            self._client = Client(address, timeout=PATIENCE, set_as_default=False, name="lodeplan")
        except (OSError, ValueError):
            cure = "start one with dask scheduler, or mend the address"
            said = f"no Dask scheduler answered there within {PATIENCE} s; {cure}"
            raise InputError([f"--workers {address}: {said}"]) from None
        self._address = address
        self._executor = self._client.get_executor(pure=False)
        self._count, self._looked = 0, 0.0
        self.notes = tuple(self._list_notes())

    @property
    def count(self) -> int:
        """How many threads all workers have, a moment ago."""
        if time.monotonic() - self._looked > _LOOK and self._client.status == "running":
            with suppress(OSError):
                self._count = int(self._client.scheduler_info().get("total_threads", 0))
            self._looked = time.monotonic()
        return self._count

    @property
    def room(self) -> int:
        """One task at work and one waiting for each thread."""
        return 2 * max(1, self.count)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Give a task to the cluster."""
        future: Future[Any] = self._executor.submit(fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 (as it is inherited)
        """Leave the cluster, which stays; what it is at work on it ends for nobody."""
        with suppress(Exception):  # the scheduler may be gone
            self._executor.shutdown(wait=wait and not cancel_futures)
        with suppress(Exception):
            self._client.close(timeout=1)

    def explain(self, fault: BaseException, task: str) -> LodeplanError | None:
        """Say what became of a task that the cluster lost."""
        from distributed import KilledWorker

        if isinstance(fault, CancelledError):
            msg = f"the Dask scheduler at {self._address} is gone; with a journal (-o or --journal) the same command, "
            return WorkersLost(f"{msg}given a scheduler that is there, goes on from what is solved")
        if isinstance(fault, KilledWorker):
            what = f"{task}: it ended every worker of the cluster that it was given to"
            return WorkersLost(f"{what}, perhaps because they ran out of memory; give them more")
        if isinstance(fault, ImportError) or "deserializ" in str(fault):
            return WorkersLost(f"a worker of the cluster cannot use Lodeplan {__version__}; install it there as here")
        return None

    def _list_notes(self) -> list[str]:
        """Return what a user should know of the cluster before the work begins."""
        notes = []
        if not self.count:
            notes.append(f"the scheduler at {self._address} has no workers yet, and is waited for until it has")
        with suppress(Exception):  # some schedulers run nothing that they are asked to
            silence = self._client.run_on_scheduler(lambda dask_scheduler: dask_scheduler.worker_ttl)
            if silence is None or silence > _SLOW:
                after = "never" if silence is None else f"after {silence:.0f} s only"
                cure = "start it with DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL=60s"
                notes.append(f"a worker whose link is cut is noticed {after} by the scheduler; {cure}")
        return notes

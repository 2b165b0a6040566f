"""Processes on this machine. One that is killed is replaced, and its task given again; no other task is lost with it.

A pool of the standard library loses every pending task when one of its processes is killed, so each process has a
thread of its own here that gives it one task after the other. Ctrl-C reaches only this process, which ends the others
at once: what they were doing is in no file, and can be done again.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import get_context
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple

from optimizer.errors import WorkersLost
from optimizer.work.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from optimizer.errors import LodeplanError

TRIES = 3
"""How often a task is given that ends its process each time."""
_PATIENCE = 0.5
"""Seconds that idle processes have to end by themselves."""


class Killed(Exception):  # noqa: N818 (what happened to the processes)
    """A task ended its process as often as it was given."""


class _Job(NamedTuple):
    """A task as it travels, and who waits for its answer."""

    future: Future[Any]
    call: bytes


class ProcessExecutor(Workers):
    """So many processes, started at once and not waited for; each needs a second or so to be ready."""

    def __init__(self, count: int) -> None:
        """Start `count` processes, 1 or more."""
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._workers = [_Worker() for _ in range(count)]
        self._threads = [threading.Thread(target=self._serve, args=(worker,), daemon=True) for worker in self._workers]
        for thread in self._threads:
            thread.start()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._workers)

    @property
    def room(self) -> int:
        """One task at work and one waiting for each."""
        return 2 * len(self._workers)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Give a task to whoever is free first; all of it must be fit to be pickled."""
        job = _Job(Future(), pickle.dumps((fn, args, kwargs)))
        self._jobs.put(job)
        return job.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 (as it is inherited)
        """End all processes: when they have done what was given, or at once where that is cancelled."""
        if cancel_futures:
            while not self._jobs.empty():
                job = self._jobs.get()
                if job is not None:
                    job.future.cancel()
            for worker in self._workers:
                worker.stop()
        for _ in self._threads:
            self._jobs.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
            end = time.monotonic() + _PATIENCE
            for worker in self._workers:
                worker.end(end - time.monotonic())

    def explain(self, fault: BaseException, task: str) -> LodeplanError | None:
        """Say what became of a task that no process survived."""
        if not isinstance(fault, Killed):
            return None
        what = f"{task}: its process was killed {TRIES} times, perhaps because it ran out of memory"
        return WorkersLost(f"{what}; try fewer --workers")

    def _serve(self, worker: _Worker) -> None:
        """Give one process a task after the other; in a thread of its own."""
        while (job := self._jobs.get()) is not None:
            if not job.future.set_running_or_notify_cancel():
                continue
            try:
                done, result = worker.do(job.call)
            except Exception as error:  # noqa: BLE001 (whoever waits is told)
                done, result = False, error
            if done:
                job.future.set_result(result)
            else:
                job.future.set_exception(result)


class _Worker:
    """A process that does what it is told, and is replaced when it is killed."""

    def __init__(self) -> None:
        self._busy = False
        self._stopped = False
        self._lock = threading.Lock()
        self._start()

    def do(self, call: bytes) -> tuple[bool, Any]:
        """Return whether a task was done, and its result, or what it raised.

        Raises:
            Killed: it ended every process that it was given to.
        """
        for _ in range(TRIES):
            with self._lock:
                if self._stopped:
                    break
                self._busy = True
            try:
                self._calls.send_bytes(call)
                said = self._calls.recv_bytes()
            except (EOFError, OSError):
                if not self._replace():
                    break
                continue
            with self._lock:
                self._busy = False
            done, result = pickle.loads(said)  # noqa: S301 (from a process of ours, not from a file)
            return done, result
        raise Killed

    def stop(self) -> None:
        """Kill the process if it is at work; it is not replaced."""
        with self._lock:
            self._stopped = True
            if self._busy:
                self._process.kill()

    def end(self, patience: float) -> None:
        """Let an idle process end by itself within some seconds, and kill it if it does not."""
        self._calls.close()
        self._process.join(max(0.0, patience))
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        self._process.close()

    def _replace(self) -> bool:
        """Start another process in the place of one that was killed; return whether it is still wanted."""
        with self._lock:
            self._calls.close()
            self._process.kill()
            self._process.join()
            if not self._stopped:
                self._process.close()
                self._start()
            return not self._stopped

    def _start(self) -> None:
        context = get_context("spawn")
        self._calls, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,), daemon=True)
        with _deaf():
            self._process.start()
        theirs.close()


@contextmanager
def _deaf() -> Iterator[None]:
    """Have what is started inside never hear of Ctrl-C: this process ends it."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# in a worker process -------------------------------------------------------------------------


def _work(calls: Connection) -> None:
    """Do one task after the other until there is nobody any more who gives them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # standard output belongs to the answer of the command
    if sys.platform != "win32":
        # Pyomo makes a lock when it is imported, and nothing here is ever forked. One of *spawn* has a name, and Python
        # would say on standard error that a process which was killed left it behind.
        multiprocessing.set_start_method("fork", force=True)
    _preload()
    with suppress(EOFError, OSError):
        while True:
            calls.send_bytes(_do(calls.recv_bytes()))


def _do(call: bytes) -> bytes:
    try:
        fn, args, kwargs = pickle.loads(call)  # noqa: S301 (from the parent process, not from a file)
        return pickle.dumps((True, fn(*args, **kwargs)))
    except Exception as error:  # noqa: BLE001 (whoever waits is told)
        error.add_note(f"in a worker process:\n{traceback.format_exc()}")
        with suppress(Exception):  # not every fault of others is fit to be pickled
            return pickle.dumps((False, error))
        return pickle.dumps((False, RuntimeError(traceback.format_exc())))


def _preload() -> None:
    """Import what every solve needs, and keep the garbage collector from looking through it ever after."""
    gc.disable()
    import_module("optimizer.session")  # by name: what is made of tasks may be given tasks itself
    gc.freeze()
    gc.enable()


def _end_with_parent() -> None:
    """End this process when the one is gone that started it, whatever it is doing."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

"""Processes that solve the points of a sweep beside this one, and what one point needs and gives.

Each process has a session of its own, which goes on from that of the first point: what is slack from
there on costs no solve in any of them. Points are dealt out in turn, so that which process solves
which does not depend on how quick it is: the same sweep with as many processes gives the same answer.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
from concurrent.futures import CancelledError, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, NamedTuple

from optimizer.errors import AuditFailure, NoPlan, SolverFailure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from multiprocessing.sharedctypes import Synchronized
    from multiprocessing.synchronize import Event

    from optimizer.results.interval import Progress
    from optimizer.results.plan import Plan
    from optimizer.session import Session
    from optimizer.sweep.points import Point

_SOLVED = ("cost", "proven", "bound", "seconds", "sizes", "solver", "versions")
"""What a reply holds of a solution, beside its plan."""


@dataclass(frozen=True, eq=False)
class Reply:
    """What a solve of a point gave: plain data that travels between processes."""

    number: int
    solves: int
    """Programs that were solved for it; 0 when its answer was known already."""
    plan: Plan | None = None
    proof: dict[str, Any] = field(default_factory=dict)
    """The other fields of the solution."""
    reason: str = ""
    """Why there is no plan."""
    impossible: bool = False
    """Whether it is proven that there is none."""


class Watch:
    """Notices Ctrl-C during a solve, and passes a stop on to a process that Ctrl-C does not reach."""

    def __init__(self, stop: Event | None = None) -> None:
        """Listen to an event that is set when all processes are to stop."""
        self.stopping = False
        self._stop = stop

    def __call__(self, progress: Progress) -> None:
        """Look whether to stop; called by the solver from time to time."""
        self.stopping |= progress.stopping
        if self._stop is not None and self._stop.is_set() and not self.stopping:
            signal.raise_signal(signal.SIGINT)
            self.stopping = True


def answer(session: Session, point: Point, watch: Watch) -> Reply:
    """Solve a point, as far as it is not known.

    Raises:
        KeyboardInterrupt: stopped before its proof; what was found so far is no answer.
        SolverFailure, AuditFailure: as of a solve, with the point's name.
    """
    before = session.solves
    try:
        solution = session.solve(point.instance)
    except NoPlan as none:
        if watch.stopping and not none.proven:
            raise KeyboardInterrupt from None
        return Reply(point.number, session.solves - before, reason=str(none), impossible=none.proven)
    except (SolverFailure, AuditFailure) as error:
        msg = f"{point.instance.title}: {error}"
        raise type(error)(msg) from None
    if watch.stopping and not solution.proven:
        raise KeyboardInterrupt
    proof = {name: getattr(solution, name) for name in _SOLVED}
    return Reply(point.number, session.solves - before, solution.account.plan, proof)


class SharedState(NamedTuple):
    """What all processes of a sweep see."""

    stop: Event
    """Set when all are to stop."""
    taken: Synchronized[int]
    """How many pieces of work were taken that are for whoever comes first."""

    def take(self, count: int = 1) -> int:
        """Take the next piece of work, or more of them; return its number, from 0."""
        with self.taken.get_lock():
            self.taken.value += count
            return self.taken.value - count


@dataclass
class Workers:
    """Processes that have started, and wait for work."""

    executors: list[ProcessPoolExecutor]
    shared_state: SharedState

    @classmethod
    def start(cls, jobs: int) -> Workers:
        """Start processes; each needs a second or so to be ready, and is not waited for."""
        context = get_context("spawn")
        shared_state = SharedState(context.Event(), context.Value("i", 0))
        executors = [
            ProcessPoolExecutor(1, context, initializer=_initialise, initargs=(shared_state,)) for _ in range(jobs)
        ]
        for executor in executors:
            executor.submit(_preload)
        return cls(executors, shared_state)

    def shutdown(self) -> None:
        """End all processes, with what they are doing."""
        self.shared_state.stop.set()
        for executor in self.executors:
            executor.shutdown(wait=True, cancel_futures=True)


def run_in_parallel(workers: Workers, session: Session, points: Sequence[Point], watch: Watch) -> Iterator[Reply]:
    """Yield the replies of all points, those of this process and of the workers as they come.

    Raises:
        KeyboardInterrupt: after the replies that had come by then.
        SolverFailure, AuditFailure: a point failed, or a process was killed; likewise.
    """
    waiting: list[Future[Reply | None]] = []
    told: set[Future[Reply | None]] = set()
    count = len(workers.executors) + 1
    try:
        for worker, executor in enumerate(workers.executors):
            mine = points[worker::count]
            executor.submit(_assign, pickle.dumps((session, {point.number: point for point in mine})))
            waiting += [executor.submit(_answer, point.number) for point in mine]
        for point in points[len(workers.executors) :: count]:  # no more than any other: this one takes up replies too
            yield answer(session, point, watch)
            for future in waiting:
                if future.done() and future not in told:
                    told.add(future)
                    yield _read_reply(future)
        for future in as_completed(future for future in waiting if future not in told):
            told.add(future)
            yield _read_reply(future)
    except (KeyboardInterrupt, BrokenProcessPool, SolverFailure, AuditFailure) as error:
        workers.shutdown()
        yield from _collect(future for future in waiting if future not in told)
        if isinstance(error, BrokenProcessPool):
            msg = "a process of the sweep was killed, perhaps because it ran out of memory; try fewer --jobs"
            raise SolverFailure(msg) from None
        raise


def _read_reply(future: Future[Reply | None]) -> Reply:
    reply = future.result()
    if reply is None:
        raise KeyboardInterrupt
    return reply


def _collect(futures: Iterable[Future[Reply | None]]) -> Iterator[Reply]:
    """Yield the replies that have come, whatever became of the others."""
    for future in futures:
        try:
            reply = future.result(timeout=0)
        except (CancelledError, TimeoutError, BrokenProcessPool, SolverFailure, AuditFailure):
            continue
        if reply is not None:
            yield reply


# in a worker process -------------------------------------------------------------------------


@dataclass
class _WorkerState:
    """What a worker process works on; each has one."""

    session: Session
    points: dict[int, Point]
    watch: Watch


_shared_states: list[SharedState] = []
_worker_states: list[_WorkerState] = []


def _initialise(there: SharedState) -> None:
    """Prepare a worker process; Ctrl-C is heeded within a solve only, and the parent stops the rest."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _shared_states[:] = [there]


def _preload() -> None:
    """Import what every solve needs, and keep the garbage collector from looking through it ever after."""
    gc.disable()
    import optimizer.session  # noqa: F401

    gc.freeze()
    gc.enable()


def shared_state() -> SharedState:
    """Return what all processes see; in a worker process."""
    return _shared_states[0]


def _assign(work: bytes) -> None:
    """Take up points, and what is known of them."""
    session, points = pickle.loads(work)  # noqa: S301 (from the parent process, not from a file)
    watch = Watch(shared_state().stop)
    session.settings = replace(session.settings, watch=watch)
    _worker_states[:] = [_WorkerState(session, points, watch)]


def _answer(number: int) -> Reply | None:
    """Answer one point, or return None when all are to stop."""
    if shared_state().stop.is_set():
        return None
    worker_state = _worker_states[0]
    try:
        return answer(worker_state.session, worker_state.points[number], worker_state.watch)
    except KeyboardInterrupt:
        return None


def processors() -> int:
    """Return how many processes run at once on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

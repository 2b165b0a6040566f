"""Processes that solve the points of a sweep side by side, and what one point needs and gives.

Each process has a study of its own, which goes on from that of the first point: what is slack from
there on costs no solve in any of them. Points are dealt out in turn, so that which process solves
which does not hang on how quick it is: the same sweep with as many processes gives the same answer.
"""

from __future__ import annotations

import os
import pickle
import signal
from concurrent.futures import CancelledError, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from optimizer.errors import AuditFailure, NoPlan, SolverFailure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from multiprocessing.synchronize import Event

    from optimizer.bounds import Interval, Progress
    from optimizer.plan import Plan
    from optimizer.study import Study
    from optimizer.sweep.points import Point

_SOLVED = ("proven", "bound", "seconds", "sizes", "solver", "versions")
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


def answer(study: Study, point: Point, watch: Watch) -> Reply:
    """Solve a point, as far as it is not known.

    Raises:
        KeyboardInterrupt: stopped before its proof; what was found so far is no answer.
        SolverFailure, AuditFailure: as of a solve, with the point's name.
    """
    before = study.solves
    try:
        solution = study.solve(point.instance, _learn_the_bound)
    except NoPlan as none:
        if watch.stopping and not none.proven:
            raise KeyboardInterrupt from None
        return Reply(point.number, study.solves - before, reason=str(none), impossible=none.proven)
    except (SolverFailure, AuditFailure) as error:
        msg = f"{point.instance.title}: {error}"
        raise type(error)(msg) from None
    if watch.stopping and not solution.proven:
        raise KeyboardInterrupt
    proof = {name: getattr(solution, name) for name in _SOLVED}
    return Reply(point.number, study.solves - before, solution.account.plan, proof)


def _learn_the_bound(_: Interval) -> None:
    """Make a study look at the linear relaxation first, which often proves the plan of a similar point."""


def side_by_side(study: Study, points: Sequence[Point], jobs: int) -> Iterator[Reply]:
    """Yield the replies of all points, in the order in which they come, from `jobs` processes.

    Raises:
        KeyboardInterrupt: after the replies that had come by then.
        SolverFailure: a process was killed; likewise.
    """
    context = get_context("spawn")
    stop = context.Event()
    crew: list[ProcessPoolExecutor] = []
    waiting: list[Future[Reply | None]] = []
    for worker in range(jobs):
        mine = points[worker::jobs]
        work = pickle.dumps((study, {point.number: point for point in mine}))
        crew.append(ProcessPoolExecutor(1, context, initializer=_arrive, initargs=(work, stop)))
        waiting += [crew[-1].submit(_answer, point.number) for point in mine]
    told: set[Future[Reply | None]] = set()
    try:
        for future in as_completed(waiting):
            reply = _told(future)
            told.add(future)
            yield reply
    except (KeyboardInterrupt, BrokenProcessPool, SolverFailure, AuditFailure) as error:
        stop.set()
        _send_home(crew)
        yield from _come(future for future in waiting if future not in told)
        if isinstance(error, BrokenProcessPool):
            msg = "a process of the sweep was killed, perhaps because it ran out of memory; try fewer --jobs"
            raise SolverFailure(msg) from None
        raise
    finally:
        stop.set()
        _send_home(crew)


def _told(future: Future[Reply | None]) -> Reply:
    reply = future.result()
    if reply is None:
        raise KeyboardInterrupt
    return reply


def _send_home(crew: Iterable[ProcessPoolExecutor]) -> None:
    for executor in crew:
        executor.shutdown(wait=True, cancel_futures=True)


def _come(futures: Iterable[Future[Reply | None]]) -> Iterator[Reply]:
    """Yield the replies that have come, whatever became of the others."""
    for future in futures:
        try:
            reply = future.result(timeout=0)
        except (CancelledError, TimeoutError, BrokenProcessPool, SolverFailure, AuditFailure):
            continue
        if reply is not None:
            yield reply


# in a process of the crew -------------------------------------------------------------------------


@dataclass
class _Desk:
    """What a process of the crew works on; each has one."""

    study: Study
    points: dict[int, Point]
    watch: Watch
    stop: Event


_desk: list[_Desk] = []


def _arrive(work: bytes, stop: Event) -> None:
    """Take up the work; Ctrl-C is heeded within a solve only, and the parent tells the rest."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    study, points = pickle.loads(work)  # noqa: S301 (from the parent process, not from a file)
    watch = Watch(stop)
    study.settings = replace(study.settings, watch=watch)
    _desk[:] = [_Desk(study, points, watch, stop)]


def _answer(number: int) -> Reply | None:
    """Answer one point, or return None when all are to stop."""
    desk = _desk[0]
    if desk.stop.is_set():
        return None
    try:
        return answer(desk.study, desk.points[number], desk.watch)
    except KeyboardInterrupt:
        return None


def processors() -> int:
    """Return how many processes run at once on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

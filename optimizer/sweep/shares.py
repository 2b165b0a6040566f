"""The first point of a sweep, solved by all processes at once: each takes the next part that none has taken.

Which process takes a part depends on how quick it is; what is found for the part does not, as each is solved
from nothing and within a share of the gap that is dealt out beforehand.
"""

from __future__ import annotations

import math
import pickle
import time
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from models.formulation.components import parts
from optimizer.errors import LodeplanError
from optimizer.programs.incumbent import Incumbent
from optimizer.programs.program import Program
from optimizer.session import Session
from optimizer.solver.deadline import Deadline
from optimizer.sweep.workers import Reply, Watch, answer, shared_state

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from optimizer.results.solution import Settings
    from optimizer.sweep.points import Point
    from optimizer.sweep.workers import SharedState, Workers


class Share(NamedTuple):
    """A part to be solved by itself."""

    program: Program
    allowance: float
    """Gap that its plan may leave [currency]."""


def answer_together(workers: Workers, session: Session, point: Point, watch: Watch) -> Reply:
    """Solve a point of which nothing is known, its parts side by side; raises what `answer` raises.

    What goes wrong with a part is left to the session to find out, which then solves the point alone.
    """
    solves, start = session.solves, time.perf_counter()
    with suppress(BrokenProcessPool):
        for found in _collect_answers(workers, shares_of(point.instance, session.settings.gap), session.settings):
            session.learn(found)
    reply = answer(session, point, watch)
    took = {"seconds": time.perf_counter() - start} if reply.proof else {}
    return replace(reply, solves=session.solves - solves, proof=reply.proof | took)


def shares_of(instance: EnforcedInstance, gap: float) -> list[Share]:
    """Return the parts of an instance, those with most integers first, each with its share of a relative gap.

    The gap of the sum, reckoned from the linear relaxations, goes by the number of integers, as these are what
    a proof waits for. An instance of one part is not shared, nor one of which a relaxation has no optimum.
    """
    pieces = parts(instance)
    if len(pieces) == 1:
        return []
    with Deadline() as deadline:
        incumbents = [Incumbent(Program(part)) for part in pieces]
        allowed = gap * abs(sum(incumbent.relax(deadline).bound for incumbent in incumbents))
    if deadline.stopping:
        raise KeyboardInterrupt
    if not math.isfinite(allowed):
        return []
    programs = [incumbent.program for incumbent in incumbents]
    weights = [1 + int(program.matrix.integer.sum()) for program in programs]
    order = sorted(range(len(programs)), key=lambda i: -weights[i])
    return [Share(programs[i], allowed * weights[i] / sum(weights)) for i in order]


def _collect_answers(workers: Workers, shares: list[Share], settings: Settings) -> list[Session]:
    """Return what this process and the workers learn of all parts; nothing when a part has no plan or fails."""
    work = pickle.dumps((shares, replace(settings, watch=None)))
    waiting = [executor.submit(_help, work) for executor in workers.executors]
    found = _solve_shares(shares, settings, workers.shared_state)
    coming = as_completed(waiting)
    while len(found) < len(shares) and (future := next(coming, None)) is not None:
        found += future.result()
    return found if len(found) == len(shares) else []


def _solve_shares(shares: list[Share], settings: Settings, here: SharedState) -> list[Session]:
    """Take shares while there are any, and return a session of each."""
    found = []
    while (number := here.take()) < len(shares):
        session = Session(settings)
        has_plan = False
        with suppress(LodeplanError):
            session.solve_part(*shares[number])
            has_plan = True
        if session.interrupted:
            raise KeyboardInterrupt
        if not has_plan:
            here.take(len(shares))
            break
        found.append(session)
    return found


def _help(work: bytes) -> list[Session]:
    """Take shares beside the parent, in a worker process."""
    shares, settings = pickle.loads(work)  # noqa: S301 (from the parent process, not from a file)
    try:
        return _solve_shares(shares, replace(settings, watch=Watch(shared_state().stop)), shared_state())
    except KeyboardInterrupt:
        return []

"""The first point of a sweep, solved by all processes at once: each takes the next part that none has taken.

Which process takes a part hangs on how quick it is; what is found for the part does not, as each is solved
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
from optimizer.programs.program import Program
from optimizer.programs.warm_start import Attempt
from optimizer.session import Study
from optimizer.solver.deadline import Patience
from optimizer.sweep.workers import Reply, Watch, answer, board

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.solution import Settings
    from optimizer.sweep.points import Point
    from optimizer.sweep.workers import Board, Crew


class Share(NamedTuple):
    """A part to be solved by itself."""

    program: Program
    allowance: float
    """Gap that its plan may leave [currency]."""


def answer_together(crew: Crew, study: Study, point: Point, watch: Watch) -> Reply:
    """Solve a point of which nothing is known, its parts side by side; raises what `answer` raises.

    What goes wrong with a part is left to the study to find out, which then solves the point alone.
    """
    solves, start = study.solves, time.perf_counter()
    with suppress(BrokenProcessPool):
        for found in _found(crew, shares_of(point.instance, study.settings.gap), study.settings):
            study.learn(found)
    reply = answer(study, point, watch)
    took = {"seconds": time.perf_counter() - start} if reply.proof else {}
    return replace(reply, solves=study.solves - solves, proof=reply.proof | took)


def shares_of(instance: Instance, gap: float) -> list[Share]:
    """Return the parts of an instance, those with most integers first, each with its share of a relative gap.

    The gap of the sum, reckoned from the linear relaxations, goes by the number of integers, as these are what
    a proof waits for. An instance of one part is not shared, nor one of which a relaxation has no optimum.
    """
    pieces = parts(instance)
    if len(pieces) == 1:
        return []
    with Patience() as patience:
        attempts = [Attempt(Program(part)) for part in pieces]
        allowed = gap * abs(sum(attempt.relax(patience).bound for attempt in attempts))
    if patience.stopping:
        raise KeyboardInterrupt
    if not math.isfinite(allowed):
        return []
    programs = [attempt.program for attempt in attempts]
    weights = [1 + int(program.matrix.integer.sum()) for program in programs]
    order = sorted(range(len(programs)), key=lambda i: -weights[i])
    return [Share(programs[i], allowed * weights[i] / sum(weights)) for i in order]


def _found(crew: Crew, shares: list[Share], settings: Settings) -> list[Study]:
    """Return what this process and the crew learn of all parts; nothing when a part has no plan or fails."""
    work = pickle.dumps((shares, replace(settings, watch=None)))
    waiting = [executor.submit(_help, work) for executor in crew.executors]
    found = _solved(shares, settings, crew.board)
    coming = as_completed(waiting)
    while len(found) < len(shares) and (future := next(coming, None)) is not None:
        found += future.result()
    return found if len(found) == len(shares) else []


def _solved(shares: list[Share], settings: Settings, here: Board) -> list[Study]:
    """Take shares while there are any, and return a study of each."""
    found = []
    while (number := here.take()) < len(shares):
        study = Study(settings)
        has_plan = False
        with suppress(LodeplanError):
            study.solve_part(*shares[number])
            has_plan = True
        if study.interrupted:
            raise KeyboardInterrupt
        if not has_plan:
            here.take(len(shares))
            break
        found.append(study)
    return found


def _help(work: bytes) -> list[Study]:
    """Take shares beside the parent, in a process of the crew."""
    shares, settings = pickle.loads(work)  # noqa: S301 (from the parent process, not from a file)
    try:
        return _solved(shares, replace(settings, watch=Watch(board().stop)), board())
    except KeyboardInterrupt:
        return []

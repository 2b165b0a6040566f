"""Lay a base: solve the parts of an instance, side by side where nothing ties them, and keep what was found for each.

Everything that is solved from a base starts from exactly this, on whichever machine and in whichever order. So what a
base knows of a part is plain data, the same whether the part was solved here, elsewhere, or in an earlier run.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from models.formulation.components import parts
from optimizer import __version__
from optimizer.errors import AuditFailure, NoPlan
from optimizer.programs.incumbent import Incumbent
from optimizer.programs.program import Program
from optimizer.results.solution import EMBEDDED
from optimizer.session import Session
from optimizer.solver.deadline import Deadline
from optimizer.solver.outer_approximation.minimise import holds
from optimizer.versions import version_of
from optimizer.work.journal import key_of
from optimizer.work.task import SharedState, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from optimizer.memory import Learned
    from optimizer.results.solution import Settings
    from optimizer.work.runner import TaskRunner


class Base(NamedTuple):
    """Where related instances are solved from."""

    session: Session
    """Knows the parts."""
    shared: SharedState
    """The same, as it travels."""
    solves: int
    """Programs that were solved for them."""
    key: str
    """What it was made from: its instance, and how it was solved."""

    def key_of(self, question: str, *asked: object) -> str:
        """Return by what the answer to a question that is asked of it stands in a journal."""
        return key_of(self.key, question, *asked)


def why_alone(instance: Instance, settings: Settings) -> str:
    """Say why the parts of an instance are not solved side by side; nothing where they are.

    What follows plans in scenarios is solved side by side in any case.
    """
    enforced = settings.enforce(instance)
    why = _why_alone(enforced, settings)
    return f"{why}, but for what plans do in scenarios" if why and enforced.foreseen else why


def _why_alone(enforced: EnforcedInstance, settings: Settings) -> str:
    if settings.time_limit is not None:
        return "all parts share one time limit, so one process solves them"
    if settings.solver != EMBEDDED:
        return f"one process solves with {settings.solver}"
    if len(parts(enforced)) == 1:
        return "limits or lanes tie all materials of the instance, so one process solves it"
    return ""


class Share(NamedTuple):
    """A part to be solved by itself."""

    program: Program
    allowance: float
    """Gap that its plan may leave [currency]."""


def solve_base(instance: Instance, settings: Settings, runner: TaskRunner) -> Base:
    """Return an instance as a base, its parts solved by a runner as far as no journal knows them.

    An instance in one piece is solved in this process, and so is one for which time is limited (the parts would have to
    share it) or that another solver is to solve.

    Raises:
        SolverFailure, AuditFailure: as of a solve.
        KeyboardInterrupt: interrupted before the proof.

    """
    enforced, settings = settings.enforce(instance), replace(settings, watch=None, stop=None)
    pieces = parts(enforced)
    key = key_of_base(enforced, settings)
    keys = [key_of(key, "part", number) for number in range(len(pieces))]
    recalled = [runner.recall(part) for part in keys]
    known, programs = [found for found in recalled if found is not None], dict[int, Program]()
    if len(known) < len(pieces):
        known, programs = _solve_parts(enforced, pieces, keys, settings, runner)
    session = Session(settings)
    for i, (piece, found) in enumerate(zip(pieces, known, strict=True)):
        program = programs[i] if i in programs else Program(piece)
        if recalled[i] is not None and not _fits(program, found):
            msg = f"what the journal holds of {piece.name} is no plan of it; remove the journal"
            raise AuditFailure(msg)
        session.memory.learn(program, found, settings.gap)
    return Base(session, SharedState(session), sum(found.solves for found in known), key)


def _solve_parts(
    instance: EnforcedInstance,
    pieces: Sequence[EnforcedInstance],
    keys: Sequence[str],
    settings: Settings,
    runner: TaskRunner,
) -> tuple[list[Learned], dict[int, Program]]:
    """Return what is found for each part, by its key in the journal, and the programs of those that were built here."""
    shares = [] if why_alone(instance, settings) else share_out(pieces, settings.gap)
    if not shares:
        known, programs = _solve_here(instance, pieces, settings, runner)
        for key, found in zip(keys, known, strict=True):
            runner.keep(key, found)
        return known, programs
    tasks = [Task(share, key, share.program.part.name) for share, key in zip(shares, keys, strict=True)]
    tasks.sort(key=lambda task: -_integers(task.own.program))
    answers = {task.key: found for task, found in runner.answers(solve_share, SharedState(settings), tasks)}
    return [answers[key] for key in keys], {i: share.program for i, share in enumerate(shares)}


def share_out(pieces: Sequence[EnforcedInstance], gap: float) -> list[Share]:
    """Return parts as shares, each with its share of a relative gap of their sum.

    The gap of the sum, reckoned from the linear relaxations, goes by the number of integers, as these are what
    a proof waits for. Nothing is shared where a relaxation has no optimum.
    """
    with Deadline() as deadline:
        incumbents = [Incumbent(Program(piece)) for piece in pieces]
        allowed = gap * abs(sum(incumbent.relax(deadline).bound for incumbent in incumbents))
    if deadline.stopping:
        raise KeyboardInterrupt
    if not math.isfinite(allowed):
        return []
    programs = [incumbent.program for incumbent in incumbents]
    weights = [1 + _integers(program) for program in programs]
    return [Share(program, allowed * weight / sum(weights)) for program, weight in zip(programs, weights, strict=True)]


def solve_share(settings: Settings, share: Share) -> Learned:
    """Solve one part by itself, from nothing; a task."""
    return Session(settings).solve_part(*share)


def _solve_here(
    instance: EnforcedInstance, pieces: Sequence[EnforcedInstance], settings: Settings, runner: TaskRunner
) -> tuple[list[Learned], dict[int, Program]]:
    """Solve an instance as a whole; return what was learned of its parts, and the programs of those that were built.

    All programs that were solved are counted for the first part.
    """
    session, proven = Session(settings), True
    session.runner = runner
    try:
        proven = session.learn(instance)
    except NoPlan as none:
        proven = none.proven
    if session.interrupted and not proven:
        raise KeyboardInterrupt
    counts = [session.solves] + [0] * (len(pieces) - 1)
    known = [session.memory.learned_of(piece, count) for piece, count in zip(pieces, counts, strict=True)]
    return known, dict(_programs_of(session, pieces))


def _programs_of(session: Session, pieces: Sequence[EnforcedInstance]) -> Iterator[tuple[int, Program]]:
    for i, piece in enumerate(pieces):
        last = session.last_of(piece)
        if last is not None and last.program.part == piece:
            yield i, last.program


def _fits(program: Program, found: Learned) -> bool:
    """Whether what a journal holds of a part is a plan of its program, as this version builds it."""
    values = found.values
    return values is None or (values.shape == program.matrix.cost.shape and holds(program.matrix, values))


def key_of_base(instance: EnforcedInstance, settings: Settings) -> str:
    """Return the key of what an answer depends on beside what is asked."""
    versions = {"lodeplan": __version__, "highspy": version_of("highspy")}
    how = settings.gap, settings.solver, settings.time_limit, settings.calm, settings.draws
    return key_of(versions, instance.digest, *how)


def _integers(program: Program) -> int:
    return int(program.matrix.integer.sum())

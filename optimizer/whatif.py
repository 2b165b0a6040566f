"""What if: an instance solved as it is, and again with changes, in one session."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from models.enforcement import enforce
from models.records.wording import list_some
from optimizer.base.reply import Question, solve_from
from optimizer.base.solve import solve_base
from optimizer.errors import InputError, NoPlan
from optimizer.notes import foresight, list_notes
from optimizer.stress.survival import add_survival
from optimizer.work.task import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from optimizer.base.reply import Reply
    from optimizer.results.interval import Interval
    from optimizer.results.solution import Settings, Solution
    from optimizer.session import Session
    from optimizer.work.runner import TaskRunner

Status = Literal["proven", "stopped", "no plan", "none found", "not solved"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What comes of one set of changes."""

    name: str
    instance: EnforcedInstance
    """The instance as changed."""
    solution: Solution | None
    """None when there is no plan, none was found, or it was not solved."""
    why_not: NoPlan | None = None
    """Why there is no plan; None when there is one, or after an interrupt that came before this solve."""

    @property
    def status(self) -> Status:
        """How far this is known; *no plan* is proven, *none found* is not."""
        if self.solution is not None:
            return "proven" if self.solution.proven else "stopped"
        if self.why_not is None:
            return "not solved"
        return "no plan" if self.why_not.proven else "none found"


def whatif(
    instance: Instance,
    changed: Mapping[str, Instance],
    session: Session,
    tell: Callable[[str, Interval], None] = lambda *_: None,
) -> Iterator[Outcome]:
    """Yield what comes of an instance as it is (without a name), then of each changed one by its name.

    Only the parts that a change touches are solved again, from what the session knows of them. `tell` is called
    with a name and the interval in which its least cost lies, before what is not known is solved; the solve
    goes on from there, so that nobody listening is no reason for another plan. After an interrupt the solve
    at hand gives its best plan; of several changed instances the rest is not solved. What stays covered when a country
    stops is found beside a single changed instance only.

    Raises:
        SolverFailure, AuditFailure, KeyboardInterrupt: as `Session.solve`.

    """
    alone = len(changed) == 1
    yield _outcome(session, "", instance, None, survival=alone)
    for name, after in changed.items():
        if session.interrupted and not alone:
            yield Outcome(name, enforce(after), None)
        else:
            yield _outcome(session, name, after, partial(tell, name), survival=alone)


def whatif_parallel(
    runner: TaskRunner, instance: Instance, changed: Mapping[str, Instance], settings: Settings
) -> Iterator[Outcome]:
    """Yield what `whatif` does, every instance solved by a runner from the one as it is, each by itself.

    After an interrupt those that are not solved yet are yielded as such.

    Raises:
        SolverFailure, AuditFailure: as of a solve.
        KeyboardInterrupt: interrupted before the instance as it is was solved.

    """
    asked = {"": settings.enforce(instance)} | {name: settings.enforce(after) for name, after in changed.items()}
    base = solve_base(asked[""], settings, runner)
    keys = {name: base.key_of("solve", one.digest) for name, one in asked.items()}
    tasks = {keys[name]: Task(Question(one), keys[name], name or one.title) for name, one in asked.items()}
    replies: dict[str, Reply] = {}
    with suppress(KeyboardInterrupt):
        for task, reply in runner.answers(solve_from, base.shared, tasks.values()):
            replies[task.key] = reply
    for name, one in asked.items():
        if keys[name] not in replies:
            yield Outcome(name, one, None)
            continue
        try:
            yield Outcome(name, one, replies[keys[name]].solution(one))
        except NoPlan as none:
            yield Outcome(name, one, None, none)


def check_grid(workers: object, journal: object, *, grid: bool) -> None:
    """Raise InputError when somebody is asked to do what one process does."""
    given = "--workers" if workers is not None else "--journal"
    if not grid and (workers, journal) != (None, None):
        raise InputError([f"{given}: is for several cases (--grid); one set of changes is solved in this process"])


def list_case_notes(
    instance: Instance, changed: Mapping[str, EnforcedInstance], idle: Mapping[str, Sequence[str]]
) -> list[str]:
    """Return what is worth a note in an instance as it is, then what each case by its name adds.

    `idle` says by the names of cases which of their changes change nothing.
    """
    before = list_notes(enforce(instance))
    added: dict[str, list[str]] = {}
    for name, after in changed.items():
        of_changes = [f"{where} changes nothing" for where in idle[name]]
        for note in (*of_changes, *foresight(instance, after), *list_notes(after)):
            if note not in before:
                added.setdefault(note, []).append(name)
    return [*before, *(f"{list_some(names)}: {note}" for note, names in added.items())]


def _outcome(
    session: Session, name: str, instance: Instance, tell: Callable[[Interval], None] | None, *, survival: bool
) -> Outcome:
    enforced = session.settings.enforce(instance)
    try:
        solution = session.solve(enforced, tell)
    except NoPlan as none:
        return Outcome(name, enforced, None, none)
    return Outcome(name, enforced, add_survival(solution) if survival else solution)

"""What is solved from a base does not depend on who solves it, nor on what was solved before."""

from __future__ import annotations

import json
import random
import signal
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest

from models.enforcement import enforce
from models.formulation.components import parts
from models.limits.budget_cap import BudgetCap
from models.limits.hhi_cap import HhiCap
from optimizer.base import solve
from optimizer.base.open_runner import open_runner
from optimizer.base.reply import Question, solve_from
from optimizer.base.solve import share_out, solve_base
from optimizer.errors import AuditFailure
from optimizer.requests import Requests
from optimizer.results.solution import settings_of
from optimizer.session import Session
from optimizer.solver import highs
from optimizer.work.plain import to_plain
from optimizer.work.runner import TaskRunner
from optimizer.work.task import Task
from optimizer.work.workers import Workers
from tests.cli.command import bundled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from models.enforcement import EnforcedInstance

TUTORIAL, BATTERY = (enforce(bundled(name)) for name in ("tutorial-lithium-cobalt", "us-battery-2027"))
_HHI = HhiCap(name="spread", count="country", basis="control", stages=("refined",), max_hhi=0.9, hard=True)
_BUDGET = BudgetCap(name="purse", max_cost=1e12, hard=True)
SPREAD = TUTORIAL.model_copy(update={"limits": (*TUTORIAL.limits, _HHI)})
ASKED = (
    "cap refined/*:CN=40%",
    "cap refined/*:CN=10%",
    "price *=+20%",
    "demand *=-10%",
    "ban CN",
    "cap mined/*:CD=30%",
)


class Shuffled(Workers):
    """Does nothing until all that it is to do is given, and then does it in another order."""

    count = 1
    room = 0

    def __init__(self, expected: int) -> None:
        self.room = expected
        self._given: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._given.append((future, lambda: fn(*args, **kwargs)))
        if len(self._given) >= self.room:
            random.Random(3).shuffle(self._given)  # noqa: S311 (any order does)
            for waiting, action in self._given:
                waiting.set_result(action())
            self._given = []
            self.room = 1
        return future


def asked_of(instance: EnforcedInstance) -> list[EnforcedInstance]:
    return [Requests(texts=(text,)).apply_to(instance) for text in ASKED]


def answers(instance: EnforcedInstance, runner: TaskRunner, workers: Workers | None = None) -> str:
    """Return all that is found, to the last bit, but for what a clock says."""
    base = solve_base(instance, settings_of(instance), runner)
    tasks = [Task(Question(one), base.key_of("solve", one.digest), one.title) for one in asked_of(instance)]
    runner = runner if workers is None else TaskRunner(workers)
    found = {task.key: to_plain(reply) for task, reply in runner.answers(solve_from, base.shared, tasks)}
    for reply in found.values():
        reply["Reply"]["proof"] = [pair for pair in reply["Reply"]["proof"]["dict"] if pair[0] != "seconds"]
    return json.dumps(found, sort_keys=True)


@pytest.mark.parametrize("instance", [TUTORIAL, BATTERY, SPREAD], ids=["tutorial", "battery", "spread"])
def test_answers_are_the_same_bit_for_bit_here_in_processes_and_in_any_order(instance: EnforcedInstance) -> None:
    here = answers(instance, TaskRunner())
    assert answers(instance, TaskRunner(), Shuffled(len(ASKED))) == here
    with open_runner(2) as runner:
        assert answers(instance, runner) == here


def test_what_stands_in_a_journal_gives_the_same_bits_without_a_solve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_runner(None, journal=tmp_path / "journal") as runner:
        first = answers(BATTERY, runner)
    with open_runner(None, journal=tmp_path / "journal") as runner:
        before = (tmp_path / "journal").read_bytes()
        with monkeypatch.context() as patched:
            patched.setattr(Session, "_improve", lambda *_: pytest.fail("solved again"))
            patched.setattr(highs, "run", lambda *_: pytest.fail("solved again"))
            assert answers(BATTERY, runner) == first
        assert (tmp_path / "journal").read_bytes() == before


def test_a_new_question_to_a_base_that_was_read_has_the_same_answer(tmp_path: Path) -> None:
    for instance in (BATTERY, SPREAD, BATTERY.model_copy(update={"limits": (*BATTERY.limits, _BUDGET)})):
        with open_runner(None, journal=tmp_path / f"{len(instance.limits)}") as runner:
            solve_base(instance, settings_of(instance), runner)
            read = answers(instance, TaskRunner(journal=runner.journal))
        assert read == answers(instance, TaskRunner())


def test_what_a_journal_holds_and_does_not_fit_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "key_of_base", lambda *_: "as by a version that builds other programs")
    less = Requests(texts=("demand *=-50%",)).apply_to(TUTORIAL)
    with open_runner(None, journal=tmp_path / "journal") as runner:
        base = solve_base(TUTORIAL, settings_of(TUTORIAL), runner)
        reply = next(iter(runner.answers(solve_from, base.shared, [Task(Question(TUTORIAL), "key", "")])))[1]
        with pytest.raises(AuditFailure, match=r"^what the journal holds of \w+ is no plan of it; remove the journal$"):
            solve_base(less, settings_of(less), runner)
    assert reply.solution(TUTORIAL).proven
    with pytest.raises(AuditFailure, match="does not hold when it is recounted"):
        reply.solution(less)
    with pytest.raises(AuditFailure, match="is none of this instance; remove the journal that it stands in"):
        reply.solution(BATTERY)


def test_an_instance_in_one_piece_is_a_base_too(tmp_path: Path) -> None:
    tied = BATTERY.model_copy(update={"limits": (*BATTERY.limits, _BUDGET)})
    assert len(parts(tied)) == 1
    with open_runner(None, journal=tmp_path / "journal") as runner:
        first = answers(tied, runner)
    with open_runner(None, journal=tmp_path / "journal") as runner:
        lines = (tmp_path / "journal").read_bytes()
        assert answers(tied, runner) == first
        assert (tmp_path / "journal").read_bytes() == lines


@pytest.mark.parametrize("gap", [0.0, 0.01, 0.1])
def test_parts_within_their_shares_are_within_the_gap_together(gap: float) -> None:
    settings = settings_of(BATTERY, gap=gap)
    shares = share_out(parts(BATTERY), gap)
    base = solve_base(BATTERY, settings, TaskRunner())
    assert base.solves == len(shares) == 5
    task = Task(Question(BATTERY), "key", "as it is")
    reply = next(iter(TaskRunner().answers(solve_from, base.shared, [task])))[1]
    assert reply.proof["proven"]
    assert reply.solves == 0
    assert sum(share.allowance for share in shares) <= gap * reply.proof["cost"] * (1 + 1e-9)


def test_ctrl_c_ends_what_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    run, runs = highs.run, []

    def pressed(*args: Any) -> None:
        runs.append(1)
        if len(runs) == 7:  # five relaxations, then a part of which no plan is known
            signal.raise_signal(signal.SIGINT)
        run(*args)

    monkeypatch.setattr(highs, "run", pressed)
    with pytest.raises(KeyboardInterrupt):
        solve_base(BATTERY, settings_of(BATTERY, gap=0.0), TaskRunner())
    assert len(runs) < 12

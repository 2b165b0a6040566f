"""Tasks are done once, by whoever is there, and nothing that is done is lost."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from optimizer.errors import NoPlan, SolverFailure
from optimizer.work import task as tasks_of_workers
from optimizer.work.journal import Journal
from optimizer.work.processes import ProcessExecutor
from optimizer.work.runner import TaskRunner
from optimizer.work.task import SharedState, Task
from optimizer.work.workers import SerialExecutor
from tests.cli.command import launched
from tests.work import deeds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def pair() -> Iterator[ProcessExecutor]:
    """Return two processes."""
    with ProcessExecutor(2) as processes:
        yield processes


def tasks(count: int) -> list[Task[Any]]:
    return [Task(number, f"key {number}", f"task {number}") for number in range(count)]


def test_processes_answer_what_this_process_answers(pair: ProcessExecutor) -> None:
    for runner in (TaskRunner(), TaskRunner(pair)):
        found = {task.own: answer for task, answer in runner.answers(deeds.double, SharedState(0.1), tasks(20))}
        assert found == {number: 2 * (0.1 + number) for number in range(20)}


def test_a_ground_travels_once_to_each_process(pair: ProcessExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []
    give = TaskRunner._give

    def count(self: TaskRunner, *args: object, ship: bool) -> object:
        sent.append(ship)
        return give(self, *args, ship=ship)  # type: ignore[arg-type]

    monkeypatch.setattr(TaskRunner, "_give", count)
    answers = [*TaskRunner(pair).answers(deeds.double, SharedState(float(os.getpid())), tasks(40))]
    assert len(answers) == 40
    assert 1 <= sum(sent) < 10  # until a process has it, it may have been given some tasks more


def test_a_process_that_is_killed_is_replaced_and_its_task_given_again(pair: ProcessExecutor, tmp_path: Path) -> None:
    found = [answer for _, answer in TaskRunner(pair).answers(deeds.die_first, SharedState(tmp_path), tasks(6))]
    assert sorted(found) == list(range(6))


def test_a_task_that_kills_every_process_is_given_up_and_told(pair: ProcessExecutor) -> None:
    with pytest.raises(SolverFailure, match=r"^task 0: its process was killed 3 times, perhaps because it ran out of"):
        list(TaskRunner(pair).answers(deeds.die, SharedState(None), tasks(1)))
    assert pair.submit(os.getpid).result() != os.getpid()


def test_what_a_task_raises_comes_back_with_the_place_where_it_was_raised(pair: ProcessExecutor) -> None:
    with pytest.raises(ValueError, match="so it is") as raised:
        list(TaskRunner(pair).answers(deeds.fail, SharedState(None), [Task("so it is", "key", "a task")]))
    assert "deeds.py" in raised.value.__notes__[0]
    future = pair.submit(NoPlan, "there is none", proven=True)
    assert future.result().proven


def test_work_that_is_ended_ends_at_once(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with ProcessExecutor(2) as processes:
        assert processes.submit(os.getpid).result() > 0
        waiting = [processes.submit(deeds.sleep, None, 60.0) for _ in range(8)]
        while not waiting[0].running():
            time.sleep(0.01)
        pids = [hand._process.pid for hand in processes._workers]
    assert all(future.done() for future in waiting)
    assert set(threading.enumerate()) == before
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid or 0, 0)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("count", [1, 2])
def test_what_was_done_before_an_interrupt_is_kept_and_not_done_again(count: int, tmp_path: Path) -> None:
    (marks := tmp_path / "marks").mkdir()
    journal = Journal(tmp_path / "journal", ())
    done = []
    with SerialExecutor() if count == 1 else ProcessExecutor(count) as workers, suppress(KeyboardInterrupt):
        for _, answer in TaskRunner(workers, journal).answers(deeds.mark, SharedState(marks), tasks(12)):
            done.append(answer)
            if len(done) == 4:
                signal.raise_signal(signal.SIGINT)
    assert 4 <= len(done) < 12
    journal.close()
    again = Journal(tmp_path / "journal", ())
    assert len(again) >= 4
    found = [answer for _, answer in TaskRunner(journal=again).answers(deeds.mark, SharedState(marks), tasks(12))]
    assert sorted(found) == list(range(12))
    again.close()
    kept = {str(answer) for answer in done}
    assert {path.name for path in marks.iterdir() if path.read_text("utf-8") == "x"} >= kept


KILLS_THREE = """
from optimizer.errors import SolverFailure
from optimizer.work.runner import TaskRunner
from optimizer.work.processes import ProcessExecutor
from optimizer.work.task import SharedState, Task
from tests.work import deeds
if __name__ == "__main__":
    with ProcessExecutor(2) as processes:
        try:
            list(TaskRunner(processes).answers(deeds.die, SharedState(None), [Task(1, "key", "a task")]))
        except SolverFailure as failure:
            print(failure)
"""


def test_processes_that_are_killed_leave_nothing_on_standard_error(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(KILLS_THREE, encoding="utf-8")
    said = launched(start=[sys.executable, str(tmp_path / "script.py")])
    assert said.code == 0
    assert said.out.startswith("a task: its process was killed 3 times")
    assert said.err == ""


def test_a_worker_of_another_version_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks_of_workers, "__version__", "0.0.1")
    with pytest.raises(SolverFailure, match=r"^a worker has Lodeplan 0\.0\.1, and this is .*; install the same"):
        list(TaskRunner().answers(deeds.double, SharedState(1.0), tasks(1)))

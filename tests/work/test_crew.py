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
from optimizer.work.crew import Crew
from optimizer.work.journal import Journal
from optimizer.work.processes import Processes
from optimizer.work.task import Ground, Task
from optimizer.work.workers import Here
from tests.cli.command import launched
from tests.work import deeds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def pair() -> Iterator[Processes]:
    """Return two processes."""
    with Processes(2) as processes:
        yield processes


def tasks(count: int) -> list[Task[Any]]:
    return [Task(number, f"key {number}", f"task {number}") for number in range(count)]


def test_processes_answer_what_this_process_answers(pair: Processes) -> None:
    for crew in (Crew(), Crew(pair)):
        found = {task.own: answer for task, answer in crew.answers(deeds.double, Ground(0.1), tasks(20))}
        assert found == {number: 2 * (0.1 + number) for number in range(20)}


def test_a_ground_travels_once_to_each_process(pair: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []
    give = Crew._give

    def count(self: Crew, *args: object, ship: bool) -> object:
        sent.append(ship)
        return give(self, *args, ship=ship)  # type: ignore[arg-type]

    monkeypatch.setattr(Crew, "_give", count)
    answers = [*Crew(pair).answers(deeds.double, Ground(float(os.getpid())), tasks(40))]
    assert len(answers) == 40
    assert 1 <= sum(sent) < 10  # until a process has it, it may have been given some tasks more


def test_a_process_that_is_killed_is_replaced_and_its_task_given_again(pair: Processes, tmp_path: Path) -> None:
    found = [answer for _, answer in Crew(pair).answers(deeds.die_first, Ground(tmp_path), tasks(6))]
    assert sorted(found) == list(range(6))


def test_a_task_that_kills_every_process_is_given_up_and_told(pair: Processes) -> None:
    with pytest.raises(SolverFailure, match=r"^task 0: its process was killed 3 times, perhaps because it ran out of"):
        list(Crew(pair).answers(deeds.die, Ground(None), tasks(1)))
    assert pair.submit(os.getpid).result() != os.getpid()


def test_what_a_task_raises_comes_back_with_the_place_where_it_was_raised(pair: Processes) -> None:
    with pytest.raises(ValueError, match="so it is") as raised:
        list(Crew(pair).answers(deeds.fail, Ground(None), [Task("so it is", "key", "a task")]))
    assert "deeds.py" in raised.value.__notes__[0]
    future = pair.submit(NoPlan, "there is none", proven=True)
    assert future.result().proven


def test_work_that_is_ended_ends_at_once(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with Processes(2) as processes:
        assert processes.submit(os.getpid).result() > 0
        waiting = [processes.submit(deeds.sleep, None, 60.0) for _ in range(8)]
        while not waiting[0].running():
            time.sleep(0.01)
        pids = [hand._process.pid for hand in processes._hands]
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
    with Here() if count == 1 else Processes(count) as workers, suppress(KeyboardInterrupt):
        for _, answer in Crew(workers, journal).answers(deeds.mark, Ground(marks), tasks(12)):
            done.append(answer)
            if len(done) == 4:
                signal.raise_signal(signal.SIGINT)
    assert 4 <= len(done) < 12
    journal.close()
    again = Journal(tmp_path / "journal", ())
    assert len(again) >= 4
    found = [answer for _, answer in Crew(journal=again).answers(deeds.mark, Ground(marks), tasks(12))]
    assert sorted(found) == list(range(12))
    again.close()
    kept = {str(answer) for answer in done}
    assert {path.name for path in marks.iterdir() if path.read_text("utf-8") == "x"} >= kept


KILLS_THREE = """
from optimizer.errors import SolverFailure
from optimizer.work.crew import Crew
from optimizer.work.processes import Processes
from optimizer.work.task import Ground, Task
from tests.work import deeds
if __name__ == "__main__":
    with Processes(2) as processes:
        try:
            list(Crew(processes).answers(deeds.die, Ground(None), [Task(1, "key", "a task")]))
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
        list(Crew().answers(deeds.double, Ground(1.0), tasks(1)))

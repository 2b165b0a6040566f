"""A Dask cluster answers what this process answers, and nothing is lost with a worker, the scheduler or a link."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from models.enforcement import EnforcedInstance, prepare
from optimizer.base.open_runner import open_runner
from optimizer.best_plan import best_plan
from optimizer.errors import SolverFailure
from optimizer.programs import two_stage
from optimizer.results.solution import settings_of
from optimizer.scenarios import judge
from optimizer.solver.benders import subproblems
from optimizer.work import cluster as clusters
from optimizer.work.runner import TaskRunner
from optimizer.work.task import SharedState, Task
from tests.cli.command import ROOT, START, launched, lodeplan
from tests.scenarios.drawn import a_case
from tests.scenarios.planned import stops
from tests.work import deeds
from tests.work.dask_cluster import ENVIRONMENT, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.work.dask_cluster import Cluster

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow(reason="a cluster of processes, each of which takes seconds to start"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
KILLS = """
import os, signal
from optimizer.work.journal import Journal
keep, kept = Journal.keep, []
def kill(self, key, answer):
    keep(self, key, answer)
    kept.append(key)
    if len(kept) == 8:
        os.kill(int(os.environ["SCHEDULER"]), signal.SIGKILL)
Journal.keep = kill
"""
SWEEP = ("sweep", ROOT / "instances/tutorial-lithium-cobalt", "--cap", "refined/*:CN=20%..100%:33", "-q")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a cluster with two workers."""
    with running(tmp_path_factory.mktemp("cluster"), 2) as cluster:
        yield cluster


def tasks(count: int) -> list[Task[Any]]:
    return [Task(number, f"key {number}", f"task {number}") for number in range(count)]


def keys_of(journal: Path) -> list[str]:
    """Return the keys that a journal holds so far, of the lines that are whole."""
    lines = journal.read_text("utf-8").splitlines(keepends=True) if journal.exists() else []
    return [json.loads(line)["key"] for line in lines[1:] if line.endswith("\n")]


def wait_until(true: Callable[[], object], seconds: float = 150) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_cluster_answers_what_this_process_answers_bit_for_bit(pair: Cluster) -> None:
    said = lodeplan(*SWEEP, "--workers", pair.address, "--json")
    assert said == lodeplan(*SWEEP, "--workers", 1, "--json")
    assert said.code == 0


def test_a_worker_that_is_killed_loses_no_task(pair: Cluster, tmp_path: Path) -> None:
    with open_runner(pair.address) as runner:
        found = [answer for _, answer in runner.answers(deeds.die_first, SharedState(tmp_path), tasks(4))]
    assert sorted(found) == [0, 1, 2, 3]


@pytest.mark.parametrize("most_rows", [10**9, 0], ids=["as one program", "by Benders' decomposition"])
def test_scenarios_are_planned_for_by_a_cluster_of_which_a_worker_is_killed_as_by_this_process(
    pair: Cluster, most_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill_once(runner: TaskRunner, function: Any, *asked: Any) -> Iterator[Any]:
        for number, answer in enumerate(answers(runner, function, *asked)):
            if number == 2 and function.__name__ not in killed:
                killed.add(function.__name__)
                pids = runner.workers._client.run(os.getpid)  # type: ignore[attr-defined]
                os.kill(next(iter(pids.values())), signal.SIGKILL)
            yield answer

    answers, killed = TaskRunner.answers, set[str]()
    monkeypatch.setattr(two_stage, "MOST_ROWS", most_rows)
    monkeypatch.setattr(judge, "_TOGETHER", 4)
    monkeypatch.setattr(subproblems, "_TOGETHER", 4)
    asked, scenarios = a_case(24)
    losses = [stops(asked, one.offer, 1e-3, begins, 1) for one in prepare(asked).offers for begins in range(3)]
    instance = EnforcedInstance(asked.foreseeing((*scenarios, *losses)))
    alone = best_plan(instance, settings_of(instance, gap=0.0), runner=TaskRunner())
    monkeypatch.setattr(TaskRunner, "answers", kill_once)
    with open_runner(pair.address) as runner:
        shared = best_plan(instance, settings_of(instance, gap=0.0), runner=runner)
    assert (shared.account.plan, shared.bound, shared.risk) == (alone.account.plan, alone.bound, alone.risk)
    assert killed == {"respond_to"} | ({"follow_piece"} if not most_rows else set())


def test_a_task_that_kills_every_worker_is_given_up_and_told(pair: Cluster) -> None:
    with (
        open_runner(pair.address) as runner,
        pytest.raises(SolverFailure, match=r"^task 0: it ended every worker of the cluster"),
    ):
        list(runner.answers(deeds.die, SharedState(None), tasks(1)))


def test_a_scheduler_that_is_killed_is_told_and_the_same_command_goes_on(tmp_path: Path) -> None:
    whole = lodeplan(*SWEEP)
    journal = tmp_path / "journal"
    with running(tmp_path, 2) as cluster:
        words = (*SWEEP, "--journal", journal, "--workers", cluster.address)
        environment = {"SCHEDULER": str(cluster.scheduler.pid)}
        said = launched(*words, start=[sys.executable, "-c", KILLS + START[-1]], environment=environment)
    with_a_journal = "with a journal (-o or --journal) the same command, given a scheduler that is there, goes on"
    line = f"the Dask scheduler at {cluster.address} is gone; {with_a_journal} from what is solved\n"
    assert said == (4, "", line)
    before = keys_of(journal)
    assert 8 <= len(before) < 2 + 33
    assert lodeplan(*SWEEP, "--journal", journal).out == whole.out
    after = keys_of(journal)
    assert after[: len(before)] == before
    assert len(set(after)) == len(after) == 2 + 33


def test_a_scheduler_that_is_not_there_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "PATIENCE", 1)
    for address in ("tcp://127.0.0.1:9", "tcp://nowhere.invalid:8786", "tcp://"):
        said = "no Dask scheduler answered there within 1 s; start one with dask scheduler, or mend the address"
        assert lodeplan(*SWEEP, "--workers", address) == (2, "", f"--workers {address}: {said}\n")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("ip") is None, reason="only root makes namespaces"
)
def test_a_link_that_is_cut_loses_no_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENVIRONMENT, "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL", "10s")
    far = f"lodeplan{os.getpid()}"
    near_end, far_end = f"ln{os.getpid()}", f"lf{os.getpid()}"
    here, there = "10.213.77.1", "10.213.77.2"

    def ip(*words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)  # noqa: S607

    try:
        ip("netns", "add", far)
    except subprocess.CalledProcessError:
        pytest.skip("no namespaces here")
    try:
        ip("link", "add", near_end, "type", "veth", "peer", "name", far_end, "netns", far)
        ip("addr", "add", f"{here}/30", "dev", near_end)
        ip("link", "set", near_end, "up")
        ip("-n", far, "addr", "add", f"{there}/30", "dev", far_end)
        ip("-n", far, "link", "set", far_end, "up")
        ip("-n", far, "link", "set", "lo", "up")
        with running(tmp_path, 1, here) as cluster:
            beyond = ("--no-nanny", "--host", there, "--local-directory", str(tmp_path))
            cluster.add_worker(*beyond, before=("ip", "netns", "exec", far))
            with open_runner(cluster.address) as runner:
                wait_until(lambda: runner.workers.count == 2)
                found = []
                for _, answer in TaskRunner(runner.workers).answers(deeds.slow_double, SharedState(1.0), tasks(12)):
                    found.append(answer)
                    if len(found) == 4:
                        ip("link", "set", near_end, "down")
        assert sorted(found) == [2 * (1.0 + number) for number in range(12)]
    finally:
        ip("netns", "del", far)

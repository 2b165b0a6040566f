"""Losses answered by whoever is free: the same to the last bit, nothing lost, and nothing answered twice."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
from random import Random
from typing import TYPE_CHECKING

import pytest

from optimizer.base.open_runner import open_runner
from optimizer.folders.audited import audit_folder
from optimizer.load import load
from optimizer.stress import run as engine
from optimizer.stress.asked import list_losses
from optimizer.stress.held_response import HeldResponse
from optimizer.stress.run import StressTest
from optimizer.work.journal import Journal
from tests.cli.command import ROOT, START, launched, lodeplan, solved
from tests.work.dask_cluster import running

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.folders.audited import Audited
    from optimizer.results.losses import Stress

BATTERY = ROOT / "instances/us-battery-quarterly"
WHO = ("each-country", "each-company", "each-lane")
KILLS = """
import os, signal
from optimizer.work.journal import Journal
keep, kept = Journal.keep, []
def kill(self, key, answer):
    keep(self, key, answer)
    kept.append(key)
    if len(kept) == 4:
        os.kill(int(os.environ["SCHEDULER"]), signal.SIGKILL)
Journal.keep = kill
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return solved(BATTERY, tmp_path_factory.mktemp("by-workers") / "plan", "--calm")


@pytest.fixture(scope="module")
def audited(plan: Path) -> Audited:
    return audit_folder(plan, load(BATTERY))


def figures(stress: Stress) -> list[object]:
    """Return all that is told of each loss, whatever it was tested with."""
    return sorted(((one.loss, one.hits, one.sure, one.materials) for one in stress.tested), key=repr)


def words_of(plan: Path) -> tuple[object, ...]:
    return ("stress", plan, BATTERY, "--lose", "each-country", "--lose", "each-company", "--json")


def keys_of(journal: Path) -> list[str]:
    return [json.loads(line)["key"] for line in journal.read_text("utf-8").splitlines()[1:]]


def test_processes_and_any_order_give_the_same_figures_to_the_last_bit(
    audited: Audited, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_DIGITS", 17)
    losses = list_losses(audited.account, WHO)
    alone = StressTest(audited.instance, audited.account).test(losses)
    with open_runner(2) as runner:
        together = StressTest(audited.instance, audited.account).test(losses, runner)
    assert figures(together) == figures(alone)
    few = Random(22).sample(losses, 60)  # noqa: S311 (no secret)
    known = dict(zip(map(repr, figures(alone)), figures(alone), strict=True))
    assert all(repr(one) in known for one in figures(StressTest(audited.instance, audited.account).test(few)))


def test_losses_that_hit_the_same_are_answered_once(audited: Audited, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = list[object]()
    respond = HeldResponse.respond

    def count(self: HeldResponse, window: object, taken: object, **how: bool) -> object:
        answered.append((window, taken))
        return respond(self, window, taken, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(HeldResponse, "respond", count)
    losses = list_losses(audited.account, ("each-company", "each-offer"))
    stress = StressTest(audited.instance, audited.account).test(losses)
    assert len(set(answered)) == len(answered) < sum(one.hits for one in stress.tested)


def test_a_killed_process_loses_no_loss_and_no_run_answers_what_one_has_answered(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep_and_kill(journal: Journal, key: str, answer: object) -> None:
        keep(journal, key, answer)
        for process in multiprocessing.active_children()[: 2 - len(killed)]:
            os.kill(process.pid or 0, signal.SIGKILL)
            killed.append(process.pid)

    keep, killed = Journal.keep, list[int | None]()
    words, journal = words_of(plan), tmp_path / "journal"
    alone = lodeplan(*words)
    assert alone.code == 0
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "keep", keep_and_kill)
        assert lodeplan(*words, "--workers", 2, "--journal", journal) == alone
    assert len(killed) == 2
    keys = keys_of(journal)
    assert len(set(keys)) == len(keys) > 10
    monkeypatch.setattr(HeldResponse, "respond", lambda *_, **__: pytest.fail("answered again"))
    assert lodeplan(*words, "--journal", journal) == alone
    assert keys_of(journal) == keys


def test_a_stress_test_that_was_interrupted_goes_on_and_leaves_no_journal_when_it_is_whole(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep_and_press(journal: Journal, key: str, answer: object) -> None:
        keep_only(journal, key, answer)
        if len(kept) == 3:
            signal.raise_signal(signal.SIGINT)

    def keep_only(journal: Journal, key: str, answer: object) -> None:
        kept.append(key)
        keep(journal, key, answer)

    keep, kept = Journal.keep, list[str]()
    words, hidden = (*words_of(plan), "-o", tmp_path / "losses"), tmp_path / ".losses.journal"
    monkeypatch.setattr(Journal, "keep", keep_and_press)
    stopped = "stopped before every loss was answered; the same command goes on\n"
    said = lodeplan(*words)
    assert (said.code, said.out) == (130, "")
    assert said.err.startswith(stopped)
    before = keys_of(hidden)
    assert len(before) == 3
    kept.clear()
    monkeypatch.setattr(Journal, "keep", keep_only)
    assert lodeplan(*words) == lodeplan(*words_of(plan))
    assert kept
    assert not set(kept) & set(before)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["losses"]


def test_losses_of_other_figures_are_answered_anew(plan: Path, tmp_path: Path) -> None:
    words = ("stress", plan, BATTERY, "--lose", "CN", "--journal", tmp_path / "journal", "--json")
    before = lodeplan(*words)
    count = len(keys_of(tmp_path / "journal"))
    after = lodeplan(*words, "--price", "refined/graphite=+5%")
    assert after.code == 0
    assert after.out != before.out
    assert len(keys_of(tmp_path / "journal")) == 2 * count


@pytest.mark.slow(reason="a cluster of processes, each of which takes seconds to start")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_cluster_gives_the_same_figures_and_a_killed_scheduler_loses_none(plan: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    words, journal = words_of(plan), tmp_path / "journal"
    alone = lodeplan(*words).out
    with running(tmp_path, 2) as cluster:
        assert lodeplan(*words, "--workers", cluster.address).out == alone
        words = (*words, "--journal", journal)
        start, environment = [sys.executable, "-c", KILLS + START[-1]], {"SCHEDULER": str(cluster.scheduler.pid)}
        said = launched(*words, "--workers", cluster.address, start=start, environment=environment)
    assert (said.code, said.out) == (4, "")
    assert f"the Dask scheduler at {cluster.address} is gone; with a journal (-o or --journal)" in said.err
    before = keys_of(journal)
    assert len(before) >= 4
    assert lodeplan(*words, "--workers", 2).out == alone
    after = keys_of(journal)
    assert after[: len(before)] == before
    assert len(set(after)) == len(after)

"""``--workers`` and ``--journal``: the same answer whoever solves, and nothing is solved twice."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
from typing import TYPE_CHECKING

import highspy
import pytest

from optimizer.session import Session
from optimizer.work.journal import Journal
from tests.cli.command import ROOT, lodeplan
from tests.scenarios.hostile import write_instance

if TYPE_CHECKING:
    from pathlib import Path

BATTERY, TUTORIAL = (ROOT / "instances" / name for name in ("us-battery-2027", "tutorial-lithium-cobalt"))
COMMANDS = {
    "solve": ("solve", BATTERY, "--json"),
    "price": ("price", BATTERY, "--limit", "*-refined", "--limit", "china-*", "--json"),
    "whatif": ("whatif", BATTERY, "--grid", "*-graphite,agoa-*,congo-*", "--json"),
    "alternatives": ("alternatives", TUTORIAL, "--count", 3, "--json"),
    "least concentrated": ("alternatives", TUTORIAL, "--least-concentrated", "--count", 3, "--json"),
}


def settled(out: str) -> str:
    """Return what a command printed, without what a clock says."""
    return re.sub(r'"seconds": [\d.e-]+', "", out)


def keys_of(journal: Path) -> list[str]:
    return [json.loads(line)["key"] for line in journal.read_text("utf-8").splitlines()[1:]]


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_processes_say_what_one_says_though_they_are_killed_and_no_run_solves_what_one_has_solved(
    words: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep_and_kill(journal: Journal, key: str, answer: object) -> None:
        keep(journal, key, answer)
        for process in multiprocessing.active_children()[: 2 - len(killed)]:
            os.kill(process.pid or 0, signal.SIGKILL)
            killed.append(process.pid)

    keep, killed = Journal.keep, list[int | None]()
    alone = lodeplan(*words, "--workers", 1)
    assert alone.code == 0
    journal = tmp_path / "journal"
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "keep", keep_and_kill)
        killing = lodeplan(*words, "--workers", 2, "--journal", journal)
    assert settled(killing.out) == settled(alone.out)
    assert len(killed) == 2
    keys = keys_of(journal)
    assert len(set(keys)) == len(keys) >= 2
    with monkeypatch.context() as patched:
        patched.setattr(Session, "_improve", lambda *_: pytest.fail("solved again"))
        again = lodeplan(*words, "--journal", journal)
    assert settled(again.out) == settled(alone.out)
    assert keys_of(journal) == keys


def test_no_program_is_solved_again_though_all_is_asked_of_a_plan_for_scenarios(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = write_instance(tmp_path)
    for table in ("scenarios.csv", "shocks.csv"):
        heading, first_row, *_ = (instance / table).read_text("utf-8").splitlines(keepends=True)
        (instance / table).write_text(heading + first_row, "utf-8")
    words = ("solve", instance, "--value", "--report", "-o", tmp_path / "plan", "--force", "--json")
    first = lodeplan(*words, "--journal", tmp_path / "journal")
    assert first.code == 0
    assert '"mean_plan_cost"' in first.out
    monkeypatch.setattr(highspy.Highs, "run", lambda *_: pytest.fail("solved again"))
    assert settled(lodeplan(*words, "--journal", tmp_path / "journal").out) == settled(first.out)


def test_prices_that_were_interrupted_go_on_and_leave_no_journal_when_they_are_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep_and_press(journal: Journal, key: str, answer: object) -> None:
        keep(journal, key, answer)
        kept.append(key)
        if len(kept) == 7:  # five parts, the plan, and the first limit
            signal.raise_signal(signal.SIGINT)

    def keep_only(journal: Journal, key: str, answer: object) -> None:
        kept.append(key)
        keep(journal, key, answer)

    keep, kept = Journal.keep, list[str]()
    words = (*COMMANDS["price"], "-o", tmp_path / "prices", "--workers", 2)
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "keep", keep_and_press)
        stopped = json.loads(lodeplan(*words).out)
    assert any(price["without"] is None for price in stopped["prices"])
    before = keys_of(tmp_path / ".prices.journal")
    kept.clear()
    monkeypatch.setattr(Journal, "keep", keep_only)
    whole = lodeplan(*words, "--force")
    assert settled(whole.out) == settled(lodeplan(*COMMANDS["price"], "--workers", 1).out)
    assert not set(kept) & set(before)
    assert len(kept) + len(before) == 5 + 1 + len(stopped["prices"])
    assert not (tmp_path / ".prices.journal").exists()


def test_what_one_process_does_anyhow_is_said(tmp_path: Path) -> None:
    said = lodeplan("solve", TUTORIAL, "--workers", 2, "--time-limit", 60, "-q", "--limits-cost")
    assert said.code == 0
    said = lodeplan("solve", TUTORIAL, "--workers", 2, "--time-limit", 60)
    assert "note: --workers: all parts share one time limit, so one process solves them\n" in said.err
    for flag in (("--workers", 2), ("--journal", tmp_path / "journal")):
        line = f"{flag[0]}: is for several cases (--grid); one set of changes is solved in this process\n"
        assert lodeplan("whatif", TUTORIAL, "--ban", "kwinana", *flag) == (2, "", line)
    assert not list(tmp_path.iterdir())


def test_a_place_that_is_taken_is_told_before_a_journal_is_made(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("mine", "utf-8")
    for words in COMMANDS.values():
        said = lodeplan(*words, "-o", tmp_path / "mine", "--workers", 1)
        assert (said.code, said.out) == (2, "")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_where_there_is_no_plan_no_journal_is_left(tmp_path: Path) -> None:
    for words in (("solve",), ("price",), ("alternatives",)):
        said = lodeplan(*words, TUTORIAL, "--cap", "refined/*:CN=5%", "-o", tmp_path / "none", "--workers", 1)
        assert (said.code, said.out) == (3, "")
    assert not list(tmp_path.iterdir())

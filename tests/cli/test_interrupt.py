"""A solve that is stopped, by Ctrl-C or by the time limit, keeps the best that it found."""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import threading
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyomo.environ import Binary, ConcreteModel, Var

from models.algebra.constraints import LinearRows
from optimizer.programs.matrix import to_matrix
from optimizer.solver.deadline import Deadline
from optimizer.solver.mixed_integer import minimise
from tests.cli.command import START, edit, launched, lodeplan
from tests.cli.lots import write_lots

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optimizer.results.interval import Progress
    from optimizer.solver.arrays import Matrix

ENOUGH = 300.0
"""Seconds after which a solve that nobody stopped is a failure."""


WEIGHTS = np.random.default_rng(0).integers(0, 100, (4, 40))
HALVES = WEIGHTS.sum(axis=1) // 2


def market_split() -> Matrix:
    """Return the market split problem: a choice of columns that halves every row; a unit left over costs 1.

    After Cornuejols and Dawande, A class of hard small 0-1 programs (1999): branch and bound has to
    look at nearly all choices, so HiGHS does not prove it within minutes. Every choice costs a little
    too, which keeps the bound above zero.
    """
    m = ConcreteModel()
    rows, columns = map(range, WEIGHTS.shape)
    m.chosen = Var(columns, domain=Binary)
    m.over, m.under = Var(rows, bounds=(0, 1000)), Var(rows, bounds=(0, 1000))
    m.costs = {
        "choices": [(0.01, chosen) for chosen in m.chosen.values()],
        "left over": [(1.0, left) for left in (*m.over.values(), *m.under.values())],
    }
    halves = LinearRows("chosen weights + under - over == half of all")
    for r in rows:
        weights = [(float(WEIGHTS[r, c]), m.chosen[c]) for c in columns if WEIGHTS[r, c]]
        halves.equal((str(r),), [*weights, (1.0, m.under[r]), (-1.0, m.over[r])], float(HALVES[r]))
    m.rows, m.limit, m.bounded_by_rows = {"halves": halves}, {}, []
    return to_matrix(m)


@contextmanager
def interrupts(*seconds: float) -> Iterator[None]:
    """Send Ctrl-C to this process at each of some times after now."""
    timers = [threading.Timer(after, os.kill, (os.getpid(), signal.SIGINT)) for after in seconds]
    for timer in timers:
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()


def check_stopped_with_a_plan(matrix: Matrix, time_limit: float) -> None:
    outcome = minimise(matrix, gap=0.0, deadline=Deadline(time_limit))
    assert outcome.verdict == "stopped"
    assert outcome.values is not None
    chosen, over, under = np.split(outcome.values, [40, 44])
    assert set(chosen) <= {0.0, 1.0}
    assert WEIGHTS @ chosen + under - over == pytest.approx(HALVES, abs=1e-6)
    assert outcome.objective == pytest.approx(matrix.cost @ outcome.values)
    assert 0 < outcome.bound < outcome.objective
    assert math.isfinite(outcome.gap)


def test_ctrl_c_keeps_the_best_values_with_a_bound_below_them() -> None:
    with interrupts(1.0):
        check_stopped_with_a_plan(market_split(), ENOUGH)


def test_the_time_limit_keeps_the_best_values_with_a_bound_below_them() -> None:
    check_stopped_with_a_plan(market_split(), 1.0)


def test_a_second_ctrl_c_gives_up() -> None:
    seen: list[Progress] = []

    def press_again(progress: Progress) -> None:
        seen.append(progress)
        if progress.stopping:
            os.kill(os.getpid(), signal.SIGINT)

    with interrupts(1.0), pytest.raises(KeyboardInterrupt):
        minimise(market_split(), gap=0.0, deadline=Deadline(ENOUGH), watch=press_again)
    assert seen[-1].stopping
    assert not seen[0].stopping


def test_ctrl_c_means_again_what_it_meant_before_the_solve() -> None:
    before = signal.getsignal(signal.SIGINT)
    minimise(market_split(), gap=0.0, deadline=Deadline(0.1))
    assert signal.getsignal(signal.SIGINT) is before


def test_progress_tells_incumbent_and_bound_as_they_come_closer() -> None:
    seen: list[Progress] = []
    minimise(market_split(), gap=0.0, deadline=Deadline(2.0), watch=seen.append)
    known = [progress for progress in seen if math.isfinite(progress.gap)]
    assert known
    for before, after in pairwise(known):
        assert after.incumbent <= before.incumbent
        assert after.bound >= before.bound - 1e-9


# from instance to plan ----------------------------------------------------------------------------


@pytest.fixture
def lots(tmp_path: Path) -> Path:
    return write_lots(tmp_path / "lots")


def check_says_stopped_and_audits(said: tuple[int, str, str], plan: Path, instance: Path) -> None:
    code, out, err = said
    assert (code, err) == (0, "")
    assert "stopped before the proof: the least is at most " in " ".join(out.partition("\n\n")[0].split())
    summary = json.loads((plan / "summary.json").read_text("utf-8"))
    assert summary["status"] == "stopped"
    assert 0 < summary["bound"] < summary["cost"]
    assert lodeplan("audit", plan, instance).code == 0


def test_the_time_limit_writes_a_plan_that_says_how_far_it_may_be_from_the_least(lots: Path, tmp_path: Path) -> None:
    said = launched("solve", lots, "-o", tmp_path / "plan", "--time-limit", "1")
    check_says_stopped_and_audits(said, tmp_path / "plan", lots)


PRESSES_CTRL_C = """
import os, signal, threading
import optimizer.part_solver
whole = optimizer.part_solver.minimise
def minimise(*words, **options):
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    return whole(*words, **options)
optimizer.part_solver.minimise = minimise
"""


def test_ctrl_c_writes_the_plan_found_so_far(lots: Path, tmp_path: Path) -> None:
    start = [sys.executable, "-c", PRESSES_CTRL_C + START[-1]]
    said = launched("solve", lots, "-o", tmp_path / "plan", start=start)
    check_says_stopped_and_audits(said, tmp_path / "plan", lots)


def test_ctrl_c_in_one_part_gives_the_others_a_quick_plan(lots: Path, tmp_path: Path) -> None:
    edit(lots / "materials.csv", "ore,sold,t,5000\n", "ore,sold,t,5000\nsalt,sold,t,5000\n")
    for name in ("offers.csv", "demand.csv"):
        heading, *rows = (lots / name).read_text("utf-8").splitlines()
        others = [row.replace("ore", "salt").replace("o", "s", name == "offers.csv") for row in rows]
        (lots / name).write_text("\n".join([heading, *rows, *others]) + "\n", "utf-8")
    start = [sys.executable, "-c", PRESSES_CTRL_C + START[-1]]
    said = launched("solve", lots, "-o", tmp_path / "plan", start=start)
    check_says_stopped_and_audits(said, tmp_path / "plan", lots)
    assert "(0 of 2 parts are proven; a quick plan only of salt)" in " ".join(said.out.split())
    assert ",salt,t,sold," in (tmp_path / "plan" / "purchases.csv").read_text("utf-8")


def test_ctrl_c_outside_of_the_solver_writes_nothing(
    tutorial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("optimizer.programs.program.build", pressed)
    said = lodeplan("solve", tutorial, "-o", tmp_path / "plan")
    assert (said.code, said.out, said.err.strip()) == (130, "", "interrupted; nothing more was written")
    assert not (tmp_path / "plan").exists()

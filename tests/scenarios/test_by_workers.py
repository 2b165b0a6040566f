"""Responses of a plan found by whoever is free: the same to the last bit, in any order, and none found twice."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.enforcement import EnforcedInstance, prepare
from optimizer.base.open_runner import open_runner
from optimizer.base.reply import RECORDS
from optimizer.best_plan import best_plan
from optimizer.programs import two_stage
from optimizer.programs.program import Program
from optimizer.results.solution import settings_of
from optimizer.scenarios import judge, least_costs, outcome
from optimizer.scenarios.evaluate import evaluate
from optimizer.scenarios.judged_part import JudgedPart
from optimizer.scenarios.least_costs import list_least_costs
from optimizer.session import Session
from optimizer.solver.benders import subproblems
from optimizer.solver.benders.subproblems import BlocksAsked, Followed, HeldBlocks
from optimizer.work.journal import Journal
from optimizer.work.runner import TaskRunner
from tests.scenarios.drawn import a_case
from tests.scenarios.planned import planned, stops

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optimizer.results.account import Account
    from optimizer.results.risk_profile import RiskProfile
    from optimizer.results.solution import Solution

SEED = 24
FEW = 4
"""Scenarios of a task, so that there are many tasks."""


@pytest.fixture(scope="module")
def judged() -> tuple[EnforcedInstance, Account]:
    """Return a market in which any offer may stop, and demand and prices may change, with the plan for it."""
    asked, scenarios = a_case(SEED)
    market = prepare(asked)
    losses = [
        stops(asked, offer.offer, 1e-3, begins, lasts)
        for offer in market.offers
        for begins in range(len(market.years))
        for lasts in (1, 2)
    ]
    plan = planned(asked, *scenarios, *losses)
    return EnforcedInstance(plan.instance), plan.account


@pytest.fixture(autouse=True)
def to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "_TOGETHER", FEW)
    monkeypatch.setattr(outcome, "_DIGITS", 17)


@pytest.fixture(scope="module")
def two() -> Iterator[TaskRunner]:
    with open_runner(2) as runner:
        yield runner


def test_processes_and_any_order_find_the_same(
    judged: tuple[EnforcedInstance, Account], two: TaskRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance, account = judged
    alone = evaluate(instance, account)
    assert len(alone.outcomes) > 8 * FEW
    some = Random(24).sample(instance.foreseen, len(instance.foreseen) // 2)  # noqa: S311 (no secret)
    known = {one.scenario: one for one in alone.outcomes}
    again = evaluate(EnforcedInstance(instance.foreseeing(some)), account)
    assert again.outcomes
    assert all(one == known[one.scenario] for one in again.outcomes)
    monkeypatch.setattr(outcome, "_DIGITS", 9)  # as the other processes have it
    assert evaluate(instance, account, runner=two) == evaluate(instance, account)


def test_processes_decompose_as_one_does(
    judged: tuple[EnforcedInstance, Account], two: TaskRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_stage, "MOST_ROWS", 0)
    monkeypatch.setattr(subproblems, "_TOGETHER", FEW)
    monkeypatch.setattr(outcome, "_DIGITS", 9)
    instance, given = judged[0], list[object]()
    submit = type(two.workers).submit

    def count(self: Any, *task: Any) -> Any:
        given.append(task[2])
        return submit(self, *task)

    monkeypatch.setattr(type(two.workers), "submit", count)
    settings = settings_of(instance, gap=0.0)
    with open_runner(1) as one:
        alone = best_plan(instance, settings, runner=one)
    together = best_plan(instance, settings, runner=two)
    assert given.count(subproblems.follow_piece) > 2 * FEW
    assert (together.account.plan, together.cost, together.bound) == (alone.account.plan, alone.cost, alone.bound)
    assert together.risk == alone.risk


def test_a_search_that_is_killed_and_interrupted_goes_on_and_follows_no_plan_again(
    judged: tuple[EnforcedInstance, Account], two: TaskRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep_and_hit(journal: Journal, key: str, answer: object) -> None:
        keep_only(journal, key, answer)
        if len(kept) == 2:
            os.kill(multiprocessing.active_children()[0].pid or 0, signal.SIGKILL)
        if len(kept) == 4:
            signal.raise_signal(signal.SIGINT)

    def keep_only(journal: Journal, key: str, answer: object) -> None:
        keep(journal, key, answer)
        kept.append(answer)

    def solve_with(journal: Journal, runner: TaskRunner) -> Solution:
        with closing(journal):
            return best_plan(instance, settings, runner=TaskRunner(runner.workers, journal))

    monkeypatch.setattr(two_stage, "MOST_ROWS", 0)
    monkeypatch.setattr(subproblems, "_TOGETHER", FEW)
    monkeypatch.setattr(outcome, "_DIGITS", 9)
    keep, kept, instance = Journal.keep, list[object](), judged[0]
    settings, path = settings_of(instance, gap=0.0), tmp_path / "journal"
    alone = best_plan(instance, settings, runner=TaskRunner())
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "keep", keep_and_hit)
        with pytest.raises(KeyboardInterrupt):
            solve_with(Journal(path, RECORDS), two)
    assert {type(answer) for answer in kept} == {Followed}  # no part was done
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "keep", keep_only)
        again = solve_with(Journal(path, RECORDS), TaskRunner())
    assert (again.account.plan, again.bound, again.risk) == (alone.account.plan, alone.bound, alone.risk)
    keys = [json.loads(line)["key"] for line in path.read_text("utf-8").splitlines()[1:]]
    assert len(set(keys)) == len(keys) == len(kept) > 8
    monkeypatch.setattr(Session, "_improve", lambda *_: pytest.fail("solved again"))
    assert solve_with(Journal(path, RECORDS), TaskRunner()).account.plan == alone.account.plan


def test_what_follows_a_plan_hangs_on_no_plan_before(
    judged: tuple[EnforcedInstance, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_stage, "MOST_ROWS", 0)
    matrix = Program(judged[0]).matrix
    assert matrix.second_stage is not None
    groups, random = matrix.second_stage.groups, np.random.default_rng(24)
    size = min(group.column for group in groups)
    plans = [np.where(np.isfinite(matrix.upper), matrix.upper, 50.0)[:size] * random.random(size) for _ in range(4)]
    used, basis = HeldBlocks(groups), None
    for plan in plans:
        asked = BlocksAsked(0, plan, basis)
        found, fresh = used.follow(asked), HeldBlocks(groups).follow(asked)
        assert [(one.cost, one.slope.tolist()) for one in found.groups] == [
            (one.cost, one.slope.tolist()) for one in fresh.groups
        ]
        basis = found.basis


def test_what_a_journal_holds_is_not_found_again(
    judged: tuple[EnforcedInstance, Account], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge_with(journal: Path, *more: float) -> RiskProfile:
        with open_runner(1, journal=journal) as runner:
            return evaluate(instance, account, unmet_price=1e4 + sum(more), runner=runner)

    instance, account = judged
    first = judge_with(tmp_path / "journal")
    monkeypatch.setattr(JudgedPart, "respond", lambda *_: pytest.fail("found again"))
    assert judge_with(tmp_path / "journal") == first
    with pytest.raises(pytest.fail.Exception, match="found again"):
        judge_with(tmp_path / "journal", 1.0)


def test_least_costs_are_the_same_whoever_finds_them_and_not_found_again(
    judged: tuple[EnforcedInstance, Account], two: TaskRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = EnforcedInstance(judged[0].foreseeing(judged[0].foreseen[::3]))
    alone = list_least_costs(few, 0.0)
    assert len(set(alone)) > 3
    with closing(Journal(tmp_path / "journal", RECORDS)) as journal:
        assert list_least_costs(few, 0.0, TaskRunner(two.workers, journal)) == alone
    monkeypatch.setattr(least_costs, "minimise", lambda *_, **__: pytest.fail("found again"))
    with open_runner(1, journal=tmp_path / "journal") as runner:
        assert list_least_costs(few, 0.0, runner) == alone


def test_a_risk_profile_that_a_journal_held_is_the_same(
    judged: tuple[EnforcedInstance, Account], tmp_path: Path
) -> None:
    profile = evaluate(*judged)
    journal = Journal(tmp_path / "journal", RECORDS)
    journal.keep("a", profile)
    journal.close()
    journal = Journal(tmp_path / "journal", RECORDS)
    again = journal.recall("a")
    journal.close()
    assert repr(again) == repr(profile)

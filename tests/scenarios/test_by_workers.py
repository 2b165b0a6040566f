"""Responses of a plan found by whoever is free: the same to the last bit, in any order, and none found twice."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from models.enforcement import EnforcedInstance, prepare
from optimizer.base.open_runner import open_runner
from optimizer.base.reply import RECORDS
from optimizer.scenarios import judge, outcome
from optimizer.scenarios.evaluate import evaluate
from optimizer.scenarios.judged_part import JudgedPart
from optimizer.work.journal import Journal
from tests.scenarios.drawn import a_case
from tests.scenarios.planned import planned, stops

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.results.account import Account
    from optimizer.results.risk_profile import RiskProfile

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


def test_processes_and_any_order_find_the_same(judged: tuple[EnforcedInstance, Account]) -> None:
    instance, account = judged
    alone = evaluate(instance, account)
    assert len(alone.outcomes) > 8 * FEW
    with pytest.MonkeyPatch.context() as patch, open_runner(2) as runner:
        patch.setattr(outcome, "_DIGITS", 9)  # as the other processes have it
        assert evaluate(instance, account, runner=runner) == evaluate(instance, account)
    some = Random(24).sample(instance.foreseen, len(instance.foreseen) // 2)  # noqa: S311 (no secret)
    known = {one.scenario: one for one in alone.outcomes}
    again = evaluate(EnforcedInstance(instance.foreseeing(some)), account)
    assert again.outcomes
    assert all(one == known[one.scenario] for one in again.outcomes)


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

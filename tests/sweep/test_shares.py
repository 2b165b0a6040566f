"""The first point of a sweep, shared among processes part by part."""

from __future__ import annotations

import signal
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pytest

from optimizer.load import load
from optimizer.results.solution import settings_of
from optimizer.session import Session
from optimizer.solver import highs
from optimizer.sweep.axis import read_axis
from optimizer.sweep.points import points_of
from optimizer.sweep.shares import answer_together, shares_of
from optimizer.sweep.workers import SharedState, Watch, Workers, answer
from tests.cli.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.instance import Instance
    from optimizer.sweep.points import Point
    from tests.sweep.conftest import Swept

TUTORIAL, BATTERY = (load(ROOT / "instances" / name) for name in ("tutorial-lithium-cobalt", "us-battery-2027"))


def loosest(instance: Instance, text: str) -> Point:
    return points_of(instance, [read_axis(text, instance)])[0]


@pytest.fixture
def alone() -> Workers:
    """Return workers of whom there are none."""
    context = get_context("spawn")
    return Workers([], SharedState(context.Event(), context.Value("i", 0)))


@pytest.fixture
def workers() -> Iterator[Workers]:
    """Return one worker."""
    workers = Workers.start(1)
    yield workers
    workers.shutdown()


def test_what_the_crew_solves_is_not_solved_again(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    point = loosest(BATTERY, "cap refined/graphite:CN=50%,60%")
    expected = answer(Session(settings_of(BATTERY, gap=0.0)), point, Watch())
    monkeypatch.setattr(SharedState, "take", lambda *_: 1_000)  # this process comes too late for every part
    monkeypatch.setattr(Session, "_improve", lambda *_: pytest.fail("solved again"))
    session = Session(settings_of(BATTERY, gap=0.0))
    reply = answer_together(workers, session, point, Watch())
    assert reply.solves == expected.solves > 1
    assert reply.plan == expected.plan
    assert reply.proof["cost"] == pytest.approx(expected.proof["cost"], rel=1e-12)
    assert answer(session, point, Watch()).solves == 0


@pytest.mark.parametrize("gap", [0.0, 0.01, 0.1])
def test_parts_within_their_shares_are_within_the_gap_together(gap: float, alone: Workers) -> None:
    point = loosest(BATTERY, "cap refined/graphite:CN=50%,60%")
    shares = shares_of(point.instance, gap)
    reply = answer_together(alone, Session(settings_of(BATTERY, gap=gap)), point, Watch())
    assert reply.proof["proven"]
    assert reply.solves == len(shares) == 5
    assert sum(share.allowance for share in shares) <= gap * reply.proof["cost"] * (1 + 1e-9)


def test_a_part_without_a_plan_is_told_as_by_one_process(swept: Swept) -> None:
    one, two = (swept(TUTORIAL, "cap refined/cobalt:CN=5%,8%,10%", jobs=jobs).found for jobs in (1, 2))
    assert "cobalt" in one[0].reason
    assert two == one


def test_ctrl_c_ends_what_is_shared(alone: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    run = highs.run

    def pressed(*args: Any) -> None:
        if alone.shared_state.taken.value == 2:
            signal.raise_signal(signal.SIGINT)
        run(*args)

    monkeypatch.setattr(highs, "run", pressed)
    session = Session(settings_of(BATTERY))
    with pytest.raises(KeyboardInterrupt):
        answer_together(alone, session, loosest(BATTERY, "cap refined/graphite:CN=50%,60%"), Watch())
    assert alone.shared_state.taken.value == 2

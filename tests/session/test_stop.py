"""A stop from outside ends a solve wherever it is, and leaves the session as it was."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.enforcement import enforce
from models.formulation.build import build
from models.formulation.components import parts
from optimizer import session as sessions
from optimizer.audit import audit
from optimizer.errors import LodeplanError, Stopped
from optimizer.load import load
from optimizer.results.solution import settings_of
from optimizer.session import Session
from optimizer.solver.deadline import Deadline
from optimizer.solver.mixed_integer import minimise
from optimizer.solver.running import Runner
from tests.cli.test_interrupt import market_split

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from models.instance import Instance

INSTANCE = Path("instances/us-battery-2027")


@pytest.fixture(scope="module")
def instance() -> Instance:
    return load(INSTANCE)


def stopping_session(instance: Instance) -> tuple[Session, threading.Event]:
    stop = threading.Event()
    return Session(replace(settings_of(instance), stop=stop)), stop


def test_a_branch_and_bound_ends_by_an_exception_of_its_own_though_it_has_a_plan() -> None:
    stop = threading.Event()
    at: list[float] = []

    def press() -> None:
        at.append(time.perf_counter())
        stop.set()

    timer = threading.Timer(0.5, press)
    timer.start()
    with pytest.raises(Stopped):
        minimise(market_split(), gap=0.0, deadline=Deadline(60.0, stop))
    assert at, "it ended before it was stopped"
    assert time.perf_counter() - at[0] < 30.0, "it went on to its time limit"


class Deaf:
    """A solver that looks at nothing until it is let go, as HiGHS within a smaller program that it makes."""

    def __init__(self) -> None:
        self.begun, self.go, self.ended = (threading.Event() for _ in range(3))

    def run(self) -> None:
        self.begun.set()
        assert self.go.wait(60.0)
        self.ended.set()


def run_and_stop(solver: Deaf) -> None:
    """Run a solver in a thread, stop it once it has begun, and wait until it is no longer waited for."""
    stop, left = threading.Event(), threading.Event()

    def solve() -> None:
        try:
            Runner(None, Deadline(stop=stop), leaves=True).run(solver)
        except Stopped:
            left.set()

    threading.Thread(target=solve, daemon=True).start()
    assert solver.begun.wait(60.0)
    stop.set()
    assert left.wait(60.0), "it was waited for to its end"


def test_a_run_that_looks_at_nothing_is_left_and_the_next_begins_meanwhile(instance: Instance) -> None:
    first, second = Deaf(), Deaf()
    run_and_stop(first)
    alone = Session(settings_of(instance)).solve(instance)
    found: list[float] = []

    def solve() -> None:
        session, _ = stopping_session(instance)
        found.append(session.solve(instance).cost)

    beside = threading.Thread(target=solve, daemon=True)
    beside.start()
    beside.join(60.0)
    assert found == [alone.cost]
    run_and_stop(second)
    assert not first.ended.is_set()
    for one in (first, second):
        one.go.set()
        assert one.ended.wait(60.0)


def test_a_stop_is_no_message_that_others_take_for_an_answer() -> None:
    assert not issubclass(Stopped, LodeplanError)


def test_a_solve_that_is_stopped_before_it_starts_says_so(instance: Instance) -> None:
    session, stop = stopping_session(instance)
    stop.set()
    with pytest.raises(Stopped):
        session.solve(instance)


@pytest.mark.parametrize("where", ["between parts", "while building", "in the audit"])
def test_a_stop_is_seen(where: str, instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    session, stop = stopping_session(instance)
    done: list[str] = []

    def then_stop(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **named: Any) -> Any:
            done.append(where)
            stop.set()
            return function(*given, **named)

        return wrapped

    match where:
        case "between parts":
            monkeypatch.setattr(session, "_answer", then_stop(session._answer))
        case "while building":
            monkeypatch.setattr("optimizer.programs.program.build", then_stop(build))
        case _:
            monkeypatch.setattr("optimizer.claims.audit", then_stop(audit))
    with pytest.raises(Stopped):
        session.solve(instance)
    assert done == [where], "it went on after the stop"


def test_what_was_solved_before_a_stop_is_known_after_it_and_the_answer_is_the_same(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, stop = stopping_session(instance)
    plain = Session(settings_of(instance)).solve(instance)
    answer = sessions.Session._answer
    calls: list[str] = []

    def stop_at_the_third(self: Session, *given: Any) -> Any:
        calls.append(given[0].program.part.name)
        if len(calls) == 3:
            stop.set()
        return answer(self, *given)

    monkeypatch.setattr(sessions.Session, "_answer", stop_at_the_third)
    with pytest.raises(Stopped):
        session.solve(instance)
    known = [part.name for part in parts(enforce(instance)) if session.known_of(part) is not None]
    assert sorted(known) == sorted(calls[:2])
    stop.clear()
    assert session.solve(instance).cost == pytest.approx(plain.cost, rel=1e-9)
    assert sorted(calls) == sorted([*known, *calls[2:]])
    assert not set(known) & set(calls[3:]), "a part that was known is solved again"

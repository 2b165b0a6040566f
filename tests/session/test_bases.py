"""A relaxation that was solved is what the next one starts from, also where the solve behind it was stopped."""

from __future__ import annotations

import pickle
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from models.formulation.components import parts
from optimizer.errors import Stopped
from optimizer.requests import Requests
from optimizer.results.solution import settings_of
from optimizer.session import Session
from optimizer.solver import mixed_integer
from tests.cli.command import bundled

if TYPE_CHECKING:
    from optimizer.results.interval import Interval
    from optimizer.solver.arrays import Matrix
    from optimizer.solver.deadline import Deadline
    from optimizer.solver.outcome import Relaxation

BATTERY = bundled("us-battery-2027")


def test_a_solve_that_was_stopped_leaves_its_bases_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    exact, given, relax = settings_of(BATTERY, gap=0.0), list[Any](), mixed_integer.relax
    session, stop = Session(exact), threading.Event()
    session.solve(BATTERY)

    def spy(matrix: Matrix, deadline: Deadline, basis: Any = None) -> Relaxation:
        given.append(basis)
        return relax(matrix, deadline, basis)

    monkeypatch.setattr(mixed_integer, "relax", spy)

    def end(_: Interval) -> None:
        stop.set()

    session.settings = replace(exact, stop=stop)
    with pytest.raises(Stopped):
        session.solve(Requests(texts=("demand lithium=x1.1",)).apply_to(BATTERY), end)
    assert given == [None]
    session.settings = exact
    again = Requests(texts=("demand lithium=x1.11",)).apply_to(BATTERY)
    told: list[Interval] = []
    cost = session.solve(again, told.append).cost
    assert told
    assert given[1:], "no relaxation was solved"
    assert None not in given[1:], "a relaxation began from nothing"
    assert cost == pytest.approx(Session(exact).solve(again).cost, rel=1e-9)
    part = next(part for part in parts(again) if part.name == "lithium")
    assert session.memory.basis_of(part) is not None
    assert pickle.loads(pickle.dumps(session.memory)).basis_of(part) is None  # noqa: S301 (our own)


def test_a_basis_that_does_not_fit_changes_no_bound() -> None:
    exact = settings_of(BATTERY, gap=0.0)
    session = Session(exact)
    for texts in (("demand lithium=x1.1",), ("ban country:CL",), ("capacity mined/lithium=x0.8",), ("demand *=x1.02",)):
        changed = Requests(texts=texts).apply_to(BATTERY)
        told: list[Interval] = []
        cost = session.solve(changed, told.append).cost
        assert cost == pytest.approx(Session(exact).solve(changed).cost, rel=1e-9), texts
        assert all((one.bound or cost) <= cost * (1 + 1e-9) for one in told)

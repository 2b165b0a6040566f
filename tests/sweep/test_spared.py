"""What a point of a sweep is spared because its neighbour is known: seen in what is asked of the solver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import highspy
import pytest

from models.changes import apply_changes, parse
from models.formulation.components import parts
from optimizer.programs.program import Program
from optimizer.programs.restriction import is_restriction_of
from optimizer.results.solution import settings_of
from optimizer.session import Session
from optimizer.solver import highs, mixed_integer
from tests.cli.command import bundled

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.instance import Instance

TUTORIAL, BATTERY = (bundled(name) for name in ("tutorial-lithium-cobalt", "us-battery-2027"))
SEARCHES = [f"mip_heuristic_run_{name}" for name in ("rens", "rins", "root_reduced_cost")]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is asked of the solver from now on, one word each."""
    words: list[str] = []
    complete, run = mixed_integer.complete, highs.run

    def noted_complete(*args: Any) -> Any:
        words.append("complete")
        return complete(*args)

    def noted_run(solver: Any, *args: Any) -> None:
        looks = {solver.getOptionValue(option)[1] for option in SEARCHES}
        if highspy.HighsVarType.kInteger in solver.getLp().integrality_:
            words.append("search for plans" if looks == {True} else "prove")
        run(solver, *args)

    monkeypatch.setattr("optimizer.programs.incumbent.complete", noted_complete)
    monkeypatch.setattr(highs, "run", noted_run)
    return words


def at(instance: Instance, text: str) -> EnforcedInstance:
    return apply_changes(instance, [parse(text)])


def test_a_point_that_binds_completes_its_neighbours_contracts_once_and_goes_on_to_the_proof(asked: list[str]) -> None:
    session = Session(settings_of(BATTERY, gap=0.0))
    session.solve(at(BATTERY, "cap refined/graphite:CN=60%"))
    assert "search for plans" in asked
    assert "complete" not in asked
    asked.clear()
    session.solve(at(BATTERY, "cap refined/graphite:CN=50%"))
    assert asked == ["complete", "prove"]


def test_a_material_without_contracts_is_solved_once_a_point(asked: list[str]) -> None:
    session = Session(settings_of(TUTORIAL, gap=0.0))
    session.solve(at(TUTORIAL, "cap refined/cobalt:CN=60%"))
    before = session.solves
    session.solve(at(TUTORIAL, "cap refined/cobalt:CN=50%"))
    assert (session.solves - before, asked) == (1, ["complete"])


def test_a_cap_of_nothing_is_seen_to_be_harder_than_one_of_something() -> None:
    # where demand may go unmet, supply is a variable that a cap of 0 % leaves out
    wanting = at(TUTORIAL, "set materials.cobalt.shortage_cost=99")
    loose, tight = (
        Program(
            next(part for part in parts(at(wanting, f"cap refined/*:CN={level}")) if "cobalt" in part.market.material)
        )
        for level in ("10%", "0%")
    )
    assert loose.matrix.A.nnz > tight.matrix.A.nnz
    assert is_restriction_of(loose, tight)
    assert not is_restriction_of(tight, loose)

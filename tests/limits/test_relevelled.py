"""A program of which a level was moved is that which would be built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyomo.environ import Var

from models.limits.share_cap import ShareCap
from optimizer.programs.level_update import update_levels
from optimizer.programs.program import Program
from optimizer.results.solution import settings_of
from optimizer.session import Session
from tests.cli.command import bundled
from tests.limits.test_limits import CASES

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

BATTERY = bundled("us-battery-2027")


def at(asked: EnforcedInstance, factor: float, **fields: object) -> EnforcedInstance:
    """Return an instance with the level of its first limit times a factor, and other fields of that limit."""
    first = asked.limits[0]
    moved = first.model_copy(update={first.LEVEL: first.level * factor, **fields})
    return asked.model_copy(update={"limits": (moved, *asked.limits[1:])})


def assert_same(found: Program, built: Program) -> None:
    assert (found.column_names, found.row_names) == (built.column_names, built.row_names)
    for name in ("cost", "lower", "upper", "integer", "row_lower", "row_upper"):
        np.testing.assert_array_equal(getattr(found.matrix, name), getattr(built.matrix, name))
    for name in ("indptr", "indices", "data"):
        np.testing.assert_array_equal(getattr(found.matrix.A, name), getattr(built.matrix.A, name))
        for sums in ("part", "whole"):
            ours, theirs = getattr(found.matrix.squares, sums), getattr(built.matrix.squares, sums)
            np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
    np.testing.assert_array_equal(found.matrix.squares.constant, built.matrix.squares.constant)
    np.testing.assert_array_equal(found.matrix.squares.square, built.matrix.squares.square)


def with_shortage(asked: EnforcedInstance) -> EnforcedInstance:
    """Return an instance whose demand may go unmet, so that what passes a stage is a variable."""
    materials = tuple(m.model_copy(update={"shortage_cost": 99.0}) for m in asked.market.materials)
    return asked.model_copy(update={"market": asked.market.model_copy(update={"materials": materials})})


@pytest.mark.parametrize(("penalty", "elastic"), [(None, False), (None, True), (7.0, False)])
@pytest.mark.parametrize("kind", CASES)
def test_what_is_said_again_is_what_would_be_built(kind: str, penalty: float | None, *, elastic: bool) -> None:
    asked = at(CASES[kind].instance(), 1.0, hard=None if penalty else True, penalty=penalty)
    before, once, twice = Program(asked, elastic=elastic), at(asked, 0.5), at(asked, 0.75)
    moved = update_levels(before, once)
    built = bool(before.m.limit["asked"].component_map(Var)) and not asked.limits[0].KEEPS
    assert (moved is None) == built
    if moved is None:
        return
    assert_same(moved, Program(once, elastic=elastic))
    further = update_levels(moved, twice)
    assert further is not None
    assert_same(further, Program(twice, elastic=elastic))


def test_what_is_not_a_level_is_built() -> None:
    asked = CASES["share_cap"].instance()
    before = Program(asked)
    assert update_levels(before, asked) is None
    assert update_levels(before, at(asked, 0.5, country="CD")) is None
    assert update_levels(before, asked.model_copy(update={"limits": ()})) is None
    wanting = with_shortage(asked)
    assert update_levels(Program(wanting), at(wanting, 0.0)) is None  # an entry less
    assert update_levels(Program(at(wanting, 0.0)), wanting) is None  # one more
    dearer = asked.market.model_copy(
        update={"offers": tuple(o.model_copy(update={"price": o.price + 1}) for o in asked.market.offers)}
    )
    assert update_levels(before, at(asked, 0.5).model_copy(update={"market": dearer})) is None


def test_a_study_builds_no_part_again_for_a_level(monkeypatch: pytest.MonkeyPatch) -> None:
    cap = next(limit for limit in BATTERY.limits if limit.name == "china-graphite")
    tighter = tuple(limit.model_copy(update={"max_share": 0.55}) if limit is cap else limit for limit in BATTERY.limits)
    after = BATTERY.model_copy(update={"limits": tighter})
    cold = Session(settings_of(after, gap=0.0)).solve(after).cost
    session = Session(settings_of(BATTERY, gap=0.0))
    session.solve(BATTERY)
    monkeypatch.setattr("optimizer.programs.program.build", lambda *_, **__: pytest.fail("built again"))
    assert session.solve(after).cost == pytest.approx(cold, rel=1e-9)


@pytest.mark.parametrize("first", [1.0, 0.5])
def test_a_limit_that_says_rows_at_some_levels_only_is_built(first: float, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, rows = CASES["share_cap"].instance(), ShareCap.rows
    level = asked.limits[0].level
    monkeypatch.setattr(ShareCap, "rows", lambda self, m, here: rows(self, m, here) if here.level < level else iter(()))
    assert update_levels(Program(at(asked, first)), at(asked, 1.5 - first)) is None


def test_a_level_beside_a_cap_on_the_hhi_costs_what_it_costs_from_nothing() -> None:
    squared, capped = CASES["hhi_cap"].instance(), CASES["share_cap"].instance().limits[0]
    beside = capped.model_copy(update={"name": "beside", "max_share": 0.9, "hard": None, "penalty": 7.0})
    before = squared.model_copy(update={"limits": (beside, *squared.limits)})
    after = at(before, 0.7)
    assert update_levels(Program(before), after) is not None
    session = Session(settings_of(before, gap=0.0))
    session.solve(before)
    assert session.solve(after).cost == pytest.approx(Session(settings_of(after, gap=0.0)).solve(after).cost, rel=1e-6)


@pytest.mark.parametrize("level", [0.0, 0.3, 0.7])
def test_another_level_of_a_floor_goes_on_from_its_cuts_and_costs_what_it_costs_from_nothing(level: float) -> None:
    before = CASES["survival_floor"].instance()
    after = at(before, level)
    session = Session(settings_of(before, gap=0.0))
    session.solve(before)
    assert session.solve(after).cost == pytest.approx(Session(settings_of(after, gap=0.0)).solve(after).cost, rel=1e-9)

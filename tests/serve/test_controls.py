"""Everything that a control says is a change that the command line takes, and means the same there."""

from __future__ import annotations

import datetime
import tomllib
from typing import TYPE_CHECKING

import pytest

from models.enforcement import enforce
from models.market import Duty
from optimizer.errors import InputError
from optimizer.load import load
from optimizer.requests import Requests
from optimizer.results.solution import settings_of
from optimizer.serve.controls import list_controls, quoted
from optimizer.serve.law_days import list_law_days
from optimizer.serve.moves import Moves, read_moves
from optimizer.serve.nearest import find_nearest
from optimizer.session import Session
from tests.serve.conftest import BATTERY, TUTORIAL

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.serve.controls import Control, Value


def ends(control: Control) -> list[Value]:
    match control.shape:
        case "slider":
            return [control.least, control.greatest]
        case "switch":
            return [not control.base]
        case "choice":
            return [choice for choice in control.choices if choice not in {control.base, "on"}]
        case _:
            return ["2027-01-15"]


@pytest.mark.parametrize("path", [TUTORIAL, BATTERY], ids=lambda path: path.name)
def test_every_control_can_stand_at_both_of_its_ends(path: Path) -> None:
    instance = load(path)
    controls = list_controls(instance, enforce(instance))
    assert {"Limits", "Demand", "Prices", "Capacities", "Duties", "Law", "Without"} <= {one.group for one in controls}
    assert len({control.name for control in controls}) == len(controls)
    for control in controls:
        for value in ends(control):
            taken = control.check(value)
            assert taken is not None, (control, value)
            Moves(((control, taken),)).apply_to(instance)


def test_every_limit_that_holds_has_a_control_at_its_level() -> None:
    instance = enforce(load(BATTERY))
    controls = {control.limit: control for control in list_controls(load(BATTERY), instance) if control.limit}
    assert set(controls) == {limit.name for limit in instance.limits if not limit.watch}
    for limit in instance.limits:
        control = controls.get(limit.name)
        if control is not None and control.shape == "slider":
            assert control.base == limit.level
            places = (limit.level - control.least) / control.step
            assert places == pytest.approx(round(places), abs=1e-6), "the base plan lies between two steps"


def test_a_slider_of_what_cannot_be_bought_says_why_and_moves_no_plan() -> None:
    instance = load(BATTERY)
    controls = list_controls(instance, enforce(instance))
    idle = {control.name: control.idle for control in controls if control.idle}
    assert idle == {
        "price @RU": "nothing to buy: no-russian-owner lets none through",
        "capacity @RU": "nothing to buy: no-russian-owner lets none through",
        "duty RU": "nothing to buy: no-russian-owner lets none through",
        "price @ZW": "nothing to buy: lithium-concentrate-ban closes its lanes",
        "capacity @ZW": "nothing to buy: lithium-concentrate-ban closes its lanes",
    }
    session = Session(settings_of(instance))
    cost = session.solve(enforce(instance)).cost
    for control in controls:
        for value in ends(control) if control.idle else ():
            assert session.solve(Moves(((control, value),)).apply_to(instance)).cost == pytest.approx(cost, rel=1e-9)


def test_what_is_moved_is_the_same_as_a_command_line_and_as_a_case() -> None:
    instance = load(BATTERY)
    controls = {control.name: control for control in list_controls(instance, enforce(instance))}
    moves = read_moves(
        [["limit china-cobalt", 0.25], ["demand nickel", 0.15], ["duty CN", 0.1], ["price @CL", -0.2]], controls
    )
    moved = moves.apply_to(instance)
    case = tomllib.loads(moves.case())["cases"]["moved"]
    assert Requests(texts=tuple(case)).apply_to(instance).digest == moved.digest
    assert moves.command("my instances/a b") == (
        "lodeplan whatif 'my instances/a b' --demand nickel=x1.15 --price '*@CL=x0.8' --duty CN=+10% "
        "--set limits.china-cobalt.max_share=25%"
    )


def test_a_control_at_its_base_is_not_moved() -> None:
    instance = load(TUTORIAL)
    controls = {control.name: control for control in list_controls(instance, enforce(instance))}
    assert not read_moves([[name, control.base] for name, control in controls.items()], controls).moved


@pytest.mark.parametrize(
    "said",
    [
        None,
        {"limit": 1},
        [["demand lithium"]],
        [["demand lithium", 0.1, 2]],
        [[["demand lithium"], 0.1]],
        [["no such control", 1]],
        [["demand lithium", "a lot"]],
        [["demand lithium", 1e9]],
        [["demand lithium", True]],
        [["demand lithium", float("nan")]],
        [["demand lithium", 0.1]] * 600,
    ],
)
def test_what_no_page_of_ours_sends_is_refused(said: object) -> None:
    instance = load(TUTORIAL)
    controls = {control.name: control for control in list_controls(instance, enforce(instance))}
    with pytest.raises(InputError):
        read_moves(said, controls)


def test_a_name_with_signs_of_the_language_is_quoted() -> None:
    assert [quoted(name) for name in ("plain-name_1", "a=b", 'say "a"', "of: all")] == [
        "plain-name_1",
        '"a=b"',
        '"say \\"a\\""',
        '"of: all"',
    ]


def test_the_nearest_level_has_a_plan_and_one_step_further_has_none() -> None:
    instance = load(BATTERY)
    controls = {control.name: control for control in list_controls(instance, enforce(instance))}
    session = Session(settings_of(instance))
    moves = read_moves([["demand nickel", 0.1], ["limit one-country-refined", 0.2]], controls)
    nearest = find_nearest(instance, moves, "limit one-country-refined", session)
    assert nearest is not None
    assert nearest.control.name == "limit one-country-refined"
    assert isinstance(nearest.value, float)
    assert session.solve(moves.at(nearest.control.name, nearest.value).apply_to(instance)).proven
    step = nearest.control.step
    further = moves.at(nearest.control.name, nearest.value - step).apply_to(instance)
    with pytest.raises(Exception, match="there is no plan"):
        session.solve(further)


def test_the_days_that_are_proposed_are_those_on_which_law_switches() -> None:
    known = Duty(
        duty="a",
        material="lithium",
        stage="refined",
        from_country="CN",
        to_country="US",
        rate=0.1,
        valid_from=datetime.date(2026, 3, 1),
        valid_to=datetime.date(2026, 5, 31),
        known_from=datetime.date(2026, 1, 1),
    )
    instance = load(TUTORIAL)
    market = instance.market.model_copy(update={"duties": (known,), "controls": ()})
    for start, wanted in (
        (None, ["2026-01-01", "2026-03-01", "2026-06-01"]),
        (datetime.date(2026, 1, 1), ["2026-01-01"]),
    ):
        asked = instance.model_copy(
            update={"market": market.model_copy(update={"start": start}), "policies": ()},
        )
        assert [str(day) for day in list_law_days(asked)] == wanted

"""Plans for scenarios from Python: the same answers as on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import lodeplan as api
from tests.cli.command import copied, lodeplan
from tests.scenarios.test_value import add_scenarios

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def struck(tmp_path: Path) -> Path:
    """The tutorial with scenarios, and a hazard that may strike in four ways."""
    folder = copied("tutorial-lithium-cobalt", tmp_path)
    add_scenarios(folder)
    rows = [f"strike,capacity atacama,x0.{left},0.05,1\n" for left in (2, 4, 6, 8)]
    (folder / "hazards.csv").write_text("hazard,what,value,chance,lasts\n" + "".join(rows), "utf-8")
    return folder


def test_draws_and_what_planning_for_scenarios_is_worth_are_those_of_the_command(struck: Path) -> None:
    plan = api.solve(struck, samples=2, seed=1, value=True)
    words = ("solve", struck, "--samples", "2", "--seed", "1", "--value", "--json")
    told = json.loads(lodeplan(*words).out)
    assert plan.risk is not None
    assert plan.value is not None
    assert [one.scenario for one in plan.risk.outcomes] == [one["scenario"] for one in told["risk"]["scenarios"]]
    assert plan.value.as_data() == told["value"]
    assert "regret" in plan.tables
    prices = api.price(struck, ["drc-cobalt-mined"], samples=2, seed=1)
    assert f"{plan.risk.expected / 1e6:.2f} million" in prices.answer


def test_draws_that_mean_nothing_are_refused(struck: Path) -> None:
    with pytest.raises(api.InputError, match="samples=0, seed=0: write 1 sample or more"):
        api.solve(struck, samples=0)
    with pytest.raises(api.InputError, match="seed=3: is of draws, and nothing says that there are any; give samples"):
        api.solve(struck, seed=3)

"""Scenarios on the live page: what a plan is expected to cost, and switches that leave some of them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from models.enforcement import enforce
from optimizer.charts.outcomes import MOST_ROWS
from optimizer.load import load
from optimizer.report.risk import NOT_COUNTED
from optimizer.requests import Requests
from optimizer.serve.controls import list_controls
from optimizer.serve.moves import Moves
from optimizer.solve import solve
from tests.scenarios.hostile import HOSTILE, SCENARIOS, write_instance
from tests.serve.browsed import figure, opened, row, settled
from tests.serve.conftest import TUTORIAL, serving

if TYPE_CHECKING:
    from pathlib import Path

HAZARDS = ("a.b", "[ab]*", 'china "x" out', "prices")


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return write_instance(tmp_path)


def test_each_switch_leaves_out_what_it_is_called_by_and_nothing_else(instance: Path) -> None:
    ways = [
        f'"{name.replace(chr(34), 2 * chr(34))}",{way},0.05,1\n'
        for name in HAZARDS
        for way in ("price *,+5%", "price *,+9%")
    ]
    (instance / "hazards.csv").write_text(f"hazard,what,value,chance,lasts\n{''.join(ways)}", "utf-8")
    asked = load(instance)
    controls = [one for one in list_controls(asked, enforce(asked)) if one.group in {"Scenarios", "Hazards"}]
    scenarios = [name for name, *_ in SCENARIOS]
    assert {one.label for one in controls} == {"all scenarios", "all hazards", *scenarios, *HAZARDS}
    for control in controls:
        market = Moves(((control, False),)).apply_to(asked).market
        out = {one.scenario for one in market.scenarios if not one.probability}
        out |= {one.hazard for one in market.hazards if not one.chance}
        every = {"all scenarios": set(scenarios), "all hazards": set(HAZARDS)}
        assert out == every.get(control.label, {control.label})
        assert all(one.probability for one in market.scenarios if one.scenario not in out)
        assert all(one.chance for one in market.hazards if one.hazard not in out)


def test_what_cannot_happen_has_no_switch() -> None:
    asked = load(TUTORIAL)
    assert not {"Scenarios", "Hazards"} & {one.group for one in list_controls(asked, enforce(asked))}


@pytest.mark.slow(reason="a browser")
def test_a_switch_that_leaves_scenarios_out_is_answered_as_on_the_command_line(
    browser: Any, instance: Path, tmp_path: Path
) -> None:
    def cost(*texts: str) -> Any:
        return pytest.approx(solve(Requests(texts=texts).apply_to(load(instance))).cost / 1e6, abs=0.051)

    with serving(instance, tmp_path) as served:
        for page in opened(browser, served.address):
            words = page.locator("#may-happen")
            assert figure(page.locator("#cost").inner_text()) == cost()
            assert page.locator("#unit").inner_text() == "million USD expected"
            told = words.inner_text().replace("\xa0", " ")
            assert told.startswith(
                "If nothing happens the plan costs 65.56 million USD. Expected cost 67.61 million USD;"
            )
            assert told.endswith(NOT_COUNTED)
            assert HOSTILE[0] in told
            assert page.locator("img").count() == 0
            rows = page.locator("#outcomes tbody tr")
            assert rows.count() == MOST_ROWS < len(SCENARIOS)
            assert HOSTILE[0] in " ".join(rows.all_inner_texts())
            for width in (390, 1400):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.locator("summary", has_text="Scenarios").click()
            switch(page, "cheap")
            assert figure(page.locator("#cost").inner_text()) == cost("set scenarios.cheap.probability=0")
            assert "68.27 million USD" in words.inner_text().replace("\xa0", " ")
            switch(page, "all scenarios")
            assert figure(page.locator("#cost").inner_text()) == cost("set scenarios.*.probability=0")
            assert words.inner_text() == "Planned as if nothing could happen."
            assert page.locator("#outcomes").is_hidden()


def switch(page: Any, name: str) -> None:
    row(page, name).locator("input").click()
    page.wait_for_timeout(100)
    settled(page)

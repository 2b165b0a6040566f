"""If it stopped, on the live page: the plan at hand tested as on the command line, after all that is moved."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import pytest

from optimizer.errors import InputError
from optimizer.load import load
from optimizer.requests import Requests
from optimizer.serve.losses import LossesAsked, read_asked, stress_plan
from optimizer.serve.worker import Job, Worker
from optimizer.solve import solve
from tests.serve.browsed import move, opened, renamed, settled
from tests.serve.conftest import TUTORIAL, Listener, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from models.market.losses import Subject
    from optimizer.results.losses import TestedLoss

BY_CONTROL = LossesAsked("each-country@control", None)
COUNTED = "Counted are stock, goods under way and what was planned, and nothing else"


class Hearer(Listener):
    """A page that does something when it first hears of a kind."""

    def __init__(self, kind: str, then: Callable[[], None]) -> None:
        super().__init__()
        self._kind, self._then = kind, [then]

    def put(self, kind: str, data: dict[str, Any]) -> None:
        super().put(kind, data)
        if kind == self._kind and self._then:
            self._then.pop()()


def worst_of_each(asked: LossesAsked, *texts: str, path: Path = TUTORIAL) -> list[TestedLoss]:
    """Return who stops and hits the plan, at its worst, the worst first."""
    solution = solve(Requests(texts=texts).apply_to(load(path)))
    tested = stress_plan(solution, asked, threading.Event(), lambda *_: None).tested
    worst: dict[Subject, TestedLoss] = {}
    for one in tested:
        if one.hits:
            worst.setdefault(one.loss.subject, one)
    return list(worst.values())


def test_a_test_gives_way_to_whatever_is_moved_and_is_answered_after_it(worker: Worker) -> None:
    order: list[str] = []
    mover = Hearer("answer", lambda: order.append("moved"))
    ask_move = Job(1, [["demand lithium", 0.2]], mover)
    tested = Hearer("testing", lambda: worker.ask("other", ask_move))
    worker.ask("tests", Job(1, [], tested, losses=BY_CONTROL))
    _, said = tested.wait_for("tested")
    assert order == ["moved"], "answered before the move that came while it was tested"
    assert said["answer"].startswith("Tested against ")
    assert any(COUNTED in line for line in said["unsaid"])
    assert said["command"] == f"lodeplan stress PLAN {TUTORIAL} --lose each-country@control"


def test_another_test_of_the_same_page_takes_the_place_of_the_one_before(worker: Worker) -> None:
    second = Listener()
    company = Job(2, [], second, losses=LossesAsked("each-company", 1))
    first = Hearer("testing", lambda: worker.ask("tests", company))
    worker.ask("tests", Job(1, [], first, losses=BY_CONTROL))
    assert "company talison" in second.wait_for("tested")[1]["drawing"]
    assert first.closed
    assert "tested" not in [kind for kind, _ in first.heard()]


@pytest.mark.parametrize(("who", "lasts"), [("each", 1), ({}, 1), ("each-company", 99), ("each-company", True)])
def test_what_no_page_can_choose_is_refused_in_one_sentence(who: Any, lasts: Any) -> None:
    market = load(TUTORIAL).market
    assert read_asked("each-company", 1, market) == ("each-company", 1)
    with pytest.raises(InputError, match="cannot be chosen; load the page again"):
        read_asked(who, lasts, market)


@pytest.mark.slow(reason="a browser")
def test_the_plan_on_the_screen_is_tested_as_on_the_command_line(browser: Any, tmp_path: Path) -> None:
    instance = renamed(tmp_path / "instance", "<img src=x onerror=alert(1)>")
    with serving(instance, tmp_path) as served:
        for page in opened(browser, served.address):
            assert page.locator("#stopped-body").is_hidden()
            page.get_by_role("switch", name="test the plan").click()
            assert_drawn(page, worst_of_each(BY_CONTROL, path=instance))
            assert page.locator("#stopped .tick").count() == 0
            move(page, "all materials", 40)
            base = worst_of_each(BY_CONTROL, path=instance)
            assert_drawn(page, worst_of_each(BY_CONTROL, f"demand *={demanded(page)}", path=instance))
            assert page.locator("#stopped .tick.base").count() == len(base)
            page.get_by_label("Lost:").select_option("each company")
            page.get_by_label("for", exact=True).select_option("1 period")
            assert_drawn(
                page, worst_of_each(LossesAsked("each-company", 1), f"demand *={demanded(page)}", path=instance)
            )
            assert page.locator("#stopped img").count() == 0
            assert COUNTED in page.locator("#stopped-unsaid").inner_text()
            for width in (390, 1400):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.wait_for_url("**each-company+1*")
            page.reload()
            settled(page)
            assert page.get_by_label("for", exact=True).input_value() == "1"
            assert "each-company 1" in unquote_plus(page.url)
            assert_drawn(
                page, worst_of_each(LossesAsked("each-company", 1), f"demand *={demanded(page)}", path=instance)
            )


def demanded(page: Any) -> str:
    """Return the factor at which the slider of all demand stands."""
    said = page.get_by_label("all materials", exact=True).get_attribute("aria-valuetext")
    return f"x{1 + float(re.sub(r'[^0-9-]', '', said.replace(chr(0x2212), '-'))) / 100:g}"


def assert_drawn(page: Any, worst: list[TestedLoss]) -> None:
    """Assert that the worst losses stand there, with what each still covers."""
    page.wait_for_timeout(50)
    page.locator("#stopped[data-tested]").wait_for()
    rows = page.locator("#stopped tbody tr").all()
    assert len(rows) == min(8, len(worst)) > 0
    for row, one in zip(rows, worst, strict=False):
        covered = one.worst.covered
        said = row.locator("td").nth(1).inner_text().replace("\u202f", " ")
        assert said.startswith(f"{100 * covered:.{0 if covered < 0.985 else 1}f} %")
        assert one.worst.material in said
        assert float(row.locator("rect.price").get_attribute("width").rstrip("%")) == pytest.approx(
            100 * covered, abs=0.006
        )

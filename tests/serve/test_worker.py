"""The one thread that solves: a move takes the place of those of its own page, and of no other."""

from __future__ import annotations

import random
import shutil
import threading
from typing import TYPE_CHECKING, Any

import pytest

from optimizer.errors import Stopped
from optimizer.load import load
from optimizer.page.folder import draw_folder
from optimizer.requests import Requests
from optimizer.serve.losses import LossesAsked
from optimizer.serve.moves import read_moves
from optimizer.serve.studio import Studio
from optimizer.serve.worker import Job, Worker
from optimizer.solve import solve
from tests.cli.command import lodeplan
from tests.serve.conftest import BATTERY, PATIENCE, TUTORIAL, Listener

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


_NO_FOLDERS = ["moved plan", "../away", "/away", " ", ".", "..", "a/b", "a\\b", "\x00", "x" * 99]


def ask(  # noqa: PLR0913 (what a page says)
    worker: Worker,
    page: str,
    number: int,
    moves: Any,
    last: str = "",
    keep: str = "",
    losses: LossesAsked | None = None,
) -> Listener:
    listener = Listener()
    worker.ask(page, Job(number, moves, listener, last, keep or None, losses))
    return listener


def wait_for_news(worker: Worker, known: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Look, as a page does, until something is known."""
    for _ in range(int(PATIENCE / 0.02)):
        news = worker.news(worker.read[0])
        if known(news):
            return news
        threading.Event().wait(0.02)
    raise AssertionError(news)


def cost_with(*texts: str) -> float:
    return solve(Requests(texts=texts).apply_to(load(TUTORIAL))).cost


def test_a_page_is_told_the_base_plan_what_it_moves_and_what_limits_cost(worker: Worker) -> None:
    _, answer = ask(worker, "a", 1, [["demand lithium", 0.2]]).wait_for("answer")
    assert answer["number"] == 1
    assert answer["cost"] == pytest.approx(cost_with("demand lithium=x1.2"), rel=1e-4)
    assert answer["proven"]
    news = wait_for_news(worker, lambda news: bool(news["priced"]))
    assert news["base"]["cost"] == pytest.approx(solve(load(TUTORIAL)).cost)
    assert set(news["prices"]) == {control.limit for control in worker.studio.controls.values() if control.limit}
    assert not news["changed"]


def test_ten_pages_each_get_the_answer_to_their_own_last_question(worker: Worker) -> None:
    for moved in range(1, 4):
        pages = [ask(worker, str(n), moved, [["demand lithium", round(0.01 * (10 * moved + n), 2)]]) for n in range(10)]
    for n, page in enumerate(pages):
        kind, answer = page.wait_for("answer", "fault", "noplan")
        assert (kind, answer["number"]) == ("answer", 3)
        assert answer["cost"] == pytest.approx(cost_with(f"demand lithium=x{1.3 + 0.01 * n:.2f}"), rel=1e-4)


def test_sliders_that_change_nothing_are_told_of_the_plan_at_hand_and_only_where_it_was_proven() -> None:
    studio, never = Studio(TUTORIAL), threading.Event()

    def unfelt(**places: float) -> dict[str, list[str]]:
        listener = Listener()
        moves = read_moves([list(pair) for pair in places.items()], studio.controls)
        studio.answer(moves, "", listener.put, never)
        told: dict[str, list[str]] = listener.wait_for("answer", "noplan", "fault")[1]["unfelt"]
        return told

    studio.solve_base(never)
    assert studio.unfelt == {"here": [], "at_ends": []}, "told before it was tried"
    while not studio.prepared:
        studio.prepare_next(never)
    idle = "capacity @US"
    assert studio.unfelt == {"here": [], "at_ends": [idle]}
    assert unfelt(**{idle: 0.5}) == {"here": [idle], "at_ends": [idle]}
    some = "capacity @AU"
    assert unfelt(**{some: 0.5}) == {"here": [some], "at_ends": []}
    assert cost_with("capacity *@AU=x1.5") == pytest.approx(cost_with())
    assert unfelt(**{"price @CL": 0.5}) == {"here": [], "at_ends": []}
    others = {"duty CD": 0.5}
    assert unfelt(**others, **{idle: 0.5}) == {"here": [], "at_ends": []}, "told of another plan than was solved"
    assert unfelt(**others) == {"here": [], "at_ends": []}
    assert unfelt(**others, **{idle: 0.5}) == {"here": [idle], "at_ends": []}


class Slow:
    """A studio whose answers take until they are stopped, or are let go."""

    def __init__(self) -> None:
        self.controls: dict[str, Any] = {}
        self.base: dict[str, Any] | None = {"cost": 0.0}
        self.prices: dict[str, Any] = {}
        self.colours: dict[str, str] = {}
        self.priced = self.prepared = True
        self.unfelt: dict[str, Any] = {}
        self.path = TUTORIAL
        self.calm = True
        self.go = threading.Event()
        self.stops: list[threading.Event] = []
        self.started = threading.Semaphore(0)

    def answer(self, _: Any, last: str, tell: Any, stop: threading.Event) -> None:
        self.stops.append(stop)
        self.started.release()
        while not self.go.wait(0.01):
            if stop.is_set():
                raise Stopped
        tell("answer", {"of": last})


class Quick(Slow):
    """A studio that answers at once, and never rests: something is always left to be found out."""

    def __init__(self) -> None:
        super().__init__()
        self.prepared = False

    def answer(self, _: Any, last: str, tell: Any, stop: threading.Event) -> None:
        if stop.is_set():
            raise Stopped
        tell("answer", {"of": last})

    def prepare_next(self, stop: threading.Event) -> None:
        if stop.wait(0.001):
            raise Stopped


def test_a_move_stops_the_solve_of_its_own_page_and_of_no_other(tmp_path: Path) -> None:
    studio = Slow()
    worker = Worker(studio, tmp_path)  # type: ignore[arg-type]
    gone = ask(worker, "a", 1, [], "a1")
    assert studio.started.acquire(timeout=PATIENCE)
    ask(worker, "b", 1, [], "b1")
    second = ask(worker, "b", 2, [], "b2")
    assert not studio.stops[0].is_set(), "another page's move stopped this one's solve"
    first = ask(worker, "a", 2, [], "a2")
    assert studio.stops[0].is_set()
    studio.go.set()
    assert first.wait_for("answer") == ("answer", {"of": "a2", "number": 2})
    assert second.wait_for("answer") == ("answer", {"of": "b2", "number": 2})
    assert gone.closed
    assert not gone.heard()
    assert worker.join(PATIENCE)


def test_a_question_that_comes_behind_a_later_one_does_not_stop_that(tmp_path: Path) -> None:
    studio = Slow()
    worker = Worker(studio, tmp_path)  # type: ignore[arg-type]
    later = ask(worker, "a", 3, [], "a3")
    assert studio.started.acquire(timeout=PATIENCE)
    late = ask(worker, "a", 2, [], "a2")
    assert late.closed
    assert not studio.stops[0].is_set()
    studio.go.set()
    assert later.wait_for("answer") == ("answer", {"of": "a3", "number": 3})
    assert not late.heard()
    assert worker.join(PATIENCE)


def test_a_question_taken_back_as_the_one_before_ends_takes_the_worker_with_it_no_more(tmp_path: Path) -> None:
    studio = Slow()
    worker = Worker(studio, tmp_path)  # type: ignore[arg-type]
    first = ask(worker, "a", 1, [], "a1")
    assert studio.started.acquire(timeout=PATIENCE)
    with worker._changed:
        back = ask(worker, "b", 1, [], "b1")
        studio.go.set()
        first.wait_for("answer")
        threading.Event().wait(0.05)  # the worker comes to look for what is next, and is kept waiting
        job = worker.find("b", 1)
        assert job is not None
        worker.leave("b", job)
    assert ask(worker, "c", 1, [], "c1").wait_for("answer")[1]["of"] == "c1"
    assert back.closed
    assert worker.join(PATIENCE)


def test_whatever_pages_do_at_once_the_last_question_of_each_is_answered(tmp_path: Path) -> None:
    worker = Worker(Quick(), tmp_path)  # type: ignore[arg-type]

    def behave(page: str) -> None:
        chance = random.Random(page)  # noqa: S311 (a test keeps no secrets)
        for number in range(1, 1000):
            last = ask(worker, page, number, [])
            job = worker.find(page, number)
            if job is not None and chance.random() < 0.6:
                worker.leave(page, job)
            elif chance.random() < 0.1:
                told.append(last.wait_for("answer", "fault")[1]["number"] == number)
        told.append(ask(worker, page, 1000, []).wait_for("answer", "fault")[1]["number"] == 1000)

    told: list[bool] = []
    pages = [threading.Thread(target=behave, args=(page,), daemon=True) for page in "abcd"]
    for page in pages:
        page.start()
    for page in pages:
        page.join(PATIENCE)
    assert len(told) > 20
    assert all(told)
    assert worker.join(PATIENCE)


def test_a_fault_in_what_nobody_asked_for_leaves_moves_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any, calm: bool = False) -> None:
        raise ZeroDivisionError(calm)

    monkeypatch.setattr(Studio, "prepare_next", fail)
    worker = Worker(Studio(TUTORIAL, calm=True), tmp_path)
    wait_for_news(worker, lambda news: bool(news["priced"]))
    assert ask(worker, "a", 1, []).wait_for("answer", "fault")[0] == "answer"
    monkeypatch.setattr(Studio, "solve_base", fail)
    worker.reload()
    wait_for_news(worker, lambda news: "ZeroDivisionError" in (news.get("base") or {}).get("message", ""))
    assert ask(worker, "a", 2, []).wait_for("answer", "fault")[0] == "answer"
    assert worker.studio.calm, "it was read again as if something could happen"
    monkeypatch.setattr("optimizer.serve.worker.Studio", fail)
    worker.reload()
    assert "ZeroDivisionError" in wait_for_news(worker, lambda news: bool(news.get("unread")))["unread"]
    assert ask(worker, "a", 3, []).wait_for("answer", "fault")[0] == "answer"
    assert worker.join(PATIENCE)
    assert capfd.readouterr().err.count("ZeroDivisionError:") == 3, "a fault was not reported where the server runs"


def test_a_page_that_is_gone_stops_its_solve_and_the_worker_ends_while_it_solves(tmp_path: Path) -> None:
    studio = Slow()
    worker = Worker(studio, tmp_path)  # type: ignore[arg-type]
    ask(worker, "a", 1, [], "a1")
    assert studio.started.acquire(timeout=PATIENCE)
    job = worker.find("a", 1)
    assert job is not None
    job.seen -= 3600
    worker.leave_unseen()
    assert studio.stops[0].is_set()
    assert worker.find("a", 1) is None
    ask(worker, "b", 1, [], "b1")
    assert studio.started.acquire(timeout=PATIENCE)
    worker.leave_unseen()
    assert not studio.stops[1].is_set(), "a page that still waits was taken for closed"
    assert worker.join(PATIENCE), "it went on solving after the end"


def test_a_move_without_a_plan_says_which_control_and_its_nearest_place(tmp_path: Path) -> None:
    worker = Worker(Studio(BATTERY), tmp_path)
    name = "limit one-country-refined"
    page = ask(worker, "a", 1, [[name, 0.2]], name)
    _, none = page.wait_for("noplan", "answer")
    assert none["message"] == "there is no plan that covers the demand of manganese and holds every limit"
    _, nearest = page.wait_for("nearest")
    assert nearest["control"] == name
    assert ask(worker, "a", 2, [[name, nearest["value"]]]).wait_for("noplan", "answer")[0] == "answer"
    assert worker.join(PATIENCE)


def test_a_plan_is_kept_with_its_report_and_never_over_another(worker: Worker, tmp_path: Path) -> None:
    _, kept = ask(worker, "a", 0, [["demand lithium", 0.1]], keep="moved plan").wait_for("kept", "unkept")
    assert kept.get("path") == str(tmp_path / "moved plan")
    assert {"summary.json", "purchases.csv", "report.html"} <= {one.name for one in (tmp_path / "moved plan").iterdir()}
    for name in _NO_FOLDERS:
        assert ask(worker, "a", 0, [], keep=name).wait_for("kept", "unkept")[0] == "unkept", name
    _, unkept = ask(worker, "a", 0, [], keep="moved plan").wait_for("kept", "unkept")
    there = "is there already, and nothing is replaced from here; name another folder"
    assert unkept["message"] == f"{tmp_path / 'moved plan'}: {there}"
    assert [one.name for one in tmp_path.iterdir()] == ["moved plan"]


def test_a_plan_is_kept_with_the_test_that_stands_on_its_page(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = LossesAsked("each-country@control", 1)
    _, kept = ask(worker, "a", 0, [["demand lithium", 0.1]], keep="tested", losses=asked).wait_for("kept", "unkept")
    assert (kept["tested"], kept["untested"]) == (True, "")
    assert (tmp_path / "tested/stress/losses.csv").is_file()
    report = (tmp_path / "tested/report.html").read_text("utf-8")
    assert "As it was tested" in report
    assert draw_folder(tmp_path / "tested", stress=tmp_path / "tested/stress") == report
    assert lodeplan("audit", tmp_path / "tested", TUTORIAL, "--demand", "lithium=x1.1").code == 0
    monkeypatch.setattr("optimizer.serve.losses.MOST", 0)
    _, kept = ask(worker, "a", 0, [], keep="large", losses=asked).wait_for("kept", "unkept")
    assert not kept["tested"]
    assert "lodeplan stress tests them all" in kept["untested"]
    assert not (tmp_path / "large/stress").exists()
    assert "As it was tested" not in (tmp_path / "large/report.html").read_text("utf-8")


def test_an_instance_that_is_spoilt_on_disk_stays_the_one_from_before(tmp_path: Path) -> None:
    path = shutil.copytree(TUTORIAL, tmp_path / "instance")
    worker = Worker(Studio(path), tmp_path)
    before = wait_for_news(worker, lambda news: bool(news["base"]))["base"]
    demand = path / "demand.csv"
    text = demand.read_text("utf-8")
    demand.write_text("nonsense\n", "utf-8")
    assert worker.news(0)["changed"]
    worker.reload()
    assert "demand.csv" in wait_for_news(worker, lambda news: bool(news["unread"]))["unread"]
    assert ask(worker, "a", 1, []).wait_for("answer")[1]["cost"] == pytest.approx(before["cost"])
    demand.write_text(text, "utf-8")
    worker.reload()
    after = wait_for_news(worker, lambda news: news["read"] == 1 and bool(news.get("base")))
    assert after["base"]["cost"] == pytest.approx(before["cost"])
    assert worker.news(0) == {"read": 1}, "a page of the instance from before is not told to load again"
    assert worker.join(PATIENCE)

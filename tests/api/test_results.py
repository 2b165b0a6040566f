"""What results hold: the same as the command of the same name writes and prints."""

from __future__ import annotations

import io
import json
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

import lodeplan as api
from models.policies import read_shipped
from optimizer.session import Session
from optimizer.tables.frames import to_csv
from tests.cli.command import ROOT, contents, lodeplan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

TUTORIAL = ROOT / "instances/tutorial-lithium-cobalt"
OF_THE_RUN = {"seconds"}
SWEPT = "cap refined/cobalt:CN=20%,40%"
CHANGED = "cap refined/lithium:CN=30%"
OFFER = "greenbushes"


def written(frame: pd.DataFrame) -> str:
    text = io.StringIO()
    to_csv(frame, text)
    return text.getvalue()


@pytest.fixture(scope="module")
def plan() -> api.Solution:
    return api.solve(TUTORIAL)


def test_the_tables_of_a_plan_are_the_files_that_the_command_writes(plan: api.Solution, tmp_path: Path) -> None:
    assert lodeplan("solve", TUTORIAL, "-o", tmp_path / "plan", "-q").code == 0
    files = {path.stem: path.read_text("utf-8") for path in (tmp_path / "plan").glob("*.csv")}
    assert {name: written(frame) for name, frame in plan.tables.items()} == files
    for name, frame in plan.tables.items():
        assert getattr(plan, name) is frame
    plan.write(str(tmp_path / "mine"))
    ours, theirs = (contents(tmp_path / name) for name in ("mine", "plan"))
    assert ours.keys() == theirs.keys()
    with pytest.raises(api.InputError, match="add --force to replace it"):
        plan.write(tmp_path / "mine")


def test_a_report_is_the_page_that_the_command_draws(plan: api.Solution, tmp_path: Path) -> None:
    assert plan.prices is None
    priced = api.solve(TUTORIAL, prices=True)
    assert priced.prices is not None
    assert priced.prices.equals(api.price(TUTORIAL).prices)
    priced.report(tmp_path / "mine.html")
    assert lodeplan("solve", TUTORIAL, "--report", tmp_path / "theirs.html", "-q").code == 0
    assert (tmp_path / "mine.html").read_bytes() == (tmp_path / "theirs.html").read_bytes()
    api.solve(api.change(TUTORIAL, CHANGED)).report(str(tmp_path / "beside.html"), before=plan)
    assert 'id="compared"' in (tmp_path / "beside.html").read_text("utf-8")
    with pytest.raises(api.InputError, match="add --force to replace it"):
        plan.report(tmp_path / "mine.html")


def test_other_tables_are_what_the_commands_write(tmp_path: Path) -> None:
    def file(name: str, *words: object) -> str:
        assert lodeplan(words[0], TUTORIAL, *words[1:], "-o", tmp_path / str(words[0])).code == 0
        return (tmp_path / str(words[0]) / name).read_text("utf-8")

    swept = api.sweep(TUTORIAL, SWEPT, folder=tmp_path / "ours")
    assert written(swept.points) == file("frontier.csv", "sweep", *flag(SWEPT))
    assert (tmp_path / "ours/frontier.csv").read_text("utf-8") == written(swept.points)
    assert written(api.price(TUTORIAL).prices) == file("prices.csv", "price")
    others = api.alternatives(TUTORIAL, within="2%", count=1).alternatives
    assert written(others) == file("alternatives.csv", "alternatives", "--count", 1)
    before, after = tmp_path / "before", tmp_path / "after"
    changed = api.whatif(TUTORIAL, CHANGED)
    for one, place in ((changed.before, before), (changed.after, after)):
        assert one is not None
        one.write(place)
    lodeplan("compare", before, after, "-o", tmp_path / "difference")
    for table, frame in changed.tables.items():
        assert written(frame) == (tmp_path / f"difference/changed_{table}.csv").read_text("utf-8")
    assert {n: written(t) for n, t in api.compare(before, after).tables.items()} == {
        n: written(t) for n, t in changed.tables.items()
    }


def flag(change: str) -> list[str]:
    verb, _, said = change.partition(" ")
    return [f"--{verb}", said]


QUESTIONS: dict[str, tuple[Callable[[], Any], Sequence[object]]] = {
    "solve": (lambda: api.solve(TUTORIAL), []),
    "price": (lambda: api.price(TUTORIAL, ["china-*"]), ["--limit", "china-*"]),
    "explain": (lambda: api.explain(TUTORIAL, OFFER), [OFFER]),
    "alternatives": (lambda: api.alternatives(str(TUTORIAL), count=1), ["--count", 1]),
    "sweep": (lambda: api.sweep(TUTORIAL, SWEPT), flag(SWEPT)),
}


@pytest.mark.parametrize("command", QUESTIONS)
def test_a_result_is_what_the_command_prints(command: str) -> None:
    ask, words = QUESTIONS[command]
    result = ask()
    said = lodeplan(command, TUTORIAL, *words, "--json")
    document = json.loads(said.out)
    ours = json.loads(json.dumps(result.as_dict()))
    assert {key: ours[key] for key in ours if key not in OF_THE_RUN} == {
        key: document[key] for key in ours if key not in OF_THE_RUN
    }
    assert document.keys() - ours.keys() <= {"notes"}
    assert lodeplan(command, TUTORIAL, *words).out.rstrip("\n").startswith(result.text.rstrip("\n"))
    assert result.answer in repr(result)


def test_a_stress_test_is_what_the_command_writes_and_prints(plan: api.Solution, tmp_path: Path) -> None:
    plan.write(tmp_path / "plan")
    found = api.stress(tmp_path / "plan", TUTORIAL, lose="each-company", from_share="25%")
    words = ("stress", tmp_path / "plan", TUTORIAL, "--lose", "each-company", "--from-share", "25%")
    assert found.as_dict() == json.loads(lodeplan(*words, "--json").out)
    assert lodeplan(*words, "-q").out == f"{found.answer}\n"
    assert lodeplan(*words, "-o", tmp_path / "theirs").out.startswith(found.text)
    found.write(tmp_path / "ours")
    assert contents(tmp_path / "ours") == contents(tmp_path / "theirs")
    assert {name: written(frame) for name, frame in found.tables.items()} == {
        name.removesuffix(".csv"): text.decode() for name, text in contents(tmp_path / "ours").items()
    }
    assert found.losses.equals(api.stress(plan, TUTORIAL, lose=["each-company"], from_share=0.25, workers=2).losses)
    with pytest.raises(api.InputError, match="--duration 0: is no number of periods; write 1 or more"):
        api.stress(plan.plan, TUTORIAL, duration=0)
    broken = api.Plan({key: 2 * units for key, units in plan.plan.flow.items()})
    with pytest.raises(api.InputError, match="the plan does not hold, so it is not tested: "):
        api.stress(broken, TUTORIAL)


WORKED: dict[str, Callable[..., Any]] = {
    "solve": partial(api.solve, TUTORIAL),
    "price": partial(api.price, TUTORIAL, ["china-*"]),
    "whatif": partial(api.whatif, TUTORIAL, grid=["lean,full"]),
    "alternatives": partial(api.alternatives, TUTORIAL, count=2, least_concentrated=True),
}


@pytest.mark.parametrize("question", WORKED)
def test_what_a_journal_holds_is_not_solved_again(
    question: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cases.csv").write_text("case,what,value\nlean,cap refined:CN,30%\nfull,cap refined:CN,60%\n", "utf-8")
    more = {"changes_file": tmp_path / "cases.csv"} if question == "whatif" else {}
    ask = partial(WORKED[question], **more, journal=tmp_path / "journal")
    found, alone = ask(), WORKED[question](**more)
    assert found.tables.keys() == alone.tables.keys()
    assert (tmp_path / "journal").exists()
    monkeypatch.setattr(Session, "_improve", lambda *_: pytest.fail("solved again"))
    again = ask(workers=1)
    assert all(again.tables[name].equals(found.tables[name]) for name in found.tables)


def test_workers_that_cannot_be_are_told() -> None:
    with pytest.raises(api.InputError, match="--workers many: is neither a count nor an address"):
        api.price(TUTORIAL, workers="many")
    with pytest.raises(api.InputError, match=r"--workers: is for several cases \(--grid\)"):
        api.whatif(TUTORIAL, CHANGED, workers=2)  # type: ignore[call-overload]


def test_policies_are_what_the_command_prints() -> None:
    found = api.policies("eu-crma", as_of="2027-01-01")
    assert found.as_dict()["measures"] == json.loads(
        lodeplan("policies", "show", "eu-crma", "--as-of", "2027-01-01", "--json").out
    )
    assert len(api.policies(material="lithium").measures) < len(api.policies().measures)
    with pytest.raises(api.InputError, match="no measure names it"):
        api.policies(material="unobtainium")


def test_an_edited_plan_is_recounted(plan: api.Solution, tmp_path: Path) -> None:
    assert api.audit(plan, TUTORIAL)
    assert api.audit(plan.plan, TUTORIAL).cost == plan.cost
    plan.write(tmp_path / "plan")
    assert api.audit(tmp_path / "plan", str(TUTORIAL)).notes == ()
    tighter = api.change(TUTORIAL, "cap refined/lithium:CN=3%")
    audit = api.audit(tmp_path / "plan", tighter)
    assert not audit
    assert "uses 25% where at most 3% is allowed" in audit.findings[0]
    assert audit.notes == ("the instance has changed since the plan was made",)


def test_an_instance_is_changed_as_on_the_command_line_and_stays_as_it_was() -> None:
    instance = api.load(str(TUTORIAL))
    changed = api.change(instance, CHANGED, "ban RU")
    assert len(changed.limits) > len(instance.limits) == len(api.load(TUTORIAL).limits)
    assert api.solve(changed).cost > api.solve(instance).cost
    with pytest.raises(api.InputError) as error:
        api.change(instance, "cap nickel:CN=3%", "tax RU")
    assert len(error.value.problems) == 2


def test_cases_are_solved_side_by_side(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("case,what,value\nlow,cap refined/lithium:CN,30%\nnone,cap *:each,0%\n", encoding="utf-8")
    found = api.whatif(TUTORIAL, grid=["low,none"], changes_file=file)
    assert list(found.cases["case"]) == ["as it is", "low", "none"]
    assert list(found.plans) == ["as it is", "low"]
    said = lodeplan("whatif", TUTORIAL, "--changes", file, "--grid", "low,none", "--csv")
    assert written(found.cases) == said.out
    assert "".join(f"note: {note}\n" for note in found.notes) == said.err


def test_no_plan_is_an_error_with_the_reasons() -> None:
    impossible = api.change(TUTORIAL, "cap *:each=0%")
    for ask in (api.solve, api.price, api.alternatives):
        with pytest.raises(api.NoPlan, match="no plan holds the limit") as error:
            ask(impossible)
        assert error.value.proven
    explained = api.explain(impossible)
    assert (explained.about, explained.plan) == ("no plan", None)
    assert len(explained.tables["repairs"])


def test_results_of_several_plans_are_written_as_the_commands_write_them(tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("case,what,value\nlow,cap refined/lithium:CN,30%\n", encoding="utf-8")
    api.whatif(TUTORIAL, grid=["low"], changes_file=cases).write(tmp_path / "cases")
    lodeplan("whatif", TUTORIAL, "--changes", cases, "--grid", "low", "-o", tmp_path / "cases-said")
    api.alternatives(TUTORIAL, count=1).write(tmp_path / "others")
    lodeplan("alternatives", TUTORIAL, "--count", 1, "-o", tmp_path / "others-said")
    for mine in ("cases", "others"):
        ours, theirs = (contents(tmp_path / name) for name in (mine, f"{mine}-said"))
        assert {name: text for name, text in ours.items() if name.endswith(".csv")} == {
            name: text for name, text in theirs.items() if name.endswith(".csv")
        }
        assert ours.keys() == theirs.keys()


def test_a_frontier_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "frontier.svg"
    api.sweep(TUTORIAL, SWEPT).draw(str(path))
    assert path.read_text("utf-8").startswith("<?xml")


def test_a_plan_is_found_in_a_thread() -> None:
    costs: list[float] = []
    thread = threading.Thread(target=lambda: costs.append(api.solve(TUTORIAL, time_limit=60).cost))
    thread.start()
    thread.join()
    assert costs == [64300000.0]


def test_policies_of_an_instance_built_by_hand_are_checked_before_a_question_is_asked() -> None:
    built = api.load(TUTORIAL).model_copy(update={"policies": (read_shipped("eu-crma"), read_shipped("eu-crma"))})
    with pytest.raises(api.InputError, match=r"policies\.2: eu-crma: is there already"):
        api.solve(built)


LATER = "demand lithium@2028=+20%"


def test_a_plan_that_knows_of_a_later_change_too_early_is_told_of(small: Path) -> None:
    known = "what changes in 2028 is known to the plan from 2027 on"
    with pytest.warns(UserWarning, match=known):
        api.change(small, LATER)
    assert known in api.whatif(small, LATER).notes[0]
    assert known in api.sweep(small, "demand lithium@2028=+10%,+20%").notes[0]


def test_messages_call_a_change_as_it_was_written() -> None:
    with pytest.raises(api.InputError, match=r"^tax RU: 'tax' is no change"):
        api.change(TUTORIAL, "tax RU")
    assert lodeplan("solve", TUTORIAL, "--case", "tax").err.startswith("--case tax: ")

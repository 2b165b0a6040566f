"""What a sweep prints and writes, and that one which was stopped goes on where it was."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import re
import shutil
import signal
import sys
from typing import TYPE_CHECKING

import pytest

import optimizer.sweep.run
from optimizer.folders.sweeps import SweepFolder
from optimizer.work.journal import Journal
from tests.cli.command import ROOT, START, contents, copied, edit, launched, lodeplan

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.sweep.found import Result

AXIS = ("--cap", "refined/*:CN=10%..100%:10")
PRESSES_CTRL_C = """
import os, signal
from optimizer.folders.sweeps import SweepFolder
keep, kept = SweepFolder.keep, []
def press(self, result):
    keep(self, result)
    kept.append(result)
    if len(kept) == 3:
        os.kill(os.getpid(), signal.SIGINT)
SweepFolder.keep = press
"""


@pytest.fixture
def tutorial(tmp_path: Path) -> Path:
    """Return a copy of the bundled tutorial; a test may spoil it."""
    return copied("tutorial-lithium-cobalt", tmp_path)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a sweep of the tutorial, made once."""
    folder = tmp_path_factory.mktemp("sweep") / "made"
    assert lodeplan("sweep", ROOT / "instances/tutorial-lithium-cobalt", *AXIS, "-o", folder).code == 0
    return folder


@pytest.fixture
def done(made: Path, tmp_path: Path) -> Path:
    """Return a copy of that folder; a test may spoil it."""
    return shutil.copytree(made, tmp_path / "done")


def settled(folder: Path) -> dict[str, bytes]:
    """Return every file of a sweep, without what depends on how quick the machine is and where a run began."""
    files = contents(folder)
    for name in files:
        if name.endswith("summary.json"):
            files[name] = re.sub(rb'"seconds": [\d.]+', b"", files[name])
    files["sweep.json"] = re.sub(rb'"solved": \w+', b"", files["sweep.json"])
    rows = list(csv.DictReader(files["frontier.csv"].decode("utf-8").splitlines()))
    files["frontier.csv"] = repr([row | {"solved": ""} for row in rows]).encode()
    return files


def test_the_answer_comes_first_then_a_row_a_point_then_the_plot(tutorial: Path) -> None:
    said = lodeplan("sweep", tutorial, *AXIS)
    assert (said.code, said.err) == (0, "")
    answer, table, plot = said.out.split("\n\n")
    assert answer.splitlines()[0] == (
        "Tutorial: lithium and cobalt for one cell plant: cap refined/*:CN costs 62.10 million USD at 100% "
        "to 66.20 million USD at 20%, with its knee at 60%. There is no plan at 10% of cap refined/*:CN."
    )
    assert len(table.splitlines()) == 2 + 10
    assert table.splitlines()[-1] == "10%               no plan"
    assert re.search(r"^90% +same plan +62 100 000 +0 +0% +CN, refined cobalt 90.0%", table, re.MULTILINE)
    assert (plot.count("o"), plot.count("K ")) == (8 + "o plan, no plan, million million".count("o"), 1)
    assert plot.endswith("o plan, K knee, x no plan\n")


def test_quiet_is_the_answer_alone_in_one_line(tutorial: Path) -> None:
    said = lodeplan("sweep", tutorial, *AXIS, "--quiet")
    answer, *_ = lodeplan("sweep", tutorial, *AXIS).out.split("\n\n")
    assert said.out == " ".join(answer.splitlines()) + "\n"


def test_other_changes_hold_at_every_point(tutorial: Path) -> None:
    said = lodeplan("sweep", tutorial, "--cap", "refined/*:CN=40%,60%", "--ban", "kwinana", "-q")
    alone = lodeplan("solve", tutorial, "--cap", "refined/*:CN=60%", "--ban", "kwinana", "--json")
    assert f"{json.loads(alone.out)['cost'] / 1e6:.2f} million USD at 60%" in said.out
    assert "(with ban kwinana)" in said.out


def test_a_second_axis_makes_a_line_of_each_of_its_levels(tutorial: Path) -> None:
    said = lodeplan("sweep", tutorial, "--cap", "refined/*:CN=20%..80%:4", "--and", "mined/*:CD=40%,60%,80%")
    assert [line.partition(": cap refined")[0][-3:] for line in said.out.splitlines()[:2]] == ["80%", "60%"]
    assert "at cap mined/*:CD=40%: there is no plan at 80%, 60%, 40% and 20% of cap refined/*:CN." in said.out
    assert "cap mined/*:CD: a 80%, b 60%, c 40%; a capital is a knee\n" in said.out


def test_the_folder_holds_table_pictures_record_and_audited_plans(tutorial: Path, done: Path) -> None:
    names = {path.name for path in done.iterdir()}
    assert names == {"frontier.csv", "frontier.png", "frontier.svg", "plans", "sweep.json"}
    rows = list(csv.DictReader((done / "frontier.csv").read_text("utf-8").splitlines()))
    assert [row["cap refined/*:CN"] for row in rows[:2]] == ["1", "0.9"]
    assert [row["status"] for row in rows] == ["proven"] * 9 + ["no plan"]
    assert [row["knee"] for row in rows].count("yes") == 1
    assert sorted(path.name for path in (done / "plans").iterdir()) == [f"{n:02d}" for n in range(1, 10)]
    for row in rows[:-1:4]:
        level = f"refined/*:CN={row['cap refined/*:CN']}"
        alone = json.loads(lodeplan("solve", tutorial, "--cap", level, "--json").out)
        summary = json.loads((done / row["plan"] / "summary.json").read_text("utf-8"))
        assert summary["cost"] == pytest.approx(alone["cost"]) == pytest.approx(float(row["cost [USD]"]))


def test_csv_and_json_print_what_the_folder_holds(tutorial: Path, done: Path) -> None:
    assert lodeplan("sweep", tutorial, *AXIS, "--csv").out == (done / "frontier.csv").read_text("utf-8")
    assert lodeplan("sweep", tutorial, *AXIS, "--json").out == (done / "sweep.json").read_text("utf-8")


def test_the_same_sweep_writes_the_same_bytes_again(tutorial: Path, done: Path, tmp_path: Path) -> None:
    assert lodeplan("sweep", tutorial, *AXIS, "-o", tmp_path / "again").code == 0
    assert settled(tmp_path / "again") == settled(done)


def test_a_sweep_without_any_plan_shows_that_and_exits_with_3(tutorial: Path) -> None:
    said = lodeplan("sweep", tutorial, "--cap", "refined/*:CN=0%,10%", "-q")
    line = "Tutorial: lithium and cobalt for one cell plant: there is no plan at 10% and 0% of cap refined/*:CN.\n"
    assert said == (3, line, "")


# stopped, and gone on with -------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_keeps_what_is_solved_and_the_same_command_goes_on(
    jobs: int, tutorial: Path, done: Path, tmp_path: Path
) -> None:
    words = ("sweep", tutorial, *AXIS, "-o", tmp_path / "stopped", "--workers", jobs)
    said = launched(*words, start=[sys.executable, "-c", PRESSES_CTRL_C + START[-1]])
    assert said.code == 130
    told = re.fullmatch(r"stopped with (\d+) of 10 points solved; the same command goes on from there\n", said.err)
    assert told
    assert f"{10 - int(told[1])} of 10 points are not solved yet." in said.out
    record = json.loads((tmp_path / "stopped/sweep.json").read_text("utf-8"))
    assert not record["complete"]
    assert len(record["points"]) == int(told[1]) >= 3
    assert not (tmp_path / "stopped/frontier.csv").exists()
    assert lodeplan(*words).code == 0
    assert settled(tmp_path / "stopped") == settled(done)


def test_a_process_that_is_killed_loses_no_other_point(
    tutorial: Path, done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep(folder: SweepFolder, result: Result) -> None:
        kept(folder, result)
        if result.found.number == 1:
            for process in multiprocessing.active_children():
                os.kill(process.pid or 0, signal.SIGKILL)
            killed.append(result.found.number)

    kept, killed = SweepFolder.keep, list[int]()
    monkeypatch.setattr(SweepFolder, "keep", keep)
    said = lodeplan("sweep", tutorial, *AXIS, "-o", tmp_path / "killed", "--workers", 2)
    assert (said.code, said.err, killed) == (0, "", [1])
    assert settled(tmp_path / "killed") == settled(done)


def test_jobs_are_called_workers_and_a_fault_in_them_is_one_sentence(tutorial: Path) -> None:
    words = ("sweep", tutorial, "--cap", "refined/*:CN=60%,80%", "-q")
    said = lodeplan(*words, "--jobs", 1)
    assert said == (0, lodeplan(*words).out, "note: --jobs is called --workers now, and read for one version more\n")
    assert lodeplan(*words, "--jobs", 1, "--workers", 1).err == "--jobs and --workers are the same; give --workers\n"
    for fault in ("0", "-2", "two", "http://there:8786"):
        form = "write how many processes (1 to 1000), or the address of a Dask scheduler, as tcp://HOST:8786"
        line = f"--workers {fault}: is neither a count nor an address; {form}\n"
        assert lodeplan(*words, f"--workers={fault}") == (2, "", line)


def test_a_sweep_that_is_stopped_leaves_its_journal_and_one_that_is_whole_does_not(
    tutorial: Path, done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(folder: SweepFolder, result: Result) -> None:
        kept(folder, result)
        if result.found.number == 3:
            raise KeyboardInterrupt

    kept = SweepFolder.keep
    words = ("sweep", tutorial, *AXIS, "-o", tmp_path / "stopped", "--workers", 1)
    with monkeypatch.context() as patched:
        patched.setattr(SweepFolder, "keep", stop)
        assert lodeplan(*words).code == 130
    lines = (tmp_path / ".stopped.journal").read_text("utf-8").splitlines()
    before = [json.loads(line)["key"] for line in lines[1:]]
    assert len(before) == 2 + 4  # its parts, and the points
    shutil.rmtree(tmp_path / "stopped")  # what the journal holds is not asked of the folder
    write, after = Journal.keep, list[str]()

    def keep(journal: Journal, key: str, answer: object) -> None:
        after.append(key)
        write(journal, key, answer)

    monkeypatch.setattr(Journal, "keep", keep)
    assert lodeplan(*words).code == 0
    assert len(after) == 6
    assert not set(after) & set(before)
    assert settled(tmp_path / "stopped") == settled(done)
    assert not (tmp_path / ".stopped.journal").exists()


def test_a_sweep_that_is_complete_is_shown_again_without_a_solve(
    tutorial: Path, done: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        pytest.fail("solved again")

    before = contents(done)
    monkeypatch.setattr(optimizer.sweep.run, "solve_base", never)
    said = lodeplan("sweep", tutorial, *AXIS, "-o", done)
    assert (said.code, said.err) == (0, "")
    assert contents(done) == before


def test_a_plan_that_went_missing_is_solved_again(tutorial: Path, done: Path) -> None:
    before = settled(done)
    (done / "plans/03/summary.json").unlink()
    for path in (done / "plans/03").iterdir():
        path.unlink()
    (done / "plans/03").rmdir()
    assert lodeplan("sweep", tutorial, *AXIS, "-o", done).code == 0
    assert settled(done) == before


@pytest.mark.parametrize(
    ("words", "what"), [(("--cap", "refined/*:CN=20%..60%:3"), "other levels"), ((*AXIS, "--gap", 0.5), "another gap")]
)
def test_another_sweep_in_the_folder_is_replaced_only_by_force(
    words: tuple[object, ...], what: str, tutorial: Path, done: Path
) -> None:
    before = contents(done)
    line = f"{done}: holds a sweep of {what}; name another place, or add --force to replace it\n"
    assert lodeplan("sweep", tutorial, *words, "-o", done) == (2, "", line)
    assert contents(done) == before
    (done / "plans/notes.txt").write_text("mine", "utf-8")
    assert lodeplan("sweep", tutorial, *words, "-o", done, "--force").code == 0
    assert (done / "plans/notes.txt").read_text("utf-8") == "mine"
    shown = json.loads((done / "sweep.json").read_text("utf-8"))["points"]
    plans = {path.name for path in (done / "plans").iterdir() if path.is_dir()}
    assert plans == {point["plan"].rpartition("/")[2] for point in shown if point["plan"]}


def test_a_sweep_of_an_instance_that_has_changed_is_not_gone_on_with(tutorial: Path, done: Path) -> None:
    edit(tutorial / "offers.csv", "refined,CL,600,50000", "refined,CL,600,60000")
    said = lodeplan("sweep", tutorial, *AXIS, "-o", done)
    line = f"{done}: holds a sweep of another instance; name another place, or add --force to replace it\n"
    assert said == (2, "", line)


def test_a_folder_of_something_else_and_a_spoilt_record_are_left_alone(tutorial: Path, done: Path) -> None:
    said = lodeplan("sweep", tutorial, *AXIS, "-o", tutorial)
    line = f"{tutorial}: is a folder of something else and is not replaced; name another place\n"
    assert said == (2, "", line)
    (done / "sweep.json").write_text('{"points": [', "utf-8")
    said = lodeplan("sweep", tutorial, *AXIS, "-o", done)
    line = f"{done}: its sweep.json is not that of a sweep, so it is not replaced; name another place\n"
    assert said == (2, "", line)
    assert lodeplan("sweep", tutorial, *AXIS, "-o", done, "--force") == (2, "", line)


@pytest.mark.parametrize("spoilt", [('"status": "proven"', '"status": 7'), ('"cost": ', '"cost": "a", "was": ')])
def test_a_record_with_values_of_another_kind_is_none(spoilt: tuple[str, str], tutorial: Path, done: Path) -> None:
    record = done / "sweep.json"
    record.write_text(record.read_text("utf-8").replace(*spoilt), "utf-8")
    said = lodeplan("sweep", tutorial, *AXIS, "-o", done)
    cure = "name another place, or add --force to start anew"
    assert said == (2, "", f"{record}: is not the record of a sweep; {cure}\n")
    assert lodeplan("sweep", tutorial, *AXIS, "-o", done, "--force").code == 0


def test_a_sweep_by_force_leaves_the_earlier_one_until_it_is_whole(
    tutorial: Path, done: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep(folder: SweepFolder, result: Result) -> None:
        kept(folder, result)
        if result.found.number == 1:
            raise KeyboardInterrupt

    kept, before = SweepFolder.keep, contents(done)
    words = ("sweep", tutorial, "--cap", "refined/*:CN=20%..60%:3", "-o", done, "--force", "--workers", 1)
    with monkeypatch.context() as patched:
        patched.setattr(SweepFolder, "keep", keep)
        said = lodeplan(*words)
    assert said.code == 130
    assert re.fullmatch(
        r"stopped with \d of 3 points solved; the same command goes on from there, "
        rf"and {done} is as it was until then\n",
        said.err,
    )
    assert contents(done) == before
    record = next(done.parent.glob(".done.*/sweep.json"))
    assert len(json.loads(record.read_text("utf-8"))["points"]) == int(said.err.split()[2]) < 3
    assert lodeplan(*words).code == 0
    assert len(json.loads((done / "sweep.json").read_text("utf-8"))["points"]) == 3
    assert not (done / "plans/09").exists()
    assert not [path for path in done.parent.iterdir() if path.name.startswith(".")]

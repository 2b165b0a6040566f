"""Where commands write, and where they refuse to: links are followed, and nothing of anybody else is replaced."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.cli.command import contents, edit, lodeplan
from tests.policies.test_bad_policies import OURS

# links ---------------------------------------------------------------------------------------------


def test_what_a_link_leads_to_is_replaced_and_the_link_stays(tutorial: Path, plan: Path, tmp_path: Path) -> None:
    link = tmp_path / "latest"
    link.symlink_to(plan.name)
    edit(tutorial / "offers.csv", "refined,CL,600,50000", "refined,CL,600,60000")
    before = contents(plan)
    assert lodeplan("solve", tutorial, "-o", link, "--force", "-q").code == 0
    assert link.readlink() == Path(plan.name)
    assert contents(plan)["costs.csv"] != before["costs.csv"]


@pytest.mark.parametrize("name", ["copy.json", "copy.xlsx", "copy"])
def test_an_instance_is_written_where_a_link_leads(tutorial: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "store").mkdir()
    link = tmp_path / name
    link.symlink_to(tmp_path / "store" / name)
    for force in ((), ("--force",)):
        assert lodeplan("convert", tutorial, link, *force).code == 0
        assert link.is_symlink()
        assert lodeplan("validate", tmp_path / "store" / name).code == 0


# what is not ours ----------------------------------------------------------------------------------

FOREIGN = {
    "package.json": '{"name": "web", "dependencies": {}}',
    "broken.json": '{"market": ',
    "list.json": "[1, 2]",
    "book.xlsx": "no workbook",
    "empty.xlsx": "",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_that_is_no_instance_is_never_replaced(tutorial: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    target.write_text(FOREIGN[name])
    line = f"{target}: is a file of something else and is not replaced; name another place\n"
    assert lodeplan("convert", tutorial, target) == (2, "", line)
    assert lodeplan("convert", tutorial, target, "--force") == (2, "", line)
    assert target.read_text() == FOREIGN[name]


def test_a_workbook_of_something_else_is_never_replaced(tutorial: Path, tmp_path: Path) -> None:
    import xlsxwriter

    target = tmp_path / "budget.xlsx"
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("budget")
    before = target.read_bytes()
    line = f"{target}: is a file of something else and is not replaced; name another place\n"
    assert lodeplan("convert", tutorial, target, "--force") == (2, "", line)
    assert target.read_bytes() == before


def test_a_summary_of_something_else_is_never_replaced(tutorial: Path, tmp_path: Path) -> None:
    place = tmp_path / "results"
    place.mkdir()
    (place / "summary.json").write_text('{"accuracy": 0.9}')
    line = f"{place}: its summary.json is not that of a plan, so it is not replaced; name another place\n"
    assert lodeplan("solve", tutorial, "-o", place, "--force") == (2, "", line)
    assert contents(place) == {"summary.json": b'{"accuracy": 0.9}'}


def test_notes_beside_the_plans_of_cases_and_in_them_are_kept(tutorial: Path, tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("case,what,value\ndear,price kwinana,+10%\ncheap,price kwinana,-10%\n")
    words = ("whatif", tutorial, "--changes", tmp_path / "cases.csv", "-q", "-o", tmp_path / "table", "--force")
    assert lodeplan(*words, "--grid", "dear,cheap").code == 0
    for note in ("plans/notes.md", "plans/03-cheap/notes.md"):
        (tmp_path / "table" / note).write_text("mine")
    assert lodeplan(*words, "--grid", "dear").code == 0
    assert [path.name for path in sorted((tmp_path / "table/plans/03-cheap").iterdir())] == ["notes.md"]
    assert (tmp_path / "table/plans/notes.md").read_text() == "mine"


def test_a_file_that_is_called_like_a_policy_of_the_instance_is_not_replaced(tutorial: Path, tmp_path: Path) -> None:
    header = tutorial / "instance.toml"
    header.write_text(f'policies = ["ours.toml"]\n{header.read_text("utf-8")}', "utf-8")
    (tutorial / "ours.toml").write_text(OURS, "utf-8")
    copy = tmp_path / "copy"
    assert lodeplan("convert", tutorial, copy).code == 0
    assert lodeplan("convert", tutorial, copy, "--force").code == 0, "what stands there already says the same"
    (copy / "ours.toml").write_text("mine", "utf-8")
    before = contents(copy)
    line = f"{copy}/ours.toml: a file of this name is to be written here and would replace it; move it away\n"
    assert lodeplan("convert", tutorial, copy, "--force") == (2, "", line)
    assert contents(copy) == before


# places that cannot be -----------------------------------------------------------------------------

FOLDERS = {
    ("solve", "INSTANCE"): "a plan",
    ("whatif", "INSTANCE", "--ban", "CN"): "a plan",
    ("sweep", "INSTANCE", "--cap", "CN=20%,40%"): "a sweep",
    ("alternatives", "INSTANCE"): "a set of alternatives",
    ("price", "INSTANCE"): "a table of prices",
    ("compare", "PLAN", "PLAN"): "a difference",
}


WORKBOOKS = ("solve", "whatif", "alternatives", "sweep")
"""Commands that write plans to a workbook as well, or say how one is made of them."""
NO_FOLDERS = [
    pytest.param(words, suffix, id=f"{words[0]}-{suffix}")
    for words in FOLDERS
    for suffix in (".xlsx", ".pdf", ".html", ".JSON", ".pptx", ".xls", ".ods")
    if suffix != ".xlsx" or words[0] not in WORKBOOKS
]


@pytest.mark.parametrize(("words", "suffix"), NO_FOLDERS)
def test_the_name_of_a_file_is_no_folder(
    words: tuple[str, ...], suffix: str, tutorial: Path, plan: Path, tmp_path: Path
) -> None:
    target = tmp_path / f"report{suffix}"
    named = [{"INSTANCE": tutorial, "PLAN": plan}.get(word, word) for word in words]
    said = f"{FOLDERS[words]} is written as a folder and not as one file ({suffix}); name a folder, such as "
    page = f", or draw it by --report {target}" if suffix == ".html" and FOLDERS[words] == "a plan" else ""
    assert lodeplan(*named, "-o", target) == (2, "", f"{target}: {said}{tmp_path / 'report'}{page}\n")
    assert not target.exists()


def test_an_instance_is_copied_or_converted_to_no_file_of_another_kind(tutorial: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.pdf"
    line = f"{target}: .pdf is not a form of an instance; name a folder, an .xlsx or a .json\n"
    assert lodeplan("convert", tutorial, target) == (2, "", line)
    said = lodeplan("instances", "new", tutorial.name, "--to", target)
    line = "an instance that is copied is written as a folder and not as one file (.pdf); name a folder, such as"
    assert said == (2, "", f"{target}: {line} {tmp_path / 'mine'}\n")


def test_a_folder_with_a_dot_in_its_name_is_one(tutorial: Path, tmp_path: Path) -> None:
    assert lodeplan("solve", tutorial, "-o", tmp_path / "plan.v2", "-q").code == 0


def test_places_that_cannot_be_written_are_told_before_the_solve(
    tutorial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("n" * 256)
    monkeypatch.chdir(tmp_path)
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    here = f"is the folder that you stand in and cannot be replaced as one; name a folder in it, such as {empty}/plan"
    for place, why in {
        "/": "is a folder of something else and is not replaced; name another place",
        long: "cannot be written: file name too long; name another place",
        circle: "cannot be followed: its links run in a circle; name another place",
        ".": here,
    }.items():
        assert lodeplan("solve", tutorial, "-o", place) == (2, "", f"{place}: {why}\n")
        assert lodeplan("solve", tutorial, "-o", place, "--force") == (2, "", f"{place}: {why}\n")
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("kind", ["", ".xlsx", ".json"])
def test_a_name_as_long_as_names_can_be_is_written(tutorial: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / ("n" * (255 - len(kind)) + kind)
    assert lodeplan("convert", tutorial, target).code == 0
    assert lodeplan("validate", target).code == 0


def test_a_disk_that_may_not_be_written_to_is_told_in_a_line(
    tutorial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    for way in ("mkdir", "unlink", "rmdir", "open"):
        monkeypatch.setattr(os, way, refused)
    code, out, err = lodeplan("convert", tutorial, tmp_path / "copy.json")
    assert (code, out) == (2, "")
    said = "cannot be written: read-only file system; what stood there is as it was"
    assert err == f"{tmp_path / 'copy.json'}: {said}\n"

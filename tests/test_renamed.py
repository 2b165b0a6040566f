"""Words of files that were renamed: the old one reads as the new one, is told with its place, and is never written."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from typing import TYPE_CHECKING

import pytest

from models.changes import apply_changes, parse
from models.enforcement import enforce
from models.policies import read_policy
from models.records.renamed import RENAMED, write_in_old_words
from optimizer.dump import dump
from optimizer.files.archive import letters
from optimizer.folders.read_plan import read_plan
from optimizer.load import load
from optimizer.notes.renamed import list_old_words
from tests.cli.command import ROOT, lodeplan, solved
from tests.test_bad_workbook import sheets_of, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from models.instance import Instance

LIMITS = """
[limits.no-chile]
kind = "exclude"
country = "Chile"
basis = "place"
undisclosed = "apart"
hard = true

[limits.either]
kind = "excludes"
offers = ["Ganfeng", "Syrah"]
watch = true
"""
CASES = """
[cases]
closed = ["set controls.No. 46/graphite/refined/CN/RU.effect=ban", "set limits.no-chile.kind=exclude"]
"""
CONTROL = "No. 46,graphite,refined,China,Russia,ban,,,,\n"
OURS = """
name = "ours"
title = "House rules"
note = "Reviewed every year."
bound = "our buyers"
evidence = "seen-primary"

[measures.no-russia]
words = "Nothing from Russia."
source = "minutes of 2026-03-01"
limit = { kind = "exclude", country = "RU", basis = "control", undisclosed = "apart", hard = true }

[measures.no-export]
words = "Nothing to Russia."
source = "minutes of 2026-03-01"
control = { from_country = "CL", to_country = "RU", effect = "ban" }
"""
BAN, AT_MOST_OF, CLOSED = (
    f'"{old}" is called "{new}" since 0.2.0; write "{new}" (the old word is read until 0.3)'
    for old, new in [("exclude", "ban"), ("excludes", "at_most_of"), ("ban", "closed")]
)
OF_POLICY = [
    (
        'policy ours: measures.no-russia.evidence and policy ours: measures.no-export.evidence: "seen-primary" is '
        'called "seen" since 0.3.0; write "seen" (the old word is read until 0.4)'
    ),
    f"policy ours: measures.no-russia.limit.kind: {BAN}",
    f"policy ours: measures.no-export.control.effect: {CLOSED}",
]


def in_new_words(text: str) -> str:
    """Return a text of the ones above as it is written since words were renamed."""
    new = {
        '"exclude"': '"ban"',
        '"excludes"': '"at_most_of"',
        "kind=exclude": "kind=ban",
        'effect = "ban"': 'effect = "closed"',
        "effect=ban": "effect=closed",
        "Russia,ban": "Russia,closed",
        '"seen-primary"': '"seen"',
    }
    for old, word in new.items():
        text = text.replace(old, word)
    return text


def spelt(folder: Path, way: Callable[[str], str]) -> Path:
    """Give an instance everything that was renamed, in words of a way."""
    header, controls = folder / "instance.toml", folder / "controls.csv"
    (folder / "ours.toml").write_text(way(OURS), "utf-8")
    text = 'policies = ["ours.toml"]\n' + header.read_text("utf-8") + way(LIMITS + CASES)
    header.write_text(text, "utf-8")
    controls.write_text(controls.read_text("utf-8") + way(CONTROL), "utf-8")
    return folder


@pytest.fixture
def old(small: Path) -> Path:
    """Return an instance that uses every old word."""
    return spelt(small, str)


@pytest.fixture
def new(small: Path, tmp_path: Path) -> Path:
    """Return the same instance in new words; ask for it before `old`."""
    return spelt(shutil.copytree(small, tmp_path / "new" / small.name), in_new_words)


def without_policies(folder: Path) -> Instance:
    """Return an instance as a workbook can hold it: without a policy of one's own."""
    return load(folder).model_copy(update={"policies": ()})


# Three forms --------------------------------------------------------------------------------------


def test_a_folder_of_old_words_is_told_file_by_file(old: Path) -> None:
    assert list_old_words(load(old)) == [
        f"instance.toml: limits.no-chile.kind and instance.toml: cases.closed.2: {BAN}",
        f"instance.toml: limits.either.kind: {AT_MOST_OF}",
        f"controls.csv:3 effect: {CLOSED}",
        f"instance.toml: cases.closed.1: {CLOSED}",
    ]


def test_a_workbook_of_old_words_is_told_cell_by_cell(old: Path, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    dump(without_policies(old), book)
    expected, sheets = load(book), sheets_of(book)
    assert not list_old_words(expected)
    said = {"limits.no-chile.kind": "exclude", "limits.either.kind": "excludes"}
    sheets["instance"] = [[key, said.get(key, value)] for key, value in sheets["instance"]]
    effect = sheets["controls"][0].index("effect")
    sheets["controls"][2][effect] = "ban"
    write(book, sheets)
    line = {row[0]: number for number, row in enumerate(sheets["instance"], start=1)}
    assert list_old_words(load(book)) == [
        f"book.xlsx:instance!B{line['limits.no-chile.kind']} limits.no-chile.kind: {BAN}",
        f"book.xlsx:instance!B{line['limits.either.kind']} limits.either.kind: {AT_MOST_OF}",
        f"book.xlsx:controls!{letters(effect + 1)}3 effect: {CLOSED}",
    ]
    assert load(book) == expected


def test_a_document_of_old_words_is_told_key_by_key(old: Path, tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    dump(load(old), path)
    expected, document = load(path), json.loads(path.read_text("utf-8"))
    assert not list_old_words(expected, *expected.policies)
    document["limits"][1]["kind"], document["limits"][2]["kind"] = "exclude", "excludes"
    document["market"]["controls"][1]["effect"] = "ban"
    document["policies"][0]["measures"][0]["limit"]["kind"] = "exclude"
    document["policies"][0]["measures"][1]["control"]["effect"] = "ban"
    for measure in document["policies"][0]["measures"]:
        measure["evidence"] = "seen-primary"
    path.write_text(json.dumps(document), "utf-8")
    assert list_old_words(load(path)) == [
        f"small.json: limits[1].kind: {BAN}",
        f"small.json: limits[2].kind: {AT_MOST_OF}",
        f"small.json: market.controls[1].effect: {CLOSED}",
    ]
    assert list_old_words(*load(path).policies) == OF_POLICY
    assert load(path) == expected


def test_old_words_make_the_records_of_new_ones_and_are_not_written(new: Path, old: Path, tmp_path: Path) -> None:
    before, after = load(old), load(new)
    assert before.old_words
    assert not after.old_words
    assert (before, before.digest) == (after, after.digest)
    dump(before, tmp_path / "before.json")
    dump(after, tmp_path / "after.json")
    assert (tmp_path / "before.json").read_text("utf-8") == (tmp_path / "after.json").read_text("utf-8")
    dump(without_policies(old), tmp_path / "folder")
    assert not load(tmp_path / "folder").old_words


# Policies and changes -----------------------------------------------------------------------------


def test_a_policy_of_ones_own_is_told_measure_by_measure() -> None:
    before, after = (read_policy(tomllib.loads(way(OURS))) for way in (str, in_new_words))
    assert list_old_words(before) == OF_POLICY
    assert not list_old_words(after)
    assert before == after


def test_showing_a_policy_tells_its_old_words(old: Path) -> None:
    said = lodeplan("policies", "show", old / "ours.toml")
    assert said.err.splitlines() == [f"note: {sentence}" for sentence in OF_POLICY]
    assert "ban, RU by control" in said.out


def test_a_change_in_old_words_is_made_and_told_where_it_was_asked_for(new: Path) -> None:
    before = load(new)
    licence = parse("set controls.No. 46/graphite/refined/CN/RU.effect=licence")
    back = parse("set controls.No. 46/graphite/refined/CN/RU.effect=ban", "changes.csv:2 set")
    after = apply_changes(before, [licence, back])
    assert after == enforce(before)
    assert list_old_words(after) == [f"changes.csv:2 set: {CLOSED}"]
    assert back == parse("set controls.No. 46/graphite/refined/CN/RU.effect=closed")


# Commands -----------------------------------------------------------------------------------------

SENTENCES = [
    f"instance.toml: limits.no-chile.kind and instance.toml: cases.closed.2: {BAN}",
    f"instance.toml: limits.either.kind: {AT_MOST_OF}",
    f"controls.csv:3 effect: {CLOSED}",
    f"instance.toml: cases.closed.1: {CLOSED}",
    *OF_POLICY,
]


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "INSTANCE"),
        ("solve", "INSTANCE"),
        ("whatif", "INSTANCE", "--case", "closed"),
        ("price", "INSTANCE", "--limit", "no-chile"),
        ("explain", "INSTANCE"),
        ("alternatives", "INSTANCE", "--count", "1"),
        ("sweep", "INSTANCE", "--cap", "refined/lithium:CN=60%,70%"),
    ],
    ids=lambda words: words[0],
)
def test_each_command_tells_every_old_word_once(old: Path, words: tuple[str, ...]) -> None:
    said = lodeplan(*(old if word == "INSTANCE" else word for word in words))
    assert said.code == 0, said.err
    lines = (said.out if words[0] == "validate" else said.err).splitlines()
    assert [line for line in lines if "is called" in line] == [f"note: {sentence}" for sentence in SENTENCES]


def test_a_flag_in_old_words_is_told_on_stderr_and_as_data(new: Path) -> None:
    said = lodeplan("solve", new, "--json", "--set", "limits.no-chile.kind=exclude")
    note = f"--set limits.no-chile.kind=exclude: {BAN}"
    assert f"note: {note}" in said.err.splitlines()
    assert note in json.loads(said.out)["notes"]


# Saved plans and sweeps ---------------------------------------------------------------------------


def test_a_plan_saved_in_old_words_is_compared_and_audited(new: Path, tmp_path: Path) -> None:
    now = solved(new, tmp_path / "now")
    before = shutil.copytree(now, tmp_path / "before")
    limits, summary = before / "limits.csv", before / "summary.json"
    text = limits.read_text("utf-8")
    assert "no-chile,ban," in text
    limits.write_text(text.replace("no-chile,ban,", "no-chile,exclude,"), "utf-8")
    said = lodeplan("compare", now, before)
    assert said.code == 0, said.err
    assert "no-chile" not in said.out
    instance = enforce(load(new))
    summary.write_text(summary.read_text("utf-8").replace(*instance.digests), "utf-8")
    assert instance.digests[1] in summary.read_text("utf-8")
    assert read_plan(before, instance).same_instance


def test_a_sweep_begun_in_old_words_goes_on(new: Path, tmp_path: Path) -> None:
    words = ("sweep", new, "--cap", "refined/lithium:CN=60%,70%", "-q", "-o", tmp_path / "sweep")
    assert lodeplan(*words).code == 0
    record = tmp_path / "sweep" / "sweep.json"
    now, before = apply_changes(load(new), []).digests
    text = record.read_text("utf-8")
    assert now in text
    record.write_text(text.replace(now, before), "utf-8")
    shutil.rmtree(next((tmp_path / "sweep" / "plans").iterdir()))
    assert lodeplan(*words).code == 0
    assert json.loads(record.read_text("utf-8"))["digest"] == now


def test_a_digest_in_old_words_is_that_of_the_version_before() -> None:
    said = '{"limits":[{"kind":"ban"},{"kind":"at_most_of"}],"controls":[{"effect":"closed"}],"evidence":"reported"}'
    assert write_in_old_words(said) == (
        '{"limits":[{"kind":"exclude"},{"kind":"excludes"}],"controls":[{"effect":"ban"}],"evidence":"seen-secondary"}'
    )


def test_the_page_on_forms_lists_what_was_renamed() -> None:
    page = (ROOT / "docs/instance-forms.md").read_text("utf-8")
    rows = re.findall(
        r"^\| `(\w+)` of a (limit|control|measure).* \| `(.+)` \| `(\w+)` \| (.+) \|$", page, re.MULTILINE
    )
    assert rows == [(word.field, word.table.removesuffix("s"), word.old, word.new, word.since) for word in RENAMED]

"""The page on changes: its commands run, its examples can be made, its two forms of cases say the same."""

from __future__ import annotations

import re
import shlex
import tomllib
from typing import TYPE_CHECKING

import pytest

from models.changes import VERBS, apply_changes, parse
from models.market import Rate
from optimizer.cli.change_options import FLAGS
from optimizer.files.case_file import read_cases
from tests.cli.command import ROOT, bundled, lodeplan

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs/changes.md").read_text("utf-8")
OUTPUT = "<!-- output -->\n```text\n"
SPANS = re.findall(rf"`((?:{'|'.join(VERBS)}) [^`]+)`", PAGE)
EXAMPLES = [span for span in SPANS if not re.search(r"WHO|MATERIAL", span)]


def block(language: str) -> str:
    return "".join(re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


def test_commands_run_and_the_last_one_prints_the_output_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    printed = ""
    for command in block("sh").splitlines():
        said = lodeplan(*shlex.split(command)[1:])
        assert (said.code, said.err) == (0, ""), command
        printed = said.out
    assert PAGE.partition(OUTPUT)[2].partition("```")[0] == printed


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_can_be_made(text: str) -> None:
    before = bundled("us-battery-2027")
    rates = (Rate(currency="CNY", rate=0.14),)
    before = before.model_copy(update={"market": before.market.model_copy(update={"rates": rates})})
    after = apply_changes(before, [parse(text)])
    assert text.endswith("shortage_cost=") or (after.market, after.limits, after.solve) != (
        before.market, before.limits, before.solve,
    )  # fmt: skip


def test_every_verb_has_an_example_and_every_flag_a_row() -> None:
    assert {text.partition(" ")[0] for text in EXAMPLES} == set(VERBS)
    rows = re.findall(r"^\| `--([a-z-]+) (\S+)` \|", PAGE, re.MULTILINE)
    assert rows == [*((verb, metavar) for verb, (metavar, _) in FLAGS.items()), ("case", "NAME")]


def test_the_csv_and_the_toml_shown_are_the_same_cases(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(block("csv"), "utf-8")
    cases = tomllib.loads(block("toml"))["cases"]
    assert read_cases(tmp_path / "cases.csv") == {name: list(map(parse, texts)) for name, texts in cases.items()}
    tutorial = bundled("tutorial-lithium-cobalt")
    assert apply_changes(tutorial, [parse(cases["winter"][0])]) != tutorial

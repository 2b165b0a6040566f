"""The shell completes commands and options, by the script that docs/questions.md has it read."""

from __future__ import annotations

import re

import pytest

from tests.cli.command import ROOT, launched

LINES = re.findall(r"_LODEPLAN_COMPLETE=(\w+)_source", (ROOT / "docs/questions.md").read_text("utf-8"))


@pytest.mark.parametrize("shell", LINES)
def test_the_script_of_a_shell_is_printed(shell: str) -> None:
    said = launched(environment={"_LODEPLAN_COMPLETE": f"{shell}_source"})
    assert said.err == ""
    assert f"_LODEPLAN_COMPLETE={shell}_complete" in said.out
    assert "_lodeplan_completion" in said.out


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lodeplan whati", "whatif"), ("lodeplan solve --repo", "--report"),
        ("lodeplan instances new chi", "chips-2026"), ("lodeplan policies show eu-cr", "eu-crma"),
    ],
)  # fmt: skip
def test_a_word_that_is_begun_is_completed(typed: str, found: str) -> None:
    place = str(len(typed.split()) - 1)
    asked = {"_LODEPLAN_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": place}
    assert launched(environment=asked).out == f"plain,{found}\n"


def test_three_shells_are_told_of() -> None:
    assert LINES == ["bash", "zsh", "fish"]

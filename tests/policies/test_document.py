"""The page on policies: its commands run and print what it shows, its example is read, its table is whole."""

from __future__ import annotations

import re
import shlex
import tomllib
from typing import TYPE_CHECKING

from models.policies import list_shipped, read_policy
from optimizer.report.layout import PIPED
from tests.cli.command import ROOT, lodeplan

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PAGE = ROOT / "docs/policies.md"
OUTPUT = re.compile(r"<!-- output -->\n```text\n(.*?)```\n", re.DOTALL)
POLICIES = "Limits that changed"
"""The shown part of the what-if starts here."""


def shown(said: str) -> str:
    return said if POLICIES not in said else said[said.index(POLICIES) :]


def test_commands_run_and_the_last_one_before_an_output_prints_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, update: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text("utf-8")
    outputs = []
    for part in OUTPUT.split(text)[::2]:
        for block in re.findall(r"^```sh\n(.*?)^```$", part, re.MULTILINE | re.DOTALL):
            for command in block.splitlines():
                said = lodeplan(*shlex.split(command)[1:], width=PIPED)
                assert said.code == 0, said.err
                last = shown(said.out)
        outputs.append(last)
    printed = iter(outputs)
    fresh = OUTPUT.sub(lambda _: f"<!-- output -->\n```text\n{next(printed)}```\n", text)
    if update:
        PAGE.write_text(fresh, "utf-8")
    assert PAGE.read_text("utf-8") == fresh


def test_the_policy_shown_is_one() -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    policy = read_policy(tomllib.loads(next(block for block in blocks if "[measures" in block)))
    assert [measure.name for measure in policy.measures] == ["board-half"]


def test_the_table_names_every_policy_that_comes_with_lodeplan() -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert rows
    assert sorted(rows) == list_shipped()

"""The pages of `docs/` can be found and begin in a way that a newcomer understands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("path", DECISIONS, ids=[path.stem for path in DECISIONS])
def test_a_decision_begins_with_a_title_and_a_summary_of_three_sentences(path: Path) -> None:
    title, summary, *_ = path.read_text("utf-8").split("\n\n")
    assert re.match(rf"# {int(path.stem[:4])}\. \w.*$", title)
    assert summary.startswith("**In short.** ")
    said = re.sub(r"`[^`]*`", "code", summary.removeprefix("**In short.** ").replace("\n", " "))
    assert len(re.split(r"(?<=[.?!]) (?=[A-Z]|code)", said)) == 3

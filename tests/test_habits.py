"""What contributors rely on: the list of targets is whole, and the newest version of the changelog is ours."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from optimizer import __version__

ROOT = Path(__file__).parent.parent


def test_make_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", "")
    targets = next(line for line in text.splitlines() if line.startswith(".PHONY:")).split()[1:]
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    assert sorted(re.findall(r"^  make ([a-z-]+)  ?.*\w", shown, re.MULTILINE)) == sorted(set(targets) - {"help"})


def test_the_newest_version_of_the_changelog_is_ours() -> None:
    versions = re.findall(
        r"^## \[(\d[^]]*)\] - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert versions[0] == __version__

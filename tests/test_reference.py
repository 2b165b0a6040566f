"""The reference says what the records are."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


def test_the_reference_is_what_the_records_say(update: bool) -> None:  # noqa: FBT001 (a fixture)
    page = runpy.run_path(str(DOCS / "reference.py"))["page"]()
    if update:
        (DOCS / "reference.md").write_text(page, encoding="utf-8")
    assert (DOCS / "reference.md").read_text(encoding="utf-8") == page

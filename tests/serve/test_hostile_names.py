"""What users call things stays text on the live page, and takes no room from what stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.serve.browsed import move, opened, renamed
from tests.serve.conftest import serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow(reason="a browser")
HOSTILE = {
    "mark-up": "</script><img src=x onerror=document.title=1>=cmd|",
    "right-to-left": "\u05d0\u05d1\u05d2 \u0627\u0644",
    "long": "x" * 5000,
    "words": "word " * 999 + "end",
}


@pytest.mark.parametrize("written", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_stay_text(browser: Any, tmp_path: Path, written: str) -> None:
    with serving(renamed(tmp_path / "instance", written), tmp_path) as served:
        for page in opened(browser, served.address):
            assert page.title() == f"What if: {written}"
            named = page.locator(".lever bdi, #matrix th bdi, #suppliers bdi").all_text_contents()
            assert named.count(written) == 5, "of a limit, a demand, a company, a row of the matrix and a supplier"
            assert page.locator("bdi *").count() == 0
            move(page, written, 30)
            assert page.locator("#proof.proven").count() == 1
            assert page.locator(".chip bdi").all_text_contents() == [written]
            assert page.locator(".chip").inner_text().endswith(" 40\u202f% \u2192 30\u202f%")
            for width in (390, 1400):
                page.set_viewport_size({"width": width, "height": 900})
                wider = "one => one.scrollWidth - one.clientWidth"
                assert [page.locator(part).evaluate(wider) for part in ("html", "main", "aside", ".chip")] == [0] * 4
                assert page.locator("#matrix tbody th").first.bounding_box()["height"] < 150

"""The live page driven in a real browser: served, opened, its sliders moved and dragged, and what it measured of that.

Needs playwright and a chromium (CHROMIUM names it). Times are milliseconds from the input event to the frame in which
the answer stands.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
START = [sys.executable, "-c", "from optimizer.cli import run; run()"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
WAIT = 120_000
_FAULT = "#notice[data-kind=fault]:not([hidden])"
_MOVE = (
    "(input, share) => { input.value = Number(input.min) + Math.round(share * (Number(input.max) - Number(input.min)));"
    " input.dispatchEvent(new Event('input', { bubbles: true })); }"
)
_DRAG = (
    "async (input, share) => { const most = Number(input.max), from = Number(input.value), moves = 60;"
    " for (let move = 1; move <= moves; move += 1) {"
    " input.value = Math.round(from + (share * most - from) * move / moves);"
    " input.dispatchEvent(new Event('input', { bubbles: true }));"
    " await new Promise((next) => setTimeout(next, 16)); } }"
)
"""A second of moves, as a hand drags."""
_MEASURED = (
    "() => { const found = Object.fromEntries(['answer', 'redraw', 'interval'].map((name) =>"
    " [name, performance.getEntriesByName(name).map((one) => [one.duration, one.detail])]));"
    " performance.clearMeasures(); return found; }"
)


@contextmanager
def opened(instance: Path) -> Iterator[Page]:
    """Serve an instance, and open its page once its limits say what they cost."""
    words = [*START, "serve", str(instance), "--port", "0"]
    process = subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None  # noqa: S101 (it is a pipe)
        found = re.search(r"http://\S+", process.stdout.readline())
        if found is None:
            sys.exit("the server did not start")
        with sync_playwright() as started:
            browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            context = browser.new_context(viewport={"width": 1400, "height": 900})
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            yield Page(context.new_page(), found[0])
            browser.close()
    finally:
        process.kill()
        process.wait()


class Page:
    """A page that stands with its base plan."""

    def __init__(self, page: Any, address: str) -> None:
        """Open an address, and wait until prices come no more: moves give way to nothing, but prices cost time."""
        self._page = page
        self.redraws: list[float] = []
        """What every redraw took."""
        self.intervals: list[float] = []
        """When each interval stood there that came before a proof: the first of each question."""
        page.goto(address)
        page.locator("#proof.proven").wait_for(timeout=WAIT)
        page.evaluate("document.querySelectorAll('details').forEach((group) => { group.open = true; })")
        before = -1
        while before != self._priced():
            before = self._priced()
            page.wait_for_timeout(3000)

    @property
    def sliders(self) -> list[Any]:
        """Every slider."""
        return list(self._page.locator(".lever.slider").all())

    def move(self, slider: Any, share: float) -> list[float]:
        """Move a slider to a part of its way; return what the answer took, nothing where there is no plan."""
        slider.locator("input").evaluate(_MOVE, share)
        return self._measured()

    def drag(self, slider: Any, share: float) -> list[float]:
        """Drag a slider to a part of its way; return what the answer to the last move took."""
        slider.locator("input").evaluate(_DRAG, share)
        return self._measured()[-1:]

    def supersede(self, slider: Any, share: float, after: float) -> list[float]:
        """Move a slider, and all back while that is solved; return what the answer took, which is known already.

        Nothing is returned where the first answer was there before.
        """
        self._page.evaluate("delete document.documentElement.dataset.settled")
        slider.locator("input").evaluate(_MOVE, share)
        self._page.wait_for_timeout(after)
        solving = self._page.locator("html[data-settled]").count() == 0
        took = self.reset()
        return took if solving else []

    def reset(self) -> list[float]:
        """Put everything back; return what the answer took."""
        if not self._page.locator("#reset").is_visible():
            return []
        self._page.locator("#reset").click()
        return self._measured()[-1:]

    def command(self) -> str:
        """Return the command line that answers what is moved."""
        self._page.locator("#copy-command").click()
        return str(self._page.evaluate("navigator.clipboard.readText()"))

    def _measured(self) -> list[float]:
        """Wait until the answer stands there and its frame is drawn; return what answers took."""
        self._page.wait_for_timeout(30)
        self._page.locator(f"html[data-settled], {_FAULT}").first.wait_for(state="attached", timeout=WAIT)
        if self._page.locator(_FAULT).count():
            sys.exit(f"the page says: {self._page.locator(_FAULT).inner_text()}")
        self._page.wait_for_timeout(30)
        found = self._page.evaluate(_MEASURED)
        self.redraws += [took for took, _ in found["redraw"]]
        self.intervals += {question: took for took, question in reversed(found["interval"])}.values()
        return [took for took, _ in found["answer"]]

    def _priced(self) -> int:
        return int(self._page.locator(".priced:not(:empty)").count())

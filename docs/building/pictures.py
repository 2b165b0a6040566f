"""Take the pictures of a report that README and docs carry, in a real browser, as small PNG files.

    python docs/building/pictures.py REPORT CASES SCENARIOS FOLDER

The browser is the chromium that is there already; CHROMIUM names another one. REPORT has a sweep drawn on it, CASES is
the report of several cases, SCENARIOS that of a plan for what may happen.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

import lodeplan

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
_WIDE, _NARROW, _HIGH = 1400, 390, 900
_TUTORIAL = Path("instances/tutorial-lithium-cobalt")
_BATTERY = Path("instances/us-battery-2027")
_MOVED, _TO = "one-country-mined", 35
"""The slider that is moved on the picture of the live page, and where to."""
_LAST = "four-lithium-countries"
"""The limit that is priced last."""
_MOVE = "(one, to) => { one.value = to; one.dispatchEvent(new Event('input', { bubbles: true })); }"
_SECONDS = 60
"""What the live page may take."""
_CELL = 900
"""Width of what a notebook shows of a result."""
_MARGIN, _PART = 14, 760
"""Space around a part of a page, and its greatest width."""
_APART, _STRIPS = 24, 3
"""Space between the strips of a long page, and how many there are."""
_COLOURS = 128
"""Colours of a picture: enough for letters, hues and greys."""


def take_pictures(report: Path, cases: Path, scenarios: Path, folder: Path) -> None:
    """Take every picture of a report, and one each of the reports of cases and scenarios, as files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        page = _open(browser, report)
        _keep(page.screenshot(), folder / "report.png")
        _keep(_part(page, "#frontier h2", "#frontier .axis"), folder / "report-frontier.png")
        page.check("#by-place", force=True)
        _keep(_part(page, "#matrix .head", "#matrix .legend"), folder / "report-place.png")
        _keep(_open(browser, report, dark=True).screenshot(), folder / "report-dark.png")
        _keep(_strips(_open(browser, report, width=_NARROW)), folder / "report-narrow.png")
        _keep(_part(_open(browser, cases), "#cases h2", "#cases .amounts", widest=_WIDE), folder / "report-cases.png")
        happening = _part(_open(browser, scenarios), "#may-happen h2", "#may-happen .outcomes", widest=_WIDE)
        _keep(happening, folder / "report-scenarios.png")
        _take_cells(browser, folder)
        _keep(_take_live(browser), folder / "live-page.png")
        browser.close()


def _take_cells(browser: Browser, folder: Path) -> None:
    """Take what a notebook shows of the results on its page of the docs."""
    results = {
        "plan": lodeplan.solve(_TUTORIAL),
        "sweep": lodeplan.sweep(_TUTORIAL, "cap refined/cobalt:CN@control=20%,30%,40%,50%"),
        "whatif": lodeplan.whatif(_TUTORIAL, "cap refined:CN@control=30%"),
    }
    for name, result in results.items():
        page = browser.new_page(viewport={"width": _CELL, "height": _HIGH})
        page.set_content(result._repr_html_())
        _keep(page.locator(".lodeplan-drawn").screenshot(), folder / f"notebook-{name}.png")


def _take_live(browser: Browser) -> bytes:
    """Return the live page once a slider was moved, and every limit of the base plan has its price."""
    command = [sys.executable, "-m", "lodeplan", "serve", str(_BATTERY), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 (our own command)
        try:
            told = server.stdout.readline() if server.stdout else ""
            page = browser.new_page(viewport={"width": _WIDE, "height": _HIGH})
            page.set_default_timeout(1000 * _SECONDS)
            page.goto(re.findall(r"http://\S+", told)[0])
            page.locator(".lever", has_text=_LAST).locator(".priced", has_text="costs").wait_for(state="attached")
            page.locator(".lever", has_text=_MOVED).locator("input[type=range]").evaluate(_MOVE, _TO)
            page.locator("html[data-settled='1']").wait_for(state="attached")
            return page.screenshot()
        finally:
            server.send_signal(signal.SIGINT)


def _open(browser: Browser, report: Path, *, width: int = _WIDE, dark: bool = False) -> Page:
    page = browser.new_page(viewport={"width": width, "height": _HIGH}, color_scheme="dark" if dark else "light")
    page.goto(report.resolve().as_uri())
    return page


def _part(page: Page, first: str, last: str, widest: int = _PART) -> bytes:
    """Return a page from one of its parts to a later one, with a margin around them."""
    ends = [box for part in (first, last) if (box := page.locator(part).bounding_box())]
    left, top = min(box["x"] for box in ends) - _MARGIN, ends[0]["y"] - _MARGIN
    return page.screenshot(
        full_page=True,
        clip={
            "x": left,
            "y": top,
            "width": min(max(box["x"] + box["width"] for box in ends) + _MARGIN - left, widest),
            "height": ends[-1]["y"] + ends[-1]["height"] + _MARGIN / 2 - top,
        },
    )


def _strips(page: Page) -> bytes:
    """Return a long page down to its flows, cut into strips that stand side by side."""
    end = page.locator("#flows").bounding_box()
    with Image.open(BytesIO(page.screenshot(full_page=True))) as whole:
        high = -(-int(end["y"] if end else whole.height) // _STRIPS)
        beside = Image.new("RGB", (_STRIPS * (_NARROW + _APART) - _APART, high), "white")
        for place in range(_STRIPS):
            strip = whole.crop((0, place * high, _NARROW, (place + 1) * high))
            beside.paste(strip, (place * (_NARROW + _APART), 0))
    kept = BytesIO()
    beside.save(kept, "PNG")
    return kept.getvalue()


def _keep(picture: bytes, file: Path) -> None:
    """Write a picture with few colours, which takes a third of the bytes."""
    with Image.open(BytesIO(picture)) as full:
        full.convert("RGB").quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            file, optimize=True
        )


if __name__ == "__main__":
    if not os.access(_CHROMIUM, os.X_OK):
        sys.exit(f"pictures need a browser, and there is no chromium at {_CHROMIUM}; name one by CHROMIUM")
    take_pictures(*map(Path, sys.argv[1:5]))

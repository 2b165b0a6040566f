"""How long a move on the live page takes, in a real browser: from the input event to proven numbers on the screen.

Every slider of an instance is moved to some places one after the other, each with all others where the instance has
them; counted is what has a plan. Beside it stands what `lodeplan whatif` takes for the same change in the same run, as
milliseconds say something about one machine and one hour only. Needs playwright and a chromium (CHROMIUM names it).

    python benchmarks/live.py [INSTANCE] [--places 5]
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
START = [sys.executable, "-c", "from optimizer.cli import run; run()"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
WAIT = 120_000
_MOVE = (
    "(input, share) => { input.value = Number(input.min) + Math.round(share * (Number(input.max) - Number(input.min)));"
    " input.dispatchEvent(new Event('input', { bubbles: true })); }"
)
_MEASURED = (
    "() => { const found = ['answer', 'redraw'].map((name) => performance.getEntriesByName(name).map((one) =>"
    " one.duration)); performance.clearMeasures(); return found; }"
)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instance", nargs="?", type=Path, default=ROOT / "instances/us-battery-2027")
    parser.add_argument("--places", type=int, default=5, help="places of each slider")
    asked = parser.parse_args()
    process = subprocess.Popen(
        [*START, "serve", str(asked.instance), "--port", "0"], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None  # noqa: S101 (it is a pipe)
        found = re.search(r"http://\S+", process.stdout.readline())
        if found is None:
            sys.exit("the server did not start")
        answers, redraws, commands = measure(found[0], asked.places)
    finally:
        process.kill()
    show(answers, redraws)
    compare(answers, commands)


def measure(address: str, places: int) -> tuple[dict[str, list[float]], list[float], list[str]]:
    """Return milliseconds of every answer by slider, those of every redraw, and some of the command lines."""
    answers: dict[str, list[float]] = {}
    redraws: list[float] = []
    commands: list[str] = []
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(address)
        page.locator("#proof.proven").wait_for(timeout=WAIT)
        page.evaluate("document.querySelectorAll('details').forEach((group) => { group.open = true; })")
        before = -1
        while before != priced(page):
            before = priced(page)
            page.wait_for_timeout(3000)
        for number, lever in enumerate(page.locator(".lever.slider").all()):
            name = lever.locator("label").inner_text()
            took = [one for place in range(places) for one in move(page, lever, (place + 0.5) / places, redraws)]
            if number % 20 == 0 and page.locator("#copy-command").is_visible():
                page.locator("#copy-command").click()
                commands.append(page.evaluate("navigator.clipboard.readText()"))
            if took:
                answers[f"{number} {name}"] = took
            if page.locator("#reset").is_visible():
                page.locator("#reset").click()
                settled(page)
                page.evaluate(_MEASURED)
        browser.close()
    return answers, redraws, commands


def priced(page: Any) -> int:
    """Return how many limits say what they cost: until all do, moves give way to nothing, but cost time."""
    return int(page.locator(".priced:not(:empty)").count())


def move(page: Any, lever: Any, share: float, redraws: list[float]) -> list[float]:
    """Move a slider to a part of its way; return what the answer took, nothing where there is no plan."""
    lever.locator("input").evaluate(_MOVE, share)
    settled(page)
    took, drawn = page.evaluate(_MEASURED)
    redraws += drawn
    return list(took)


def settled(page: Any) -> None:
    """Wait until the answer stands there, and its frame is drawn."""
    page.wait_for_timeout(30)
    page.locator("html[data-settled]").wait_for(state="attached", timeout=WAIT)
    page.wait_for_timeout(30)


def show(answers: dict[str, list[float]], redraws: Sequence[float]) -> None:
    """Print the figures."""
    every = sorted(one for took in answers.values() for one in took)
    medians = {name: statistics.median(took) for name, took in answers.items()}
    slowest = max(medians, key=lambda name: medians[name])
    print(f"{len(every)} moves of {len(answers)} sliders, from the input event to proven numbers on the screen [ms]:")
    late = every[int(0.95 * len(every))]
    print(f"  median {statistics.median(every):.0f}, 95 % within {late:.0f}, most {every[-1]:.0f}")
    print(f"  slowest slider: median {medians[slowest]:.0f} ({slowest.partition(' ')[2]})")
    print(f"  redraw: median {statistics.median(redraws):.1f}, most {max(redraws):.1f}")


def compare(answers: dict[str, list[float]], commands: Sequence[str]) -> None:
    """Print how much longer the same takes on the command line."""
    took = []
    for command in commands:
        start = time.perf_counter()
        subprocess.run([*START, *shlex.split(command)[1:], "-q"], env=ENVIRONMENT, capture_output=True, check=False)
        took.append(1000 * (time.perf_counter() - start))
    if took:
        median = statistics.median(one for these in answers.values() for one in these)
        of = statistics.median(took)
        print(f"lodeplan whatif for {len(took)} of these changes: median {of:.0f} ms, {of / median:.0f} times as long")


if __name__ == "__main__":
    main()

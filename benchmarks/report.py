"""What a report costs: written beside one solve, and seen and sorted in a real browser.

The report of an instance is drawn of its written plan; its CPU time stands beside that of the solve, each in a process
of its own, imports and all. The same plan with 100 000 purchases is what a table can come to. Milliseconds say
something about one machine and one hour only. Needs playwright and a chromium (CHROMIUM names it).

    python benchmarks/report.py [INSTANCE] [--repeats 5]
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from ratios import Ratio, lines_of

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
_MANY = 100_000
_FIRST = """new Promise((done) => new PerformanceObserver((list) => {
  for (const one of list.getEntriesByName("first-contentful-paint")) done(one.startTime);
}).observe({ type: "paint", buffered: true }))"""
_SORTED = """() => {
  const start = performance.now();
  [...document.querySelectorAll("#table-purchases th button")].find((one) => one.textContent.startsWith("quantity"))
    .click();
  document.body.offsetHeight;
  return performance.now() - start;
}"""


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Measure what a report costs.")
    parser.add_argument("instance", nargs="?", default=str(ROOT / "instances/us-battery-2027"))
    parser.add_argument("--repeats", type=int, default=5, help="how often each is measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        plan, page, large = (Path(scratch) / name for name in ("plan", "report.html", "large.html"))
        solved = [_cpu("solve", options.instance, "-o", plan, "--force", "-q") for _ in range(options.repeats)]
        drawn = [_cpu("report", plan, "-o", page, "--force") for _ in range(options.repeats)]
        _enlarge(plan, large)
        print(f"Report of {Path(options.instance).name}: {page.stat().st_size / 1000:.0f} kB")
        print(f"  with {_MANY} purchases: {large.stat().st_size / 1e6:.1f} MB")
        ratio = statistics.median(one / other for one, other in zip(drawn, solved, strict=True))
        print("\n".join(lines_of([Ratio("CPU: report / solve", ratio, 0.5)])))
        for name, place, sorts in (("report", page, False), ("large", large, True)):
            seen, took = _visited(place, options.repeats, sorts=sorts)
            print(f"  {name}: first paint {seen:.0f} ms" + (f", sorted in {took:.0f} ms" if sorts else ""))


def _cpu(*words: object) -> float:
    """Return the CPU seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", "from optimizer.cli import run; run()", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _enlarge(plan: Path, place: Path) -> None:
    """Write the report of a plan with many purchases."""
    sys.path.insert(0, str(ROOT))
    from optimizer.folders.shown import read_shown  # noqa: PLC0415 (found when the path to it is known)
    from optimizer.page.report import draw_report  # noqa: PLC0415

    shown = read_shown(plan)
    purchases = shown.rows("purchases")
    rows = [
        dict(purchases[i % len(purchases)]) | {"offer": f"offer-{i // 40}", "quantity": 1000.0 + i * 7919 % 104729 / 7}
        for i in range(_MANY)
    ]
    place.write_text(draw_report(replace(shown, tables={**shown.tables, "purchases": rows})), "utf-8")


def _visited(place: Path, repeats: int, *, sorts: bool) -> tuple[float, float]:
    """Return the median milliseconds until something is seen, and for sorting the purchases."""
    seen: list[float] = []
    took: list[float] = []
    with sync_playwright() as started:
        browser: Any = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for _ in range(repeats):
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.goto(place.as_uri())
            seen.append(page.evaluate(_FIRST))
            took.append(page.evaluate(_SORTED) if sorts else 0.0)
            page.close()
        browser.close()
    return statistics.median(seen), statistics.median(took)


if __name__ == "__main__":
    main()

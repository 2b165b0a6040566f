"""How long a move on the live page takes, in a real browser: from the input event to proven numbers on the screen.

Every slider of an instance is moved to some places one after the other, each with all others where the instance has
them; counted is what has a plan. Some are dragged for a second, and timed from the last move on. Beside it stands what
`lodeplan whatif` takes for the same change in the same run, as milliseconds say something about one machine and one
hour only. With `--flows` an instance of that size is made up, of which some sliders are moved, and two more things are
measured: when an interval stands there that comes before the proof, and how soon a solve is gone whose place another
move took (the answer to a move back to the base plan, which is known, less what that takes when nothing is solved).

    python benchmarks/live.py [INSTANCE] [--places 5]
    python benchmarks/live.py --flows 10000
"""

from __future__ import annotations

import argparse
import random
import shlex
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from generate import generate
from live_page import ENVIRONMENT, ROOT, START, opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from live_page import Page

_DRAGGED = 12
"""Sliders that are dragged."""
_OF_A_LARGE_ONE = 24
"""Sliders of an instance that was made up which are moved."""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("instance", nargs="?", type=Path, default=ROOT / "instances/us-battery-2027")
    parser.add_argument("--places", type=int, default=5, help="places of each slider")
    parser.add_argument("--flows", type=int, help="make an instance of so many flow variables up")
    asked = parser.parse_args()
    if asked.flows is None:
        with opened(asked.instance) as page:
            commands = measure(page, len(page.sliders), asked.places)
        compare(*commands)
        return
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), asked.flows)
        with opened(Path(folder)) as page:
            commands = measure(page, _OF_A_LARGE_ONE, 2)
            measure_superseded(page)
        compare(*commands)


def measure(page: Page, sliders: int, places: int) -> tuple[float, list[str]]:
    """Move and drag some sliders, and print what that took; return the median, and some of the command lines."""
    answers: dict[str, list[float]] = {}
    dragged: list[float] = []
    commands: list[str] = []
    every = page.sliders
    for number, slider in enumerate(every[:: max(1, len(every) // sliders)]):
        took = [one for place in range(places) for one in page.move(slider, (place + 0.5) / places)]
        if number % (sliders // 6 or 1) == 0 and took:
            commands.append(page.command())
        if took:
            answers[f"{number} {slider.locator('label').inner_text()}"] = took
        page.reset()
        if number % (sliders // _DRAGGED or 1) == 0:
            dragged += page.drag(slider, 0.6)
            page.reset()
    show(answers)
    print(f"  after the last move of {len(dragged)} drags: {of(dragged)}")
    print(f"  redraw: {of(page.redraws, 1)}")
    if page.intervals:
        print(f"  interval before a proof that takes longer ({len(page.intervals)}): {of(page.intervals)}")
    return statistics.median(one for these in answers.values() for one in these), commands


def measure_superseded(page: Page) -> None:
    """Move back to what is known while something is solved, and print how much longer that answer takes."""
    chance = random.Random(15)  # noqa: S311 (a benchmark keeps no secrets)
    slider = next(one for one in page.sliders if one.locator("label").inner_text() == "all materials")
    known, late = [], []
    for number in range(20):
        page.move(slider, 0.3)
        known += page.reset()
        late += page.supersede(slider, 0.35 + 0.02 * number, chance.uniform(40, 300))
    idle = statistics.median(known)
    print(f"  a solve that {len(late)} moves took the place of is gone after: {of([one - idle for one in late])}")


def of(took: Sequence[float], digits: int = 0) -> str:
    """Return the median and the most."""
    if not took:
        return "none"
    return f"median {statistics.median(took):.{digits}f}, most {max(took):.{digits}f}"


def show(answers: dict[str, list[float]]) -> None:
    """Print the figures of all sliders."""
    every = sorted(one for took in answers.values() for one in took)
    medians = {name: statistics.median(took) for name, took in answers.items()}
    slowest = max(medians, key=lambda name: medians[name])
    print(f"{len(every)} moves of {len(answers)} sliders, from the input event to proven numbers on the screen [ms]:")
    late = every[int(0.95 * len(every))]
    print(f"  median {statistics.median(every):.0f}, 95 % within {late:.0f}, most {every[-1]:.0f}")
    print(f"  slowest slider: median {medians[slowest]:.0f} ({slowest.partition(' ')[2]})")


def compare(median: float, commands: Sequence[str]) -> None:
    """Print how much longer the same takes on the command line."""
    took = []
    for command in commands:
        start = time.perf_counter()
        subprocess.run([*START, *shlex.split(command)[1:], "-q"], env=ENVIRONMENT, capture_output=True, check=False)
        took.append(1000 * (time.perf_counter() - start))
    if took:
        whole = statistics.median(took)
        times = f"{whole / median:.0f} times as long"
        print(f"lodeplan whatif for {len(took)} of these changes: median {whole:.0f} ms, {times}")


if __name__ == "__main__":
    main()

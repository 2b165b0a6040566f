"""Measure what solving again costs against solving from nothing: what-ifs, parts and sweeps.

    python benchmarks/whatif.py [--quick] [--time-limit 30] [--json]

Every figure comes from a process of its own (`sessions.py`), and what must be reached are ratios of two
things measured on the same machine. docs/benchmarks.md says what is compared with what.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ratios import Figures, Ratio, child, cpu_of, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXAMPLE = Path(__file__).resolve().parent.parent / "instances" / "us-battery-2027"
_COMMAND = "from optimizer.cli import main; main()"
_LARGE, _TIED, _SMALL = (10_000, 12, 25), (10_000, 12, 10), (1_500, 4, 25)
"""Flow variables, materials, and contracts in a hundred offers: what one solve waits for is the integers.

The limit that ties all materials makes a program of fewer contracts hard enough.
"""
_SWEPT = "refined/antimony"
_STOPPED = "Time limit reached"
_SAME = 1e-6
"""Relative difference below which two costs are the same."""


@dataclass(frozen=True, slots=True)
class Section:
    """Ratios that belong together, with what was measured for them."""

    heading: str
    lines: list[str]
    ratios: list[Ratio]


def main() -> None:
    """Measure everything, and print it part by part."""
    options = _options()
    told = []
    try:
        for section in _sections(2 if options.quick else 5, options.time_limit):
            told.append(asdict(section))
            if not options.json:
                lines = [section.heading, *(f"  {line}" for line in section.lines), *lines_of(section.ratios), ""]
                print("\n".join(lines), flush=True)
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(error.cmd[1:])} failed:\n{error.stderr}")
    if options.json:
        print(json.dumps(told, indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure solving again against solving from nothing.")
    parser.add_argument("--quick", action="store_true", help="two changes of each kind instead of five")
    parser.add_argument(
        "--time-limit", type=float, default=30.0, help="seconds that a solve of the tied instance may take"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    return parser.parse_args()


def _sections(each: int, time_limit: float) -> Iterator[Section]:
    """Yield what is measured, with `each` changes of every kind."""
    with tempfile.TemporaryDirectory() as scratch:
        large, coupled, small = (_made(Path(scratch), *shape) for shape in (_LARGE, _TIED, _SMALL))
        yield _changes(child("sessions.py", "changes", large, str(each)))
        yield _tied(child("sessions.py", "tied", coupled, str(min(each, 2)), str(time_limit)), time_limit)
        yield _example(child("sessions.py", "changes", str(_EXAMPLE), str(each)))
        yield _together(child("sessions.py", "together", large), child("sessions.py", "exact", small))
        yield _sweep(child("sessions.py", "sweep", large, _SWEPT), child("sessions.py", "workers", large, _SWEPT))


def _made(scratch: Path, flows: int, materials: int, contracts: int) -> str:
    """Generate an instance in a folder of its own."""
    folder = str(scratch / f"{flows}-{materials}-{contracts}")
    child("phases.py", "generate", folder, str(flows), str(materials), str(contracts))
    return folder


def _size(figures: Figures) -> str:
    sizes = figures["sizes"]
    return f"{sizes['flows']} flows, {sizes['integers']} integers, {sizes['parts']} parts"


def _changes(figures: Figures) -> Section:
    cold = figures["cold"]
    ratios = [change["cpu"] / cold for change in figures["changes"]]
    by_kind: dict[str, list[float]] = defaultdict(list)
    for change, ratio in zip(figures["changes"], ratios, strict=True):
        by_kind[change["kind"]].append(ratio)
    return Section(
        f"A change of one material, {len(ratios)} of them",
        [f"{_size(figures)}; built and solved from nothing in {cold:.2f} s, to a gap of {figures['gap']:.2g}"],
        [
            Ratio("what-if / build and solve from nothing, median", statistics.median(ratios), 0.1),
            Ratio("... mean", statistics.fmean(ratios)),
            Ratio("... max", max(ratios)),
            *(Ratio(f"... median of {kind}", statistics.median(some)) for kind, some in by_kind.items()),
        ],
    )


def _tied(figures: Figures, time_limit: float) -> Section:
    changes = figures["changes"]
    lines = [
        f"{_size(figures)}; from nothing in {figures['cold']:.2f} s, to a gap of {figures['gap']:.2g}",
        f"{'change':<42}{'HiGHS s':>8}{'what-if s':>10}{'told s':>8}{'told, less':>11}{'more':>9}",
    ]
    for change in changes:
        own, cost = change["own"], change["cost"]
        less, more = change["least"] / cost - 1, change["most"] / cost - 1
        mark = "+" if own["status"] == _STOPPED else " "
        lines.append(
            f"{change['text']:<42}{own['solve']:>7.2f}{mark}{change['cpu']:>10.2f}{change['told']:>8.2f}"
            f"{less:>11.2%}{more:>9.2%}"
        )
    stopped = sum(change["own"]["status"] == _STOPPED for change in changes)
    bound = f"HiGHS stopped at {time_limit:g} s in {stopped} of {len(changes)}: a bound" if stopped else ""
    whole, told = ([change[phase] / change["own"]["solve"] for change in changes] for phase in ("cpu", "told"))
    return Section(
        f"A change of one material where a limit ties all, {len(changes)} of them",
        lines,
        [
            Ratio("what-if / HiGHS's own solve, median", statistics.median(whole), 1, bound),
            Ratio("interval told / HiGHS's own solve, median", statistics.median(told), 0.05, bound),
            Ratio("intervals that do not hold the answer", sum(map(_is_wrong, changes)), 0),
            Ratio("what-ifs stopped before their proof", sum(not change["proven"] for change in changes)),
        ],
    )


def _is_wrong(change: Figures) -> bool:
    """Whether the cost, known to lie between the bound and the cost in the end, was told to lie elsewhere."""
    return bool(change["least"] > change["cost"] * (1 + _SAME) or change["most"] < change["bound"] * (1 - _SAME))


def _example(figures: Figures) -> Section:
    command = cpu_of(3, "-c", _COMMAND, "solve", str(_EXAMPLE))
    ratios = [change["cpu"] / command for change in figures["changes"]]
    return Section(
        f"us-battery-2027, {len(ratios)} changes",
        [f"{_size(figures)}; the command in {command:.2f} s, of which building and solving {figures['cold']:.2f} s"],
        [
            Ratio("what-if / the whole command, median", statistics.median(ratios), 0.2),
            Ratio("... max", max(ratios)),
            Ratio(
                "what-if / build and solve from nothing, median", statistics.median(ratios) * command / figures["cold"]
            ),
        ],
    )


def _together(figures: Figures, exact: Figures) -> Section:
    off = abs(exact["cost"] - exact["cost_as_one"]) / abs(exact["cost_as_one"])
    return Section(
        "By parts, and as one program",
        [
            f"in {figures['cold']:.2f} s a gap of {figures['gap']:.2g} by parts, of {figures['gap_as_one']:.2g} as one",
            f"(as one it stopped at {figures['cpu_as_one']:.2f} s, with {figures['gap_when_it_stopped']:.2g})",
            f"a smaller one at gap 0: by parts in {exact['cold']:.2f} s, as one program in {exact['cpu_as_one']:.2f} s",
        ],
        [
            Ratio("gap by parts / gap as one program, same CPU time", figures["gap"] / figures["gap_as_one"], 0.25),
            Ratio("relative difference of the costs at gap 0", off, _SAME),
        ],
    )


def _sweep(figures: Figures, workers: Figures) -> Section:
    lines = [
        f"{name}: {some['cpu']:.2f} s and {some['solves']} solves of what it touches; from nothing {some['cold']:.2f} s"
        for name, some in figures.items()
    ]
    walls = f"wall time: one process {workers['wall_1']:.1f} s, two {workers['wall_2']:.1f} s"
    lines.append(f"{walls}; they solved {workers['solves_1']} and {workers['solves_2']} programs")
    binding, slack = (some["cpu"] / some["cold"] for some in (figures["binding"], figures["half slack"]))
    return Section(
        f"A sweep of 20 points, {_SWEPT}",
        lines,
        [
            Ratio("sweep / 20 solves of what it touches", binding, 1),
            Ratio("... half of the points slack", slack, 0.5),
            Ratio("two processes / one, wall time", workers["wall_2"] / workers["wall_1"], 1 / 1.6),
            Ratio("two processes / one, processor time", workers["cpu_2"] / workers["cpu_1"]),
            Ratio("efficiency: processor time of one / (2 x wall)", workers["cpu_1"] / (2 * workers["wall_2"])),
        ],
    )


if __name__ == "__main__":
    main()

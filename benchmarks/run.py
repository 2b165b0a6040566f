"""Measure Lodeplan against HiGHS on ready arrays: CPU time and peak memory of every phase, and ratios.

    python benchmarks/run.py [--sizes 1000,10000,100000] [--time-limit 120] [--json]

Every figure comes from a process of its own (`phases.py`), and nothing here depends on how fast the
machine is: what must be reached are ratios of two things measured on the same one.
docs/benchmarks.md says what is compared with what.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from ratios import Figures, Ratio, child, cpu_of, lines_of

_REPEATS = 3
_STARTS = 9
_LARGE = 100_000
"""Flow variables from which building is held against HiGHS: below, both are done in a blink."""
_OUT_OF_TIME = "Time limit reached"
_child = partial(child, "phases.py")


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured on one instance."""

    asked: int
    """Flow variables asked for."""
    size: Figures
    phases: dict[str, Figures]
    """By phase: CPU seconds, and the peak memory of the process when it ended [MiB]."""
    compared: dict[str, Figures]
    """The whole command, and what it is compared with, in the same units."""
    ratios: list[Ratio]


def main() -> None:
    """Measure what the command line asks for, and print it."""
    options = _options()
    try:
        results = [_measure(flows, options.time_limit) for flows in options.sizes]
        start = _start_up()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(error.cmd[1:])} failed:\n{error.stderr}")
    if options.json:
        told = [asdict(result) for result in results]
        print(json.dumps({"instances": told, "start": asdict(start)}, indent=2))
        return
    for result in results:
        print(_table(result))
    print("\n".join(["Start-up", *lines_of([start])]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure Lodeplan against HiGHS on ready arrays.")
    parser.add_argument("--sizes", type=_sizes, default=[1_000, 10_000, 100_000], help="flow variables, with commas")
    parser.add_argument("--time-limit", type=float, default=120.0, help="seconds that HiGHS may work on one instance")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _measure(flows: int, time_limit: float) -> Measured:
    """Make an instance in a temporary folder and measure everything on it."""
    with tempfile.TemporaryDirectory() as scratch:
        instance, file, plan = (str(Path(scratch, name)) for name in ("instance", "arrays.npz", "plan"))
        _child("generate", instance, str(flows))
        size = _child("arrays", instance, file)
        prepared = [_child("prepare", instance) for _ in range(_REPEATS)]
        passed = _child("pass", file)
        alone = _child("alone", file, str(size["gap"]), str(time_limit))
        whole = _child("whole", instance, plan, str(time_limit))
    phases = {name: _steady(name, figures, prepared) for name, figures in whole["phases"].items()}
    own = phases["build"]["cpu"] + phases["hand over"]["cpu"]
    bound = f"HiGHS stopped at {time_limit:g} s: a bound" if alone["status"] == _OUT_OF_TIME else ""
    large = flows >= _LARGE
    ratios = [
        Ratio("build and hand over / passing ready arrays", own / passed["cpu"], 20 if large else None),
        Ratio("... / passing them in one call of HiGHS", own / passed["at_once"]),
        Ratio("build and hand over / HiGHS's own solve", own / alone["solve"], 0.1 if large else None, bound),
        Ratio("peak memory: whole command / arrays and HiGHS alone", whole["peak"] / alone["peak"], 4),
        Ratio("CPU: whole command / arrays and HiGHS alone", whole["cpu"] / alone["cpu"], note=bound),
    ]
    compared = {
        "the whole command": whole,
        "passing ready arrays": passed,
        "... in one call of HiGHS": {"cpu": passed["at_once"], "peak": passed["peak"]},
        "arrays and HiGHS alone": alone,
        "... its solve": {"cpu": alone["solve"], "peak": alone["peak"]},
    }
    return Measured(flows, size, phases, compared, ratios)


def _steady(name: str, figures: Figures, prepared: list[Figures]) -> Figures:
    """Return a phase of the whole command; where other processes went through it too, what they measured.

    They stop when HiGHS holds the model, so their hand-over has none of the solve's memory in it.
    """
    measured = [one[name] for one in prepared if name in one and name not in {"solve", "plan"}]
    if not measured:
        return figures
    return {key: statistics.median(one[key] for one in measured) for key in ("cpu", "peak")}


def _start_up() -> Ratio:
    """Compare ``lodeplan --help`` with an interpreter that does nothing."""
    name = "lodeplan --help / python -c pass"
    command = "import sys; from optimizer.cli import main; sys.argv[0] = 'lodeplan'; main()"
    try:
        return Ratio(name, cpu_of(_STARTS, "-c", command, "--help") / cpu_of(_STARTS, "-c", "pass"), 6)
    except subprocess.CalledProcessError as error:
        why = (error.stderr.strip().splitlines() or ["it failed"])[-1]
        return Ratio(name, None, 6, f"skipped, because the command line cannot be run: {why}")


def _table(result: Measured) -> str:
    size = result.size
    lines = [
        f"{result.asked} flow variables asked for",
        f"  {size['flows']} flows, {size['offers']} offers, solved to a gap of {size['gap']:g}",
        f"  {size['rows']} rows, {size['columns']} columns ({size['integers']} integers), {size['nonzeros']} nonzeros",
        f"  {'phase':<30}{'CPU s':>10}{'peak so far, MiB':>20}",
    ]
    for name, figures in (result.phases | result.compared).items():
        lines.append(f"  {name:<30}{figures['cpu']:>10.4f}{figures['peak']:>20.0f}")
    alone = result.compared["arrays and HiGHS alone"]
    lines.append(f"  HiGHS alone ended with: {alone['status']}")
    return "\n".join([*lines, *lines_of(result.ratios), ""])


if __name__ == "__main__":
    main()

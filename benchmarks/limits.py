"""Measure what fifty limits at once cost before HiGHS works: the same market without a limit, and with them.

    python benchmarks/limits.py [--flows 10000] [--repeats 7] [--json]

The market is that of `generate.py` with twelve materials, and the limits are those of `fifty.toml`, of every
kind. Some tie all materials, so that there is one part; without these there are as many parts as without limits.
Every figure comes from a process of its own (`phases.py`), in turn, and what must be reached are ratios of their
medians. docs/benchmarks.md says what is compared with what.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from ratios import Figures, Ratio, child, lines_of

_LIMITS = Path(__file__).resolve().parent / "fifty.toml"
_TYING = "# These tie all materials."
"""Where the limits that tie start."""
_ATTRIBUTES = {"co2": 10.0, "recycled": 0.5}
"""What offers state besides, and the most of it."""
_MATERIALS = 12
_PHASES = ("build", "hand over")


def main() -> None:
    """Measure, and print a table or JSON."""
    options = _options()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            cases = _made(Path(scratch), options.flows)
            measured: dict[str, list[Figures]] = {name: [] for name in cases}
            for _ in range(options.repeats):
                for name, folder in cases.items():
                    measured[name].append(child("phases.py", "prepare", folder))
            sizes = {name: child("phases.py", "arrays", folder, f"{folder}.npz") for name, folder in cases.items()}
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(error.cmd[1:])} failed:\n{error.stderr}")
    spent = {
        name: {phase: statistics.median(run[phase]["cpu"] for run in runs) for phase in _PHASES}
        for name, runs in measured.items()
    }
    ratios = [
        Ratio(f"build and hand over: {name} / without limits", _grown(measured["without limits"], runs), 1.5)
        for name, runs in measured.items()
        if name != "without limits"
    ]
    if options.json:
        print(json.dumps({"spent": spent, "sizes": sizes, "ratios": [asdict(ratio) for ratio in ratios]}, indent=2))
        return
    for name, phases in spent.items():
        size = sizes[name]
        print(f"{name}: {size['flows']} flows, {size['rows']} rows, {size['nonzeros']} nonzeros")
        print("  " + ", ".join(f"{phase} {cpu:.3f} s" for phase, cpu in phases.items()))
    print("\n".join(lines_of(ratios)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure what fifty limits cost before HiGHS works.")
    parser.add_argument("--flows", type=int, default=10_000, help="flow variables")
    parser.add_argument("--repeats", type=int, default=7, help="processes for each figure")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


def _grown(without: list[Figures], with_limits: list[Figures]) -> float:
    """Return by what factor build and hand-over grow: the median of ratios of runs that followed each other."""

    def own(run: Figures) -> float:
        return sum(run[phase]["cpu"] for phase in _PHASES)

    return statistics.median(own(after) / own(before) for before, after in zip(without, with_limits, strict=True))


def _made(scratch: Path, flows: int) -> dict[str, str]:
    """Write the market without limits, with all of them, and with those that tie nothing; return the folders."""
    bare = scratch / "bare"
    child("phases.py", "generate", str(bare), str(flows), str(_MATERIALS))
    _state_attributes(bare / "offers.csv")
    header = re.split(r"^\[limits\.", (bare / "instance.toml").read_text("utf-8"), maxsplit=1, flags=re.MULTILINE)[0]
    header = f"attributes = {json.dumps(list(_ATTRIBUTES))}\n{header}"
    limits = _LIMITS.read_text("utf-8")
    untied = limits.split(_TYING)[0]
    made = {}
    for name, text in {"without limits": "", "limits that tie nothing": untied, "fifty limits": limits}.items():
        folder = scratch / name.replace(" ", "-")
        shutil.copytree(bare, folder)
        (folder / "instance.toml").write_text(f"{header}\n{text}", "utf-8")
        made[name] = str(folder)
    return made


def _state_attributes(offers: Path) -> None:
    """Add a drawn figure of each attribute to every offer."""
    rng = random.Random(0)  # noqa: S311 (a benchmark keeps no secrets)
    with offers.open(encoding="utf-8", newline="") as file:
        rows = [
            row | {name: round(rng.uniform(0, most), 3) for name, most in _ATTRIBUTES.items()}
            for row in csv.DictReader(file)
        ]
    _write(offers, rows)


def _write(path: Path, rows: list[Figures]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()

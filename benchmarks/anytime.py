"""Show what a time limit gives on a large instance: how late a whole plan comes, and how good it is.

    python benchmarks/anytime.py [--flows 300000] [--limits 5 20 60] [--json]

Each solve is the whole command in a process of its own, on its plan folder on disk; docs/benchmarks.md says more.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ratios import Figures, child

_RUN = "from optimizer.cli import run; run()"


def main() -> None:
    """Solve one instance under several time limits, and print what comes of each."""
    parser = argparse.ArgumentParser(description="Measure plans under a time limit.")
    parser.add_argument("--flows", type=int, default=300_000, help="flow variables, over up to twenty materials")
    parser.add_argument("--limits", type=float, nargs="+", default=[5.0, 20.0, 60.0], help="time limits [s]")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "instance"
        child("phases.py", "generate", str(folder), str(options.flows))
        measured = [_measured(folder, Path(scratch) / "plan", limit) for limit in options.limits]
    if options.json:
        print(json.dumps(measured, indent=2))
        return
    print(f"{options.flows} flow variables under a time limit:")
    for one in measured:
        plan = f"{one['proven']} of {one['parts']} parts proven, {one['quick']} with a quick plan only"
        print(f"  {one['limit']:g} s: done after {one['seconds']:.0f} s, exit {one['exit']}; {plan}")


def _measured(instance: Path, plan: Path, limit: float) -> Figures:
    start = time.perf_counter()
    words = ["solve", str(instance), "-o", str(plan), "--force", "-q", "--time-limit", str(limit)]
    root = str(Path(__file__).resolve().parent.parent)
    done = subprocess.run([sys.executable, "-c", _RUN, *words], check=False, capture_output=True, cwd=root)
    seconds = time.perf_counter() - start
    summary: dict[str, Any] = json.loads((plan / "summary.json").read_text("utf-8"))
    unfinished = summary["unfinished"]
    return {
        "limit": limit,
        "seconds": seconds,
        "exit": done.returncode,
        "parts": summary["sizes"]["parts"],
        "proven": summary["sizes"]["parts"] - len(unfinished),
        "quick": sum(part["quick"] for part in unfinished),
        "cost": summary["cost"],
        "bound": summary["bound"],
    }


if __name__ == "__main__":
    main()

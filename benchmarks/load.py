"""Measure what reading and checking a large instance costs: `lodeplan validate` beside pandas reading the same files.

    python benchmarks/load.py [--offers 50000] [--lanes 200000] [--limits 200] [--repeats 3] [--abroad] [--json]

The instance is that of `wide.py`, of which half of the companies have no owners. Both are whole processes, start and
imports included. That of pandas reads every file as text and converts the columns that hold numbers, and no more.
Each runs once before it is measured, so that neither is measured while Python compiles its modules.
docs/benchmarks.md says what is compared with what.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from ratios import Ratio, lines_of
from wide import LANES, LIMITS, OFFERS, write

_ROOT = Path(__file__).resolve().parent.parent
_MEMORY = 700
"""Megabytes that validating may take."""
_READ = """
import sys
from pathlib import Path
import pandas as pd
for path in Path(sys.argv[1]).glob("*.csv"):
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for column in table.columns:
        try:
            table[column] = pd.to_numeric(table[column])
        except ValueError:
            pass
"""


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description="Measure reading and checking beside pandas.")
    for name, default in (("offers", OFFERS), ("lanes", LANES), ("limits", LIMITS), ("repeats", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--abroad", action="store_true", help="state offers and lanes in other units and currencies")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    validate = ["-c", "from optimizer.cli import run; run()", "validate"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "wide")
        write(folder, options.offers, options.lanes, options.limits, abroad=options.abroad)
        compiled = Path(scratch, "compiled")
        spent = [
            (_run(compiled, "-c", _READ, str(folder)), _run(compiled, *validate, str(folder)))
            for _ in range(1 + options.repeats)
        ][1:]
    cpu = statistics.median(ours[0] / theirs[0] for theirs, ours in spent)
    peak = statistics.median(ours[1] for _, ours in spent)
    ratios = [
        Ratio("CPU time of validate / of pandas reading the same files", cpu, 10),
        Ratio("peak memory of validate [MB]", peak, _MEMORY),
    ]
    if options.json:
        print(json.dumps({"runs": spent, "ratios": [asdict(ratio) for ratio in ratios]}, indent=2))
        return
    print(f"{options.offers} offers, {options.lanes} lanes, {options.limits} limits")
    for theirs, ours in spent:
        print(f"  pandas {theirs[0]:6.2f} CPU s {theirs[1]:6.0f} MB   validate {ours[0]:6.2f} CPU s {ours[1]:6.0f} MB")
    print("\n".join(lines_of(ratios)))


def _run(compiled: Path, *words: str) -> tuple[float, float]:
    """Return the CPU seconds and the peak memory [MB] of a Python process that must end well.

    What it compiles it keeps in a folder, whether or not Python would keep it here.
    """
    env = os.environ | {"PYTHONPYCACHEPREFIX": str(compiled), "PYTHONDONTWRITEBYTECODE": ""}
    process = subprocess.Popen([sys.executable, *words], cwd=_ROOT, stdout=subprocess.DEVNULL, env=env)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(words[1:])} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    main()

"""Measure what it takes to say what limits cost, beside the solve itself, where one limit does not bind.

    python benchmarks/limits_cost.py [--instances 4] [--json]

Each instance is measured in a process of its own; docs/benchmarks.md says what is compared with what.

    python benchmarks/limits_cost.py measure INSTANCE      one of these processes
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ratios import Figures, Ratio, child, lines_of

from models.limits.share_cap import ShareCap
from optimizer.limits_cost import add_limits_cost
from optimizer.load import load
from optimizer.results.solution import settings_of
from optimizer.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from optimizer.results.solution import Solution

_DRAWN = ((3_000, 60, 1), (4_000, 40, 20_270_101), (6_000, 60, 1), (6_000, 60, 2))
"""Flow variables, contracts in a hundred offers, seed: mixed-integer programs that take seconds."""
_SHARE = 0.999
"""What the limit allows to one country, which no plan here uses up."""


def main() -> None:
    """Measure some instances, and print the ratios."""
    parser = argparse.ArgumentParser(description="Measure what saying what limits cost takes beside the solve.")
    parser.add_argument("--instances", type=int, default=len(_DRAWN), help="how many instances")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        measured = [_measured(Path(scratch), *drawn) for drawn in _DRAWN[: options.instances]]
    told, proven = ([1 + one[name] / one["solve"] for one in measured] for name in ("told", "proven"))
    ratios = [
        Ratio("solved and told what the limit costs / solved, median", statistics.median(told), 1.2),
        Ratio("... max", max(told)),
        Ratio("solved and proven (--limits-cost) / solved, median", statistics.median(proven)),
    ]
    if options.json:
        print(json.dumps({"measured": measured, "ratios": [asdict(ratio) for ratio in ratios]}, indent=2))
        return
    print("One limit that does not bind:")
    for one in measured:
        seconds = ", ".join(f"{name} {one[name]:.2f} s" for name in ("solve", "told", "proven"))
        print(f"  {one['rows']} rows, {one['integers']} integers: {seconds}; told to {one['width']:.1e} of the cost")
    print("\n".join(lines_of(ratios)))


def _measured(scratch: Path, flows: int, contracts: int, seed: int) -> Figures:
    folder = str(scratch / f"{flows}-{seed}")
    child("phases.py", "generate", folder, str(flows), "1", str(contracts), str(seed))
    return child("limits_cost.py", "measure", folder)


def measure(folder: str) -> Figures:
    """Solve an instance with one limit that does not bind, say what it costs, and prove it."""
    asked = load(Path(folder))
    cap = ShareCap(name="slack", country="CN", basis="control", stages=("refined",), max_share=_SHARE, hard=True)
    instance = asked.model_copy(update={"limits": (cap,)})
    session = Session(settings_of(instance))
    solve, solution = _timed(lambda: session.solve(instance))
    told, after = _timed(lambda: add_limits_cost(solution, session))
    proven, _ = _timed(lambda: add_limits_cost(solution, session, prove=True))
    cost = after.limits_cost
    if cost is None:
        msg = "a proven plan says what its limits cost"
        raise ValueError(msg)
    return {
        "rows": solution.sizes["rows"],
        "integers": solution.sizes["integers"],
        "solve": solve,
        "told": told,
        "proven": proven,
        "width": (cost.cost - cost.bound) / abs(solution.cost),
    }


def _timed(step: Callable[[], Solution]) -> tuple[float, Solution]:
    start = time.process_time()
    solution = step()
    return time.process_time() - start, solution


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(sys.argv[2])))
    else:
        main()

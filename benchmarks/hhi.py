"""Measure what a cap on the HHI costs the solver, against the same instance without, and with linear caps.

    python benchmarks/hhi.py [--instances 12] [--json]

Each instance is measured in a process of its own; docs/benchmarks.md says what is compared with what.

    python benchmarks/hhi.py measure INSTANCE      one of these processes
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
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ratios import Figures, Ratio, child, lines_of

from models.limits.hhi_cap import HhiCap
from models.limits.share_cap import ShareCap
from optimizer.load import load
from optimizer.results.solution import settings_of
from optimizer.session import Session

if TYPE_CHECKING:
    from models.instance import Instance
    from models.limits import Limit
    from optimizer.results.solution import Solution

_FLOWS, _MATERIALS, _CONTRACTS = 2_800, 3, 10
"""Some 2 500 rows."""
_TIGHTER, _AGAIN = 0.85, 0.97
"""Part of the HHI (or of the largest share) without caps that is allowed, and of that when it is solved again."""
_STAGES = ("mined", "refined")


def main() -> None:
    """Measure some instances, and print the medians and the worst."""
    parser = argparse.ArgumentParser(description="Measure caps on the HHI against linear rows.")
    parser.add_argument("--instances", type=int, default=12, help="how many instances, each from a seed of its own")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        measured = [_measured(Path(scratch), seed) for seed in range(1, options.instances + 1)]
    ratios = list(_ratios(measured))
    if options.json:
        print(json.dumps({"measured": measured, "ratios": [asdict(ratio) for ratio in ratios]}, indent=2))
        return
    rows = [one["rows"] for one in measured]
    print(
        f"A cap on the HHI of every material, mined and refined: {len(rows)} instances, {min(rows)} to {max(rows)} rows"
    )
    for one in measured:
        seconds = ", ".join(f"{name} {one[name]:.2f} s" for name in ("without", "shares", "hhi", "again"))
        print(f"  {seconds}; {one['squares']} squares, cost x{one['dearer']:.3f}")
    print("\n".join(lines_of(ratios)))


def _ratios(measured: list[Figures]) -> list[Ratio]:
    ratios = []
    for name, what, most in (("hhi", "with the caps", 8), ("again", "solved again at another level", 3)):
        without, shares = ([one[name] / one[other] for one in measured] for other in ("without", "shares"))
        ratios += [
            Ratio(f"{what} / without, median", statistics.median(without), most),
            Ratio("... max", max(without)),
            Ratio("... / with caps on shares, median", statistics.median(shares)),
            Ratio("... max", max(shares)),
        ]
    return [*ratios, Ratio("HHI above its cap, relative, max", max(one["above"] for one in measured), 1e-6)]


def _measured(scratch: Path, seed: int) -> Figures:
    folder = str(scratch / str(seed))
    child("phases.py", "generate", folder, str(_FLOWS), str(_MATERIALS), str(_CONTRACTS), str(seed))
    return child("hhi.py", "measure", folder)


def measure(folder: str) -> Figures:
    """Solve an instance without caps, with caps on shares, with caps on the HHI, and with these at another level."""
    instance = load(Path(folder))
    settings = settings_of(instance)
    Session(settings).solve(instance)  # to warm up
    without, free = _timed(Session(settings), instance)
    shares, _ = _timed(Session(settings), _with(instance, [_share_cap(free, *cell) for cell in _cells(instance)]))
    caps = [_hhi_cap(free, *cell) for cell in _cells(instance)]
    session = Session(settings)
    hhi, capped = _timed(session, _with(instance, caps))
    moved = [cap.model_copy(update={"max_hhi": _AGAIN * cap.level}) for cap in caps]
    again, tighter = _timed(session, _with(instance, moved))
    found = [*capped.account.readings, *tighter.account.readings]
    return {
        "rows": free.sizes["rows"],
        "squares": capped.sizes["columns"] - free.sizes["columns"],
        "without": without,
        "shares": shares,
        "hhi": hhi,
        "again": again,
        "dearer": capped.cost / free.cost,
        "above": max(reading.used / reading.allowed - 1 for limit, reading in found if limit.kind == "hhi_cap"),
    }


def _timed(session: Session, instance: Instance) -> tuple[float, Solution]:
    start = time.process_time()
    solution = session.solve(instance)
    return time.process_time() - start, solution


def _cells(instance: Instance) -> list[tuple[str, str]]:
    return [(material, stage) for material in instance.market.material for stage in _STAGES]


def _with(instance: Instance, limits: list[Any]) -> Instance:
    return instance.model_copy(update={"limits": (*instance.limits, *limits)})


def _hhi_cap(free: Solution, material: str, stage: str) -> HhiCap:
    scope: Any = {"materials": (material,), "stages": (stage,), "hard": True}
    cap = HhiCap(name=f"hhi-{stage}-{material}", count="country", basis="place", max_hhi=1, **scope)
    return cap.model_copy(update={"max_hhi": min(1.0, _TIGHTER * _used(cap, free))})


def _share_cap(free: Solution, material: str, stage: str) -> ShareCap:
    scope: Any = {"materials": (material,), "stages": (stage,), "hard": True}
    cap = ShareCap(name=f"share-{stage}-{material}", each="country", basis="place", max_share=1, **scope)
    return cap.model_copy(update={"max_share": min(1.0, _TIGHTER * _used(cap, free))})


def _used(cap: Limit, free: Solution) -> float:
    """Return the median over periods of what a plan uses of a limit, in each that of whoever uses most."""
    most: dict[str, float] = {}
    for reading in cap.recount(free.account):
        most[reading.key.period] = max(most.get(reading.key.period, 0.0), reading.used)
    return statistics.median(most.values())


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(sys.argv[2])))
    else:
        main()

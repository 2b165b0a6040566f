"""Measure what a floor on what survives costs beside a plain solve.

    python benchmarks/floors.py [--json]

The instance is `us-battery-quarterly`. Every country is lost by control, from every beginning, for one, two, three and
four quarters: a floor each, at 75 % of every material. Manganese cannot reach that (a cap on one country stands in the
way), so the floors are asked hard of all other materials, soft of all, and hard of all until that is refused and the
highest is known. docs/benchmarks.md says what is compared.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ratios import Ratio, lines_of

from models.enforcement import enforce
from models.limits.survival_floor import SurvivalFloor
from optimizer.errors import NoPlan
from optimizer.load import load
from optimizer.no_plan import explain_no_plan
from optimizer.results.solution import settings_of
from optimizer.session import Session

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

_LEVEL, _LATER = 0.75, 0.7
_LASTS = (1, 2, 3, 4)
_PENALTY = 20_000.0
"""Currency per tonne that is unmet after a loss beyond what may be."""
_OUT_OF_REACH = "manganese"
_PLAIN_SOLVES, _SECONDS = 20, 10.0
"""What all floors may take together at the most, whichever is more."""
_INSTANCE = Path(__file__).resolve().parent.parent / "instances" / "us-battery-quarterly"


def main() -> None:
    """Measure the instance, and print the ratios."""
    parser = argparse.ArgumentParser(description="Measure floors on what survives beside a plain solve.")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    instance = load(_INSTANCE)
    others = tuple(name for name in instance.market.material if name != _OUT_OF_REACH)
    _solve(Session(settings_of(instance, calm=True)), enforce(instance))  # to warm up
    plain = _solve(Session(settings_of(instance, calm=True)), enforce(instance))[0]
    session = Session(settings_of(instance, calm=True))
    hard, rows = _solve(session, _floored(instance, materials=others, hard=True))
    again = _solve(session, _floored(instance, materials=others, hard=True, min_covered=_LATER))[0]
    soft, every = _solve(Session(settings_of(instance, calm=True)), _floored(instance, penalty=_PENALTY))
    refused, said = _refuse(_floored(instance, hard=True))
    most = max(_PLAIN_SOLVES * plain, _SECONDS)
    seconds = {"plain": plain, "hard": hard, "again": again, "soft": soft, "refused": refused}
    ratios = [
        Ratio(f"hard, but for {_OUT_OF_REACH} / 20 plain solves or 10 s", hard / most, 1),
        Ratio("soft, of all / 20 plain solves or 10 s", soft / most, 1),
        Ratio("hard / a plain solve", hard / plain),
        Ratio("the same at another level, again / hard", again / hard),
        Ratio("refused, with the highest that can be / a plain solve", refused / plain),
    ]
    if options.json:
        print(json.dumps({"seconds": seconds, "ratios": [asdict(ratio) for ratio in ratios]}, indent=2))
        return
    print(f"{rows} losses and materials hard, {every} soft: " + ", ".join(f"{k} {v:.2f} s" for k, v in seconds.items()))
    print(said)
    print("\n".join(lines_of(ratios)))


def _floored(instance: Any, **fields: Any) -> EnforcedInstance:
    """Return the instance with a floor for each length of a loss."""
    plain = {"each": "country", "basis": "control", "min_covered": _LEVEL} | fields
    floors = [SurvivalFloor(name=f"lost for {lasts}", lasts=lasts, **plain) for lasts in _LASTS]
    return enforce(instance.model_copy(update={"limits": (*instance.limits, *floors)}))


def _solve(session: Session, instance: EnforcedInstance) -> tuple[float, int]:
    """Return the CPU seconds until a plan is proven and its limits are recounted, and how often floors are read."""
    start = time.process_time()
    found = session.solve(instance).account.readings
    return time.process_time() - start, sum(limit.kind == "survival_floor" for limit, _ in found)


def _refuse(instance: EnforcedInstance) -> tuple[float, str]:
    """Return the CPU seconds until it is known that there is no plan and how high each floor can be, and the latter."""
    start = time.process_time()
    try:
        Session(settings_of(instance, calm=True)).solve(instance)
    except NoPlan as none:
        said = str(explain_no_plan(none, instance)).splitlines()
        return time.process_time() - start, "\n".join(line for line in said if "highest" in line)
    return time.process_time() - start, "it has a plan after all"


if __name__ == "__main__":
    main()

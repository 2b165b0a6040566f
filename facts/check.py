"""Recompute what can be recomputed in the real instances, and flag what has grown old or cannot be.

    make facts
    python -m facts.check [--today DATE] [INSTANCE ...]

One line for each finding. It ends with 1 when a figure is not what its own row, or a table that is here, comes to; what
is only flagged may be right.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from facts.ages import check_ages, check_looks
from facts.balances import check_balances
from facts.figures import check_figures
from facts.freight import check_freight
from facts.marks import check_marks
from facts.sums import check_countries, check_owners
from optimizer.load import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from facts.findings import Finding
    from models.instance import Instance

INSTANCES = Path(__file__).resolve().parents[1] / "instances"
REAL = (
    "us-battery-2027",
    "eu-strategic-2030",
    "chips-2026",
    "us-defense-2027",
    "stockpile-2027",
    "oem-electronics",
)
"""Those that hold figures of the world; the tutorial's are invented."""
_KINDS = {"mismatch": "MISMATCH", "flag": "flag", "not checked": "not checked"}


def find_all(instance: Instance, today: datetime.date) -> list[Finding]:
    """Return all that is found in an instance, mismatches first."""
    found = [
        *check_freight(instance),
        *check_figures(instance),
        *check_owners(instance),
        *check_countries(instance),
        *check_balances(instance),
        *check_marks(instance),
        *check_ages(instance),
        *check_looks(instance, today),
    ]
    return sorted(found, key=lambda one: list(_KINDS).index(one.kind))


def format_findings(name: str, found: Sequence[Finding]) -> str:
    """Return what is found in an instance: a heading with counts, then a line each, grouped by kind."""
    counts = {kind: sum(one.kind == kind for one in found) for kind in _KINDS}
    lines = [f"{name}: {counts['mismatch']} mismatches, {counts['flag']} flags"]
    for kind, group in groupby(found, key=lambda one: one.kind):
        lines += [f"  {_KINDS[kind]} {one.about}: {one.what}" for one in group]
    return "\n".join(lines)


def main(words: Sequence[str]) -> int:
    """Check instances and print what is found; return 1 where anything is a mismatch."""
    parser = argparse.ArgumentParser(prog="python -m facts.check", description=__doc__)
    parser.add_argument("--today", type=datetime.date.fromisoformat, default=datetime.datetime.now(datetime.UTC).date())
    parser.add_argument("instances", nargs="*", type=Path, default=[INSTANCES / name for name in REAL])
    asked = parser.parse_args(words)
    failed = False
    for path in asked.instances:
        found = find_all(load(path), asked.today)
        failed |= any(one.kind == "mismatch" for one in found)
        print(format_findings(path.name, found), end="\n\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

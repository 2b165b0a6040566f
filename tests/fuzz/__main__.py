"""Try mutants of instances, changes and plans: `python -m tests.fuzz --mutants 10000 --seed 1`.

Prints what must never come, with the number of the mutant; `--only NUMBER` tries that one alone. Ends with 1 when
there was any.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.fuzz.trial import tried


def main() -> int:
    """Try what is asked for, and return the exit code."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--mutants", type=int, default=10_000, help="how many")
    asked.add_argument("--first", type=int, default=0, help="number of the first")
    asked.add_argument("--only", type=int, help="number of a single one")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    numbers = range(given.first, given.first + given.mutants)
    if given.only is not None:
        numbers = range(given.only, given.only + 1)
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        for finding in tried(numbers, given.seed, Path(scratch)):
            if finding is not None:
                found[finding.what] += 1
                sys.stdout.write(f"{finding.number} {finding.what}: {finding.said!r:.300}\n    {finding.detail}\n")
                sys.stdout.flush()
    told = ", ".join(f"{count} {what}" for what, count in found.items()) or "nothing found"
    sys.stdout.write(f"{len(numbers)} mutants of seed {given.seed}: {told}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

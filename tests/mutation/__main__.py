"""Try every mutant of every kind, and write `docs/mutation.md`: `make mutants`, some minutes.

Ends with 1 when a mutant that is not argued away in `equivalent.py` went unseen.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from models.limits import KINDS
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import SIDES, Side, mutants
from tests.mutation.trials import NOTICED, verdict

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mutation.md"

HEAD = """\
# Faults planted in limits

What a limit writes into the program (`rows`) and what it says of a plan (`recount`) are two accounts of one
thing, and the audit is worth as much as the second is independent of the first. `make mutants` plants a fault in
one place after another: a number doubled, a sign exchanged, an inequality turned round, a term or a side of a row
scaled, the last turn of a loop left out, a binary let go, a condition dropped. Each of these mutants is solved on
the case of its kind, whose optimum is worked out by hand, and as long as nobody notices on dozens of further
markets. The page is written by it; `tests/mutation` tries a sample at every run of the tests.

| column | what noticed the fault |
|---|---|
| audit | a limit does not hold, or a penalty is not what the program claims, by the recount |
| optimum | the program is too strict, costs more or has no plan: its plans are right, so no audit can refuse them |
| lp | only the golden rows in `tests/limits/lp` differ |
| reading | a wrong recount does not say that the level is used where the case binds, or contradicts itself |
| does not run | no program or no reading comes of it, or not in any time |
| equal | nothing can be noticed; argued below |
| unseen | nothing was noticed |

The tool is our own: those that are kept well run a suite of tests for each mutant, and tell that it failed but not
whether it was the audit that noticed.

A wrong program whose plan costs less than the right one and passes the audit would be told as `passed` and fail
the run.

"""


class Tried(NamedTuple):
    """A mutant of a kind, and who noticed it."""

    kind: str
    side: Side
    name: str
    verdict: str


def tried(kind: str) -> list[Tried]:
    """Return every mutant of a kind with its verdict."""
    return [
        Tried(kind, side, mutant.name, verdict(mutant, kind, side))
        for side in SIDES
        for mutant in mutants(KINDS[kind], side)
    ]


def page(found: list[Tried]) -> str:
    """Return the page: a table for the rows, one for the recounts, and what is argued away."""
    text = HEAD
    for side, title in (("rows", "In the rows"), ("recount", "In the recount")):
        third = "lp" if side == "rows" else "reading"
        text += f"## {title}\n\n| kind | mutants | audit | optimum | {third} | does not run | equal | unseen |\n"
        text += "|---|---|---|---|---|---|---|---|\n"
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for one in (one for one in found if one.side == side):
            counts[one.kind][one.verdict] += 1
            counts["all"][one.verdict] += 1
        for kind in (*KINDS, "all"):
            count = counts[kind]
            told = [count[said] for said in ("audit", "optimum", third, "broken", "equal", "unseen")]
            text += f"| {kind} | {sum(told)} | {' | '.join(map(str, told))} |\n"
        text += "\n"
    text += ARGUED
    for why in dict.fromkeys(EQUIVALENT.values()):
        text += f"- {why}:\n"
        text += "".join(f"  - `{name}`\n" for name, reason in EQUIVALENT.items() if reason == why)
    return text


ARGUED = """\
## Equal

Mutants after which every plan and every cost is what it was. What several kinds have in common is noticed with
one of them, and counts as equal with the others.

"""


def main() -> int:
    """Try all, write the page, tell what went unseen."""
    with ProcessPoolExecutor() as workers:
        found = [one for some in workers.map(tried, KINDS) for one in some]
    seen = {one.name for one in found if one.verdict in NOTICED}
    equal = seen | set(EQUIVALENT)
    found = [one._replace(verdict="equal") if one.verdict == "unseen" and one.name in equal else one for one in found]
    PAGE.write_text(page(found), encoding="utf-8")
    missed = [one for one in found if one.verdict in {"unseen", "passed"}]
    for one in missed:
        print(f"{one.verdict}: {one.kind}: {one.name}")  # noqa: T201 (a script tells what it finds)
    for name in sorted(set(EQUIVALENT) & seen):
        print(f"argued away, and noticed: {name}")  # noqa: T201
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

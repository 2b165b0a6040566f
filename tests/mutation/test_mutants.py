"""A fault planted in the rows of any limit is noticed, and one in its recount is as well.

A sample of the mutants of every kind, the same at every run: a few in `make test`, more in `make test-all`, and
`make mutants` tries them all. A mutant that is
not noticed is a fault of the limit or of the tests: mend the limit, add to `further.py` an instance that shows
it, or argue in `equivalent.toml` that there is nothing to be seen.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pytest

from models.limits import KINDS
from tests.limits.test_limits import CASES
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import SIDES, mutants
from tests.mutation.trials import NOTICED, verdict

if TYPE_CHECKING:
    from tests.mutation.mutants import Mutant, Side

FIRST = slice(0, 1)
FURTHER = slice(1, 8)
"""Mutants of each side of a kind that are tried, out of an order that is as good as random."""
MORE = pytest.mark.slow(reason="seven times as many mutants", measured=False)


def sample(kind: str, side: Side, some: slice) -> list[Mutant]:
    """Return some of the mutants that are to be noticed, by a number made of their names."""
    noticeable = [mutant for mutant in mutants(KINDS[kind], side) if mutant.name not in EQUIVALENT]
    return sorted(noticeable, key=lambda mutant: zlib.crc32(mutant.name.encode()))[some]


def noticed(mutant: Mutant, kind: str, side: Side) -> str:
    """Return who notices a mutant, with the kind or with another that has the function in common."""
    others = (other for other in CASES if other != kind and mutant in mutants(KINDS[other], side))
    verdicts = (verdict(mutant, one, side) for one in (kind, *others))
    return next((said for said in verdicts if said != "unseen"), "unseen")


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize(
    "some",
    [
        pytest.param(FIRST, id="first"),
        pytest.param(FURTHER, id="further", marks=MORE),
    ],
)
def test_a_fault_in_the_rows_or_in_the_recount_is_noticed(kind: str, some: slice) -> None:
    verdicts = {mutant.name: noticed(mutant, kind, side) for side in SIDES for mutant in sample(kind, side, some)}
    assert {name: said for name, said in verdicts.items() if said not in NOTICED} == {}


def test_what_is_argued_away_is_there() -> None:
    names = {mutant.name for kind in CASES for side in SIDES for mutant in mutants(KINDS[kind], side)}
    assert set(EQUIVALENT) <= names

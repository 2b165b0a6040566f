"""Mutants of instances, changes and plans: no traceback, no hang, no sign that moves the cursor, nothing ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fuzz.trial import tried

if TYPE_CHECKING:
    from pathlib import Path

SEED = 2026
FIRST = range(100)
FURTHER = range(100, 500)
MORE = pytest.mark.slow(reason="four times as many mutants", measured=False)


@pytest.mark.parametrize(
    "mutants",
    [
        pytest.param(FIRST, id="first"),
        pytest.param(FURTHER, id="further", marks=MORE),
    ],
)
def test_of_no_mutant_comes_what_must_never_come(mutants: range, tmp_path: Path) -> None:
    found = [finding for finding in tried(mutants, SEED, tmp_path) if finding is not None]
    assert found == [], "python -m tests.fuzz --seed 2026 --only NUMBER tries one alone"

"""Instances that the command line is called on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.command import copied, solved

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tutorial(tmp_path: Path) -> Path:
    """Return a copy of the bundled tutorial; a test may spoil it."""
    return copied("tutorial-lithium-cobalt", tmp_path)


@pytest.fixture
def plan(tutorial: Path, tmp_path: Path) -> Path:
    """Return the folder of the tutorial's plan; a test may edit it."""
    return solved(tutorial, tmp_path / "plan")

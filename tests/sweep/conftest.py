"""Sweeps of instances, as an engine runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from optimizer.base.open_runner import open_runner
from optimizer.results.solution import settings_of
from optimizer.sweep.axis import read_axis, swept_cells
from optimizer.sweep.points import points_of
from optimizer.sweep.run import Sweep

if TYPE_CHECKING:
    from models.instance import Instance


class Swept(Protocol):
    """Sweeps an instance at gap 0 in this process, or in more of them."""

    def __call__(self, instance: Instance, *texts: str, jobs: int = 1) -> Sweep:
        """Return the sweep of one axis or of two."""
        ...


@pytest.fixture
def swept() -> Swept:
    """Return what sweeps an instance."""

    def sweep(instance: Instance, *texts: str, jobs: int = 1) -> Sweep:
        axes = [read_axis(text, instance) for text in texts]
        settings = settings_of(instance, gap=0.0)
        done = Sweep(points_of(instance, axes), swept_cells(axes[0], instance), settings)
        with open_runner(jobs) as runner:
            done.run(runner)
        return done

    return sweep

"""The report of a folder: of a plan, or of several that were found together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from optimizer.folders.reported import find_reported
from optimizer.folders.shown import read_shown
from optimizer.folders.shown_stress import read_shown_stress
from optimizer.folders.shown_sweep import read_shown_sweep
from optimizer.page.report import draw_report

if TYPE_CHECKING:
    from pathlib import Path


def draw_folder(
    folder: Path, *, other: Path | None = None, sweep: Path | None = None, stress: Path | None = None
) -> str:
    """Return the report of a folder as one page of HTML, beside the plan `other` or within a `sweep` where given.

    `stress` is the folder of a stress test of the plan.

    Raises:
        InputError: when one of them cannot be read, or they do not count in the same money and mass.
    """
    found = find_reported(folder)
    around = found.sweep
    if sweep is not None:
        around = replace(read_shown_sweep(sweep), own=sweep.resolve() in found.plan.resolve().parents)
    plan = read_shown(found.plan)
    return draw_report(
        plan,
        other=None if other is None else read_shown(other),
        sweep=around,
        alternatives=found.alternatives,
        cases=found.cases,
        stress=None if stress is None else read_shown_stress(stress, plan),
    )

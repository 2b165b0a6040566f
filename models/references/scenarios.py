"""Scenarios that contradict each other, and those that nothing happens in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.tolerances import ROUNDING
from models.records.wording import format_exactly
from models.references.tables import Problem, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator


def scenario_problems(tables: Tables) -> Iterator[Problem]:
    """Yield the scenario with which probabilities are above 1 in sum, and each that has no shocks."""
    total = 0.0
    for row, scenario in tables.table("scenarios"):
        before, total = total, total + scenario.probability
        if total > 1 + ROUNDING >= before:
            there = f"with this one, probabilities are {format_exactly(round(total, 12))} in sum"
            message = f"{there}, and scenarios exclude each other; lower them to 1 in sum or less"
            yield Problem("scenarios", row, "probability", message)
    if "shocks" in tables.unread or None in tables.rows.get("shocks", ()):
        return
    begun = tables.names("shocks", "scenario")
    for row, scenario in tables.table("scenarios"):
        if scenario.scenario not in begun:
            message = f"nothing happens in {scenario.scenario!r}; add a row of it to shocks, or remove it"
            yield Problem("scenarios", row, "scenario", message)

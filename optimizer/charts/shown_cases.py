"""The cases of a what-if as charts see them: what each costs beside the plan as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class ShownCase(NamedTuple):
    """One combination of cases, or the instance as it is."""

    name: str
    status: str
    """How far it is known: proven, stopped, no plan, none found, not solved."""
    cost: float | None
    """What its plan costs [currency]; None where there is none."""
    change: float | None
    """What it costs more than the plan as it is [currency]; None of that plan itself, and where one is missing."""
    unmet: float
    """The largest share of demand that is unmet of any material, from 0 to 1."""
    unmet_of: str
    """Which materials that is about."""
    why: str
    """Why there is no plan; empty where there is one."""
    plan: str
    """Where its plan stands in the folder; empty where it has none."""


@dataclass(frozen=True)
class ShownCases:
    """Cases that are to be shown, the instance as it is first."""

    currency: str
    cases: Sequence[ShownCase]

    @property
    def drawn(self) -> ShownCase | None:
        """The case whose plan a page of all of them shows: as it is, or the cheapest; None where none has a plan."""
        first, *others = self.cases
        planned = [case for case in others if case.cost is not None and case.plan]
        if first.cost is not None and first.plan:
            return first
        return min(planned, key=lambda case: case.cost or 0.0, default=None)

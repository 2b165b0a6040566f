"""Scenarios that a plan does not look at, and what is told of those that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.instance import Instance


def find_unplanned(instance: Instance) -> Iterator[str]:
    """Yield that what may happen is not planned for."""
    market = instance.market
    if any(row.probability for row in market.scenarios) or any(row.chance for row in market.hazards):
        yield "scenarios are not planned for yet: the plan is that of the calm, in which none of them happens"

"""What a limit asks, in few words: its level with its unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.tolerances import SAME_SUM
from models.records.wording import format_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.limits import Limit


def format_level(limit: Limit, mass_unit: str, currency: str) -> str:
    """Return the level of a limit with its unit: ``35%``, ``96 600 t``, ``4 sources``, ``1 source``."""
    return limit.format_level(limit.level, mass_unit, currency)


def format_levels(
    limit: Limit, levels: Sequence[float], mass_unit: str, currency: str, alike: float = SAME_SUM
) -> list[str]:
    """Return figures of a limit that stand against each other with their unit, so that they can be told apart."""
    return format_apart(
        *levels, spell=lambda level, finer: limit.format_level(level, mass_unit, currency, finer), alike=alike
    )

"""What a limit asks, in few words: its level with its unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.wording import amount

if TYPE_CHECKING:
    from models.limits import Limit


def level_of(limit: Limit, mass_unit: str, currency: str) -> str:
    """Return the level of a limit with its unit: ``35%``, ``96 600 t``, ``4 sources``, ``1 source``."""
    if limit.UNIT == "share":
        return f"{100 * limit.level:.4g}%"
    unit = limit.unit(mass_unit, currency)
    one = limit.UNIT == "count" and limit.level == 1
    return f"{amount(limit.level)} {unit.removesuffix('s') if one else unit}"

"""What a limit costs, as data: what the least cost would fall by without it, and with its level one notch looser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.limits import Limit
    from optimizer.results.caveats import Unmet

_POINT = 0.01
"""One notch of a share: a percentage point."""
_PERCENT = 0.01
"""One notch of a quantity or of money: this part of the level."""


@dataclass(frozen=True, slots=True)
class Saving:
    """By how much the least cost would fall [currency]: at least and at most; infinite where that is not known."""

    least: float
    most: float

    @property
    def free(self) -> bool:
        """Whether it is proven that nothing would be saved."""
        return self.most == 0


FREE = Saving(0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Price:
    """What one limit costs."""

    limit: Limit
    without: Saving | None
    """Without the limit; None when the solves were stopped before it."""
    looser: Limit | None
    """The limit with its level one notch looser; None where it cannot get looser."""
    notch: Saving | None
    """With that level; None where there is none, or when the solves were stopped before it."""
    unmet: tuple[Unmet, ...] = ()
    """What the plan leaves unmet of the materials that the limit concerns."""
    unmet_without: tuple[Unmet, ...] = ()
    """The same of the plan without the limit; what a limit costs may be what a shortage costs."""


def one_notch_looser(limit: Limit) -> Limit | None:
    """Return a limit with its level one notch looser, or None where the level cannot get looser.

    A notch is one percentage point of a share, one source, or 1 % of a quantity or of money.
    """
    up = 1 if limit.SENSE == "at most" else -1
    level: float
    match limit.UNIT:
        case "share":
            level = min(1.0, max(0.0, round(limit.level + up * _POINT, 12)))
        case "count":
            level = max(0, int(limit.level) + up)
        case "quantity" | "money" | "figure":
            level = min(limit.greatest, limit.level * (1 + up * _PERCENT))
    return None if level == limit.level else limit.model_copy(update={limit.LEVEL: level})

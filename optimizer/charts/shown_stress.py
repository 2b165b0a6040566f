"""A stress test of a plan as charts see it: what each loss leaves of each material."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class ShownLoss(NamedTuple):
    """What a loss does to a material, in the best response to it."""

    loss: str
    """Who or what is lost, as it is named on the command line: ``refined:CN@control``."""
    begins: str
    """The first period of the loss."""
    lasts: float
    """Periods that it lasts."""
    material: str
    hits: bool
    """Whether it hits anything of the plan."""
    covered: float | None
    """Part of demand that is met, from 0 to 1; None where no answer was found."""
    planned: float
    """The same in the plan."""
    survives: float | None
    """Periods in which all can be met; None = to the end of the horizon."""
    recovers: float | None
    """Periods until all is met again; None = not within the horizon."""
    extra_cost: float | None
    """What the response costs beyond the plan [currency]."""


@dataclass(frozen=True)
class ShownStress:
    """A stress test that is to be shown."""

    currency: str
    losses: Sequence[ShownLoss]
    """One for each loss and material, the worst loss first."""

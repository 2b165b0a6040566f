"""What a plan is tested against, and what is left of it then, as plain records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.market.losses import Basis, Loss
    from optimizer.results.account import Account
    from optimizer.results.risk_profile import RiskProfile


@dataclass(frozen=True, slots=True)
class MaterialLost:
    """What a loss does to one material, in the best response to it."""

    material: str
    covered: float
    """Share of demand that is met, from the beginning of the loss to its end plus the longest lead time."""
    planned: float
    """The same in the plan, without the loss."""
    unmet: tuple[tuple[str, float], ...] = ()
    """Units unmet, by period in which any are, from the beginning of the loss to the end of the horizon."""
    survives: int | None = None
    """Periods from the beginning in which all can be met that the plan meets; None = to the end of the horizon."""
    recovers: int | None = 0
    """Periods from the beginning until all is met again that the plan meets; None = not within the horizon."""
    extra_cost: float = 0.0
    """Currency beyond the plan from the beginning of the loss on, shortage at its stated cost included."""
    shortage_cost: float = 0.0
    """The part of it that is shortage [currency]."""
    written_off: float = 0.0
    """Units that arrive and cannot be used, of the goods that were under way."""
    missing: float = 0.0
    """Units of closing stock below its minimum."""


@dataclass(frozen=True, slots=True)
class TestedLoss:
    """A loss, and the best response to it."""

    loss: Loss
    hits: bool
    """Whether it hits anything of the plan; where not, the plan goes on as it is."""
    materials: tuple[MaterialLost, ...]
    """In the order of the materials."""
    sure: bool = True
    """Whether the solver found the best response; where not, nothing is known of what it hits."""

    @property
    def worst(self) -> MaterialLost:
        """The material of which least is covered."""
        return min(self.materials, key=lambda one: (one.covered, one.material))

    @property
    def extra_cost(self) -> float:
        """Currency beyond the plan, of all materials."""
        return sum(one.extra_cost for one in self.materials)


class Undisclosed(NamedTuple):
    """What passes a stage and is attributed to nobody, so that no loss takes it."""

    material: str
    stage: str
    basis: Basis
    share: float
    """Of all that passes the stage over the horizon."""


@dataclass(frozen=True, eq=False)
class Stress:
    """A plan tested against losses."""

    instance: EnforcedInstance
    account: Account
    tested: tuple[TestedLoss, ...]
    """The worst first."""
    at_short_notice: bool
    """Whether anything says what suppliers give at short notice; else stock and what was planned count alone."""
    undisclosed: tuple[Undisclosed, ...] = ()
    """By material and stage, of the bases by which countries are lost."""
    horizon_ends: tuple[str, ...] = ()
    """Materials of which goods ordered after some loss arrive after the horizon, so that what is told ends with it."""
    unit_replacement_costs: dict[str, float] = field(default_factory=dict)
    """Currency per unit of closing stock that is missing, by material of which any may be."""
    scenarios: RiskProfile | None = None
    """What the plan does in scenarios of its instance; None where none were asked for."""
    free_of_charge: bool = False
    """Whether calls cost no more than what was planned, and nothing is owed for what is not taken, of some offer."""

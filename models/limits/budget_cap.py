r"""At most an amount of money may be spent.

Words: the plan may cost no more than 2 400 million; or: freight no more than 40 million.

Mathematics, over the named costs C in scope:

    sum_{c in C} cost_c  <=  level

Penalties of soft limits are no spending and never count.

>>> BudgetCap(name="freight", costs=["freight"], max_cost=40e6, hard=True).level
40000000.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from models.algebra.expressions import Sum
from models.limits.contract.limit import Key, Limit, Reading, Row
from models.records.fields import Room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market.exposure import Ledger

CostName = Literal[
    "purchases", "processing", "freight", "duty", "fixed", "opening", "reservation", "switching", "holding", "shortage"
]


class BudgetCap(Limit):
    """At most `max_cost` is spent."""

    LEVEL: ClassVar[str] = "max_cost"
    UNIT: ClassVar[Literal["money"]] = "money"
    SENSE: ClassVar[Literal["at most"]] = "at most"

    kind: Literal["budget_cap"] = "budget_cap"
    max_cost: Room
    """Currency over the whole horizon."""
    costs: tuple[CostName, ...] | None = Field(default=None, min_length=1)
    """Costs that count; absent = all of them."""

    @property
    def about(self) -> str:
        """The costs that count: ``freight``."""
        return ", ".join(self.costs or ("all costs",))

    @property
    def holds_with_less(self) -> bool:
        """Yes: it counts money."""
        return True

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``spent <= level``, in currency."""
        yield Row(Key(), Sum(*((1, terms) for name, terms in m.costs.items() if self._counts(name))), here.level)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield what a plan spends."""
        spent = 0.0
        for name, cost in plan.costs.items():
            if self._counts(name):
                spent += cost
        yield Reading(Key(), spent, self.max_cost, max(0.0, spent - self.max_cost))

    def _counts(self, cost: str) -> bool:
        return cost != "penalty" and (self.costs is None or cost in self.costs)

"""costs.csv: what a plan costs, by name of cost and material."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from models.market.costs import COSTS as NAMES
from optimizer.tables.table import COMPARED, CURRENCY, KEY, READ, Row, Table, Units, Words, of_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.results.account import Account


@dataclass(frozen=True, slots=True)
class Cost(Row):
    """A cost of a material."""

    cost: Annotated[str, Words(NAMES), KEY]
    """Name of the cost."""
    material: Annotated[str, KEY]
    """Material that bears it; empty where none does."""
    amount: Annotated[float, CURRENCY, READ, COMPARED]
    """What it comes to, over the horizon."""


def list_costs(account: Account, _: Units) -> Iterator[Cost]:
    """Yield what is paid, in the order of the names of costs, then by material."""
    amounts = dict(account.costs_by_material)
    if account.penalty:
        amounts["penalty", ""] = account.penalty
    for name, material in sorted(amounts, key=lambda key: (NAMES.index(key[0]), key[1])):
        yield Cost(cost=name, material=material, amount=amounts[name, material])


COSTS = Table("costs", Cost, of_account(list_costs), key="costs_by_material")

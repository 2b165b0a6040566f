"""The tables of a plan, tidy: one fact a row, each declared in one file of its own (`optimizer.tables.table`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optimizer.tables.contracts import CONTRACTS
from optimizer.tables.costs import COSTS
from optimizer.tables.exposure import EXPOSURE
from optimizer.tables.limits import LIMITS
from optimizer.tables.purchases import PURCHASES
from optimizer.tables.stock import STOCK
from optimizer.tables.table import COMPARED, Units

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.results.account import Account

__all__ = [
    "COMPARED_TABLES",
    "CONTRACTS",
    "COSTS",
    "EXPOSURE",
    "LIMITS",
    "PLAN_TABLES",
    "PURCHASES",
    "STOCK",
    "plan_rows",
    "units_of",
]

PLAN_TABLES = (PURCHASES, CONTRACTS, EXPOSURE, LIMITS, COSTS, STOCK)
COMPARED_TABLES = tuple(table for table in PLAN_TABLES if table.names(COMPARED))
"""Those that a comparison of plans looks at; the others follow from them."""


def units_of(instance: Instance) -> Units:
    """Return what an instance counts in."""
    return Units(instance.mass_unit, instance.currency)


def plan_rows(instance: Instance, account: Account) -> dict[str, list[dict[str, Any]]]:
    """Return every table of a plan as rows of plain data: columns without their units, what is empty as None.

    The table of costs is called `costs_by_material`, as a summary calls the sums `costs`.
    """
    units = units_of(instance)
    return {
        table.key_in_data: [
            {name.replace(" ", "_"): cell for name, cell in row.items()} for row in table.cells(account, units)
        ]
        for table in PLAN_TABLES
    }

"""The tables of a plan, tidy: one fact a row, each declared in one file of its own (`optimizer.tables.table`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.records.wording import list_some
from optimizer.tables.attribution import ATTRIBUTION
from optimizer.tables.content import CONTENT
from optimizer.tables.contracts import CONTRACTS
from optimizer.tables.costs import COSTS
from optimizer.tables.exposure import EXPOSURE
from optimizer.tables.limits import LIMITS
from optimizer.tables.orders import ORDERS
from optimizer.tables.prices import PRICES
from optimizer.tables.purchases import PURCHASES
from optimizer.tables.scenarios import REGRET, RESPONSES, RISK
from optimizer.tables.sources import SOURCES
from optimizer.tables.stock import STOCK
from optimizer.tables.table import COMPARED, Units
from optimizer.tables.under_way import UNDER_WAY

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.instance import Instance
    from optimizer.tables.table import PlannedInstance, Table

__all__ = [
    "ATTRIBUTION",
    "COMPARED_TABLES",
    "CONTENT",
    "CONTRACTS",
    "COSTS",
    "EXPOSURE",
    "LIMITS",
    "ORDERS",
    "PLAN_TABLES",
    "PRICES",
    "PURCHASES",
    "REGRET",
    "RESPONSES",
    "RISK",
    "SOURCES",
    "STOCK",
    "UNDER_WAY",
    "describe_missing",
    "plan_rows",
    "tables_of",
    "units_of",
]

PLAN_TABLES = (
    PURCHASES,
    CONTRACTS,
    EXPOSURE,
    LIMITS,
    COSTS,
    STOCK,
    ATTRIBUTION,
    SOURCES,
    CONTENT,
    ORDERS,
    UNDER_WAY,
    PRICES,
    RISK,
    RESPONSES,
    REGRET,
)
COMPARED_TABLES = tuple(table for table in PLAN_TABLES if table.names(COMPARED))
"""Those that a comparison of plans looks at; the others follow from them."""


def units_of(instance: Instance) -> Units:
    """Return what an instance counts in."""
    return Units(instance.mass_unit, instance.currency)


def tables_of(planned: PlannedInstance) -> tuple[Table[PlannedInstance], ...]:
    """Return the tables that a plan has: without prices where nobody asked for them, say."""
    return tuple(table for table in PLAN_TABLES if table.is_there(planned))


def describe_missing(there: Collection[str]) -> str:
    """Say which of the tables that every plan has today are not `there`, and where they come from; nothing if all are.

    >>> describe_missing({table.name for table in PLAN_TABLES} - {"sources", "prices"})
    'sources.csv is missing; lodeplan solve -o writes it anew'
    """
    lacking = [f"{table.name}.csv" for table in PLAN_TABLES if table.name not in there and not table.is_optional]
    are, them = ("is", "it") if len(lacking) == 1 else ("are", "them")
    return f"{list_some(lacking)} {are} missing; lodeplan solve -o writes {them} anew" if lacking else ""


def plan_rows(planned: PlannedInstance) -> dict[str, list[dict[str, Any]] | None]:
    """Return every table of a plan as rows of plain data: columns without their units, what is empty as None.

    The table of costs is called `costs_by_material`, as a summary calls the sums `costs`. A table that the plan
    does not have is None.
    """
    units, there = units_of(planned.instance), tables_of(planned)
    return {
        table.key_in_data: [
            {name.replace(" ", "_"): cell for name, cell in row.items()} for row in table.cells(planned, units)
        ]
        if table in there
        else None
        for table in PLAN_TABLES
    }

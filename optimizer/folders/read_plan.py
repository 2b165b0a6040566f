"""Read a plan back from its folder, also one that was edited by hand in a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optimizer.errors import InputError
from optimizer.folders.plan_folder import PlanFolder
from optimizer.results.plan import Plan
from optimizer.tables import CONTRACTS, COSTS, PURCHASES, STOCK, units_of
from optimizer.tables.table import READ

if TYPE_CHECKING:
    from pathlib import Path

    from models.enforcement import EnforcedInstance


@dataclass(frozen=True)
class StatedPlan:
    """A plan as its files state it."""

    plan: Plan
    claimed: dict[str, float]
    """Currency by name of cost, as costs.csv says."""
    same_instance: bool
    """Whether the instance is, record for record, the one that the plan was made for."""


def read_plan(folder: Path, instance: EnforcedInstance) -> StatedPlan:
    """Return the plan in a folder.

    Raises:
        InputError: with one line for everything that cannot be read.
    """
    files = PlanFolder(folder, units=units_of(instance))
    read = (PURCHASES, CONTRACTS, STOCK, COSTS)
    purchases, contracts, stock, costs = (files.table(table, table.names(READ)) for table in read)
    flow = {(o, d, p): files.number(cells, "quantity") for (o, d, p), cells in purchases.items()}
    signed = {offer: files.flag(cells, "signed") for (offer,), cells in contracts.items()}
    reserving = {offer: cells for (offer,), cells in contracts.items() if cells.texts.get("reserved", "").strip()}
    reserved = {offer: files.number(cells, "reserved") for offer, cells in reserving.items()}
    unmet = {(s, m, p): files.number(cells, "unmet") for (s, m, p), cells in stock.items()}
    closing = {(s, m, p): files.number(cells, "closing") for (s, m, p), cells in stock.items()}
    claimed: dict[str, float] = {}
    for (name, _), cells in costs.items():
        claimed[name] = claimed.get(name, 0.0) + files.number(cells, "amount")
    made_for = files.summary().get("digest")
    if files.problems:
        raise InputError(files.problems)
    plan = Plan(
        flow=flow,
        signed=signed,
        unmet={node: units for node, units in unmet.items() if units},
        stock={node: units for node, units in closing.items() if units},
        reserved={offer: units for offer, units in reserved.items() if units},
    )
    return StatedPlan(plan, claimed, made_for in instance.digests)

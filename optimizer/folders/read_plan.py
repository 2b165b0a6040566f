"""Read a plan back from its folder, also one that was edited by hand in a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optimizer.errors import InputError
from optimizer.folders.plan_folder import PlanFolder
from optimizer.plan import Plan

if TYPE_CHECKING:
    from pathlib import Path

    from models.enforcement import EnforcedInstance

# Of each table: the columns that name a row, and those that a plan is read from. The others follow
# from these and are worked out anew.
_KEYS = {
    "purchases": ("offer", "destination", "period"),
    "contracts": ("offer",),
    "stock": ("site", "material", "period"),
    "costs": ("cost", "material"),
}
_VALUES = {"purchases": ("quantity",), "contracts": ("signed",), "stock": ("unmet", "closing"), "costs": ("amount",)}


@dataclass(frozen=True)
class Read:
    """A plan as its files state it."""

    plan: Plan
    claimed: dict[str, float]
    """Currency by name of cost, as costs.csv says."""
    same_instance: bool
    """Whether the instance is, record for record, the one that the plan was made for."""


def read_plan(folder: Path, instance: EnforcedInstance) -> Read:
    """Return the plan in a folder.

    Raises:
        InputError: with one line for everything that cannot be read.
    """
    files = PlanFolder(folder, (instance.mass_unit, instance.currency))
    purchases, contracts, stock, costs = (files.table(name, _KEYS[name], _VALUES[name]) for name in _KEYS)
    flow = {(o, d, p): files.number("purchases", cells, "quantity") for (o, d, p), cells in purchases.items()}
    signed = {offer: files.flag("contracts", cells, "signed") for (offer,), cells in contracts.items()}
    unmet = {(s, m, p): files.number("stock", cells, "unmet") for (s, m, p), cells in stock.items()}
    closing = {(s, m, p): files.number("stock", cells, "closing") for (s, m, p), cells in stock.items()}
    claimed: dict[str, float] = {}
    for (name, _), cells in costs.items():
        claimed[name] = claimed.get(name, 0.0) + files.number("costs", cells, "amount")
    made_for = files.summary().get("digest")
    if files.problems:
        raise InputError(files.problems)
    plan = Plan(
        flow=flow,
        signed=signed,
        unmet={node: units for node, units in unmet.items() if units},
        stock={node: units for node, units in closing.items() if units},
    )
    return Read(plan, claimed, made_for == instance.digest)

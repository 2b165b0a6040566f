"""Goods that are on their way to a site when the horizon begins."""

from __future__ import annotations

from typing import ClassVar

from models.market.tables.record import Record
from models.records.fields import Name, Quantity


class UnderWay(Record):
    """What was bought before the horizon and arrives within it, paid for: as opening stock that comes later.

    It is no purchase of a plan, so it has no cost and counts in no share; no scenario keeps it from arriving.
    """

    KEY = ("site", "material", "period")
    ONE = "row of under_way"
    REFERS: ClassVar = {"site": "sites", "material": "materials", "period": "periods", "basis": "bases"}
    PART = ("material",)
    AMOUNTS = ("quantity",)

    site: Name
    material: Name
    period: Name
    """In which it arrives."""
    quantity: Quantity
    """Units of the material's last stage."""
    basis: Name | None = None

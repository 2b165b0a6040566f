"""Goods that are on their way to a site or a processor when the horizon begins."""

from __future__ import annotations

from typing import ClassVar

from models.market.tables.record import Record
from models.records.fields import Name, Quantity


class UnderWay(Record):
    """What was bought before the horizon and arrives within it, paid for: at a site as opening stock that comes later.

    It is no purchase of a plan, so it has no cost and counts in no share; no scenario keeps it from arriving. What a
    processor makes of it is bought of the processor.
    """

    KEY = ("destination", "material", "period")
    ONE = "row of under_way"
    REFERS: ClassVar = {
        "destination": "offers and sites",
        "material": "materials",
        "period": "periods",
        "basis": "bases",
    }
    PART = ("material",)
    AMOUNTS = ("quantity",)

    destination: Name
    """A site, or an offer with a yield: a processor that takes it as feed."""
    material: Name
    period: Name
    """In which it arrives."""
    quantity: Quantity
    """Units of the material's last stage at a site, and of the stage before its own at a processor."""
    basis: Name | None = None

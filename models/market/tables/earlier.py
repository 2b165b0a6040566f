"""What an earlier plan bought."""

from __future__ import annotations

from typing import ClassVar

from models.market.tables.record import Record
from models.records.fields import Name, Quantity


class Earlier(Record):
    """What an earlier plan bought of an offer within a period; a `lock` holds all or part of it."""

    KEY = ("offer", "period")
    REFERS: ClassVar = {"offer": "offers", "period": "periods"}
    PART = ("offer",)

    offer: Name
    period: Name
    quantity: Quantity
    """Units in the period (not per year), in the material's own basis, over all destinations."""

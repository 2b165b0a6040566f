"""Commitments: what is agreed already."""

from __future__ import annotations

from typing import ClassVar

from models.market.tables.record import Record
from models.records.fields import Name, Positive


class Commitment(Record):
    """What is bought of an offer in any case, because it is agreed already; it counts in shares as every purchase."""

    KEY = ("offer", "period")
    ONE = "commitment"
    REFERS: ClassVar = {"offer": "offers", "period": "periods", "basis": "bases"}
    PART = ("offer",)
    AMOUNTS = ("quantity",)

    offer: Name
    period: Name
    quantity: Positive
    """Units in the period (not per year) at least."""
    basis: Name | None = None
    """The [basis](units.md) of the quantity, when it is not that of the offer."""

"""Rates of exchange."""

from __future__ import annotations

from typing import ClassVar

from models.market.tables.record import Record
from models.records.fields import Day, Name, Positive


class Rate(Record):
    """What a unit of another currency is worth, until a later row of the same currency."""

    KEY = ("currency", "from_date")
    ONE = "rate"
    NAMES: ClassVar = {"currency": "currencies"}
    PART = ("currency",)

    currency: Name
    rate: Positive
    """Units of the currency of the instance for one of this: 1.08 for a euro in dollars."""
    from_date: Day | None = None
    """The first day on which it holds; empty = it always did. Within a period rates count for their days."""

"""Price tiers of offers."""

from __future__ import annotations

from typing import ClassVar, Literal

from models.market.tables.record import Record
from models.records.fields import Name, Number, Positive


class Tier(Record):
    """A price that holds from a quantity on, within one period or year; below the first, the offer's price."""

    KEY = ("offer", "from_quantity")
    ONE = "tier"
    REFERS: ClassVar = {"offer": "offers", "currency": "currencies"}
    PART = ("offer",)
    AMOUNTS = ("from_quantity",)
    UNIT_PRICES = ("price",)

    offer: Name
    from_quantity: Positive
    """Units per year; at the step itself the lower of the two prices holds."""
    price: Number
    kind: Literal["incremental", "all-units"]
    """Incremental: the price of further units. All-units: the price of every unit."""
    per: Literal["period", "year"] = "period"
    """year: quantities count over each [calendar year](instance.md#tiers-over-a-year), and not period by period."""
    currency: Name | None = None
    """The currency of the price, which is that of the offer; empty says the same."""

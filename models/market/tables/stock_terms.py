"""Terms of stock that differ in a period."""

from __future__ import annotations

from typing import ClassVar

from models.market.tables.record import Record
from models.records.fields import Name, Quantity


class StockTerms(Record):
    """What it costs to keep a material at a site in one period where that differs."""

    KEY = ("site", "material", "period")
    ONE = "row of stock_terms"
    REFERS: ClassVar = {"site": "sites", "material": "materials", "period": "periods"}
    PART = ("material",)

    site: Name
    material: Name
    """With the site: a stock that stands in `stock`."""
    period: Name
    holding_cost: Quantity
    """Currency per unit that lies there for a year, counted at the end of the period."""

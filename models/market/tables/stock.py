"""Room for materials at sites."""

from __future__ import annotations

from typing import ClassVar

from models.market.tables.record import Record
from models.records.fields import Name, Quantity, Room


class Stock(Record):
    """Room for a material at a site."""

    KEY = ("site", "material")
    REFERS: ClassVar = {"site": "sites", "material": "materials"}
    PART = ("material",)

    site: Name
    material: Name
    opening: Quantity = 0.0
    closing_minimum: Quantity = 0.0
    capacity: Room
    """Units that fit."""
    holding_cost: Quantity = 0.0
    """Currency per unit that lies there for a year, counted at the end of each period."""

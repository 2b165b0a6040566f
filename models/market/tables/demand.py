"""Sites, and what they need."""

from __future__ import annotations

from typing import ClassVar

from models.market.tables.record import Record
from models.records.fields import Country, Name, Quantity


class Site(Record):
    """A place where demand sits."""

    KEY = ("site",)
    ONE = "site"
    NAMES: ClassVar = {"site": "sites"}
    SORTED = False

    site: Name
    country: Country


class Demand(Record):
    """What a site needs of a material's last stage within one period."""

    KEY = ("site", "material", "period")
    REFERS: ClassVar = {"site": "sites", "material": "materials", "period": "periods", "basis": "bases"}
    PART = ("material",)
    AMOUNTS = ("quantity", "of_products")
    UNIT_PRICES = ("shortage_cost",)

    site: Name
    material: Name
    period: Name
    quantity: Quantity
    """Units in the period (not per year)."""
    shortage_cost: Quantity | None = None
    """Currency per unit of this demand left unmet; empty = as its material says."""
    of_products: Quantity | None = None
    """How much of the quantity [products](instance.md#products) need: written by the program, as it adds that to the
    quantity; leave it empty."""
    basis: Name | None = None
    """The [basis](units.md) of the quantity, when it is not the material's: ``lb Co``."""

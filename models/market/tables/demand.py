"""Sites, and what they need."""

from __future__ import annotations

from models.market.tables.record import Record
from models.records.fields import Country, Name, Quantity


class Site(Record):
    """A place where demand sits."""

    KEY = ("site",)
    site: Name
    country: Country


class Demand(Record):
    """What a site needs of a material's last stage within one period."""

    KEY = ("site", "material", "period")
    site: Name
    material: Name
    period: Name
    quantity: Quantity
    """Units in the period (not per year)."""
    basis: Name | None = None

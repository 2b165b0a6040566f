"""What is known of countries."""

from __future__ import annotations

from models.market.tables.record import Record
from models.records.fields import Country, Quantity


class CountryRisk(Record):
    """How likely it is that supply from a country is disturbed.

    A country without a row has the risk of the reference data.
    """

    KEY = ("country",)
    ONE = "country"

    country: Country
    risk: Quantity
    """By which the square of the country's share counts, such as a governance indicator turned into 0 to 10."""

"""The steps of the planning horizon, which stand in the header."""

from __future__ import annotations

from models.market.tables.record import Record
from models.records.fields import Name, Years


class Period(Record):
    """One step of the planning horizon, in order."""

    KEY = ("name",)

    name: Name
    years: Years
    """Length in years; figures stated per year are multiplied by it."""

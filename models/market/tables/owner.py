"""Owners of companies and of offers."""

from __future__ import annotations

from typing import ClassVar

from models.market.tables.record import Record
from models.records.fields import Country, Name, Share


class Owner(Record):
    """A country's equity share in a company, or in one offer when it differs."""

    KEY = ("company", "offer", "country")
    ONE = "owner"
    REFERS: ClassVar = {"offer": "offers", "company": "companies"}
    PART = ("offer", "company")

    company: Name | None = None
    offer: Name | None = None
    country: Country
    share: Share

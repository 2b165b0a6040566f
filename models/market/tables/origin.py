"""Declared origins of offers."""

from __future__ import annotations

from typing import ClassVar

from models.market.tables.record import Record
from models.records.fields import Country, Name, Share


class Origin(Record):
    """Declared origin, at an earlier stage, of an offer that is bought without a feed of ours."""

    KEY = ("offer", "stage", "country", "owner")
    ONE = "origin"
    REFERS: ClassVar = {"offer": "offers", "stage": "stages"}
    PART = ("offer",)

    offer: Name
    stage: Name
    country: Country
    owner: Country | None = None
    """The country that controls this part of the origin; empty = undisclosed."""
    share: Share | None = None
    """Share of the offer; empty = not stated: no more than what the stated shares of the stage leave over."""

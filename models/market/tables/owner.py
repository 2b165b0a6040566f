"""Owners of companies and of offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from models.market.tables.record import Record
from models.records.fields import Country, Name, Share

if TYPE_CHECKING:
    from collections.abc import Iterator


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

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield that the row is nobody's, or two's."""
        if (self.company is None) == (self.offer is None):
            yield "company", "a row speaks of a company or of one offer; fill in exactly one of the two columns"

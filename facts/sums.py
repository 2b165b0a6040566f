"""What must add up, or follow from a table that is here: shares of owners, and risks of countries."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from facts.findings import Finding
from models.data import governance_risks
from models.records.countries import UNDISCLOSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.instance import Instance
    from models.market import Owner

_ADMITTED = "undisclosed"
"""What the note of an owner says where the shares of a company are not all known."""
_WHOLE = 1e-6


def check_owners(instance: Instance) -> Iterator[Finding]:
    """Yield companies and offers whose owners do not add up to 1 and do not say that a rest is undisclosed."""
    rows: dict[str, list[Owner]] = defaultdict(list)
    for owner in instance.market.owners:
        rows[owner.offer or owner.company or ""].append(owner)
    for name, owners in sorted(rows.items()):
        total = sum(owner.share for owner in owners)
        admitted = any(_ADMITTED in (owner.note or "") for owner in owners)
        if abs(total - 1) > _WHOLE and not admitted:
            yield Finding("mismatch", "owners", f"{name}: shares add up to {total:g}, and no note says what is missing")
        elif admitted and abs(total - 1) <= _WHOLE:
            yield Finding("flag", "owners", f"{name}: shares add up to 1, and a note says that a rest is undisclosed")


def check_countries(instance: Instance) -> Iterator[Finding]:
    """Yield countries that an instance names and that have no risk, and a stated risk that is another."""
    market, known = instance.market, governance_risks()
    named = {offer.country for offer in market.offers} | {owner.country for owner in market.owners}
    named |= {country for origin in market.origins for country in (origin.country, origin.owner) if country}
    for country in sorted(named - {UNDISCLOSED} - market.risk.keys()):
        yield Finding("mismatch", "countries", f"{country} has no risk, and the reference data know none")
    for row in market.countries:
        if row.country not in named:
            yield Finding("flag", "countries", f"{row.country} is named by no offer, owner or origin")
        elif row.country not in known:
            yield Finding("not checked", "countries", f"{row.country}: the reference data know no risk")
        elif known[row.country] != row.risk:
            said = f"{row.risk:g} is stated, and {known[row.country]:g} follows from the governance indicators"
            yield Finding("mismatch", "countries", f"{row.country}: {said}")

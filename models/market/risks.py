"""The governance risk of countries for which an instance states none: that of the reference data, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.data import AS_ANOTHER, Governance, Source, governance_risks, read_rows
from models.market.tables.country import CountryRisk
from models.records.countries import UNDISCLOSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market.market import Market


def list_missing_risks(market: Market) -> Iterator[CountryRisk]:
    """Yield the risk of each country that an offer, owner or origin names and the table `countries` leaves out.

    What the reference data do not know is left out too, and what nobody declared has no risk but a stated one.
    """
    named = {offer.country for offer in market.offers} | {owner.country for owner in market.owners}
    named |= {country for origin in market.origins for country in (origin.country, origin.owner) if country}
    for country in sorted(named - {row.country for row in market.countries} - {UNDISCLOSED}):
        if country in governance_risks():
            yield risk_row(country)


def risk_row(country: str) -> CountryRisk:
    """Return the risk of a country as a row of the table `countries`; raises KeyError where none is known.

    >>> risk_row("CN").risk, risk_row("CN").note
    (5.667, '(2.5 + 0.3333) x 2, mean of the six estimates')
    """
    whose = AS_ANOTHER.get(country, country)
    found = next(row for row in read_rows(Governance) if row.country == whose)
    source = next(row for row in read_rows(Source) if row.source == found.source)
    worked = f"(2.5 - {found.estimate:g}) x 2" if found.estimate >= 0 else f"(2.5 + {-found.estimate:g}) x 2"
    how = "mean of the six estimates" if whose == country else f"as {whose}: the indicators leave it out"
    return CountryRisk(
        country=country,
        risk=governance_risks()[country],
        note=f"{worked}, {how}",
        source=f"{source.title} ({source.publisher}; {source.licence}), as it comes with Lodeplan",
        year=found.year,
        quality="derived" if whose == country else "assumed",
    )

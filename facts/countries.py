"""Write the table `countries` of an instance: the risk of every country in it, from the World Bank's indicators.

    python -m facts.countries instances/us-battery-2027

Say it again when an offer, an owner or an origin of another country comes in; `make facts` tells when one is missing.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from models.data import AS_ANOTHER, Governance, read_rows, risk_of

NAMED_IN = {"offers": ("country",), "owners": ("country",), "origins": ("country", "owner")}
"""The columns that name a country to which a purchase may be attributed, by table."""
UNDISCLOSED = "ZZ"
SOURCE = "World Bank WGI, 2023 Update (CC BY 4.0)"
HEADING = ("country", "risk", "note", "source", "year", "quality")


def read_estimates() -> dict[str, tuple[float, int]]:
    """Return the mean of the six estimates, from about -2.5 to 2.5, and its year, by country."""
    return {row.country: (row.estimate, row.year) for row in read_rows(Governance)}


def countries_in(instance: Path) -> list[str]:
    """Return the countries that an instance's offers, owners and origins name, in the order of the alphabet."""
    found: set[str] = set()
    for table, columns in NAMED_IN.items():
        path = instance / f"{table}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                found |= {row.get(column) or "" for row in csv.DictReader(file) for column in columns}
    return sorted(found - {"", UNDISCLOSED})


def row_of(country: str, estimates: dict[str, tuple[float, int]]) -> tuple[str, float, str, str, int, str]:
    """Return the row of a country; raises KeyError where no figure is known."""
    whose = AS_ANOTHER.get(country, country)
    estimate, year = estimates[whose]
    worked = f"(2.5 - {estimate:g}) x 2" if estimate >= 0 else f"(2.5 + {-estimate:g}) x 2"
    if whose != country:
        return country, risk_of(estimate), f"{worked}, as {whose}: the indicators leave it out", SOURCE, year, "assumed"
    return country, risk_of(estimate), f"{worked}, mean of the six estimates", SOURCE, year, "derived"


def write(instance: Path) -> None:
    """Write the table of an instance."""
    estimates = read_estimates()
    rows = [row_of(country, estimates) for country in countries_in(instance)]
    with (instance / "countries.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADING, *rows])


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write(Path(name))

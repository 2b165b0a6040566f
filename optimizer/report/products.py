"""What is in each product of a plan, as text: on which countries it hangs over the whole horizon."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.records.countries import UNDISCLOSED
from optimizer.report.layout import blank_repeats, format_table
from optimizer.tables import units_of
from optimizer.tables.content import list_content

if TYPE_CHECKING:
    from optimizer.results.solution import Solution

_SHOWN = 3
"""Countries of a product at a stage that are shown, beside what nobody declared."""
_SMALL = 0.005
"""Shares below this, by place and by control, are not shown."""
_BASES = ("place", "control")
_TITLE = (
    "What is in each product, by mass over all periods: the largest countries\n"
    "(ZZ = undisclosed; through = by which material most; content.csv has all of it)"
)


def format_products(solution: Solution) -> str:
    """Return on whom each product hangs at each stage, the largest first; nothing where there are no products."""
    found: dict[tuple[str, str], dict[str, dict[tuple[str, str], float]]] = defaultdict(lambda: defaultdict(dict))
    for row in list_content(solution.account, units_of(solution.instance)):
        by_basis = found[row.product, row.stage][row.country]
        key = row.basis, row.material
        by_basis[key] = by_basis.get(key, 0.0) + row.quantity
    if not found:
        return ""
    rows = []
    for (product, stage), countries in found.items():
        whole = sum(units for held in countries.values() for (basis, _), units in held.items() if basis == _BASES[0])
        shares = {
            country: [sum(units for (basis, _), units in held.items() if basis == one) / whole for one in _BASES]
            for country, held in countries.items()
        }
        order = sorted(shares, key=lambda country: (-max(shares[country]), country))
        shown = [country for country in order if country != UNDISCLOSED][:_SHOWN]
        for country in order:
            if country in {*shown, UNDISCLOSED} and max(shares[country]) >= _SMALL:
                (_, through), _ = max(countries[country].items(), key=lambda one: one[1])
                rows.append([product, stage, country, *(f"{share:.1%}" for share in shares[country]), through])
    table = format_table(["product", "stage", "country", *_BASES, "through"], blank_repeats(rows), left=3)
    return f"{_TITLE}\n{table}"

"""What is in each product of a plan, as text: on which countries it hangs over the whole horizon."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.market.products import made_of
from models.records.countries import UNDISCLOSED
from optimizer.report.layout import blank_repeats, format_table
from optimizer.tables import units_of
from optimizer.tables.content import list_content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Market
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
_NOBODY = "not bought"
"""What stands for a country where a part of a product comes out of a stock or stays unmet."""

_Held = dict[tuple[str, str], float]
"""Quantities in a product by basis and material."""
_Countries = dict[str, _Held]
"""The same by country."""


def format_products(solution: Solution) -> str:
    """Return on whom each product hangs at each stage, the largest first; nothing where there are no products."""
    found: dict[tuple[str, str], _Countries] = defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
    for row in list_content(solution.account, units_of(solution.instance)):
        found[row.product, row.stage][row.country][row.basis, row.material] += row.quantity
    if not found:
        return ""
    content, rows = _content(solution.account.market), []
    for (product, stage), countries in found.items():
        whole = sum(content[product].values())
        shares = {country: [_part(held, basis) / whole for basis in _BASES] for country, held in countries.items()}
        order = sorted(shares, key=lambda country: (-max(shares[country]), country))
        shown = [country for country in order if country != UNDISCLOSED][:_SHOWN]
        for country in order:
            if country in {*shown, UNDISCLOSED} and max(shares[country]) >= _SMALL:
                (_, through), _ = max(countries[country].items(), key=lambda one: one[1])
                rows.append([product, stage, country, *(f"{share:.1%}" for share in shares[country]), through])
        rows += [[product, stage, *rest] for rest in _rest(content[product], countries)]
    table = format_table(["product", "stage", "country", *_BASES, "through"], blank_repeats(rows), left=3)
    return f"{_TITLE}\n{table}"


def _content(market: Market) -> dict[str, dict[str, float]]:
    """Return what all units of each product hold of each material."""
    content: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for made, row in made_of(market.products, market.bill_of_materials):
        content[made.product][row.material] += made.quantity * row.quantity
    return content


def _part(held: _Held, basis: str) -> float:
    return sum(units for (one, _), units in held.items() if one == basis)


def _rest(content: dict[str, float], countries: _Countries) -> Iterator[list[str]]:
    """Yield what of the content nobody is behind at a stage, with the material of which most is left."""
    bought: dict[str, float] = defaultdict(float)
    for held in countries.values():
        for (basis, material), units in held.items():
            bought[material] += units if basis == _BASES[0] else 0.0
    left = {material: content[material] - units for material, units in bought.items()}
    share = sum(left.values()) / sum(content.values())
    if share >= _SMALL:
        yield [_NOBODY, *[f"{share:.1%}"] * len(_BASES), max(left, key=left.__getitem__)]

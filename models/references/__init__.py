"""Cross-references of a market: every name that one row uses must be what another row states.

A record checks its own values; what only several rows together can break is checked here, each
problem named by table, row and column so that the reader of a file can point at the cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.market import TABLES
from models.references.days import calendar_problems
from models.references.names import attribute_problems, key_problems, name_problems
from models.references.offers import commitment_problems, offer_problems, term_problems, tier_problems
from models.references.products import product_problems
from models.references.rows import row_problems
from models.references.scenarios import scenario_problems
from models.references.spellings import spelling_problems
from models.references.tables import STATED, Place, Problem, Tables
from models.references.units import mass_problems, rate_problems
from models.references.ways import (
    lane_problems,
    lane_term_problems,
    origin_problems,
    share_problems,
    stock_term_problems,
    under_way_problems,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Market

__all__ = ["STATED", "Place", "Problem", "Tables", "problems", "problems_of", "spelling_problems"]


def problems(tables: Tables) -> Iterator[Problem]:
    """Yield every problem between the rows of a market, in the order of its tables."""
    yield from calendar_problems(tables)
    yield from attribute_problems(tables)
    yield from key_problems(tables)
    yield from spelling_problems(tables)
    yield from name_problems(tables)
    yield from mass_problems(tables)
    yield from rate_problems(tables)
    yield from product_problems(tables)
    yield from row_problems(tables)
    yield from offer_problems(tables)
    yield from term_problems(tables)
    yield from tier_problems(tables)
    yield from commitment_problems(tables)
    yield from share_problems(tables)
    yield from origin_problems(tables)
    yield from lane_problems(tables)
    yield from lane_term_problems(tables)
    yield from stock_term_problems(tables)
    yield from under_way_problems(tables)
    yield from scenario_problems(tables)


def problems_of(market: Market, mass_unit: str, currency: str) -> Iterator[Problem]:
    """Yield every problem between the rows of a market that was not read from a file."""
    rows = {name: getattr(market, name) for name in TABLES}
    named = {"blocs": tuple(market.blocs)}
    tables = Tables(
        rows,
        market.periods,
        market.attributes,
        scores=market.scores,
        named=named,
        start=market.start,
        as_of=market.as_of,
        mass_unit=mass_unit,
        currency=currency,
    )
    return problems(tables)

"""Small instances with scenarios, planned for at gap 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.enforcement import prepare
from models.market import PreparedMarket
from models.market.scenario import Scenario
from tests.blocks.markets import solved

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from optimizer.results.solution import Solution


def stops(asked: EnforcedInstance, who: str, probability: float, begins: int, lasts: int = 99) -> Scenario:
    """Return the scenario in which an offer stops for some periods."""
    periods = list(asked.market.years)[begins : begins + lasts]
    losses = dict.fromkeys([(who, period) for period in periods], 1.0)
    return Scenario(f"{who} from {begins} for {lasts}", probability, begins, prepare(asked), losses)


def turns(asked: EnforcedInstance, name: str, probability: float, begins: int, **tables: Any) -> Scenario:
    """Return the scenario in which some tables of a market are others."""
    market = prepare(asked).model_copy(update={table: tuple(rows) for table, rows in tables.items()})
    return Scenario(name, probability, begins, PreparedMarket(market))


def planned(asked: EnforcedInstance, *scenarios: Scenario) -> Solution:
    """Return the audited plan of an instance for some scenarios."""
    return solved(asked.foreseeing(scenarios))

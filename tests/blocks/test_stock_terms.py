"""Holding cost and shortage cost that differ by site, material and period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from models.market import Demand, Stock, StockTerms
from optimizer.audit import audit
from optimizer.notes import list_notes
from optimizer.results.assumed_costs import assumed_costs
from optimizer.results.used_rows import used_rows
from tests.blocks.markets import ORE, instance, offer, solved

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance


def need(period: str, units: float, **more: Any) -> Demand:
    return Demand(site="plant", material=ORE, period=period, quantity=units, **more)


def terms(period: str, holding_cost: float, material: str = ORE) -> StockTerms:
    return StockTerms(site="plant", material=material, period=period, holding_cost=holding_cost, quality="assumed")


def asked(*rows: StockTerms, **more: Any) -> EnforcedInstance:
    """Return three periods with all demand in the last, and an offer that is dearer by 4 in each."""
    stock = Stock(site="plant", material=ORE, capacity=500, holding_cost=1, quality="seen")
    offers = [offer(name, 10 + 4 * n, from_period=name, to_period=name) for n, name in enumerate("123")]
    return instance(offers, {"1": 0, "2": 0, "3": 50}, stock=[stock], stock_terms=list(rows), **more)


def test_a_unit_in_stock_costs_what_its_period_says() -> None:
    assert solved(asked()).account.costs == {"purchases": 500, "holding": 100}
    solution = solved(asked(terms("1", 5)))
    assert solution.account.costs == {"purchases": 700, "holding": 50}
    assert solved(asked(terms("1", 5), terms("2", 3.5))).account.costs == {"purchases": 700, "holding": 175}
    assert audit(solution.account) == []
    assert "stock_terms" not in {table for table, _ in used_rows(solution.instance.market, solution.account)}
    dear = solved(asked(terms("2", 3.5)))
    held = next(one for one in assumed_costs(dear.account) if one.cost == "holding")
    assert (held.amount, held.assumed) == (225, 175)
    assert "stock_terms" in {table for table, _ in used_rows(dear.instance.market, dear.account)}


def test_terms_of_stock_that_is_not_there_are_refused_and_such_as_say_nothing_noted() -> None:
    with pytest.raises(ValidationError, match="no stock of ore is kept at plant; add it to stock"):
        instance([offer("near", 10)], {"1": 1}, stock_terms=[terms("1", 2)])
    note = "row of stock_terms of ore at plant in 2 is as for every period"
    assert note in list_notes(asked(terms("2", 1)))


def test_demand_may_go_unmet_where_it_says_what_that_costs() -> None:
    short = [need("1", 100, shortage_cost=8), need("2", 100)]
    solution = solved(instance([offer("near", 10, 100)], {"1": 0, "2": 0}, demand=short))
    assert solution.account.plan.unmet == {("plant", ORE, "1"): 100}
    assert solution.account.costs == {"purchases": 1000, "shortage": 800}
    assert audit(solution.account) == []
    dearer = [need("1", 100, shortage_cost=8), need("2", 100, shortage_cost=12)]
    both = solved(instance([offer("near", 10, 60)], {"1": 0, "2": 0}, demand=dearer, shortage_cost=9))
    assert both.account.costs == {"purchases": 600, "shortage": 800 + 40 * 12}

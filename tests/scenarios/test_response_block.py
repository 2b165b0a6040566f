"""A response as rows over the columns of a plan: at a fixed plan it is what a stress test finds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.enforcement import prepare
from models.formulation.response import Response, UnitPrice, respond_in
from models.market import PreparedMarket, Terms
from models.market.losses import Impact, Window
from models.market.scenario import Scenario
from optimizer.errors import NoPlan
from optimizer.programs import responses
from optimizer.programs.program import Program
from optimizer.programs.response_block import PlanColumns, ResponseBeginning
from optimizer.programs.response_program import ResponseProgram
from optimizer.programs.responses import list_responses
from optimizer.results.plan_figures import PlanFigures, unit_prices
from optimizer.solver.mixed_integer import minimise
from optimizer.stress.held_response import HeldResponse
from tests.blocks.markets import solved
from tests.stress.markets import drawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optimizer.results.solution import Solution
    from optimizer.solver.arrays import Matrix


def a_plan(seed: int) -> Solution:
    """Return a plan of a random market, every other one of firm orders."""
    asked = drawn(Random(seed))  # noqa: S311
    offers = tuple(offer.model_copy(update={"firm": seed % 2 == 1}) for offer in asked.market.offers)
    try:
        return solved(asked.model_copy(update={"market": asked.market.model_copy(update={"offers": offers})}))
    except NoPlan:
        pytest.skip("nothing covers what is needed")


def response_to(plan: Solution) -> Response:
    market = plan.account.market
    terms = {offer.offer: market.short_notice(offer.offer) for offer in market.offers}
    prices = defaultdict(UnitPrice, unit_prices(plan.account))
    return Response(terms, prices, 1e4, defaultdict(lambda: 12.5))


@pytest.mark.parametrize("seed", range(12))
def test_at_a_fixed_plan_a_block_costs_what_the_stress_test_finds(seed: int) -> None:
    plan = a_plan(seed)
    market, figures = prepare(plan.instance), PlanFigures(plan.account)
    held = HeldResponse(market, figures, response_to(plan))
    own = Program(plan.instance)
    columns = PlanColumns(list(own.columns), own.matrix.cost, market)
    planned = np.array([figures.value(*name) for name in columns.place])
    periods = list(market.years)
    by_tier = replace(response_to(plan), tiers=respond_in(market, columns.most).tiers)
    programs = [ResponseProgram(market, response) for response in (response_to(plan), by_tier)]
    for begins in range(len(periods)):
        by_price, by_tiers = (ResponseBeginning(program, columns, begins) for program in programs)
        for offer in market.offers:
            for share in (0.4, 1.0):
                lasts = 1 + (begins + len(offer.offer)) % (len(periods) - begins)
                found = held.respond(
                    Window(begins, lasts),
                    Impact(((offer.offer, share),)),
                    how_long=False,
                )
                assert found is not None
                tiered = sum(  # the plan pays for its tiers, and one price turns them round
                    price.refund * plan.account.quantity[name, period]
                    - sum(each * units for each, units in plan.account.spent[name][period])
                    for (name, period), price in unit_prices(plan.account).items()
                    if periods.index(period) >= begins
                )
                losses = {(offer.offer, period): share for period in periods[begins : begins + lasts]}
                for beginning, turned in ((by_price, tiered), (by_tiers, 0.0)):
                    block = beginning.block(losses)
                    values = _optimum(block.at(planned))
                    cost = block.cost_at(planned, values) - turned
                    assert cost == pytest.approx(float(found.extra_cost.sum()), rel=1e-6, abs=0.05), losses
                    unmet = sum(values[place] for name, place in block.place.items() if name[0] == "unmet")
                    assert unmet == pytest.approx(float(found.unmet[0, begins:].sum()), abs=1e-3), losses


@pytest.mark.parametrize(("seed", "who"), [(31, "lot1"), (83, "lot0")])
def test_what_costs_no_more_costs_nothing_and_no_last_digit_of_what_moves(seed: int, who: str) -> None:
    plan = solved(drawn(Random(seed)))  # noqa: S311
    held = HeldResponse(prepare(plan.instance), PlanFigures(plan.account), response_to(plan))
    found = held.respond(Window(0, 1), Impact(((who, 0.4),)), how_long=False)
    assert found is not None
    assert found.extra_cost.tolist() == [0.0]


@pytest.mark.parametrize("seed", range(12))
def test_where_offers_have_less_to_sell_the_program_of_the_calm_says_what_one_of_their_own_says(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = a_plan(seed)
    market, own = prepare(plan.instance), Program(plan.instance)
    columns, figures = PlanColumns(list(own.columns), own.matrix.cost, market), PlanFigures(plan.account)
    planned = np.array([figures.value(*name) for name in columns.place])
    begins, periods = len(market.years) // 2, list(market.years)
    scenarios = []
    for number, offer in enumerate(market.offers):
        share, late = (0.5 if number % 2 and offer.capacity else 0.0), periods[begins : begins + 2]
        less = [Terms(offer=offer.offer, period=p, capacity=share * (offer.capacity or 0.0)) for p in late]
        stays = [row for row in market.terms if row.offer != offer.offer]
        there = PreparedMarket(market.model_copy(update={"terms": (*stays, *less)}))
        losses = {(offer.offer, period): 1.0 - share for period in late}
        scenarios.append(Scenario(offer.offer, 0.1, begins, there, losses))
    asked = plan.instance.foreseeing(scenarios)
    shared = list_responses(asked, columns, unmet_price=1e4)
    monkeypatch.setattr(responses, "list_less_to_sell", lambda *_: None)
    built = list_responses(asked, columns, unmet_price=1e4)
    assert len({id(one.block.own) for one in shared}) < len({id(one.block.own) for one in built})
    for one, other in zip(shared, built, strict=True):
        costs = [each.block.cost_at(planned, _optimum(each.block.at(planned))) for each in (one, other)]
        assert costs[0] == pytest.approx(costs[1], rel=1e-9, abs=1e-6), one.name


def _optimum(matrix: Matrix) -> NDArray[np.float64]:
    values = minimise(matrix, gap=0.0).values
    assert values is not None
    return values

"""A response as rows over the columns of a plan: at a fixed plan it is what a stress test finds."""

from __future__ import annotations

from collections import defaultdict
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.enforcement import prepare
from models.formulation.response import Response, UnitPrice
from models.market.losses import Impact, Window
from optimizer.errors import NoPlan
from optimizer.programs.program import Program
from optimizer.programs.response_block import PlanColumns, ResponseBeginning
from optimizer.programs.response_program import ResponseProgram
from optimizer.results.plan_figures import PlanFigures, unit_prices
from optimizer.solver.highs import minimise
from optimizer.stress.held_response import HeldResponse
from tests.blocks.markets import solved
from tests.stress.markets import drawn

if TYPE_CHECKING:
    from optimizer.results.solution import Solution


def a_plan(seed: int) -> Solution:
    try:
        return solved(drawn(Random(seed)))  # noqa: S311
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
    program, own = ResponseProgram(market, response_to(plan)), Program(plan.instance)
    columns = PlanColumns(list(own.columns), own.matrix.cost, market)
    planned = np.array([figures.value(*name) for name in columns.place])
    periods = list(market.years)
    for begins in range(len(periods)):
        beginning = ResponseBeginning(program, columns, begins)
        for offer in market.offers:
            for share in (0.4, 1.0):
                lasts = 1 + (begins + len(offer.offer)) % (len(periods) - begins)
                found = held.respond(
                    Window(begins, lasts),
                    Impact(((offer.offer, share),)),
                    how_long=False,
                )
                assert found is not None
                block = beginning.block({(offer.offer, p): share for p in periods[begins : begins + lasts]})
                response = minimise(block.at(planned), gap=0.0)
                assert response.values is not None
                tiered = sum(  # the plan pays for its tiers, and one price turns them round
                    price.refund * plan.account.quantity[name, period]
                    - sum(each * units for each, units in plan.account.spent[name][period])
                    for (name, period), price in unit_prices(plan.account).items()
                    if periods.index(period) >= begins
                )
                cost = block.cost_at(planned, response.values) - tiered
                assert cost == pytest.approx(float(found.extra_cost.sum()), rel=1e-6, abs=0.05), (offer, begins, lasts)
                unmet = sum(response.values[place] for name, place in block.place.items() if name[0] == "unmet")
                assert unmet == pytest.approx(float(found.unmet[0, begins:].sum()), abs=1e-3), (offer, begins, lasts)

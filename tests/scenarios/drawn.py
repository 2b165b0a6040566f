"""Random scenarios of random markets."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from models.enforcement import prepare
from optimizer.errors import NoPlan
from tests.blocks.markets import solved
from tests.scenarios.planned import planned, stops, turns
from tests.stress.markets import drawn

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.market.scenario import Scenario
    from optimizer.results.solution import Solution


def a_case(seed: int) -> tuple[EnforcedInstance, list[Scenario]]:
    """Return a market that has a plan, and one to four scenarios of it."""
    random = Random(seed)  # noqa: S311
    asked = drawn(random)
    try:
        solved(asked)
    except NoPlan:
        pytest.skip("nothing covers what is needed")
    count = random.randint(1, 4)
    return asked, [_scenario(random, asked, random.choice([0.02, 0.1, 0.9]) / count, f"s{n}") for n in range(count)]


def _scenario(random: Random, asked: EnforcedInstance, probability: float, name: str) -> Scenario:
    market = prepare(asked)
    begins = random.randrange(len(market.years))
    late = list(market.years)[begins:]
    match random.choice(["loss", "loss", "demand", "price"]):
        case "loss":
            who = random.choice(market.offers).offer
            return stops(asked, who, probability, begins, random.randint(1, 3))._replace(name=name)
        case "demand":
            factor = random.choice([0.5, 1.2])
            need = [
                row.model_copy(update={"quantity": factor * row.quantity}) if row.period in late else row
                for row in market.demand
            ]
            return turns(asked, name, probability, begins, demand=need)
        case _:
            factor = random.choice([0.8, 2.0])
            dearer = {
                table: [row.model_copy(update={"price": factor * row.price}) for row in rows]
                for table, rows in (("offers", market.offers), ("tiers", market.tiers))  # which a shock moves together
            }
            return turns(asked, name, probability, 0, **dearer)


def cost_of(asked: EnforcedInstance, *scenarios: Scenario) -> float:
    """Return the least expected cost."""
    return planned(asked, *scenarios).cost


def judged(plan: Solution) -> float:
    """Return the expected cost of a plan by the responses that were solved for it."""
    assert plan.risk is not None
    return plan.risk.expected

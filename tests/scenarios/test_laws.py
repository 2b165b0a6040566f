"""What must be true of every plan for scenarios, on random markets."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import pytest

from models.enforcement import prepare
from models.formulation.components import parts
from models.market import ShortNotice
from optimizer.errors import NoPlan
from optimizer.scenarios.evaluate import evaluate
from tests.blocks.markets import instance, offer, solved
from tests.scenarios.drawn import a_case, cost_of
from tests.scenarios.planned import planned, stops

SEEDS = range(10)
NEAR: dict[str, Any] = {"rel": 1e-6, "abs": 1e-4}
OWED = 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_planned_lies_between_who_knows_and_who_does_not_care(seed: int) -> None:
    asked, scenarios = a_case(seed)
    plan = planned(asked, *scenarios)
    knowing = (1 - sum(one.probability for one in scenarios)) * solved(asked).cost
    knowing += sum(one.probability * cost_of(asked, one._replace(probability=1.0)) for one in scenarios)
    careless = evaluate(asked.foreseeing(scenarios), solved(asked).account).expected
    slight = 1e-5 * abs(plan.cost) + 1e-4
    assert knowing <= plan.cost + slight
    assert plan.cost <= careless + slight


@pytest.mark.parametrize("seed", SEEDS)
def test_the_extensive_form_costs_what_its_responses_cost_by_themselves(seed: int) -> None:
    asked, scenarios = a_case(seed)
    plan = planned(asked, *scenarios)
    assert plan.risk is not None
    assert plan.bound == pytest.approx(plan.risk.expected, **NEAR)


@pytest.mark.parametrize("seed", SEEDS)
def test_order_names_and_halves_do_not_matter(seed: int) -> None:
    asked, scenarios = a_case(seed)
    cost = cost_of(asked, *scenarios)
    shuffled = Random(seed).sample(scenarios, len(scenarios))  # noqa: S311
    assert cost_of(asked, *(one._replace(name=f"z{n}") for n, one in enumerate(shuffled))) == pytest.approx(
        cost, **NEAR
    )
    halves = [
        one._replace(name=f"{one.name}{half}", probability=one.probability / 2) for one in scenarios for half in "ab"
    ]
    plan = planned(asked, *halves)
    assert plan.cost == pytest.approx(cost, **NEAR)
    assert plan.sizes == planned(asked, *scenarios).sizes  # halves are one again


@pytest.mark.parametrize("seed", SEEDS)
def test_the_more_is_left_the_less_it_costs(seed: int) -> None:
    asked, scenarios = a_case(seed)
    left = [one._replace(losses={sale: 0.5 * share for sale, share in one.losses.items()}) for one in scenarios]
    owed = asked.market.response
    if owed is None or owed.take_or_pay > OWED:  # nothing is owed to whom a loss hits, be it by a little
        pytest.skip("half a loss may owe more than a whole one")
    assert cost_of(asked, *left) <= cost_of(asked, *scenarios) * (1 + 1e-6) + 1e-4


@pytest.mark.parametrize("seed", range(8))
def test_the_more_there_is_at_short_notice_the_less_it_costs(seed: int) -> None:
    random, need = Random(seed), {"a": 20.0, "b": 30.0, "c": 20.0}  # noqa: S311
    costs = []
    for surge in (0.0, 0.1, 0.5, 1.0):
        random.seed(seed)
        offers = [offer(f"o{n}", random.randint(5, 20), random.choice([20, 60])) for n in range(4)]
        terms = ShortNotice(surge=surge, surge_premium=0.25, take_or_pay=0.3)
        asked = instance(offers, need, shortage_cost=80, response=terms)
        losses = [stops(asked, one.offer, 0.1, random.randrange(3), random.randint(1, 3)) for one in offers]
        costs.append(cost_of(asked, *losses))
    assert all(later <= earlier + 1e-6 for earlier, later in pairwise(costs))


def test_a_scenario_that_hits_nothing_is_the_calm_by_comparison_of_records() -> None:
    asked = instance([offer("only", 10)], {"a": 20.0, "b": 20.0}, shortage_cost=30)
    nothing = stops(asked, "only", 0.4, 1)._replace(losses={}, market=prepare(asked).model_copy())
    (part,) = parts(asked.foreseeing([nothing]))
    assert part.foreseen == ()
    assert planned(asked, nothing).sizes == solved(asked).sizes


@pytest.mark.parametrize("seed", range(8))
def test_contracts_are_those_of_brute_force(seed: int) -> None:
    """Each set of contracts is tried by itself, as a linear program."""
    random = Random(seed)  # noqa: S311
    fixed = [offer(f"o{n}", random.randint(5, 20), 30, fixed_cost=random.choice([20, 80, 200])) for n in range(3)]
    need = {"a": 20.0, "b": 30.0}
    more: dict[str, Any] = {"shortage_cost": 60}
    chances = [(random.choice([0.05, 0.3]), random.randrange(2)) for _ in fixed]

    def least(offers: list[Any]) -> float:
        asked = instance(offers, need, **more)
        losses = [
            stops(asked, one.offer, probability, begins)
            for one, (probability, begins) in zip(fixed, chances, strict=True)
            if one.offer in asked.market.offer
        ]
        return cost_of(asked, *losses)

    tried = []
    for chosen in range(8):
        signed = [one for n, one in enumerate(fixed) if chosen >> n & 1]
        free = [one.model_copy(update={"fixed_cost": 0.0}) for one in signed]
        try:
            tried.append(least(free) + sum(one.fixed_cost for one in signed))
        except NoPlan:
            continue
    assert least(fixed) == pytest.approx(min(tried), **NEAR)

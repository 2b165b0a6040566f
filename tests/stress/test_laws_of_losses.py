"""What must be true of every loss: against an independent program, in any order, of any terms."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from models.market.losses import Loss
from optimizer.errors import NoPlan
from optimizer.stress.run import StressTest
from optimizer.stress.subjects import read_subjects
from tests.blocks.markets import ORE, solved
from tests.stress.losing import stressed
from tests.stress.markets import drawn
from tests.stress.oracle import UNMET, Responding

if TYPE_CHECKING:
    from optimizer.results.losses import MaterialLost, Stress
    from optimizer.results.solution import Solution

SEEDS = range(20)


def a_plan(seed: int, shortage_cost: float | None = 1000.0) -> Solution:
    asked = drawn(Random(seed), shortage_cost=shortage_cost)  # noqa: S311
    try:
        return solved(asked)
    except NoPlan:
        pytest.skip("nothing covers what is needed")


def losses_of(plan: Solution, *who: str) -> list[Loss]:
    market = plan.account.market
    subjects = read_subjects(who or ["each-offer"], market, plan.account.network)
    periods = len(market.years)
    return [
        Loss(subject, begins, lasts)
        for subject in subjects
        for begins in range(periods)
        for lasts in range(1, periods - begins + 1)
    ]


@pytest.mark.parametrize("shortage_cost", [1000.0, None])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_response_is_what_an_independent_program_finds(seed: int, shortage_cost: float | None) -> None:
    plan = a_plan(seed, shortage_cost)
    before = {period: units for (_, _, period), units in plan.account.plan.unmet.items()}
    for one in StressTest(plan.instance, plan.account).test(losses_of(plan)).tested:
        loss, (found,) = one.loss, one.materials
        if not one.hits:
            continue
        other = Responding(plan.account, loss.begins, loss.lasts, {loss.subject.name: 1.0})
        cost, unmet = other.least()
        calm = sum(units for period, units in before.items() if period in unmet)
        price = UNMET if shortage_cost is None else shortage_cost
        ours = found.extra_cost - found.shortage_cost + price * (sum(u for _, u in found.unmet) - calm)
        theirs = cost - price * calm
        assert ours == pytest.approx(theirs, rel=1e-4, abs=1e-3 * price), (loss, found)
        assert found.survives == other.survives(before), (loss, found)


def figures(tested: Stress) -> dict[Loss, MaterialLost]:
    return {one.loss: one.worst for one in tested.tested}


@pytest.mark.parametrize("seed", range(15))
def test_answers_do_not_depend_on_the_losses_that_were_asked_for_before(seed: int) -> None:
    plan = a_plan(seed)
    losses = losses_of(plan)
    together = figures(StressTest(plan.instance, plan.account).test(losses))
    shuffled = Random(seed).sample(losses, len(losses))  # noqa: S311
    assert figures(StressTest(plan.instance, plan.account).test(shuffled)) == together
    for loss in shuffled[:4]:
        (alone,) = StressTest(plan.instance, plan.account).test([loss]).tested
        assert alone.worst == together[loss]


@pytest.mark.parametrize("seed", range(15))
def test_more_that_suppliers_give_never_costs_more(seed: int) -> None:
    plan = a_plan(seed)
    market = plan.account.market

    def with_surge(surge: float) -> dict[Loss, MaterialLost]:
        offers = tuple(o.model_copy(update={"surge": surge}) for o in market.offers)
        account = type(plan.account)(market.model_copy(update={"offers": offers}), (), plan.account.plan)
        return figures(StressTest(plan.instance, account).test(losses_of(plan)))

    less, more = with_surge(0.1), with_surge(0.4)
    for loss, found in more.items():
        assert found.extra_cost <= less[loss].extra_cost + 1e-4 * abs(less[loss].extra_cost) + 1e-2
        assert found.covered >= less[loss].covered - 1e-6


@pytest.mark.parametrize("seed", range(15))
def test_the_more_is_left_the_less_it_costs(seed: int) -> None:
    plan = a_plan(seed)
    market = plan.account.market

    def with_owned(share: float) -> Stress:
        from models.market import Owner

        owners = tuple(Owner(company=o.company, country="CN", share=share) for o in market.offers)
        account = type(plan.account)(market.model_copy(update={"owners": owners}), (), plan.account.plan)
        return stressed(type(plan)(**{**vars(plan), "account": account}), "CN@control", lasts=1)

    little, much = figures(with_owned(0.2)), figures(with_owned(0.7))
    for loss, found in little.items():
        assert found.extra_cost <= much[loss].extra_cost + 1e-4 * abs(much[loss].extra_cost) + 1e-2


def test_a_loss_that_hits_nothing_is_the_plan_as_it_is() -> None:
    for seed in range(10):
        plan = a_plan(seed)
        unused = [o.offer for o in plan.account.market.offers if not plan.account.quantity.get((o.offer, "a"))]
        for name in unused:
            (one,) = stressed(plan, f"offer:{name}", lasts=1, begins=0).tested
            assert not one.hits
            assert (one.extra_cost, one.worst.covered, one.worst.recovers) == (0, one.worst.planned, 0)
            assert one.worst.material == ORE

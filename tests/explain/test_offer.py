"""Why an offer is in or out, and the price at which that turns, against solving at prices around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.limits.budget_cap import BudgetCap
from models.limits.quantity_cap import QuantityCap
from models.limits.quantity_floor import QuantityFloor
from models.market import Conversion, Duty, Lane, Material, Terms, Tier
from optimizer.explain.answer import explain
from optimizer.explain.offer import OfferExplained
from optimizer.explain.threshold import lowest_price, set_price
from optimizer.report.offer_explanation import format_offer
from optimizer.results.solution import settings_of
from tests.blocks.markets import ORE, instance, offer
from tests.examples import examples
from tests.explain.crowded import cost, solved, with_only
from tests.laws.markets import instances

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

SAME: Any = {"rel": 1e-6, "abs": 1e-6}
NEAR = 0.01
"""How far from the threshold prices are tried [currency per unit]."""


def explained(asked: EnforcedInstance, name: str) -> OfferExplained:
    found = explain(asked, settings_of(asked, gap=0.0), name)
    assert isinstance(found, OfferExplained)
    return found


def without(asked: EnforcedInstance, name: str) -> EnforcedInstance:
    """Return an instance in which an offer has nothing to sell."""
    offers = tuple(o.model_copy(update={"capacity": 0.0}) if o.offer == name else o for o in asked.market.offers)
    terms = tuple(row for row in asked.market.terms if row.offer != name)
    return asked.model_copy(update={"market": asked.market.model_copy(update={"offers": offers, "terms": terms})})


def words(found: OfferExplained) -> str:
    return " ".join(format_offer(found).split())


@examples(80)
@given(instances(), st.data())
def test_an_offer_is_in_below_its_threshold_and_out_above(asked: EnforcedInstance, data: st.DataObject) -> None:
    assume(solved(asked) is not None)
    name = data.draw(st.sampled_from(sorted(asked.market.offer)))
    found = explained(asked, name)
    assert found.complete
    other = cost(without(asked, name))
    if found.without is None:
        assert other == float("inf")
        return
    assert found.without.cost == pytest.approx(other, **SAME)
    lowest = lowest_price(asked.market, name)
    if found.free:
        assert cost(set_price(asked, name, lowest)) == pytest.approx(other, **SAME)
        return
    assert found.threshold is not None
    turn = found.threshold.price
    assert found.threshold.within == 0
    assert turn >= found.offer.price - NEAR if found.units else turn <= found.offer.price + NEAR
    assert cost(set_price(asked, name, turn + NEAR)) == pytest.approx(other, **SAME)
    if turn - NEAR >= lowest:
        assert cost(set_price(asked, name, turn - NEAR)) < other - 1e-5 * NEAR


@examples(30)
@given(instances(), st.data())
def test_a_limit_that_turns_an_offer_does_so_alone(asked: EnforcedInstance, data: st.DataObject) -> None:
    assume(asked.limits and solved(asked) is not None)
    found = explained(asked, data.draw(st.sampled_from(sorted(asked.market.offer))))
    for turn in found.turns:
        assert bool(turn.units) != bool(found.units)
        others = [limit for limit in asked.limits if limit != turn.limit]
        assert turn.cost.cost == pytest.approx(cost(with_only(asked, others)), **SAME)


def test_a_price_is_found_where_two_contracts_and_a_tier_meet() -> None:
    """By hand: 100 t from b cost 300 + 50; of a, 40 t at p and the rest at p - 1, and 20 for its contract."""
    offers = [offer("a", 9, fixed_cost=20), offer("b", 3, fixed_cost=50)]
    tiers = [Tier(offer="a", from_quantity=40, price=8, kind="incremental")]
    found = explained(instance(offers, {"2027": 100}, tiers=tiers), "a")
    assert found.threshold is not None
    assert found.threshold.price == pytest.approx((350 - 20 + 60) / 100)
    assert (found.units, found.free) == (0, False)


def test_prices_of_single_periods_move_with_the_price() -> None:
    """By hand: in the second period a is 2 cheaper, so it is in for that while 100 (p - 2) + 20 is below 800."""
    offers = [offer("a", 9, fixed_cost=20), offer("b", 8)]
    terms = [Terms(offer="a", period="2028", price=7)]
    found = explained(instance(offers, {"2027": 100, "2028": 100}, terms=terms), "a")
    assert found.threshold is not None
    assert found.threshold.price == pytest.approx(9.8)
    assert found.units == 100
    assert "It stays in up to 9.80 USD a t, its prices in single periods moved by as much." in words(found)


def test_tiers_and_prices_of_single_periods_move_in_proportion() -> None:
    """By hand: in the second period a costs half of 40 p + 60 x 0.8 p, and 300 elsewhere."""
    offers = [offer("a", 10), offer("b", 3)]
    tiers = [Tier(offer="a", from_quantity=40, price=8, kind="incremental")]
    terms = [Terms(offer="a", period="2028", price=5)]
    found = explained(instance(offers, {"2027": 100, "2028": 100}, terms=terms, tiers=tiers), "a")
    assert found.threshold is not None
    assert found.threshold.price == pytest.approx(300 / 44)
    assert (found.units, found.free) == (0, False)
    assert "below 6.82 USD a t, its tiers and prices in single periods moved in proportion." in words(found)


def test_a_minimum_take_of_one_period_may_shut_an_offer_out() -> None:
    offers = [offer("a", 9, capacity=300), offer("b", 8)]
    terms = [Terms(offer="a", period="2028", minimum_take=200)]
    found = explained(instance(offers, {"2027": 100, "2028": 100}, terms=terms), "a")
    assert found.taken_without_minimum is not None
    assert "Its minimum take of 200 t a year shuts it out at any price" in words(found)


def test_a_duty_moves_with_the_price() -> None:
    duty = Duty(duty="x", material=ORE, stage="refined", from_country="CN", to_country="US", rate="25%")
    offers = [offer("a", 9, country="CN"), offer("b", 10)]
    found = explained(instance(offers, {"2027": 100}, duties=[duty]), "a")
    assert found.threshold is not None
    assert found.threshold.price == pytest.approx(8)


def test_a_budget_that_a_price_would_break_does_not_end_the_search() -> None:
    """By hand: of a, 150 / p t fit into the budget above a price of 1.5, and each saves 3 - p against b's freight."""
    lanes = [Lane(origin="a", destination="plant"), Lane(origin="b", destination="plant", freight=3)]
    budget = BudgetCap(name="budget", costs=("purchases",), max_cost=150, hard=True)
    found = explained(instance([offer("a", 1), offer("b", 0)], {"2027": 100}, budget, lanes=lanes), "a")
    assert found.threshold is not None
    assert found.threshold.price == pytest.approx(3, rel=1e-6)


def test_an_offer_may_be_needed_at_any_price_or_out_at_any() -> None:
    cap = QuantityCap(name="cap", offer="a", stages=("refined",), max_quantity=60, hard=True)
    floor = QuantityFloor(name="floor", offer="b", stages=("refined",), min_quantity=100, hard=True)
    offers = [offer("a", 1), offer("b", 2)]
    needed = explained(instance(offers, {"2027": 100}, cap), "b")
    assert (needed.units, needed.without, needed.threshold) == (40, None, None)
    assert [turn.limit.name for turn in needed.turns] == ["cap"]
    barred = explained(instance(offers, {"2027": 100}, floor), "a")
    assert (barred.units, barred.free) == (0, True)
    assert [(turn.limit.name, turn.units) for turn in barred.turns] == [("floor", 100)]
    held = explained(instance(offers, {"2027": 100}, cap), "a")
    assert [(limit.name, reading.used) for limit, reading in held.binding] == [("cap", 60)]


def told(asked: EnforcedInstance, name: str) -> str:
    """Return what is said of an offer between its price and what the plan costs."""
    return format_offer(explained(asked, name)).partition(" a t. ")[2].partition(" The plan costs ")[0]


def test_an_offer_that_its_minimum_take_shuts_out_is_told_so() -> None:
    fits = instance([offer("near", 10), offer("far", 5, 100, minimum_take=60)], {"1": 50.0})
    assert told(fits, "far") == (
        "Its minimum take of 60 t a year shuts it out at any price; without that 50 t of it would be bought."
    )
    dear = instance([offer("near", 10), offer("far", 15, 100, minimum_take=60)], {"1": 50.0})
    assert told(dear, "far") == (
        "Its minimum take of 60 t a year shuts it out at any price; without that it would come in at a lower price."
    )


def test_a_minimum_take_is_told_in_the_unit_of_its_offer() -> None:
    pounds = [Conversion(material=ORE, basis="klb", factor=0.45359237)]
    far = offer("far", 5, 200, minimum_take=150, basis="klb")
    found = explained(instance([offer("near", 20), far], {"1": 50.0}, conversions=pounds), "far")
    assert (
        " at 5.00 USD a klb (11.02 USD a t). Its minimum take of 150 klb a year shuts it out at any price; without "
        "that 50 t of " in (format_offer(found))
    )


def test_an_offer_that_no_plan_can_buy_is_told_why() -> None:
    lanes = [Lane(origin="near", destination="plant")]
    asked = instance([offer("near", 10), offer("far", 5)], {"1": 50.0}, lanes=lanes)
    assert told(asked, "far") == "It can never be bought: no lane leads from it; add one to lanes."


def test_an_offer_of_what_nobody_needs_is_told_so() -> None:
    salt = Material(material="salt", stages="refined", basis="t")
    ore = Material(material=ORE, stages="mined; refined", basis="t")
    asked = instance([offer("near", 10), offer("pan", 5, material="salt")], {"1": 50.0}, materials=[ore, salt])
    assert told(asked, "pan") == "It can never be bought: salt is needed and stored nowhere."


def test_an_offer_that_costs_too_much_beside_its_price_is_not_bought_at_any() -> None:
    asked = instance([offer("near", 10), offer("far", 5, fixed_cost=1e6)], {"1": 50.0})
    assert told(asked, "far") == "Even at no price it would not be bought."

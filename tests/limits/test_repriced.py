"""A program in which prices and duties were moved is that which would be built, and its answer is that one's."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from models.formulation.components import parts
from models.market import Duty, Terms
from optimizer.errors import InputError, NoPlan
from optimizer.programs.price_update import update_prices
from optimizer.programs.program import Program
from optimizer.requests import Requests
from optimizer.results.solution import settings_of
from optimizer.session import Session
from tests.limits.test_limits import CASES
from tests.limits.test_relevelled import BATTERY, assert_same

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.enforcement import EnforcedInstance


def repriced(asked: EnforcedInstance, by: Callable[[float], float], rate: float = 0.0) -> EnforcedInstance:
    """Return an instance in which all prices are others, and one more duty is due on what every offer sells abroad."""
    market = asked.market
    offers = tuple(offer.model_copy(update={"price": by(offer.price)}) for offer in market.offers)
    tiers = tuple(tier.model_copy(update={"price": by(tier.price)}) for tier in market.tiers)
    terms = tuple(row if row.price is None else row.model_copy(update={"price": by(row.price)}) for row in market.terms)
    crossings = {(o.material, o.stage, o.country, site.country) for o in market.offers for site in market.sites}
    duties = tuple(
        Duty(duty="more", material=material, stage=stage, from_country=home, to_country=abroad, rate=rate)
        for material, stage, home, abroad in sorted(crossings)
        if rate and home != abroad
    )
    update = {"offers": offers, "tiers": tiers, "terms": terms, "duties": (*market.duties, *duties)}
    return asked.model_copy(update={"market": market.model_copy(update=update)})


@pytest.mark.parametrize("kind", CASES)
def test_other_prices_and_duties_give_what_would_be_built(kind: str) -> None:
    asked = CASES[kind].instance()
    before = Program(asked)
    once, twice = repriced(asked, lambda price: 1.1 * price), repriced(asked, lambda price: 0.7 * price, rate=0.15)
    moved = update_prices(before, once)
    assert (moved is None) == any(limit.READS_PRICES for limit in asked.limits)
    if moved is None:
        return
    assert_same(moved, Program(once))
    further = update_prices(moved, twice)
    assert further is not None
    assert_same(further, Program(twice))


def test_prices_that_differ_by_period_are_moved_as_well() -> None:
    asked = CASES["share_cap"].instance()
    offer, period = asked.market.offers[0], asked.market.periods[0].name
    row = Terms(offer=offer.offer, period=period, price=offer.price + 7.0, capacity=None)
    asked = asked.model_copy(update={"market": asked.market.model_copy(update={"terms": (row,)})})
    dearer = repriced(asked, lambda price: 1.3 * price, rate=0.1)
    moved = update_prices(Program(asked), dearer)
    assert moved is not None
    assert_same(moved, Program(dearer))
    assert (moved.matrix.cost != Program(repriced(asked, lambda price: price)).matrix.cost).any()
    without = dearer.model_copy(update={"market": dearer.market.model_copy(update={"terms": ()})})
    assert update_prices(Program(asked), without) is None


def test_what_is_more_than_a_price_is_built() -> None:
    asked = CASES["share_cap"].instance()
    before = Program(asked)
    market = asked.market
    assert update_prices(before, repriced(asked, lambda price: price - 1e6)) is None
    assert update_prices(before, asked.model_copy(update={"limits": ()})) is None
    larger = tuple(offer.model_copy(update={"capacity": 2 * (offer.capacity or 1e6)}) for offer in market.offers)
    assert (
        update_prices(before, asked.model_copy(update={"market": market.model_copy(update={"offers": larger})})) is None
    )
    fewer = market.model_copy(update={"offers": market.offers[1:]})
    assert update_prices(before, asked.model_copy(update={"market": fewer})) is None


def test_tiers_that_begin_to_rise_are_built_and_others_are_not() -> None:
    part = next(part for part in parts(Requests().apply_to(BATTERY)) if part.name == "lithium")
    before = Program(part)
    dearer = repriced(part, lambda price: price + 10.0)
    moved = update_prices(before, dearer)
    assert moved is not None
    assert_same(moved, Program(dearer))
    rising = repriced(part, lambda price: -1.0 * price + 2.0 * max(offer.price for offer in part.market.offers))
    assert update_prices(before, rising) is None


def draw(chance: random.Random) -> list[str]:
    """Return one to three changes of prices and duties, as an analyst moves them."""
    materials = [*BATTERY.market.material]
    stages = sorted({(offer.stage, offer.material) for offer in BATTERY.market.offers})
    countries = sorted({offer.country for offer in BATTERY.market.offers} - {"XX"})
    makes: list[Callable[[], str]] = [
        lambda: f"price {'/'.join(chance.choice(stages))}=x{chance.uniform(0.5, 2):.3f}",
        lambda: f"price *@{chance.choice(countries)}=x{chance.uniform(0.5, 2):.3f}",
        lambda: f"price {chance.choice(materials)}=x{chance.uniform(0.5, 2):.3f}",
        lambda: f"duty CN=+{chance.randint(1, 99)}%",
        lambda: f"duty refined/{chance.choice(materials)}:{chance.choice(countries)}={chance.randint(0, 60)}%",
    ]
    return [chance.choice(makes)() for _ in range(chance.randint(1, 3))]


def answer(session: Session, texts: list[str]) -> float | str:
    """Return what the plan costs with some changes, or why there is none."""
    try:
        return session.solve(Requests(texts=tuple(texts)).apply_to(BATTERY)).cost
    except NoPlan as none:
        return str(none)


def test_random_changes_cost_what_they_cost_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    chance, exact = random.Random(15), settings_of(BATTERY, gap=0.0)  # noqa: S311 (no secret)
    session = Session(exact)
    session.solve(BATTERY)
    asked: list[Any] = []
    while len(asked) < 12:
        texts = draw(chance)
        try:
            Requests(texts=tuple(texts)).apply_to(BATTERY)
        except InputError:  # nothing is sold or crosses there
            continue
        asked.append((texts, answer(Session(exact), texts)))
    monkeypatch.setattr("optimizer.programs.program.build", lambda *_, **__: pytest.fail("built again"))
    for texts, cold in asked:
        assert answer(session, texts) == pytest.approx(cold, rel=1e-9), texts

"""Random chains of one material: lots that are bought in, pits and a works, with lead times, stock, tiers and ramps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.market import Lane, ShortNotice, Stock, Tier, UnderWay
from tests.blocks.markets import ORE, instance, mined, offer

if TYPE_CHECKING:
    from random import Random

    from models.enforcement import EnforcedInstance


def drawn(random: Random, *, shortage_cost: float | None = 1000.0) -> EnforcedInstance:
    """Return a market of two to four periods."""
    names = ["a", "b", "c", "d"][: random.randint(2, 4)]
    offers = [_lot(random, f"lot{number}") for number in range(random.randint(1, 2))]
    offers += [mined(f"pit{number}", random.randint(2, 9), random.choice([40, 200])) for number in range(2)]
    offers.append(offer("works", random.randint(1, 9), 200, yield_=random.choice([0.5, 0.8, 1.0]), **_own(random)))
    lanes = [
        _lane(random, one.offer, "works" if one.stage == "mined" else "plant", late=one.offer != "lot0")
        for one in offers
    ]
    facts: dict[str, Any] = {"lanes": lanes, "years": {name: random.choice([0.5, 1, 1]) for name in names}}
    if random.random() < 0.6:
        opening, closing = random.choice([(0, 0), (20, 0), (20, 20), (0, 10)])
        holding = random.choice([0, 1, 3])
        facts["stock"] = [
            Stock(
                site="plant", material=ORE, opening=opening, closing_minimum=closing, capacity=40, holding_cost=holding
            )
        ]
    if random.random() < 0.5:
        kind = random.choice(["incremental", "all-units"])
        facts["tiers"] = [Tier(offer="lot0", from_quantity=23, price=random.randint(10, 50), kind=kind)]
    if random.random() < 0.3:
        coming = {"period": random.choice(names), "quantity": random.choice([5, 10])}
        facts["under_way"] = [UnderWay(destination=random.choice(["plant", "works"]), material=ORE, **coming)]
    response = ShortNotice(
        surge=random.choice([0, 0.1, 0.5]),
        surge_premium=random.choice([0.1, 0.25]),
        notice=random.choice([0, 0, 1]),
        take_or_pay=random.choice([0.1, 0.3]),
    )
    need = {name: random.choice([10.0, 30.0, 60.0]) for name in names}
    return instance(offers, need, shortage_cost=shortage_cost, response=response, **facts)


def _own(random: Random) -> dict[str, Any]:
    return {"surge": random.choice([None, None, 0, 1.0]), "notice": random.choice([None, None, 0])}


def _lot(random: Random, name: str) -> Any:
    more: dict[str, Any] = _own(random)
    if random.random() < 0.4:
        more["ramp"] = random.choice([5, 20])
        more["incumbent_quantity"] = random.choice([None, 30])
    if random.random() < 0.4:
        more["fixed_cost_per_period"] = random.choice([5, 50])
    if random.random() < 0.4:
        more |= {"minimum_take": 10, "fixed_cost": random.choice([0, 30])}
    return offer(name, random.randint(10, 40), random.choice([20, 60, 200]), **more)


def _lane(random: Random, origin: str, destination: str, *, late: bool) -> Lane:
    return Lane(
        origin=origin,
        destination=destination,
        freight=random.randint(0, 4),
        lead_time=random.choice([0, 0, 1]) if late else 0,
        capacity=random.choice([None, None, 35]),
    )

"""A small market in which every kind of limit is tried, and what a case of a limit says.

100 t are needed in 2027; all four offers of `GOODS` could sell it all.

| offer  | price | place | control          |
|--------|-------|-------|------------------|
| north  | 10    | CN    | CN               |
| island | 12    | ID    | 3/4 CN, 1/4 ID   |
| far    | 16    | CA    | undisclosed      |
| south  | 20    | AU    | AU               |
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models.limits import KINDS, Limit
from models.limits.contract.scoped import ScopedLimit
from models.market import Lane, Owner
from tests.blocks.markets import instance, offer, solved

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

GOODS = [
    offer("north", 10, country="CN"),
    offer("island", 12, country="ID"),
    offer("far", 16, country="CA"),
    offer("south", 20, country="AU"),
]
OWNERS = [
    Owner(company="north", country="CN", share=1),
    Owner(company="island", country="CN", share=0.75),
    Owner(company="island", country="ID", share=0.25),
    Owner(company="south", country="AU", share=1),
]
ROOMS = [
    offer("north", 10, 50, "CN"),
    offer("island", 12, 30, "ID"),
    offer("far", 16, 40, "CA"),
    offer("south", 20, 100, "AU"),
]
"""The same prices with less to sell: without a limit north 50, island 30, far 20."""


LANES = [
    Lane(origin="north", destination="plant", freight=5),
    Lane(origin="island", destination="plant", freight=4),
    Lane(origin="far", destination="plant", freight=1),
    Lane(origin="south", destination="plant", freight=0),
]


def limit(kind: str, **fields: Any) -> Limit:
    """Return a hard limit called `asked` on the refined stage, unless `fields` say otherwise."""
    scope = {"stages": ["refined"]} if issubclass(KINDS[kind], ScopedLimit) else {}
    strictness = {} if {"penalty", "watch"} & set(fields) else {"hard": True}
    return KINDS[kind].model_validate({"name": "asked"} | scope | strictness | fields)


def goods(*limits: Limit, **more: Any) -> EnforcedInstance:
    """Return the market of `GOODS` with some limits; `more` are fields of the market."""
    return instance(GOODS, {"2027": 100}, *limits, **({"owners": OWNERS} | more))


def cost_of(kind: str, **fields: Any) -> float:
    """Return the least cost of the market of `GOODS` with one limit."""
    return solved(goods(limit(kind, **fields))).cost


@dataclass(frozen=True)
class Case:
    """A binding limit with its optimum, the same with a level that leaves no plan, and with one that says nothing."""

    fields: dict[str, Any]
    optimum: float
    """Least cost, worked out by hand."""
    impossible: dict[str, Any]
    """What to change for there to be no plan."""
    loose: dict[str, Any]
    """What to change for the limit to say nothing."""
    market: dict[str, Any] = field(default_factory=dict)
    """Fields of the market, with `offers` for `GOODS` and `need` by period for 100 t in 2027."""
    defines: bool = False
    """Whether defining rows say what counts."""

    def solve(self, **changed: Any) -> float:
        """Return the least cost with some fields of the limit changed."""
        return solved(self.instance(**changed)).cost

    def instance(self, **changed: Any) -> EnforcedInstance:
        """Return the market with the limit, some fields of which are changed."""
        market: dict[str, Any] = {"owners": OWNERS} | self.market
        offers, need = market.pop("offers", GOODS), market.pop("need", {"2027": 100})
        return instance(offers, need, limit(**(self.fields | changed)), **market)

"""Floors on a company or an offer hold in all of their scope, and are refused where it sells nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from models.limits.contract.fit import limit_problems
from models.limits.share_floor import ShareFloor
from models.market import Demand, Material
from optimizer.errors import NoPlan
from tests.blocks.markets import ORE, instance, offer, solved
from tests.limits.cases.market import limit

if TYPE_CHECKING:
    from models.instance import Instance
    from models.limits import Limit

CHAIN = {"stages": ("mined", "refined"), "basis": "t"}
OFFERS = [
    offer("pit", 5, 500, company="acme", stage="mined", material="tin"),
    offer("works", 3, 500, company="acme", stage="refined", material="tin", yield_=0.5),
    offer("lot", 40, 500, company="bolt", stage="refined", material="tin"),
    offer("north", 10, 500, company="bolt"),
    offer("south", 20, 500, company="acme"),
]


def tin_and_ore(*limits: Limit, ore: float = 100) -> Instance:
    """Return a market in which acme sells mined and refined tin and refined ore, and bolt what is refined."""
    return instance(
        OFFERS,
        {"2027": ore},
        *limits,
        materials=(Material(material="tin", **CHAIN), Material(material=ORE, **CHAIN)),
        demand=(
            Demand(site="plant", material="tin", period="2027", quantity=100),
            Demand(site="plant", material=ORE, period="2027", quantity=ore),
        ),
    )


@pytest.mark.parametrize(
    ("scope", "fault"),
    [
        ({"company": "bolt", "stages": None},
         'company: bolt sells no mined tin, mined ore, so no plan can hold a floor there; write stages = ["refined"]'),
        ({"company": "acme", "stages": None},
         ("company: acme sells no mined ore, so no plan can hold a floor there; "
          "write a limit for each that it sells: mined tin, refined tin, refined ore")),
        ({"company": "acme", "stages": ["mined"]},
         'company: acme sells no mined ore, so no plan can hold a floor there; write materials = ["tin"]'),
        ({"company": "bolt", "materials": [ORE], "stages": ["mined"]},
         ("company: bolt sells no mined ore, so no plan can hold a floor there; "
          "name materials and stages that it sells: refined ore, refined tin")),
        ({"offer": "pit", "stages": None},
         ("offer: pit sells no refined tin, mined ore, refined ore, so no plan can hold a floor there; "
          'write materials = ["tin"] and stages = ["mined"]')),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "level", [{"kind": "share_floor", "min_share": 0.3}, {"kind": "quantity_floor", "min_quantity": 9}]
)
def test_a_floor_where_a_company_sells_nothing_is_refused(
    level: dict[str, Any], scope: dict[str, Any], fault: str
) -> None:
    assert list(limit_problems([limit(**level, **scope)], tin_and_ore().market)) == [("asked", fault)]


def test_a_floor_in_its_scope_holds_for_each_material() -> None:
    # at least 30 of each refined of bolt: 70 x 13 + 30 x 40 of tin, and all ore, which is cheapest there
    assert solved(tin_and_ore(limit("share_floor", company="bolt", min_share=0.3))).cost == pytest.approx(3110)
    assert solved(tin_and_ore()).cost == pytest.approx(2300)


def test_a_share_of_what_nobody_needs_may_be_asked_for_and_a_quantity_may_not() -> None:
    share = {"company": "acme", "stages": ["mined"], "min_share": 0.5}
    assert solved(tin_and_ore(limit("share_floor", **share), ore=0)).cost == pytest.approx(1300)
    with pytest.raises(ValidationError, match="acme sells no mined ore"):
        tin_and_ore(limit("quantity_floor", company="acme", stages=["mined"], min_quantity=1), ore=0)


def test_a_floor_that_is_only_watched_reads_nothing_where_nothing_is_sold() -> None:
    watched = limit("share_floor", company="acme", stages=["mined"], min_share=0.5, watch=True)
    assert [reading.used for _, reading in solved(tin_and_ore(watched)).account.readings] == [1, 0]


def test_a_floor_holds_where_a_company_sells_nothing_any_more() -> None:
    floor = limit("share_floor", company="acme", min_share=0.5)
    assert isinstance(floor, ShareFloor)
    asked = tin_and_ore(floor)
    gone = asked.market.model_copy(update={"offers": tuple(o for o in OFFERS if o.offer != "south")})
    with pytest.raises(NoPlan):
        solved(asked.model_copy(update={"market": gone}))

"""What a product may hold of somebody: by mass or value, down to a tenth of a percent, by the mix of each site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from models.market import BillOfMaterials, Product, Site
from tests.blocks.markets import ORE, instance, mined, offer, solved
from tests.limits.cases.market import limit

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

OFFERS = [offer("north", 10, 1e6, "CN"), offer("south", 20, 1e6, "AU")]
HOLDS = [("cell", 8.0, 2.0), ("pack", 1.0, 6.0)]


def asked(*made: tuple[str, str, float], **fields: Any) -> EnforcedInstance:
    """Return products that a plant and a works make, of which a share at most may be Chinese."""
    return instance(
        OFFERS,
        {"1": 0},
        limit("content_cap", **({"country": "CN", "basis": "place"} | fields)),
        sites=[Site(site="plant", country="US"), Site(site="works", country="DE")],
        products=[Product(product=name, site=site, period="1", quantity=units) for name, site, units in made],
        bill_of_materials=[
            BillOfMaterials(product=name, material=ORE, quantity=units, value=value)
            for name, units, value in HOLDS
            if name in {product for product, _, _ in made}
        ],
    )


def bought(given: EnforcedInstance) -> float:
    return solved(given).account.quantity.get(("north", "1"), 0.0)


def used(solution: Any) -> dict[str, float]:
    return {reading.key.who: reading.used for _, reading in solution.account.readings}


@pytest.mark.parametrize("scale", [1e-3, 1, 1e3])
def test_a_tenth_of_a_percent_holds_exactly(scale: float) -> None:
    cells = ("cell", "plant", 10 * scale)
    assert bought(asked(cells, max_share=0.001)) == pytest.approx(0.08 * scale, rel=1e-6)


def test_products_share_the_mix_of_their_site() -> None:
    # pack alone is capped, and all that the plant buys is mixed; the works may buy as it likes
    both = ("cell", "plant", 10), ("pack", "plant", 20), ("cell", "works", 5)
    solution = solved(asked(*both, products=["pack"], max_share=0.25))
    assert solution.account.plan.flow["north", "plant", "1"] == pytest.approx(25)
    assert solution.account.plan.flow["north", "works", "1"] == pytest.approx(40)
    assert used(solution) == {"pack: CN": pytest.approx(0.25)}


def test_the_product_that_breaks_it_is_named() -> None:
    solution = solved(asked(("cell", "plant", 10), ("pack", "works", 20), max_share=0.25, hard=None, watch=True))
    assert used(solution) == {"cell: CN": pytest.approx(1), "pack: CN": pytest.approx(1)}


def test_what_it_cannot_weigh_is_told() -> None:
    market = asked(("cell", "plant", 1), max_share=1).market
    bare = market.model_copy(update={"bill_of_materials": (BillOfMaterials(product="cell", material=ORE, quantity=1),)})
    by_value = limit("content_cap", by="value", country="CN", basis="place", max_share=1, products=["cell", "car"])
    told = list(by_value.problems(bare))
    assert any("products: 'car' is not in the instance" in line for line in told)
    assert any("by: the value in bill_of_materials is empty for ore in cell" in line for line in told)
    none = list(by_value.problems(market.model_copy(update={"products": ()})))
    assert none == ["products: the instance has none; add the tables products and bill_of_materials"]


@pytest.mark.parametrize("who", [{"company": "ace"}, {"offer": "pit"}, {"each": "company"}])
def test_who_sells_ore_answers_for_the_undisclosed_in_what_is_made_before(who: dict[str, str]) -> None:
    capped = limit("content_cap", stages=["mined"], max_share=0.3, **who)
    made = [Product(product="cell", site="plant", period=period, quantity=10) for period in ("2027", "2028")]
    holds = [BillOfMaterials(product="cell", material=ORE, quantity=5)]
    offers = [mined("pit", 1, company="ace", from_period="2028"), offer("lot", 10)]
    needs = {"2027": 0.0, "2028": 0.0}
    given = instance(offers, needs, capped, products=made, bill_of_materials=holds, shortage_cost=60)
    # nobody says where the ore of lot was mined: of 50 t a year at most 15 may come of it
    bought = solved(given).account.quantity
    assert [bought["lot", year] for year in needs] == pytest.approx([15, 15])

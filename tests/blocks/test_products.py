"""Demand that follows from products and their bills of materials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from models.changes import ChangeError, apply_changes, parse
from models.enforcement import enforce
from models.market import BillOfMaterials, Demand, Product
from optimizer.audit import audit
from optimizer.errors import InputError
from optimizer.load import load
from tests.blocks.markets import ORE, instance, offer, solved

if TYPE_CHECKING:
    from pathlib import Path

    from models.enforcement import EnforcedInstance


def made(product: str, period: str, units: float, **more: Any) -> Product:
    return Product(product=product, site="plant", period=period, quantity=units, **more)


def holds(product: str, units: float, **more: Any) -> BillOfMaterials:
    return BillOfMaterials(product=product, material=ORE, quantity=units, **more)


CELL = [made("cell", "1", 10), made("cell", "2", 20), made("pack", "2", 5)]
HOLDS = [holds("cell", 9, scrap=0.1), holds("pack", 2)]


@pytest.fixture
def asked() -> EnforcedInstance:
    """Return 100 t in the first period and 210 t in the second, beside 7 t that are stated."""
    stated = [Demand(site="plant", material=ORE, period="2", quantity=7)]
    need = {"1": 0.0, "2": 0.0}
    return instance([offer("near", 10, 1000)], need, demand=stated, products=CELL, bill_of_materials=HOLDS)


def needed(given: EnforcedInstance, *changes: str) -> dict[str, float]:
    after = apply_changes(given, [parse(text) for text in changes])
    assert enforce(after) == after  # what products need is never added twice
    return {period: after.market.demand_of(ORE, [period]) for period in "12"}


def test_products_need_what_they_hold_and_what_is_lost_beside_what_is_stated(asked: EnforcedInstance) -> None:
    assert needed(asked) == pytest.approx({"1": 100, "2": 217})
    solution = solved(asked)
    assert solution.account.costs == {"purchases": pytest.approx(3170)}
    assert audit(solution.account) == []
    plain = [Demand(site="plant", material=ORE, period=p, quantity=q) for p, q in (("1", 100), ("2", 217))]
    assert solved(instance([offer("near", 10, 1000)], {"1": 0, "2": 0}, demand=plain)).cost == pytest.approx(3170)


@pytest.mark.parametrize(
    ("changes", "first", "second"),
    [
        (["product cell=+20%"], 120, 257),
        (["product cell@2=x0.5"], 100, 117),
        (["product *@1..2=0"], 0, 7),
        (["product cell=+20%", f"demand {ORE}=+10%"], 132, 282.7),
        ([f"demand {ORE}@2=50"], 100, 50),
        (["set bill_of_materials.pack/ore.quantity=4"], 100, 227),
    ],
)
def test_what_is_made_changes_what_is_needed(
    asked: EnforcedInstance, changes: list[str], first: float, second: float
) -> None:
    assert needed(asked, *changes) == pytest.approx({"1": first, "2": second})


def test_products_that_are_not_there_are_told(asked: EnforcedInstance) -> None:
    with pytest.raises(ChangeError, match=r"nothing is made of pack at 1; there is pack at plant in 2"):
        needed(asked, "product pack@1=+10%")
    with pytest.raises(ChangeError, match="the instance has no products; its demand is stated by material"):
        needed(instance([offer("near", 10)], {"1": 1, "2": 1}), "product cell=+10%")


def test_a_scenario_may_change_what_is_made(small: Path) -> None:
    (small / "demand.csv").unlink()
    (small / "products.csv").write_text("product,site,period,quantity\ncell,Gigafactory,2028,2\n", "utf-8")
    (small / "shocks.csv").write_text("scenario,what,value\ndrought,product cell,x2\n", "utf-8")
    given = load(small)
    assert given.market.demand == ()
    assert enforce(given).market.needed == {("Gigafactory", "graphite", "2028"): pytest.approx(2 * 900 / 0.95)}


def test_what_does_not_fit_is_refused_by_row(small: Path) -> None:
    (small / "products.csv").write_text(
        "product,site,period,quantity,unit\ncell,Gigafactory,2027,1,GWh\ncell,Gigafactory,2028,1,MWh\n"
        "car,Gigafactory,2028,1,\n",
        "utf-8",
    )
    (small / "bill_of_materials.csv").write_text(
        "product,material,quantity,basis,scrap\ncell,graphite,9,lb Co,1\n", "utf-8"
    )
    with pytest.raises(InputError) as refused:
        load(small)
    told = str(refused.value)
    assert "products.csv:3 unit: cell is counted in two units (GWh; MWh)" in told
    assert "products.csv:4 product: nothing says what car holds" in told
    assert "bill_of_materials.csv:2 scrap: nothing would be left of what is bought" in told

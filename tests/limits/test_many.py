"""More than a hundred limits at once: one of every kind for each of five materials, most at a level that says nothing.

Each material has the market of `GOODS` under names of its own (``north of tin``), at two sites in two years; the
limits are those of the cases. One limit of each material binds, so what the plan costs is known from the cases.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from models.enforcement import EnforcedInstance, enforce
from models.instance import Instance
from models.limits import KINDS
from models.limits.contract.scoped import ScopedLimit
from models.market import BillOfMaterials, Demand, Earlier, Market, Material, Period, Product, Site, Stock
from optimizer.explain.conflict import find_infeasible_parts
from optimizer.folders.plans import write_plan
from optimizer.price import price_limits
from optimizer.solve import settings_of, solve
from optimizer.solver.deadline import Deadline
from tests.blocks.markets import offer
from tests.limits.cases.losing import NOTHING
from tests.limits.cases.market import GOODS, OWNERS, limit
from tests.limits.test_limits import CASES

if TYPE_CHECKING:
    from pathlib import Path

    from models.limits import Limit

BINDING = {
    "tin": "share_cap",
    "zinc": "share_floor",
    "lead": "least_sources",
    "copper": "value_ratio_floor",
    "nickel": "dependence_cap",
}
"""Materials, and the limit of each that binds; its case has no other market than `GOODS`."""
LOOSER = {"change_cap": {"max_changes": 4}}
"""Levels that say nothing where those of the cases would, as these leave one of the goods out."""
YEARS = ("2027", "2028")
NEED = {"plant": 60.0, "works": 40.0}
MADE = {"plant": 10}
"""What of it things need that are made there, of a unit of the material each."""
FIGURES = {"north": (9, 50), "island": (6, 58), "far": (3, 80), "south": (1, 90)}
"""What the cases of limits on figures state: co2 and score."""
TODAY = {"island": 60.0, "far": 50.0}
COST = len(YEARS) * sum(CASES[kind].optimum for kind in BINDING.values())


def named(word: Any, material: str) -> Any:
    """Return a field of a limit with the goods called as those of a material."""
    if isinstance(word, list):
        return [named(one, material) for one in word]
    return f"{word} of {material}" if word in FIGURES else word


def limit_of(kind: str, material: str) -> Limit:
    """Return the limit of a case for a material: at the level of the case where it is to bind, or one that is loose."""
    case = CASES[kind]
    level = {} if BINDING[material] == kind else case.loose | LOOSER.get(kind, {})
    scope: dict[str, Any] = {"materials": [material]} if issubclass(KINDS[kind], ScopedLimit) else {}
    if kind == "content_cap":
        scope = {"products": [f"thing of {material}"]}
    fields = {field: named(word, material) for field, word in (case.fields | level).items()}
    return limit(**fields, **scope, name=f"{kind} for {material}")


def market() -> Market:
    """Return the goods of all materials."""
    offers = [
        offer(f"{o.offer} of {material}", o.price, country=o.country, material=material)
        .model_copy(update={"attributes": dict(zip(("co2", "score"), FIGURES[o.offer], strict=True))})
        .model_copy(update={"incumbent_quantity": TODAY.get(o.offer)})
        for material in BINDING
        for o in GOODS
    ]
    owners = [o.model_copy(update={"company": f"{o.company} of {material}"}) for material in BINDING for o in OWNERS]
    before = [
        Earlier(offer=f"{name} of {material}", period=YEARS[0], quantity=50)
        for material in BINDING
        for name in ("far", "south")
    ]
    needs = [
        Demand(site=site, material=material, period=year, quantity=units - MADE.get(site, 0))
        for site, units in NEED.items()
        for material in BINDING
        for year in YEARS
    ]
    things = [
        Product(product=f"thing of {material}", site=site, period=year, quantity=units)
        for site, units in MADE.items()
        for material in BINDING
        for year in YEARS
    ]
    rooms = [Stock(site="plant", material=material, capacity=40, holding_cost=3) for material in BINDING]
    return Market(
        periods=tuple(Period(name=year, years=1) for year in YEARS),
        as_of="2027-01-01",
        attributes=("co2", "score"),
        scores=("score",),
        blocs={"covered": ("CN",), "all": ("CN", "AU")},
        materials=tuple(Material(material=material, stages="mined; refined", basis="t") for material in BINDING),
        sites=tuple(Site(site=site, country="US") for site in NEED),
        demand=tuple(needs),
        products=tuple(things),
        bill_of_materials=tuple(
            BillOfMaterials(product=f"thing of {material}", material=material, quantity=1) for material in BINDING
        ),
        offers=tuple(offers),
        owners=tuple(owners),
        stock=tuple(rooms),
        response=NOTHING,
        earlier=tuple(before),
    )


@pytest.fixture(scope="module")
def crowd() -> EnforcedInstance:
    """Return the instance."""
    limits = tuple(limit_of(kind, material) for material in BINDING for kind in CASES)
    asked = enforce(
        Instance(name="many", title="Many limits", currency="USD", mass_unit="t", market=market(), limits=limits)
    )
    assert len(limits) > 100
    return asked


def test_a_hundred_limits_are_held_at_once_and_each_is_reported(crowd: EnforcedInstance, tmp_path: Path) -> None:
    solution = solve(crowd, settings_of(crowd, gap=0.0))
    assert solution.cost == pytest.approx(COST)
    write_plan(solution, tmp_path / "plan")
    with (tmp_path / "plan" / "limits.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["limit"] for row in rows} == {limit.name for limit in crowd.limits}
    binding = {row["limit"] for row in rows if row["binding"] == "yes"}
    assert {f"{kind} for {material}" for material, kind in BINDING.items()} <= binding


def test_two_that_contradict_each_other_are_found_among_a_hundred(crowd: EnforcedInstance) -> None:
    scope = {"materials": ["tin"], "country": "CN", "basis": "place"}
    floor = limit("share_floor", **scope, name="half from China", min_share=0.5)
    asked = crowd.model_copy(update={"limits": (*crowd.limits[:60], floor, *crowd.limits[60:])})
    (part,) = find_infeasible_parts(asked, Deadline())
    (conflict,) = part.conflicts
    assert {limit.name for limit in conflict.limits} == {"share_cap for tin", "half from China"}
    assert conflict.minimal


def test_limits_among_a_hundred_have_the_prices_of_their_cases(crowd: EnforcedInstance) -> None:
    binding = {f"{kind} for {material}": CASES[kind].optimum for material, kind in BINDING.items()}
    asked = [limit for limit in crowd.limits if limit.name in binding]
    prices = price_limits(crowd, [*asked, crowd.limits[2], crowd.limits[-1]], settings_of(crowd, gap=0.0)).prices
    saved = {price.limit.name: price.without.least for price in prices if price.without and not price.without.free}
    assert saved == pytest.approx({name: len(YEARS) * (optimum - 1000) for name, optimum in binding.items()})
    assert {price.limit.name for price in prices} - binding.keys() == {crowd.limits[2].name, crowd.limits[-1].name}

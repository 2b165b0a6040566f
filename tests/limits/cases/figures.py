"""Cases of the limits on figures: averages, totals, money paid to a class, quotas, capacities."""

from __future__ import annotations

from typing import Any

from models.market import BillOfMaterials, Product
from tests.blocks.markets import ORE
from tests.limits.cases.market import GOODS, Case


def stating(name: str, *figures: float) -> dict[str, Any]:
    """Return the fields of a market in which the offers of `GOODS` state an attribute."""
    offers = [o.model_copy(update={"attributes": {name: f}}) for o, f in zip(GOODS, figures, strict=True)]
    return {"attributes": [name], "offers": offers}


def holding(*materials: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a market in which 10 cells are made, that need all that is needed of ore."""
    made = Product(product="cell", site="plant", period="2027", quantity=10)
    rows = [BillOfMaterials.model_validate({"product": "cell", "material": ORE} | row) for row in materials]
    return {"need": {"2027": 0}, "products": [made], "bill_of_materials": rows}


CASES: dict[str, Case] = {
    # a fifth of what is bought is lost, and 30 % of the rest may come from north
    "content_cap": Case(
        {"kind": "content_cap", "country": "CN", "basis": "place", "max_share": 0.3},
        30 * 10 + 70 * 12,
        {"each": "country", "country": None, "max_share": 0.24},
        {"max_share": 1},
        holding({"quantity": 8, "scrap": 0.2}),
    ),
    # a unit of co2 less costs 2/3 from north to island, 4/3 from island to far, 2 from far to south:
    # 5 on average are 2/3 of island and 1/3 of far
    "average_cap": Case(
        {"kind": "average_cap", "attribute": "co2", "group": "each", "max_average": 5},
        200 / 3 * 12 + 100 / 3 * 16,
        {"max_average": 0.5},
        {"max_average": 9},
        stating("co2", 9, 6, 3, 1),
    ),
    # a point more costs 0.2 from north to far, and 0.25 to island: 70 on average are 1/3 of north and 2/3 of far
    "average_floor": Case(
        {"kind": "average_floor", "attribute": "score", "group": "each", "min_average": 70},
        100 / 3 * 10 + 200 / 3 * 16,
        {"min_average": 91},
        {"min_average": 0},
        stating("score", 50, 58, 80, 90) | {"scores": ["score"]},
    ),
    # 750 of 100 t: half from north and half from island
    "total_cap": Case(
        {"kind": "total_cap", "attribute": "co2", "group": "total", "max_total": 750},
        50 * 10 + 50 * 12,
        {"max_total": 99},
        {"max_total": 900},
        stating("co2", 9, 6, 3, 1),
    ),
    # north and island are Chinese enough, far may be: as much is paid for x t of north as for 100 - x of south
    "value_ratio_floor": Case(
        {
            "kind": "value_ratio_floor",
            "bloc": "covered",
            "basis": "control",
            "from_share": 0.25,
            "group": "each",
            "min_share": 0.5,
        },
        200 / 3 * 10 + 100 / 3 * 20,
        {"bloc": "all"},
        {"min_share": 0},
        {"blocs": {"covered": ["CN"], "all": ["CN", "AU"]}},
    ),
    # 60 of which others hold 20
    "quota": Case(
        {"kind": "quota", "country": "CN", "max_quantity": 60, "committed": 20},
        40 * 10 + 60 * 12,
        {"committed": 61},
        {"max_quantity": 1000},
    ),
    # 30 t of the 100 that each can sell
    "dependence_cap": Case(
        {"kind": "dependence_cap", "each": "company", "max_share": 0.3},
        30 * 10 + 30 * 12 + 30 * 16 + 10 * 20,
        {"max_share": 0.24},
        {"max_share": 1},
    ),
}

"""Cases of the limits on shares, quantities, numbers of sources and money."""

from __future__ import annotations

from tests.blocks.markets import offer
from tests.limits.cases.market import GOODS, LANES, ROOMS, Case

CASES: dict[str, Case] = {
    # at most 40 t of north + 3/4 island + far: island saves 8 / 0.75 a tonne of it against south, north 10, far 4
    "share_cap": Case(
        {"kind": "share_cap", "country": "CN", "basis": "control", "max_share": 0.4},
        160 / 3 * 12 + 140 / 3 * 20,
        {"bloc": "all", "group": "total", "country": None, "max_share": 0.9},
        {"max_share": 1},
        {"blocs": {"all": ["CN", "ID", "AU"]}},
    ),
    "share_floor": Case(
        {"kind": "share_floor", "country": "AU", "basis": "place", "min_share": 0.3},
        70 * 10 + 30 * 20,
        {"country": "FI"},
        {"min_share": 0},
    ),
    "quantity_cap": Case(
        {"kind": "quantity_cap", "company": "north", "max_quantity": 25},
        25 * 10 + 75 * 12,
        {"max_quantity": 9},
        {"max_quantity": 1000},
        {"offers": [offer("north", 10, 100, "CN"), offer("island", 12, 90, "ID")], "owners": []},
    ),
    "quantity_floor": Case(
        {"kind": "quantity_floor", "offer": "far", "min_quantity": 30},
        70 * 10 + 30 * 16,
        {"min_quantity": 101},
        {"min_quantity": 0},
    ),
    # 10 let through, the rest from what is disclosed and not more than 80 % Chinese
    "ban": Case(
        {"kind": "ban", "country": "CN", "basis": "control", "from_share": 0.8, "max_quantity": 10},
        10 * 10 + 90 * 12,
        {"from_share": 0, "max_quantity": 5},
        {"max_quantity": 1000},
        {"offers": [*GOODS[:3], offer("south", 20, 90)]},
    ),
    "least_sources": Case(
        {"kind": "least_sources", "count": "company", "min_sources": 3, "counts_from": 0.2},
        60 * 10 + 20 * 12 + 20 * 16,
        {"min_sources": 5},
        {"min_sources": 0},
        {},
        defines=True,
    ),
    # north 50 and south 50; north with any other covers less than 100
    "most_sources": Case(
        {"kind": "most_sources", "count": "company", "max_sources": 2},
        50 * 10 + 50 * 20,
        {"max_sources": 0},
        {"max_sources": 9},
        {"offers": ROOMS},
        defines=True,
    ),
    # a tonne costs 15, 16, 17 or 20 with its freight of 5, 4, 1 or 0: half from north and half from far
    "budget_cap": Case(
        {"kind": "budget_cap", "costs": ["freight"], "max_cost": 300},
        50 * 15 + 50 * 17,
        {"costs": ["freight", "purchases"], "max_cost": 1499},
        {"max_cost": 1e6},
        {"lanes": LANES},
    ),
}

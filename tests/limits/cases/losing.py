"""Cases of the limits on what stays covered once somebody is lost, where suppliers give nothing at short notice."""

from __future__ import annotations

from models.market import ShortNotice, Stock
from tests.blocks.markets import ORE, offer
from tests.limits.cases.market import Case

NOTHING = ShortNotice(surge=0)

CASES: dict[str, Case] = {
    # no offer may stand for more than 40 t; with four of them, three quarters stay covered at the most
    "survival_floor": Case(
        {"kind": "survival_floor", "each": "offer", "lasts": 1, "min_covered": 0.6},
        40 * 10 + 40 * 12 + 20 * 16,
        {"min_covered": 0.8},
        {"min_covered": 0},
        {"response": NOTHING},
    ),
    # 100 t are in stock: drawn in 2027 they cost nothing, kept for the loss of 2028 they cost 1 each; a loss of both
    # years leaves 100 t unmet
    "time_to_survive_floor": Case(
        {"kind": "time_to_survive_floor", "each": "offer", "min_periods": 1},
        100 * 10 + 100 * 1,
        {"min_periods": 2},
        {"min_periods": 0},
        {
            "offers": [offer("north", 10, country="CN")],
            "owners": [],
            "need": {"2027": 100, "2028": 100},
            "stock": [Stock(site="plant", material=ORE, opening=100, capacity=100, holding_cost=1)],
            "response": NOTHING,
        },
    ),
}

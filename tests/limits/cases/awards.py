"""Cases of the limits on awards, on changing suppliers and on time."""

from __future__ import annotations

from typing import Any

from models.market import Demand, Earlier, Lane, Site, Stock
from tests.blocks.markets import ORE, offer
from tests.limits.cases.market import GOODS, ROOMS, Case

TODAY = [offer("north", 9), offer("island", 12, incumbent_quantity=60), offer("far", 16, incumbent_quantity=50)]
"""North is new; island and far sell more today than is needed."""

SITES: dict[str, Any] = {
    "offers": GOODS[:2],
    "owners": [],
    "sites": [Site(site="plant", country="US"), Site(site="works", country="US")],
    "demand": [Demand(site=site, material=ORE, period="2027", quantity=50) for site in ("plant", "works")],
    "lanes": [
        Lane(origin="north", destination="plant"),
        Lane(origin="north", destination="works", freight=5, capacity=5),
        Lane(origin="island", destination="plant", capacity=10),
        Lane(origin="island", destination="works"),
    ],
}
"""Half of the 100 t goes to each of two sites: cheapest by north to the plant, by island to the works."""

CASES: dict[str, Case] = {
    # who wins gets 40 t: north 50 and south 50; island has 30, far and north together 90
    "split_award": Case(
        {"kind": "split_award", "count": "company", "min_share": 0.4},
        50 * 10 + 50 * 20,
        {"min_share": 0.6},
        {"min_share": 0},
        {"offers": [*ROOMS[:3], offer("south", 20, 90)], "owners": []},
        defines=True,
    ),
    # island is too small to count: its tonnes go with north's, 60 together, and far takes 40
    "dual_source": Case(
        {"kind": "dual_source", "count": "company", "counts_from": 0.35, "max_share": 0.6},
        50 * 10 + 10 * 12 + 40 * 16,
        {"max_share": 0.3},
        {"max_share": 1},
        {"offers": ROOMS, "owners": []},
        defines=True,
    ),
    # the shares differ by 1; each 2 a tonne, 10 t to the plant by island; each 3, another 2.5 to the works by north
    "consistent_award": Case(
        {"kind": "consistent_award", "count": "company", "over": "sites", "max_difference": 0.75},
        50 * 10 + 50 * 12 + 10 * 2 + 2.5 * 3,
        {"max_difference": 0.5},
        {"max_difference": 1},
        SITES,
        defines=True,
    ),
    # north needs both far and south, 20 t each; without north there are 90 t
    "requires": Case(
        {"kind": "requires", "offer": "north", "needs": ["far", "south"], "counts_from": 0.2, "min_needed": 2},
        60 * 10 + 20 * 16 + 20 * 20,
        {"min_needed": 3},
        {"min_needed": 0},
        {"offers": [offer("north", 10), offer("island", 12, 10), offer("far", 16, 60), offer("south", 20, 20)]}
        | {"owners": []},
        defines=True,
    ),
    # north without island: 50 of north, 40 of far, the rest of south; neither of them: 90 t
    "at_most_of": Case(
        {"kind": "at_most_of", "offers": ["north", "island"]},
        50 * 10 + 40 * 16 + 10 * 20,
        {"max_offers": 0},
        {"max_offers": 2},
        {"offers": [*ROOMS[:3], offer("south", 20, 50)], "owners": []},
        defines=True,
    ),
    # north is the one change, so 30 of island and 25 of far are kept; 1200 without north and far
    "change_cap": Case(
        {"kind": "change_cap", "max_changes": 1, "kept_from": 0.5, "group": "each"},
        45 * 9 + 30 * 12 + 25 * 16,
        {"max_changes": 0, "kept_from": 1},
        {"max_changes": 3},
        {"offers": TODAY, "owners": []},
        defines=True,
    ),
    # 33 of the 110 t may be moved, those of far first; 77 stay, and north sells the rest
    "moved_cap": Case(
        {"kind": "moved_cap", "max_share": 0.3},
        23 * 9 + 60 * 12 + 17 * 16,
        {"max_share": 0},
        {"max_share": 1},
        {"offers": TODAY, "owners": []},
        defines=True,
    ),
    # three quarters of the 80 t and 40 t that were bought of far and south
    "lock": Case(
        {"kind": "lock", "min_share": 0.75},
        10 * 10 + 60 * 16 + 30 * 20,
        {"min_share": 1},
        {"min_share": 0},
        {"earlier": [Earlier(offer=name, period="2027", quantity=t) for name, t in (("far", 80), ("south", 40))]},
    ),
    # north has half of the 60 t in the first period, so 80 % of the 100 t in the second
    "ramp_cap": Case(
        {"kind": "ramp_cap", "company": "north", "max_change": 0.3},
        30 * 10 + 30 * 12 + 80 * 10 + 20 * 12,
        {"max_change": 0.05},
        {"max_change": 1},
        {"offers": [offer("north", 10, ramp_up=[0.3]), offer("island", 12, 40)], "owners": []}
        | {"need": {"1": 60, "2": 100}},
        defines=True,
    ),
    # a fifth of a year is 20 t, which north has not: 12 a tonne and 3 to keep it
    "cover_floor": Case(
        {"kind": "cover_floor", "min_days": 73, "group": "total", "stages": None},
        100 * 10 + 20 * 12 + 20 * 3,
        {"min_days": 200},
        {"min_days": 0},
        {"stock": [Stock(site="plant", material=ORE, capacity=40, holding_cost=3)]},
    ),
}

"""Instances that show of a limit what neither its case nor what is made of that can show."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any

from models.market import (
    BillOfMaterials,
    Corridor,
    CountryRisk,
    Demand,
    Lane,
    Origin,
    Owner,
    Product,
    ShortNotice,
    Site,
    Stock,
    Tier,
)
from tests.blocks.markets import ORE, instance, mined, offer
from tests.laws.markets import edited
from tests.limits.cases.market import GOODS, LANES, OWNERS, ROOMS, goods, limit
from tests.limits.variants import TWIN, in_units, twinned, with_limits
from tests.stress.markets import drawn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance

COVERED: dict[str, Any] = {"bloc": "covered", "basis": "control", "from_share": 0.25}
"""A class of entities: those of which China owns a quarter or more."""
ASIDE = 1e-3
"""A share by which a level is moved to either side of what can just be reached."""


def _listed(  # noqa: PLR0913 (a price list, and what is bought by it)
    kind: str, steps: list[tuple[float, float]], price: float, units: float, paid: float, periods: int = 2
) -> list[EnforcedInstance]:
    """Return markets in which some units of another a year cost `paid` by a price list, and the rest north's 10.

    A share of what is paid in a period must go there, a little less than can be reached, or a little more.
    There are two periods, the later of two years, or the first alone.
    """
    share = paid / ((100 - units) * 10 + paid)
    years = dict((("1", 1), ("2", 2))[:periods])
    bounds = list(product((("cap", "max_quantity"), ("floor", "min_quantity")), years.items()))
    return [
        instance(
            [offer("north", 10, country="CN"), offer(name, price)],
            {period: 100 * length for period, length in years.items()},
            limit("value_ratio_floor", companies=["north"], group="each", min_share=share + aside, periods=[when]),
            *(
                limit(f"quantity_{way}", name=f"{way}{period}", offer=name, periods=[period], **{level: units * length})
                for (way, level), (period, length) in bounds
            ),
            tiers=[Tier(offer=name, from_quantity=step, price=then, kind=kind) for step, then in steps],
            years=years,
        )
        for aside, (when, name) in product((-ASIDE, ASIDE), (("1", "east"), ("2", "south"))[:periods])
    ]


LISTS: list[tuple[str, list[tuple[float, float]], float, float, float]] = [
    # what is full is paid for first: 10 x 20 + 10 x 50, not 20 x 50
    ("incremental", [(10, 50)], 20, 20, 700),
    ("incremental", [(5, 30), (10, 50)], 20, 20, 100 + 150 + 500),
    # little of what is after the step, or nothing
    ("incremental", [(10, 50)], 20, 10.1, 205),
    ("incremental", [(10, 50)], 20, 5, 100),
    # a falling list has binaries of its own
    ("incremental", [(10, 15)], 20, 20, 350),
    # at the step the lower price, be it the one before or the one after
    ("all-units", [(20, 15)], 50, 20, 300),
    ("all-units", [(20, 50)], 15, 20, 300),
    ("all-units", [(20, 16)], 15, 20, 300),
    # away from the step the price of the tier
    ("all-units", [(20, 15)], 50, 15, 750),
    ("all-units", [(20, 50)], 15, 30, 1500),
    # the first or the last of two steps, or one that is never reached
    ("all-units", [(10, 30), (20, 15)], 50, 20, 300),
    ("all-units", [(20, 15), (30, 40)], 50, 20, 300),
    ("all-units", [(20, 15), (120, 60)], 50, 20, 300),
]


def partly_declared(kind: str, *, mass: float = 1.0, money: float = 1.0, **fields: Any) -> list[EnforcedInstance]:
    """Return a market in which a part of what is bought has no declared owner, also in smaller figures.

    Of island's 30 a quarter is nobody's, and all of what is bought of far.
    """
    owners = [owner for owner in OWNERS if owner.country != "ID"]
    asked = instance(ROOMS, {"1": 100}, limit(kind, **fields), owners=owners, blocs={"covered": ["CN"]})
    return [asked, in_units(asked, mass=mass, money=money)]


def _without_demand(**strictness: Any) -> EnforcedInstance:
    """Return a market in which north needs a seller of a material of which nothing is needed, but stock is kept."""
    both = twinned(goods())

    def idle(record: dict[str, Any]) -> None:
        market = record["market"]
        market["demand"] = [row for row in market["demand"] if row["material"] == ORE]
        market["stock"] = [{"site": "plant", "material": TWIN, "capacity": 50}]

    asked = limit("requires", offer="north", needs=[TWIN + "south"], counts_from=0.2, **strictness)
    some = limit("quantity_floor", name="some", offer=TWIN + "south", min_quantity=5, materials=[TWIN])
    limits = [one.model_dump(mode="json") for one in (asked, some)]
    return edited(both, idle, lambda record: record.update(limits=limits))


def _with_today(kind: str, **fields: Any) -> EnforcedInstance:
    """Return a market with a newcomer, who is the first by name, and two incumbents."""
    offers = [offer("a", 9), offer("b", 12, incumbent_quantity=60), offer("c", 16, incumbent_quantity=50)]
    return instance(offers, {"1": 100}, limit(kind, **fields))


RISKS = {"CN": 6.0, "ID": 4.0, "AU": 2.0, "ZZ": 8.0}
"""Risks of the countries of the owners, and of what nobody declared."""


def _with_ore(kind: str, **fields: Any) -> EnforcedInstance:
    """Return a market of a dirty and a clean ore for one refinery, beside refined goods of which ore says nothing."""
    offers = [
        mined("pit", 4, attributes={"co2": 10.0}),
        mined("hill", 9, attributes={"co2": 2.0}),
        offer("works", 2, yield_=1, attributes={"co2": 4.0}),
        offer("bought", 5, 50, attributes={"co2": 1.0}),
    ]
    fields = {"stages": ["mined"], "attribute": "co2", "group": "each"} | fields
    return instance(offers, {"1": 100, "2": 100}, limit(kind, **fields), attributes=["co2"])


def _without_ore(kind: str, **fields: Any) -> EnforcedInstance:
    """Return a market of refined goods alone, of which a limit on every stage says nothing of the ore."""
    offers = [offer("north", 10, attributes={"co2": 9.0}), offer("south", 20, attributes={"co2": 1.0})]
    fields = {"stages": None, "attribute": "co2", "group": "each"} | fields
    return instance(offers, {"1": 100}, limit(kind, **fields), attributes=["co2"])


def _with_two_sites(**fields: Any) -> EnforcedInstance:
    """Return two products that two sites make in two periods, one of them beside other demand, with a content cap."""
    whom = {"country": "CN", "basis": "control", "max_share": 0.3, "stages": ["refined"]}
    made = [("cell", "plant", "1", 6), ("cell", "works", "1", 2), ("cell", "works", "2", 5), ("pack", "plant", "2", 8)]
    return instance(
        [mined("pit", 3, country="CN"), offer("mill", 4, yield_=0.8), *GOODS],
        {"1": 5, "2": 0},
        limit("content_cap", **(whom | fields)),
        sites=[Site(site="plant", country="US"), Site(site="works", country="DE")],
        owners=OWNERS,
        products=[Product(product=p, site=s, period=t, quantity=q) for p, s, t, q in made],
        bill_of_materials=[
            BillOfMaterials(product=name, material=ORE, quantity=units, scrap=scrap, value=value)
            for name, units, scrap, value in (("cell", 9, 0.1, 7), ("pack", 4, 0, 30))
        ],
    )


def _with_ways_in_use(kind: str, **fields: Any) -> Iterator[EnforcedInstance]:
    """Yield markets in which one who delivers next door comes to help over a way that has to be in use for that.

    The way is a lane or a corridor with a fixed cost; it is the first of all by name, or the last. The limit is hard,
    or gives at less than what moving costs.
    """
    help_at_once = ShortNotice(surge=1)
    ways: tuple[dict[str, Any], ...] = ({"fixed_cost": 1}, {"corridor": "cape"})
    forms: tuple[dict[str, Any], ...] = ({}, {"penalty": 0.1})
    for (helper, end), way, strictness in product((("east", "mill"), ("north", "works")), ways, forms):
        yield instance(
            [offer("isle", 10), offer(helper, 10.01, 300)],
            {"1": 100, "2": 100},
            limit(kind, offer="isle", **fields, **strictness),
            response=help_at_once,
            sites=[Site(site="plant", country="US"), Site(site=end, country="JP")],
            demand=[Demand(site=s, material=ORE, period=p, quantity=100) for s in ("plant", end) for p in ("1", "2")],
            lanes=[
                Lane(origin="isle", destination=end),
                Lane(origin=helper, destination="plant", corridor="strait"),
                Lane(origin=helper, destination=end, freight=1, **way),
            ],
            corridors=[Corridor(corridor="cape", fixed_cost=1), Corridor(corridor="strait", capacity=500)],
        )


def _drawn(kind: str, **fields: Any) -> Iterator[EnforcedInstance]:
    """Yield random markets in which every loss of an offer is watched."""
    for seed in range(6):
        watched = {"kind": kind, "name": "asked", "watch": True, "each": "offer"} | fields
        yield with_limits(drawn(Random(seed)), watched)  # noqa: S311


FURTHER: dict[str, list[EnforcedInstance]] = {
    "average_cap": [
        _with_ore("average_cap", max_average=5),
        _without_ore("average_cap", max_average=5),
        _without_ore("average_cap", max_average=5, group="total"),
    ],
    "average_floor": [_with_ore("average_floor", min_average=9.5)],
    "total_cap": [_with_ore("total_cap", max_total=300)],
    "share_cap": [
        # some of the demand goes unmet, which is cheaper than what would share it
        instance(
            [offer("north", 10, country="CN"), offer("south", 30)],
            {"1": 100, "2": 80},
            limit("share_cap", country="CN", basis="place", max_share=0.5, of="demand"),
            shortage_cost=15,
        ),
        # what goes to a site is a sum of flows where it is not known before
        goods(limit("share_cap", country="CN", basis="place", max_share=0.4, sites=["plant"]), shortage_cost=50),
        *partly_declared("share_cap", mass=1e-3, country="AU", basis="control", max_share=0.5),
    ],
    "quantity_cap": partly_declared("quantity_cap", mass=1e-3, country="AU", basis="control", max_quantity=50),
    "share_floor": [
        goods(limit("share_floor", country="AU", basis="place", min_share=0.3, sites=["plant"]), shortage_cost=50),
    ],
    "value_ratio_floor": [
        *(made for one in LISTS for made in _listed(*one)),
        *_listed(*LISTS[0], periods=1),
        *partly_declared("value_ratio_floor", money=1e-5, **COVERED, group="each", min_share=0.2),
        # what is paid for taking a thing counts as nothing
        instance(
            [offer("north", -5, 50, "CN", resale=True), offer("east", 10, country="CN"), offer("south", 20)],
            {"1": 100},
            limit("value_ratio_floor", companies=["north", "east"], group="each", min_share=0.5),
        ),
        instance(
            [offer("north", 10, country="CN"), offer("west", -5, 10, resale=True), offer("south", 20)],
            {"1": 100},
            limit("value_ratio_floor", companies=["north"], group="each", min_share=0.5),
        ),
        # ore and its processing add up
        instance(
            [mined("pit", 4, country="CN"), mined("hill", 9), offer("works", 2, yield_=0.5), offer("bought", 30)],
            {"1": 100},
            limit("value_ratio_floor", companies=["pit"], group="each", min_share=0.5, stages=None),
        ),
    ],
    "budget_cap": [
        goods(limit("budget_cap", costs=["purchases"], max_cost=900, penalty=0.1)),
        goods(limit("budget_cap", costs=["freight", "purchases"], max_cost=1600), lanes=LANES),
    ],
    "least_sources": [
        # nothing is needed when nobody but north sells
        instance(
            [GOODS[0], *(o.model_copy(update={"to_period": "1"}) for o in GOODS[1:])],
            {"1": 100, "2": 0},
            limit("least_sources", count="company", min_sources=2, counts_from=0.2),
        ),
    ],
    "quota": [
        # years without any of it count as well
        instance(
            [GOODS[0].model_copy(update={"to_period": "1"}), *GOODS[1:]],
            {"1": 100, "2": 100},
            limit("quota", country="CN", max_quantity=20, per="horizon"),
            years={"2": 3},
        ),
        # on half of the days of the first period: over two lanes of their own, and one that carries all that is sold
        instance(
            [*ROOMS[:1], offer("isle", 9, 90, "CN"), *GOODS[2:]],
            {"1": 0, "2": 0},
            limit("quota", country="CN", max_quantity=20, share_of_days={"1": 0.5}),
            years={"1": 2},
            sites=[Site(site="plant", country="US"), Site(site="mill", country="JP")],
            demand=[
                Demand(site=site, material=ORE, period=period, quantity=100)
                for site in ("mill", "plant")
                for period in ("1", "2")
            ],
            lanes=[
                *(Lane(origin=o, destination=site) for o in ("north", "far", "south") for site in ("mill", "plant")),
                Lane(origin="isle", destination="plant", capacity=10),
                Lane(origin="isle", destination="mill", capacity=4),
            ],
        ),
        # nothing may leave on its days
        instance(
            [offer("isle", 9, 90, "CN"), offer("south", 20, 500)],
            {"1": 100},
            limit("quota", country="CN", max_quantity=0, share_of_days={"1": 0.5}),
            lanes=[
                Lane(origin="isle", destination="plant", capacity=10),
                Lane(origin="south", destination="plant"),
            ],
        ),
        # what nobody states a capacity of, and on all days of the second period
        instance(
            [offer("north", 10, None, "CN"), offer("south", 20, 500)],
            {"1": 100, "2": 100},
            limit("quota", country="CN", max_quantity=20, share_of_days={"1": 0.5}),
        ),
        # nothing that stands in the country is sold
        goods(limit("quota", country="FI", max_quantity=10, committed=20)),
        # ore leaves for one refinery, and stays for the other
        instance(
            [
                mined("pit", 4, country="CN", to_period="1"),
                mined("hill", 9),
                offer("works", 2, country="US", yield_=1),
                offer("mill", 3, country="CN", yield_=1),
            ],
            {"1": 100, "2": 100},
            limit("quota", country="CN", max_quantity=40, committed=10, stages=None, per="horizon"),
            years={"2": 3},
        ),
    ],
    "dependence_cap": [
        # new capacity, and capacity that closes
        instance(
            [GOODS[0], offer("island", 12, ramp_up=[0.5]), offer("far", 16, to_period="1"), *GOODS[3:]],
            {"1": 100, "2": 100},
            limit("dependence_cap", each="company", max_share=0.4),
        ),
        instance(
            [GOODS[0], offer("island", 12, to_period="1"), *GOODS[2:]],
            {"1": 100, "2": 100},
            limit("dependence_cap", each="company", max_share=0.5, per="horizon"),
        ),
    ],
    "content_cap": [
        _with_two_sites(per="horizon", products=["cell"]),
        _with_two_sites(by="value", undisclosed="apart"),
        _with_two_sites(stages=None, each="company", country=None, basis=None),
        # a product of which a site makes none, at sites that are not counted
        _with_two_sites(sites=["plant"], max_share=0.2, penalty=3),
    ],
    "ban": [
        instance(
            ROOMS,
            {"1": 100},
            limit("ban", each="country", basis="control", from_share=0.5, max_quantity=20, penalty=1),
            owners=[Owner(company=c, country=k, share=s) for c, k, s in (("north", "CN", 0.6), ("island", "ID", 0.4))],
        )
    ],
    "dual_source": [
        # a source that is small by a hair's breadth, and is the last
        instance(
            [offer(name, 10 + number, 30) for number, name in enumerate("abcd")],
            {"1": 100},
            limit("dual_source", count="company", counts_from=0.1, max_share=0.25, penalty=1),
        ),
        # nobody is known
        instance(
            GOODS, {"1": 100}, limit("dual_source", count="country", basis="control", counts_from=0.1, max_share=0.9)
        ),
        # all is bought when nothing is needed
        instance(
            [offer("north", 10, to_period="1"), offer("south", 20)],
            {"1": 0, "2": 100},
            limit("dual_source", count="company", counts_from=0.1, max_share=0.6),
            stock=[Stock(site="plant", material=ORE, capacity=100)],
        ),
    ],
    "requires": [
        _without_demand(hard=True),
        # a little is bought, and not enough to count
        _without_demand(penalty=0.1),
        in_units(
            instance(
                [offer("north", 10, 60), offer("far", 16, 60)],
                {"1": 100},
                limit("requires", offer="north", needs=["far"], counts_from=0.5, penalty=1),
            ),
            mass=1e-3,
        ),
    ],
    "change_cap": [_with_today("change_cap", max_changes=1, kept_from=0.5, group="each")],
    "moved_cap": [
        _with_today("moved_cap", max_share=0.3),
        _with_today("moved_cap", max_share=0.3, stages=None),
    ],
    "survival_floor": [
        *_drawn("survival_floor", lasts=1, min_covered=0.6),
        *_with_ways_in_use("survival_floor", lasts=1, min_covered=0.9),
    ],
    "time_to_survive_floor": [
        *_drawn("time_to_survive_floor", min_periods=2),
        # what is in stock lasts for one period more than is asked for, and not for two
        instance(
            [offer("north", 10)],
            dict.fromkeys("1234", 50),
            limit("time_to_survive_floor", each="offer", min_periods=1, watch=True),
            limit("time_to_survive_floor", name="longer", each="offer", min_periods=2),
            stock=[Stock(site="plant", material=ORE, opening=100, capacity=100, holding_cost=1)],
            response=ShortNotice(surge=0),
        ),
        *_with_ways_in_use("time_to_survive_floor", min_periods=1),
    ],
    "ramp_cap": [
        instance(
            [offer("north", 10, country="CN", to_period="1"), *GOODS[1:]],
            {"1": 100, "2": 100},
            limit("ramp_cap", country="ID", basis="control", max_change=0.05),
            owners=OWNERS,
        ),
    ],
    "hhi_cap": [
        # what is undisclosed is worst with the first source, or with the last
        instance(
            [offer("north", north), offer("far", 5, 40), offer("south", south)],
            {"1": 100},
            limit("hhi_cap", count="country", basis="control", max_hhi=0.8),
            owners=[Owner(company="north", country="CN", share=1), Owner(company="south", country="AU", share=1)],
        )
        for north, south in ((10, 20), (20, 10))
    ]
    + [
        # nobody is known, or only one
        instance(
            GOODS[:3:2],
            {"1": 100},
            limit("hhi_cap", count="country", basis="control", max_hhi=0.5, penalty=1),
            owners=owners,
        )
        for owners in ([], OWNERS[:1])
    ]
    + [
        # who is named without a share may be behind all that nobody declared, or behind none
        instance(
            GOODS[:2],
            {"1": 100},
            limit("hhi_cap", count="country", basis="place", stages=["mined"], max_hhi=0.8),
            origins=[
                Origin(offer="north", stage="mined", country="CN", share=0.75),
                Origin(offer="north", stage="mined", country="ID"),
                Origin(offer="island", stage="mined", country="AU", share=1),
            ],
        )
    ]
    + [
        instance(
            [offer("north", 10, 70), offer("island", 12, 60), offer("far", 5, 40), offer("south", 20)],
            {"1": 100},
            limit("hhi_cap", count="country", basis="control", weight="risk", undisclosed=how, max_hhi=level, **strict),
            owners=OWNERS,
            countries=[CountryRisk(country=code, risk=risk) for code, risk in RISKS.items()],
        )
        for how in ("counts", "apart")
        for level, strict in ((3.5, {"hard": True}), (1.5, {"penalty": 0.5}))
    ],
}

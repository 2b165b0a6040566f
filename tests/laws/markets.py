"""Random small instances: two stages, refiners with yields, a few terms that need a choice, a few limits.

Figures are whole tens and simple fractions, so that a law that fails shows a market one can work through by
hand. Steps of tiers end in 3, so that no capacity or demand falls on one by accident (`tests/blocks` does so
on purpose), and the first offer of each stage says whose it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from models.enforcement import EnforcedInstance, enforce
from models.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTRIES = ("AU", "CN", "ID")
CHOICES = ("fixed", "minimum", "running", "all-units", "incremental", "switching", "lane", "opening")
TERMS = (
    "stock",
    "ramp",
    "lead",
    "duty",
    "lanes",
    "second",
    "window",
    "corridor",
    "years",
    "ramp_up",
    "qualification",
    "commitment",
    "differing",
    "under_way",
)
CAPS = ("share_cap", "quantity_cap", "ban")
KINDS = (*CAPS, "share_floor", "quantity_floor", "least_sources", "most_sources", "budget_cap")

Draw = Any
Tables = dict[str, Any]


def tens(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high).map(lambda ten: 10 * ten)


def _offers(draw: Draw) -> Tables:
    country = st.sampled_from(COUNTRIES)
    offers, owners, origins = [], [], []
    for name, stage, low, high in (("pit", "mined", 1, 9), ("works", "refined", 1, 9), ("lot", "refined", 10, 40)):
        for number in range(draw(st.integers(1, 2))):
            offer: Tables = {"offer": f"{name}{number}", "material": "ore", "stage": stage, "country": draw(country)}
            offer["company"] = draw(st.sampled_from(["ace", "bee", offer["offer"]]))
            offer["price"] = draw(st.integers(low, high))
            offer["capacity"] = draw(tens(8, 30) if stage == "mined" else tens(3, 12))
            if name == "works":
                offer["yield"] = draw(st.sampled_from([0.5, 0.8, 1.0]))
            offers.append(offer)
            origins += _origins(draw, offer["offer"]) if name == "lot" else []
    told = {offers[0]["company"], next(o["company"] for o in offers if o["stage"] == "refined")}
    for company in dict.fromkeys(o["company"] for o in offers):
        shares = draw(st.sampled_from([(1.0,), (0.75, 0.25), (0.5,)] + ([] if company in told else [()])))
        holders = draw(st.permutations(COUNTRIES))
        owners += [{"company": company, "country": c, "share": s} for c, s in zip(holders, shares, strict=False)]
    return {"offers": offers, "owners": owners, "origins": origins}


def _origins(draw: Draw, offer: str) -> list[Tables]:
    owner = st.sampled_from([None, *COUNTRIES])
    shares = draw(st.sampled_from([(), (1.0,), (0.25,), (0.5, 0.25)]))
    places = draw(st.permutations(COUNTRIES))
    return [
        {"offer": offer, "stage": "mined", "country": c, "owner": draw(owner), "share": s}
        for c, s in zip(places, shares, strict=False)
    ]


def _choose(draw: Draw, tables: Tables, choice: str) -> None:
    """Give one offer or lane a term that needs a binary."""
    offer = draw(st.sampled_from(tables["offers"]))
    match choice:
        case "fixed":
            offer["fixed_cost"] = draw(tens(1, 60))
        case "minimum":
            offer["minimum_take"] = min(draw(tens(2, 8)), offer["capacity"])
        case "running":
            offer["fixed_cost_per_period"] = draw(tens(1, 40))
        case "switching":
            offer["switching_cost"] = draw(tens(1, 40))
            new = offer.get("opening_cost") or offer.get("qualification")
            offer["incumbent_quantity"] = None if new else draw(st.sampled_from([None, 20]))
            if offer["incumbent_quantity"]:
                offer["minimum_take"] = min(draw(tens(1, 4)), offer["capacity"])
        case "opening" if not offer.get("incumbent_quantity"):
            offer["opening_cost"] = draw(tens(1, 60))
        case "lane":
            lane = draw(st.sampled_from(_every_lane(tables)))
            lane["minimum"], lane["fixed_cost"] = draw(tens(0, 4)), draw(tens(0, 30))
        case "all-units" | "incremental" if offer["offer"] not in {tier["offer"] for tier in tables["tiers"]}:
            steps = sorted(draw(st.sets(st.sampled_from([13, 33, 53]), min_size=1, max_size=2)))
            tables["tiers"] += [
                {"offer": offer["offer"], "from_quantity": step, "price": draw(st.integers(1, 40)), "kind": choice}
                for step in steps
            ]


def _differing(draw: Draw, offer: Tables, period: str) -> Tables:
    """Return what of the terms of an offer is another in a period: one of them, or all."""
    capacity = draw(st.sampled_from([0, 20, 60, 150]))
    every = {"price": draw(st.integers(1, 40)), "capacity": capacity, "minimum_take": min(20, capacity)}
    alone = [{"price": every["price"]}, {"capacity": capacity}, {"minimum_take": min(20, offer["capacity"])}]
    differs: Tables = draw(st.sampled_from([*alone, every]))
    return {"offer": offer["offer"], "period": period} | differs


def _every_lane(tables: Tables) -> list[Tables]:
    """Write down every lane, once."""
    if not tables["lanes"]:
        works = [o["offer"] for o in tables["offers"] if "yield" in o]
        for offer in tables["offers"]:
            ends = works if offer["stage"] == "mined" else [site["site"] for site in tables["sites"]]
            tables["lanes"] += [{"origin": offer["offer"], "destination": end} for end in ends]
    lanes: list[Tables] = tables["lanes"]
    return lanes


def _add(draw: Draw, tables: Tables, term: str) -> None:
    """Give the market a term that needs no binary."""
    offer = draw(st.sampled_from(tables["offers"]))
    _add_to_sites(draw, tables, term)
    _add_to_ways(draw, tables, term)
    _add_to_offer(draw, tables, offer, term)


def _add_to_sites(draw: Draw, tables: Tables, term: str) -> None:
    """Give sites a term that is one of theirs: what they hold, what is under way to them, a second one, a long year."""
    periods = tables["periods"]
    match term:
        case "stock":
            opening, closing = draw(st.sampled_from([(0, 0), (20, 0), (20, 20), (0, 10)]))
            room = {"opening": opening, "closing_minimum": closing, "capacity": draw(tens(2, 6))}
            holding = draw(st.integers(0, 3))
            tables["stock"] = [{"site": "plant", "material": "ore", "holding_cost": holding} | room]
        case "under_way":
            ends = draw(st.sampled_from([("plant",), ("works0",), ("plant", "works0")]))
            row = {"material": "ore", "period": draw(st.sampled_from(periods))["name"]}
            tables["under_way"] = [row | {"destination": end, "quantity": draw(tens(0, 3))} for end in ends]
        case "second":
            tables["sites"] += [{"site": "annex", "country": draw(st.sampled_from(COUNTRIES))}]
            tables["demand"] += [{"site": "annex", "material": "ore", "period": periods[0]["name"], "quantity": 40}]
            tables["lanes"] = []
        case "years":
            periods[-1]["years"] = 2


def _add_to_ways(draw: Draw, tables: Tables, term: str) -> None:
    """Give ways a term that is one of theirs: lanes, a corridor, and what borders ask of those who pass."""
    match term:
        case "lead" if len(tables["periods"]) > 1:
            draw(st.sampled_from(_every_lane(tables)))["lead_time"] = 1
        case "duty":
            stage = draw(st.sampled_from(["mined", "refined"]))
            way = {
                "from_country": draw(st.sampled_from([None, *COUNTRIES])),
                "to_country": draw(st.sampled_from(COUNTRIES)),
            }
            way["to_country"] = "US" if stage == "refined" else way["to_country"]
            dates = draw(st.sampled_from(_DATES))
            tables["duties"] += [{"duty": "x", "material": "ore", "stage": stage, "rate": 0.25} | way | dates]
        case "control":
            home, *others = draw(st.permutations(COUNTRIES))
            way = {"from_country": home, "to_country": draw(st.sampled_from([None, "US", *others]))}
            what = {"effect": draw(st.sampled_from(["closed", "closed", "licence"]))} | draw(st.sampled_from(_DATES))
            stage = draw(st.sampled_from(["mined", "refined"]))
            tables["controls"] += [{"control": "y", "material": "ore", "stage": stage} | way | what]
        case "lanes":
            for lane in _every_lane(tables):
                lane["freight"] = draw(st.integers(0, 4))
                lane["capacity"] = draw(st.sampled_from([None, None, 40]))
        case "corridor":
            tables["corridors"] = [{"corridor": "cape", "capacity": draw(tens(3, 9))}]
            lanes = _every_lane(tables)
            for lane in (lanes[0], lanes[-1]):
                lane["corridor"] = "cape"


def _add_to_offer(draw: Draw, tables: Tables, offer: Tables, term: str) -> None:
    """Give an offer a term that is one of its own, where it has none that goes against it."""
    periods = tables["periods"]
    match term:
        case "ramp":
            offer["ramp"] = draw(tens(1, 5))
            offer["incumbent_quantity"] = None if offer.get("qualification") else draw(st.sampled_from([None, 30]))
        case "window" if len(periods) > 1 and "qualification" not in offer and not tables["commitments"]:
            offer[draw(st.sampled_from(["from_period", "to_period"]))] = draw(st.sampled_from(periods))["name"]
        case "differing" if not tables["commitments"]:
            tables["terms"] = [_differing(draw, offer, draw(st.sampled_from(periods))["name"])]
        case "commitment" if offer.keys().isdisjoint(_LATE) and not tables["terms"]:
            row = {"offer": offer["offer"], "period": draw(st.sampled_from(periods))["name"]}
            tables["commitments"] += [row | {"quantity": draw(tens(1, 3))}]
        case "ramp_up" if not tables["commitments"]:
            offer["ramp_up"] = draw(st.sampled_from(["50%", "25%; 50%"]))
        case "qualification" if len(periods) > 1 and not tables["commitments"] and offer.keys().isdisjoint(_STANDING):
            offer["qualification"] = 1


_DATES: tuple[Tables, ...] = (
    {},
    {"valid_from": "2027-01-01"},
    {"valid_to": "2026-12-31"},
    {"suspended_from": "2026-06-02"},
    {"suspended_to": "2026-12-31"},
    {"suspended_from": "2026-06-01", "suspended_to": "2027-01-01"},
)
"""Around the first day of 2027, on which the markets are looked at."""
_STANDING = ("incumbent_quantity", "from_period", "to_period")
"""With one of these an offer is qualified already, or may have no period left in which to sell."""
_LATE = ("from_period", "to_period", "qualification", "ramp_up")
"""With one of these an offer may have less in a period than is committed."""


def _limit(draw: Draw, tables: Tables, kind: str, name: str) -> Tables:
    """Return a limit at a level that binds in some markets and leaves a plan in most."""
    limit: Tables = {"kind": kind, "name": name, "hard": True}
    share = st.sampled_from([0.3, 0.4, 0.5, 0.75])
    if kind == "budget_cap":
        costs = draw(st.sampled_from([["purchases"], ["fixed"], ["purchases", "processing"]]))
        return limit | {"costs": costs, "max_cost": draw(tens(5, 300))}
    limit["stages"] = [draw(st.sampled_from(["mined", "refined"]))]
    limit["per"] = draw(st.sampled_from(["period", "horizon"]))
    if kind in {"least_sources", "most_sources"}:
        limit |= draw(st.sampled_from([{"count": c, "basis": b} for c, b in _COUNTED]))
        level = {"min_sources": 2, "counts_from": draw(st.sampled_from([0.1, 0.3]))}
        return limit | (level if kind == "least_sources" else {"max_sources": draw(st.integers(1, 2))})
    country = {"country": draw(st.sampled_from(COUNTRIES)), "basis": draw(st.sampled_from(["place", "control"]))}
    floor = kind in {"share_floor", "quantity_floor"}  # refused for who sells nothing there
    sellers = [o["company"] for o in tables["offers"] if not floor or o["stage"] in limit["stages"]]
    limit |= draw(st.sampled_from([country, country, *({"company": name} for name in sellers)]))
    if kind in CAPS:
        limit["undisclosed"] = draw(st.sampled_from(["counts", "apart"]))
        if "country" in limit and kind != "ban" and draw(st.booleans()):
            limit["country"], limit["each"] = None, "country"
    match kind:
        case "share_cap":
            limit |= {"max_share": draw(share), "of": draw(st.sampled_from(["supply", "demand"]))}
        case "share_floor":
            limit |= {"min_share": 0.2, "of": draw(st.sampled_from(["supply", "demand"]))}
        case "quantity_cap":
            limit["max_quantity"] = draw(tens(2, 8))
        case "quantity_floor":
            limit["min_quantity"] = draw(tens(1, 2))
        case "ban":
            limit["from_share"] = draw(st.sampled_from([0.0, 0.25, 0.5]))
    return limit


_COUNTED = (("company", None), ("offer", None), ("country", "place"), ("country", "control"))


@st.composite
def instances(
    draw: Draw,
    choices: tuple[str, ...] = CHOICES,
    terms: tuple[str, ...] = TERMS,
    kinds: tuple[str, ...] = KINDS,
    shortage: tuple[int | None, ...] = (60, 60, None),
) -> EnforcedInstance:
    """Return an instance with up to three choices, three terms and two limits of those named."""
    periods = [{"name": name, "years": 1} for name in ("y1", "y2")[: draw(st.integers(1, 2))]]
    tables: Tables = _offers(draw) | {
        "periods": periods,
        "as_of": "2027-01-01",
        "materials": [
            {
                "material": "ore",
                "stages": "mined; refined",
                "basis": "t",
                "shortage_cost": draw(st.sampled_from(shortage)),
            }
        ],
        "sites": [{"site": "plant", "country": "US"}],
        "demand": [
            {"site": "plant", "material": "ore", "period": p["name"], "quantity": draw(tens(5, 10))} for p in periods
        ],
        "tiers": [],
        "commitments": [],
        "terms": [],
        "lanes": [],
        "duties": [],
        "controls": [],
    }
    for term in draw(st.lists(st.sampled_from(terms), max_size=3, unique=True)) if terms else []:
        _add(draw, tables, term)
    for choice in draw(st.lists(st.sampled_from(choices), max_size=3, unique=True)) if choices else []:
        _choose(draw, tables, choice)
    asked = draw(st.lists(st.sampled_from(kinds), max_size=2)) if kinds else []
    limits = [_limit(draw, tables, kind, f"limit{number}") for number, kind in enumerate(asked)]
    return read({"market": tables, "limits": limits})


def read(record: Tables) -> EnforcedInstance:
    head = {"name": "random", "title": "A random market", "currency": "USD", "mass_unit": "t"}
    return enforce(Instance.model_validate(head | record))


def edited(instance: Instance, *edits: Callable[[Tables], object]) -> EnforcedInstance:
    """Return an instance whose plain record went through `edits`."""
    record = instance.model_dump(mode="json", by_alias=True)
    for edit in edits:
        edit(record)
    return enforce(Instance.model_validate(record))

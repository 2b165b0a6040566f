"""Write a made-up instance of about a given number of flow variables, as a folder of our own tables.

The structure is that of real ones: ore from many countries, refining concentrated in one, owners who
sit elsewhere than their sites, toll refiners fed over lanes beside refined metal that is bought as it
is, contracts, tiers, stock, ramps and share caps by place and by control in every period. Figures are
drawn from a seed, so the same call always writes the same folder; demand may go unmet at a cost, so
every instance has a plan.
"""

from __future__ import annotations

import csv
import math
import random
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Row = dict[str, object]
Weights = dict[str, float]

PERIODS = 12
YEARS = 0.25
"""Length of a period: twelve quarters."""
SEED = 20_270_101

_FEEDS = 7
"""Lanes into a refiner: the sources that it can work."""
_OUTLETS = 5
"""Lanes out of a seller of the last stage: the sites that it delivers to."""
_BOUGHT_AS_IT_IS = 0.5
"""Sellers of refined metal without a feed of ours, for each refiner with one."""
_SOURCES = 1.2
"""Sellers at a stage for each refiner that they feed."""
_TERMS = {
    "none": 70,
    "contract": 10,
    "fixed cost per period": 2,
    "ramp": 5,
    "switching cost": 3,
    "tiers": 6,
    "later": 4,
}
"""In how many of a hundred offers what is asked beyond a price; one in five brings integers."""
CONTRACTS = _TERMS["contract"]

_SEEN = 0.6
"""Power of a country's share with which offers from it are seen: a buyer looks for the others."""

_PLACES: dict[str, tuple[float, float]] = {
    "AR": (-24, -66), "AU": (-31, 121), "BO": (-20, -66), "BR": (-19, -44), "CA": (49, -80), "CD": (-11, 26),
    "CH": (47, 8), "CL": (-23, -69), "CN": (30, 112), "CU": (21, -75), "DE": (51, 10), "ES": (40, -4),
    "FI": (63, 26), "FR": (47, 2), "GA": (-1, 13), "GB": (53, -1), "GN": (10, -11), "ID": (-3, 122),
    "IN": (22, 79), "JP": (35, 138), "KR": (36, 128), "KZ": (49, 67), "MA": (32, -7), "MG": (-19, 47),
    "MM": (22, 97), "MX": (24, -103), "MY": (4, 103), "MZ": (-15, 39), "NO": (60, 8), "PE": (-12, -76),
    "PH": (9, 126), "PL": (51, 18), "PT": (40, -8), "RU": (60, 90), "RW": (-2, 30), "SE": (64, 19),
    "TH": (14, 101), "TR": (39, 35), "UA": (49, 32), "US": (38, -95), "VN": (20, 106), "ZA": (-27, 26),
    "ZW": (-19, 30),
}  # fmt: skip
"""Latitude and longitude of where things are in a country, roughly."""

_EARTH = 6371.0
_OVERSEAS = 9000.0
"""Kilometres from which a shipment may arrive a period later."""
_BUYERS = ("US", "DE", "JP", "KR", "FR", "PL", "US", "SE", "GB", "ES")
_INVESTORS: Weights = {"CN": 0.3, "US": 0.15, "CA": 0.15, "AU": 0.1, "GB": 0.1, "CH": 0.1, "JP": 0.1}


@dataclass(frozen=True, slots=True)
class Kind:
    """A material: its price [USD/t], its stages and where each of them happens."""

    name: str
    price: float
    mined: Weights
    refined: Weights
    middle: str | None = None
    """The name of a stage between mined and refined."""

    @property
    def stages(self) -> tuple[str, ...]:
        """Stages in order."""
        return ("mined", self.middle, "refined") if self.middle else ("mined", "refined")

    def places(self, stage: str) -> Weights:
        """Where a stage happens; a middle stage where both of its neighbours do."""
        if stage == "mined":
            return self.mined
        return self.refined if stage == "refined" else self.refined | self.mined


KINDS = (
    Kind("lithium", 60e3, {"AU": 40, "CL": 20, "CN": 17, "AR": 8, "ZW": 8, "BR": 4, "CA": 3},
         {"CN": 70, "CL": 16, "AR": 6, "AU": 4, "KR": 2, "US": 2}),
    Kind("nickel", 16e3, {"ID": 60, "PH": 9, "RU": 6, "CA": 5, "AU": 4, "BR": 3, "FI": 2},
         {"ID": 42, "CN": 30, "JP": 6, "RU": 6, "CA": 5, "NO": 4, "FI": 4, "AU": 3}, "intermediate"),
    Kind("cobalt", 33e3, {"CD": 74, "ID": 10, "RU": 3, "AU": 3, "PH": 2, "CU": 2, "CA": 2},
         {"CN": 78, "FI": 9, "CA": 4, "JP": 3, "NO": 2, "MG": 2, "MA": 2}, "hydroxide"),
    Kind("graphite", 7e3, {"CN": 78, "MG": 7, "MZ": 6, "BR": 5, "IN": 2, "CA": 2},
         {"CN": 92, "JP": 3, "KR": 3, "US": 2}, "spheronised"),
    Kind("manganese", 2e3, {"ZA": 37, "GA": 23, "AU": 14, "CN": 5, "BR": 5, "IN": 4, "UA": 2},
         {"CN": 92, "ZA": 3, "US": 2, "ID": 3}),
    Kind("copper", 9e3, {"CL": 23, "CD": 14, "PE": 11, "CN": 8, "US": 5, "ID": 5, "AU": 4, "ZW": 3, "KZ": 3},
         {"CN": 45, "CL": 8, "CD": 8, "JP": 6, "RU": 4, "KR": 3, "DE": 3, "US": 3, "PL": 2}, "concentrate"),
    Kind("neodymium", 75e3, {"CN": 69, "MM": 11, "US": 11, "AU": 5, "IN": 2, "RU": 1},
         {"CN": 90, "MY": 6, "US": 2, "FR": 2}, "separated"),
    Kind("dysprosium", 260e3, {"CN": 52, "MM": 40, "AU": 4, "BR": 4}, {"CN": 97, "MY": 2, "FR": 1}, "separated"),
    Kind("tungsten", 40e3, {"CN": 82, "VN": 4, "RU": 3, "ES": 2, "PT": 2, "RW": 2, "BO": 2},
         {"CN": 80, "VN": 8, "DE": 4, "US": 4, "JP": 4}),
    Kind("antimony", 25e3, {"CN": 60, "RU": 12, "TR": 8, "BO": 6, "MM": 5, "AU": 4},
         {"CN": 74, "VN": 6, "IN": 5, "BO": 4, "FR": 3, "MM": 3}),
    Kind("vanadium", 20e3, {"CN": 68, "RU": 18, "ZA": 8, "BR": 6}, {"CN": 66, "RU": 14, "ZA": 8, "DE": 5, "US": 5}),
    Kind("titanium", 9e3, {"CN": 34, "MZ": 20, "ZA": 14, "AU": 6, "CA": 5, "NO": 5, "IN": 4, "UA": 2},
         {"CN": 69, "JP": 17, "RU": 6, "KZ": 5, "IN": 1}),
    Kind("magnesium", 3e3, {"CN": 64, "TR": 8, "BR": 7, "RU": 5, "ES": 4}, {"CN": 88, "RU": 3, "KZ": 3, "TR": 2}),
    Kind("tin", 30e3, {"CN": 23, "MM": 11, "ID": 17, "PE": 10, "CD": 8, "BO": 7, "BR": 6, "AU": 3},
         {"CN": 48, "ID": 18, "PE": 9, "MY": 6, "BR": 4, "TH": 3, "BO": 3, "PL": 2}),
    Kind("tantalum", 190e3, {"CD": 41, "RW": 17, "BR": 16, "CN": 4, "AU": 4, "MZ": 3},
         {"CN": 45, "KZ": 12, "DE": 10, "TH": 9, "JP": 9, "US": 9, "BR": 4}),
    Kind("niobium", 45e3, {"BR": 90, "CA": 8, "RU": 1, "RW": 1}, {"BR": 86, "CA": 8, "CN": 4, "JP": 2}),
    Kind("platinum", 31e6, {"ZA": 71, "RU": 12, "ZW": 10, "CA": 3, "US": 2}, {"ZA": 68, "RU": 13, "GB": 7, "JP": 4}),
    Kind("silicon", 2.5e3, {"CN": 65, "RU": 8, "BR": 6, "NO": 5, "US": 4}, {"CN": 79, "NO": 4, "BR": 4, "US": 3}),
    Kind("gallium", 450e3, {"CN": 80, "GN": 6, "AU": 6, "IN": 4, "BR": 4}, {"CN": 97, "JP": 1, "KR": 1, "DE": 1}),
    Kind("germanium", 2.4e6, {"CN": 60, "US": 12, "CA": 10, "CD": 8, "RU": 6}, {"CN": 68, "CA": 12, "US": 8, "RU": 6}),
)  # fmt: skip
"""Shares in percent, like those of the world in the 2020s; exact figures do not matter here."""


def generate(
    folder: Path, flows: int, materials: int | None = None, contracts: int = CONTRACTS, seed: int = SEED
) -> None:
    """Write an instance of about `flows` flow variables into a folder that is there and empty.

    The number of materials follows the number of flows when it is not given. Of a hundred offers
    `contracts` have one, instead of no terms; the more, the harder the instance is to solve.
    """
    maker = _Maker(random.Random(seed), contracts)  # noqa: S311 (a benchmark keeps no secrets)
    kinds = KINDS[: materials or max(2, min(len(KINDS), round(math.sqrt(flows / 250))))]
    sites = max(3, min(len(_BUYERS), round(flows / 1000)))
    maker.sites(sites)
    for kind in kinds:
        maker.material(kind, flows / PERIODS / len(kinds))
    maker.duties(kinds)
    for table, rows in maker.tables.items():
        _write_table(folder / f"{table}.csv", rows)
    (folder / "instance.toml").write_text(_header(f"bench-{flows}", kinds), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Seller:
    """An offer as its lanes need it."""

    name: str
    country: str
    capacity: float


class _Maker:
    """Draws the rows of every table, material by material."""

    def __init__(self, rng: random.Random, contracts: int) -> None:
        self.rng = rng
        without = _TERMS["none"] + _TERMS["contract"] - contracts
        self._weights = _TERMS | {"none": without, "contract": contracts}
        self.tables: dict[str, list[Row]] = {
            name: []
            for name in (
                "materials", "sites", "demand", "offers", "tiers", "owners", "origins", "lanes", "duties", "stock",
            )
        }  # fmt: skip
        self._sites: list[_Seller] = []
        self._owned: set[str] = set()

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def sites(self, count: int) -> None:
        """Draw the places where demand sits."""
        for number, country in enumerate(_BUYERS[:count], start=1):
            self._sites.append(_Seller(f"plant-{number}", country, 0.0))
            self.tables["sites"].append({"site": f"plant-{number}", "country": country})

    def material(self, kind: Kind, lanes: float) -> None:
        """Draw one material over about `lanes` lanes: its demand, and every stage from the ground up."""
        self.tables["materials"].append(
            {
                "material": kind.name,
                "stages": "; ".join(kind.stages),
                "basis": f"t {kind.name} content",
                "shortage_cost": _figure(3 * kind.price),
            }
        )
        outlets = min(_OUTLETS, len(self._sites))
        fed = len(kind.stages) - 1
        refiners = max(2, math.ceil(lanes / (_FEEDS * fed + outlets * (1 + _BOUGHT_AS_IT_IS))))
        need = self._demand(kind, refiners)
        sellers: list[_Seller] = []
        for position, stage in enumerate(kind.stages):
            last = position == fed
            count = refiners if last else max(_FEEDS - 2, round(refiners * (_SOURCES if position == 0 else 1)))
            margin = 1.5 + 0.3 * (fed - position)
            offers = self._offers(kind, stage, count, margin * need)
            if position:
                self._feed(kind, sellers, offers)
            sellers = offers
        bought = self._offers(kind, "refined", max(1, round(refiners * _BOUGHT_AS_IT_IS)), 0.6 * need, as_it_is=True)
        self._deliver(kind, sellers + bought, outlets)

    def duties(self, kinds: Iterable[Kind]) -> None:
        """Put duties on refined material from China into some countries."""
        for kind in kinds:
            for buyer in ("US", "DE", "FR"):
                if self._chance(0.5):
                    rate = self.rng.choice((0.03, 0.055, 0.25))
                    self.tables["duties"].append(
                        {"duty": "duty", "material": kind.name, "stage": "refined", "from_country": "CN",
                         "to_country": buyer, "rate": rate}
                    )  # fmt: skip

    def _demand(self, kind: Kind, refiners: int) -> float:
        """Draw the demand of most sites, some with room for stock; return what is needed in a year."""
        buying = [site for site in self._sites if self._chance(0.85)] or self._sites[:1]
        yearly = refiners * 2e8 / kind.price / len(buying)
        total = 0.0
        for site in buying:
            level = yearly * self.rng.lognormvariate(0, 0.5)
            growth = self.rng.uniform(-0.01, 0.04)
            for period in range(PERIODS):
                units = level * YEARS * (1 + growth * period) * self.rng.uniform(0.9, 1.1)
                total += units
                self.tables["demand"].append(
                    {"site": site.name, "material": kind.name, "period": _period(period), "quantity": _figure(units)}
                )
            if self._chance(0.3):
                self.tables["stock"].append(
                    {"site": site.name, "material": kind.name, "opening": _figure(0.1 * level * YEARS),
                     "closing_minimum": _figure(0.05 * level * YEARS), "capacity": _figure(0.6 * level * YEARS),
                     "holding_cost": _figure(0.08 * kind.price)}
                )  # fmt: skip
        return total / (PERIODS * YEARS)

    def _offers(self, kind: Kind, stage: str, count: int, total: float, *, as_it_is: bool = False) -> list[_Seller]:
        """Draw the offers of a stage, whose capacities add up to `total` a year, with their terms."""
        places = kind.places(stage)
        sizes = [self.rng.lognormvariate(0, 0.6) for _ in range(count)]
        drawn = self._countries(places, count)
        sellers = []
        for number, (size, country) in enumerate(zip(sizes, drawn, strict=True)):
            word = "metal" if as_it_is else stage
            name = f"{kind.name}-{word}-{country.lower()}-{number + 1}"
            capacity = total * size / sum(sizes)
            company = f"{kind.name}-{country.lower()}-{number // 2 + 1}" if number % 4 else f"{name}-co"
            offer: Row = {"offer": name, "company": company, "material": kind.name, "stage": stage,
                          "country": country, "capacity": _figure(capacity),
                          "price": self._price(kind, stage, country, as_it_is=as_it_is)}  # fmt: skip
            if stage != "mined" and not as_it_is:
                offer["yield"] = round(self.rng.uniform(0.8, 0.97), 3)
            self._terms(offer, capacity)
            self.tables["offers"].append(offer)
            self._own(company, country)
            if as_it_is:
                self._declare(name, kind)
            sellers.append(_Seller(name, country, capacity))
        return sellers

    def _countries(self, places: Weights, count: int) -> list[str]:
        """Draw a country for each of some offers, so that every country has nearly its part of them."""
        ends = list(accumulate(share**_SEEN for share in places.values()))
        start = self.rng.random()
        marks = [(start + number) * ends[-1] / count for number in range(count)]
        drawn = [list(places)[bisect(ends, mark)] for mark in marks]
        self.rng.shuffle(drawn)
        return drawn

    def _price(self, kind: Kind, stage: str, country: str, *, as_it_is: bool) -> float:
        share = 1.0 if as_it_is else 0.55 if stage == "mined" else 0.2
        cheaper = 0.85 if country in {"CN", "ID"} and stage != "mined" else 1.0
        return _figure(kind.price * share * cheaper * self.rng.lognormvariate(0, 0.2))

    def _terms(self, offer: Row, capacity: float) -> None:
        """Give some offers a contract, a ramp, an incumbent or tiers."""
        price = float(str(offer["price"]))
        value = capacity * price
        terms = self.rng.choices(list(self._weights), weights=list(self._weights.values()))[0]
        if terms == "contract":
            offer["fixed_cost"] = _figure(0.03 * value * self.rng.uniform(0.5, 1.5))
            offer["minimum_take"] = _figure(self.rng.uniform(0.1, 0.4) * capacity)
        elif terms == "fixed cost per period":
            offer["fixed_cost_per_period"] = _figure(0.01 * value * YEARS)
        elif terms == "ramp":
            offer["incumbent_quantity"] = _figure(0.4 * capacity)
            offer["ramp"] = _figure(0.2 * capacity)
        elif terms == "switching cost":
            offer["incumbent_quantity"] = _figure(0.3 * capacity)
            offer["minimum_take"] = _figure(0.1 * capacity)
            offer["switching_cost"] = _figure(0.01 * value)
        elif terms == "tiers":
            factor = self.rng.choice((0.96, 0.97, 1.05, 1.08))
            for step in (1, 2):
                self.tables["tiers"].append(
                    {"offer": offer["offer"], "from_quantity": _figure(0.3 * step * capacity),
                     "price": _figure(price * factor**step), "kind": "incremental"}
                )  # fmt: skip
        elif terms == "later":
            offer["from_period"] = _period(self.rng.randrange(1, PERIODS // 2))

    def _own(self, company: str, country: str) -> None:
        """Say who owns a company: its country, investors from elsewhere, or both; once a company."""
        if company in self._owned:
            return
        self._owned.add(company)
        abroad = self.rng.choices(list(_INVESTORS), weights=list(_INVESTORS.values()))[0]
        own = self.rng.choice((1.0, 1.0, 0.6, 0.3, 0.0)) if country != "CN" else 1.0
        known = self.rng.choice((1.0, 1.0, 1.0, 0.9))
        shares = {country: own * known} if abroad != country else {country: known}
        if abroad != country:
            shares[abroad] = (1 - own) * known
        self.tables["owners"] += [
            {"company": company, "country": owner, "share": round(share, 4)} for owner, share in shares.items() if share
        ]

    def _declare(self, offer: str, kind: Kind) -> None:
        """Declare where the ore of most refined metal is from, in one to three countries."""
        if self._chance(0.2):
            return
        for stage in kind.stages[:-1]:
            places = kind.places(stage)
            drawn = dict.fromkeys(self.rng.choices(list(places), weights=list(places.values()), k=3))
            for country in drawn:
                self.tables["origins"].append(
                    {"offer": offer, "stage": stage, "country": country,
                     "owner": country if self._chance(0.6) else None,
                     "share": round(math.floor(0.95e4 / len(drawn)) / 1e4, 4)}
                )  # fmt: skip

    def _feed(self, kind: Kind, sources: Sequence[_Seller], refiners: Sequence[_Seller]) -> None:
        """Draw lanes into refiners; every source gets one at least."""
        taken: set[tuple[str, str]] = set()
        for number, source in enumerate(sources):
            self._lane(kind, source, refiners[number % len(refiners)], taken)
        for refiner in refiners:
            already = sum(1 for _, destination in taken if destination == refiner.name)
            for source in self.rng.sample(sources, k=min(_FEEDS, len(sources)))[: max(0, _FEEDS - already)]:
                self._lane(kind, source, refiner, taken)

    def _deliver(self, kind: Kind, sellers: Sequence[_Seller], outlets: int) -> None:
        """Draw lanes from the sellers of the last stage to sites."""
        buying = {row["site"] for row in self.tables["demand"] if row["material"] == kind.name}
        sites = [site for site in self._sites if site.name in buying]
        taken: set[tuple[str, str]] = set()
        for seller in sellers:
            for site in self.rng.sample(sites, k=min(outlets, len(sites))):
                self._lane(kind, seller, site, taken)

    def _lane(self, kind: Kind, origin: _Seller, end: _Seller, taken: set[tuple[str, str]]) -> None:
        """Add a lane once, with a freight by distance, and sometimes a capacity or a period on the way."""
        if (origin.name, end.name) in taken:
            return
        taken.add((origin.name, end.name))
        distance = _distance(origin.country, end.country)
        freight = min(0.08 * kind.price, 20 + 0.02 * distance) * self.rng.uniform(0.8, 1.25)
        lane: Row = {"origin": origin.name, "destination": end.name, "freight": _figure(freight)}
        if self._chance(0.1):
            lane["capacity"] = _figure(0.5 * origin.capacity)
        if distance > _OVERSEAS and self._chance(0.3):
            lane["lead_time"] = 1
        self.tables["lanes"].append(lane)


def _distance(start: str, end: str) -> float:
    """Return the great circle between two countries [km]."""
    (north_a, east_a), (north_b, east_b) = _PLACES[start], _PLACES[end]
    a, b, turn = math.radians(north_a), math.radians(north_b), math.radians(east_a - east_b)
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
    return _EARTH * math.acos(max(-1.0, min(1.0, cosine)))


def _figure(number: float) -> float:
    """Round to the four digits that people write."""
    return float(f"{number:.4g}")


def _period(number: int) -> str:
    return f"{2027 + number // 4}Q{number % 4 + 1}"


def _write_table(path: Path, rows: Sequence[Row]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if not columns:
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _header(name: str, kinds: Sequence[Kind]) -> str:
    """Return the header: periods, share caps by place, control and company, and wishes at a price."""
    lines = [
        f'name = "{name}"',
        'title = "Made up to be measured"',
        'currency = "USD"',
        'mass_unit = "t"',
        "as_of = 2027-01-01",
    ]
    for period in range(PERIODS):
        lines += ["", "[[periods]]", f'name = "{_period(period)}"', f"years = {YEARS}"]
    wished = [kind.name for kind in kinds[::3]]
    country, ore, metal = 'each = "country"', 'stages = ["mined"]', 'stages = ["refined"]'
    place, control, firm = 'basis = "place"', 'basis = "control"', "hard = true"
    for limit, keys in {
        "one-country-mined": [country, place, ore, "max_share = 0.6", firm],
        "one-country-refined": [country, place, metal, "max_share = 0.65", firm],
        "one-owner-refined": [country, control, metal, "max_share = 0.7", firm],
        "one-company": ['each = "company"', 'per = "horizon"', metal, "max_share = 0.4", firm],
        "china-mined": ['country = "CN"', control, ore, "max_share = 0.6", firm],
        "china-falling": ['country = "CN"', control, 'per = "horizon"', f"materials = {wished}", metal,
                          "max_share = 0.4", "penalty = 2000"],
    }.items():  # fmt: skip
        lines += ["", f"[limits.{limit}]", 'kind = "share_cap"', *keys]
    lines += ["", "[limits.three-countries]", 'kind = "least_sources"', 'count = "country"', place,
              f"materials = {wished[:3]}", metal, 'per = "horizon"', "min_sources = 3",
              "counts_from = 0.05", "penalty = 1000000"]  # fmt: skip
    return "\n".join(lines).replace("'", '"') + "\n"

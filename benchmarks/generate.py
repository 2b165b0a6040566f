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

from kinds import KINDS, Kind, Weights, great_circle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Row = dict[str, object]

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

_OVERSEAS = 9000.0
"""Kilometres from which a shipment may arrive a period later."""
_BUYERS = ("US", "DE", "JP", "KR", "FR", "PL", "US", "SE", "GB", "ES")
_INVESTORS: Weights = {"CN": 0.3, "US": 0.15, "CA": 0.15, "AU": 0.1, "GB": 0.1, "CH": 0.1, "JP": 0.1}


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
        distance = great_circle(origin.country, end.country)
        freight = min(0.08 * kind.price, 20 + 0.02 * distance) * self.rng.uniform(0.8, 1.25)
        lane: Row = {"origin": origin.name, "destination": end.name, "freight": _figure(freight)}
        if self._chance(0.1):
            lane["capacity"] = _figure(0.5 * origin.capacity)
        if distance > _OVERSEAS and self._chance(0.3):
            lane["lead_time"] = 1
        self.tables["lanes"].append(lane)


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

"""What an answer leaves out, as data: unmet demand, and facts that are only assumed.

One record for every face: text, ``-q``, JSON, CSV and pictures say what stands here (`optimizer.report.caveats`
has the words). How far a cost is proven stands beside the cost, as status, bound and gap.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, get_args

from models.records.fields import Quality
from models.records.tolerances import RECOUNTED
from optimizer.results.assumed_costs import CostAtAssumed, assumed_costs
from optimizer.results.shut_out import ShutOut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from models.market import Market, Record
    from optimizer.results.account import Account


@dataclass(frozen=True, slots=True)
class Unmet:
    """Demand for a material that a plan leaves unmet, over the horizon."""

    material: str
    quantity: float
    """Units of the material's basis."""
    demand: float
    """Units needed in all."""
    cost: float
    """What that costs [currency]."""
    periods: tuple[tuple[str, float], ...]
    """Units by period in which any are unmet, in order."""

    @property
    def share(self) -> float:
        """Part of the demand, from 0 to 1."""
        return self.quantity / self.demand if self.demand else 0.0

    def as_data(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {
            "material": self.material,
            "quantity": self.quantity,
            "demand": self.demand,
            "share": self.share,
            "cost": self.cost,
            "periods": dict(self.periods),
        }


@dataclass(frozen=True, slots=True)
class Assumed:
    """How many of the rows that a plan uses are assumed, in all or in some columns, and how much of its cost."""

    rows: int = 0
    used: int = 0
    """Rows that the plan uses, assumed or not."""
    partly: int = 0
    """Those of the assumed rows of which some columns only are assumed."""
    known: tuple[tuple[str, int], ...] = ()
    """Rows that are not assumed by how well they are known, those that do not say it under an empty word."""
    costs: tuple[CostAtAssumed, ...] = ()
    """What is paid at assumed prices, freights and rates, by name of cost; empty where that is not known."""
    tables: tuple[tuple[str, int], ...] = ()
    """Assumed rows by table, in the order of the tables."""
    offers: tuple[str, ...] = ()
    """Offers with an assumed row, the largest purchase first; not known of a plan that was read from its folder."""
    corridors: tuple[str, ...] = ()
    """Corridors of which the capacity is assumed, in the order of the table; not known of a plan from its folder."""

    @property
    def share(self) -> float | None:
        """Part of the cost that is paid at assumed figures, from 0 to 1; None where that is not known."""
        total = sum(one.amount for one in self.costs)
        return sum(one.assumed for one in self.costs) / total if total else None

    def as_data(self) -> dict[str, Any]:
        """Return this as plain data: money in the currency, shares from 0 to 1."""
        return {
            "rows": self.rows,
            "used": self.used,
            "tables": dict(self.tables),
            "partly": self.partly,
            "known": {word or "not said": count for word, count in self.known},
            "share": self.share,
            "costs": {one.cost: {"amount": one.amount, "assumed": one.assumed} for one in self.costs},
        }


@dataclass(frozen=True, slots=True)
class Caveats:
    """What the cost of a plan does not say."""

    unmet: tuple[Unmet, ...] = ()
    """By material, the largest share of demand first."""
    assumed: Assumed = Assumed()
    shut: tuple[ShutOut, ...] = ()
    """Stages of unmet materials at which a limit lets nothing be bought for what is undisclosed."""

    @property
    def shortage_cost(self) -> float:
        """What unmet demand costs, as part of the cost of the plan [currency]."""
        return sum(short.cost for short in self.unmet)

    def as_data(self) -> dict[str, Any]:
        """Return this as plain data: quantities in the mass unit, money in the currency, shares from 0 to 1."""
        return {
            "unmet": [short.as_data() for short in self.unmet],
            "assumed": self.assumed.as_data(),
            "undisclosed": [asdict(shut) for shut in self.shut],
        }


def caveats_in(data: Mapping[str, Any]) -> Caveats:
    """Return what `Caveats.as_data` wrote; raises KeyError, TypeError or ValueError for something else."""
    assumed = data["assumed"]
    return Caveats(
        unmet=tuple(
            Unmet(
                material=str(row["material"]),
                quantity=_amount(row["quantity"]),
                demand=_amount(row["demand"]),
                cost=_amount(row["cost"]),
                periods=tuple((str(period), _amount(units)) for period, units in row["periods"].items()),
            )
            for row in data["unmet"]
        ),
        assumed=Assumed(
            rows=int(_amount(assumed["rows"])),
            used=int(_amount(assumed["used"])),
            tables=_counts(assumed["tables"]),
            partly=int(_amount(assumed.get("partly", 0))),
            known=tuple((_WORDS.get(word, word), count) for word, count in _counts(assumed.get("known", {}))),
            costs=tuple(
                CostAtAssumed(str(cost), _amount(row["amount"]), _amount(row["assumed"]))
                for cost, row in assumed.get("costs", {}).items()
            ),
        ),
        shut=tuple(_shut_in(row) for row in data["undisclosed"]),
    )


_WORDS = {"not said": ""}
"""What stands in data for a word that is empty."""


def _counts(counts: Mapping[str, object]) -> tuple[tuple[str, int], ...]:
    return tuple((str(name), int(_amount(count))) for name, count in counts.items())


def _amount(value: object) -> float:
    """Return a number that is finite and not below zero; raises ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise ValueError(value)
    return float(value)


def _shut_in(row: Mapping[str, Any]) -> ShutOut:
    return ShutOut(
        limit=str(row["limit"]),
        material=str(row["material"]),
        stage=str(row["stage"]),
        who=tuple(map(str, row["who"])),
        share=_amount(row["share"]),
        owners_of=tuple(map(str, row["owners_of"])),
        origins_of=tuple(map(str, row["origins_of"])),
    )


def caveats_of(market: Market, account: Account) -> Caveats:
    """Return what a plan leaves out; `market` is as the instance states it."""
    unmet = unmet_of(account)
    return Caveats(unmet, _assumed(market, account), tuple(_shut_in_plan(unmet, account)))


def _shut_in_plan(unmet: Iterable[Unmet], account: Account) -> Iterator[ShutOut]:
    """Yield what is undisclosed where a plan buys nothing in periods in which a material is unmet."""
    from optimizer.results.undisclosed import list_shut_out  # which knows limits, and what is read needs none

    exposure, most = account.exposure, account.network.quantities
    for short in unmet:
        for shut in list_shut_out(account.limits, exposure, most, (short.material,)):
            stage = (shut.material, shut.stage)
            if any(account.supplied[*stage, period] <= 0 for period, _ in short.periods):
                yield shut


def unmet_of(account: Account) -> tuple[Unmet, ...]:
    """Return the demand that a plan leaves unmet."""
    unmet = account.plan.unmet
    nodes = ((material, p, need, unmet.get((site, material, p), 0.0)) for (site, material, p), need in _needs(account))
    costs = {name: cost for (kind, name), cost in account.costs_by_material.items() if kind == "shortage"}
    return unmet_in(nodes, costs)


def _needs(account: Account) -> Iterable[tuple[tuple[str, str, str], float]]:
    """Return the demand by (site, material, period), period by period."""
    place = {period: number for number, period in enumerate(account.market.years)}
    return sorted(account.network.nodes.items(), key=lambda node: place[node[0][2]])


def unmet_in(nodes: Iterable[tuple[str, str, float, float]], costs: Mapping[str, float]) -> tuple[Unmet, ...]:
    """Add up what is unmet by material, the largest share of demand first.

    Nodes are material, period, demand and unmet, in the order of the periods; costs are currency by material.
    Less than rounding of a demand is none.
    """
    demand: dict[str, float] = defaultdict(float)
    short: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for material, period, need, units in nodes:
        demand[material] += need
        if units > 0:
            short[material][period] += units
    found = [
        Unmet(material, sum(by_period.values()), demand[material], costs.get(material, 0.0), tuple(by_period.items()))
        for material, by_period in short.items()
        if sum(by_period.values()) > RECOUNTED * demand[material]
    ]
    return tuple(sorted(found, key=lambda one: (-one.share, one.material)))


def _assumed(market: Market, account: Account) -> Assumed:
    from optimizer.results.used_rows import used_rows  # which knows a market, and what is read needs none

    used = list(used_rows(market, account))
    assumed = [(table, row) for table, row in used if _is_assumed(row)]
    known = Counter(row.standing or "" for _, row in used if not _is_assumed(row))
    bought: dict[str, float] = defaultdict(float)
    for (offer, _), units in account.quantity.items():
        bought[offer] += units
    offers = [str(row.key[0]) for table, row in assumed if table == "offers"]
    return Assumed(
        rows=len(assumed),
        used=len(used),
        partly=sum(row.standing != "assumed" for _, row in assumed),
        known=tuple((word, known[word]) for word in (*get_args(Quality), "") if known[word]),
        costs=assumed_costs(account),
        tables=tuple(Counter(table for table, _ in assumed).items()),
        offers=tuple(sorted(offers, key=lambda offer: (-bought[offer], offer))),
        corridors=tuple(str(row.key[0]) for table, row in assumed if table == "corridors" and row.assumes("capacity")),
    )


def assumed_rows(market: Market, account: Account) -> list[dict[str, str]]:
    """Return the assumed rows that a plan uses: table, row (what its key columns say), source, columns if not all."""
    from optimizer.results.used_rows import name_row, used_rows  # as above

    assumed = ((table, row) for table, row in used_rows(market, account) if _is_assumed(row))
    return [
        {"table": table, "row": name_row(row), "source": row.source or "", "assumed": "; ".join(row.assumed)}
        for table, row in assumed
    ]


def _is_assumed(row: Record) -> bool:
    """Whether it is assumed, in all or in some columns."""
    return row.standing == "assumed" or bool(row.assumed)

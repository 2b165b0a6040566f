"""Instances made of one instance: its limit moved, softened, over several periods, over two materials."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from models.limits.contract.scoped import ScopedLimit
from tests.blocks.markets import ORE
from tests.laws.markets import edited

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from models.limits import Limit

Tables = dict[str, Any]

TWIN = "tin"
"""The second material of a market of two alike."""
SECOND = "second"
"""The site that is added."""
_NOTHING = 1e-3
"""Currency per unit, below any price."""
_ROOM = 1.2
"""Times the demand that all offers of a cramped market have room for."""
LATER, IDLE = "later", "idle"
"""The periods that are added after the last one; nothing is needed in the idle one."""


def with_limits(asked: Instance, *limits: Tables) -> EnforcedInstance:
    """Return an instance with these limits, as plain records, and no others."""
    return edited(asked, lambda record: record.update(limits=list(limits)))


def each_limit(asked: Instance, change: Callable[[Tables], Tables]) -> EnforcedInstance:
    """Return an instance each of whose limits, as plain records, went through `change`."""
    return with_limits(asked, *(change(limit.model_dump(mode="json")) for limit in asked.limits))


def first_limit(asked: Instance, **fields: Any) -> EnforcedInstance:
    """Return an instance some fields of whose first limit are changed."""
    first, *others = (limit.model_dump(mode="json") for limit in asked.limits)
    return with_limits(asked, first | fields, *others)


def at_level(asked: Instance, level: float) -> EnforcedInstance:
    """Return an instance whose first limit stands at another level."""
    first = asked.limits[0]
    return first_limit(asked, **{first.LEVEL: int(level) if first.UNIT == "count" else level})


def soft(asked: Instance, penalty: float) -> EnforcedInstance:
    """Return an instance whose first limit gives at a penalty per unit of excess."""
    return first_limit(asked, hard=None, watch=None, penalty=penalty)


def in_units(asked: Instance, *, mass: float = 1.0, money: float = 1.0) -> EnforcedInstance:
    """Return an instance whose units of quantity and of money are smaller by these factors, so its figures larger."""

    def change(record: Tables) -> None:
        for columns, factor in ((AMOUNTS, mass), (UNIT_COSTS, money / mass), (LUMPS, money)):
            for column, tables in columns.items():
                for row in (row for table in tables.split() for row in record["market"].get(table) or ()):
                    row[column] = None if row.get(column) is None else row[column] * factor
        for limit, record_of in zip(asked.limits, record["limits"], strict=True):
            for field, factor in _units_of(limit, mass, money).items():
                record_of[field] *= factor

    return edited(asked, change)


def _units_of(limit: Limit, mass: float, money: float) -> dict[str, float]:
    """Return by which factor each figure of a limit grows."""
    unit, of_rows = limit.unit("t", "USD"), limit.excess_unit("t", "USD")
    adds_up = limit.UNIT == "figure" and unit == of_rows
    factor = {"quantity": mass, "money": money}.get(limit.UNIT, mass if adds_up else 1.0)
    more = {field: mass for field in _QUANTITIES if getattr(limit, field, None) is not None}
    return {limit.LEVEL: factor} | more


_QUANTITIES = ("committed",)
"""Fields of limits, beside the level, that are quantities."""

AMOUNTS = {
    "quantity": "demand bill_of_materials commitments earlier under_way", "from_quantity": "tiers", "opening": "stock",
    "closing_minimum": "stock", "capacity": "offers terms lanes corridors lane_terms stock",
    "minimum": "lanes corridors", "minimum_take": "offers terms", "ramp": "offers", "incumbent_quantity": "offers",
    "of_products": "demand",
}  # fmt: skip
UNIT_COSTS = {
    "shortage_cost": "materials demand", "price": "offers terms tiers", "customs_value": "offers",
    "freight": "lanes lane_terms", "holding_cost": "stock stock_terms",
}  # fmt: skip
LUMPS = {
    "fixed_cost": "offers lanes corridors", "fixed_cost_per_period": "offers", "switching_cost": "offers",
    "opening_cost": "offers",
}  # fmt: skip
"""Columns in units of mass, of money for one, and of money, with the tables that have them."""


def starved(asked: Instance) -> EnforcedInstance:
    """Return an instance in which it is cheaper to go without anything than to buy."""

    def give_up(record: Tables) -> None:
        for row in record["market"]["materials"]:
            row["shortage_cost"] = _NOTHING

    return edited(asked, give_up)


def divided(asked: Instance) -> EnforcedInstance:
    """Return an instance with a second site, which needs as much as each does already."""

    def add_site(record: Tables) -> None:
        market = record["market"]
        first = market["sites"][0]["site"]
        market["sites"].append(market["sites"][0] | {"site": SECOND})
        market["demand"] += [row | {"site": SECOND} for row in market["demand"] if row["site"] == first]
        market["lanes"] += [row | {"destination": SECOND} for row in market["lanes"] if row["destination"] == first]
        for row in market["offers"]:
            row["capacity"] *= 2

    return edited(asked, add_site)


def spread(asked: Instance) -> EnforcedInstance:
    """Return an instance whose offers have so little room each that something must be bought of all."""

    def cramp(record: Tables) -> None:
        offers, demand = record["market"]["offers"], record["market"]["demand"]
        need = max((row["quantity"] for row in demand), default=0.0)
        for row in offers:
            row["capacity"] = min(row["capacity"], _ROOM * need / len(offers))

    return edited(asked, cramp)


def tighter(asked: Instance) -> EnforcedInstance:
    """Return an instance whose first limit stands at a clearly tighter level."""
    limit = asked.limits[0]
    down = limit.SENSE == "at most"
    if limit.UNIT == "count":
        return at_level(asked, max(0.0, limit.level + (-1 if down else 1)))
    return at_level(
        asked, limit.level / 2 if down else (limit.level + 1) / 2 if limit.UNIT == "share" else 2 * limit.level
    )


def lengthened(asked: Instance) -> EnforcedInstance:
    """Return an instance with a period more, two years long and with twice the demand of the last, and an idle one."""

    def twice(units: float | None) -> float | None:
        return None if units is None else 2 * units

    def add_period(record: Tables) -> None:
        market = record["market"]
        last = market["periods"][-1]["name"]
        market["periods"] += [{"name": LATER, "years": 2}, {"name": IDLE, "years": 1}]
        market["demand"] += [
            row | {"period": LATER, "quantity": 2 * row["quantity"], "of_products": twice(row["of_products"])}
            for row in market["demand"]
            if row["period"] == last
        ]
        market["products"] += [
            row | {"period": LATER, "quantity": 2 * row["quantity"]}
            for row in market["products"]
            if row["period"] == last
        ]

    return edited(asked, add_period)


def twinned(asked: Instance, *, dearer: float = 0.0) -> EnforcedInstance:
    """Return an instance of two materials, each with the market of the one, without limits.

    A tonne of the second material costs `dearer` more.
    """

    def add_material(record: Tables) -> None:
        market = record["market"]
        for table, rows in market.items():
            if isinstance(rows, list) and table not in _SHARED:
                market[table] = [*rows, *(_of_twin(row, asked) for row in rows)]
        for row in market["offers"] + market["tiers"]:
            row["price"] += dearer if row["offer"].startswith(TWIN) else 0.0
        record["limits"] = []

    return edited(asked, add_material)


def for_twin(limit: Limit, asked: Instance) -> Tables:
    """Return what a limit would say of the second material, as a plain record of another name."""
    scope = {"materials": [TWIN]} if isinstance(limit, ScopedLimit) else {}
    said: Tables = _of_twin(limit.model_dump(mode="json") | scope, asked)
    return said | {"name": TWIN + limit.name}


def for_one(limit: Limit) -> Tables:
    """Return a limit for the first material only, as a plain record."""
    scope = {"materials": [ORE]} if isinstance(limit, ScopedLimit) else {}
    return limit.model_dump(mode="json") | scope


def _of_twin(record: Any, asked: Instance) -> Any:
    """Return a record with the second material, and its offers and companies, in the place of the first's."""
    names = {o.offer for o in asked.market.offers} | {o.company for o in asked.market.offers}
    names |= {corridor.corridor for corridor in asked.market.corridors}
    names |= {made.product for made in asked.market.products}
    return renamed(record, {name: TWIN + name for name in names} | {ORE: TWIN})


def renamed(record: Any, names: dict[str, str]) -> Any:
    """Return a plain record with names changed wherever they stand."""
    match record:
        case dict():
            return {key: renamed(part, names) for key, part in record.items()}
        case list() | tuple():
            return [renamed(part, names) for part in record]
        case str():
            return names.get(record, record)
    return record


_SHARED = {"periods", "sites", "attributes", "scores", "blocs", "countries"}
"""Tables and lists of a market that speak of no material."""


def levels(asked: Instance, loose: dict[str, Any], impossible: dict[str, Any], steps: int = 5) -> list[float]:
    """Return levels of the first limit from one that says next to nothing to one that leaves no plan, or nearly so.

    `loose` and `impossible` are the fields of a case; where they do not move the level it goes to its own extreme.
    """
    limit = asked.limits[0]
    near = abs(limit.level) or 1.0
    at_most = limit.SENSE == "at most"
    widest = {"share": 1.0}.get(limit.UNIT, 3 * near) if at_most else 0.0
    tightest = 0.0 if at_most else {"share": 1.0}.get(limit.UNIT, 3 * near)
    start, end = float(loose.get(limit.LEVEL, widest)), float(impossible.get(limit.LEVEL, tightest))
    start = min(start, 3 * near) if at_most else start
    way = [start, *(limit.level + (end - limit.level) * step / steps for step in range(steps + 1))]
    if limit.UNIT == "count":
        way = [float(math.floor(level) if at_most else math.ceil(level)) for level in way]
    return list(dict.fromkeys(sorted(way, reverse=at_most)))

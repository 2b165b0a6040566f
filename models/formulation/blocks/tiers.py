r"""Price tiers: a price that changes with the quantity bought within a period.

Let the steps of an offer be 0 = b_0 < b_1 < ... < b_K (times the length of the period) with prices
p_0 (the offer's own), ..., p_K, and b_{K+1} the most that can be bought. In a period in which p_0 is another, all
p_k are in the same proportion.

Incremental, where further units cost p_k:

    q = sum_k s_k,   0 <= s_k <= b_{k+1} - b_k,   cost = sum_k p_k s_k
    s_k >= (b_{k+1} - b_k) f_k,   s_{k+1} <= (b_{k+2} - b_{k+1}) f_k,   f_k in {0, 1}

where f_k says that tier k is full; the f_k are left out when prices only rise, because then the
cheap tiers fill up first by themselves.

All-units, where every unit costs p_k:

    q = sum_k s_k,   b_k y_k <= s_k <= b_{k+1} y_k,   sum_k y_k <= 1,   y_k in {0, 1}

At the step itself the lower of the two prices holds.

A response has one price an offer and period, which follows from the tiers that the plan reached (`calls`). So a plan
for scenarios has the f_k of rising prices too, where its offer gives anything at short notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyomo.core import Binary, NonNegativeReals, SetOf, Var

from models.algebra.constraints import LinearRows
from models.formulation.blocks.block import MarketBlock
from models.formulation.sourcing import pay
from models.market.price_schedule import Schedule, schedules

if TYPE_CHECKING:
    from pyomo.core import ConcreteModel

Part = tuple[str, str, str]


def add(m: ConcreteModel) -> None:
    """Split the quantity of every tiered offer into its tiers and charge each at its price."""
    schedule_of = schedules(m.market)
    if not schedule_of or m.response is not None:
        return
    parts: dict[Part, tuple[Schedule, int, float, float]] = {}
    for key, quantity in m.quantities.items():
        schedule = schedule_of.get(key)
        if schedule is not None:
            for k, (start, end) in enumerate(schedule.spans(m.market.years[key[1]], quantity.ub)):
                parts[(*key, str(k))] = (schedule, k, start, end)
    m.tier = Var(SetOf(list(parts)), domain=NonNegativeReals, doc="units bought in a tier [quantity]")
    m.tier_chosen = Var(
        SetOf([part for part, (schedule, *_) in parts.items() if _is_chosen(m, part[0], schedule)]),
        domain=Binary,
        doc="incremental: the tier is full; all-units: the tier is the one that holds [0/1]",
    )
    _split(m, parts)
    _order(m, parts)
    for part, (schedule, k, _, _) in parts.items():
        pay(m, part[0], part[1], (schedule.prices[k], m.tier[part]))


def _is_chosen(m: ConcreteModel, offer: str, schedule: Schedule) -> bool:
    """Whether it is a decision of its own which tier is reached: for the plan, or for what is called of it."""
    return schedule.needs_binaries or (m.foresees and m.market.short_notice(offer).surge > 0)


def _split(m: ConcreteModel, parts: dict[Part, tuple[Schedule, int, float, float]]) -> None:
    split = m.rows["tier_split"] = LinearRows("sum of tiers == quantity")
    by_quantity: dict[tuple[str, str], list[Part]] = {}
    for part in parts:
        by_quantity.setdefault(part[:2], []).append(part)
    for key, group in by_quantity.items():
        split.equal(key, [*((1.0, m.tier[part]) for part in group), (-1.0, m.quantity[key])], 0.0)
    one = m.rows["tier_choice"] = LinearRows("at most one all-units tier holds")
    for key, group in by_quantity.items():
        if parts[group[0]][0].kind == "all-units":
            one.at_most(key, [(1.0, m.tier_chosen[part]) for part in group], 1.0)


def _order(m: ConcreteModel, parts: dict[Part, tuple[Schedule, int, float, float]]) -> None:
    order = m.rows["tier_order"] = LinearRows("lower end * chosen <= tier <= upper end * chosen")
    for part, (schedule, k, start, end) in parts.items():
        tier, width = m.tier[part], end - start
        if schedule.kind == "all-units":
            order.at_least(("from", *part), [(1.0, tier), (-start, m.tier_chosen[part])], 0.0)
            order.at_most(("to", *part), [(1.0, tier), (-end, m.tier_chosen[part])], 0.0)
            continue
        tier.setub(width)
        if not _is_chosen(m, part[0], schedule):
            continue
        order.at_least(("full", *part), [(1.0, tier), (-width, m.tier_chosen[part])], 0.0)
        before = (*part[:2], str(k - 1))
        if before in parts:
            order.at_most(("after", *part), [(1.0, tier), (-width, m.tier_chosen[before])], 0.0)


BLOCK = MarketBlock(add)

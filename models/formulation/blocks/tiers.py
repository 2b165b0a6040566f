r"""Price tiers: a price that changes with the quantity bought within a period, or within a year.

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

Tiers that count over a year have q, s and b of all periods of a calendar year in which the offer is sold together, one
f_k or y_k, and s_k the sum of parts s_{kt} that add up to q_t in each of them. Prices are the same all year.

A response has one price an offer and period, which follows from the tiers that the plan reached (`calls`). So a plan
for scenarios has the f_k of rising prices too, where its offer gives anything at short notice; and as nothing else says
there which tier holds at a step, a tier is reached only by what is bought in it:

    s_{k+1} >= 1e-6 b_{k+1} f_k
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pyomo.core import Binary, NonNegativeReals, SetOf

from models.algebra.constraints import LinearRows
from models.algebra.variables import declare
from models.formulation.blocks.block import MarketBlock
from models.formulation.sourcing import pay
from models.market.price_schedule import PricingWindow, list_counted
from models.records.tolerances import STRICTLY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyomo.core import ConcreteModel

    from models.market.price_schedule import Schedule

Part = tuple[str, str, str]
"""Offer, period or year, and number of a tier."""


class _Tier(NamedTuple):
    """A tier of what counts together of an offer, from one quantity on to another."""

    counted: PricingWindow
    k: int
    start: float
    end: float

    def of_periods(self, m: ConcreteModel) -> list[tuple[float, Any]]:
        """Return what is bought in the tier, as terms."""
        return [(1.0, m.tier[self.counted.offer, period, str(self.k)]) for period in self.counted.periods]


def add(m: ConcreteModel) -> None:
    """Split the quantity of every tiered offer into its tiers and charge each at its price."""
    if not m.market.tiers or m.response is not None:
        return
    tiers: dict[Part, _Tier] = {}
    for counted in list_counted(m.market):
        most = sum(m.quantities[counted.offer, period].ub for period in counted.periods)
        for k, (start, end) in enumerate(counted.schedule.spans(counted.years, most)):
            tiers[counted.offer, counted.span, str(k)] = _Tier(counted, k, start, end)
    parts = {
        (tier.counted.offer, period, str(tier.k)): tier for tier in tiers.values() for period in tier.counted.periods
    }
    declare(m, "tier", SetOf(list(parts)), NonNegativeReals, "units bought in a tier [quantity]")
    chosen = [part for part, tier in tiers.items() if _is_chosen(m, part[0], tier.counted.schedule)]
    doc = "incremental: the tier is full; all-units: the tier is the one that holds [0/1]"
    declare(m, "tier_chosen", SetOf(chosen), Binary, doc)
    _split(m, parts, tiers)
    _order(m, tiers)
    for part, tier in parts.items():
        pay(m, part[0], part[1], (tier.counted.schedule.prices[tier.k], m.tier[part]))


def _is_chosen(m: ConcreteModel, offer: str, schedule: Schedule) -> bool:
    """Whether it is a decision of its own which tier is reached: for the plan, or for what is called of it."""
    return schedule.needs_binaries or (m.foresees and m.market.short_notice(offer).surge > 0)


def _split(m: ConcreteModel, parts: dict[Part, _Tier], tiers: dict[Part, _Tier]) -> None:
    split = m.rows["tier_split"] = LinearRows("sum of tiers == quantity")
    for key, group in _grouped(parts).items():
        split.equal(key, [*((1.0, m.tier[part]) for part in group), (-1.0, m.quantity[key])], 0.0)
    one = m.rows["tier_choice"] = LinearRows("at most one all-units tier holds")
    for key, group in _grouped(tiers).items():
        if tiers[group[0]].counted.schedule.kind == "all-units":
            one.at_most(key, [(1.0, m.tier_chosen[part]) for part in group], 1.0)


def _grouped(parts: Iterable[Part]) -> dict[tuple[str, str], list[Part]]:
    """Return tiers by offer and what counts together, or period."""
    grouped: dict[tuple[str, str], list[Part]] = {}
    for part in parts:
        grouped.setdefault(part[:2], []).append(part)
    return grouped


def _order(m: ConcreteModel, tiers: dict[Part, _Tier]) -> None:
    order = m.rows["tier_order"] = LinearRows("lower end * chosen <= tier <= upper end * chosen")
    for part, tier in tiers.items():
        units, width, schedule = tier.of_periods(m), tier.end - tier.start, tier.counted.schedule
        if schedule.kind == "all-units":
            order.at_least(("from", *part), [*units, (-tier.start, m.tier_chosen[part])], 0.0)
            order.at_most(("to", *part), [*units, (-tier.end, m.tier_chosen[part])], 0.0)
            continue
        for _, of_period in units:
            of_period.setub(width)
        if len(units) > 1:
            order.at_most(("width", *part), units, width)
        if not _is_chosen(m, part[0], schedule):
            continue
        order.at_least(("full", *part), [*units, (-width, m.tier_chosen[part])], 0.0)
        before = (*part[:2], str(tier.k - 1))
        if before in tiers:
            order.at_most(("after", *part), [*units, (-width, m.tier_chosen[before])], 0.0)
            if m.foresees:
                least = STRICTLY * tier.start
                order.at_least(("reached", *part), [*units, (-least, m.tier_chosen[before])], 0.0)


BLOCK = MarketBlock(add)

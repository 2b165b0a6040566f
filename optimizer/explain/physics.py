"""What would give a part a plan where the facts give way: demand left unmet, or more of one offer.

Neither is asked for unless the analyst says so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.enforcement import prepare
from models.limits.quota import Quota
from models.market.network import Network
from models.records.tolerances import ROUNDING
from optimizer.claims import check_claims
from optimizer.explain.levels import round_outward
from optimizer.explain.repairs import ExtraCapacity, Unmet, add_capacity
from optimizer.programs.extended import add_columns
from optimizer.programs.program import Program
from optimizer.results.account import Account
from optimizer.results.interval import Interval
from optimizer.solver.arrays import Ceiling, add_rows
from optimizer.solver.outer_approximation.minimise import minimise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from models.enforcement import EnforcedInstance
    from models.market import Market, PreparedMarket
    from optimizer.solver.arrays import Matrix
    from optimizer.solver.deadline import Deadline

_NEAR = 1e-6
"""Relative gap at which the least unmet demand, or the least extra capacity, is taken."""


def least_unmet(part: EnforcedInstance, gap: float, deadline: Deadline) -> tuple[Unmet, Interval] | None:
    """Return the least demand that must go unmet, and what the plan of the part costs then.

    What is missing costs nothing here; of several materials the same part of each demand counts alike.
    None when leaving demand unmet gives no plan, or when that is not known.

    Raises:
        AuditFailure: the solver's answer does not hold when it is recomputed.
    """
    market, strict = prepare(part), part.market.owed
    demand = {material: market.demand_of(material, market.years) for material in strict}
    weight = {material: 1.0 if len(strict) == 1 else 1.0 / (demand[material] or 1.0) for material in strict}
    program = Program(_may_be_short(part))
    unmet = {
        place: node[1]
        for (name, node), place in program.columns.items()
        if name == "unmet" and market.shortage_cost(*node) is None
    }
    weights = {place: weight[material] for place, material in unmet.items()}
    least = _least(program.matrix, weights, deadline)
    if least is None:
        return None
    matrix = add_rows(program.matrix, [_ceiling(weights, round_outward(least, up=True))])
    outcome = minimise(matrix, gap=gap, deadline=deadline)
    if outcome.values is None:
        return None
    account = Account(program.m.market, part.limits, program.plan(outcome.values))
    check_claims(account, outcome.objective, outcome.bound)
    units = dict.fromkeys(sorted(strict), 0.0)
    for node, short in account.plan.unmet.items():
        if market.shortage_cost(*node) is None:
            units[node[1]] += short
    told = {material: short for material, short in units.items() if short > ROUNDING * demand[material]}
    return Unmet(told), Interval(min(outcome.bound, account.total), account.total)


def _may_be_short(part: EnforcedInstance) -> EnforcedInstance:
    """Return the part with all demand free to go unmet; what has a shortage cost keeps it."""
    materials = tuple(
        m if m.shortage_cost is not None else m.model_copy(update={"shortage_cost": 0.0}) for m in part.market.materials
    )
    return part.model_copy(update={"market": part.market.model_copy(update={"materials": materials})})


def least_extras(part: EnforcedInstance, deadline: Deadline) -> Iterator[ExtraCapacity]:
    """Yield, for every offer of which more alone gives a plan, how much more at the least."""
    market = prepare(part)
    roomy = _add_room(part, market)
    program = Program(part.model_copy(update={"market": roomy}))
    if _least(program.matrix, {}, deadline) is None:
        return
    rooms = _find_rooms(program, market)
    upper = program.matrix.upper.copy()
    for room in rooms:
        if len(room.weights) == 1:
            places = list(room.weights)
            upper[places] = np.minimum(upper[places], room.rate * room.years)
    for offer in part.market.offers:
        mine = [room for room in rooms if room.offer == offer.offer]
        capacity = market.offer[offer.offer].capacity
        if not mine or not capacity or not offer.capacity:
            continue
        own = upper.copy()
        for room in mine:
            own[list(room.weights)] = program.matrix.upper[list(room.weights)]
        matrix = add_columns(replace(program.matrix, upper=own), 1)
        extra = len(matrix.cost) - 1
        rows = [
            _ceiling({place: weight / room.years for place, weight in room.weights.items()} | {extra: -1.0}, room.rate)
            for room in mine
        ]
        rows += [
            _ceiling(room.weights, room.rate * room.years)
            for room in rooms
            if len(room.weights) > 1 and room.offer != offer.offer and room.rate < inf
        ]
        least = _least(add_rows(matrix, rows), {extra: 1.0}, deadline)
        if least is not None and least > ROUNDING * capacity:
            yield ExtraCapacity(offer.offer, round_outward(least * offer.capacity / capacity, up=True))


class _Room(NamedTuple):
    """What the capacity of an offer bounds: weighted columns add up to no more than `years` of it."""

    offer: str
    years: float
    rate: float
    """Units per year of the capacity."""
    weights: dict[int, float]


def _find_rooms(program: Program, market: PreparedMarket) -> list[_Room]:
    """Return what is bounded by the capacity of each offer.

    What is bought, what moves over lanes that law closes on the same days, and what leaves on days without a quota.
    """
    full = {(offer, p): years for offer, full in market.full_years.items() for p, years in full.items()}
    rooms = [
        _Room(key[0], full[key], market.capacity(*key), {place: 1.0})
        for (name, key), place in program.columns.items()
        if name == "quantity"
    ]
    for (offer, period), groups in Network(market).borders.groups.items():
        for group in groups:
            flows = [("flow", (*lane, period)) for lane in group.lanes]
            weights = {program.columns[flow]: 1.0 for flow in flows if flow in program.columns}
            if weights and group.share:
                rooms.append(_Room(offer, full[offer, period] * group.share, market.capacity(offer, period), weights))
    for quota in _list_quotas(program.part):
        leaving: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
        for (name, key), place in program.columns.items():
            if name == f"limit[{quota.name}].bound":
                leaving[key[0], key[2]] |= {program.columns["flow", key]: 1.0, place: -1.0}
        rooms += [
            _Room(sale[0], full[sale] * quota.other_days(sale[1]), market.capacity(*sale), weights)
            for sale, weights in leaving.items()
        ]
    return rooms


def _list_quotas(part: EnforcedInstance) -> list[Quota]:
    """Return the quotas that hold on a part of the days of a period."""
    return [limit for limit in part.limits if isinstance(limit, Quota) and limit.share_of_days]


def _add_room(part: EnforcedInstance, market: PreparedMarket) -> Market:
    """Return the market with so much of every offer that only what it is needed for bounds it."""
    demand = {m: market.demand_of(m, market.years) for m in market.material}
    for stock in market.stock:
        demand[stock.material] += stock.capacity
    years = min(market.years.values())
    narrowest: dict[str, float] = {}
    for (name, _), groups in Network(market).borders.groups.items():
        narrowest[name] = min([narrowest.get(name, 1.0), *(group.share for group in groups if group.share)])
    free = [quota.other_days(period) for quota in _list_quotas(part) for period in quota.share_of_days or ()]
    least = min((share for share in free if share), default=1.0)
    more = {}
    for offer in market.offers:
        yields = [o.yield_ for o in market.offers if o.material == offer.material and o.yield_ is not None]
        passes = len(market.material[offer.material].stages) - 1
        most = demand[offer.material] / years / min(yields, default=1.0) ** passes
        more[offer.offer] = most / min(least, narrowest.get(offer.offer, 1.0))
    return add_capacity(market, more)


def _ceiling(weights: Mapping[int, float], most: float) -> Ceiling:
    return Ceiling(np.array(list(weights), dtype=np.int64), np.array(list(weights.values())), most)


def _least(matrix: Matrix, weights: Mapping[int, float], deadline: Deadline) -> float | None:
    """Return the least that weighted columns can add up to, None when there is no plan or that is not known."""
    if deadline.is_over(has_plan=True):
        return None
    cost = np.zeros_like(matrix.cost)
    cost[list(weights)] = list(weights.values())
    outcome = minimise(replace(matrix, cost=cost), gap=_NEAR, deadline=deadline)
    return None if outcome.values is None or outcome.verdict != "proven" else max(0.0, outcome.objective)

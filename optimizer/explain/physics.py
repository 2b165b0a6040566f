"""What would give a part a plan where the facts give way: demand left unmet, or more of one offer.

Neither is asked for unless the analyst says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from models.enforcement import prepare
from models.market.network import Network
from models.records.tolerances import ROUNDING
from optimizer.claims import check_claims
from optimizer.explain.levels import round_outward
from optimizer.explain.repairs import Extra, Unmet
from optimizer.programs.extended import Ceiling, add_columns, add_rows
from optimizer.programs.program import Program
from optimizer.results.account import Account
from optimizer.results.interval import Interval
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
    strict = {material.material for material in part.market.materials if material.shortage_cost is None}
    demand = {material: prepare(part).demand_of(material, part.market.years) for material in strict}
    weight = {material: 1.0 if len(strict) == 1 else 1.0 / (demand[material] or 1.0) for material in strict}
    program = Program(_may_be_short(part))
    unmet = {place: node[1] for (name, node), place in program.columns.items() if name == "unmet" and node[1] in strict}
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
    for (_, material, _), short in account.plan.unmet.items():
        if material in strict:
            units[material] += short
    told = {material: short for material, short in units.items() if short > ROUNDING * demand[material]}
    return Unmet(told), Interval(min(outcome.bound, account.total), account.total)


def _may_be_short(part: EnforcedInstance) -> EnforcedInstance:
    """Return the part with all demand free to go unmet; what has a shortage cost keeps it."""
    materials = tuple(
        m if m.shortage_cost is not None else m.model_copy(update={"shortage_cost": 0.0}) for m in part.market.materials
    )
    return part.model_copy(update={"market": part.market.model_copy(update={"materials": materials})})


def least_extras(part: EnforcedInstance, deadline: Deadline) -> Iterator[Extra]:
    """Yield, for every offer of which more alone gives a plan, how much more at the least."""
    market = prepare(part)
    roomy = _add_room(market)
    program = Program(part.model_copy(update={"market": roomy}))
    if _least(program.matrix, {}, deadline) is None:
        return
    ceilings = _find_ceilings(program, market)
    upper = program.matrix.upper.copy()
    for name, years, places in ceilings:
        if len(places) == 1:
            upper[places] = np.minimum(upper[places], market.offer[name].most * years)
    for offer in part.market.offers:
        mine = [(years, places) for name, years, places in ceilings if name == offer.offer]
        capacity = market.offer[offer.offer].capacity
        if not mine or not capacity or not offer.capacity:
            continue
        own = upper.copy()
        for _, places in mine:
            own[places] = program.matrix.upper[places]
        matrix = add_columns(replace(program.matrix, upper=own), 1)
        extra = len(matrix.cost) - 1
        rows = [_ceiling(dict.fromkeys(places, 1.0 / years) | {extra: -1.0}, capacity) for years, places in mine]
        rows += [
            _ceiling(dict.fromkeys(places, 1.0), market.offer[name].most * years)
            for name, years, places in ceilings
            if len(places) > 1 and name != offer.offer and market.offer[name].capacity is not None
        ]
        least = _least(add_rows(matrix, rows), {extra: 1.0}, deadline)
        if least is not None and least > ROUNDING * capacity:
            yield Extra(offer.offer, round_outward(least * offer.capacity / capacity, up=True))


def _find_ceilings(program: Program, market: PreparedMarket) -> list[tuple[str, float, list[int]]]:
    """Return the columns that the capacity of an offer bounds together: which offer, years of it, and their places.

    What is bought, and what moves over lanes that law closes on the same days.
    """
    full = {(offer, p): years for offer, full in market.full_years.items() for p, years in full.items()}
    ceilings = [(key[0], full[key], [place]) for (name, key), place in program.columns.items() if name == "quantity"]
    for (offer, period), groups in Network(market).borders.groups.items():
        for group in groups:
            flows = [("flow", (*lane, period)) for lane in group.lanes]
            places = [program.columns[flow] for flow in flows if flow in program.columns]
            if places and group.share:
                ceilings.append((offer, full[offer, period] * group.share, places))
    return ceilings


def _add_room(market: PreparedMarket) -> Market:
    """Return the market with so much of every offer that only what it is needed for bounds it."""
    demand = {m: market.demand_of(m, market.years) for m in market.material}
    for stock in market.stock:
        demand[stock.material] += stock.capacity
    years = min(market.years.values())
    narrowest: dict[str, float] = {}
    for (name, _), groups in Network(market).borders.groups.items():
        narrowest[name] = min([narrowest.get(name, 1.0), *(group.share for group in groups if group.share)])
    offers = []
    for offer in market.offers:
        yields = [o.yield_ for o in market.offers if o.material == offer.material and o.yield_ is not None]
        passes = len(market.material[offer.material].stages) - 1
        most = demand[offer.material] / years / min(yields, default=1.0) ** passes
        more = None if offer.capacity is None else offer.capacity + most / narrowest.get(offer.offer, 1.0)
        offers.append(offer.model_copy(update={"capacity": more}))
    return market.model_copy(update={"offers": tuple(offers)})


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

"""Plans by little effort, for parts of which the time allows no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.enforcement import prepare
from models.market.network import Network
from models.records.tolerances import WHOLE_NUMBER
from optimizer.audit import audit
from optimizer.results.account import Account
from optimizer.results.plan import NodeKey, Plan
from optimizer.solver.outer_approximation.minimise import complete, minimise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from models.enforcement import EnforcedInstance
    from models.market import Market
    from optimizer.solver.arrays import Matrix
    from optimizer.solver.deadline import Deadline
    from optimizer.solver.outcome import Relaxation

Needs = dict[NodeKey, float]


def plan_without_purchases(part: EnforcedInstance) -> Plan | None:
    """Return a plan that buys nothing: demand is met from stock, and the rest of it is unmet.

    That asks for no model and no solver. It is None where that is no plan: a demand has to be met, something is
    committed, a stock has to grow, or a hard limit asks for something; and where scenarios are planned for, of which
    nothing would be known.
    """
    if part.foreseen:
        return None
    market = prepare(part)
    needed = Network(market).nodes
    for draws in (True, False):
        stock, unmet = _draw_from_stock(market, needed, draws=draws)
        plan = Plan(flow={}, unmet=unmet, stock=stock)
        may_be = all(market.shortage_cost(*node) is not None for node in unmet)
        if may_be and not audit(Account(market, part.limits, plan)):
            return plan
    return None


def _draw_from_stock(market: Market, needed: dict[NodeKey, float], *, draws: bool) -> tuple[Needs, Needs]:
    """Return closing stock and unmet demand by node where nothing is bought; demand `draws` on the stock or not."""
    records = {(stock.site, stock.material): stock for stock in market.stock}
    stock, unmet = {}, {}
    for site, material in dict.fromkeys((site, material) for site, material, _ in needed):
        record = records.get((site, material))
        left = record.opening if record else 0.0
        least = record.closing_minimum if record else 0.0
        for period in market.years:
            coming = market.arriving_anyway.get((site, material, period), 0.0)
            at_once = min(needed.get((site, material, period), 0.0), coming)
            need, left = needed.get((site, material, period), 0.0) - at_once, left + coming - at_once
            used = max(0.0, min(need, left - least)) if draws else 0.0
            left -= used
            if record:
                stock[site, material, period] = left
            if need > used:
                unmet[site, material, period] = need - used
    return stock, unmet


def round_relaxation(matrix: Matrix, relaxation: Relaxation, deadline: Deadline) -> NDArray[np.float64] | None:
    """Return a plan whose integers are those of a relaxation, rounded; None when none of them gives one.

    Rounded up first: a contract that is signed in part is one that something is bought by.
    """
    relaxed = relaxation.values
    if relaxed is None:
        return None
    for whole in _list_roundings(matrix, relaxed):
        values = complete(matrix, np.where(matrix.integer, whole, relaxed), deadline, relaxation.basis)
        if values is not None:
            return values
    return None


def _list_roundings(matrix: Matrix, relaxed: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """Yield the values rounded up, to the nearest and down, each once."""
    tried: list[NDArray[np.float64]] = []
    for whole in (np.ceil(relaxed - WHOLE_NUMBER), np.round(relaxed), np.floor(relaxed + WHOLE_NUMBER)):
        integers = whole[matrix.integer]
        if not any(np.array_equal(integers, before) for before in tried):
            tried.append(integers)
            yield whole


def find_first(matrix: Matrix, deadline: Deadline) -> NDArray[np.float64] | None:
    """Return the first plan that a search finds, or None when there is none within the deadline."""
    with deadline.share(0.0):
        return minimise(matrix, gap=0.0, deadline=deadline).values

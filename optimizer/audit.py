"""The audit: everything that a plan must hold, recomputed from its numbers and the instance alone.

Every plan is audited before it is shown, and a plan edited by hand in a spreadsheet by the same
code. Findings are sentences; a plan without findings holds.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from models.formulation.blocks import BLOCKS
from models.records.tolerances import SAME_SUM, slight
from models.records.validity import in_force, in_force_since
from models.records.wording import format_amount, format_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from models.limits import Limit, Reading
    from models.market import Market
    from models.market.borders import Closure
    from optimizer.results.account import Account


def audit(account: Account, look: Callable[[], None] = lambda: None) -> list[str]:
    """Return one sentence for everything that a plan breaks, or an empty list.

    `look` is called again and again; what it raises ends the work.
    """
    findings = audit_names(account)
    if findings:
        return findings
    look()
    rounding = SAME_SUM * max(account.plan.flow.values(), default=0.0)
    findings = audit_market(account, rounding, look)
    look()
    return [*findings, *audit_limits(account, account.readings)]


def audit_names(account: Account) -> list[str]:
    """Return one sentence for every number of a plan that is none, or of something that the instance does not allow."""
    return [*_names(account), *_nodes(account)]


def audit_market(account: Account, rounding: float = 0.0, look: Callable[[], None] = lambda: None) -> list[str]:
    """Return one sentence for everything of the market that a plan breaks, but for its limits.

    `rounding` is the quantity that counts as nothing where a balance is smaller; `look` as in `audit`.
    """
    findings: list[str] = []
    for audit_part in (_capacities, partial(_balances, rounding=rounding)):
        look()
        findings += audit_part(account)
    for block in BLOCKS:
        look()
        findings += block.violations(account)
    return findings


def _names(account: Account) -> Iterator[str]:
    """Every number is a quantity, of something that the instance knows and allows."""
    borders = account.network.borders
    for (origin, destination, period), units in account.plan.flow.items():
        where = f"purchases: {origin} to {destination} in {period}"
        if not _is_quantity(units):
            yield f"{where}: {units:g} is no quantity"
        elif (origin, destination) in borders.closed:
            yield f"{where}: {closed_by(borders.closed[origin, destination], account.market)}"
        elif (origin, destination) not in account.network.lanes:
            yield f"{where}: there is no such lane in the instance"
        elif period not in account.market.years:
            yield f"{where}: there is no such period"
        elif borders.open_shares.get((origin, destination), {}).get(period) == 0 and units > 0:
            closure = borders.closures[origin, destination]
            yield f"{where}: {closed_by(closure, account.market)}, {borders.describe_days(closure, period)}"
        elif (origin, destination, period) not in account.network.flows and units > 0:
            yield f"{where}: {_why_not_then(account.market, origin, period)}"
    for name in account.plan.signed:
        if name not in account.market.offer:
            yield f"contracts: {name!r} is not an offer of the instance"


def closed_by(closure: Closure, market: Market) -> str:
    """Say which controls close a lane, and since when where one does by itself."""
    names = list(dict.fromkeys(control.control for control in closure.controls))
    first = market.horizon.first
    alone = len(closure.controls) == 1 and in_force(closure.controls[0], first)
    since = in_force_since(closure.controls[0], first) if alone else None
    which = f"the control {names[0]}" if len(names) == 1 else f"the controls {' and '.join(names)}"
    return f"closed by {which}{f' since {since}' if since else ''}"


def _why_not_then(market: Market, origin: str, period: str) -> str:
    """Say why nothing of an offer can be bought in a period."""
    offer, periods = market.offer[origin], list(market.years)
    before = periods.index(market.window(offer)[0]) - periods.index(period)
    if 0 < before <= offer.qualification:
        return f"cannot be bought before it is qualified, in {market.window(offer)[0]}"
    return "cannot be bought, used or received then"


def _nodes(account: Account) -> Iterator[str]:
    """Unmet demand and stock are quantities at nodes of the instance."""
    for table, numbers in (("unmet", account.plan.unmet), ("closing", account.plan.stock)):
        for node, units in numbers.items():
            if node not in account.network.nodes:
                yield f"stock: {table} at {' / '.join(node)}: the instance has no demand or stock there"
            elif not _is_quantity(units):
                yield f"stock: {table} at {' / '.join(node)}: {units:g} is no quantity"


def _is_quantity(units: float) -> bool:
    return math.isfinite(units) and units >= 0


def _capacities(account: Account) -> Iterator[str]:
    for (name, period), units in account.quantity.items():
        if not units:
            continue
        capacity = account.network.available.get((name, period), 0.0)
        if units > capacity + slight(capacity):
            full = account.market.capacity(name, period) * account.market.years[period]
            ramped = f", ramped up to {capacity / full:.4g} of it by then" if capacity < full else ""
            bought, most = format_apart(units, capacity)
            yield f"{name}: {bought} bought in {period} is above the capacity of {most}{ramped}"


def _balances(account: Account, rounding: float) -> Iterator[str]:
    periods = list(account.market.years)
    opening = {(s.site, s.material): s.opening for s in account.market.stock}
    for (site, material, period), need in account.network.nodes.items():
        position = periods.index(period)
        before = (
            account.plan.stock.get((site, material, periods[position - 1]), 0.0)
            if position
            else opening.get((site, material), 0.0)
        )
        arrived = account.arrived.get((site, material, period), 0.0)
        unmet = account.plan.unmet.get((site, material, period), 0.0)
        closing = account.plan.stock.get((site, material, period), 0.0)
        surplus = before + arrived + unmet - need - closing
        if abs(surplus) > max(rounding, slight(before, arrived, need, closing)):
            yield (
                f"{site}: {material} in {period} does not balance: {format_amount(before)} in stock + "
                f"{format_amount(arrived)} "
                f"arriving + {format_amount(unmet)} unmet against {format_amount(need)} needed + "
                f"{format_amount(closing)} kept, "
                f"{format_amount(abs(surplus))} too {'much' if surplus > 0 else 'little'}"
            )
        if unmet > 0 and account.market.shortage_cost(site, material, period) is None:
            yield f"{site}: {format_amount(unmet)} of {material} unmet in {period}, which the instance forbids"
        if unmet > need + slight(need):
            left, needed = format_apart(unmet, need)
            yield f"{site}: {left} of {material} unmet in {period} is more than the {needed} needed"


def audit_limits(account: Account, readings: Iterable[tuple[Limit, Reading]], rounding: float = 0.0) -> Iterator[str]:
    """Yield one sentence for every reading that breaks a hard limit; `rounding` as in `audit_market`."""
    for limit, reading in readings:
        if limit.hard and reading.excess > max(rounding, _limit_tolerance(account, limit, reading)):
            subject = " / ".join(part for part in reading.key if part)
            used, allowed = format_apart(reading.used, reading.allowed, spell=_figures_of(limit))
            yield f"limit {limit.name}: {subject or 'the plan'} uses {used} where {limit.SENSE} {allowed} is allowed"


def _figures_of(limit: Limit) -> Callable[[float, int], str]:
    """Return what spells figures of a limit; mass and money have no unit here, as in the other findings."""
    return lambda level, finer: limit.format_level(level, "", "", finer)


def _limit_tolerance(account: Account, limit: Limit, reading: Reading) -> float:
    """Return the excess, in the unit of a limit's rows, that counts as rounding: of what the row is about."""
    match limit.UNIT:
        case "money":
            return slight(reading.used, reading.allowed)
        case "count" if limit.excess_unit("", "") == limit.unit("", ""):  # its rows count as well
            return 0.5
        case "share" | "quantity" if reading.key.material and reading.key.stage:
            material, stage, _, period = reading.key
            periods = (period,) if period else tuple(account.market.years)
            if limit.UNIT == "quantity":
                return slight(account.exposure.bought_in_all(account, material, stage, periods))
            return slight(sum(account.supplied[material, stage, p] for p in periods))
        case _:
            return slight(limit.size(reading.key, account.market))


def stale_costs(account: Account, claimed: dict[str, float]) -> list[str]:
    """Return one sentence for every cost that a plan's files state and its numbers do not make."""
    counted = dict(account.costs) | ({"penalty": account.penalty} if account.penalty else {})
    findings = []
    for name in sorted({*claimed, *counted}):
        said, made = claimed.get(name, 0.0), counted.get(name, 0.0)
        if not abs(said - made) <= slight(*counted.values()):  # so that NaN is found
            claim, count = format_apart(said, made)
            findings.append(f"costs.csv says {name} {claim}, and the plan makes it {count}")
    return findings

"""Changes that begin in a later period: a plan knows of them from the first period on, and stocks up."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

from models.limits.contract.scoped import ScopedLimit
from models.records.tolerances import ROUNDING
from models.records.wording import list_some

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.instance import Instance
    from models.limits import Limit
    from models.market import Market, Offer

_WINDOW = {"from_period", "to_period", "qualification", "ramp_up"}
"""Fields of an offer that say in which periods it can be bought."""

_Touched = tuple[str, set[str]]
"""A material, and the periods in which something of it changes."""


def foresight(before: Instance, after: Instance) -> list[str]:
    """Return a sentence on changes of an instance that concern later periods alone, where stock can cover them.

    A program with one future fills stock ahead of what nobody can know yet.
    """
    order = list(after.market.years)
    later: dict[str, set[str]] = {}
    for material, periods in _find_changes(before, after) if len(order) > 1 else ():
        if periods and order[0] not in periods:
            later.setdefault(material, set()).update(periods)
    stock = [s for s in after.market.stock if s.material in later and s.capacity > 0]
    if not stock:
        return []
    begins = min((period for row in stock for period in later[row.material]), key=order.index)
    names = list_some([f"{row.material} at {row.site}" for row in stock])
    known = f"what changes in {begins} is known to the plan from {order[0]} on: stock of {names} may be filled ahead"
    return [f"{known} of it; where nobody knows it in advance, less can be done, and it costs more"]


def _find_changes(before: Instance, after: Instance) -> Iterator[_Touched]:
    """Yield what changes in demand, offers, terms, ways, commitments, duties and limits, with the periods of it."""
    needs = before.market.needed, after.market.needed
    needed: dict[str, set[str]] = {}
    for site, material, period in needs[0].keys() | needs[1].keys():
        if len({need.get((site, material, period), 0.0) for need in needs}) > 1:
            needed.setdefault(material, set()).add(period)
    yield from needed.items()
    sold = before.market.offer, after.market.offer
    years = tuple(after.market.years)
    for name in sold[0].keys() | sold[1].keys():
        was, now = (offers.get(name) for offers in sold)
        if was is not now and was != now:
            yield (now or sold[0][name]).material, _periods_of(was, now, years)
    yield from _find_differing(before.market, after.market)
    yield from _find_turned(before.market, after.market)
    yield from _find_other_limits(before, after)


def _find_other_limits(before: Instance, after: Instance) -> Iterator[_Touched]:
    """Yield the materials of which limits ask something else, with the periods in which they do.

    What a limit asks is looked at cell by cell, so that one which is cut into several is the same where they are.
    """
    asked = [
        Counter(cell for limit in one.limits if limit not in other.limits for cell in _list_cells(limit, after.market))
        for one, other in ((before, after), (after, before))
    ]
    touched: dict[str, set[str]] = {}
    for _, material, _, period in (asked[0] - asked[1]) + (asked[1] - asked[0]):
        touched.setdefault(material, set()).add(period)
    yield from touched.items()


def _list_cells(limit: Limit, market: Market) -> Iterator[tuple[str, str, str, str]]:
    """Yield what a limit asks, and of which material, stage (where it has one) and period."""
    scoped = isinstance(limit, ScopedLimit)
    bare = {"name": "", "materials": None, "stages": None, "periods": None} if scoped else {"name": ""}
    says = limit.model_copy(update=bare).model_dump_json()
    periods = getattr(limit, "periods", None) or tuple(market.years)
    cells = limit.stages_of(market) if isinstance(limit, ScopedLimit) else ((name, "") for name in market.material)
    for (material, stage), period in product(cells, periods):
        if limit.concerns(material):
            yield says, material, stage, period


def _find_differing(before: Market, after: Market) -> Iterator[_Touched]:
    """Yield the materials of which commitments, or terms of offers and lanes change, with the periods of it."""
    rows: dict[str, set[str]] = {}
    for table in ("commitments", "terms"):
        for row in set(getattr(before, table)) ^ set(getattr(after, table)):
            rows.setdefault(after.offer[row.offer].material, set()).add(row.period)
    for terms in set(before.lane_terms) ^ set(after.lane_terms):
        for lane in after.lanes:
            if terms.origin == lane.origin or (terms.corridor and terms.corridor == lane.corridor):
                rows.setdefault(after.offer[lane.origin].material, set()).add(terms.period)
    yield from rows.items()


def _find_turned(before: Market, after: Market) -> Iterator[_Touched]:
    """Yield the materials of which duties change, with the periods in which they do."""
    if before.duties is after.duties or set(before.duties) == set(after.duties):
        return
    rates: list[dict[tuple[str, str, str, str, str], float]] = [{}, {}]
    for found, market in zip(rates, (before, after), strict=True):
        for duty in market.duties:
            for period, share in market.shares_of(duty).items():
                way = duty.material, duty.stage, duty.from_country or "", duty.to_country, period
                found[way] = found.get(way, 0.0) + duty.rate * share
    turned: dict[str, set[str]] = {}
    for way in rates[0].keys() | rates[1].keys():
        if abs(rates[0].get(way, 0.0) - rates[1].get(way, 0.0)) > ROUNDING:
            turned.setdefault(way[0], set()).add(way[-1])
    yield from turned.items()


def _periods_of(was: Offer | None, now: Offer | None, years: tuple[str, ...]) -> set[str]:
    """Return the periods in which an offer that changes sells other than before."""
    shares = [offer.shares(years) if offer is not None else {} for offer in (was, now)]
    if was is not None and now is not None and was.model_dump(exclude=_WINDOW) == now.model_dump(exclude=_WINDOW):
        return {period for period in years if shares[0].get(period) != shares[1].get(period)}
    return {period for some_of in shares for period in some_of}

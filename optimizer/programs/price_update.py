"""A program that differs from a built one in prices and duties alone: only the costs of its columns are put anew.

Prices and duties stand in the costs of what is bought and moved and, but for limits that count money, nowhere else.
Nothing is built: what a unit costs is read from the market, and it is put where what it cost before is found.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from models.market import Market
from models.market.price_schedule import schedules
from optimizer.programs.program import Program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.enforcement import EnforcedInstance
    from models.market import Offer, Terms, Tier

    Priced = Offer | Terms | Tier

_PRICED = ("offers", "terms", "tiers")
"""Tables that have a price."""


def update_prices(old: Program, part: EnforcedInstance) -> Program | None:
    """Return the program of a part that differs from another in prices and duties alone; None where it does not.

    None, too, where scenarios have prices of their own, where a limit counts money, where the way in which tiers are
    written changes with their prices, and where anything else stands in the cost of what is bought or moved.
    """
    if not _differ_in_prices(old.part, part):
        return None
    program = Program.like(old, part, old.matrix)
    program.elastic = old.elastic
    columns = np.fromiter(old.unit_costs, dtype=np.int64)
    before, after = (np.fromiter(one.unit_costs.values(), dtype=float) for one in (old, program))
    if not np.array_equal(old.matrix.cost[columns], before):
        return None
    cost = old.matrix.cost.copy()
    cost[columns] = after
    program.matrix = replace(old.matrix, cost=cost, variables=[])
    return program


def at_prices_of(before: EnforcedInstance, part: EnforcedInstance) -> EnforcedInstance | None:
    """Return a part at the prices and duties of another, or itself where they are the same.

    None where `update_prices` would not put in what it differs in from the part.
    """
    ours, theirs = part.market, before.market
    if any(len(getattr(ours, name)) != len(getattr(theirs, name)) for name in _PRICED):
        return None
    tables = {name: tuple(map(_at_price_of, getattr(theirs, name), getattr(ours, name))) for name in _PRICED}
    if ours.duties == theirs.duties and all(rows == getattr(ours, name) for name, rows in tables.items()):
        return part
    market = ours.model_copy(update={**tables, "duties": theirs.duties})
    as_priced = part.model_copy(update={"market": market})
    return as_priced if _differ_in_prices(as_priced, part) else None


def _at_price_of(old: Priced, new: Priced) -> Priced:
    return new if old.price == new.price else new.model_copy(update={"price": old.price})


def _differ_in_prices(one: EnforcedInstance, other: EnforcedInstance) -> bool:
    """Whether two parts are the same but for prices and duties, no limit reads these, and tiers are written alike."""
    if one.foreseen or other.foreseen or one.limits != other.limits:
        return False
    if any(limit.READS_PRICES and not limit.watch for limit in one.limits):
        return False
    before, after = one.market, other.market
    alike = all(
        getattr(before, name) == getattr(after, name)
        for name in Market.model_fields
        if name not in {"duties", *_PRICED}
    )
    return (
        alike
        and all(_have_other_prices(getattr(before, name), getattr(after, name)) for name in _PRICED)
        and (_needs_binaries(before) == _needs_binaries(after))
    )


def _have_other_prices(before: Sequence[Priced], after: Sequence[Priced]) -> bool:
    """Whether the rows of a table differ in prices at the most; one below zero stays there, as more may be wanted."""
    return len(before) == len(after) and all(
        old is new or (old.model_copy(update={"price": new.price}) == new and _sign(old) == _sign(new))
        for old, new in zip(before, after, strict=True)
    )


def _sign(row: Priced) -> bool | None:
    """Return whether a price is below zero; None where none is stated."""
    return None if row.price is None else row.price < 0


def _needs_binaries(market: Market) -> dict[tuple[str, str], bool]:
    return {sale: schedule.needs_binaries for sale, schedule in schedules(market).items()} if market.tiers else {}

"""Whether the limits of an instance fit its market and each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.limits.contract.limit import Limit
    from models.market import Market


def limit_problems(limits: Iterable[Limit], market: Market, currency: str = "") -> Iterator[tuple[str, str]]:
    """Yield (limit, sentence) for every limit that does not fit the market or another limit.

    `currency` is that of the instance, where it is known.
    """
    names: set[str] = set()
    for limit in limits:
        if limit.name in names:
            yield limit.name, "name: two limits have it; give each its own"
        names.add(limit.name)
        for message in limit.problems(market):
            yield limit.name, message
        for field, message in limit.quality_faults():
            yield limit.name, f"{field}: {message}"
        fault = _money_fault(limit, market, currency)
        if fault is not None:
            yield limit.name, f"currency: {fault}"


def _money_fault(limit: Limit, market: Market, currency: str) -> str | None:
    """Return what is wrong with the currency of a limit."""
    own, known = limit.currency, {rate.currency for rate in market.rates} | {currency}
    if own is None or not currency:
        return None
    if not limit.counts_money:
        return "nothing of this limit is money; remove it"
    if own not in known:
        return (
            f"{own!r} is not among the currencies; add what one is worth to rates, or use {' or '.join(sorted(known))}"
        )
    if own in market.exchange.moving:
        return f"the rate of {own} moves, and a limit says one thing for all periods; state it in {currency}"
    return None

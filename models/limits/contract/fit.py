"""Whether the limits of an instance fit its market and each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.limits.contract.limit import Limit
    from models.market import Market


def limit_problems(limits: Iterable[Limit], market: Market) -> Iterator[tuple[str, str]]:
    """Yield (limit, sentence) for every limit that does not fit the market or another limit."""
    names: set[str] = set()
    for limit in limits:
        if limit.name in names:
            yield limit.name, "name: two limits have it; give each its own"
        names.add(limit.name)
        for message in limit.problems(market):
            yield limit.name, message
        for field, message in limit.quality_faults():
            yield limit.name, f"{field}: {message}"

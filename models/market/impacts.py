"""What a loss takes of offers and lanes, and how long it is until goods ordered after it arrive."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from models.market.losses import Impact
from models.records.tolerances import ROUNDING

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.market import Market
    from models.market.attribution import Dimension
    from models.market.exposure import Exposure
    from models.market.losses import Subject
    from models.market.network import Network


def list_lead_times(market: Market, network: Network) -> dict[str, int]:
    """Return the most periods from a first purchase to a site on any way that is open, by material."""
    feeding: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for (origin, destination), way in network.lanes.items():
        feeding[destination].append((origin, way.lead_time))
    known: dict[str, int] = {}

    def longest(node: str) -> int:
        if node not in known:
            known[node] = max((lead + longest(origin) for origin, lead in feeding[node]), default=0)
        return known[node]

    found = dict.fromkeys(market.material, 0)
    for site in market.site:
        for origin, lead_time in feeding[site]:
            material = market.offer[origin].material
            found[material] = max(found[material], lead_time + longest(origin))
    return found


def find_impact(
    subject: Subject, exposure: Exposure, network: Network, used: Collection[str], from_share: float
) -> Impact:
    """Return what a loss of a subject takes of the offers that are used, and over which lanes nothing leaves.

    By place it takes all of an offer that stands there; by control the share that is owned there, or all of it where
    that is `from_share` or more. Of declared origins at earlier stages it takes their share of the offer, and of
    several such shares the largest: what a stage cannot make of its feed, it does not need. Of an origin without a
    share it takes all that it may be.
    """
    match subject.kind:
        case "lane":
            return Impact(lanes=tuple(pair for pair in network.lanes if "/".join(pair) == subject.name))
        case "corridor":
            lanes = sorted(pair for pair, way in network.lanes.items() if way.corridor == subject.name)
            return Impact(lanes=tuple(lanes))
        case "country" | "bloc":
            assert subject.basis is not None  # noqa: S101 (countries have one)
            dimension: Dimension = subject.basis
        case "company" | "offer" as dimension:
            pass
    members = exposure.market.blocs[subject.name] if subject.kind == "bloc" else (subject.name,)
    offers, lost = exposure.market.offer, defaultdict[str, float](float)
    for cell in exposure.passing if subject.cells is None else subject.cells:
        shares = exposure.shares_at(*cell, dimension)
        here = defaultdict[str, float](float)
        named = exposure.named_at(*cell, dimension)
        for member in members:
            here |= named.get(member, {})
        for name, share in chain.from_iterable(shares.get(member, {}).items() for member in members):
            here[name] += share
        for name, share in here.items():
            whole = share > 1 - ROUNDING or (offers[name].stage == cell[1] and share > from_share - ROUNDING)
            lost[name] = max(lost[name], 1.0 if whole else share)
    return Impact(tuple((name, lost[name]) for name in sorted(lost) if name in used and lost[name] > ROUNDING))

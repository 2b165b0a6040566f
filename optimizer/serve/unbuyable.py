"""Offers that no plan can buy as the instance stands: what moves nothing but their figures changes no plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.enforcement import prepare
from models.limits.contract.subject import SubjectLimit
from models.market.exposure import Exposure
from models.market.network import Network
from optimizer.notes.offers import find_dead_offers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance

_BEFORE = "can never be bought: "


def list_unbuyable(instance: EnforcedInstance) -> dict[str, str]:
    """Return of each offer that no plan can buy, by name, what keeps it out: closed lanes, or a limit that bans it."""
    market = prepare(instance)
    dead = {one.name: one.said.removeprefix(_BEFORE) for one in find_dead_offers(market, Network(market))}
    return dict(_banned(instance)) | dead


def _banned(instance: EnforcedInstance) -> Iterator[tuple[str, str]]:
    """Yield each offer that a hard limit at level 0 shuts out in all periods and at all sites, with the reason."""
    market = prepare(instance)
    exposure = Exposure(market)
    for limit in instance.limits:
        if not isinstance(limit, SubjectLimit) or limit.strictness != "hard" or limit.level > 0:
            continue
        if limit.periods is not None or limit.sites is not None:
            continue
        for material, stage in limit.stages_of(market):
            shares = exposure.shares_at(material, stage, limit.dimension)
            for _, members in limit.members(market, shares):
                mine = [shares[member] for member in members if member in shares]
                for offer in dict.fromkeys(name for part in mine for name in part):
                    if limit.shuts_out(sum(part.get(offer, 0.0) for part in mine)):
                        yield offer, f"{limit.name} lets none through"

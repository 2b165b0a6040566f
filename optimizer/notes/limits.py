"""Limits that can never bind, whatever is bought, and limits on those who sell nothing that they hold for."""

from __future__ import annotations

from collections import defaultdict
from itertools import repeat
from operator import mul
from typing import TYPE_CHECKING

from models.limits.ban import Ban
from models.limits.contract.losing import LosingLimit
from models.limits.contract.subject import SubjectLimit, add_up_shares
from models.limits.quantity_cap import QuantityCap
from models.limits.quota import Quota
from models.limits.share_cap import ShareCap
from models.policies import standings
from models.records.countries import UNDISCLOSED
from models.records.wording import format_amount
from optimizer.notes.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.limits import AnyLimit
    from models.market import Market
    from models.market.attribution import Dimension
    from models.market.exposure import Exposure
    from models.market.network import Network

_Cap = ShareCap | QuantityCap | Ban


def find_idle_limits(instance: EnforcedInstance, network: Network, exposure: Exposure) -> Iterator[Remark]:
    """Yield limits of an instance's own that no plan can reach; what policies ask is told with the policies."""
    of_policies = {
        limit.name
        for policy in instance.policies
        for one in standings(policy, instance.market, policy.looked_up)
        for limit in one.limits
    }
    most = _Most(network, exposure)
    for limit in instance.limits:
        if limit.watch or limit.in_responses or limit.name in of_policies:
            continue  # (in a response less may be supplied than any plan leaves)
        why, of_many = _explain_idle(limit, most, exposure.market, instance.mass_unit)
        if why:
            yield Remark("limit", limit.name, f"can never bind: {why}", of_many and f"can never bind: {of_many}")
    yield from _on_nobody(instance, exposure)


class _Most:
    """The most that can be attributed to anybody, worked out once for each dimension, stage and set of periods."""

    def __init__(self, network: Network, exposure: Exposure) -> None:
        """Bound purchases by what offers have and lanes take."""
        self.exposure, self.network = exposure, network
        self._by_period: dict[str, dict[str, float]] = defaultdict(dict)
        for (offer, period), most in network.quantities.items():
            if most > 0:
                self._by_period[period][offer] = most
        self._bought: dict[tuple[str, ...], dict[str, float]] = {}
        self._held: dict[tuple[Dimension, str, str, tuple[str, ...]], dict[str, float]] = {}

    def bought(self, periods: tuple[str, ...]) -> dict[str, float]:
        """Return the most units that can be bought in some periods, by offer of which any can."""
        if periods not in self._bought:
            units: dict[str, float] = defaultdict(float)
            for period in periods:
                for offer, most in self._by_period.get(period, {}).items():
                    units[offer] += most
            self._bought[periods] = dict(units)
        return self._bought[periods]

    def most_units(self, dimension: Dimension, material: str, stage: str, periods: tuple[str, ...]) -> dict[str, float]:
        """Return the most units that can be attributed to each country, company or offer on which any can."""
        scope = (dimension, material, stage, periods)
        if scope not in self._held:
            shares = self.exposure.shares_at(material, stage, dimension)
            bought = self.bought(periods)
            units = {
                who: sum(map(mul, mine.values(), map(bought.get, mine, repeat(0.0)))) for who, mine in shares.items()
            }
            self._held[scope] = {who: much for who, much in units.items() if much > 0}
        return self._held[scope]


def _explain_idle(limit: AnyLimit, most: _Most, market: Market, mass: str) -> tuple[str, str]:
    """Say why a limit can never bind, and the same of many where that is worded otherwise; or nothing."""
    if limit.SENSE == "at least" and limit.level <= 0 and limit.UNIT != "figure":
        return "a level of 0 asks for nothing", ""
    if limit.SENSE == "at most" and limit.level >= limit.greatest and getattr(limit, "of", "supply") == "supply":
        return "its level allows everything", "their levels allow everything"
    if isinstance(limit, Quota):
        leaves = _leaves(limit, most, market)
        return "" if leaves else f"nothing that it holds for can leave {limit.country}", ""
    if isinstance(limit, LosingLimit):
        lost = limit.list_tried(most.exposure, most.network)
        return "" if lost else f"losing {limit.about} takes nothing that it holds for", ""
    if not isinstance(limit, _Cap) or limit.company or limit.offer:
        return "", ""
    if not any(units > 0 for units in _list_attributable(limit, most, market)):
        share = f" to {limit.from_share:.4g} or more" if isinstance(limit, Ban) and limit.from_share else ""
        return f"nothing that can be bought hangs on {limit.about}{share}", ""
    if isinstance(limit, QuantityCap):
        held, who = max(_list_attributable(limit, most, market)), limit.about
        if held <= limit.max_quantity:
            can = f"at most {format_amount(held)} {mass} can hang on {who}"
            return can, f"no more than each allows can hang on {who}"
    return "", ""


def _leaves(limit: Quota, most: _Most, market: Market) -> bool:
    """Whether anything that a quota holds for can leave its country."""
    stages = set(limit.stages_of(market))
    there = {o.offer for o in market.offers if o.country == limit.country and (o.material, o.stage) in stages}
    return any(origin in there and limit.counts_at(market, to) for origin, to in most.network.carrying)


def _list_attributable(limit: _Cap, most: _Most, market: Market) -> Iterator[float]:
    """Yield the most units that can count against the subjects of a cap, in each of its cells."""
    counts = limit.undisclosed == "counts"
    for key, periods in limit.cells(market):
        held = most.most_units(limit.dimension, key.material, key.stage, periods)
        for _, members in limit.members(market, held):
            if isinstance(limit, Ban) and limit.from_share > 0:
                shares = most.exposure.shares_at(key.material, key.stage, limit.dimension)
                hidden = (UNDISCLOSED,) if counts else ()
                yield sum(
                    most.bought(periods).get(offer, 0.0)
                    for offer, share in add_up_shares([shares.get(who, {}) for who in (*members, *hidden)]).items()
                    if limit.bans(share)
                )
            else:
                yield sum(held.get(who, 0.0) for who in (*members, UNDISCLOSED) if counts or who != UNDISCLOSED)
        if counts and limit.basis is not None:
            yield held.get(UNDISCLOSED, 0.0)


def _on_nobody(instance: EnforcedInstance, exposure: Exposure) -> Iterator[Remark]:
    """Yield limits on a company or an offer that sells nothing at the stages that they hold for."""
    for limit in instance.limits:
        if not isinstance(limit, SubjectLimit) or not (limit.company or limit.offer):
            continue
        who = limit.company or limit.offer
        stages = limit.stages_of(exposure.market)
        passing = (offer for stage in stages for offer in exposure.passing[stage])
        if not any(who in {offer.company, offer.offer} for offer in passing):
            yield Remark("limit", limit.name, f"speaks of {who}, which sells nothing that it holds for")

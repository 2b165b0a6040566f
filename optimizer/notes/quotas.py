"""Quotas that hold on a part of the days of a period beside other law that does, where it is not known which days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.limits.quota import Quota
from models.records.wording import list_some
from optimizer.notes.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.market import Market, Offer
    from models.market.network import Network


def find_loose_quotas(instance: EnforcedInstance, network: Network) -> Iterator[Remark]:
    """Yield quotas of which the days are not set against those of a control, or of another quota, on the same goods."""
    market = instance.market
    quotas = [limit for limit in instance.limits if isinstance(limit, Quota) and limit.share_of_days]
    for quota in quotas:
        others = [other for other in quotas if other is not quota and other.country == quota.country]
        beside = dict.fromkeys([*_list_quotas(quota, others, market), *_list_controls(quota, network)])
        if beside:
            names, periods = (list(dict.fromkeys(part)) for part in zip(*beside, strict=True))
            why = "which days they share is not counted, and together they may bind less than day by day"
            said = f"holds on a part of the days of {list_some(periods)}, as does {list_some(names)}: {why}"
            yield Remark("limit", quota.name, f"{said}; write such a period as two")


def _list_quotas(quota: Quota, others: list[Quota], market: Market) -> Iterator[tuple[str, str]]:
    """Yield (other quota, period) where both hold on a part of the days and count the same offer."""
    for other in others:
        if any(_counts(quota, offer) and _counts(other, offer) for offer in market.offers):
            yield from ((other.name, p) for p in market.years if _is_partly(quota, p) and _is_partly(other, p))


def _list_controls(quota: Quota, network: Network) -> Iterator[tuple[str, str]]:
    """Yield (control, period) where it closes a lane that the quota counts, and both hold on a part of the days."""
    for (origin, destination), shares in network.borders.open_shares.items():
        if _counts(quota, network.market.offer[origin]) and quota.counts_at(network.market, destination):
            names = [control.control for control in network.borders.closures[origin, destination].controls]
            partly = [period for period, share in shares.items() if 0 < share < 1 and _is_partly(quota, period)]
            yield from ((name, period) for period in partly for name in names)


def _counts(quota: Quota, offer: Offer) -> bool:
    stages = quota.stages is None or offer.stage in quota.stages
    return offer.country == quota.country and quota.concerns(offer.material) and stages


def _is_partly(quota: Quota, period: str) -> bool:
    return quota.counts_in(period) and 0 < quota.other_days(period) < 1

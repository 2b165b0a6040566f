"""Stages at which shares count a mean of what arrives, as yields further on differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.limits.contract.scoped import ScopedLimit
from optimizer.notes.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.market import Offer
    from models.market.exposure import Exposure


def find_means(instance: EnforcedInstance, exposure: Exposure) -> Iterator[Remark]:
    """Yield each processor of whose units shares count a mean, with the earlier stages at which they do."""
    stages: dict[str, dict[str, None]] = {}
    offers: dict[str, Offer] = {}
    for limit in instance.limits:
        if not isinstance(limit, ScopedLimit) or not limit.ARRIVING:
            continue
        for material, stage in limit.stages_of(exposure.market):
            for offer in exposure.worth.mixed(material, stage):
                offers[offer.offer] = offer
                stages.setdefault(offer.offer, {})[stage] = None
    for name, offer in offers.items():
        some = [exposure.worth.at(one) for one in exposure.worth.destinations(offer)]
        counted = f"shares at stage {' and '.join(stages[name])} count the mean, {sum(some) / len(some):.4g}"
        said = f"sells what makes {min(some):.4g} to {max(some):.4g} of a unit, depending on where it goes; {counted}"
        yield Remark("offer", name, said, said.replace("sells", "sell", 1))

"""How plans differ in who supplies, and how much of a plan is attributed to one country.

Both look at every stage of every material that supply passes, over the whole horizon, and read who is
behind a tonne from the same exposures as the limits. An offer that is bought without a feed of ours
stands for its earlier stages too.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal, NamedTuple

from models.limits.share_cap import ShareCap
from models.records.countries import UNDISCLOSED
from models.records.tolerances import RECOUNTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optimizer.results.account import Account

Basis = Literal["place", "control"]
Stage = tuple[str, str]
"""A material and one of its stages."""


class GreatestShare(NamedTuple):
    """The country on which most of a stage hangs, and how much of that is undisclosed, which counts against all."""

    share: float
    country: str
    undisclosed: float


def supply(account: Account) -> dict[Stage, float]:
    """Return the units that arrive of what passes each stage over the horizon, where any do."""
    totals: dict[Stage, float] = defaultdict(float)
    for (material, stage, _), units in account.supplied.items():
        totals[material, stage] += units
    return {stage: units for stage, units in totals.items() if units > 0}


def supply_shares(account: Account) -> dict[Stage, dict[str, float]]:
    """Return the share of each stage that each offer supplies, where that is more than rounding."""
    exposure, periods = account.exposure, account.market.years
    passing = exposure.passing
    arrived = {o.offer: sum(exposure.arrived(account, o, period) for period in periods) for o in account.market.offers}
    return {
        stage: {o.offer: arrived[o.offer] / whole for o in passing[stage] if arrived[o.offer] > RECOUNTED * whole}
        for stage, whole in supply(account).items()
    }


def distance(one: Mapping[Stage, Mapping[str, float]], other: Mapping[Stage, Mapping[str, float]]) -> float:
    """Return the share of supply that is bought elsewhere, the mean over all stages of either plan.

    For one stage that is half the sum of differences of the offers' shares: 0 for the same suppliers in
    the same proportions, 1 when no supplier is shared. A stage that only one plan uses counts as 1.
    """
    stages = {**one, **other}
    return sum(_elsewhere(one.get(stage, {}), other.get(stage, {})) for stage in stages) / max(1, len(stages))


def _elsewhere(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if not (one and other):
        return 1.0
    return sum(abs(one.get(offer, 0.0) - other.get(offer, 0.0)) for offer in {**one, **other}) / 2


def each_country(basis: Basis) -> ShareCap:
    """Return the limit whose rows are the shares of every country at every stage, at a level that all hold."""
    return ShareCap(name="each country", each="country", basis=basis, per="horizon", max_share=1.0, hard=True)


def greatest_shares(account: Account, basis: Basis) -> dict[Stage, GreatestShare]:
    """Return the country on which most hangs at each stage that supply passes; of equal ones the first by code."""
    greatest: dict[Stage, GreatestShare] = {}
    used = supply(account)
    for reading in each_country(basis).recount(account):
        stage = (reading.key.material, reading.key.stage)
        if stage in used and (stage not in greatest or reading.used > greatest[stage].share + RECOUNTED):
            greatest[stage] = GreatestShare(reading.used, reading.key.who, _undisclosed(account, basis, stage))
    return greatest


def _undisclosed(account: Account, basis: Basis, stage: Stage) -> float:
    """Return the share of a stage of which nobody says where or whose it is."""
    periods = tuple(account.market.years)
    attribution = account.exposure.attribution(account, basis, *stage, periods, arriving=True)
    return attribution.total_units().get(UNDISCLOSED, 0.0) / float(
        sum(account.exposure.passed(account, *stage, periods))
    )

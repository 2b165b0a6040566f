"""Price schedules: the tiers of one offer as steps and prices, and what a quantity costs under them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from models.records.tolerances import SAME_SUM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.market import Market, Tier


@dataclass(frozen=True, slots=True)
class Schedule:
    """Steps (units per year, from 0) and the price that holds from each of them on."""

    kind: Literal["incremental", "all-units"]
    steps: tuple[float, ...]
    prices: tuple[float, ...]

    @property
    def needs_binaries(self) -> bool:
        """Whether the cost is not convex, so that a linear program alone would pick the wrong tiers."""
        return self.kind == "all-units" or any(later < earlier for earlier, later in pairwise(self.prices))

    def refund(self, last: int) -> float:
        """Return what a unit that is given back is worth where a tier is the last one reached: the lowest price so far.

        Of all-units tiers every unit has one price.
        """
        return self.prices[last] if self.kind == "all-units" else min(self.prices[: last + 1])

    def times(self, rate: float) -> Schedule:
        """Return the schedule with all prices in another currency."""
        return self if rate == 1 else replace(self, prices=tuple(price * rate for price in self.prices))

    def beginning_at(self, price: float) -> Schedule:
        """Return the schedule of which the first price is another, and all differ in that proportion."""
        first = self.prices[0]
        if price == first:
            return self
        return replace(self, prices=(price, *(later * price / first for later in self.prices[1:])))

    def spans(self, years: float, most: float) -> list[tuple[float, float]]:
        """Return (start, end) of each tier in units of a period of which at most `most` can be bought.

        Tiers that start beyond `most` are left out; the first is always there.
        """
        ends = [step * years for step in self.steps[1:]] + [most]
        starts = [step * years for step in self.steps]
        return [
            (min(start, most), min(end, most))
            for start, end in zip(starts, ends, strict=True)
            if start <= most * (1 + SAME_SUM)
        ]

    def cost(self, quantity: float, years: float, tolerance: float = 0.0) -> float:
        """Return what a quantity bought within a period of `years` costs; `tolerance` as in `split`."""
        return sum(price * units for price, units in self.split(quantity, years, tolerance))

    def split(self, quantity: float, years: float, tolerance: float = 0.0) -> list[tuple[float, float]]:
        """Return the prices at which a quantity is bought within a period of `years`, each with its units.

        Within `tolerance` units of an all-units step the lower of the two prices holds; no tier is reached by less.
        """
        starts = [step * years for step in self.steps]
        if self.kind == "all-units":
            allowed = [
                price
                for price, start, end in zip(self.prices, starts, [*starts[1:], float("inf")], strict=True)
                if start - tolerance <= quantity <= end + tolerance
            ]
            return [(min(allowed), quantity)]
        reached = 1 + sum(start < quantity - tolerance for start in starts[1:])
        ends = [*starts[1:reached], float("inf")]
        bought = [max(0.0, min(quantity, end) - start) for start, end in zip(starts, ends, strict=False)]
        return list(zip(self.prices, bought + [0.0] * (len(starts) - reached), strict=True))


def schedules(market: Market) -> dict[tuple[str, str], Schedule]:
    """Return the price schedule of every offer that has tiers, by (offer, period).

    In a period in which the price differs, the tiers differ in the same proportion.
    """
    tiers: dict[str, list[Tier]] = defaultdict(list)
    for tier in market.tiers:
        tiers[tier.offer].append(tier)
    schedule_of = {}
    for name, breakpoints in tiers.items():
        breakpoints.sort(key=lambda tier: tier.from_quantity)
        stated = Schedule(
            kind=breakpoints[0].kind,
            steps=(0.0, *(tier.from_quantity for tier in breakpoints)),
            prices=(market.offer[name].price, *(tier.price for tier in breakpoints)),
        )
        for period in market.years:
            worth = stated.times(market.exchange.rate(market.offer[name].currency, period))
            schedule_of[name, period] = worth.beginning_at(market.price(name, period))
    return schedule_of


class PricingWindow(NamedTuple):
    """The periods of an offer of which quantities count together under its price schedule: one, or those of a year."""

    offer: str
    span: str
    """A period, or a calendar year."""
    periods: tuple[str, ...]
    years: float
    """Length of the periods together, in years."""
    schedule: Schedule

    def spend(
        self, quantity: Mapping[tuple[str, str], float], tolerance: float
    ) -> dict[str, list[tuple[float, float]]]:
        """Return the prices at which quantities are bought, each with its units, by period; `tolerance` is a share.

        Over a year further units are those that are bought later.
        """
        bought = [quantity.get((self.offer, period), 0.0) for period in self.periods]
        whole = self.schedule.split(sum(bought), self.years, tolerance * sum(bought))
        if len(bought) == 1:
            return {self.periods[0]: whole}
        if self.schedule.kind == "all-units":
            return {period: [(whole[0][0], units)] for period, units in zip(self.periods, bought, strict=True)}
        slight = tolerance * sum(bought)
        reached = [self.schedule.split(units, self.years, slight) for units in accumulate(bought, initial=0.0)]
        return {
            period: [(price, max(0.0, more - less)) for (_, less), (price, more) in zip(before, after, strict=True)]
            for period, (before, after) in zip(self.periods, pairwise(reached), strict=True)
        }


def list_counted(market: Market) -> list[PricingWindow]:
    """Return what counts together of every offer that has tiers: each period in which it is sold, or each year."""
    schedule_of = schedules(market)
    yearly = {tier.offer for tier in market.tiers if tier.per == "year"}
    spans = {period: (period,) for period in market.years}
    counted = []
    for name in dict.fromkeys(name for name, _ in schedule_of):
        for span, within in (market.calendar_years if name in yearly else spans).items():
            periods = tuple(period for period in within if (name, period) in market.available)
            if periods:
                years = sum(market.years[period] for period in periods)
                counted.append(PricingWindow(name, span, periods, years, schedule_of[name, periods[0]]))
    return counted

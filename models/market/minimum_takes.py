"""What must be taken of signed offers: as much as is stated, where it is there to be taken."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from models.market import PreparedMarket
    from models.market.bounds import Sale


class MinimumTakes:
    """Units that must be taken, of what ramps up no more than there is.

    Where law closes the lanes of an offer on some days, by the greatest open share among them.
    """

    def __init__(
        self, market: PreparedMarket, deliverable: Collection[Sale], open_shares: Mapping[Sale, float]
    ) -> None:
        """Look at what can be delivered in time, and at the greatest open share where law closes any lane."""
        self._market, self._deliverable, self._open_shares = market, deliverable, open_shares

    @cached_property
    def by_period(self) -> dict[Sale, float]:
        """Units by (offer, period), of offers of which they count period by period."""
        return self._list("period")

    @cached_property
    def by_year(self) -> dict[tuple[str, str], tuple[tuple[str, ...], float]]:
        """Periods and the units that must be taken in them, by (offer, calendar year), of offers of which years count.

        As many as the periods of the year would ask one by one.
        """
        each, available = self._list("year"), self._market.available
        periods_of = {
            (name, year): tuple(period for period in periods if (name, period) in available)
            for name in dict.fromkeys(name for name, _ in each)
            for year, periods in self._market.calendar_years.items()
        }
        return {key: (periods, sum(each.get((key[0], p), 0.0) for p in periods)) for key, periods in periods_of.items()}

    def _list(self, per: str) -> dict[Sale, float]:
        """Return the units that each period asks for by itself, of offers of which they count over periods or years."""
        market = self._market
        taking = {offer.offer for offer in market.offers if market.has_minimum_take(offer.offer)}
        return {
            (name, period): self._units(name, period, rate)
            for name, period in market.available
            if name in taking
            and market.offer[name].minimum_take_per == per
            and (rate := market.minimum_take(name, period))
            and (name, period) in self._deliverable
        }

    def _units(self, name: str, period: str, rate: float) -> float:
        years = self._market.years[period]
        ramping = self._market.full_years[name][period] < years
        least = min(rate * years, self._market.available[name, period]) if ramping else rate * years
        return least * self._open_shares.get((name, period), 1.0)

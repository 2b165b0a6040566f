"""``rate``: what other currencies are worth, and so what all that is priced in them costs."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from models.changes.amounts import Amount, read_amount
from models.changes.change import Edit
from models.changes.places import choose_place, confine_periods, describe_nothing, split_places
from models.changes.selection import choose
from models.market.exchange import change_rates
from models.records.validity import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.instance import Instance
    from models.market import Market
    from models.market.calendar import Calendar


@dataclass(frozen=True, kw_only=True)
class RateChange(Edit):
    """What one of a currency is worth, on all days or on those of some periods."""

    FIRST = 3
    VERB: ClassVar[str] = "rate"
    FORM: ClassVar[str] = "CURRENCY[@PERIODS]=AMOUNT"
    EXAMPLE: ClassVar[str] = "rate CNY=+10%"

    currency: str
    places: tuple[str, ...]
    amount: Amount

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``CURRENCY[@PERIODS]=AMOUNT``."""
        target, value = cls.target_and_value(said)
        currency, places = split_places(target)
        return cls(currency=currency, places=places, amount=read_amount(value), text=text, origin=origin)

    def apply(self, instance: Instance) -> Instance:
        """Change every rate of the currencies that are meant, on the days that are meant."""
        market = instance.market
        if not market.rates:
            msg = f"the instance states all money in {instance.currency}, so no rate says anything in it"
            raise ValueError(msg)
        known = {rate.currency: [rate.currency] for rate in market.rates}
        if self.currency == instance.currency and self.currency not in known:
            others = ", ".join(known)
            msg = f"{self.currency} is the currency of the instance, of which one is worth one; change others: {others}"
            raise ValueError(msg)
        meant = set(choose(self.currency, {"currency": known}))
        rates = change_rates(market.rates, meant, self._days(market), self.amount.of)
        return instance.model_copy(update={"market": market.model_copy(update={"rates": rates})})

    def _days(self, market: Market) -> list[Span] | None:
        """Return the days of the periods that are meant, each run of them as one; None for all days."""
        periods = _read_periods(self.places, market)
        if periods is None:
            return None
        if market.start is None:
            msg = f"{self.text} names periods, and rates change by the day; write start = in the instance, or no period"
            raise ValueError(msg)
        return _join(market.law_days, periods)


def _join(days: Calendar, periods: Sequence[str]) -> list[Span]:
    """Return the days of periods, each run of them as one; at an end of the horizon, all days beyond it too."""
    runs: list[list[str]] = []
    before = dict(zip(list(days)[1:], days, strict=False))
    for period in periods:
        if runs and before.get(period) == runs[-1][-1]:
            runs[-1].append(period)
        else:
            runs.append([period])
    names = list(days)
    return [
        Span(
            datetime.date.min if run[0] == names[0] else days[run[0]].first,
            datetime.date.max if run[-1] == names[-1] else days[run[-1]].last,
        )
        for run in runs
    ]


def _read_periods(places: Sequence[str], market: Market) -> tuple[str, ...] | None:
    """Return the periods that are named, in their order; None where all of them are."""
    kinds = {"period": {period: [period] for period in market.years}}
    found: list[str] | None = None
    for place in places:
        hits = choose_place(place, kinds, market, wild=("period",))
        found = [period for period in found or hits if period in hits]
        if not found:
            raise ValueError(describe_nothing("period", places))
    return confine_periods(found, market)

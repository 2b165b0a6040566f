"""What money in other currencies is worth in each period, in the currency of the instance.

A rate counts in a period for the days on which it holds: r_p = sum_k days_k r_k / days_p. Without a `start` all periods
have the rate of `as_of`. A currency without a rate is that of the instance; `models.references` refuses any other.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from math import isnan, nan
from typing import TYPE_CHECKING

from models.records.validity import Span, count_days

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from models.market.calendar import Calendar
    from models.market.tables.rate import Rate

_DAY = datetime.timedelta(days=1)


class Exchange:
    """Rates of all currencies by period."""

    def __init__(self, rates: Iterable[Rate], days: Calendar) -> None:
        """Read rates, and the days in which each period looks them up."""
        self._rates = {currency: _by_period(held, days) for currency, held in _find_spans(rates).items()}
        self.moving = frozenset(name for name, known in self._rates.items() if len({*known.values()}) > 1)
        """Currencies whose rate is not the same in all periods."""

    def rate(self, currency: str | None, period: str) -> float:
        """Return what one of a currency is worth in a period; None is the currency of the instance."""
        known = self._rates.get(currency) if currency is not None else None
        return 1.0 if known is None else known[period]

    def first(self, currency: str | None) -> float:
        """Return what one of a currency is worth in the first period."""
        known = self._rates.get(currency) if currency is not None else None
        return 1.0 if known is None else next(iter(known.values()))

    def lacking(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each currency that has no rate on some day of a period, with these periods."""
        for currency, known in self._rates.items():
            periods = [period for period, rate in known.items() if isnan(rate)]
            if periods:
                yield currency, periods


def find_in_force(rates: Iterable[Rate], horizon: Span) -> Iterator[Rate]:
    """Yield the rates that hold on any day of a horizon; those that hold on its first day lose their date."""
    for held in _find_spans(rates).values():
        for span, row in held:
            if count_days((span,), horizon):
                always = span.first <= horizon.first and row.from_date is not None
                yield row.model_copy(update={"from_date": None}) if always else row


def change_rates(
    rates: Sequence[Rate], currencies: Collection[str], within: Sequence[Span] | None, change: Callable[[float], float]
) -> tuple[Rate, ...]:
    """Return rates with those of some currencies changed, on the days `within` some spans; None = on all days.

    What a currency is worth on the other days stays: behind each span stands a row that says so. The spans are in order
    and do not touch.
    """
    if within is None:
        return tuple(_revalue(row, change) if row.currency in currencies else row for row in rates)
    spans = {row.key: span for held in _find_spans(rates).values() for span, row in held}
    return tuple(
        part
        for row in rates
        for part in (_cut(spans[row.key], row, within, change) if row.currency in currencies else (row,))
    )


def _revalue(row: Rate, change: Callable[[float], float]) -> Rate:
    return row.model_copy(update={"rate": change(row.rate)})


def _cut(span: Span, row: Rate, within: Sequence[Span], change: Callable[[float], float]) -> Iterator[Rate]:
    """Yield a rate that holds for some days as the rates that it becomes, in order."""
    begins = span.first  # of what is not yet told
    for days in within:
        first, last = max(days.first, begins), min(days.last, span.last)
        if first > last:
            continue
        if begins < first:
            yield _from(row, begins)
        yield _from(_revalue(row, change), first)
        if last == span.last:
            return
        begins = last + _DAY
    yield _from(row, begins)


def _from(row: Rate, day: datetime.date) -> Rate:
    return row.model_copy(update={"from_date": None if day == datetime.date.min else day})


Held = list[tuple[Span, "Rate"]]
"""The rates of one currency, each with the days on which it holds."""


def _find_spans(rates: Iterable[Rate]) -> dict[str, Held]:
    """Return the rates of each currency, from the first day on."""
    rows: dict[str, dict[datetime.date, Rate]] = defaultdict(dict)
    for row in rates:
        rows[row.currency].setdefault(row.from_date or datetime.date.min, row)
    found = {}
    for currency, own in rows.items():
        days = sorted(own)
        ends = [later - _DAY for later in days[1:]] + [datetime.date.max]
        found[currency] = [(Span(first, last), own[first]) for first, last in zip(days, ends, strict=True)]
    return found


def _by_period(held: Held, days: Calendar) -> dict[str, float]:
    """Return the rate of one currency in each period; not a number where a day has none."""
    rates = {}
    for period, within in days.items():
        counted = [(count_days((span,), within), row.rate) for span, row in held]
        met = {rate for met, rate in counted if met}
        total = sum(count * rate for count, rate in counted) / max(within.days, 1)  # of no day: told elsewhere
        lacks = sum(count for count, _ in counted) < within.days
        rates[period] = nan if lacks else met.pop() if len(met) == 1 else total
    return rates

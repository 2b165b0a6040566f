"""Units: what an instance counts materials and money in, whatever its rows are stated in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.market.calendar import lay_periods
from models.market.exchange import Exchange
from models.records.bases import KILOGRAMS, read_basis
from models.records.validity import Span
from models.references.tables import Problem, Tables, some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def mass_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every material whose own basis is in another unit of mass than the instance."""
    mass = tables.mass_unit
    if mass not in KILOGRAMS:
        return
    for row, material in tables.table("materials"):
        try:
            basis = read_basis(material.basis)
        except ValueError:
            continue  # a unit of the user's own, which nothing is converted into
        if basis.kilograms != KILOGRAMS[mass]:
            there = f"{mass} {basis.substance}".strip()
            message = (
                f"{material.basis!r} is not in {mass}, the mass_unit of the instance; write {there!r}, and give rows "
                f"that are stated so the basis {material.basis!r}"
            )
            yield Problem("materials", row, "basis", message)


def rate_problems(tables: Tables) -> Iterator[Problem]:
    """Yield rates of the own currency, currencies without a rate in a period, and tiers in another than their offer."""
    first: dict[str, int] = {}
    for row, rate in tables.table("rates"):
        first.setdefault(rate.currency, row)
        if rate.currency == tables.currency:
            message = f"{rate.currency} is the currency of the instance, of which one is worth one; remove the row"
            yield Problem("rates", row, "currency", message)
    days = _list_days(tables) if first else {}
    for currency, periods in Exchange(tables.records("rates"), days).lacking():
        since = min(rate.from_date for rate in tables.records("rates") if rate.currency == currency)
        message = (
            f"{currency} has no rate before {since}, and so none for all of {some(periods)}; add an earlier row, or "
            "leave from_date empty in the first"
        )
        yield Problem("rates", first[currency], "from_date", message)
    currency_of = dict(tables.list_values("offers", "offer", "currency")) if any(tables.table("tiers")) else {}
    for row, tier in tables.table("tiers"):
        own = currency_of.get(tier.offer, tier.currency)
        if tier.currency is not None and tier.currency != (own or tables.currency):
            message = (
                f"{tier.currency} is not the currency of {tier.offer}, which is {own or tables.currency}; state prices "
                "of one offer in one currency"
            )
            yield Problem("tiers", row, "currency", message)


def _list_days(tables: Tables) -> dict[str, Span]:
    """Return the days in which each period looks rates up, where they could be read."""
    years = {period.name: period.years for period in tables.periods}
    try:
        return lay_periods(tables.start, years) if tables.start else _on_one_day(tables, years)
    except OverflowError:
        return {}


def _on_one_day(tables: Tables, periods: Iterable[str]) -> dict[str, Span]:
    return {} if tables.as_of is None else dict.fromkeys(periods, Span(tables.as_of, tables.as_of))

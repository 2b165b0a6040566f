"""Terms of offers: what prices, takes, periods, bases, tiers and commitments say of each other."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from models.market.calendar import list_beginnings
from models.records.tolerances import ROUNDING
from models.records.wording import format_apart, format_exactly, suggest
from models.references.tables import Problem, Tables, some

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.market import Material, Offer, Terms, Tier


def offer_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every feed of a first stage, undeclared attribute and window that is none."""
    materials: dict[str, Material] = {m.material: m for _, m in tables.table("materials")}
    periods = [period.name for period in tables.periods]
    for row, record in tables.table("materials"):
        if record.offers is not None:
            message = "national offers are made when a table of materials is read; write it there, or state the offers"
            yield Problem("materials", row, "offers", message)
    for row, offer in tables.table("offers"):
        material = materials.get(offer.material)
        if material and offer.yield_ is not None and offer.stage == material.stages[0]:
            message = f"the first stage of {material.material} has no feed; leave the yield empty"
            yield Problem("offers", row, "yield", message)
        yield from _attributes_of(row, offer, tables)
        if offer.from_period or offer.to_period or offer.qualification:
            yield from _window_of(row, offer, periods)
        if offer.minimum_take_per == "year" and (fault := _fault_of_years(tables)) is not None:
            yield Problem("offers", row, "minimum_take_per", fault)


def _fault_of_years(tables: Tables) -> str | None:
    """Return why nothing can be counted over calendar years; None if it can, and where the calendar is at fault."""
    if tables.start is None:
        return "year counts over calendar years, which need a day of beginning; write start = YYYY-MM-DD"
    try:
        days = list_beginnings(tables.start, [period.years for period in tables.periods])
    except OverflowError:
        return None
    for period, (first, after) in zip(tables.periods, pairwise(days), strict=True):
        last = after - datetime.timedelta(days=1)
        if first.year < last.year:
            return (
                f"year counts over calendar years, and {period.name} lasts from {first} to {last}; "
                "write periods that each lie within one year, or period"
            )
    return None


def _attributes_of(row: int, offer: Offer, tables: Tables) -> Iterator[Problem]:
    for attribute in offer.attributes:
        if attribute not in tables.attributes:
            hint = suggest(attribute, tables.attributes)
            message = f"{attribute!r} is not declared; add it to `attributes` in the header{hint}"
            yield Problem("offers", row, attribute, message)


def _window_of(row: int, offer: Offer, periods: Sequence[str]) -> Iterator[Problem]:
    """Yield why there is no period in which an offer can be bought."""
    if not periods or {offer.from_period, offer.to_period} - {None, *periods}:
        return
    first, last = periods.index(offer.from_period or periods[0]), periods.index(offer.to_period or periods[-1])
    if last < first:
        message = f"{offer.to_period} comes before from_period {offer.from_period}; exchange them"
        yield Problem("offers", row, "to_period", message)
    elif first + offer.qualification > last:
        message = (
            f"{offer.qualification} from {periods[first]} on leaves no period until {periods[last]} in which it can "
            f"be sold; write {last - first} or less, or remove the offer"
        )
        yield Problem("offers", row, "qualification", message)


def tier_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every list of tiers that is of two kinds, and prices below zero."""
    offers: dict[str, Offer] = {o.offer: o for _, o in tables.table("offers")}
    by_offer: dict[str, list[tuple[int, Tier]]] = defaultdict(list)
    for row, tier in tables.table("tiers"):
        by_offer[tier.offer].append((row, tier))
        offer = offers.get(tier.offer)
        if offer and tier.price < 0 and not offer.resale:
            message = f"{format_exactly(tier.price)} is below zero; write 0 or more, or resale = yes for the offer"
            yield Problem("tiers", row, "price", message)
    for name, steps in by_offer.items():
        if len({tier.kind for _, tier in steps}) > 1:
            message = f"the tiers of {name} are of both kinds; make all incremental or all all-units"
            yield Problem("tiers", steps[-1][0], "kind", message)
        row, last = steps[-1]
        if len({tier.per for _, tier in steps}) > 1:
            message = f"some tiers of {name} count per period and some per year; write one of them in all"
            yield Problem("tiers", row, "per", message)
        elif last.per == "year" and name in offers and (fault := _fault_of_yearly_tiers(offers[name], tables)):
            yield Problem("tiers", row, "per", fault)


def _fault_of_yearly_tiers(offer: Offer, tables: Tables) -> str | None:
    """Return why tiers of an offer cannot count over years; None if they can."""
    if (fault := _fault_of_years(tables)) is not None or tables.start is None:
        return fault
    for table in ("scenarios", "hazards"):
        if tables.rows.get(table):
            why = "what a response does not take would move the tier of its whole year"
            return f"year cannot be planned for {table}, as {why}; write period, or remove the rows of {table}"
    names = [period.name for period in tables.periods]
    if {offer.from_period, offer.to_period} - {None, *names}:
        return None
    days = list_beginnings(tables.start, [period.years for period in tables.periods])
    stated = {row.period: row.price for row in tables.records("terms") if row.offer == offer.offer}
    seen: dict[int, float] = {}
    for period in offer.shares(tuple(names)):
        year, own = days[names.index(period)].year, stated.get(period)
        price = offer.price if own is None else own
        if seen.setdefault(year, price) != price:
            apart = f"that of {offer.offer} is another in {period}"
            return f"year asks for one price in all of {year}, and {apart}; write period"
    for rate in tables.records("rates"):
        turns = rate.currency == offer.currency and rate.from_date is not None and days[0] < rate.from_date < days[-1]
        if turns and (rate.from_date.month, rate.from_date.day) != (1, 1):
            why = f"the rate of {offer.currency} turns on {rate.from_date}"
            return (
                f"year asks for one price in all of {rate.from_date.year}, and {why}; write period, or one rate a year"
            )
    return None


def commitment_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every commitment that its offer cannot keep."""
    offers: dict[str, Offer] = {o.offer: o for _, o in tables.table("offers")}
    differing = {(terms.offer, terms.period): terms for terms in tables.records("terms")}
    years = {period.name: period.years for period in tables.periods}
    for row, commitment in tables.table("commitments"):
        offer = offers.get(commitment.offer)
        if offer is None:
            continue
        if commitment.period not in years or {offer.from_period, offer.to_period} - {None, *years}:
            continue
        shares = offer.shares(tuple(years))
        if commitment.period not in shares:
            when = f"; it can in {some(shares)}" if shares else ""
            message = f"{offer.offer} cannot be bought in {commitment.period}{when}"
            yield Problem("commitments", row, "period", message)
            continue
        basis = commitment.basis or offer.basis
        known = offer.material in tables.bases.own
        if known and not any(tables.bases.fault(offer.material, one) for one in (offer.basis, basis)):
            factor = tables.bases.factor
            in_basis = factor(offer.material, offer.basis) / factor(offer.material, basis)
            rate = _capacity(offer, differing.get((offer.offer, commitment.period)))
            most = rate * shares[commitment.period] * years[commitment.period] * in_basis
            if commitment.quantity > most * (1 + ROUNDING):
                much, had = format_apart(commitment.quantity, most)
                said = f"{much}{f' {basis}' if basis else ''}"
                message = f"{said} is above the {had} that {offer.offer} has in {commitment.period}; lower it"
                yield Problem("commitments", row, "quantity", message)


def _capacity(offer: Offer, terms: Terms | None) -> float:
    """Return the units per year that an offer has where it may have terms of its own; infinite without a capacity."""
    there = offer.capacity if terms is None or terms.capacity is None else terms.capacity
    return math.inf if there is None else there


def term_problems(tables: Tables) -> Iterator[Problem]:
    """Yield terms of a period that those of the offer do not allow."""
    offers: dict[str, Offer] = {offer.offer: offer for offer in tables.records("offers")}
    tiered = set(tables.list_values("tiers", "offer"))
    for row, terms in tables.table("terms"):
        offer = offers.get(terms.offer)
        if offer is not None:
            for column, message in _term_faults(terms, offer, has_tiers=offer.offer in tiered):
                yield Problem("terms", row, column, message)


def _term_faults(terms: Terms, offer: Offer, *, has_tiers: bool) -> Iterator[tuple[str, str]]:
    capacity = _capacity(offer, terms)
    if terms.minimum_take is not None and terms.minimum_take > capacity:
        whose = "the capacity" if terms.capacity is not None else f"the capacity of {offer.offer}"
        take, most = format_exactly(terms.minimum_take), format_exactly(capacity)
        yield "minimum_take", f"{take} is above {whose} of {most}; lower it"
    if terms.price is None:
        return
    if terms.price < 0 and not offer.resale:
        wrong = f"{format_exactly(terms.price)} is below zero"
        yield "price", f"{wrong}; write 0 or more, or resale = yes for the offer"
    elif has_tiers and terms.price != offer.price and (terms.price < 0 or offer.price <= 0):
        lower = f"the price of {offer.offer}" if offer.price <= 0 else "the price in the period"
        yield "price", f"tiers move in proportion, and {lower} is not above zero; leave it empty, or remove the tiers"

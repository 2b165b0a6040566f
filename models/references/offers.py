"""Terms of offers: what prices, takes, periods, bases, tiers and commitments say of each other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.records.tolerances import ROUNDING
from models.records.wording import format_apart, format_exactly, suggest
from models.references.rows import known_bases
from models.references.tables import Problem, Tables, some

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.market import Material, Offer, Tier


def offer_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every feed of a first stage, undeclared attribute and window that is none."""
    materials: dict[str, Material] = {m.material: m for _, m in tables.table("materials")}
    periods = [period.name for period in tables.periods]
    for row, offer in tables.table("offers"):
        material = materials.get(offer.material)
        if material and offer.yield_ is not None and offer.stage == material.stages[0]:
            message = f"the first stage of {material.material} has no feed; leave the yield empty"
            yield Problem("offers", row, "yield", message)
        yield from _attributes_of(row, offer, tables)
        if offer.from_period or offer.to_period or offer.qualification:
            yield from _window_of(row, offer, periods)


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


def commitment_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every commitment that its offer cannot keep."""
    offers: dict[str, Offer] = {o.offer: o for _, o in tables.table("offers")}
    bases = known_bases(tables)
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
        elif commitment.basis is None or commitment.basis in bases.get(offer.material, {commitment.basis}):
            basis = commitment.basis or offer.basis
            in_basis = _factor(tables, offer.material, offer.basis) / _factor(tables, offer.material, basis)
            most = offer.most * shares[commitment.period] * years[commitment.period] * in_basis
            if commitment.quantity > most * (1 + ROUNDING):
                much, had = format_apart(commitment.quantity, most)
                said = f"{much}{f' {basis}' if basis else ''}"
                message = f"{said} is above the {had} that {offer.offer} has in {commitment.period}; lower it"
                yield Problem("commitments", row, "quantity", message)


def _factor(tables: Tables, material: str, basis: str | None) -> float:
    """Return how many units of a material's own basis one unit of another holds."""
    factors = (c.factor for _, c in tables.table("conversions") if (c.material, c.basis) == (material, basis))
    return next(factors, 1.0)

"""What the world sells of a material, as offers of countries: a column `offers = "world"` of a material asks for them.

They are stand-ins: what a country made in a year of the reference data stands for what it sells, at the price of that
year, and all its producers for one company. Each row says so and is marked as assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.data import WORLD, Source, controls_of, find_material, latest_price, read_rows, supplies_of
from models.market.tables.lane import Lane
from models.market.tables.offer import Offer
from models.market.tables.owner import Owner
from models.records.bases import units_held
from models.records.countries import country_name
from models.records.wording import format_amount, list_some

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from models.data import Supply
    from models.market.bases import Bases
    from models.market.tables.material import Material

_CURRENCY = "USD"
"""The currency of the reference data's prices."""


class National(NamedTuple):
    """The offers of countries, their owners as far as these are known, and their lanes."""

    offers: list[Offer]
    owners: list[Owner]
    lanes: list[Lane]


def national_offers(material: Material, currencies: Collection[str], bases: Bases, sites: Collection[str]) -> National:
    """Return an offer of the last stage of a material for each country that is known to produce it.

    `currencies` are those in which the instance can count, its own first; `sites` those to which a lane is added where
    the material states a `world_freight`.

    Raises:
        ValueError: with the end of a sentence, where the reference data lack a figure or it cannot be stated here.
    """
    own = next(iter(currencies))
    supply, price, worked = _find_supply(material, bases)
    if _CURRENCY not in currencies:
        msg = f"the reference data have prices in {_CURRENCY}, and this instance counts in {own}; "
        msg += f"add a row {_CURRENCY} to rates"
        raise ValueError(msg)
    money = None if own == _CURRENCY else _CURRENCY
    offers = [_offer_of(material, supply, country, price, worked) for country in supply.countries]
    offers = [offer.model_copy(update={"currency": money}) for offer in offers] if money else offers
    owners = [row for offer in offers for row in _owners_of(offer, supply)]
    freight = material.world_freight
    lanes = [] if freight is None else [_lane_of(offer, site, freight) for offer in offers for site in sites]
    return National(offers, owners, lanes)


def _find_supply(material: Material, bases: Bases) -> tuple[Supply, float, str]:
    """Return the newest supply of a material's last stage, the price of its unit, and how that was worked out."""
    stage, known = material.stages[-1], find_material(material.material)
    for name in material.known_as:
        known = known or find_material(name)
    supplies = supplies_of(known) if known else ()
    at_stage = [one for one in supplies if one.stage == stage]
    if not at_stage:
        there = sorted({one.stage for one in supplies})
        what = f"know {known} as {list_some(there)} only" if there else "know nobody who supplies it"
        msg = f"the reference data {what}, and its last stage here is {stage}; state offers of your own"
        raise ValueError(msg)
    supply = at_stage[0]
    if (fault := bases.fault(material.material, supply.basis)) is not None:
        msg = (
            f"the reference data count in {supply.basis}, which is no basis of it ({material.basis}): {fault}; add the "
        )
        msg += "factor to conversions"
        raise ValueError(msg)
    return supply, *_find_price(supply)


def _find_price(supply: Supply) -> tuple[float, str]:
    """Return what a unit of a supply costs, and how that was worked out; the price of another stage where it must."""
    stages = (supply.stage, "refined", "mined")
    price = next((found for stage in stages if (found := latest_price(supply.material, stage))), None)
    if price is None:
        msg = f"the reference data have no price of {supply.material}; state offers of your own"
        raise ValueError(msg)
    try:
        held = units_held(price.basis, of=supply.basis)
    except ValueError as error:
        msg = f"the reference data have a price per {price.basis}, not per {supply.basis}: {error}; "
        msg += "state offers of your own"
        raise ValueError(msg) from None
    other = "" if price.stage == supply.stage else f", {price.stage}, as no price of what is {supply.stage} is known"
    worked = f"price = {price.usd:g} / {held:g} (USD per {price.basis}, {price.quote}, {price.year}{other})"
    return price.usd / held, worked


def _offer_of(material: Material, supply: Supply, country: str, price: float, worked: str) -> Offer:
    made, name = supply.countries[country], country_name(country)
    note = (
        f"national: the {format_amount(made)} {supply.basis} that {name} made in {supply.year} stand for what it "
        f"sells, all its producers for one company; {worked}"
    )
    return Offer(
        offer=f"{WORLD}-{material.material}-{country}",
        company=f"producers of {name}",
        material=material.material,
        stage=supply.stage,
        country=country,
        capacity=made,
        price=price,
        basis=None if supply.basis == material.basis else supply.basis,
        note=note,
        source=_describe_source(supply.source),
        year=supply.year,
        quality="assumed",
    )


def _owners_of(offer: Offer, supply: Supply) -> Iterator[Owner]:
    """Yield who is known to control what a country has; the rest stays undisclosed."""
    for row in controls_of(supply.material, supply.stage):
        if row.host == offer.country:
            yield Owner(
                offer=offer.offer,
                country=row.owner,
                share=row.share,
                note=f"national: {row.note}; the rest is undisclosed",
                source=_describe_source(row.source),
                year=row.year,
                quality="assumed",
            )


def _lane_of(offer: Offer, site: str, freight: float) -> Lane:
    source = "world_freight of the material"
    return Lane(origin=offer.offer, destination=site, freight=freight, source=source, quality="assumed")


def _describe_source(name: str) -> str:
    source = next(row for row in read_rows(Source) if row.source == name)
    return f"{source.publisher}, {source.title} ({source.licence}), as it comes with Lodeplan"

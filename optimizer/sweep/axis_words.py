"""What an axis moves, in words with basis and unit: ``cap on China in refined graphite, by place, %``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.changes.amounts import split_figure
from models.changes.caps import CapChange
from models.changes.demand import DemandChange
from models.changes.duties import DutyChange
from models.changes.lanes import FreightChange, LaneChange
from models.changes.places import BASES, read_places
from models.changes.products import ProductChange
from models.changes.rates import RateChange
from models.changes.selection import read_subject
from models.changes.settings import SetChange
from models.changes.terms import CapacityChange, MinimumTakeChange, PriceChange
from models.records.countries import country_name, read_country

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.changes import AnyChange
    from models.instance import Instance
    from optimizer.sweep.axis import Axis

_ALL = "*"


def describe_axis(axis: Axis, instance: Instance) -> str:
    """Return what a sweep moves and in which unit its levels are."""
    change, figure = axis.at(axis.levels[0]), split_figure(axis.levels[0].text)
    sign, unit = ("", "") if figure is None else (figure.sign.replace("-", "+"), figure.unit)
    return ", ".join(filter(None, [_describe(change, instance), _unit(change, instance, sign, unit)]))


def _describe(change: AnyChange, instance: Instance) -> str:
    """Say what is changed, and on which basis it counts."""
    match change:
        case CapChange():
            return f"cap on {_who(change, instance)} in {_goods(change.scope, instance)}{_basis(change, instance)}"
        case DemandChange(material=material):
            return f"demand for {'all materials' if material == _ALL else material}{_at(change.places, instance)}"
        case ProductChange(product=product):
            return f"making of {'all products' if product == _ALL else product}{_at(change.places, instance)}"
        case PriceChange(offers=offers) | CapacityChange(offers=offers) | MinimumTakeChange(offers=offers):
            whose = "all offers" if offers == _ALL else offers.replace("/", " ")
            return f"{change.VERB.replace('-', ' ')} of {whose}{_at(change.places, instance)}"
        case LaneChange(lanes=lanes) | FreightChange(lanes=lanes):
            what = "capacity" if isinstance(change, LaneChange) else "freight"
            return f"{what} of {lanes.removeprefix('lane:').replace('/', ' to ')}{_at(change.places, instance)}"
        case DutyChange(origin_country=begin, destination=end):
            way = f"{'every other country' if begin is None else country_name(begin)}{_to(end)}"
            way += _at(change.places, instance)
            return f"duty on {_goods(change.scope, instance)} from {way}"
        case RateChange(currency=currency):
            return f"worth of {currency}{_at(change.places, instance)}"
        case SetChange(path=path):
            *place, column = path.split(".")
            return f"{column.replace('_', ' ')} of {' '.join(place).replace('limits ', 'limit ', 1)}"
        case _:
            return change.text.partition("=")[0]


def _who(cap: CapChange, instance: Instance) -> str:
    who = read_subject(cap.who, instance.market)
    if who.field == "each":
        return f"each {who.name}"
    return country_name(who.name) if who.field == "country" else who.name


def _basis(cap: CapChange, instance: Instance) -> str:
    """Say on which basis a cap counts: on both, where there are two and none is asked for."""
    there = read_places(cap.places, instance.market)
    at = _at([place for place in cap.places if place not in BASES], instance)
    if there.basis is not None:
        return f"{at}, by {there.basis}"
    return f"{at}, by place and by control" if read_subject(cap.who, instance.market).has_basis else at


def _at(places: Sequence[str], instance: Instance) -> str:
    """Say where, on which basis and when: a country by its name, a run of periods by its ends."""
    return "".join(_at_one(place, instance) for place in places)


def _at_one(said: str, instance: Instance) -> str:
    if said in BASES:
        return f" by {said}"
    if any(period in instance.market.years for period in said.split("..")):
        return f" in {said.replace('..', ' to ')}"
    try:
        return f" in {country_name(read_country(said))}"
    except ValueError:
        return f" at {said}"


def _to(country: str | None) -> str:
    return "" if country is None else f" to {country_name(country)}"


def _goods(scope: str | None, instance: Instance) -> str:
    """Return what a scope says: ``refined graphite``."""
    if scope is None:
        return "each good"
    stage, slash, material = scope.partition("/")
    if not slash:
        return scope if scope in instance.market.material else f"each {scope} good"
    return " ".join(filter(None, ["" if stage == _ALL else stage, "goods" if material == _ALL else material]))


def _unit(change: AnyChange, instance: Instance, sign: str, unit: str) -> str:
    """Return the unit of levels that are written with a sign and a unit."""
    match sign, unit:
        case "x", _:
            return "times what it is"
        case "+", "pp":
            return "change in percentage points"
        case "+", "%":
            return "percentage points on top" if isinstance(change, DutyChange) else "change in %"
        case "", "%":
            own = isinstance(change, (CapChange, DutyChange, SetChange))
            return "%" if own else "% of what it is"
        case _:
            named = _own_unit(change, instance)
            return f"change in {named}" if sign and named else named


def _own_unit(change: AnyChange, instance: Instance) -> str:
    """Return in what a figure of a change is that stands without any sign; nothing where only the field says it."""
    match change:
        case PriceChange():
            return _price_unit(change, instance)
        case FreightChange():
            return f"{instance.currency} a unit"
        case RateChange():
            return instance.currency
        case CapacityChange() | MinimumTakeChange():
            bases = {instance.market.offer[name].basis for name in change.find(instance.market).offers}
            return f"{(bases.pop() if len(bases) == 1 else None) or instance.mass_unit} a year"
        case LaneChange():
            return f"{instance.mass_unit} a year"
        case DemandChange():
            return instance.mass_unit
        case ProductChange():
            return "units"
        case _:
            return ""


def _price_unit(change: PriceChange, instance: Instance) -> str:
    """Return in what the offers of a change state their prices, where all do alike."""
    offers = [instance.market.offer[name] for name in change.find(instance.market).offers]
    units = {(offer.currency, offer.priced_per) for offer in offers}
    currency, basis = units.pop() if len(units) == 1 else (None, None)
    return f"{currency or instance.currency} a {basis or 'unit'}"

"""The tables of reference data that come with Lodeplan, each row with its source; README.md beside them says more."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple, TypeVar, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Callable

WORLD = "world"
"""What stands in the place of a country where a figure is of all of them."""


class Source(NamedTuple):
    """Where figures come from, and on which terms they may be passed on."""

    source: str
    title: str
    publisher: str
    year: int
    licence: str
    found: str
    note: str


class Naming(NamedTuple):
    """A material, and what else it is called."""

    material: str
    known_as: str
    """Other names, separated by semicolons."""
    part_of: str
    """Names under which lists and intensities hold it together with others, separated by semicolons."""


class Stage(NamedTuple):
    """What the world produced of a material at a stage in a year."""

    material: str
    stage: str
    year: int
    world: float
    """Tonnes, as published: rounded, so that countries may add up to more."""
    basis: str
    """What a tonne is one of: ``t Li``."""
    source: str


class Production(NamedTuple):
    """What a country produced of a material at a stage in a year."""

    material: str
    stage: str
    country: str
    year: int
    quantity: float
    """Tonnes in the basis of the stage."""
    source: str


class Control(NamedTuple):
    """Which share of what a country (or the world) produces is controlled from another country."""

    material: str
    stage: str
    host: str
    owner: str
    share: float
    year: int
    note: str
    source: str


class Reserve(NamedTuple):
    """What a country (or the world) has in the ground that can be mined at a profit."""

    material: str
    country: str
    year: int
    quantity: float
    basis: str
    source: str


class Price(NamedTuple):
    """What a tonne cost on average in a year, in USD."""

    material: str
    stage: str
    year: int
    usd: float
    basis: str
    """What a tonne is one of, which need not be the basis of the stage: ``t Li2CO3``."""
    quote: str
    source: str


class Listed(NamedTuple):
    """A material that stands on a list of critical ones."""

    list: str
    material: str
    year: int
    source: str


class Governance(NamedTuple):
    """How a country is governed: the mean of six estimates, from about -2.5 (worst) to 2.5."""

    country: str
    estimate: float
    year: int
    source: str


class Membership(NamedTuple):
    """A member of a bloc, and since when and until when."""

    bloc: str
    country: str
    since: str
    """A year, or a day where it is known."""
    until: str
    source: str


class Distance(NamedTuple):
    """The shortest way by sea between two ports."""

    origin_port: str
    """UN/LOCODE, which begins with the country: ``CLSAI``."""
    origin: str
    destination_port: str
    destination: str
    nautical_miles: float
    without_suez: float
    source: str


class Intensity(NamedTuple):
    """How much of a material a unit of a technology holds."""

    technology: str
    material: str
    quantity: float
    unit: str
    """``kg/kWh`` or ``kg/MW``."""
    year: int
    source: str


TABLES: dict[str, type[NamedTuple]] = {
    "materials": Naming,
    "stages": Stage,
    "production": Production,
    "control": Control,
    "reserves": Reserve,
    "prices": Price,
    "lists": Listed,
    "governance": Governance,
    "blocs": Membership,
    "distances": Distance,
    "intensities": Intensity,
    "sources": Source,
}
"""The record of each table, by the name of its file."""

_Row = TypeVar("_Row", bound=NamedTuple)
_NAME = {record: name for name, record in TABLES.items()}


@cache
def read_rows(record: type[_Row]) -> tuple[_Row, ...]:
    """Return the rows of a table, given what its rows are, in the order of the file."""
    text = (files("models.data") / f"{_NAME[record]}.csv").read_text("utf-8")
    heading, *rows = csv.reader(text.splitlines())
    kinds: dict[str, Callable[[str], object]] = get_type_hints(record)
    if heading != list(kinds):
        msg = f"{_NAME[record]}.csv has other columns than {record.__name__}: {', '.join(heading)}"
        raise ValueError(msg)
    return tuple(record._make(kind(cell) for kind, cell in zip(kinds.values(), row, strict=True)) for row in rows)

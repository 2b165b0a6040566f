"""``duty``: what is charged on what comes from a country.

Duties hold on days. With periods behind an ``@`` a change is made on the days of these: a row that holds on others as
well is cut into rows that follow each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Self, TypeVar

from models.changes.amounts import Amount, read_rate
from models.changes.change import FactChange, split_at, unquote
from models.changes.places import choose_place, confine_periods, describe_nothing, narrow_periods, split_places
from models.changes.selection import list_first, read_scope
from models.market import Control, Duty
from models.records.countries import read_country
from models.records.validity import ALWAYS, Span, clip, list_spans, unite

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from models.market import Market

R = TypeVar("R", Duty, Control)
_ANY = "*"
_NAME = "change"
"""What a duty that a change adds is called."""
Border = tuple[str, str, str]
"""(material, stage, country of destination)"""


class SomeBorders(NamedTuple):
    """Borders that a change speaks of, in some periods."""

    borders: list[Border]
    periods: tuple[str, ...] | None
    """None where all of them are meant."""


@dataclass(frozen=True, kw_only=True)
class DutyChange(FactChange):
    """A duty on what comes from a country, or from any other."""

    VERB: ClassVar[str] = "duty"
    FORM: ClassVar[str] = "[SCOPE:]FROM[>TO][@PERIODS]=RATE"
    EXAMPLE: ClassVar[str] = "duty refined/graphite:CN=+25%"

    scope: str | None
    origin_country: str | None
    """None = any other country."""
    destination: str | None
    """None = wherever it goes."""
    places: tuple[str, ...]
    """What stands behind each ``@``: periods."""
    rate: Amount

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``[SCOPE:]FROM[>TO][@PERIODS]=RATE``."""
        target, value = cls.target_and_value(said)
        said_of, places = split_places(target)
        head, rest = split_at(said_of, ":")
        scope, way = (None, head) if rest is None else (head, rest)
        start, end = split_at(way, ">")
        return cls(
            scope=scope,
            origin_country=None if start == _ANY else read_country(unquote(start)),
            destination=None if end is None else read_country(unquote(end)),
            places=places,
            rate=read_rate(value),
            text=text,
            origin=origin,
        )

    def find(self, market: Market) -> SomeBorders:
        """Return the borders that are meant, at least one, and the periods."""
        names = list(market.years)
        kinds = {"period": {period: [period] for period in names}}
        for place in self.places:
            names = [period for period in names if period in choose_place(place, kinds, market)]
            if not names:
                raise ValueError(describe_nothing("period", self.places))
        return SomeBorders(self._find_borders(market), confine_periods(names, market))

    def change(self, market: Market, found: SomeBorders, within: Collection[str] | None = None) -> Market:
        """Change the rows that are in force on any day that law is looked up in, or add to them."""
        borders, days = found.borders, self._find_days(market, narrow_periods(found.periods, within, market))
        spoken_of = [row for row in market.duties if self._speaks_of(row, borders) and market.shares_of(row)]
        rows, meant = list(market.duties), spoken_of
        if days is not None:
            cut = {id(row): cut_days(row, days, market.horizon) for row in spoken_of}
            rows = [piece for row in rows for piece, _ in cut.get(id(row), [(row, False)])]
            meant = [piece for pieces in cut.values() for piece, is_inside in pieces if is_inside]
        match self.rate.how:
            case "times":
                duties = self._multiply(market, rows, meant)
            case "is":
                duties = [row for row in rows if row not in meant]
                duties += self._build(borders, days) if self.rate.number else []
            case "plus":
                duties = self._add(market, borders, days)
        return market.model_copy(update={"duties": tuple(duties)})

    def _find_days(self, market: Market, periods: Collection[str] | None) -> list[Span] | None:
        """Return the days of each of some periods; None where all are meant."""
        if periods is None or len(periods) == len(market.years):
            return None
        if market.calendar is None:
            at = "".join(f"@{place}" for place in self.places)
            cure = f", or leave {at} out" if at else ""
            msg = f"duties hold on days, and the periods have none: state start in the header{cure}"
            raise ValueError(msg)
        return [market.calendar[period] for period in periods]

    def _find_borders(self, market: Market) -> list[Border]:
        """Return where what is in scope crosses into a country that uses it, in the order of the materials."""
        inside = set(read_scope(market, self.scope))
        known = [
            border for border in _find_crossings(market) if border[:2] in inside and border[2] != self.origin_country
        ]
        found = [border for border in known if self.destination in {None, border[2]}]
        if not found:
            there = list_first(dict.fromkeys(country for _, _, country in known)) or "nowhere else"
            where = f" to {self.destination}" if self.destination else " from there"
            msg = f"nothing{' of ' + self.scope if self.scope else ''} goes{where}; it goes to {there}"
            raise ValueError(msg)
        return found

    def _speaks_of(self, row: Duty, borders: Collection[Border]) -> bool:
        from_there = self.origin_country in {None, row.from_country}
        return from_there and (row.material, row.stage, row.to_country) in borders

    def _multiply(self, market: Market, rows: Collection[Duty], meant: Collection[Duty]) -> list[Duty]:
        if not meant:
            first, last = market.horizon
            days = f"on {first}" if first == last else f"from {first} to {last}"
            days = f"in {' and '.join(self.places)}" if self.places else days
            known = dict.fromkeys(f"{row.material} from {row.from_country or 'any'}" for row in market.duties)
            msg = f"no such duty is in force {days}; write a rate such as 25% (duties: {list_first(known) or 'none'})"
            raise ValueError(msg)
        return [row.model_copy(update={"rate": self.rate.of(row.rate)}) if row in meant else row for row in rows]

    def _build(self, borders: Collection[Border], days: Collection[Span] | None) -> Iterator[Duty]:
        """Yield a row for every border and period; one for all where no periods are named."""
        rate = self.rate.of(0.0)
        for material, stage, country in borders:
            way = {"from_country": self.origin_country, "to_country": country}
            row = Duty(duty=_NAME, material=material, stage=stage, rate=rate, **way)
            if days is None:
                yield row
            for first, last in days or ():
                yield row.model_copy(update={"valid_from": first, "valid_to": last})

    def _add(self, market: Market, borders: Collection[Border], days: Collection[Span] | None) -> list[Duty]:
        """Return the duties with one more on every border; what an earlier change put there grows."""
        extra = {row.key: row for row in self._build(borders, days)}
        grown = [
            row.model_copy(update={"rate": self.rate.of(row.rate)}) if row.key in extra else row
            for row in market.duties
        ]
        return [*grown, *(row for key, row in extra.items() if key not in {row.key for row in market.duties})]


def cut_days(row: R, days: Collection[Span], horizon: Span) -> list[tuple[R, bool]]:
    """Return a duty or a control as rows that follow each other, and whether each holds on some days or on none.

    Rows lie within the horizon. One that holds on those days alone, or on none of them, stays as it is.
    """
    (whole,) = list_spans(row.valid_from, row.valid_to)
    inside = clip(unite(days), whole)
    outside = clip(list_spans(None, None, inside), whole)
    if not inside or not clip(outside, horizon):
        return [(row, bool(inside))]
    pieces = [(span, True) for span in inside] + [(span, False) for span in outside if clip([span], horizon)]
    return [
        (
            row.model_copy(
                update={
                    "valid_from": None if span.first == ALWAYS.first else span.first,
                    "valid_to": None if span.last == ALWAYS.last else span.last,
                }
            ),
            is_inside,
        )
        for span, is_inside in sorted(pieces)
    ]


def _find_crossings(market: Market) -> list[Border]:
    """Return every (material, stage, country) into which a stage is delivered: to sites, or to be processed."""
    stands = {site.site: site.country for site in market.sites}
    sites = [(demand.material, stands[demand.site]) for demand in market.demand if demand.site in stands]
    found: list[Border] = []
    for material in market.materials:
        for stage, following in zip(material.stages, [*material.stages[1:], None], strict=True):
            if following is None:
                countries = [country for name, country in sites if name == material.material]
            else:
                fed = [offer for offer in market.offers if offer.material == material.material and offer.yield_]
                countries = [offer.country for offer in fed if offer.stage == following]
            found += [(material.material, stage, country) for country in dict.fromkeys(countries)]
    return found

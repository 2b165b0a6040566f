"""``duty``: what is charged on what comes from a country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from models.changes.amounts import Amount, read_rate
from models.changes.change import Edit, split_at, unquote
from models.changes.selection import list_first, read_scope
from models.market import Duty
from models.records.countries import read_country

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from models.instance import Instance
    from models.market import Market

_ANY = "*"
_NAME = "change"
"""What a duty that a change adds is called."""
Border = tuple[str, str, str]
"""(material, stage, country of destination)"""


@dataclass(frozen=True, kw_only=True)
class DutyChange(Edit):
    """A duty on what comes from a country, or from any other."""

    VERB: ClassVar[str] = "duty"
    FORM: ClassVar[str] = "[SCOPE:]FROM[>TO]=RATE"
    EXAMPLE: ClassVar[str] = "duty refined/graphite:CN=+25%"

    scope: str | None
    origin_country: str | None
    """None = any other country."""
    destination: str | None
    """None = wherever it goes."""
    rate: Amount

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``[SCOPE:]FROM[>TO]=RATE``."""
        target, value = cls.target_and_value(said)
        head, rest = split_at(target, ":")
        scope, way = (None, head) if rest is None else (head, rest)
        start, end = split_at(way, ">")
        return cls(
            scope=scope,
            origin_country=None if start == _ANY else read_country(unquote(start)),
            destination=None if end is None else read_country(unquote(end)),
            rate=read_rate(value),
            text=text,
            origin=origin,
        )

    def apply(self, instance: Instance) -> Instance:
        """Change the rows that are in force on any day that law is looked up in, or add to them."""
        market = instance.market
        borders = self._find_borders(market)
        meant = [row for row in market.duties if self._speaks_of(row, borders) and market.shares_of(row)]
        match self.rate.how:
            case "times":
                duties = self._multiply(market, meant)
            case "is":
                duties = [row for row in market.duties if row not in meant]
                duties += self._build(borders) if self.rate.number else []
            case "plus":
                duties = self._add(market, borders)
        return instance.model_copy(update={"market": market.model_copy(update={"duties": tuple(duties)})})

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

    def _multiply(self, market: Market, meant: Collection[Duty]) -> list[Duty]:
        if not meant:
            first, last = market.horizon
            days = f"on {first}" if first == last else f"from {first} to {last}"
            known = dict.fromkeys(f"{row.material} from {row.from_country or 'any'}" for row in market.duties)
            msg = f"no such duty is in force {days}; write a rate such as 25% (duties: {list_first(known) or 'none'})"
            raise ValueError(msg)
        return [
            row.model_copy(update={"rate": self.rate.of(row.rate)}) if row in meant else row for row in market.duties
        ]

    def _build(self, borders: Collection[Border]) -> Iterator[Duty]:
        for material, stage, country in borders:
            yield Duty(
                duty=_NAME,
                material=material,
                stage=stage,
                from_country=self.origin_country,
                to_country=country,
                rate=self.rate.of(0.0),
            )

    def _add(self, market: Market, borders: Collection[Border]) -> list[Duty]:
        """Return the duties with one more on every border; what an earlier change put there grows."""
        extra = {row.key: row for row in self._build(borders)}
        grown = [
            row.model_copy(update={"rate": self.rate.of(row.rate)}) if row.key in extra else row
            for row in market.duties
        ]
        return [*grown, *(row for key, row in extra.items() if key not in {row.key for row in market.duties})]


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

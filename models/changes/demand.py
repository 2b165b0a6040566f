"""``demand``: what is needed, changed row by row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from models.changes.amounts import Amount, read_amount
from models.changes.change import FactChange, NotThenError
from models.changes.one_unit import require_one_unit, state_amount
from models.changes.places import choose_place, split_places
from models.changes.selection import choose, group_by_country, list_first
from models.records.countries import UNDISCLOSED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from models.market import Demand, Market, Product


@dataclass(frozen=True, kw_only=True)
class DemandChange(FactChange):
    """How much is needed."""

    VERB: ClassVar[str] = "demand"
    FORM: ClassVar[str] = "MATERIAL[@WHERE][@PERIODS]=AMOUNT"
    EXAMPLE: ClassVar[str] = "demand lithium=+20%"

    material: str
    places: tuple[str, ...]
    amount: Amount

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``MATERIAL[@WHERE][@PERIODS]=AMOUNT``."""
        target, value = cls.target_and_value(said)
        material, places = split_places(target)
        return cls(material=material, places=places, amount=read_amount(value), text=text, origin=origin)

    def find(self, market: Market) -> set[int]:
        """Return the rows of demand that are meant, by their number."""
        materials = set(choose(self.material, {"material": {name: [name] for name in market.material}}))
        hit = {row for row, demand in enumerate(market.demand) if demand.material in materials}
        for place in self.places:
            hit &= set(find_rows(place, market.demand, market))
        if not hit:
            rows = [demand for demand in market.demand if demand.material in materials] or market.demand
            there = list_first([f"{demand.material} at {demand.site} in {demand.period}" for demand in rows])
            at = f" at {' and '.join(self.places)}" if self.places else ""
            msg = f"there is no demand for {self.material}{at}; there is {there}"
            raise ValueError(msg)
        return hit

    def change(self, market: Market, found: Collection[int], within: Collection[str] | None = None) -> Market:
        """Change the quantity of every row that is meant."""
        hit = {row for row in found if within is None or market.demand[row].period in within}
        if not hit:
            there = list_first(list(dict.fromkeys(market.demand[row].period for row in sorted(found))))
            msg = f"there is no such demand in {list_first(list(within or ()))}; there is some in {there}"
            raise NotThenError(msg)
        rows = [market.demand[row] for row in sorted(hit)]
        stated = [(f"{d.material} at {d.site}", state_amount(market, d.material, d.basis)) for d in rows]
        require_one_unit(self.amount, stated)
        changed = tuple(
            d.model_copy(update={"quantity": self.amount.of(d.quantity)}) if row in hit else d
            for row, d in enumerate(market.demand)
        )
        return market.model_copy(update={"demand": changed})


def find_rows(where: str, rows: Sequence[Demand | Product], market: Market) -> list[int]:
    """Return rows (of demand, of products) at a site, at the sites of a country, or in a period or a run of them."""
    sites: dict[str, list[int]] = defaultdict(list)
    countries: dict[str, list[int]] = defaultdict(list)
    periods: dict[str, list[int]] = defaultdict(list)
    stands = {site.site: site.country for site in market.sites}
    for number, row in enumerate(rows):
        sites[row.site].append(number)
        countries[stands.get(row.site, UNDISCLOSED)].append(number)
        periods[row.period].append(number)
    by_country = group_by_country(where, countries)
    kinds: dict[str, Mapping[str, Collection[int]]] = {"site": sites, "country": by_country, "period": periods}
    return choose_place(where, kinds, market)

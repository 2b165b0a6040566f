"""``lane`` and ``freight``: what lanes and corridors can carry, and what a unit costs on lanes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self

from models.changes.amounts import Amount, read_amount
from models.changes.by_period import Subject, change_differing, change_everywhere, change_in_periods, subject_of
from models.changes.change import FactChange
from models.changes.places import choose_place, confine_periods, describe_nothing, narrow_periods, split_places
from models.changes.selection import choose
from models.market import LaneTerms

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.market import Market


class SomeLanes(NamedTuple):
    """Lanes and corridors that a change speaks of, in some periods."""

    ways: list[Subject]
    periods: tuple[str, ...] | None
    """None where all of them are meant."""


@dataclass(frozen=True, kw_only=True)
class _OfLanes(FactChange):
    """A change of lanes, or of corridors with all their lanes."""

    FORM: ClassVar[str] = "LANES[@PERIODS]=AMOUNT"
    COLUMN: ClassVar[Literal["freight", "capacity"]]
    KINDS: ClassVar[tuple[str, ...]]

    lanes: str
    places: tuple[str, ...]
    amount: Amount

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``LANES[@PERIODS]=AMOUNT``."""
        target, value = cls.target_and_value(said)
        lanes, places = split_places(target)
        return cls(lanes=lanes, places=places, amount=read_amount(value), text=text, origin=origin)

    def find(self, market: Market) -> SomeLanes:
        """Return the lanes and corridors that are meant, and the periods."""
        meant = self._meant(market)
        periods = list(market.years)
        kinds = {"period": {period: [period] for period in periods}}
        for place in self.places:
            periods = [period for period in periods if period in choose_place(place, kinds, market)]
        if not periods:
            raise ValueError(describe_nothing("period", self.places))
        return SomeLanes(meant, confine_periods(periods, market))

    def change(self, market: Market, found: SomeLanes, within: Collection[str] | None = None) -> Market:
        """Change lanes and corridors, where they stand or in rows of the periods that are meant."""
        periods = narrow_periods(found.periods, within, market)
        update = self._in_all(market, found.ways) if periods is None else self._in_some(market, found.ways, periods)
        return market.model_copy(update=update)

    def _meant(self, market: Market) -> list[Subject]:
        """Return the lanes and corridors that are meant, at least one."""
        if not market.lanes:
            msg = "the instance states no lanes, so every way is open and free; add a table lanes first"
            raise ValueError(msg)
        known: dict[str, dict[str, list[Subject]]] = {
            "lane": {f"{lane.origin}/{lane.destination}": [subject_of(lane)] for lane in market.lanes},
            "corridor": {corridor.corridor: [subject_of(corridor)] for corridor in market.corridors},
        }
        return choose(self.lanes, {kind: known[kind] for kind in self.KINDS}, wild=("lane",))

    def _in_all(self, market: Market, meant: list[Subject]) -> dict[str, Any]:
        tables = {f"{kind}s": getattr(market, f"{kind}s") for kind in self.KINDS}
        changed = {name: change_everywhere(rows, meant, self.COLUMN, self.amount) for name, rows in tables.items()}
        return changed | {"lane_terms": change_differing(market.lane_terms, meant, self.COLUMN, self.amount)}

    def _in_some(self, market: Market, meant: list[Subject], periods: tuple[str, ...]) -> dict[str, Any]:
        rows = {subject_of(row): row for row in (*market.lanes, *market.corridors)}
        pairs = [(rows[subject], period) for subject in meant for period in periods]
        return {"lane_terms": change_in_periods(LaneTerms, market.lane_terms, pairs, self.COLUMN, self.amount)}


@dataclass(frozen=True, kw_only=True)
class LaneChange(_OfLanes):
    """How much can pass."""

    VERB: ClassVar[str] = "lane"
    EXAMPLE: ClassVar[str] = "lane balama/vidalia=0"
    COLUMN: ClassVar[Literal["freight", "capacity"]] = "capacity"
    KINDS: ClassVar[tuple[str, ...]] = ("lane", "corridor")


@dataclass(frozen=True, kw_only=True)
class FreightChange(_OfLanes):
    """What a unit costs on its way."""

    VERB: ClassVar[str] = "freight"
    EXAMPLE: ClassVar[str] = "freight balama/vidalia=+20%"
    COLUMN: ClassVar[Literal["freight", "capacity"]] = "freight"
    KINDS: ClassVar[tuple[str, ...]] = ("lane",)

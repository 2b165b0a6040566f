"""The shares of countries at a stage of a material, as exposure.csv has them, period by period and on both bases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple
from weakref import WeakKeyDictionary

from models.records.countries import UNDISCLOSED
from models.records.tolerances import RECOUNTED
from optimizer.charts.shown import figure, known, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from optimizer.charts.shown import Row, ShownPlan

Basis = Literal["place", "control"]
BASES: tuple[Basis, ...] = ("control", "place")
WHOLE = ""
"""The period of rows that speak of the whole horizon."""
_NOTHING = 5e-5
"""Shares below this are not drawn."""


class Share(NamedTuple):
    """A country's share from 0 to 1, and the share cap with least room, with what counts against it."""

    share: float
    cap: float | None = None
    counted: float | None = None
    over_all: bool = False
    """Whether that cap is one over the whole horizon, beside the share of one period."""

    @property
    def at_cap(self) -> bool:
        """Whether it uses all that the cap allows."""
        return self.cap is not None and self.counted is not None and self.counted >= self.cap - RECOUNTED


NONE = Share(0.0)


@dataclass
class StageShares:
    """A stage of a material."""

    material: str
    stage: str
    by: dict[tuple[str, str], dict[str, Share]] = field(default_factory=dict)
    """Shares by basis and period, then by country."""

    def periods(self, basis: Basis) -> list[str]:
        """Return the periods of which there are shares, the whole horizon left out where there are others."""
        there = [period for own, period in self.by if own == basis]
        return [period for period in there if period != WHOLE] or there

    def shares(self, basis: Basis, period: str) -> dict[str, Share]:
        """Return the shares by country; none where nothing passes."""
        return self.by.get((basis, period), {})

    def share(self, basis: Basis, period: str, country: str) -> Share:
        """Return the share of a country."""
        return self.shares(basis, period).get(country, NONE)

    def undisclosed(self, basis: Basis, period: str) -> float:
        """Return what nobody declared."""
        return self.share(basis, period, UNDISCLOSED).share

    def largest(self, basis: Basis, period: str) -> str:
        """Return the named country with the largest share, nothing where no country has any."""
        named = ((-one.share, country) for country, one in self.shares(basis, period).items() if country != UNDISCLOSED)
        share, country = min(named, default=(0.0, ""))
        return country if -share > _NOTHING else ""

    def worst(self, basis: Basis) -> str:
        """Return the period in which the largest named country has most, the first of such periods."""
        periods = self.periods(basis)
        return max(periods, key=lambda p: self.share(basis, p, self.largest(basis, p)).share, default=WHOLE)

    def effective(self, basis: Basis) -> float:
        """Return as many countries of equal size, at worst: in the worst period, the undisclosed with the largest."""
        found = []
        for period in self.periods(basis):
            first, hidden = self.largest(basis, period), self.undisclosed(basis, period)
            rest = [
                one.share for country, one in self.shares(basis, period).items() if country not in {first, UNDISCLOSED}
            ]
            squares = (self.share(basis, period, first).share + hidden) ** 2 + sum(share**2 for share in rest)
            if squares > 0:
                found.append(1 / squares)
        return min(found, default=0.0)

    def most(self, basis: Basis) -> dict[str, Share]:
        """Return each country's share in the period in which it is nearest to its cap, or else has most.

        Beside it stands the cap over the whole horizon where that is reached, or is the only one.
        """
        found: dict[str, Share] = {}
        for period in self.periods(basis):
            for country, one in self.shares(basis, period).items():
                if country not in found or _nearness(one) < _nearness(found[country]):
                    found[country] = one
        return {country: self._capped(basis, country, one) for country, one in found.items() if one.share > _NOTHING}

    def _capped(self, basis: Basis, country: str, one: Share) -> Share:
        """Return the share of a period with the cap that matters: its own, or that over the whole horizon."""
        whole = self.share(basis, WHOLE, country)
        if whole.cap is None or one.at_cap or (one.cap is not None and not whole.at_cap):
            return one
        return one._replace(cap=whole.cap, counted=whole.counted, over_all=WHOLE not in self.periods(basis))


def _nearness(one: Share) -> tuple[float, float]:
    room = float("inf") if one.cap is None or one.counted is None else one.cap - one.counted
    return room, -one.share


_STAGES: WeakKeyDictionary[ShownPlan, list[StageShares]] = WeakKeyDictionary()
"""Stages of plans that are being shown: most charts ask for them, and there may be many thousand rows."""


def stages_of(plan: ShownPlan) -> list[StageShares]:
    """Return the stages of a plan, in the order in which exposure.csv has them; they are read once."""
    found = _STAGES.get(plan)
    if found is None:
        found = _STAGES[plan] = read_stages(plan.rows("exposure"))
    return found


def read_stages(rows: Iterable[Row]) -> list[StageShares]:
    """Return the stages that rows of exposure.csv speak of, in their order."""
    found: dict[tuple[str, str], StageShares] = {}
    for row in rows:
        key = said(row, "material"), said(row, "stage")
        stage = found.setdefault(key, StageShares(*key))
        shares = stage.by.setdefault((said(row, "basis"), said(row, "period")), {})
        shares[said(row, "country")] = Share(figure(row, "share"), known(row, "cap"), known(row, "counted"))
    return list(found.values())


def names_of_stages(stages: list[StageShares]) -> list[str]:
    """Return the names of stages, each before those that follow it in any material, as far as that goes."""
    chains: dict[str, list[str]] = {}
    for one in stages:
        chains.setdefault(one.material, []).append(one.stage)
    names: list[str] = []
    for chain in sorted(chains.values(), key=len, reverse=True):
        for place, stage in enumerate(chain):
            if stage not in names:
                after = [names.index(later) for later in chain[place + 1 :] if later in names]
                names.insert(min(after, default=len(names)), stage)
    return names


def by_material(stages: list[StageShares]) -> Iterator[tuple[str, dict[str, StageShares]]]:
    """Yield each material with its stages by name."""
    found: dict[str, dict[str, StageShares]] = {}
    for one in stages:
        found.setdefault(one.material, {})[one.stage] = one
    yield from found.items()

"""A response as it is told: what stays unmet of each material, and what is done otherwise than planned."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from models.records.tolerances import RECOUNTED
from optimizer.results.risk_profile import MaterialOutcome, ResponseAction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from models.formulation.response import Name
    from models.market import Market
    from models.market.scenario import Scenario
    from optimizer.results.plan_figures import PlanFigures

    Numbers = NDArray[np.float64]

_DIGITS = 9
"""Digits of a figure that are told."""
_AT_OFFERS: dict[str, Literal["taken", "called", "called of reserved"]] = {
    "taken": "taken",
    "called": "called",
    "drawn": "called of reserved",
}
_AT_SITES: dict[str, Literal["stock", "unmet", "written off", "missing"]] = {
    "stock": "stock",
    "unmet": "unmet",
    "written_off": "written off",
    "missing": "missing",
}
_TOLD = ("unmet", "written_off", "missing")


class PartOutcome(NamedTuple):
    """What some scenarios that are alike do to a part."""

    extra_cost: float
    """Beyond what the plan costs if nothing happens [currency]."""
    materials: tuple[MaterialOutcome, ...]
    actions: tuple[ResponseAction, ...]
    lacking: float = 0.0
    """Units that stay unmet of demand that has no shortage cost, so that there is no cost of all."""


class Response(NamedTuple):
    """What is done in a scenario from its beginning on."""

    values: Numbers
    """Of the columns of its program."""
    beyond: Mapping[Name, float]
    """What its program has no column for."""


class OutcomeReader:
    """Reads responses that have the same columns, beside the plan that they respond for."""

    def __init__(self, names: Sequence[Name], planned: PlanFigures, more: Mapping[Name, float]) -> None:
        """Take the names of the columns, the figures of the plan, and what each response does beyond its values."""
        self._names, self._figures, self._more = names, planned, more
        self._planned = np.array([planned.value(*name) for name in names])
        self.places: dict[str, list[int]] = defaultdict(list)
        """Where the columns of each family stand."""
        for place, (family, _) in enumerate(names):
            self.places[family].append(place)

    def complete(self, values: Numbers) -> Response:
        """Return the response with some values."""
        if not self._more:
            return Response(values, {})
        place = {name: place for place, name in enumerate(self._names)}
        completed = values.copy()
        beyond: dict[Name, float] = {}
        for name, units in self._more.items():
            if name in place:
                completed[place[name]] += units
            else:
                beyond[name] = units
        return Response(completed, beyond)

    def done(self, response: Response) -> dict[Name, float]:
        """Return a response by name."""
        return {**dict(zip(self._names, response.values.tolist(), strict=True)), **response.beyond}

    def list_materials(self, scenario: Scenario, response: Response) -> Iterator[MaterialOutcome]:
        """Yield what is unmet, written off and missing of each material."""
        market = scenario.market
        periods = list(market.years)[scenario.begins :]
        added = {family: self._add_up(family, response) for family in _TOLD}
        for material in market.material:
            need = {period: market.demand_of(material, [period]) for period in periods}
            unmet = _told(added["unmet"], material, need)
            written_off, missing = (sum(_told(added[name], material, need).values()) for name in _TOLD[1:])
            whole = sum(need.values())
            covered = rounded(max(0.0, 1.0 - sum(unmet.values()) / whole)) if whole else 1.0
            yield MaterialOutcome(material, tuple(unmet.items()), covered, rounded(written_off), rounded(missing))

    def list_actions(self, market: Market, response: Response) -> Iterator[ResponseAction]:
        """Yield what is done otherwise than planned, but for what is nothing beside what is moved in all."""
        values, beyond = response.values, response.beyond
        slight = RECOUNTED * max(values.max(initial=0.0), max(beyond.values(), default=0.0))
        other = np.flatnonzero(np.abs(values - self._planned) > slight).tolist()
        units = {self._names[place]: float(values[place]) for place in other}
        units |= {name: more for name, more in beyond.items() if abs(more - self._figures.value(*name)) > slight}
        for (family, key), now in units.items():
            told = rounded(now), rounded(self._figures.value(family, key))
            if family in _AT_OFFERS:
                offer, period = key
                yield ResponseAction(_AT_OFFERS[family], offer, "", market.offer[offer].material, period, *told)
            elif family in _AT_SITES:
                site, material, period = key
                yield ResponseAction(_AT_SITES[family], "", site, material, period, *told)

    def unpriced(self, market: Market, values: Numbers) -> float:
        """Return what is unmet of demand that has no shortage cost [quantity]."""
        free = [place for place in self.places["unmet"] if market.shortage_cost(*self._names[place][1]) is None]
        return float(values[free].sum())

    def _add_up(self, family: str, response: Response) -> dict[tuple[str, str], float]:
        """Return the units of a family by material and period."""
        added: dict[tuple[str, str], float] = defaultdict(float)
        for place in self.places[family]:
            _, (_, material, period) = self._names[place]
            added[material, period] += float(response.values[place])
        for (name, key), units in response.beyond.items():
            if name == family:
                added[key[1], key[2]] += units
        return added


def rounded(figure: float) -> float:
    """Return a figure to the digits that are the same from whatever it was found."""
    return float(f"{figure:.{_DIGITS}g}") or 0.0  # and no minus zero


def _told(added: Mapping[tuple[str, str], float], material: str, need: Mapping[str, float]) -> dict[str, float]:
    """Return units of a material by period in which there are more than a rounding of them."""
    slight = RECOUNTED * max(need.values(), default=0.0)
    return {period: rounded(units) for period in need if (units := added.get((material, period), 0.0)) > slight}

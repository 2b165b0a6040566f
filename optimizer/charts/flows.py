"""Flows of a material from mine to site, by the countries at each stage: what arrives, as parts of all that does.

Purchases become flows of countries by attribution.csv: of what is bought of an offer that is half of each of two
owners, half is of either. What an earlier stage lost in processing is left out, so that every stage adds up to 1.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from models.records.countries import UNDISCLOSED
from optimizer.charts.shown import figure, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.charts.shown import Row, ShownPlan
    from optimizer.charts.stages import Basis

Node = tuple[int, str]
"""A column from the left, and who stands there: a country, or in the last column a site."""
SMALL = 0.002
"""Links below this part of what arrives are not drawn."""


@dataclass
class Flows:
    """The flows of a material on one basis."""

    material: str
    basis: Basis
    stages: Sequence[str]
    """In order; the sites stand behind them, in a column of their own."""
    arrives: float
    """What arrives at the sites over the horizon, in units of the material."""
    links: dict[tuple[Node, Node], float] = field(default_factory=lambda: defaultdict(float))
    """Parts of what arrives, from 0 to 1."""


@dataclass
class _Market:
    """Who sells what of a material, and what of it reaches a site."""

    leaving: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    fed: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """What goes into each offer, bought or under way when the horizon began, in units of what it is fed."""
    reaches: dict[str, float] = field(default_factory=dict)
    """What of each offer reaches a site, as far as it is worked out."""

    def reaching(self, offer: str) -> float:
        """Return what of all that leaves an offer reaches a site."""
        if offer not in self.reaches:
            self.reaches[offer] = 0.0  # what runs in a circle reaches nothing
            self.reaches[offer] = sum(map(self.delivered, self.leaving[offer]))
        return self.reaches[offer]

    def delivered(self, row: Row) -> float:
        """Return what of a flow reaches a site."""
        destination, units = said(row, "destination"), figure(row, "quantity")
        if destination not in self.leaving:
            return units
        return units / self.fed[destination] * self.reaching(destination) if self.fed[destination] else 0.0


def list_flows(plan: ShownPlan, basis: Basis) -> list[Flows]:
    """Return the flows of each material, in the order of the plan."""
    behind: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for row in plan.rows("attribution"):
        if said(row, "basis") == basis:
            behind[said(row, "offer")][said(row, "stage")][said(row, "country")] = figure(row, "share")
    stages: dict[str, dict[str, None]] = defaultdict(dict)
    for row in plan.rows("exposure"):
        stages[said(row, "material")][said(row, "stage")] = None
    return [
        flows
        for material, names in stages.items()
        if (flows := _flows_of(plan, basis, (material, list(names)), behind)) is not None
    ]


_Behind = dict[str, dict[str, float]]
"""Parts of a unit by stage and country."""


def _flows_of(
    plan: ShownPlan, basis: Basis, whose: tuple[str, Sequence[str]], behind: Mapping[str, _Behind]
) -> Flows | None:
    material, stages = whose
    market, stage_of = _Market(), dict[str, str]()
    for row in plan.rows("purchases"):
        if said(row, "material") == material:
            market.leaving[said(row, "offer")].append(row)
            market.fed[said(row, "destination")] += figure(row, "quantity")
            stage_of[said(row, "offer")] = said(row, "stage")
    for row in plan.rows("under_way"):
        if said(row, "material") == material:
            market.fed[said(row, "destination")] += figure(row, "quantity")
    rows = [row for some in market.leaving.values() for row in some]
    arrives = sum(figure(row, "quantity") for row in rows if said(row, "destination") not in stage_of)
    if not arrives or not all(stage in stages for stage in stage_of.values()):
        return None
    flows = Flows(material, basis, stages, arrives)
    for row in rows:
        offer, destination = said(row, "offer"), said(row, "destination")
        own = behind[offer][stage_of[offer]] if offer in behind else {UNDISCLOSED: 1.0}
        next_stage = stage_of.get(destination)
        then = {destination: 1.0} if next_stage is None else behind.get(destination, {}).get(next_stage, {})
        column = len(stages) if next_stage is None else stages.index(next_stage)
        _link(flows, (stages.index(stage_of[offer]), own), (column, then), market.delivered(row) / arrives)
    for offer, stage in stage_of.items():
        _link_earlier(flows, behind.get(offer, {}), stage, market.reaching(offer) / arrives)
    return flows


def _link_earlier(flows: Flows, behind: _Behind, stage: str, part: float) -> None:
    """Link the stages that an offer went through before it was bought."""
    passed = [one for one in flows.stages[: flows.stages.index(stage) + 1] if one in behind]
    for before, after in pairwise(passed):
        _link(flows, (flows.stages.index(before), behind[before]), (flows.stages.index(after), behind[after]), part)


def _link(flows: Flows, begin: tuple[int, dict[str, float]], end: tuple[int, dict[str, float]], part: float) -> None:
    """Add a flow between all that stand at its two ends."""
    for country, share in begin[1].items():
        for other, rest in end[1].items():
            flows.links[(begin[0], country), (end[0], other)] += part * share * rest

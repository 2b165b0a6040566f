"""Landed cost a unit by route: what is bought, processed, carried and charged behind each offer that sells to a site.

Ore, freight and duty of what a refinery is fed count at the yield at which it turns out what it sells: a fee for
processing is not a price a tonne.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optimizer.charts.bars import Part, bar
from optimizer.charts.markup import name, number
from optimizer.charts.shown import figure, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.charts.shown import Row, ShownPlan

_COLUMNS = {"ore": "purchase", "processing": "processing", "freight": "freight", "duty": "duty"}
"""The columns of purchases.csv by the colour that they are drawn in."""
GROUPS = ("ore", "processing", "freight", "duty", "fixed")
MOST_ROUTES = 12
"""Routes of a material that are drawn; the rest is summed up."""


@dataclass(frozen=True)
class Route:
    """An offer that sells to sites."""

    offer: str
    material: str
    country: str
    units: float
    """What it sells to sites, over the horizon."""
    costs: Mapping[str, float]
    """What all of that costs, from the mine to the site, by colour [currency]."""

    @property
    def unit_cost(self) -> float:
        """Return what a unit costs."""
        return sum(self.costs.values()) / self.units


@dataclass
class _Chain:
    """What goes out of each offer and into it."""

    leaving: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    entering: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    fixed: dict[str, float] = field(default_factory=dict)
    feed: dict[str, dict[str, float]] = field(default_factory=dict)
    """What stands behind a unit of each offer before it leaves, by colour, as far as it is worked out."""

    def behind(self, offer: str) -> dict[str, float]:
        """Return what a unit of an offer costs before it leaves: what it is fed, and what is paid once for it."""
        if offer not in self.feed:
            units = sum(figure(row, "quantity") for row in self.leaving[offer])
            costs = dict.fromkeys(GROUPS, 0.0) | {"fixed": self.fixed.get(offer, 0.0)}
            self.feed[offer] = {}  # a flow that runs in a circle has no cost behind it
            for row in self.entering[offer]:
                for colour, cost in self.landed(row).items():
                    costs[colour] += cost
            self.feed[offer] = {colour: cost / units if units else 0.0 for colour, cost in costs.items()}
        return self.feed[offer]

    def landed(self, row: Row) -> dict[str, float]:
        """Return what a flow has cost when it arrives, by colour."""
        units = figure(row, "quantity")
        behind = self.behind(said(row, "offer"))
        own = {colour: figure(row, column) for colour, column in _COLUMNS.items()}
        return {colour: own.get(colour, 0.0) + units * behind.get(colour, 0.0) for colour in GROUPS}


def list_routes(plan: ShownPlan) -> list[Route]:
    """Return the offers that sell to sites, by material in the order of the plan, the cheapest first."""
    sites = {said(row, "site") for row in plan.rows("stock")}
    chain = _Chain()
    for row in plan.rows("purchases"):
        chain.leaving[said(row, "offer")].append(row)
        chain.entering[said(row, "destination")].append(row)
    for row in plan.rows("contracts"):
        chain.fixed[said(row, "offer")] = figure(row, "fixed cost") + figure(row, "opening cost")
    sold = [[row for row in rows if said(row, "destination") in sites] for rows in chain.leaving.values()]
    routes = [_route(chain, rows) for rows in sold]
    materials = list(dict.fromkeys(said(row, "material") for row in plan.rows("exposure")))
    places = {material: place for place, material in enumerate(materials)}
    found = [route for route in routes if route is not None]
    return sorted(found, key=lambda one: (places.get(one.material, len(places)), one.unit_cost, one.offer))


def _route(chain: _Chain, rows: Sequence[Row]) -> Route | None:
    units = sum(figure(row, "quantity") for row in rows)
    if not units:
        return None
    costs = dict.fromkeys(GROUPS, 0.0)
    for row in rows:
        for colour, cost in chain.landed(row).items():
            costs[colour] += cost
    first = rows[0]
    return Route(said(first, "offer"), said(first, "material"), said(first, "country"), units, costs)


def draw_landed(plan: ShownPlan, colours: Mapping[str, str]) -> str:
    """Return a table for each material, on a scale of its own."""
    by_material: dict[str, list[Route]] = {}
    for route in list_routes(plan):
        by_material.setdefault(route.material, []).append(route)
    panels = (_panel(plan, material, routes, colours) for material, routes in by_material.items())
    return f'<div class="panels two">{"".join(panels)}</div>'


def _panel(plan: ShownPlan, material: str, routes: Sequence[Route], colours: Mapping[str, str]) -> str:
    most = max(route.unit_cost for route in routes)
    unit = f"{name(plan.currency)} a {name(plan.units.get(material, plan.mass_unit))}"
    decimals = 0 if most >= 100 else 2  # noqa: PLR2004
    rows = [
        f'<tr><th scope="row"><i class="dot {colours.get(route.country, "pale")}"></i>{name(route.offer)}'
        f"<small>{name(route.country)}</small></th>"
        f"<td>{bar(_parts(route, most), height=12, track=False)}</td><td>{number(route.unit_cost, decimals)}</td>"
        f"<td>{number(route.units)}</td></tr>"
        for route in routes[:MOST_ROUTES]
    ]
    if rest := routes[MOST_ROUTES:]:
        units = sum(route.units for route in rest)
        unit_cost = sum(route.unit_cost * route.units for route in rest) / units
        rows.append(
            f'<tr><th scope="row">{len(rest)} more</th><td></td><td>{number(unit_cost, decimals)}</td>'
            f"<td>{number(units)}</td></tr>"
        )
    return (
        f'<table class="landed"><caption>{name(material)} <span>{unit}, delivered</span></caption><thead><tr>'
        '<th scope="col">last offer</th><th scope="col"><span class="unseen">costs by name</span></th>'
        f'<th scope="col">cost</th><th scope="col">{name(plan.mass_unit)}</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _parts(route: Route, most: float) -> list[Part]:
    return [Part(route.costs[group] / route.units / most if most else 0.0, group) for group in GROUPS]

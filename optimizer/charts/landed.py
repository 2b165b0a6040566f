"""Landed cost a unit by route: what is bought, processed, carried and charged behind each offer that sells to sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.charts.bars import Part, bar
from optimizer.charts.markup import name, number, text
from optimizer.charts.shown import figure, said
from optimizer.tables.landed import GROUPS, PAID_BEFORE, Flow, chain_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.charts.shown import Row, ShownPlan
    from optimizer.tables.landed import Route

MOST_ROUTES = 12
"""Routes of a material that are drawn; the rest is summed up."""


def list_routes(plan: ShownPlan) -> list[Route]:
    """Return the offers that sell to sites, by material in the order of the plan, the cheapest first."""
    fixed = {
        said(row, "offer"): figure(row, "fixed cost") + figure(row, "opening cost") for row in plan.rows("contracts")
    }
    chain = chain_of(map(_flow, plan.rows("purchases")), fixed)
    materials = list(dict.fromkeys(said(row, "material") for row in plan.rows("exposure")))
    places = {material: place for place, material in enumerate(materials)}
    found = chain.routes(said(row, "site") for row in plan.rows("stock"))
    return sorted(found, key=lambda one: (places.get(one.material, len(places)), one.unit_cost, one.offer))


def _flow(row: Row) -> Flow:
    return Flow(
        offer=said(row, "offer"),
        destination=said(row, "destination"),
        material=said(row, "material"),
        country=said(row, "country"),
        quantity=figure(row, "quantity"),
        ore=figure(row, "purchase"),
        processing=figure(row, "processing"),
        freight=figure(row, "freight"),
        duty=figure(row, "duty"),
    )


def draw_landed(plan: ShownPlan, colours: Mapping[str, str]) -> str:
    """Return a table for each material, on a scale of its own."""
    by_material: dict[str, list[Route]] = {}
    for route in list_routes(plan):
        by_material.setdefault(route.material, []).append(route)
    panels = (_panel(plan, material, routes, colours) for material, routes in by_material.items())
    notes = "".join(f"<li>{text(note)}</li>" for note in list_notes(plan))
    told = f'<ul class="notes">{notes}</ul>' if notes else ""
    return f'<div class="panels two">{"".join(panels)}</div>{told}'


def list_notes(plan: ShownPlan) -> list[str]:
    """Return what is to be said of landed costs: that feed under way adds none, where there is any."""
    return [PAID_BEFORE] * any(row["made"] for row in plan.rows("under_way"))


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

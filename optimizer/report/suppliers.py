"""Who supplies a plan, as text: what is bought of whom over the whole horizon, and what a unit has cost on arrival."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from models.records.tolerances import RECOUNTED
from models.records.wording import format_units, format_whole
from optimizer.report.layout import format_basis, format_table, group_rows
from optimizer.tables import units_of
from optimizer.tables.contracts import list_contracts
from optimizer.tables.landed import GROUPS, PAID_BEFORE, Flow, chain_of
from optimizer.tables.purchases import list_purchases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optimizer.results.solution import Solution
    from optimizer.tables.landed import Chain, Route

_SHOWN = 12
_LARGE = 100.0
"""Costs of a unit from which no decimals are told [currency]."""
_SMALL = 0.005
"""Costs of a unit that are left empty [currency]."""
_CALLED = {"processing": "fee"}
_FEED = (
    "Ore, freight and duty of what a refinery is fed count at its yield; a fee for processing is no price of the "
    "material."
)
_ALL = "All: with what else the material costs, such as holding."
"""Said where routes do not come to what a material costs."""


def chain_in(solution: Solution) -> Chain:
    """Return what flows in a plan, with what it costs."""
    account, units = solution.account, units_of(solution.instance)
    fixed = {one.offer: one.fixed_cost + one.opening_cost for one in list_contracts(account, units)}
    flows = (
        Flow(
            offer=row.offer,
            destination=row.destination,
            material=row.material,
            country=row.country,
            quantity=row.quantity,
            ore=row.purchase,
            processing=row.processing,
            freight=row.freight,
            duty=row.duty,
        )
        for row in list_purchases(account, units)
    )
    return chain_of(flows, fixed)


def format_suppliers(solution: Solution, chain: Chain) -> str:
    """Return what is bought of whom, the largest first, over the whole horizon."""
    mass, currency = solution.instance.mass_unit, solution.instance.currency
    rows: list[list[str]] = []
    for (material, stage), group in groupby(_list_suppliers(solution, chain), key=lambda one: one[0]):
        part = [route for _, route in group]
        shown = f"{stage}{_basis(solution, material)}"
        for one in part[:_SHOWN]:
            company = solution.account.market.offer[one.offer].company
            cost = format_unit_costs([one.unit_cost])[0]
            rows.append([material, shown, one.offer, company, one.country, format_units(one.units), cost])
        if rest := part[_SHOWN:]:
            bought = format_units(sum(one.units for one in rest))
            rows.append([material, shown, f"and {len(rest)} more", "", "", bought, ""])
    heading = ["offer", "company", "in", f"bought [{mass}]", f"landed [{currency} a {mass}]"]
    return format_table(heading, group_rows(rows, 2), left=3) if rows else ""


def _basis(solution: Solution, material: str) -> str:
    return format_basis(solution.instance.market.material[material].basis)


def _list_suppliers(solution: Solution, chain: Chain) -> list[tuple[tuple[str, str], Route]]:
    """Return every offer that is bought with its material and stage, by stage, the largest first."""
    account = solution.account
    place = {key: number for number, key in enumerate(account.exposure.passing)}
    stage = {offer.offer: (offer.material, offer.stage) for offer in account.market.offers}
    found = [(stage[route.offer], route) for route in chain.routes()]
    return sorted(found, key=lambda one: (place[one[0]], -one[1].units, one[1].offer))


def format_landed(solution: Solution, chain: Chain) -> str:
    """Return what a unit costs that arrives at the sites, by its last offer and by what it is made of."""
    mass, currency = solution.instance.mass_unit, solution.instance.currency
    routes = sorted(chain.routes(site.site for site in solution.instance.market.sites), key=lambda one: one.unit_cost)
    arrived = solution.account.landed
    groups = [group for group in GROUPS if any(route.costs[group] / route.units >= _SMALL for route in routes)]
    rows: list[list[str]] = []
    for material, (units, cost) in arrived.items():
        here = [route for route in routes if route.material == material]
        goods = f"{material}{_basis(solution, material)}"
        rows += ([goods, *cells] for cells in _list_routes(here, groups))
        rows.append([goods, "all", format_units(units), *[""] * len(groups), format_unit_costs([cost / units])[0]])
    if not rows:
        return ""
    heading = [
        "last offer",
        f"arrives [{mass}]",
        *(_CALLED.get(group, group) for group in groups),
        "landed",
    ]
    table = format_table(heading, group_rows(rows), left=1)
    notes = [_FEED] * any(route.costs["processing"] for route in routes)
    notes += [PAID_BEFORE] * bool(solution.account.market.arriving_feed)
    paid, spent = sum(sum(route.costs.values()) for route in routes), sum(cost for _, cost in arrived.values())
    notes += [_ALL] * (abs(spent - paid) > RECOUNTED * abs(spent))
    title = f"Landed at the sites, by the last offer [{currency} a {mass}]"
    return "\n".join(filter(None, [title, table, " ".join(notes)]))


def _list_routes(routes: Sequence[Route], groups: Sequence[str]) -> Iterator[list[str]]:
    for one in routes[:_SHOWN]:
        *costs, total = format_unit_costs([*(one.costs[group] / one.units for group in groups), one.unit_cost])
        yield [one.offer, format_units(one.units), *costs, total]
    if rest := routes[_SHOWN:]:
        yield [f"and {len(rest)} more", format_units(sum(one.units for one in rest)), *[""] * len(groups), ""]


def format_unit_costs(costs: Sequence[float]) -> list[str]:
    """Spell what a unit costs, whole where that is much and with two decimals where not; nothing where it is none."""
    decimals = 0 if max(costs) >= _LARGE else 2
    return [format_whole(cost, decimals) if cost >= _SMALL else "" for cost in costs]

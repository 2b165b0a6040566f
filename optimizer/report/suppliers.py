"""Who supplies a plan, as text: what is bought of whom over the whole horizon, the largest first."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from models.records.wording import format_amount, format_whole
from optimizer.report.layout import blank_repeats, format_table
from optimizer.tables import units_of
from optimizer.tables.purchases import list_purchases

if TYPE_CHECKING:
    from optimizer.results.solution import Solution

_SHOWN = 12
_FEES = "(* = a fee for processing, with its freight and duty; what is processed is paid for at the stage before)"


class _Supplier(NamedTuple):
    material: str
    stage: str
    offer: str
    company: str
    country: str
    quantity: float
    unit_cost: float
    """Purchase or processing, freight and duty of a unit."""


def format_suppliers(solution: Solution) -> str:
    """Return what is bought of whom, the largest first, over the whole horizon."""
    mass, currency = solution.instance.mass_unit, solution.instance.currency
    rows: list[list[str]] = []
    for (material, stage), group in groupby(_list_suppliers(solution), key=lambda one: (one.material, one.stage)):
        part = list(group)
        for one in part[:_SHOWN]:
            fee = solution.account.market.offer[one.offer].yield_ is not None
            unit_cost = f"{format_whole(one.unit_cost, 2)}{'*' if fee else ' '}"
            rows.append([material, stage, one.offer, one.company, one.country, format_amount(one.quantity), unit_cost])
        if len(part) > _SHOWN:
            rest = sum(one.quantity for one in part[_SHOWN:])
            rows.append([material, stage, f"and {len(part) - _SHOWN} more", "", "", format_amount(rest), ""])
    heading = ["material", "stage", "offer", "company", "country", f"bought [{mass}]", f"{currency} a {mass}"]
    if not any(row[-1].endswith("*") for row in rows):
        rows = [[*row[:-1], row[-1].rstrip()] for row in rows]
    text = format_table(heading, blank_repeats(rows), left=5) if rows else ""
    return f"{text}\n{_FEES}" if any(row[-1].endswith("*") for row in rows) else text


def _list_suppliers(solution: Solution) -> list[_Supplier]:
    """Return every offer that is bought, by stage, the largest first."""
    account = solution.account
    bought: dict[str, float] = defaultdict(float)
    spent: dict[str, float] = defaultdict(float)
    for flow in list_purchases(account, units_of(solution.instance)):
        bought[flow.offer] += flow.quantity
        spent[flow.offer] += flow.purchase + flow.processing + flow.freight + flow.duty
    place = {key: number for number, key in enumerate(account.exposure.passing)}
    found = [
        _Supplier(offer.material, offer.stage, name, offer.company, offer.country, units, spent[name] / units)
        for name, units in bought.items()
        for offer in (account.market.offer[name],)
        if units > 0
    ]
    return sorted(found, key=lambda one: (place[one.material, one.stage], -one.quantity, one.offer))

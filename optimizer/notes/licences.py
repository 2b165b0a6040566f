"""Licences that a plan needs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.records.wording import format_amount

if TYPE_CHECKING:
    from optimizer.results.solution import Solution


def list_licence_notes(solution: Solution) -> list[str]:
    """Return one sentence for every licence that a plan needs, in the order of the materials and their stages."""
    account, unit = solution.account, solution.instance.mass_unit
    licences = account.network.borders.licences
    if not licences:
        return []
    order = {key: place for place, key in enumerate(account.exposure.passing)}
    needed: dict[tuple[int, str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (origin, destination, period), units in sorted(account.plan.flow.items()):
        offer = account.market.offer[origin]
        for name in licences.get((origin, destination), {}).get(period, ()):
            needed[order[offer.material, offer.stage], name, offer.country][origin] += units
    stages = list(order)
    return [
        f"{name}: the plan needs a licence for {format_amount(sum(offers.values()))} {unit} of {stages[place][1]} "
        f"{stages[place][0]} out of {country}, bought of {', '.join(offers)}"
        for (place, name, country), offers in sorted(needed.items())
    ]

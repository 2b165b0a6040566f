"""A map, last and small, with its list beneath: whose the last stage is, all materials by what they cost."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from models.records.countries import UNDISCLOSED, country_name
from optimizer.charts.markup import name, percent, text
from optimizer.charts.stages import BASES, WHOLE, by_material, stages_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optimizer.charts.shown import ShownPlan
    from optimizer.charts.stages import Basis

STEPS = (0.02, 0.05, 0.1, 0.2)
"""Shares at which the next of the five steps of the hue begins."""
_VIEW = "1 -182 712 311"
_MOSTLY = 0.5
"""Part of the last stage, by cost, from which on undisclosed owners make a page begin with places."""
_LISTED = 12
"""Countries that are listed before the others are summed up."""
_SHOWN = 0.0005
"""Shares below this are not shown."""


def draw_world(plan: ShownPlan) -> str:
    """Return the map, whose colours follow the switch of the page, and a list for each basis."""
    shares = {basis: last_stages(plan, basis) for basis in BASES}
    paths = "".join(_country(code, path, shares) for code, path in outlines().items())
    lists = "".join(
        f'<ul class="world by {basis}" aria-label="Countries of the last stage by {basis}">{_list(shares[basis])}</ul>'
        for basis in BASES
    )
    words = "Map of the shares that are listed beside it"
    return (
        f'<div class="worlds"><svg class="map" viewBox="{_VIEW}" role="img" aria-label="{words}">{paths}</svg>'
        f"<div>{lists}</div></div>"
    )


def first_basis(plan: ShownPlan) -> Basis:
    """Return the basis on which a page opens: control, or place where most owners are undisclosed."""
    return "place" if last_stages(plan, "control").get(UNDISCLOSED, 0.0) > _MOSTLY else "control"


def last_stages(plan: ShownPlan, basis: Basis) -> dict[str, float]:
    """Return the share of each country in the last stage of all materials, weighed by what each material costs."""
    weights = {material: plan.cost_of.get(material, 0.0) for material, _ in by_material(stages_of(plan))}
    total = sum(weights.values())
    found: dict[str, float] = {}
    for material, stages in by_material(stages_of(plan)):
        last = list(stages.values())[-1]
        period = WHOLE if (basis, WHOLE) in last.by else last.worst(basis)
        for country, one in last.shares(basis, period).items():
            part = one.share * (weights[material] / total if total else 1 / len(weights))
            found[country] = found.get(country, 0.0) + part
    shown = {country: share for country, share in found.items() if share >= _SHOWN}
    return dict(sorted(shown.items(), key=lambda one: (one[0] == UNDISCLOSED, -one[1], one[0])))


def step(share: float) -> int:
    """Return the step of the hue that a share is drawn in, from 1 to 5."""
    return 1 + sum(share >= least for least in STEPS)


@cache
def outlines() -> dict[str, str]:
    """Return the outlines of countries by code, as paths."""
    rows = (files("optimizer.charts") / "outlines.txt").read_text("utf-8").splitlines()
    return {code: path for code, _, path in (row.partition(" ") for row in rows)}


def _country(code: str, path: str, shares: Mapping[Basis, Mapping[str, float]]) -> str:
    own = {basis: shares[basis][code] for basis in BASES if code in shares[basis]}
    if not own:
        return f'<path d="{path}"/>'
    steps = " ".join(f"{basis}{step(share)}" for basis, share in own.items())
    said = ", ".join(f"{percent(share)} by {basis}" for basis, share in own.items())
    return f'<path class="{steps}" d="{path}"><title>{text(country_name(code))}: {said}</title></path>'


def _list(shares: Mapping[str, float]) -> str:
    named = {country: share for country, share in shares.items() if country != UNDISCLOSED}
    first = list(named.items())[:_LISTED]
    rows = [
        f'<li><i class="dot step{step(share)}"></i>{name(country_name(country))} <b>{percent(share)}</b></li>'
        for country, share in first
    ]
    if rest := sum(named.values()) - sum(share for _, share in first):
        count = len(named) - len(first)
        rows += [f"<li>{count} more <b>{percent(rest)}</b></li>"] if count else []
    if UNDISCLOSED in shares:
        rows.append(f'<li><i class="dot hatched"></i>undisclosed <b>{percent(shares[UNDISCLOSED])}</b></li>')
    return "".join(rows)

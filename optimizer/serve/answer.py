"""An answer as the page draws it: cost, proof and what they leave unsaid, who is bought, and who the plan hangs on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from models.records.countries import country_name
from optimizer.charts.shown import Row, ShownPlan
from optimizer.charts.stages import BASES, WHOLE, stages_of
from optimizer.charts.world import last_stages
from optimizer.report.answer import answer_of, describe_proof
from optimizer.report.law import list_looked_up
from optimizer.report.unsaid import list_unsaid
from optimizer.results.interval import finite_or_none
from optimizer.tables.exposure import CountryShare, list_shares
from optimizer.tables.table import Units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.charts.stages import Basis, Share, StageShares
    from optimizer.results.account import Account
    from optimizer.results.solution import Solution

_COLUMNS = tuple(column.name for column in fields(CountryShare))
_NO_UNITS = Units("", "")
_SLIGHT = 1e-9
"""Part of a demand below which nothing is bought."""


def describe(solution: Solution, shares: Sequence[Row]) -> dict[str, Any]:
    """Return a plan as plain data; money in the currency, quantities in the mass unit, shares from 0 to 1.

    `shares` are the rows of its exposure.
    """
    account = solution.account
    shown = show(solution, shares)
    return {
        "cost": solution.cost,
        "bound": finite_or_none(min(solution.bound, solution.cost)),
        "proven": solution.proven,
        "proof": describe_proof(answer_of(solution)),
        "unsaid": [{"term": field.term, "words": field.words} for field in list_unsaid(shown)],
        "costs": dict(account.costs) | ({"penalty": account.penalty} if account.penalty else {}),
        "bought": _bought(solution),
        "matrix": [_stage(stage) for stage in stages_of(shown)],
        "world": {basis: last_stages(shown, basis) for basis in BASES},
    }


def show(solution: Solution, shares: Sequence[Row]) -> ShownPlan:
    """Return a solution as charts see it, as far as the page needs it."""
    instance, account = solution.instance, solution.account
    costs: list[Row] = [
        {"material": material, "cost": name, "amount": amount}
        for (name, material), amount in account.costs_by_material.items()
    ]
    return ShownPlan(
        title=instance.title,
        currency=instance.currency,
        mass_unit=instance.mass_unit,
        summary=_summary(solution),
        tables={"exposure": shares, "costs": costs},
    )


def _summary(solution: Solution) -> dict[str, Any]:
    """Return of what summary.json says all that a page needs, which is worked out within a millisecond."""
    return {
        "title": solution.instance.title,
        "currency": solution.instance.currency,
        "status": "proven" if solution.proven else "stopped",
        "cost": solution.cost,
        "bound": solution.bound,
        "sizes": solution.sizes,
        "unfinished": [one.as_data() for one in solution.unfinished],
        "without_limits": None,
        "sites": {site.site: site.country for site in solution.instance.market.sites},
        "policies": list_looked_up(solution.instance),
        **solution.caveats.as_data(),
    }


def list_rows(account: Account) -> list[Row]:
    """Return the shares of countries at each stage, as cells by column.

    Without `asdict`, which copies each of them deeply and takes longer than all else.
    """
    rows = list_shares(account, _NO_UNITS)
    return [{column: getattr(row, column) for column in _COLUMNS} for row in rows]


def _bought(solution: Solution) -> dict[str, float]:
    """Return what is bought of each offer over the horizon."""
    totals: dict[str, float] = defaultdict(float)
    for (offer, _), units in solution.account.quantity.items():
        totals[offer] += units
    slight = _SLIGHT * max(totals.values(), default=0.0)
    return {offer: units for offer, units in totals.items() if units > slight}


def _stage(stage: StageShares) -> dict[str, Any]:
    return {"material": stage.material, "stage": stage.stage} | {basis: _cell(stage, basis) for basis in BASES}


def _cell(stage: StageShares, basis: Basis) -> dict[str, Any]:
    """Return the largest named country of the worst period with its cap, and who else is at a cap."""
    period = stage.worst(basis)
    country = stage.largest(basis, period)
    own, over_all = stage.share(basis, period, country), stage.share(basis, WHOLE, country)
    cap = own if own.at_cap or (own.cap is not None and not over_all.at_cap) else over_all
    others = [
        (who, one)
        for (by, _), shares in stage.by.items()
        if by == basis
        for who, one in shares.items()
        if who != country and one.at_cap and one.share > 0
    ]
    who, at_cap = max(others, key=lambda one: (one[1].share, one[0]), default=("", None))
    return {
        "country": country,
        "name": country_name(country) if country else "nobody named",
        "share": own.share,
        "undisclosed": stage.undisclosed(basis, period),
        "effective": stage.effective(basis),
        "cap": cap.cap,
        "at_cap": cap.at_cap,
        "over_all": cap is over_all and period != WHOLE and cap.cap is not None,
        "other": _other(who, at_cap),
    }


def _other(who: str, at_cap: Share | None) -> dict[str, Any] | None:
    return None if at_cap is None else {"country": who, "name": country_name(who), "share": at_cap.share}

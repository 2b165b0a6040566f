"""An answer as the page draws it: cost, proof and what they leave unsaid, who is bought, and who the plan hangs on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from optimizer.charts.cells import cell_of
from optimizer.charts.markup import typeset
from optimizer.charts.outcomes import ALL, MOST_ROWS
from optimizer.charts.shown import Row, ShownPlan
from optimizer.charts.stages import BASES, names_of_stages, stages_of
from optimizer.charts.world import first_basis, last_stages
from optimizer.notes.scenarios import find_unforeseen
from optimizer.report.answer import answer_of, describe_proof, format_money
from optimizer.report.law import list_looked_up
from optimizer.report.risk import NOT_COUNTED, describe_risk, rank
from optimizer.report.unsaid import list_unsaid
from optimizer.results.interval import finite_or_none
from optimizer.tables.exposure import CountryShare, list_shares
from optimizer.tables.table import Units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optimizer.charts.stages import Basis, StageShares
    from optimizer.report.unsaid import Field, Words
    from optimizer.results.account import Account
    from optimizer.results.solution import Solution

_COLUMNS = tuple(column.name for column in fields(CountryShare))
_NO_UNITS = Units("", "")
_SLIGHT = 1e-9
"""Part of a demand below which nothing is bought."""
_LONG = tuple(map(attrgetter, ("account.costs", "account.supplied", "caveats")))
"""What takes longest of all that is told of a solution; it is worked out once."""


def describe(solution: Solution, shares: Sequence[Row], look: Callable[[], None]) -> dict[str, Any]:
    """Return a plan as plain data; money in the currency, quantities in the mass unit, shares from 0 to 1.

    `shares` are the rows of its exposure. `look` is called again and again; what it raises ends the work.
    """
    for work_out in _LONG:
        work_out(solution)
        look()
    account = solution.account
    shown = show(solution, shares)
    return {
        "cost": solution.cost,
        "bound": finite_or_none(min(solution.bound, solution.cost)),
        "proven": solution.proven,
        "proof": describe_proof(answer_of(solution)),
        "counted": _counted(solution),
        "scenarios": _describe_scenarios(solution),
        "outcomes": _list_outcomes(solution),
        "others": 0 if solution.risk is None else max(0, len(rank(solution.risk)) - MOST_ROWS),
        "unsaid": [{"term": field.term, "words": _set(field)} for field in list_unsaid(shown)],
        "costs": dict(account.costs) | ({"penalty": account.penalty} if account.penalty else {}),
        "bought": list_bought(solution),
        "basis": first_basis(shown),
        "stages": names_of_stages(stages_of(shown)),
        "matrix": [_stage(stage) for stage in stages_of(shown)],
        "world": {basis: last_stages(shown, basis) for basis in BASES},
    }


def _set(field: Field) -> list[Words]:
    """Return the words of a field as the report sets them: with a capital, and numbers in the style of tables."""
    first, *rest = field.words
    words = [first._replace(text=f"{first.text[:1].upper()}{first.text[1:]}"), *rest]
    return [one if one.weight == "name" else one._replace(text=typeset(one.text)) for one in words]


def _counted(solution: Solution) -> str:
    """Say in a few words what the cost is; nothing where it is what the plan costs."""
    risk = solution.risk
    if risk is None:
        return ""
    return "expected" if risk.measure == "expected" else f"with its {risk.measure} weighed in"


def _list_outcomes(solution: Solution) -> list[dict[str, Any]]:
    """Return the scenarios that the report draws one by one, as it has them, the worst first."""
    return [
        {
            "scenario": one.scenario,
            "probability": one.probability,
            "begins": one.begins,
            "material": "" if one.worst is None or one.covered >= ALL else one.worst.material,
            "covered": one.covered,
            "extra_cost": one.extra_cost,
        }
        for one in (rank(solution.risk) if solution.risk is not None else [])[:MOST_ROWS]
    ]


def _describe_scenarios(solution: Solution) -> list[str]:
    """Return what may happen, in sentences; none of an instance without scenarios."""
    market, risk = solution.instance.market, solution.risk
    if not (market.scenarios or market.hazards):
        return []
    if risk is None or not rank(risk):
        return ["Planned as if nothing could happen."]
    currency = solution.instance.currency
    calm = f"If nothing happens the plan costs {format_money(risk.calm_cost, currency)}."
    unforeseen = [f"{said[:1].upper()}{said[1:]}." for said in find_unforeseen(market)]
    return [typeset(one) for one in (calm, *describe_risk(risk, currency), *unforeseen, NOT_COUNTED)]


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
        "risk": None if solution.risk is None else solution.risk.as_data(),
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


def list_bought(solution: Solution) -> dict[str, float]:
    """Return what is bought of each offer over the horizon."""
    totals: dict[str, float] = defaultdict(float)
    for (offer, _), units in solution.account.quantity.items():
        totals[offer] += units
    slight = _SLIGHT * max(totals.values(), default=0.0)
    return {offer: units for offer, units in totals.items() if units > slight}


def _stage(stage: StageShares) -> dict[str, Any]:
    return {"material": stage.material, "stage": stage.stage} | {basis: _cell(stage, basis) for basis in BASES}


def _cell(stage: StageShares, basis: Basis) -> dict[str, Any]:
    """Return what a cell of the report's matrix says, in the same words."""
    cell = cell_of(stage, basis)
    note = {"words": cell.note.words, "weight": cell.note.weight, "country": cell.note.country, "name": cell.note.name}
    tick = None if cell.tick is None else {"at": cell.tick.share, "kind": cell.tick.kind}
    return cell._asdict() | {"share": cell.share, "note": note, "tick": tick}

"""What comes of several cases, one row each, beside the instance as it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.records.tolerances import RECOUNTED
from models.records.wording import format_apart, format_count, format_whole
from optimizer.report.answer import format_moneys
from optimizer.report.caveats import format_several, format_unmet, list_columns, list_headings
from optimizer.report.difference_text import SHOWN_SHARE, format_interval, is_vague
from optimizer.report.layout import fit, format_table
from optimizer.results.caveats import Caveats
from optimizer.tables.frames import csv_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.results.solution import Solution
    from optimizer.whatif import Outcome

AS_IT_IS = "as it is"
_MONEY = ["cost", "bound", "change", "change_from", "change_to"]
_LEFT_OUT = list(list_headings("", ""))
_COLUMNS = ["case", "status", *_MONEY, "gap", *_LEFT_OUT, "why"]


def list_cases(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """One row an outcome: case, status, cost, bound, change, change_from, change_to, gap, what is left out, why.

    The first outcome is the instance as it is. Change is what the case costs more; from and to are the ends
    of the interval in which the change of the least cost is known to lie [currency]. Of each plan its gap [share], the
    demand left unmet, what that costs and how many assumed rows it rests on. Why there is no plan.
    """
    before = outcomes[0].solution
    rows = []
    for outcome in outcomes:
        row: dict[str, object] = {"case": outcome.name or AS_IT_IS, "status": outcome.status}
        if outcome.solution is not None:
            row |= {"cost": outcome.solution.cost, "bound": outcome.solution.bound, "gap": outcome.solution.gap}
        if outcome is not outcomes[0] and outcome.solution is not None and before is not None:
            row |= _change(before, outcome.solution)
        left_out = list_columns(None if outcome.solution is None else outcome.solution.caveats)
        rows.append(row | left_out | {"why": None if outcome.why_not is None else str(outcome.why_not)})
    numbers = [*_MONEY, "gap", *(name for name in _LEFT_OUT if name != "unmet_of")]
    frame = pd.DataFrame(rows, columns=_COLUMNS).astype(dict.fromkeys(numbers, "float64"))
    return frame.replace([math.inf, -math.inf], math.nan)


def _change(before: Solution, after: Solution) -> dict[str, float]:
    """Return by how much a plan costs more, and the least cost is more; 0 where that is rounding."""
    change = after.cost - before.cost
    slight = abs(change) <= RECOUNTED * max(abs(after.cost), abs(before.cost))
    return {
        "change": 0.0 if slight else change,
        "change_from": min(after.bound, after.cost) - before.cost,
        "change_to": after.cost - min(before.bound, before.cost),
    }


def cases_as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the outcomes as plain data: quantities in `mass_unit`, money in `currency`; what is not known is None."""
    frame = list_cases(outcomes).drop(columns=_LEFT_OUT).astype(object)
    rows = frame.where(frame.notna(), None).to_dict("records")
    instance = outcomes[0].instance
    return {
        "title": instance.title,
        "currency": instance.currency,
        "mass_unit": instance.mass_unit,
        "cases": [row | _caveats(outcome.solution) for row, outcome in zip(rows, outcomes, strict=True)],
    }


def _caveats(solution: Solution | None) -> dict[str, Any]:
    """Return what a plan leaves out as plain data; None for each where there is no plan."""
    return dict.fromkeys(Caveats().as_data()) if solution is None else solution.caveats.as_data()


def cases_as_csv(outcomes: Sequence[Outcome]) -> str:
    """Return the table of cases as CSV, with units in its heading."""
    return csv_text(add_units(outcomes))


def add_units(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return the table of cases with units in the names of its columns."""
    instance = outcomes[0].instance
    units = {name: f"{name} [{instance.currency}]" for name in _MONEY} | {"gap": "gap [share]"}
    return list_cases(outcomes).rename(columns=units | list_headings(instance.mass_unit, instance.currency))


def cases_as_text(outcomes: Sequence[Outcome]) -> str:
    """Return the answer, the table of cases for people, and what the table cannot say of some of them."""
    first = outcomes[0]
    rows = list_cases(outcomes).to_dict("records")
    heading = ["case", *(f"{what} [{first.instance.currency}]" for what in ("cost", "more")), ""]
    shown = format_table(heading, [_cells(row, first) for row in rows], left=1)
    told = [(row["case"], _note(outcome, row)) for outcome, row in zip(outcomes, rows, strict=True)]
    notes = "\n".join(f"{case}: {note}" for case, note in told if note)
    return fit("\n\n".join(filter(None, [format_answer(outcomes), shown, notes])) + "\n")


def format_answer(outcomes: Sequence[Outcome]) -> str:
    """Return the one sentence that answers: what it costs as it is, and between which costs the cases lie."""
    first, *others = outcomes
    solved = [outcome for outcome in others if outcome.status != "not solved"]
    base, ends = _ends(first, solved)
    many = format_count(len(others), "cases")
    left = f" Stopped: {len(others) - len(solved)} of {many} not solved." if solved != others else ""
    return f"{first.instance.title}: {base} as it is{_range(solved, ends)}{_describe_left_out(outcomes)}.{left}"


def _describe_left_out(outcomes: Sequence[Outcome]) -> str:
    """Say how many plans are not proven, and what they leave out."""
    plans = [(outcome.name, outcome.solution) for outcome in outcomes if outcome.solution is not None]
    stopped = sum(not plan.proven for _, plan in plans)
    parts = [f"{stopped} of {format_count(len(plans), 'plans')} stopped before the proof"] if stopped else []
    named = [(f"in {name}" if name else AS_IT_IS, plan.caveats) for name, plan in plans]
    return "".join(f"; {part}" for part in [*parts, *format_several(named, outcomes[0].instance.mass_unit)])


def _ends(first: Outcome, solved: Sequence[Outcome]) -> tuple[str, list[str]]:
    """Return what it costs as it is, or why not, and what the cheapest and the dearest case cost."""
    costs = sorted((outcome.solution.cost, outcome.name) for outcome in solved if outcome.solution is not None)
    ends = costs[:1] + costs[-1:]
    known = [] if first.solution is None else [first.solution.cost]
    spelt = format_moneys(first.instance.currency, *known, *(cost for cost, _ in ends), alike=RECOUNTED)
    said = spelt[0] if known else first.status
    return said, [f"{cost} ({name})" for cost, (_, name) in zip(spelt[len(known) :], ends, strict=True)]


def _range(solved: Sequence[Outcome], ends: Sequence[str]) -> str:
    """Say how many cases have a plan, and between which costs."""
    match sum(outcome.solution is not None for outcome in solved), len(solved):
        case _, 0:
            return ""
        case 0, 1:
            return f"; {solved[0].status} for {solved[0].name}"
        case 0, many:
            return f"; none of {many} cases has a plan"
        case 1, many:
            return f"; {'' if many == 1 else f'1 of {many} cases has a plan: '}{ends[0]}"
        case count, many:
            return f"; {count} of {many} cases have a plan, from {ends[0]} to {ends[-1]}"


def _cells(row: Mapping[Any, Any], first: Outcome) -> list[str]:
    case, change = row["case"], row["change"]
    if math.isnan(row["cost"]):
        return [case, row["status"], "", ""]
    if first.solution is None or math.isnan(change):
        return [case, format_whole(row["cost"]), "", ""]
    share = change / abs(first.solution.cost) if first.solution.cost else 0.0
    shown = f"{share:+.1%}" if abs(share) >= SHOWN_SHARE else ""
    cost = (
        format_apart(row["cost"], first.solution.cost, spell=format_whole)[0] if change else format_whole(row["cost"])
    )
    return [case, cost, format_whole(change, sign="+") if change else "0", shown]


def _note(outcome: Outcome, row: Mapping[Any, Any]) -> str:
    """Say why there is no plan, that one was stopped, what is unmet, and where a change lies that is not known well."""
    if outcome.why_not is not None:
        return str(outcome.why_not)
    said = ["stopped before the proof"] if outcome.status == "stopped" else []
    if outcome.solution is not None and outcome.solution.caveats.unmet:
        said.append(format_unmet(outcome.solution.caveats.unmet, outcome.instance.mass_unit))
    if not math.isnan(row["change"]):
        least = -math.inf if math.isnan(row["change_from"]) else row["change_from"]
        most = math.inf if math.isnan(row["change_to"]) else row["change_to"]
        if is_vague(row["change"], least, most, row["cost"]):
            said.append(f"the change of the least cost {format_interval(least, most, outcome.instance.currency)}")
    return "; ".join(said)

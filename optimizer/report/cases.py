"""What comes of several cases, one row each, beside the instance as it is."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from optimizer.account import RELATIVE
from optimizer.report.difference_text import is_vague, spelt_interval
from optimizer.report.tables import to_csv
from optimizer.report.terminal import money, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.solution import Solution
    from optimizer.whatif import Outcome

AS_IT_IS = "as it is"
_MONEY = ["cost", "bound", "change", "change_from", "change_to"]
_COLUMNS = ["case", "status", *_MONEY, "why"]


def cases(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """One row an outcome: case, status, cost, bound, change, change_from, change_to, why.

    The first outcome is the instance as it is. Change is what the case costs more; from and to are the ends
    of the interval in which the change of the least cost is known to lie [currency]. Why there is no plan.
    """
    before = outcomes[0].solution
    rows = []
    for outcome in outcomes:
        row: dict[str, object] = {"case": outcome.name or AS_IT_IS, "status": outcome.status}
        if outcome.solution is not None:
            row |= {"cost": outcome.solution.cost, "bound": outcome.solution.bound}
        if outcome is not outcomes[0] and outcome.solution is not None and before is not None:
            row |= _change(before, outcome.solution)
        rows.append(row | {"why": None if outcome.why_not is None else str(outcome.why_not)})
    frame = pd.DataFrame(rows, columns=_COLUMNS).astype(dict.fromkeys(_MONEY, "float64"))
    return frame.replace([math.inf, -math.inf], math.nan)


def _change(before: Solution, after: Solution) -> dict[str, float]:
    """Return by how much a plan costs more, and the least cost is more; 0 where that is rounding."""
    change = after.cost - before.cost
    slight = abs(change) <= RELATIVE * max(abs(after.cost), abs(before.cost))
    return {
        "change": 0.0 if slight else change,
        "change_from": min(after.bound, after.cost) - before.cost,
        "change_to": after.cost - min(before.bound, before.cost),
    }


def cases_as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the outcomes as plain data; what is not known is None, money is in `currency`."""
    frame = cases(outcomes).astype(object)
    rows = frame.where(frame.notna(), None).to_dict("records")
    instance = outcomes[0].instance
    return {"title": instance.title, "currency": instance.currency, "cases": rows}


def cases_as_csv(outcomes: Sequence[Outcome]) -> str:
    """Return the table of cases as CSV, with units in its heading."""
    text = io.StringIO()
    to_csv(with_units(outcomes), text)
    return text.getvalue()


def with_units(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return the table of cases with the currency in the names of its columns."""
    unit = outcomes[0].instance.currency
    return cases(outcomes).rename(columns={name: f"{name} [{unit}]" for name in _MONEY})


def cases_as_text(outcomes: Sequence[Outcome]) -> str:
    """Return the answer and the table of cases for people, and why some have no plan."""
    first = outcomes[0]
    rows = [_cells(row, first) for row in cases(outcomes).to_dict("records")]
    parts = [answer(outcomes), table(["case", first.instance.currency, "more", "", ""], rows, left=1)]
    why = [f"{outcome.name or AS_IT_IS}: {outcome.why_not}" for outcome in outcomes if outcome.why_not is not None]
    return "\n\n".join([*parts, *(["\n".join(why)] if why else [])]) + "\n"


def answer(outcomes: Sequence[Outcome]) -> str:
    """Return the one sentence that answers: what it costs as it is, and between which costs the cases lie."""
    first, *others = outcomes
    currency = first.instance.currency
    known = [(outcome.solution.cost, outcome.name) for outcome in others if outcome.solution is not None]
    ends = [f"{money(cost, currency)} ({name})" for cost, name in (min(known), max(known))] if known else []
    count = "the one case" if len(others) == 1 else f"{len(known)} of {len(others)} cases"
    match len(known):
        case 0:
            said = f"{count} has no plan" if len(others) == 1 else f"none of {len(others)} cases has a plan"
        case 1:
            said = f"{count} has a plan, at {ends[0]}"
        case _:
            said = f"{count} have a plan, from {ends[0]} to {ends[1]}"
    base = first.status if first.solution is None else money(first.solution.cost, currency)
    stopped = " Stopped before every case was solved." if any(one.status == "not solved" for one in others) else ""
    return f"{first.instance.title}: {base} as it is; {said}.{stopped}"


def _cells(row: Mapping[Any, Any], first: Outcome) -> list[str]:
    if math.isnan(row["cost"]):
        return [row["case"], row["status"], "", "", ""]
    change = row["change"]
    least = -math.inf if math.isnan(row["change_from"]) else row["change_from"]
    most = math.inf if math.isnan(row["change_to"]) else row["change_to"]
    notes = ["stopped before the proof"] if row["status"] == "stopped" else []
    if first.solution is None or math.isnan(change):
        return [row["case"], _whole(row["cost"]), "", "", *(notes or [""])]
    if is_vague(change, least, most, row["cost"]):
        notes.append(f"the change of the least cost {spelt_interval(least, most, first.instance.currency)}")
    share = f"{change / abs(first.solution.cost):+.1%}" if change and first.solution.cost else ""
    return [row["case"], _whole(row["cost"]), _whole(change, "+") if change else "0", share, "; ".join(notes)]


def _whole(number: float, sign: str = "") -> str:
    return f"{number:{sign},.0f}".replace(",", " ")

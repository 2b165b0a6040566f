"""What comes of several cases, one row each, beside the instance as it is."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import pandas as pd

from optimizer.report.tables import to_csv
from optimizer.report.terminal import money, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.whatif import Outcome

AS_IT_IS = "as it is"


def cases(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """One row an outcome: case, status, cost, bound, change, change_from, change_to.

    The first outcome is the instance as it is. Change is what the case costs more; from and to are the ends
    of the interval in which the change of the least cost is known to lie [currency].
    """
    before = outcomes[0].solution
    rows = []
    for outcome in outcomes:
        row: dict[str, object] = {"case": outcome.name or AS_IT_IS, "status": outcome.status}
        solution = outcome.solution
        if solution is not None:
            row |= {"cost": solution.cost, "bound": solution.bound if math.isfinite(solution.bound) else None}
        if solution is not None and before is not None and solution is not before:
            row |= {
                "change": solution.cost - before.cost,
                "change_from": solution.bound - before.cost,
                "change_to": solution.cost - before.bound,
            }
        rows.append(row)
    columns = ["case", "status", "cost", "bound", "change", "change_from", "change_to"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:], "float64"))


def cases_as_csv(outcomes: Sequence[Outcome]) -> str:
    """Return the table of cases as CSV, with units in its heading."""
    text = io.StringIO()
    to_csv(with_units(outcomes), text)
    return text.getvalue()


def with_units(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return the table of cases with the currency in the names of its columns."""
    unit = f" [{outcomes[0].instance.currency}]"
    return cases(outcomes).rename(columns=lambda name: name if name in {"case", "status"} else name + unit)


def cases_as_text(outcomes: Sequence[Outcome]) -> str:
    """Return the table of cases for people, and why some have no plan."""
    first = outcomes[0]
    rows = []
    for row in cases(outcomes).to_dict("records"):
        known = not math.isnan(row["cost"])
        rows.append(
            [
                str(row["case"]),
                f"{row['cost']:,.0f}".replace(",", " ") if known else "no plan",
                f"{row['change']:+,.0f}".replace(",", " ") if not math.isnan(row["change"]) else "",
                _share(row["change"], first) if not math.isnan(row["change"]) else "",
                "" if row["status"] != "stopped" else "stopped before the proof",
            ]
        )
    heading = ["case", first.instance.currency, "more", "", ""]
    lines = [f"{first.instance.title}: {_cost(first)} as it is", "", table(heading, rows, left=1)]
    lines += [f"{outcome.name or AS_IT_IS}: {outcome.why_not}" for outcome in outcomes if outcome.why_not is not None]
    return "\n".join(lines) + "\n"


def _cost(outcome: Outcome) -> str:
    if outcome.solution is None:
        return "no plan"
    return money(outcome.solution.cost, outcome.instance.currency)


def _share(change: float, first: Outcome) -> str:
    assert first.solution is not None  # noqa: S101 (there is a change only then)
    return f"{change / abs(first.solution.cost):+.1%}" if first.solution.cost else ""

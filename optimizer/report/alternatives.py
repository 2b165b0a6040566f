"""Alternatives as text for people, as JSON and as a tidy table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from models.records.countries import UNDISCLOSED
from models.records.wording import format_share, format_whole
from optimizer.alternatives.variety import greatest_shares
from optimizer.report.caveats import format_unmet, format_unmet_cell, list_columns, list_headings
from optimizer.report.difference import Difference, compare_sides
from optimizer.report.difference_text import SHOWN_SHARE, format_suppliers
from optimizer.report.layout import blank_repeats, fit, format_table
from optimizer.report.side import build_side
from optimizer.report.terminal import format_short
from optimizer.tables import plan_rows

if TYPE_CHECKING:
    from optimizer.alternatives.search import Alternatives
    from optimizer.alternatives.variety import Basis, GreatestShare, Stage
    from optimizer.results.solution import Solution

BEST = "best"
_DIFFERS = "Differs: the share of supply that is bought of other offers, the mean over every stage of every material."
_SHOWN = 0.005
"""Undisclosed share from which it is told."""


def list_plans(found: Alternatives) -> dict[str, Solution]:
    """Return every plan by its name: ``best``, then ``1``, ``2`` and so on."""
    return {BEST: found.best} | {str(number): other.solution for number, other in enumerate(found.others, start=1)}


def differences(found: Alternatives) -> dict[str, Difference]:
    """Return what is different from the best plan, by the name of the other."""
    best = build_side(found.best)
    return {name: compare_sides(best, build_side(plan)) for name, plan in list_plans(found).items() if name != BEST}


def as_text(found: Alternatives, basis: Basis) -> str:
    """Return the whole: a row a plan, its greatest shares, then who supplies instead."""
    parts = ["\n\n".join([answer(found), _plans(found), _DIFFERS]) + "\n", _greatest(found, basis)]
    for name, changed in differences(found).items():
        parts.append(f"Plan {name}: who supplies instead\n{format_suppliers(changed)}\n")
    return fit("\n".join(parts))


def answer(found: Alternatives) -> str:
    """Return what the best plan costs, and how many others there are."""
    instance, many = found.best.instance, len(found.others)
    others = f"{many or 'No'} other {'plan costs' if many == 1 else 'plans cost'}"
    near = f"{others} at most {100 * found.within:.4g}% more."
    few = f" {found.asked} were asked for; the search found no other that buys 0.1% of supply or more elsewhere."
    ended = " Stopped before the search was done." if found.stopped else few if many < found.asked else ""
    return f"{instance.title}: the best plan costs {format_short(found.best)}. {near}{ended}"


def _plans(found: Alternatives) -> str:
    solutions = [found.best, *(other.solution for other in found.others)]
    costs = [format_whole(solution.cost) for solution in solutions]
    rows = [[BEST, costs[0], "", "", "", ""]]
    for name, (other, cost) in enumerate(zip(found.others, costs[1:], strict=True), start=1):
        share = _more(other.solution, found.best)
        shown = f"{share:+.1%}" if abs(share) >= SHOWN_SHARE else ""
        more = format_whole(other.solution.cost - found.best.cost, sign="+")
        rows.append([str(name), cost, more, shown, format_share(other.from_best), format_share(other.from_nearest)])
    money = f"[{found.best.instance.currency}]"
    heading = ["plan", f"cost {money}", f"more {money}", "", "differs from best", "from nearest"]
    if any(solution.caveats.unmet for solution in solutions):
        heading.append("unmet")
        rows = [[*row, format_unmet_cell(solution.caveats)] for row, solution in zip(rows, solutions, strict=True)]
    return format_table(heading, rows, left=1)


def describe_plan(found: Alternatives, name: str) -> str:
    """Say of a plan by its name how much it buys otherwise than the best, and what is unmet; nothing of the best."""
    said = [] if name == BEST else [f"{found.others[int(name) - 1].from_best:.1%} bought elsewhere"]
    caveats = list_plans(found)[name].caveats
    return "; ".join([*said, *filter(None, [format_unmet(caveats.unmet, found.best.instance.mass_unit)])])


def _more(solution: Solution, best: Solution) -> float:
    """Return how much more a plan costs than the best one, as a part of its cost."""
    return (solution.cost - best.cost) / abs(best.cost) if best.cost else 0.0


def _greatest(found: Alternatives, basis: Basis) -> str:
    """Return the greatest share of a country at each stage, a column a plan."""
    shares = {name: greatest_shares(plan.account, basis) for name, plan in list_plans(found).items()}
    stages = list(dict.fromkeys(stage for by_stage in shares.values() for stage in by_stage))
    rows = [[*stage, *(_format_share(by_stage, stage) for by_stage in shares.values())] for stage in stages]
    title = f"Greatest share of a country, by {basis} (ZZ = undisclosed, which counts against every country)"
    return f"{title}\n{format_table(['material', 'stage', *shares], blank_repeats(rows), left=2)}\n"


def _format_share(by_stage: dict[Stage, GreatestShare], stage: Stage) -> str:
    """Spell who holds most of a stage, how much, and what of it is undisclosed."""
    if stage not in by_stage:
        return ""
    share, country, undisclosed = by_stage[stage]
    unknown = f" ({undisclosed:.0%} ZZ)" if undisclosed >= _SHOWN and country != UNDISCLOSED else ""
    return f"{country} {share:.1%}{unknown}"


def as_json(found: Alternatives, basis: Basis) -> dict[str, Any]:
    """Return the alternatives as plain data; money in `currency`, quantities in `mass_unit`, shares from 0 to 1.

    Each plan has what it leaves out, its tables and greatest shares; each but the best what it buys instead.
    """
    best, instance = found.best, found.best.instance
    plans = list_plans(found)
    changed = differences(found)
    greatest = {
        name: [
            {"material": material, "stage": stage, **share._asdict()}
            for (material, stage), share in greatest_shares(plan.account, basis).items()
        ]
        for name, plan in plans.items()
    }
    return {
        **instance.identity,
        "status": "proven" if best.proven else "stopped",
        "proven": best.proven,
        "bound": best.bound,
        "gap": best.gap,
        "within": found.within,
        "asked": found.asked,
        "stopped": found.stopped,
        "basis": basis,
        "plans": [
            row
            | plans[row["plan"]].caveats.as_data()
            | plan_rows(plans[row["plan"]])
            | {"greatest_shares": greatest[row["plan"]]}
            | ({"suppliers": changed[row["plan"]].suppliers.to_dict("records")} if row["plan"] in changed else {})
            for row in _rows(found)
        ],
    }


def _rows(found: Alternatives) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "plan": BEST,
            "cost": found.best.cost,
            "budget": found.best.cost,
            "more": 0.0,
            "differs_from_best": 0.0,
            "differs_from_nearest": min((other.from_best for other in found.others), default=None),
        }
    ]
    rows += [
        {
            "plan": str(name),
            "cost": other.solution.cost,
            "budget": other.budget,
            "more": _more(other.solution, found.best),
            "differs_from_best": other.from_best,
            "differs_from_nearest": other.from_nearest,
        }
        for name, other in enumerate(found.others, start=1)
    ]
    return rows


def plans_table(found: Alternatives) -> pd.DataFrame:
    """One row a plan: plan, cost, budget [currency], more than best, differs from best, from nearest [share].

    Then what it leaves out (`optimizer.report.caveats.list_columns`).
    """
    best = found.best.instance
    money_unit = f"[{best.currency}]"
    named_columns = {
        "cost": f"cost {money_unit}",
        "budget": f"budget {money_unit}",
        "more": "more than best [share]",
        "differs_from_best": "differs from best [share]",
        "differs_from_nearest": "differs from nearest [share]",
    }
    left_out = [list_columns(solution.caveats) for solution in list_plans(found).values()]
    rows = [row | more for row, more in zip(_rows(found), left_out, strict=True)]
    return pd.DataFrame(rows).rename(columns=named_columns | list_headings(best.mass_unit, best.currency))

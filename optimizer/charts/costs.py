"""What it costs, by material and name of cost, on one scale; the names are drawn in five groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.charts.bars import Part, bar
from optimizer.charts.markup import name, number, percent
from optimizer.charts.shown import figure, said

if TYPE_CHECKING:
    from optimizer.charts.shown import ShownPlan

GROUPS = {
    "ore": ("purchase of ore or metal", ("purchases",)),
    "processing": ("processing", ("processing",)),
    "freight": ("freight", ("freight",)),
    "duty": ("duty", ("duty",)),
    "fixed": ("fixed, opening, switching and holding", ("fixed", "opening", "reservation", "switching", "holding")),
    "lacking": ("shortage and penalty", ("shortage", "penalty")),
}
"""What names of costs each colour stands for, in words."""
GROUP_OF = {cost: colour for colour, (_, costs) in GROUPS.items() for cost in costs}
_MILLION = 1e6
_SMALL = 1e7
"""Below this cost of a whole plan, costs are told in units of the currency."""


def draw_costs(plan: ShownPlan) -> str:
    """Return a row for each material, the dearest first."""
    by_material: dict[str, dict[str, float]] = {}
    for row in plan.rows("costs"):
        amounts = by_material.setdefault(said(row, "material"), {})
        group = GROUP_OF.get(said(row, "cost"), "fixed")
        amounts[group] = amounts.get(group, 0.0) + figure(row, "amount")
    sums = {material: sum(amounts.values()) for material, amounts in by_material.items()}
    total, most = sum(sums.values()), max(sums.values(), default=0.0)
    size, word = (_MILLION, "million ") if total >= _SMALL else (1.0, "")
    rows = [
        f'<tr><th scope="row">{name(material or "none in particular")}</th>'
        f"<td>{bar(_parts(by_material[material], most), track=False)}</td>"
        f"<td>{number(sums[material] / size, 1 if word else 0)}</td>"
        f"<td>{percent(sums[material] / total if total else 0.0)}</td></tr>"
        for material in sorted(sums, key=lambda material: (-sums[material], material))
    ]
    all_of = "all" if plan.summary.get("risk") is None else "all, if nothing happens"
    rows.append(
        f'<tr class="sum"><th scope="row">{all_of}</th><td></td><td>{number(total / size, 1 if word else 0)}</td>'
        f"<td></td></tr>"
    )
    used = {group for amounts in by_material.values() for group, amount in amounts.items() if amount}
    return (
        '<table class="costs"><caption>Cost of each material over the horizon</caption><thead><tr>'
        '<th scope="col">material</th><th scope="col"><span class="unseen">costs by name</span></th>'
        f'<th scope="col">{word}{name(plan.currency)}</th><th scope="col">share</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>{legend(used)}"
    )


def _parts(amounts: dict[str, float], most: float) -> list[Part]:
    return [Part(amounts.get(group, 0.0) / most if most else 0.0, group) for group in GROUPS]


def legend(used: set[str]) -> str:
    """Return what the colours of costs stand for."""
    keys = (f'<li><i class="key {group}"></i>{words}</li>' for group, (words, _) in GROUPS.items() if group in used)
    return f'<ul class="legend" aria-label="Colours of costs">{"".join(keys)}</ul>'

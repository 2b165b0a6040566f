"""If it stopped: what the rest of a plan covers without the largest country of a stage.

A range where something is undisclosed, as that may be the lost country's or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.countries import country_name
from optimizer.charts.bars import Part, bar
from optimizer.charts.markup import DASH, THIN, name, number
from optimizer.charts.stages import stages_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optimizer.charts.shown import ShownPlan
    from optimizer.charts.stages import Basis, StageShares


def draw_stopped(plan: ShownPlan, colours: Mapping[str, str]) -> str:
    """Return a row for each stage of each material: what is left without the largest by place, and by control."""
    rows = [
        f'<tr><th scope="row">{name(stage.material)} <span>{name(stage.stage)}</span></th>'
        f"{_cells(stage, 'place', colours)}{_cells(stage, 'control', colours)}</tr>"
        for stage in stages_of(plan)
    ]
    heads = "".join(
        f'<th scope="col">largest by {basis}</th><th scope="col"><span class="unseen">bar</span></th>'
        '<th scope="col">the rest covers</th>'
        for basis in ("place", "control")
    )
    return (
        '<table class="stopped"><caption>Share of the plan that the rest covers without the largest country, in the '
        f'worst period</caption><thead><tr><th scope="col">stage</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _cells(stage: StageShares, basis: Basis, colours: Mapping[str, str]) -> str:
    period = stage.worst(basis)
    country = stage.largest(basis, period)
    lost, hidden = stage.share(basis, period, country).share, stage.undisclosed(basis, period)
    left = 1.0 - lost - hidden
    if not country:
        return f"<td>{DASH}</td><td></td><td>{DASH}</td>"
    dot = f'<i class="dot {colours.get(country, "pale")}"></i>'
    drawn = bar([Part(max(left, 0.0), "price"), Part(hidden, "hatched")], height=10)
    return f"<td>{dot}{name(country_name(country))}</td><td>{drawn}</td><td><b>{_range(left, 1.0 - lost)}</b></td>"


def _range(least: float, most: float) -> str:
    low, high = number(100 * max(least, 0.0)), number(100 * most)
    return f"{low if low == high else f'{low}{DASH}{high}'}{THIN}%"

"""The drawings of a plan as a piece of HTML for a page that is not ours: styles that reach nothing else, no script."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from optimizer.charts.bars import HATCHING
from optimizer.charts.landed import draw_landed
from optimizer.charts.limits import draw_binding
from optimizer.charts.matrix import draw_matrix
from optimizer.charts.palette import assign, declare_fills, declare_variables
from optimizer.charts.prices import draw_prices

if TYPE_CHECKING:
    from optimizer.charts.shown import ShownPlan

_OWN = (
    ".lodeplan-drawn{background:var(--paper);color:var(--ink);max-width:1100px;padding:8px 14px;"
    'font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}'
    ".lodeplan-drawn .by.control{display:revert}.lodeplan-drawn td,.lodeplan-drawn th{text-align:left;background:none}"
)
"""How the piece itself looks; it shows shares by control."""


@cache
def _style() -> str:
    sheet = (files("optimizer.page") / "sheet.css").read_text("utf-8")
    return f"{declare_variables('.lodeplan-drawn')}.lodeplan-drawn{{{declare_fills()}{sheet}}}{_OWN}"


def draw_snippet(plan: ShownPlan) -> str:
    """Return who a plan hangs on, what its limits cost or which bind, and landed costs, below a style of their own."""
    colours = assign(plan)
    limits = (
        ("What each limit costs", draw_prices(plan))
        if plan.rows("prices")
        else ("Which limits bind", draw_binding(plan))
    )
    parts = [
        (
            "Who it hangs on: the largest country at each stage by control, in its worst period",
            draw_matrix(plan, colours),
        ),
        limits,
        ("Landed cost by the last offer", draw_landed(plan, colours)),
    ]
    drawn = "".join(f"<p><b>{title}</b></p>{drawing}" for title, drawing in parts if drawing)
    return f'<div class="lodeplan-drawn"><style>{_style()}</style>{HATCHING}{drawn}</div>'

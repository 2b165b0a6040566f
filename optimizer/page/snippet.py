"""Drawings as a piece of HTML for a page that is not ours: styles that reach nothing else, no script."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from optimizer.charts.bars import HATCHING
from optimizer.charts.landed import draw_landed
from optimizer.charts.limits import draw_binding
from optimizer.charts.matrix import draw_matrix
from optimizer.charts.palette import assign, declare_fills, declare_variables
from optimizer.charts.prices import draw_prices
from optimizer.charts.world import first_basis
from optimizer.page.outcomes import draw_may_happen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from optimizer.charts.shown import ShownPlan

_GROUND = (
    ".lodeplan-drawn{background:var(--paper);color:var(--ink);max-width:1100px;padding:8px 14px;overflow-wrap:anywhere;"
    'font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}'
    ".lodeplan-drawn.lodeplan-drawn.lodeplan-drawn tr{background:none}"
    ".lodeplan-drawn.lodeplan-drawn td,.lodeplan-drawn.lodeplan-drawn th"
    "{text-align:left;white-space:normal;background:none}"
    ".lodeplan-drawn table{table-layout:auto;margin:0;color:inherit;font-size:inherit}"
)
"""What a page that is not ours may say otherwise of all that stands in it: stripes, alignment, layout of tables."""
_OWN = (
    ".lodeplan-drawn .shown-control .by.control,.lodeplan-drawn .shown-place .by.place{display:revert}"
    ".lodeplan-drawn .answer{font-size:17px;font-weight:600;max-width:78ch}"
    ".lodeplan-drawn .title{font-weight:600;padding:16px 0 4px}.lodeplan-drawn .unsaid{margin-top:10px}"
    ".lodeplan-drawn details{margin-top:8px}"
)
"""How the piece itself looks; a matrix shows shares on the basis on which the report opens."""


class Drawing(NamedTuple):
    """A drawing below a title."""

    title: str
    drawn: str
    """HTML; nothing where there is nothing to draw."""


@cache
def _style() -> str:
    sheet = (files("optimizer.page") / "sheet.css").read_text("utf-8")
    return f"{declare_variables('.lodeplan-drawn')}{_GROUND}.lodeplan-drawn{{{declare_fills()}{sheet}}}{_OWN}"


def style_snippet(inside: str) -> str:
    """Return HTML below a style of its own."""
    return f'<div class="lodeplan-drawn"><style>{_style()}</style>{HATCHING}{inside}</div>'


def join_drawings(drawings: Iterable[Drawing]) -> str:
    """Return drawings below their titles; nothing where none of them shows anything."""
    return "".join(f'<p class="title">{one.title}</p>{one.drawn}' for one in drawings if one.drawn)


def list_drawings(plan: ShownPlan) -> Iterator[Drawing]:
    """Yield who a plan hangs on, what its limits cost or which bind, and landed costs."""
    colours = assign(plan)
    basis = first_basis(plan)
    yield Drawing(
        f"Who it hangs on: the largest country at each stage by {basis}, in its worst period",
        f'<div class="shown-{basis}">{draw_matrix(plan, colours)}</div>',
    )
    yield draw_limits(plan)
    yield Drawing("What may happen", draw_may_happen(plan))
    yield Drawing("Landed cost by the last offer", draw_landed(plan, colours))


def draw_limits(plan: ShownPlan) -> Drawing:
    """Return what the limits of a plan cost, or where nobody asked that, which of them bind."""
    if plan.rows("prices"):
        return Drawing("What each limit costs", draw_prices(plan))
    return Drawing("Which limits bind", draw_binding(plan))

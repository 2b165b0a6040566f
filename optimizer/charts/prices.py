"""What each limit costs: saved without it, and of that, saved with its level one notch looser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.tolerances import RECOUNTED
from optimizer.charts.bars import Part, bar
from optimizer.charts.markup import DASH, level, name, number, text
from optimizer.charts.shown import figure, known, said

if TYPE_CHECKING:
    from optimizer.charts.shown import Row, ShownPlan

_MILLION = 1e6
_SENSE = {"at most": "max", "at least": "min"}
"""Short words for the sense of a limit, as there is little room."""
_NOTHING = 1e-9
"""A saving below this share of the cost of the plan is none."""


def draw_prices(plan: ShownPlan) -> str:
    """Return a row for each limit that costs something, the dearest first, and sentences on the others."""
    rows = plan.rows("prices")
    nothing = _NOTHING * sum(plan.cost_of.values())
    dear = [row for row in rows if _most(row) > nothing]
    free = [row for row in rows if known(row, "saved without least") is not None and row not in dear]
    unknown = [row for row in rows if known(row, "saved without least") is None]
    dear.sort(key=lambda row: (-_most(row), said(row, "limit")))
    top = max(map(_most, dear), default=0.0)
    size, word = (_MILLION, "million ") if top >= _MILLION else (1.0, "")
    body = "".join(_row(row, top, size) for row in dear)
    table = (
        '<table class="prices"><caption>What the plan would save without each limit, and with its level one notch '
        'looser</caption><thead><tr><th scope="col">limit</th><th scope="col"><span class="unseen">savings</span></th>'
        f'<th scope="col">{word}{name(plan.currency)}</th><th scope="col">looser</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
    told = [
        f"{words}: {', '.join(name(said(row, 'limit')) for row in some)}."
        for words, some in (("Cost nothing in this plan", free), ("Not priced", unknown))
        if some
    ]
    if len(dear) > 1:
        told.append("Savings do not add up: each is found by solving again with that one limit changed.")
    return (table if dear else "") + (f"<p>{' '.join(told)}</p>" if told else "")


def _most(row: Row) -> float:
    """Return the most that is known to be saved without a limit, or the least where no more is known."""
    return max(figure(row, "saved without most"), figure(row, "saved without least"))


def _row(row: Row, top: float, size: float) -> str:
    without, looser = _most(row), max(figure(row, "saved looser most"), figure(row, "saved looser least"))
    parts = [Part(looser / top, "notch"), Part(max(without - looser, 0.0) / top, "price")]
    share = said(row, "unit") == "share"
    now, then = _level(figure(row, "level"), share=share), known(row, "looser level")
    unit = "" if share else f" {text(said(row, 'unit'))}"
    soft = "" if said(row, "firm") == "hard" else f", {text(said(row, 'firm'))}"
    notch = "" if then is None else f"{_ends(row, 'looser', size)}<small>at {_level(then, share=share)}</small>"
    whose = f"{name(said(row, 'who'))}, {_SENSE.get(said(row, 'sense'), '')} {now}{unit}{soft}"
    return (
        f'<tr><th scope="row">{name(said(row, "limit"))}<small>{whose}</small></th>'
        f"<td>{bar(parts, height=13, track=False)}</td>"
        f"<td>{_ends(row, 'without', size)}</td><td>{notch}</td></tr>"
    )


def _level(figure_of_it: float, *, share: bool) -> str:
    """Return the level of a limit with the digits that it has, two decimals at the most."""
    decimals = len(f"{figure_of_it:.2f}".rstrip("0").partition(".")[2])
    return level(figure_of_it) if share else number(figure_of_it, decimals)


def _ends(row: Row, what: str, size: float) -> str:
    """Return a saving, or between what it is known to lie."""
    least, most = known(row, f"saved {what} least"), known(row, f"saved {what} most")
    decimals = 2 if size > 1 else 0
    if least is None:
        return DASH
    if most is None:
        return f"{number(least / size, decimals)} or more"
    ends = number(least / size, decimals), number(most / size, decimals)
    return ends[1] if ends[0] == ends[1] or most - least <= RECOUNTED * most else DASH.join(ends)

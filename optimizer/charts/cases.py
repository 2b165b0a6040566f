"""Case by case: how much more or less the plan of each costs than the plan as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.charts.markup import DASH, at, name, number, percent, text, typeset

if TYPE_CHECKING:
    from optimizer.charts.shown_cases import ShownCase, ShownCases

_MILLION = 1e6
_STOPPED = "stopped"


def draw_cases(cases: ShownCases) -> str:
    """Return a row for each case: a bar from the cost as it is, to the right for what costs more."""
    changes = [case.change for case in cases.cases if case.change is not None]
    scale = _Scale(min(0.0, *changes), max(0.0, *changes)) if changes else None
    most = max((case.cost for case in cases.cases if case.cost is not None), default=0.0)
    size, word = (_MILLION, "million ") if most >= _MILLION else (1.0, "")
    base = cases.cases[0].cost
    rows = "".join(_row(case, base, scale, size) for case in cases.cases)
    return (
        '<table class="cases"><caption>What the plan of each case costs, and how much more that is than as it is'
        '</caption><thead><tr><th scope="col">case</th><th scope="col"><span class="unseen">change</span></th>'
        f'<th scope="col">{word}{name(cases.currency)}</th><th scope="col">more</th><th scope="col">unmet</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>"
    )


class _Scale:
    """Where changes stand in a bar, on one scale for all of them."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._width = low, high - low

    def bar(self, change: float) -> str:
        """Return a bar from nothing to a change, with a line at nothing."""
        begin, end = (self._part(one) for one in sorted((0.0, change)))
        zero = at(self._part(0.0))
        return (
            '<svg class="bar" width="100%" height="13" aria-hidden="true">'
            f'<rect class="price" x="{at(begin)}" width="{at(end - begin)}" height="13"/>'
            f'<line class="tick room" x1="{zero}" x2="{zero}" y1="-3" y2="16" stroke-width="1"/></svg>'
        )

    def _part(self, change: float) -> float:
        return (change - self._low) / self._width if self._width else 0.0


def _row(case: ShownCase, base: float | None, scale: _Scale | None, size: float) -> str:
    head = f'<th scope="row">{name(case.name)}{_describe(case)}</th>'
    if case.cost is None:
        return f'<tr>{head}<td></td><td class="alarm">{text(case.status)}</td><td></td><td></td></tr>'
    bar = scale.bar(case.change or 0.0) if scale else ""
    decimals = 2 if size > 1 else 0
    cells = (number(case.cost / size, decimals), _more(case, base, size, decimals), _unmet(case))
    return f"<tr>{head}<td>{bar}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _describe(case: ShownCase) -> str:
    """Return what is to be known of a case beside its figures."""
    if case.cost is None:
        return f"<small>{typeset(text(case.why))}</small>" if case.why else ""
    return "<small>stopped before the proof</small>" if case.status == _STOPPED else ""


def _more(case: ShownCase, base: float | None, size: float, decimals: int) -> str:
    if case.change is None:
        return ""
    share = f"<small>{_sign(case.change)}{percent(case.change / base)}</small>" if base else ""
    return f"{_sign(case.change)}{number(case.change / size, decimals)}{share}"


def _sign(change: float) -> str:
    return "+" if change > 0 else ""


def _unmet(case: ShownCase) -> str:
    if not case.unmet:
        return DASH
    return f'<b class="alarm">{percent(case.unmet)}</b><small>{name(case.unmet_of)}</small>'

"""What may happen: what stays covered in each scenario of a plan, and what it costs more than if nothing happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.wording import format_count
from optimizer.charts.bars import Part, bar, change_bar
from optimizer.charts.markup import DASH, at, level, name, number, percent
from optimizer.charts.shown import figure, known, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.charts.shown import Row, ShownPlan

MOST_ROWS = 10
"""Scenarios that are drawn one by one; the others stand in one row."""
_MILLION = 1e6
_NEARLY = 0.985
"""Shares from here on are told with a decimal, so that not all of it never reads as all."""
ALL = 1.0 - 1e-6
"""From here on all of a demand is covered."""


def draw_outcomes(plan: ShownPlan) -> str:
    """Return a row for each scenario, the worst first, and one for all that are not drawn; nothing without any.

    Where all demand is covered in each of them, that is a sentence and no column of full bars.
    """
    rows = plan.rows("risk")
    happening = sorted(
        (row for row in rows if said(row, "begins") and figure(row, "probability") > 0),
        key=lambda row: (figure(row, "covered"), -figure(row, "extra cost"), said(row, "scenario")),
    )
    if not happening:
        return ""
    shown, rest = happening[:MOST_ROWS], happening[MOST_ROWS:]
    extra = [0.0, *(figure(row, "extra cost") for row in shown), *([_mean(rest)] if rest else [])]
    scale = _Scale(min(extra), max(extra), covers=figure(happening[0], "covered") < ALL)
    calm = "".join(_calm(row, plan.currency, scale) for row in rows if not said(row, "begins"))
    covers = f'<th scope="col">{_BAR}</th><th scope="col">stays covered</th>' if scale.covers else ""
    body = "".join(_row(row, scale) for row in shown) + (_rest(rest, scale) if rest else "")
    return (
        '<table class="outcomes"><caption>What stays covered in each scenario, and what it costs more than if nothing '
        f'happens</caption><thead><tr><th scope="col">scenario</th><th scope="col">chance</th>{covers}<th scope="col">'
        f'{_BAR}</th><th scope="col">more, {scale.word}{name(plan.currency)}</th></tr></thead>'
        f"<tbody>{calm}{body}</tbody></table>"
    )


_BAR = '<span class="unseen">bar</span>'


class _Scale:
    """From which to which amount bars go, in what numbers are told, and whether it is drawn what stays covered."""

    def __init__(self, low: float, high: float, *, covers: bool = False) -> None:
        self.low, self.high, self.covers = low, high, covers
        self.size, self.word = (_MILLION, "million ") if max(abs(low), abs(high)) >= _MILLION else (1.0, "")

    def spell(self, amount: float) -> str:
        """Return an amount in that size."""
        return number(amount / self.size, 1 if self.size > 1 else 0)


def _calm(row: Row, currency: str, scale: _Scale) -> str:
    cost = f"costs {scale.spell(figure(row, 'cost'))} {scale.word}{name(currency)}"
    chance = _chance(figure(row, "probability"))
    return (
        f'<tr><th scope="row">if nothing happens<small>{cost}</small></th><td>{chance}</td>'
        f"{'<td></td><td></td>' if scale.covers else ''}<td></td><td>{DASH}</td></tr>"
    )


def _row(row: Row, scale: _Scale) -> str:
    scenario, begins = said(row, "scenario"), said(row, "begins")
    head = name(scenario) + ("" if begins in scenario else f"<small>from {name(begins)}</small>")
    covered = figure(row, "covered")
    of = said(row, "material") if covered < ALL else ""
    words = f"<b>{_share(covered)}</b><small>of {name(of)}</small>" if of else "all"
    return _cells(head, figure(row, "probability"), (covered, words), figure(row, "extra cost"), scale)


def _rest(rest: Sequence[Row], scale: _Scale) -> str:
    """Return those that are not drawn as one row: their chance in all, the least that is covered, the mean cost."""
    chance, covered = sum(figure(row, "probability") for row in rest), figure(rest[0], "covered")
    words = "all" if covered >= ALL else f"<b>{_share(covered)}</b><small>or more</small>"
    head = f"{format_count(len(rest), 'others')} together<small>on the mean</small>"
    return _cells(head, chance, (covered, words), _mean(rest), scale)


def _mean(rows: Sequence[Row]) -> float:
    """Return what some scenarios cost more, each by its chance."""
    chance = sum(figure(row, "probability") for row in rows)
    weighed = sum(figure(row, "probability") * figure(row, "extra cost") for row in rows)
    return weighed / chance if chance > 0 else sum(figure(row, "extra cost") for row in rows) / len(rows)


def _cells(head: str, chance: float, covered: tuple[float, str], extra: float, scale: _Scale) -> str:
    share, words = covered
    covers = f"<td>{bar([Part(share, 'price')], height=13)}</td><td>{words}</td>" if scale.covers else ""
    return (
        f'<tr><th scope="row">{head}</th><td>{_chance(chance)}</td>{covers}'
        f"<td>{change_bar(extra, scale.low, scale.high)}</td><td>{scale.spell(extra)}</td></tr>"
    )


def _chance(share: float) -> str:
    """Return a probability with one decimal, as the terminal tells it; one too small for that with its own digits."""
    return percent(share) if share >= _SLIGHT or share <= 0 else level(share)


_SLIGHT = 0.0005


def _share(share: float) -> str:
    return percent(share, 0 if share < _NEARLY else 1)


def draw_regrets(plan: ShownPlan) -> str:
    """Return what a plan, and others beside it, cost more in each case than one that had known.

    Nothing where nobody asked what planning for scenarios is worth.
    """
    rows = sorted(plan.rows("regret"), key=lambda row: (-_most(row), said(row, "scenario")))
    if not rows or not any(_most(row) for row in rows):
        return ""
    shown, rest = rows[:MOST_ROWS], rows[MOST_ROWS:]
    scale = _Scale(0.0, max(map(_most, shown)))
    first = plan.rows("regret")[0]
    names = ["if nothing happens" if row is first else name(said(row, "scenario")) for row in shown]
    plans = [column for column in _REGRETS if any(known(row, column) is not None for row in rows)]
    if _CAPS in plans and all(known(row, _CAPS) == known(row, _CALM) for row in rows):
        plans.remove(_CAPS)
    body = "".join(_regret(row, case, scale, plans) for row, case in zip(shown, names, strict=True))
    if rest:
        empty = "<td></td>" * (2 + len(plans))
        body += f'<tr><th scope="row">{format_count(len(rest), "others")}, all less</th>{empty}</tr>'
    heads = "".join(f'<th scope="col">{_REGRETS[one]}, {scale.word}{name(plan.currency)}</th>' for one in plans)
    return (
        '<table class="regrets"><caption>What plans cost more in each case than a plan that had known of it</caption>'
        '<thead><tr><th scope="col">case</th><th scope="col">chance</th><th scope="col"><span class="unseen">bar</span>'
        f"</th>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


_CAPS, _CALM = "caps plan regret", "calm plan regret"
_REGRETS = {"regret": "this plan", _CALM: "calm plan", _CAPS: "caps alone", "mean plan regret": "mean plan"}
"""Columns of regrets and whose they are; shown where there is such a plan, and the caps alone where it is another."""


def _most(row: Row) -> float:
    return max(figure(row, "regret"), figure(row, _CALM))


def _regret(row: Row, case: str, scale: _Scale, plans: Sequence[str]) -> str:
    own, calm = known(row, "regret"), known(row, _CALM)
    beside = _CALM in plans
    drawn_as = [("hollow price", 0, calm), ("price", 8, own)] if beside else [("price", 1, own)]
    marks = "".join(
        f'<rect class="{kind}" y="{top}" width="{at((amount or 0.0) / scale.high)}" height="{7 if beside else 13}"/>'
        for kind, top, amount in drawn_as
    )
    drawn = f'<svg class="bar" width="100%" height="15" aria-hidden="true">{marks}</svg>'
    amounts = "".join(
        f"<td>{DASH if one is None else scale.spell(one)}</td>" for one in (known(row, column) for column in plans)
    )
    return (
        f'<tr><th scope="row">{case}</th><td>{_chance(figure(row, "probability"))}</td><td>{drawn}</td>{amounts}</tr>'
    )

"""Case by case: how much more or less the plan of each costs than the plan as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.charts.amounts import Amount, draw_amounts
from optimizer.charts.markup import percent

if TYPE_CHECKING:
    from optimizer.charts.shown_cases import ShownCase, ShownCases


def draw_cases(cases: ShownCases) -> str:
    """Return a row for each case: a bar from the cost as it is, to the right for what costs more."""
    amounts = [Amount(case.name, case.cost, _describe(case), _alarm(case)) for case in cases.cases]
    caption = "What the plan of each case costs, and how much more that is than as it is"
    return draw_amounts(caption, cases.currency, amounts, first_is_base=cases.cases[0].cost is not None)


def _describe(case: ShownCase) -> str:
    """Return what is to be known of a case beside its cost."""
    if case.cost is None:
        return case.why
    return "stopped before the proof" if case.status == "stopped" else ""


def _alarm(case: ShownCase) -> str:
    """Return what a reader must not miss: that there is no plan, or demand that it leaves unmet."""
    if case.cost is None:
        return case.status
    return f"{percent(case.unmet)} of {case.unmet_of} unmet" if case.unmet else ""

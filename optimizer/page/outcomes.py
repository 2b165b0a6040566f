"""What may happen, on a page: what is drawn of the scenarios of a plan, with the sentences that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.charts.markup import text, typeset
from optimizer.charts.outcomes import draw_outcomes, draw_regrets
from optimizer.report.risk import NOT_COUNTED, describe_risk_in, describe_value_in

if TYPE_CHECKING:
    from optimizer.charts.shown import ShownPlan

_HOW = (
    "Each scenario answered at its best, by what was signed and bought before it began: the part of demand for the "
    "material that is hit most that stays covered from then on, and what is paid beyond the plan, hollow where it is "
    "less."
)
_REGRETS = (
    "What a plan costs more in each case than one that had known of it, at most. Solid bar: this plan. Hollow bar: the "
    "plan that is best if nothing happens."
)


def draw_may_happen(plan: ShownPlan) -> str:
    """Return what a plan costs and covers in its scenarios, in words and drawn; nothing where it has none."""
    drawn = draw_outcomes(plan)
    if not drawn:
        return ""
    told = _words(f"{_HOW} {NOT_COUNTED}")
    return f"{_words(' '.join(describe_risk_in(plan.summary)))}{told}{drawn}{_regrets(plan)}"


def _regrets(plan: ShownPlan) -> str:
    worth = describe_value_in(plan.summary)
    if not worth:
        return ""
    drawn = draw_regrets(plan)
    how = _words(_REGRETS) if drawn else ""
    return f"<h3>What planning for it is worth</h3>{_words(' '.join(worth))}{how}{drawn}"


def _words(said: str) -> str:
    return f"<p>{typeset(text(said))}</p>"

"""What may happen, on a page: what is drawn of the scenarios of a plan, with the sentences that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.charts.markup import text, typeset
from optimizer.charts.outcomes import ALL, draw_outcomes, draw_regrets
from optimizer.charts.shown import figure, known
from optimizer.report.risk import NOT_COUNTED, describe_risk_in, describe_value_in

if TYPE_CHECKING:
    from optimizer.charts.shown import ShownPlan

_ANSWERED = "Each scenario answered at its best, by what was signed and bought before it began:"
_COVERED = "the part of demand for the material that is hit most that stays covered from then on, and"
_PAID = "what is paid beyond the plan, hollow where it is less."
_REGRETS = "What a plan costs more in each case than one that had known of it, at most. Solid bar: this plan."
_HOLLOW = "Hollow bar: the plan that is best if nothing happens."


def draw_may_happen(plan: ShownPlan) -> str:
    """Return what a plan costs and covers in its scenarios, in words and drawn; nothing where it has none."""
    drawn = draw_outcomes(plan)
    if not drawn:
        return ""
    whole = all(figure(row, "covered") >= ALL for row in plan.rows("risk"))
    told = _words(" ".join([_ANSWERED, *([] if whole else [_COVERED]), _PAID, NOT_COUNTED]))
    return f"{_words(' '.join(describe_risk_in(plan.summary)))}{told}{drawn}{_regrets(plan)}"


def _regrets(plan: ShownPlan) -> str:
    worth = describe_value_in(plan.summary)
    if not worth:
        return ""
    drawn = draw_regrets(plan)
    beside = any(known(row, "calm plan regret") is not None for row in plan.rows("regret"))
    how = _words(f"{_REGRETS} {_HOLLOW}" if beside else _REGRETS) if drawn else ""
    return f"<h3>What planning for it is worth</h3>{_words(' '.join(worth))}{how}{drawn}"


def _words(said: str) -> str:
    return f"<p>{typeset(text(said))}</p>"

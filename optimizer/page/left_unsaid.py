"""Five short fields below the answer, always the same five, also when there is nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.countries import UNDISCLOSED
from models.records.wording import format_count, format_percent
from optimizer.charts.markup import name, percent, text, typeset
from optimizer.charts.stages import stages_of
from optimizer.report.answer import answer_in, describe_proof
from optimizer.report.caveats import format_unmet
from optimizer.results.caveats import caveats_in

if TYPE_CHECKING:
    from optimizer.charts.shown import ShownPlan
    from optimizer.results.caveats import Assumed

_FEW = 2
"""Stages and measures that are named before the others are only counted."""
_TOLD = 0.0005
"""Undisclosed shares below this are not told."""
_MUCH = 0.5
"""Shares from here on stand in the colour of an alarm."""


def draw_left_unsaid(plan: ShownPlan) -> str:
    """Return the fields as a list of terms and what there is to say."""
    caveats = caveats_in(plan.summary)
    unmet = format_unmet(caveats.unmet, plan.mass_unit, word="")
    fields = {
        "Unmet demand": _alarm(typeset(text(unmet))) if unmet else "<b>None</b> in any period",
        "Undisclosed": _undisclosed(plan),
        "Assumed": _assumed(caveats.assumed),
        "Lapsed law": _lapsed(plan),
        "Proof": _proof(plan),
    }
    items = "".join(f"<div><dt>{term}</dt><dd>{said}</dd></div>" for term, said in fields.items())
    return f'<dl class="unsaid">{items}</dl>'


def _alarm(said: str) -> str:
    return f'<b class="alarm">{said}</b>'


def _undisclosed(plan: ShownPlan) -> str:
    """Say of which stages most is owned by nobody knows whom, or stands nobody knows where."""
    found = []
    for stage in stages_of(plan):
        worst = max(
            (stage.share(basis, period, UNDISCLOSED).share, basis)
            for basis in ("control", "place")
            for period in stage.periods(basis) or [""]
        )
        found.append((*worst, f"{stage.stage} {stage.material}"))
    told = sorted((one for one in found if one[0] > _TOLD), key=lambda one: (-one[0], one[2]))
    if not told:
        return "<b>None</b> of owners or places"
    parts = [
        f"{_alarm(percent(share, 0)) if share >= _MUCH else f'<b>{percent(share, 0)}</b>'} of {name(where)}"
        for share, _, where in told[:_FEW]
    ]
    more = f" and of {len(told) - _FEW} more" if len(told) > _FEW else ""
    words = {"control": "owners", "place": "places"}
    what = " and ".join(words[basis] for basis in ("control", "place") if any(one[1] == basis for one in told[:_FEW]))
    return f"{what}: {', '.join(parts)}{more}"


def _assumed(assumed: Assumed) -> str:
    if not assumed.rows:
        return f"<b>None</b> of {format_count(assumed.used, 'rows')} used"
    of = "" if assumed.share is None else f", {typeset(format_percent(assumed.share, -1))} of the cost"
    said = f"{assumed.rows} of {assumed.used}"
    much = assumed.rows >= _MUCH * assumed.used
    return f"{_alarm(said) if much else f'<b>{said}</b>'} rows used{of}"


def _lapsed(plan: ShownPlan) -> str:
    policies = plan.summary.get("policies", [])
    if not policies:
        return "<b>None</b>; the instance names no policy"
    lapsed = [
        str(one.get("measure"))
        for one in policies
        if one.get("status") in {"expired", "suspended"} or one.get("lapsed")
    ]
    if not lapsed:
        return f"<b>None</b> of {format_count(len(policies), 'measures')}"
    more = f" and {len(lapsed) - _FEW} more" if len(lapsed) > _FEW else ""
    measures = format_count(len(lapsed), "measures")
    return f"{_alarm(measures)} of {len(policies)}: {', '.join(map(name, lapsed[:_FEW]))}{more}"


def _proof(plan: ShownPlan) -> str:
    answer = answer_in(plan.summary)
    said = typeset(text(describe_proof(answer)))
    return f"<b>{said[0].upper()}{said[1:]}</b>" if answer.proven else _alarm(f"{said[0].upper()}{said[1:]}")

"""Five short fields that stand below the answer, always the same five, also when there is nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.countries import UNDISCLOSED
from models.records.wording import format_count, format_percent, list_some
from optimizer.charts.stages import BASES, stages_of
from optimizer.report.answer import answer_in, describe_proof
from optimizer.report.caveats import format_unmet, list_shut_lines
from optimizer.results.caveats import caveats_in

if TYPE_CHECKING:
    from optimizer.charts.shown import ShownPlan
    from optimizer.results.caveats import Assumed

_FEW = 3
"""Stages that are named before the others are only counted."""
_TOLD = 0.0005
"""Undisclosed shares below this are not told."""


def list_unsaid(plan: ShownPlan) -> dict[str, str]:
    """Return what the answer leaves unsaid, by field."""
    caveats = caveats_in(plan.summary)
    unmet = format_unmet(caveats.unmet, plan.mass_unit, word="") or "none in any period"
    return {
        "Unmet demand": " ".join([f"{unmet}.", *list_shut_lines(caveats)]),
        "Undisclosed": _undisclosed(plan),
        "Assumed": _assumed(caveats.assumed),
        "Lapsed law": _lapsed(plan),
        "Proof": describe_proof(answer_in(plan.summary)),
    }


def _undisclosed(plan: ShownPlan) -> str:
    """Say of which stages most is owned by nobody knows whom, or stands nobody knows where."""
    found = []
    for stage in stages_of(plan):
        most = {
            basis: max((stage.share(basis, period, UNDISCLOSED).share for period in stage.periods(basis)), default=0.0)
            for basis in BASES
        }
        basis = max(BASES, key=most.__getitem__)
        if most[basis] > _TOLD:
            found.append((-most[basis], f"{stage.stage} {stage.material}", basis))
    if not found:
        return "none of owners or places"
    words = {"control": "owners", "place": "places"}
    parts = [f"{format_percent(-share)} of {where} ({words[basis]})" for share, where, basis in sorted(found)]
    more = f" and of {len(parts) - _FEW} more" if len(parts) > _FEW else ""
    return f"{', '.join(parts[:_FEW])}{more}, in the worst period"


def _assumed(assumed: Assumed) -> str:
    if not assumed.rows:
        return f"none of {format_count(assumed.used, 'rows')} used"
    of = "" if assumed.share is None else f", {format_percent(assumed.share, -1)} of the cost"
    return f"{assumed.rows} of {format_count(assumed.used, 'rows')} used{of}"


def _lapsed(plan: ShownPlan) -> str:
    policies = plan.summary.get("policies", [])
    if not policies:
        return "none; the instance names no policy"
    lapsed = [
        str(one.get("measure"))
        for one in policies
        if one.get("status") in {"expired", "suspended"} or one.get("lapsed")
    ]
    if not lapsed:
        return f"none of {format_count(len(policies), 'measures')}"
    return f"{len(lapsed)} of {format_count(len(policies), 'measures')}: {list_some(lapsed)}"

"""Any explanation as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.explain.no_plan import NoPlanExplained
from optimizer.explain.offer import OfferExplained
from optimizer.report.explanation import no_plan_as_text, plan_as_text
from optimizer.report.offer_explanation import offer_as_text

if TYPE_CHECKING:
    from optimizer.explain.answer import Explained


def explanation_as_text(explained: Explained) -> str:
    """Return why there is no plan, why an offer is in or out, or that there is a plan."""
    match explained:
        case NoPlanExplained():
            return no_plan_as_text(explained)
        case OfferExplained():
            return offer_as_text(explained)
        case _:
            return plan_as_text(explained)

"""Any explanation as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.explain.no_plan import NoPlanExplained
from optimizer.explain.offer import OfferExplained
from optimizer.report.explanation import ANNOUNCED, format_no_plan, format_plan
from optimizer.report.layout import fit
from optimizer.report.offer_explanation import format_offer

if TYPE_CHECKING:
    from optimizer.explain.answer import Explained


def format_answer(explained: Explained) -> str:
    """Return the first paragraph of an explanation in one line, without what announces a table."""
    said = " ".join(explanation_as_text(explained).partition("\n\n")[0].split())
    return said.removesuffix(ANNOUNCED).rstrip()


def explanation_as_text(explained: Explained) -> str:
    """Return why there is no plan, why an offer is in or out, or that there is a plan."""
    match explained:
        case NoPlanExplained():
            return fit(format_no_plan(explained))
        case OfferExplained():
            return fit(format_offer(explained))
        case _:
            return fit(format_plan(explained))

"""What a limit asks, in few words: whom it speaks of, and its level with its unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.limits.budget_cap import BudgetCap
from models.limits.sources import SourcesLimit
from models.limits.subject import SubjectLimit
from models.wording import amount

if TYPE_CHECKING:
    from models.limits import Limit

_MANY = {"country": "countries", "company": "companies", "offer": "offers"}


def whom(limit: Limit) -> str:
    """Return whom or what a limit speaks of: ``CN by control``, ``each company``, ``freight``."""
    basis = f" by {limit.basis}" if isinstance(limit, (SubjectLimit, SourcesLimit)) and limit.basis else ""
    match limit:
        case SubjectLimit(each=str() as each):
            return f"each {each}{basis}"
        case SubjectLimit(bloc=str() as bloc):
            return f"each of {bloc}{basis}" if limit.group == "each" else f"{bloc}{basis}"
        case SubjectLimit():
            return f"{limit.country or limit.company or limit.offer}{basis}"
        case SourcesLimit():
            return f"{_MANY[limit.count]}{basis}"
        case BudgetCap():
            return ", ".join(limit.costs or ("all costs",))
        case _:
            return ""


def level_of(limit: Limit, mass_unit: str, currency: str) -> str:
    """Return the level of a limit with its unit: ``35%``, ``96 600 t``, ``4 sources``."""
    if limit.UNIT == "share":
        return f"{100 * limit.level:.4g}%"
    return f"{amount(limit.level)} {unit_of(limit, mass_unit, currency)}"


def unit_of(limit: Limit, mass_unit: str, currency: str) -> str:
    """Return the unit of the level of a limit, as the tables of a plan spell it."""
    return {"share": "share", "quantity": mass_unit, "count": "sources", "money": currency}[limit.UNIT]

"""What a limit of the base plan costs, and from which level on it binds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optimizer.errors import NoPlan
from optimizer.price import price_of_each
from optimizer.results.account import Account
from optimizer.results.interval import finite_or_none

if TYPE_CHECKING:
    from models.limits import Limit
    from optimizer.results.solution import Solution
    from optimizer.session import Session


def price(limit: Limit, base: Solution, session: Session) -> dict[str, Any]:
    """Return between what the plan would save without a limit [currency], and the level that the plan then needs.

    Raises:
        Stopped, SolverFailure, AuditFailure: as `Session.solve`.
    """
    saving = price_of_each((limit,), base, session)[0].without
    if saving is None:
        return {}
    return {"least": saving.least, "most": finite_or_none(saving.most), "begins": _begins(limit, base, session)}


def _begins(limit: Limit, base: Solution, session: Session) -> float | None:
    """Return the level that the cheapest plan without a limit needs; None where there is none, or nothing of it.

    What responses need of a limit that holds in them is not measured.
    """
    if limit.in_responses:
        return None
    others = tuple(other for other in base.instance.limits if other.name != limit.name)
    try:
        account = session.solve(base.instance.model_copy(update={"limits": others})).account
    except NoPlan:
        return None
    books = Account(account.market, (limit, *others), account.plan)
    used = [reading.used for reading in limit.recount(books) if not reading.idle]
    if not used:
        return None
    return max(used) if limit.SENSE == "at most" else min(used)

"""Owners and origins that nobody declared, where a limit counts what is undisclosed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.limits.contract.losing import LosingLimit
from models.limits.contract.scoped import ScopedLimit
from models.records.countries import UNDISCLOSED
from models.records.wording import format_count
from optimizer.notes.remark import Remark
from optimizer.results.undisclosed import Gap, gap_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.market.attribution import Dimension
    from models.market.exposure import Exposure


def find_undisclosed(instance: EnforcedInstance, exposure: Exposure) -> Iterator[Remark]:
    """Yield companies without owners and offers without origins that count against caps for want of them."""
    gaps: dict[Gap, None] = {}
    for material, stage, basis in _find_counted(instance):
        for name, share in exposure.shares_at(material, stage, basis).get(UNDISCLOSED, {}).items():
            gaps[gap_of(exposure.market.offer[name], stage, share, exposure)] = None
    without = {(origin.offer, origin.stage) for origin in exposure.market.origins if origin.share is None}
    for gap in gaps:
        of_one, of_many = _words(gap, without_shares=(gap.name, gap.stage) in without)
        counts = f"counts as undisclosed (ZZ) under every cap {'at that stage' if gap.stage else 'by control'}"
        yield Remark(gap.what, gap.name, f"{of_one} {counts}", f"{of_many} {counts}")


def find_kept(instance: EnforcedInstance, exposure: Exposure) -> Iterator[Remark]:
    """Yield floors on what survives a country, where nobody declared who some offers hang on: no loss takes these."""
    for limit in instance.limits:
        if not isinstance(limit, LosingLimit) or limit.basis is None:
            continue
        hidden: dict[str, None] = {}
        for material in filter(limit.concerns, exposure.market.material):
            for stage in limit.stages or exposure.market.material[material].stages:
                if (material, stage) in exposure.passing:
                    named = {
                        offer for some in exposure.named_at(material, stage, limit.basis).values() for offer in some
                    }
                    unknown = exposure.shares_at(material, stage, limit.basis).get(UNDISCLOSED, {})
                    hidden |= dict.fromkeys(offer for offer in unknown if offer not in named)
        if hidden:
            said = (
                f"nothing of what nobody declared by {limit.basis}, of {format_count(len(hidden), 'offers')}: less may"
            )
            one, many = f"loses {said} stay covered than it says", f"lose {said} stay covered than they say"
            yield Remark("limit", limit.name, one, many)


def _words(gap: Gap, *, without_shares: bool) -> tuple[str, str]:
    """Say what is missing, of one and of many."""
    if gap.stage and without_shares:
        rest = f"origins at stage {gap.stage} without shares: what has none"
        return f"names {rest}", f"name {rest}"
    if gap.stage:
        rest = f"origins at stage {gap.stage}: the rest"
        return f"does not declare all its {rest}", f"do not declare all their {rest}"
    if gap.wholly:
        return "has no owners: what it sells", "have no owners: what they sell"
    return "has owners of a part only: the rest", "have owners of a part only: the rest"


def _find_counted(instance: EnforcedInstance) -> dict[tuple[str, str, Dimension], None]:
    """Return each material, stage and basis at which a limit counts what is undisclosed, in the order of the limits."""
    found: dict[tuple[str, str, Dimension], None] = {}
    for limit in instance.limits:
        if not isinstance(limit, ScopedLimit) or getattr(limit, "undisclosed", None) != "counts":
            continue
        basis = getattr(limit, "basis", None)
        bases: tuple[Dimension, ...] = ("place", "control") if basis == "either" else (basis,) if basis else ()
        for material, stage in limit.stages_of(instance.market):
            found |= dict.fromkeys((material, stage, basis) for basis in bases)
    return found
